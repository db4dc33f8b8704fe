//! Self-registration, and the forgotten password.

use super::person::check_username;
use super::profile::OwnProfile;
use crate::domain::input::{Input, Reason};
use crate::domain::tickets::report::Offered;
use crate::domain::validation::{Lines, canonical, fold, is_phone, is_printable, poses_as_staff};

/// Fields of the self-registration form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub username: String,
    pub profile: OwnProfile,
}

impl Registration {
    /// Trims and validates the form; returns the first invalid field. Needs a phone number or an
    /// e-mail address: the desk must be able to reach the new person.
    pub fn check(self, offered: &Offered) -> Result<Self, (Input, Reason)> {
        let username = check_username(&self.username).map_err(|_| (Input::Username, Reason::NotAName))?;
        if is_like_a_contact(&username) {
            return Err((Input::Username, Reason::LikeAContact));
        }
        if poses_as_staff(&username) {
            return Err((Input::Username, Reason::LikeStaff));
        }
        let profile = self.profile.check(&OwnProfile::default(), offered)?;
        if profile.phone.is_empty() && profile.email.is_empty() {
            return Err((Input::Phone, Reason::Missing));
        }
        Ok(Self { username, profile })
    }
}

/// Detects names like a contact: people sign in by phone and e-mail, too, and no name may keep
/// another person from that.
fn is_like_a_contact(username: &str) -> bool {
    let key = fold(username);
    key.contains('@') || is_phone(&key)
}

/// Characters of the longest e-mail address, and more than any user name has.
const LOGIN_LIMIT: usize = 254;

/// Validates the user name or e-mail address of a person who forgot their password.
pub fn check_login(typed: &str) -> Result<String, (Input, Reason)> {
    let login = canonical(typed);
    let bad = match login.chars().count() {
        0 => Reason::Missing,
        length if length > LOGIN_LIMIT => Reason::TooLong { limit: LOGIN_LIMIT },
        _ if !is_printable(&login, Lines::One) => Reason::Unprintable,
        _ => return Ok(login),
    };
    Err((Input::Username, bad))
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

    fn registration(username: &str, phone: &str, email: &str) -> Registration {
        let profile = OwnProfile {
            nickname: "王同学".to_owned(),
            phone: phone.to_owned(),
            email: email.to_owned(),
            ..OwnProfile::default()
        };
        Registration { username: username.to_owned(), profile }
    }

    #[test]
    fn a_name_and_one_way_to_be_reached_are_enough() {
        let phone = registration("wang", "13800000000", "");
        assert_eq!(registration(" wang ", " 13800000000", "").check(&offered()), Ok(phone));
        assert!(registration("王伟", "", "wang@example.edu").check(&offered()).is_ok());
        let nobody = registration("wang", " ", "").check(&offered());
        assert_eq!(nobody, Err((Input::Phone, Reason::Missing)));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let of = |username: &str| registration(username, "13800000000", "").check(&offered()).map(|_| ());
        for (username, reason) in [
            ("", Reason::NotAName),
            ("wang wei", Reason::NotAName),
            ("13900000000", Reason::LikeAContact),
            ("wang@example.edu", Reason::LikeAContact),
            ("wang＠example.edu", Reason::LikeAContact),
            ("１３９００００００００", Reason::LikeAContact),
            ("wаng", Reason::NotAName),
            ("wa\u{200b}ng", Reason::NotAName),
            ("administrator", Reason::LikeStaff),
            ("ｆｉｘｄｅｓｋ", Reason::LikeStaff),
        ] {
            assert_eq!(of(username), Err((Input::Username, reason)), "{username}");
        }
        let bad = registration("wang", "", "nowhere").check(&offered());
        assert_eq!(bad, Err((Input::Email, Reason::NotAnEmail)));
    }

    #[test]
    fn a_forgotten_name_is_one_line_of_some_length() {
        assert_eq!(check_login(" wang@example.edu "), Ok("wang@example.edu".to_owned()));
        for (typed, reason) in [
            (" ".to_owned(), Reason::Missing),
            ("x".repeat(255), Reason::TooLong { limit: LOGIN_LIMIT }),
            ("a\0b".to_owned(), Reason::Unprintable),
        ] {
            assert_eq!(check_login(&typed), Err((Input::Username, reason)));
        }
    }
}
