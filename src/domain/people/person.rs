//! People of the desk: accounts, roles, and the rules of names and passwords.

use serde::{Deserialize, Serialize};

use super::contact::Verified;
use super::profile::Choices;
use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::domain::validation::{canonical, fold, has_invisible, mixes_scripts, phone_key};
use crate::domain::viewer::Role;

/// All stored facts about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub username: String,
    /// The user name is compared letter by letter: it is from before the rules for new
    /// ones, or reads as that of an older account.
    pub has_exact_name: bool,
    pub role: Role,
    pub nickname: String,
    pub phone: String,
    pub email: String,
    pub campus: String,
    pub disabled: bool,
    /// PHC string; empty for a person who cannot sign in yet.
    pub password_hash: String,
    pub created_at: Instant,
    /// Relevant for the contacts that are given.
    pub verified: Verified,
    pub choices: Choices,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum BadPassword {
    #[error("a password has at least {} characters", PASSWORD_MIN)]
    TooShort,
    #[error("a password has at most {} bytes", PASSWORD_MAX_BYTES)]
    TooLong,
    #[error("a password is more than blanks")]
    Blank,
    #[error("a password is none of those that everybody tries first")]
    Common,
    #[error("a password is more than the person's own name, phone number or e-mail address")]
    LikeAName,
}

pub const PASSWORD_MIN: usize = 8;
/// Bounds the work that hashing one request may cause.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// Judges the length. The server also refuses passwords that are easily guessed.
pub fn check_new_password(password: &str) -> Result<(), BadPassword> {
    if password.chars().count() < PASSWORD_MIN {
        Err(BadPassword::TooShort)
    } else if password.len() > PASSWORD_MAX_BYTES {
        Err(BadPassword::TooLong)
    } else {
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a user name has 1 to 64 characters of one script, none of them blank, invisible or a control character"
)]
pub struct BadUsername;

/// Returns the canonical form of a new user name.
pub fn check_username(typed: &str) -> Result<String, BadUsername> {
    let username = canonical(typed);
    let is_clear = !has_invisible(&username) && !mixes_scripts(&username);
    if is_one_word(&username) && is_clear { Ok(username) } else { Err(BadUsername) }
}

/// Judges a user name from before the rules of [`check_username`], which stays as it is.
pub fn check_exact_username(username: &str) -> Result<(), BadUsername> {
    if is_one_word(username) { Ok(()) } else { Err(BadUsername) }
}

fn is_one_word(username: &str) -> bool {
    let fits = (1..=64).contains(&username.chars().count());
    fits && !username.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Keys by which a person is found, made of names and contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    pub username: String,
    pub nickname: String,
    pub phone: String,
    pub email: String,
}

impl Keys {
    pub fn of(person: &Person) -> Self {
        Self::made_of(&person.username, &person.nickname, &person.phone, &person.email)
    }

    pub fn made_of(username: &str, nickname: &str, phone: &str, email: &str) -> Self {
        let key = fold(username);
        Self {
            // An old name may have no visible character.
            username: if key.is_empty() { username.to_owned() } else { key },
            nickname: fold(nickname),
            phone: phone_key(phone),
            email: fold(email),
        }
    }
}

/// A sign-in name, also used to look a person up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The login as it was typed, for user names that are compared letter by letter.
    pub exact: String,
    /// Key of a user name or an e-mail address.
    pub key: String,
    /// Key of a phone number.
    pub phone: String,
}

impl Login {
    /// Reads a typed login. `None` for a text with characters that no name has.
    pub fn parse(typed: &str) -> Option<Self> {
        let exact = typed.trim().to_owned();
        let is_name = !exact.is_empty() && !exact.chars().any(char::is_control);
        is_name.then(|| Self { key: fold(&exact), phone: phone_key(&exact), exact })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_judged_by_its_length_alone() {
        assert_eq!(check_new_password("1234567"), Err(BadPassword::TooShort));
        assert_eq!(check_new_password("一二三四五六七八"), Ok(()));
        assert_eq!(check_new_password(&"x".repeat(1024)), Ok(()));
        assert_eq!(check_new_password(&"x".repeat(1025)), Err(BadPassword::TooLong));
    }

    #[test]
    fn a_username_is_one_visible_word() {
        for (typed, username) in [
            ("zhang.wei", "zhang.wei"),
            ("张伟", "张伟"),
            (" ju\u{308}rgen\u{a0}", "jürgen"),
            ("Бобров", "Бобров"),
        ] {
            assert_eq!(check_username(typed).as_deref(), Ok(username));
        }
        let long = "x".repeat(65);
        for bad in
            ["", "a b", "a\nb", "\u{7}", "\u{200b}", "ka\u{200b}te", "\u{202e}x", "аdmin", "bobров", &long]
        {
            assert_eq!(check_username(bad), Err(BadUsername), "{bad:?}");
        }
        assert_eq!(check_exact_username("bobров"), Ok(()));
        assert_eq!(check_exact_username("a b"), Err(BadUsername));
    }

    #[test]
    fn a_login_has_keys_unless_nobody_can_be_called_so() {
        let login = Login::parse(" ＫＡＴＥ ").expect("a name");
        assert_eq!((login.exact.as_str(), login.key.as_str()), ("ＫＡＴＥ", "kate"));
        assert_eq!(
            Login::parse("+86 138-0000-0000").map(|login| login.phone).as_deref(),
            Some("13800000000")
        );
        for nobody in ["", " ", "\0", "a\0b", "a\nb"] {
            assert_eq!(Login::parse(nobody), None, "{nobody:?}");
        }
    }
}
