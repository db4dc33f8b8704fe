//! Problems of the person who asked: a closed list to act on.

use serde::{Deserialize, Serialize};

use super::access::{Denied, OtherPerson};
use super::input::{Input, Reason};
use super::lists::parameter::BadValue;
use super::lists::query::BadQuery;
use super::people::admin::Protected;
use super::people::person::BadPassword;
use super::photo::BadPhoto;
use super::tickets::report::BadField;
use super::tickets::workflow::Refusal;
use crate::domain::ids::TicketId;

/// A problem without a message: every reader prints it in their own words, and nothing of the
/// server's inside can leak through it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(from = "ListProblem")]
pub enum Problem {
    #[error("nobody is signed in")]
    SignedOut,
    /// The page was made for another person than the one who is signed in now.
    #[error("another person is signed in")]
    OtherPerson,
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
    /// Details of a device that are invalid as typed.
    #[error("a field is not valid")]
    BadFields(Vec<BadField>),
    /// An invalid value of an action, other than a detail of the device.
    #[error("{} is not valid", input.name())]
    BadInput { input: Input, reason: Reason },
    #[error("a photo cannot be kept")]
    BadPhotos(Vec<BadPhoto>),
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The ticket has changed since its page was read.
    #[error("the ticket has changed")]
    Stale,
    /// An open ticket of this person for such a device.
    #[error("there is ticket {ticket} for this device already")]
    Duplicate { ticket: TicketId },
    #[error("the desk takes no new tickets")]
    DeskClosed,
    #[error("there are {limit} open tickets already")]
    TooManyOpen { limit: u64 },
    #[error("there were {limit} new tickets within a week")]
    TooManyThisWeek { limit: u64 },
    #[error("the technician has {limit} jobs already")]
    TooManyJobs { limit: u64 },
    /// The technician's own limit, which is lower than the site's.
    #[error("the technician takes no more than {limit} jobs")]
    HandsFull { limit: u64 },
    #[error(transparent)]
    Protected(#[from] Protected),
    /// An admin sets a contact that is verified for another person.
    #[error("{} belongs to somebody else", input.name())]
    ContactHeld { input: Input },
    /// An idempotency key used for another request.
    #[error("this idempotency key was used for something else")]
    KeyReused,
    #[error("too many tries")]
    TooManyTries { retry_after_seconds: u64 },
    /// The limit on one person's messages in a minute is reached.
    #[error("too many messages")]
    TooManyMessages { retry_after_seconds: u64 },
    /// The limit on one person's changes of one ticket in a minute is reached.
    #[error("too many changes")]
    TooManyChanges { retry_after_seconds: u64 },
    /// The hourly limit of confirmation mails to an address is reached.
    #[error("too many mails")]
    TooManyMails { retry_after_seconds: u64 },
    /// One person's uploads at this moment are too many, or exceed what one form may have.
    #[error("other uploads are still under way")]
    UploadsUnderWay { retry_after_seconds: u64 },
    /// All uploads at this moment exceed the server's room.
    #[error("busy")]
    Busy { retry_after_seconds: u64 },
    /// Something broke on the server; `incident` is in its log.
    #[error("unavailable, incident {incident}")]
    Unavailable { incident: String },
    /// The database cannot be reached, or cannot work for the moment.
    #[error("the database does not answer, incident {incident}")]
    NoDatabase { incident: String },
    /// The server could not be reached at all.
    #[error("unreachable")]
    Unreachable,
}

/// Problems as an island reads them: those of lists. All others meet forms, whose pages are sent
/// whole.
#[derive(Deserialize)]
enum ListProblem {
    SignedOut,
    OtherPerson,
    Denied,
    NotFound,
    BadValues(Vec<BadValue>),
    BadRequest,
    Unavailable { incident: String },
    NoDatabase { incident: String },
    Unreachable,
}

impl From<ListProblem> for Problem {
    fn from(problem: ListProblem) -> Self {
        match problem {
            ListProblem::SignedOut => Self::SignedOut,
            ListProblem::OtherPerson => Self::OtherPerson,
            ListProblem::Denied => Self::Denied,
            ListProblem::NotFound => Self::NotFound,
            ListProblem::BadValues(values) => Self::BadValues(values),
            ListProblem::BadRequest => Self::BadRequest,
            ListProblem::Unavailable { incident } => Self::Unavailable { incident },
            ListProblem::NoDatabase { incident } => Self::NoDatabase { incident },
            ListProblem::Unreachable => Self::Unreachable,
        }
    }
}

/// The most characters of a reason, a message, a note.
pub const WORDS_LIMIT: usize = 4000;

impl Problem {
    /// Seconds after which a repetition is worth a try.
    pub const fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyTries { retry_after_seconds }
            | Self::TooManyMessages { retry_after_seconds }
            | Self::TooManyChanges { retry_after_seconds }
            | Self::TooManyMails { retry_after_seconds }
            | Self::UploadsUnderWay { retry_after_seconds }
            | Self::Busy { retry_after_seconds } => Some(*retry_after_seconds),
            Self::NoDatabase { .. } => Some(5),
            _ => None,
        }
    }

    /// The HTTP status of the problem, the same for every interface.
    pub const fn http_status(&self) -> u16 {
        match self {
            Self::SignedOut | Self::WrongCredentials => 401,
            Self::Denied | Self::Refused(Refusal::NotYours) => 403,
            Self::NotFound => 404,
            Self::BadValues(_) | Self::BadRequest => 400,
            Self::OtherPerson
            | Self::Refused(_)
            | Self::Protected(_)
            | Self::ContactHeld { .. }
            | Self::Stale
            | Self::Duplicate { .. }
            | Self::DeskClosed
            | Self::TooManyOpen { .. }
            | Self::TooManyThisWeek { .. }
            | Self::TooManyJobs { .. }
            | Self::HandsFull { .. } => 409,
            Self::WrongPassword
            | Self::BadPassword(_)
            | Self::PasswordsDiffer
            | Self::BadFields(_)
            | Self::BadInput { .. }
            | Self::BadPhotos(_)
            | Self::KeyReused => 422,
            Self::TooManyTries { .. }
            | Self::TooManyMessages { .. }
            | Self::TooManyChanges { .. }
            | Self::TooManyMails { .. }
            | Self::UploadsUnderWay { .. } => 429,
            Self::Busy { .. } => 503,
            Self::Unavailable { .. } | Self::Unreachable => 500,
            Self::NoDatabase { .. } => 503,
        }
    }
}

impl From<Denied> for Problem {
    fn from(_: Denied) -> Self {
        Self::Denied
    }
}

impl From<OtherPerson> for Problem {
    fn from(_: OtherPerson) -> Self {
        Self::OtherPerson
    }
}

impl From<BadQuery> for Problem {
    fn from(bad: BadQuery) -> Self {
        Self::BadValues(bad.values)
    }
}
