//! Typed values beside the fields of a report, and why a typed value is refused.

use serde::{Deserialize, Serialize};

/// Values that an action is given besides the details of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Input {
    /// A reason, or work that was done.
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
    /// Name of the field in REST and in forms.
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
    /// Invisible characters.
    Unprintable,
    NotADate,
    InTheFuture,
    /// A date before the first day of that year.
    TooLongAgo {
        year: i32,
    },
    /// A value that the site does not offer.
    NotOffered,
    NotAPhone,
    NotAnAddress,
    NotAnEmail,
    /// Expected a word of 1 to 64 visible characters that belong together.
    NotAName,
    /// A name that may be another person's phone number or e-mail address.
    LikeAContact,
    /// A name that reads as that of the desk or of an admin.
    LikeStaff,
    /// Name of another account already.
    Taken,
    /// A value that this person may not change, or not any more.
    Fixed,
    NotACount {
        most: u64,
    },
    /// A technician who takes no jobs at present.
    OffDuty,
    /// A password other than the present one.
    NotThePassword,
}
