//! A repair ticket: one device, one complaint, one owner.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::paging::Page;
use super::person::UserId;
use super::status::{ListSizes, Status};
use super::time::{Instant, LocalTime};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TicketId(pub i64);

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A ticket as it is kept: times are instants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub id: TicketId,
    pub owner: UserId,
    pub technician: Option<UserId>,
    pub status: Status,
    /// `YYYY-MM-DD`, as the owner gave it.
    pub purchase_date: Option<String>,
    pub phone: String,
    pub device_type: String,
    pub brand: String,
    pub description: String,
    pub image_url: Option<String>,
    pub fault_type: String,
    pub qq: String,
    pub campus: String,
    pub created_at: Instant,
    pub assigned_at: Option<Instant>,
    pub completed_at: Option<Instant>,
}

/// A ticket as a page shows it: names beside ids, times of the site's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCard {
    pub id: TicketId,
    pub owner: Named,
    pub technician: Option<Named>,
    pub status: Status,
    pub purchase_date: Option<String>,
    pub phone: String,
    pub device_type: String,
    pub brand: String,
    pub description: String,
    pub image_url: Option<String>,
    pub fault_type: String,
    pub qq: String,
    pub campus: String,
    pub created: LocalTime,
    pub assigned: Option<LocalTime>,
    pub completed: Option<LocalTime>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub id: UserId,
    pub nickname: String,
}

/// What a list page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub page: Page<TicketCard>,
    pub sizes: ListSizes,
    /// The year on the site's clock: dates of this year are shown without it.
    pub this_year: i32,
}

/// Stored text is shown as it is, but only an address of the web, or of this
/// site, becomes a link or an image.
pub fn web_address(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    let same_site = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    let remote = lower.starts_with("https://") || lower.starts_with("http://");
    (same_site || remote).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        for good in ["/demo/fan.svg", "https://example.com/a.jpg", "HTTP://example.com"] {
            assert_eq!(web_address(good), Some(good));
        }
        for bad in ["javascript:alert(1)", "//evil.example", "data:text/html,x", "", "/\\evil"] {
            assert_eq!(web_address(bad), None, "{bad}");
        }
    }
}
