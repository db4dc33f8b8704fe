//! The people of the desk: who they are and what they may be called.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::contact::Verified;
use super::profile::Choices;
use super::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UserId(pub i64);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    User,
    Technician,
    Admin,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::User, Self::Technician, Self::Admin];

    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Technician => "technician",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a role: use user, technician or admin")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or(UnknownRole)
    }
}

impl TryFrom<String> for Role {
    type Error = UnknownRole;

    fn try_from(text: String) -> Result<Self, UnknownRole> {
        text.parse()
    }
}

/// Who is asking, with the role the database gives them now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub id: UserId,
    pub role: Role,
    pub nickname: String,
}

impl Viewer {
    pub const fn is_admin(&self) -> bool {
        matches!(self.role, Role::Admin)
    }
}

/// Everything the desk keeps about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub username: String,
    pub role: Role,
    pub nickname: String,
    pub phone: String,
    pub email: String,
    pub campus: String,
    pub disabled: bool,
    /// A PHC string; empty for somebody who cannot sign in yet.
    pub password_hash: String,
    pub created_at: Instant,
    /// Counts for the contacts that are given.
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

/// Judges the length. The server also refuses what is easily guessed.
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
#[error("a user name has 1 to 64 characters, none of them blank or a control character")]
pub struct BadUsername;

pub fn check_username(username: &str) -> Result<(), BadUsername> {
    let length = username.chars().count();
    let fits = (1..=64).contains(&length);
    if fits && !username.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(())
    } else {
        Err(BadUsername)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back_from_its_name() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(UnknownRole));
    }

    #[test]
    fn a_password_is_judged_by_its_length_alone() {
        assert_eq!(check_new_password("1234567"), Err(BadPassword::TooShort));
        assert_eq!(check_new_password("一二三四五六七八"), Ok(()));
        assert_eq!(check_new_password(&"x".repeat(1024)), Ok(()));
        assert_eq!(check_new_password(&"x".repeat(1025)), Err(BadPassword::TooLong));
    }

    #[test]
    fn a_username_is_one_visible_word() {
        assert_eq!(check_username("zhang.wei"), Ok(()));
        assert_eq!(check_username("张伟"), Ok(()));
        for bad in ["", "a b", "a\n", "\u{7}", &"x".repeat(65)] {
            assert_eq!(check_username(bad), Err(BadUsername), "{bad:?}");
        }
    }
}
