//! What a list is filtered by, each thing having an index.

use super::counts::{Counter, push_statuses};
use super::sort::Ordering;
use super::{Listing, StartOf};
use crate::domain::ids::UserId;
use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::SortedBy;
use crate::domain::tickets::status::{List, Status};
use crate::domain::time::Span;
use crate::store::sql::Statement;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter<'a> {
    Owner(UserId),
    Technician(UserId),
    /// Has no technician.
    Nobody,
    /// Open, done, or ended otherwise, as the database writes it.
    Progress(&'static str),
    Campus(&'a str),
    Device(&'a str),
    Fault(&'a str),
    /// One of its times is in these days.
    Days(SortedBy, Span),
}

impl<'a> Filter<'a> {
    /// Those of a list, first those that are likely to leave few tickets. The pattern
    /// names every field, so that none can be forgotten here.
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
            // Until some day, that is most often almost all.
            days(SortedBy::Filed, *filed, false),
            days(SortedBy::Assigned, *assigned, false),
            days(SortedBy::Completed, *completed, false),
            progress.filter(|_| is_done).map(Self::Progress),
        ];
        filters.into_iter().flatten().collect()
    }

    /// The condition. Aside, it is about an expression, which is in no index.
    pub fn push(self, sql: &mut Statement, is_aside: bool, start_of: StartOf<'_>) {
        let mut column = |name: &str, and_nothing: &str| {
            sql.push(" AND ").push(name).push(if is_aside { and_nothing } else { "" });
        };
        match self {
            Self::Owner(_) => column("user_id", " + 0"),
            Self::Technician(_) | Self::Nobody => column("technician_id", " + 0"),
            Self::Progress(_) => column("progress", " || ''"),
            Self::Campus(_) => column("campus", " || ''"),
            Self::Device(_) => column("device_type", " || ''"),
            Self::Fault(_) => column("fault_type", " || ''"),
            Self::Days(..) => {}
        }
        match self {
            Self::Owner(UserId(id)) | Self::Technician(UserId(id)) => sql.push(" = ").bind(id),
            Self::Nobody => sql.push(" IS NULL"),
            Self::Progress(progress) => sql.push(" = '").push(progress).push("'"),
            Self::Campus(text) | Self::Device(text) | Self::Fault(text) => sql.push(" = ").bind(text),
            Self::Days(time, span) => push_days(sql, time, span, is_aside, start_of),
        };
    }

    /// Whether there is an index of it that has the progress, too.
    pub const fn has_index_with_progress(self) -> bool {
        matches!(self, Self::Owner(_) | Self::Technician(_) | Self::Nobody | Self::Campus(_))
    }

    /// Whether `ticket_crosstab` has a column of it.
    pub const fn is_in_crosstab(&self) -> bool {
        matches!(self, Self::Nobody | Self::Campus(_) | Self::Device(_) | Self::Fault(_))
    }

    /// Whether no more tickets than this match it alone.
    pub fn push_is_few(self, sql: &mut Statement, listing: &Listing<'_>, most: i64) {
        self.push_matches(sql, listing, most);
        sql.push(" <= ").push_number(most);
    }

    /// How many tickets match it alone, or more than `most`.
    pub fn push_matches(self, sql: &mut Statement, listing: &Listing<'_>, most: i64) {
        sql.push("(");
        match self {
            Self::Owner(person) => Counter::Owner(person).push_sum(sql),
            Self::Technician(person) => Counter::Technician(person).push_sum(sql),
            Self::Nobody => Counter::Nobody(None).push_sum(sql),
            // Its index has all states of the same progress.
            Self::Progress(own) => {
                Counter::Campus(None).push_sum(sql);
                push_statuses(sql, |status| progress(List::All, Some(status)) == Some(own));
            }
            Self::Campus(_) | Self::Device(_) | Self::Fault(_) => {
                sql.push("SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT) FROM ticket_crosstab WHERE TRUE");
                self.push(sql, false, listing.start_of);
            }
            Self::Days(..) => {
                sql.push("SELECT COUNT(*) FROM (SELECT 1 AS one FROM tickets WHERE TRUE");
                self.push(sql, false, listing.start_of);
                sql.push(" LIMIT ").push_number(most + 1).push(") AS matches");
            }
        }
        sql.push(")");
    }
}

fn progress(list: List, status: Option<Status>) -> Option<&'static str> {
    match (list, status) {
        (List::Pending, _) => Some("pending"),
        (List::Done, _) => Some("done"),
        (List::All, Some(status)) if status.is_open() => Some("pending"),
        (List::All, Some(Status::Done)) => Some("done"),
        (List::All, Some(_)) => Some("ended"),
        (List::All, None) => None,
    }
}

/// The last day is included. Aside, what a null says is written out: else it would
/// follow that there is none, and an index of all that have such a time would do.
fn push_days<'s>(
    sql: &'s mut Statement,
    time: SortedBy,
    span: Span,
    is_aside: bool,
    start_of: StartOf<'_>,
) -> &'s mut Statement {
    let column = |sql: &mut Statement, of_null: &str| {
        let column = Ordering::column(time);
        if is_aside {
            sql.push(" AND COALESCE(").push(column).push(", ").push(of_null).push(")");
        } else {
            sql.push(" AND ").push(column);
        }
    };
    if let Some(from) = span.from {
        column(sql, "-9007199254740992");
        sql.push(" >= ").bind(start_of(from).0);
    }
    if let Some(to) = span.to {
        column(sql, "9007199254740992");
        sql.push(" < ").bind(start_of(to.next()).0);
    }
    sql
}
