//! What can go wrong for the person who asked: a closed list to act on.

use serde::{Deserialize, Serialize};

use super::person::BadPassword;
use super::policy::Denied;
use super::query::{BadQuery, BadValue};

/// Carries no text: every reader prints it in their own words, and nothing of
/// the server's inside can leak through it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Problem {
    #[error("nobody is signed in")]
    SignedOut,
    #[error("not allowed")]
    Denied,
    #[error("not found")]
    NotFound,
    #[error("a value cannot be understood")]
    BadValues(Vec<BadValue>),
    #[error("the request cannot be understood")]
    BadRequest,
    #[error("user name or password is wrong")]
    WrongCredentials,
    #[error("the current password is wrong")]
    WrongPassword,
    #[error(transparent)]
    BadPassword(#[from] BadPassword),
    #[error("the new password was repeated differently")]
    PasswordsDiffer,
    #[error("too many tries")]
    TooManyTries { retry_after_seconds: u64 },
    /// Something broke on the server; `incident` is in its log.
    #[error("unavailable, incident {incident}")]
    Unavailable { incident: String },
    /// The server could not be reached at all.
    #[error("unreachable")]
    Unreachable,
}

impl Problem {
    /// The HTTP status that says the same, wherever it is said.
    pub const fn http_status(&self) -> u16 {
        match self {
            Self::SignedOut | Self::WrongCredentials => 401,
            Self::Denied => 403,
            Self::NotFound => 404,
            Self::BadValues(_) | Self::BadRequest => 400,
            Self::WrongPassword | Self::BadPassword(_) | Self::PasswordsDiffer => 422,
            Self::TooManyTries { .. } => 429,
            Self::Unavailable { .. } | Self::Unreachable => 500,
        }
    }
}

impl From<Denied> for Problem {
    fn from(_: Denied) -> Self {
        Self::Denied
    }
}

impl From<BadQuery> for Problem {
    fn from(bad: BadQuery) -> Self {
        Self::BadValues(bad.values)
    }
}
