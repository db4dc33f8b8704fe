//! Which rows a list has.

use super::order::Ordering;
use crate::domain::person::{Role, UserId};
use crate::domain::policy::Permitted;
use crate::domain::query::{SortedBy, TicketQuery};
use crate::domain::status::{List, Status};
use crate::domain::ticket::TicketId;
use crate::domain::time::{Day, Instant, Span};
use crate::store::statement::Statement;

/// When a day begins on the clock of the site.
pub type StartOf<'a> = &'a (dyn Fn(Day) -> Instant + Sync);

/// A requester answers, a technician works, an admin finds somebody for what
/// nobody has; everybody is asked about what they filed themselves.
const WAITING_FOR_OWNER: &str = "SELECT id FROM tickets WHERE progress = 'pending' AND id > 0 AND status = 'UserConfirming' AND user_id = ";
/// No two of these have a ticket in common, so that whoever counts them stops early.
const WAITING_FOR_TECHNICIAN: &str = " UNION ALL SELECT id FROM tickets
    WHERE progress = 'pending' AND id > 0 AND status <> 'UserConfirming' AND technician_id = ";
const OFFERED: &str = " UNION ALL SELECT id FROM tickets WHERE id > 0 AND offered_to = ";
const NOT_THEIR_JOB: &str = " AND COALESCE(technician_id, 0) <> ";
const WAITING_FOR_ADMINS: &str = " UNION ALL SELECT id FROM tickets
    WHERE technician_id IS NULL AND progress = 'pending' AND id > 0";
const NOT_THEIR_ANSWER: &str = " AND (status <> 'UserConfirming' OR user_id <> ";

/// The numbers of what waits for somebody.
pub fn push_waiting(sql: &mut Statement, (UserId(person), role): (UserId, Role)) {
    sql.push(WAITING_FOR_OWNER).bind(person);
    match role {
        Role::User => {}
        Role::Technician => {
            sql.push(WAITING_FOR_TECHNICIAN).bind(person);
            sql.push(OFFERED).bind(person);
            sql.push(NOT_THEIR_JOB).bind(person);
            sql.push(NOT_THEIR_ANSWER).bind(person).push(")");
        }
        Role::Admin => {
            // Whoever became one keeps what they had in hand.
            sql.push(WAITING_FOR_TECHNICIAN).bind(person);
            sql.push(WAITING_FOR_ADMINS);
            sql.push(NOT_THEIR_ANSWER).bind(person).push(")");
        }
    }
}

/// The pattern names every field, so that a new filter cannot be forgotten here.
pub fn push_conditions(sql: &mut Statement, permitted: &Permitted, start_of: StartOf<'_>) {
    let TicketQuery {
        ticket,
        owner,
        technician,
        unassigned,
        list: _,
        status: _,
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
    // What waits is found first, and then looked at.
    let is_walk = is_walk(permitted) || permitted.waiting_for().is_some();

    // The bound makes walking in this order an index search.
    sql.push(" WHERE ");
    sql.push(&match by {
        _ if permitted.waiting_for().is_some() => "TRUE".to_owned(),
        SortedBy::Number => "id > 0".to_owned(),
        _ => format!("{} > -9007199254740992", Ordering::column(by)),
    });
    if let Some(UserId(person)) = permitted.involving() {
        sql.push(" AND (user_id = ").bind(person);
        sql.push(" OR technician_id = ").bind(person).push(")");
    }
    if let Some(whom) = permitted.waiting_for() {
        sql.push(" AND id IN (");
        push_waiting(sql, whom);
        sql.push(")");
    }
    if let Some(TicketId(id)) = *ticket {
        sql.push(" AND id = ").bind(id);
    }
    if let Some(UserId(id)) = *owner {
        sql.push(" AND user_id = ").bind(id);
    }
    if let Some(UserId(id)) = *technician {
        sql.push(" AND technician_id = ").bind(id);
    }
    if *unassigned {
        sql.push(" AND technician_id IS NULL");
    }
    for (column, value) in [("campus", campus), ("device_type", device), ("fault_type", fault)] {
        if let Some(value) = value {
            push_text(sql, column, is_walk);
            sql.bind(value.as_str());
        }
    }
    push_progress(sql, permitted.query(), is_walk);
    let spans = [("created_at", filed), ("assigned_at", assigned), ("completed_at", completed)];
    for (column, span) in spans {
        push_span(sql, column, *span, start_of);
    }
}

/// Whether a list in an order of its own is read by walking along that order.
/// A campus, a device, what is done: each may be a third of all tickets, and an
/// index of it would have them all sorted. What a person has, what is open, what
/// nobody has taken are few, and sorted when they are found.
fn is_walk(permitted: &Permitted) -> bool {
    let query = permitted.query();
    let is_few = query.ticket.is_some()
        || query.owner.is_some()
        || query.technician.is_some()
        || query.unassigned
        || permitted.waiting_for().is_some();
    query.sorted_by() != SortedBy::Number && !is_few
}

/// A text that is made anew is not looked for in an index.
fn push_text(sql: &mut Statement, column: &str, is_walk: bool) {
    if is_walk {
        sql.push(" AND (").push(column).push(" || '') = ");
    } else {
        sql.push(" AND ").push(column).push(" = ");
    }
}

fn push_progress(sql: &mut Statement, query: &TicketQuery, is_walk: bool) {
    let progress = match (query.list, query.status) {
        (List::Pending, _) => Some("'pending'"),
        (List::Done, _) => Some("'done'"),
        (List::All, Some(status)) if status.is_open() => Some("'pending'"),
        (List::All, Some(Status::Done)) => Some("'done'"),
        (List::All, Some(_)) => Some("'ended'"),
        (List::All, None) => None,
    };
    if let Some(progress) = progress {
        push_text(sql, "progress", is_walk && progress != "'pending'");
        sql.push(progress);
    }
    if let Some(status) = query.status {
        sql.push(" AND status = ").bind(status.name());
    }
}

/// The last day is included.
fn push_span(sql: &mut Statement, column: &str, span: Span, start_of: StartOf<'_>) {
    if let Some(from) = span.from {
        sql.push(" AND ").push(column).push(" >= ").bind(start_of(from).0);
    }
    if let Some(to) = span.to {
        sql.push(" AND ").push(column).push(" < ").bind(start_of(to.next()).0);
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
