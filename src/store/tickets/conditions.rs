//! Which rows a list has.

use super::Listing;
use super::manner::Way;
use super::order::Ordering;
use crate::domain::person::{Role, UserId};
use crate::domain::policy::Permitted;
use crate::domain::query::{SortedBy, TicketQuery};
use crate::domain::status::{List, Status};
use crate::domain::ticket::TicketId;
use crate::store::statement::Statement;

/// A requester answers, a technician works, an admin finds somebody for what
/// nobody has; everybody is asked about what they filed themselves.
const WAITING_FOR_OWNER: &str = "SELECT id FROM tickets WHERE progress = 'pending' AND id > 0 AND status = 'UserConfirming' AND user_id = ";
/// No two of these have a ticket in common, so that whoever counts them stops early.
const WAITING_FOR_TECHNICIAN: &str = " UNION ALL SELECT id FROM tickets
    WHERE progress = 'pending' AND id > 0 AND status <> 'UserConfirming' AND technician_id = ";
const OFFERED: &str = " UNION ALL SELECT id FROM tickets WHERE id > 0 AND offered_to = ";
const NOT_THEIR_JOB: &str = " AND COALESCE(technician_id, 0) <> ";
const NOT_THEIR_ANSWER: &str = " AND (status <> 'UserConfirming' OR user_id <> ";
const NOBODYS_NOR_THEIR_ANSWER: &str = " UNION ALL SELECT id FROM tickets
    WHERE technician_id IS NULL AND progress = 'pending' AND id > 0
        AND (status <> 'UserConfirming' OR user_id <> ";

/// Whom a statement is about.
#[derive(Clone, Copy)]
pub enum Whom {
    Person(UserId),
    /// Whoever is in this column.
    Column(&'static str),
}

/// The numbers of what waits for somebody of this role.
pub fn push_waiting(sql: &mut Statement, whom: Whom, role: Role) {
    let parts: &[&str] = match role {
        Role::User => &[WAITING_FOR_OWNER],
        Role::Technician => {
            &[WAITING_FOR_OWNER, WAITING_FOR_TECHNICIAN, OFFERED, NOT_THEIR_JOB, NOT_THEIR_ANSWER]
        }
        // Whoever became one keeps what they had in hand.
        Role::Admin => &[WAITING_FOR_OWNER, WAITING_FOR_TECHNICIAN, NOBODYS_NOR_THEIR_ANSWER],
    };
    for part in parts {
        sql.push(part);
        match whom {
            Whom::Person(UserId(id)) => sql.bind(id),
            Whom::Column(name) => sql.push(name),
        };
    }
    if role != Role::User {
        sql.push(")");
    }
}

/// The rows of a list, read on one of the ways.
pub fn push_rows_on(sql: &mut Statement, listing: &Listing<'_>, way: Way) {
    sql.push(" FROM tickets WHERE ");
    match (way, listing.permitted.query().sorted_by()) {
        (Way::Found, _) => {
            sql.push(listing.words.is_found);
            return;
        }
        // The bound makes walking in this order an index search.
        (Way::Along, SortedBy::Number) => sql.push("id > 0"),
        (Way::Along, by) => sql.push(Ordering::column(by)).push(" > -9007199254740992"),
    };
    push_filters(sql, listing, way);
}

/// The pattern names every field, so that a new filter cannot be forgotten here.
pub fn push_filters(sql: &mut Statement, listing: &Listing<'_>, way: Way) {
    let Listing { permitted, start_of, .. } = *listing;
    let TicketQuery {
        ticket,
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
    } = permitted.query();
    let by = permitted.query().sorted_by();
    // An index of a filter has its rows by number; in another order nobody shall
    // be tempted to read and sort them all. An expression is in no index.
    let is_aside = way == Way::Along && by != SortedBy::Number;
    let with = |sql: &mut Statement, column: &str, nothing: &str, comparison: &str| {
        sql.push(" AND ").push(column).push(if is_aside { nothing } else { "" }).push(comparison);
    };

    if let Some(UserId(person)) = permitted.involving() {
        sql.push(" AND (user_id = ").bind(person);
        sql.push(" OR technician_id = ").bind(person).push(")");
    }
    if let Some((person, role)) = permitted.waiting_for() {
        sql.push(" AND id IN (");
        push_waiting(sql, Whom::Person(person), role);
        sql.push(")");
    }
    if let Some(TicketId(id)) = *ticket {
        sql.push(" AND id = ").bind(id);
    }
    for (column, person) in [("user_id", owner), ("technician_id", technician)] {
        if let Some(UserId(id)) = *person {
            with(sql, column, " + 0", " = ");
            sql.bind(id);
        }
    }
    if *unassigned {
        with(sql, "technician_id", " + 0", " IS NULL");
    }
    for (column, value) in [("campus", campus), ("device_type", device), ("fault_type", fault)] {
        if let Some(value) = value {
            with(sql, column, " || ''", " = ");
            sql.bind(value.as_str());
        }
    }
    if let Some(progress) = progress(*list, *status) {
        // Open tickets have an index in the order of their waiting.
        let is_in_order = by == SortedBy::Waiting;
        with(sql, "progress", if is_in_order { "" } else { " || ''" }, " = ");
        sql.push(progress);
    }
    if let Some(status) = status {
        sql.push(" AND status = ").bind(status.name());
    }
    for (own, column, span) in [
        (SortedBy::Filed, "created_at", filed),
        (SortedBy::Assigned, "assigned_at", assigned),
        (SortedBy::Completed, "completed_at", completed),
    ] {
        let nothing = if own == by { "" } else { " + 0" };
        if let Some(from) = span.from {
            with(sql, column, nothing, " >= ");
            sql.bind(start_of(from).0);
        }
        // The last day is included.
        if let Some(to) = span.to {
            with(sql, column, nothing, " < ");
            sql.bind(start_of(to.next()).0);
        }
    }
}

const fn progress(list: List, status: Option<Status>) -> Option<&'static str> {
    match (list, status) {
        (List::Pending, _) => Some("'pending'"),
        (List::Done, _) => Some("'done'"),
        (List::All, Some(status)) if status.is_open() => Some("'pending'"),
        (List::All, Some(Status::Done)) => Some("'done'"),
        (List::All, Some(_)) => Some("'ended'"),
        (List::All, None) => None,
    }
}

/// Whether the list has no filter but its progress, which is what
/// `ticket_blocks` can count.
pub fn series(permitted: &Permitted) -> Option<&'static str> {
    let query = permitted.query();
    let bare = TicketQuery {
        list: query.list,
        order: query.order,
        start: query.start,
        limit: query.limit,
        ..TicketQuery::default()
    };
    let is_bare = *query == bare && query.sorted_by() == SortedBy::Number;
    (is_bare && permitted.is_everything()).then_some(query.list.name())
}
