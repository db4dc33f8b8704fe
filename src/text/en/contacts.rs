//! English: proving that a phone number or an e-mail address is one's own.

use super::*;

pub const CONTACTS: ContactTexts = ContactTexts {
    verified: "Confirmed: you can sign in with it",
    phone_unverified: "Not confirmed, so it does not sign you in: ask an admin to confirm it",
    email_unverified: "Not confirmed, so it does not sign you in or set a new password",
    current_hint: "Needed to change the phone number or the e-mail",
    send: "Send the link to confirm",
    sent: "The mail will be there soon: open its link. If nothing comes, look among the spam.",
    too_many_mails: |minutes| {
        let unit = if minutes == 1 { "minute" } else { "minutes" };
        format!(
            "Too many links to confirm were sent to this e-mail. Try again in {minutes} {unit}; nothing has changed."
        )
    },
    title: "Confirm your e-mail",
    intro: "Confirm that this e-mail is yours. Then you can sign in with it, and set a new password by it.",
    confirm: "Confirm the e-mail",
    confirmed: "Your e-mail is confirmed.",
    link_over: "This link is used up or out of date, or the e-mail has changed since. Your account page sends another.",
    to_account: "To your account",
    mail_subject: |site| format!("[{site}] Confirm your e-mail"),
    mail_asked: |username| {
        format!("The account {username} gives this e-mail. This link confirms that it is yours:")
    },
    mail_link: "Confirm the e-mail",
    mail_limits: |hours| format!("It is good for {hours} hours, once."),
    mail_ignore: "If it was not you, do nothing.",
    unconfirmed: |contact| format!("{contact} (not confirmed)"),
    give_hint: "Only a confirmed one signs in. Leave it empty to take it away. You are asked once more.",
    give: "Set and confirm…",
    ask: |input, contact, name| match contact {
        "" => format!("{input} of {name}: take it away?"),
        _ => format!("{input} of {name}: is it {contact}?"),
    },
    ask_hint: "Make sure that it is theirs: it signs in to this account from then on, and an e-mail sets new passwords. The e-mail of before is told.",
    sure: |input, contact| match contact {
        "" => format!("Take away: {input}"),
        _ => format!("Confirm {contact}"),
    },
    cancel: "Cancel",
    given: "Saved.",
    held: "is confirmed for somebody else already: take it away from that account first",
    changed_subject: |site| format!("[{site}] Your account has changed"),
    changed: |mail, username| match mail {
        AccountMail::PhoneChanged => format!("The phone number of the account {username} has changed."),
        AccountMail::PasswordChanged => format!("The password of the account {username} has changed."),
        AccountMail::EmailChanged | AccountMail::Verify => {
            format!("The e-mail of the account {username} has changed. Mails no longer come here.")
        }
    },
    changed_not_you: "If it was not you, tell an admin at once.",
};
