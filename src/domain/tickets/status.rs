//! Status of a ticket, and the three lists of tickets.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Status of a ticket. The names are the contract's.
// Read by name: serde's derived code for an enum takes much more room in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub enum Status {
    /// Waiting for a technician, or for the assigned one to begin.
    Pending,
    /// Repair in progress.
    Repairing,
    /// The technician reports it done; the requester has to confirm.
    UserConfirming,
    /// The requester reports it fixed; the technician has to confirm.
    TechConfirming,
    Done,
    /// Ended without a repair, by the desk.
    Closed,
    /// Withdrawn by the requester.
    Canceled,
}

impl Status {
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Repairing,
        Self::UserConfirming,
        Self::TechConfirming,
        Self::Done,
        Self::Closed,
        Self::Canceled,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Repairing => "Repairing",
            Self::UserConfirming => "UserConfirming",
            Self::TechConfirming => "TechConfirming",
            Self::Done => "Done",
            Self::Closed => "Closed",
            Self::Canceled => "Canceled",
        }
    }

    /// Returns `true` while a next step is due.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Repairing | Self::UserConfirming | Self::TechConfirming)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a ticket status")]
pub struct UnknownStatus;

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL.into_iter().find(|status| status.name() == text).ok_or(UnknownStatus)
    }
}

impl TryFrom<String> for Status {
    type Error = UnknownStatus;

    fn try_from(text: String) -> Result<Self, UnknownStatus> {
        text.parse()
    }
}

/// Tickets that a list shows: the contract's `list` parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum List {
    #[default]
    All,
    /// Unfinished tickets: every open status.
    Pending,
    Done,
}

impl List {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Done, Self::All];

    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Pending => "pending",
            Self::Done => "done",
        }
    }

    pub const fn contains(self, status: Status) -> bool {
        match self {
            Self::All => true,
            Self::Pending => status.is_open(),
            Self::Done => matches!(status, Status::Done),
        }
    }
}

/// Numbers of tickets in each list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSizes {
    pub pending: u64,
    pub done: u64,
    pub all: u64,
}

impl ListSizes {
    pub const fn of(self, list: List) -> u64 {
        match list {
            List::All => self.all,
            List::Pending => self.pending,
            List::Done => self.done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_reads_back_from_its_name() {
        for status in Status::ALL {
            assert_eq!(status.name().parse(), Ok(status));
        }
        assert_eq!("pending".parse::<Status>(), Err(UnknownStatus));
    }

    #[test]
    fn the_lists_hold_what_the_contract_says() {
        let held =
            |list: List| -> Vec<Status> { Status::ALL.into_iter().filter(|s| list.contains(*s)).collect() };

        assert_eq!(held(List::All).len(), 7);
        assert_eq!(held(List::Pending), Status::ALL[..4]);
        assert_eq!(held(List::Done), [Status::Done]);
    }
}
