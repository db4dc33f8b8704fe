//! Actions of people on tickets.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An action on a ticket, without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Action {
    /// A technician takes a ticket that nobody has.
    Take,
    /// An admin gives it to a technician.
    Assign,
    /// Its technician begins.
    Accept,
    /// Its technician gives it back before having begun.
    Decline,
    /// Its technician says that it is repaired.
    ReportDone,
    /// Its requester says so first.
    ReportFixed,
    /// The other side agrees.
    Confirm,
    /// The other side does not.
    NotFixed,
    /// Its requester withdraws it.
    Cancel,
    /// The desk ends it without a repair.
    Close,
    Reopen,
    /// Its technician offers it to a colleague.
    Offer,
    /// Its technician takes that back.
    Withdraw,
    /// The colleague agrees.
    TakeOver,
}

impl Action {
    pub const ALL: [Self; 14] = [
        Self::Take,
        Self::Assign,
        Self::Accept,
        Self::Decline,
        Self::ReportDone,
        Self::ReportFixed,
        Self::Confirm,
        Self::NotFixed,
        Self::Cancel,
        Self::Close,
        Self::Reopen,
        Self::Offer,
        Self::Withdraw,
        Self::TakeOver,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Assign => "assign",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::ReportDone => "report_done",
            Self::ReportFixed => "report_fixed",
            Self::Confirm => "confirm",
            Self::NotFixed => "not_fixed",
            Self::Cancel => "cancel",
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Offer => "offer",
            Self::Withdraw => "withdraw",
            Self::TakeOver => "take_over",
        }
    }

    /// Returns `true` if the actor has to give a reason, or to say what was done.
    pub const fn needs_a_note(self) -> bool {
        matches!(self, Self::Decline | Self::ReportDone | Self::NotFixed | Self::Close)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an action")]
pub struct UnknownAction;

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, UnknownAction> {
        Self::ALL.into_iter().find(|action| action.name() == text).ok_or(UnknownAction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_reads_back_from_its_name() {
        for action in Action::ALL {
            assert_eq!(action.name().parse(), Ok(action));
        }
        assert_eq!("destroy".parse::<Action>(), Err(UnknownAction));
    }
}
