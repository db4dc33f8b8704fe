//! Filters of a list. Each has an index.

use crate::domain::ids::UserId;
use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::SortedBy;
use crate::domain::tickets::status::{List, Status};
use crate::domain::time::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter<'a> {
    Owner(UserId),
    Technician(UserId),
    /// Tickets without a technician.
    Nobody,
    /// Progress as the database writes it: open, done, or ended otherwise.
    Progress(&'static str),
    Campus(&'a str),
    Device(&'a str),
    Fault(&'a str),
    /// Days of one of the ticket's times.
    Days(SortedBy, Span),
}

impl<'a> Filter<'a> {
    /// Filters of a query, first those that are likely to leave few tickets. The pattern names every
    /// field, so that none can be forgotten here.
    pub fn all(query: &'a TicketQuery) -> Vec<Self> {
        let TicketQuery {
            ticket: _,
            owner,
            technician,
            unassigned,
            list,
            status,
            campus,
            device,
            fault,
            filed,
            assigned,
            completed,
            waiting: _,
            order: _,
            start: _,
            limit: _,
        } = query;
        let progress = progress(*list, *status);
        // Most tickets are done at last.
        let is_done = progress == Some("done");
        let days = |time: SortedBy, span: Span, has_start: bool| {
            (!span.is_any() && span.from.is_some() == has_start).then_some(Self::Days(time, span))
        };
        let filters = [
            owner.map(Self::Owner),
            technician.map(Self::Technician),
            unassigned.then_some(Self::Nobody),
            progress.filter(|_| !is_done).map(Self::Progress),
            days(SortedBy::Filed, *filed, true),
            days(SortedBy::Assigned, *assigned, true),
            days(SortedBy::Completed, *completed, true),
            fault.as_deref().map(Self::Fault),
            device.as_deref().map(Self::Device),
            campus.as_deref().map(Self::Campus),
            // Days without a start, most often almost all tickets.
            days(SortedBy::Filed, *filed, false),
            days(SortedBy::Assigned, *assigned, false),
            days(SortedBy::Completed, *completed, false),
            progress.filter(|_| is_done).map(Self::Progress),
        ];
        filters.into_iter().flatten().collect()
    }

    /// Returns `true` if an index has this filter's column and the progress.
    pub const fn has_index_with_progress(self) -> bool {
        matches!(self, Self::Owner(_) | Self::Technician(_) | Self::Nobody | Self::Campus(_))
    }

    /// Returns `true` if `ticket_crosstab` has a column of it.
    pub const fn is_in_crosstab(&self) -> bool {
        matches!(self, Self::Nobody | Self::Campus(_) | Self::Device(_) | Self::Fault(_))
    }
}

pub fn progress(list: List, status: Option<Status>) -> Option<&'static str> {
    match (list, status) {
        (List::Pending, _) => Some("pending"),
        (List::Done, _) => Some("done"),
        (List::All, Some(status)) if status.is_open() => Some("pending"),
        (List::All, Some(Status::Done)) => Some("done"),
        (List::All, Some(_)) => Some("ended"),
        (List::All, None) => None,
    }
}
