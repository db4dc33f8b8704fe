//! Notices of a person.

use serde::{Deserialize, Serialize};

use crate::domain::ids::TicketId;
use crate::domain::tickets::view::TimelineEntry;

/// Content of a person's inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Newest first.
    pub notices: Vec<Notice>,
    pub unread: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: i64,
    pub ticket: TicketId,
    /// The device and its fault; empty where its reader may not see the ticket any more.
    pub about: String,
    /// Event of the notice; its words are left out where its reader may not see them any more.
    pub entry: TimelineEntry,
    pub is_read: bool,
    /// `false` once the ticket is gone, or its reader may not see it any more.
    pub may_open: bool,
}

/// Numbers in the frame around every page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub unread: u64,
    /// Tickets that wait for this person.
    pub waiting: u64,
}
