//! Typed values beside the fields of a report, and why a typed value is refused.

use serde::{Deserialize, Serialize};

/// Values that an action is given besides the details of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Input {
    /// A reason, or what was done.
    Note,
    Message,
    Technician,
    Code,
    Username,
    /// The present password, for changes that could take an account over.
    CurrentPassword,
    Photos,
    Nickname,
    Phone,
    Email,
    Campus,
    Campuses,
    MaxJobs,
}

impl Input {
    /// The name of the interface and of the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Message => "message",
            Self::Technician => "tid",
            Self::Code => "code",
            Self::Username => "username",
            Self::CurrentPassword => "current_password",
            Self::Photos => "photos",
            Self::Nickname => "nickname",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Campus => "campus",
            Self::Campuses => "campuses",
            Self::MaxJobs => "max_jobs",
        }
    }
}

/// Reason against a typed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    Missing,
    TooLong {
        limit: usize,
    },
    /// It has characters that nobody can see.
    Unprintable,
    NotADate,
    InTheFuture,
    /// Before the first day of that year.
    TooLongAgo {
        year: i32,
    },
    /// Not one of those that the site offers.
    NotOffered,
    NotAPhone,
    NotAnAddress,
    NotAnEmail,
    /// No word of 1 to 64 characters that can all be seen and belong together.
    NotAName,
    /// A name that could be somebody's phone number or e-mail address.
    LikeAContact,
    /// A name that reads as that of the desk or of an admin.
    LikeStaff,
    /// Somebody else has it already.
    Taken,
    /// Not to be changed by this person, or not any more.
    Fixed,
    NotACount {
        most: u64,
    },
    /// A technician who takes no jobs at present.
    OffDuty,
    /// Another password than the present one.
    NotThePassword,
}
