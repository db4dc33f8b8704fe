//! English: proving that a phone number or an e-mail address is one's own.

use super::*;

pub const CONTACTS: ContactTexts = ContactTexts {
    verified: "Confirmed: you can sign in with it",
    phone_unverified: "Not confirmed, so it does not sign you in: ask an admin to confirm it",
    email_unverified: "Not confirmed, so it does not sign you in or set a new password",
    current_hint: "Needed to change the phone number or the e-mail",
    send: "Send the link to confirm",
    sent: "The mail will be there soon: open its link. If nothing comes, look among the spam.",
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
