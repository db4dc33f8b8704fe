//! Actions of people on tickets.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An action on a ticket, without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Action {
    /// A technician takes a ticket that has no technician.
    Take,
    /// An admin assigns the ticket to a technician.
    Assign,
    /// The technician begins the repair.
    Accept,
    /// The technician gives the ticket back before having begun.
    Decline,
    /// The technician reports the repair done.
    ReportDone,
    /// The requester reports the device fixed first.
    ReportFixed,
    /// The other side confirms the repair.
    Confirm,
    /// The other side says that it is not repaired.
    NotFixed,
    /// The requester withdraws the ticket.
    Cancel,
    /// The desk ends the ticket without a repair.
    Close,
    Reopen,
    /// The technician offers the ticket to a colleague.
    Offer,
    /// The technician takes the offer back.
    Withdraw,
    /// The colleague accepts the offer.
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
