//! Deleted tickets, as an admin sees them.

use serde::{Deserialize, Serialize};

use super::ticket::Ticket;
use crate::domain::ids::{Named, TicketId};
use crate::domain::time::{Instant, LocalTime};

/// Days within which a deleted ticket can be restored.
pub const KEPT_DAYS: i64 = 30;
/// Deleted tickets on a page.
pub const PAGE_SIZE: usize = 50;

/// Position between two pages of the list of deleted tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashCursor {
    pub deleted_at: Instant,
    pub ticket: TicketId,
}

impl TrashCursor {
    /// Cursor of the first page.
    pub const NEWEST: Self = Self { deleted_at: Instant(i64::MAX), ticket: TicketId(i64::MAX) };

    /// Reads an address leniently: an invalid cursor means the first page.
    pub fn parse(search: &str) -> Self {
        let mut pairs = form_urlencoded::parse(search.trim_start_matches('?').as_bytes());
        let found = pairs.find(|(name, _)| name == "before");
        found.and_then(|(_, value)| Self::of_text(&value)).unwrap_or(Self::NEWEST)
    }

    fn of_text(text: &str) -> Option<Self> {
        let (deleted_at, ticket) = text.split_once('-')?;
        Some(Self { deleted_at: Instant(deleted_at.parse().ok()?), ticket: TicketId(ticket.parse().ok()?) })
    }

    pub fn to_search(self) -> String {
        match self {
            Self::NEWEST => String::new(),
            Self { deleted_at: Instant(seconds), ticket } => format!("?before={seconds}-{ticket}"),
        }
    }
}

/// A deleted ticket that can be restored for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedTicket {
    /// The ticket as it was, or the reason why its record cannot be read.
    pub ticket: Result<Ticket, String>,
    pub cursor: TrashCursor,
}

/// A deleted ticket as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedTicketRow {
    pub id: TicketId,
    /// `None` if its record cannot be read; then it cannot be restored either.
    pub summary: Option<Summary>,
    pub deleted_by: Option<Named>,
    pub deleted: LocalTime,
    pub kept_until: LocalTime,
}

/// A deleted ticket in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Device and fault.
    pub about: String,
    pub owner: Named,
}

/// A page of deleted tickets, last deleted first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedTickets {
    pub items: Vec<DeletedTicketRow>,
    /// Beginning of the next page, if there is one.
    pub next: Option<TrashCursor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let cursor = TrashCursor { deleted_at: Instant(1_717_992_000), ticket: TicketId(20_240_000_001) };
        assert_eq!(cursor.to_search(), "?before=1717992000-20240000001");
        assert_eq!(TrashCursor::parse(&cursor.to_search()), cursor);
        for search in ["", "?before=", "?before=7", "?before=x-7", "?page=2"] {
            assert_eq!(TrashCursor::parse(search), TrashCursor::NEWEST, "{search}");
        }
        assert_eq!(TrashCursor::NEWEST.to_search(), "");
    }
}
