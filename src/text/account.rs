//! Sections of texts about one's own account: sign-in, registration, profile, contacts.

use super::*;

/// Sentences of the profile.
pub struct ProfileTexts {
    /// Refusal of an address by its mail server, quoted.
    pub refused: fn(email: &str, because: &str) -> String,
    pub try_again: &'static str,
    pub title: &'static str,
    pub phone: &'static str,
    pub email: &'static str,
    pub no_campus: &'static str,
    pub language: &'static str,
    pub shown_contact: &'static str,
    pub shown_contact_hint: &'static str,
    pub shown: fn(ShownContact) -> &'static str,
    pub save: &'static str,
    pub saved: &'static str,
    pub notification_preferences: &'static str,
    pub mail_wanted: &'static str,
    pub topic: fn(Topic) -> &'static str,
    pub channel: fn(Channel) -> &'static str,
    pub wishes_hint: &'static str,
    pub save_wishes: &'static str,
    pub duty: &'static str,
    pub on_duty: &'static str,
    pub on_duty_hint: &'static str,
    pub campuses_hint: &'static str,
    /// The most that the site allows; 0 stands for no limit.
    pub max_jobs_hint: fn(limit: u64) -> String,
    pub save_duty: &'static str,
}

pub struct SignIn {
    pub title: &'static str,
    pub login: &'static str,
    pub login_hint: &'static str,
    pub password: &'static str,
    pub submit: &'static str,
    pub wrong: &'static str,
    /// Notice of a form that waits for the sign-in.
    pub waits: &'static str,
    /// Hint on a link that opens a new tab.
    pub new_tab: &'static str,
}

/// The ways in beside the sign-in.
pub struct SelfServiceTexts {
    pub to_sign_in: &'static str,
    pub to_register: &'static str,
    pub register: &'static str,
    pub username_hint: &'static str,
    pub contact_hint: &'static str,
    pub repeat: &'static str,
    pub back_to_sign_in: &'static str,
    /// Refused sign-in, where a link by mail helps.
    pub wrong: &'static str,
    pub forgot: &'static str,
    pub forgot_intro: &'static str,
    pub forgot_login: &'static str,
    pub forgot_submit: &'static str,
    /// Answer to every forgotten password, known or not.
    pub forgot_sent: &'static str,
    pub mail_subject: fn(site: &str) -> String,
    pub mail_asked: fn(username: &str) -> String,
    pub mail_link: &'static str,
    pub mail_limits: fn(minutes: i64) -> String,
    pub mail_ignore: &'static str,
}

/// Proving that a phone number or an e-mail address is one's own, and the mails about it.
pub struct ContactTexts {
    pub verified: &'static str,
    pub phone_unverified: &'static str,
    pub email_unverified: &'static str,
    pub current_hint: &'static str,
    pub send: &'static str,
    pub sent: &'static str,
    /// Refusal without any change: too many mails went to the address.
    pub too_many_mails: fn(minutes: u64) -> String,
    /// Title of the page of the mailed link.
    pub title: &'static str,
    pub intro: &'static str,
    pub confirm: &'static str,
    pub confirmed: &'static str,
    pub link_over: &'static str,
    pub to_account: &'static str,
    pub mail_subject: fn(site: &str) -> String,
    pub mail_asked: fn(username: &str) -> String,
    pub mail_link: &'static str,
    pub mail_limits: fn(hours: i64) -> String,
    pub mail_ignore: &'static str,
    /// Hint beside a person's unconfirmed contact.
    pub unconfirmed: fn(contact: &str) -> String,
    pub give_hint: &'static str,
    pub give: &'static str,
    /// Asks to confirm the contact; empty means removal.
    pub ask: fn(input: &str, contact: &str, name: &str) -> String,
    pub ask_hint: &'static str,
    pub sure: fn(input: &str, contact: &str) -> String,
    pub cancel: &'static str,
    pub given: &'static str,
    /// Refusal: another person's contact.
    pub held: &'static str,
    /// Mail to the former address.
    pub changed_subject: fn(site: &str) -> String,
    pub changed: fn(mail: AccountMail, username: &str) -> String,
    pub changed_not_you: &'static str,
}

pub struct AccountTexts {
    pub title: &'static str,
    pub who: &'static str,
    pub nickname: &'static str,
    pub id: &'static str,
    pub role: &'static str,
    pub change: &'static str,
    pub current: &'static str,
    pub new: &'static str,
    pub new_hint: fn(minimum: usize) -> String,
    pub repeat: &'static str,
    pub consequence: &'static str,
    pub submit: &'static str,
    pub changed: &'static str,
    pub wrong_current: &'static str,
    pub differ: &'static str,
    pub bad: fn(BadPassword) -> String,
}
