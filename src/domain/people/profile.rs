//! Profiles and preferences that people set themselves.

use serde::{Deserialize, Serialize};

use super::availability::Duty;
use super::contact::{ShownContact, Verified};
use crate::domain::input::{Input, Reason};
use crate::domain::locale::Locale;
use crate::domain::notifications::preferences::NotificationPreferences;
use crate::domain::tickets::report::{Field, Offered};
use crate::domain::validation::{Lines, canonical, has_invisible, is_printable};

const NICKNAME_LIMIT: usize = 64;
const EMAIL_LIMIT: usize = 254;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnProfile {
    pub nickname: String,
    pub phone: String,
    pub email: String,
    pub campus: String,
    /// The language of mails.
    pub locale: Locale,
    pub shown_contact: ShownContact,
}

/// Choices of a person, beside their names and addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// The language of mails, once they have chosen one.
    pub locale: Option<Locale>,
    pub shown_contact: ShownContact,
    pub notification_preferences: NotificationPreferences,
    /// Availability of a technician.
    pub duty: Duty,
}

/// All settings that a person may change of their own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    pub profile: OwnProfile,
    /// Reply of the mail server that refuses mails to the address; `None` without a refusal or
    /// without an address.
    pub email_refused: Option<String>,
    pub verified: Verified,
    pub notification_preferences: NotificationPreferences,
    /// `None` for others than technicians.
    pub duty: Option<Duty>,
    /// The most jobs at once that the site allows; 0 stands for no limit.
    pub limit_of_site: u64,
}

impl OwnProfile {
    /// Trims and validates the profile; returns the first invalid field. Values unchanged from
    /// `present` may be older than today's rules.
    pub fn check(self, present: &Self, offered: &Offered) -> Result<Self, (Input, Reason)> {
        let nickname = check_nickname(&self.nickname)?;
        let profile = self.check_contacts(present, offered)?;
        let campus = new_or_present(Field::Campus, &profile.campus, &present.campus, offered)
            .map_err(|reason| (Input::Campus, reason))?;
        Ok(Self { nickname, campus, ..profile })
    }

    /// Checks phone number and e-mail address only.
    pub fn check_contacts(self, present: &Self, offered: &Offered) -> Result<Self, (Input, Reason)> {
        let email = match canonical(&self.email) {
            email if email == canonical(&present.email) => present.email.clone(),
            email if email.is_empty() || is_email(&email) => email,
            _ => return Err((Input::Email, Reason::NotAnEmail)),
        };
        let phone = new_or_present(Field::Phone, &self.phone, &present.phone, offered)
            .map_err(|reason| (Input::Phone, reason))?;
        // A missing contact cannot be shown.
        match self.shown_contact {
            ShownContact::Phone if phone.is_empty() => return Err((Input::Phone, Reason::Missing)),
            ShownContact::Email if email.is_empty() => return Err((Input::Email, Reason::Missing)),
            _ => {}
        }
        Ok(Self { phone, email, ..self })
    }
}

/// Canonical form of a typed value that may be empty; a value equal to the present one stays as it
/// is.
fn new_or_present(field: Field, typed: &str, present: &str, offered: &Offered) -> Result<String, Reason> {
    let value = field.canonical(typed);
    if value == field.canonical(present) {
        return Ok(present.to_owned());
    }
    let bad = if value.is_empty() { Ok(()) } else { field.validate(&value, offered) };
    bad.map(|()| value)
}

/// Returns the canonical form of a nickname.
pub fn check_nickname(typed: &str) -> Result<String, (Input, Reason)> {
    let nickname = canonical(typed);
    let bad = match nickname.chars().count() {
        0 => Reason::Missing,
        length if length > NICKNAME_LIMIT => Reason::TooLong { limit: NICKNAME_LIMIT },
        _ if !is_printable(&nickname, Lines::One) => Reason::Unprintable,
        _ => return Ok(nickname),
    };
    Err((Input::Nickname, bad))
}

/// Returns `true` if a text can be an address. The server judges it again with its mailer's rules,
/// which are more code than a browser should carry.
fn is_email(text: &str) -> bool {
    let plain = text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>(),;:\"[]\\".contains(c));
    let parts = text.rsplit_once('@');
    plain
        && !has_invisible(text)
        && text.len() <= EMAIL_LIMIT
        && parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered() -> Offered {
        Offered {
            campuses: vec!["江安".to_owned()],
            device_types: Vec::new(),
            fault_types: Vec::new(),
            today: "2024-06-10 12:00:00".parse().expect("a time"),
        }
    }

    fn named(nickname: &str) -> OwnProfile {
        OwnProfile { nickname: nickname.to_owned(), ..OwnProfile::default() }
    }

    #[test]
    fn only_a_name_is_needed() {
        assert_eq!(
            named("\u{3000}周同学\u{a0}").check(&OwnProfile::default(), &offered()),
            Ok(named("周同学"))
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let of = |change: fn(&mut OwnProfile)| {
            let mut profile = named("周同学");
            change(&mut profile);
            profile.check(&OwnProfile::default(), &offered()).map(|_| ())
        };
        assert_eq!(of(|p| p.nickname = " ".to_owned()), Err((Input::Nickname, Reason::Missing)));
        assert_eq!(of(|p| p.nickname = "\u{2800}\u{ad}".to_owned()), Err((Input::Nickname, Reason::Missing)));
        assert_eq!(
            of(|p| p.nickname = "\u{202e}nimda".to_owned()),
            Err((Input::Nickname, Reason::Unprintable))
        );
        assert_eq!(of(|p| p.phone = "x".to_owned()), Err((Input::Phone, Reason::NotAPhone)));
        assert_eq!(of(|p| p.campus = "火星".to_owned()), Err((Input::Campus, Reason::NotOffered)));
        assert_eq!(of(|p| p.shown_contact = ShownContact::Phone), Err((Input::Phone, Reason::Missing)));
        assert_eq!(of(|p| p.shown_contact = ShownContact::Email), Err((Input::Email, Reason::Missing)));
        for bad in [
            "x",
            "@example.edu",
            "a@b",
            "a b@example.edu",
            "<a@example.edu>",
            "a@example.edu\r\nBcc: b@c.d",
            "a\u{202e}@example.edu",
            "a\0@example.edu",
        ] {
            let profile = OwnProfile { email: bad.to_owned(), ..named("周同学") };
            assert_eq!(
                profile.check(&OwnProfile::default(), &offered()),
                Err((Input::Email, Reason::NotAnEmail)),
                "{bad}"
            );
        }
        assert_eq!(of(|p| p.email = "zhou+desk@example.edu".to_owned()), Ok(()));
    }

    #[test]
    fn what_stays_is_not_judged_by_rules_that_came_later() {
        let old = OwnProfile {
            phone: "内线".to_owned(),
            email: "zhou".to_owned(),
            campus: "老校区".to_owned(),
            ..named("周")
        };
        let renamed = OwnProfile { nickname: "周同学".to_owned(), ..old.clone() };
        assert_eq!(renamed.clone().check(&old, &offered()), Ok(renamed.clone()));
        let moved = OwnProfile { campus: "火星".to_owned(), ..renamed };
        assert_eq!(moved.check(&old, &offered()), Err((Input::Campus, Reason::NotOffered)));
    }
}
