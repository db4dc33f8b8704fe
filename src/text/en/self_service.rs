//! English: the ways in beside the sign-in.

use super::*;

pub const SELF_SERVICE: SelfServiceTexts = SelfServiceTexts {
    to_sign_in: "I have an account: sign in",
    to_register: "Create an account",
    register: "Create an account",
    username_hint: "To sign in with; no blanks, and nothing like a phone number or e-mail",
    contact_hint: "Give a phone number or an e-mail, so that technicians can reach you",
    repeat: "Password again",
    back_to_sign_in: "Back to the sign-in",
    wrong: "The account or the password is wrong. Check capitals and try again; the link below helps if you forgot the password.",
    forgot: "Forgot your password?",
    forgot_intro: "Type your user name or e-mail: a link to set a new password goes to the e-mail of the account.",
    forgot_login: "User name or e-mail",
    forgot_submit: "Send the link",
    forgot_sent: "If there is such an account and it has an e-mail address, the link will be there soon; it is good for an hour. If nothing comes, look among the spam, or ask an admin.",
    mail_subject: |site| format!("[{site}] Set a new password"),
    mail_asked: |username| {
        format!("Somebody forgot the password of the account {username}. This link sets a new one:")
    },
    mail_link: "Set a new password",
    mail_limits: |minutes| {
        format!(
            "It is good for {minutes} minutes, once. Whatever is signed in elsewhere is signed out by that."
        )
    },
    mail_ignore: "If it was not you, do nothing: the password stays as it is.",
};
