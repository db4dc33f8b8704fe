//! What somebody is told of.

use serde::{Deserialize, Serialize};

use super::ticket::TicketId;
use super::ticket_view::Entry;

/// What a person's inbox shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// The newest first.
    pub notices: Vec<Notice>,
    pub unread: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: i64,
    pub ticket: TicketId,
    /// The device and its fault; empty where the ticket is gone.
    pub about: String,
    pub entry: Entry,
    pub is_read: bool,
}

/// What the frame around every page counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub unread: u64,
    /// Tickets that wait for this person.
    pub waiting: u64,
}
