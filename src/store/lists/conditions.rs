//! Which rows a list has.

use super::access_path::AccessPath;
use super::driving_filter::lead_along;
use super::filter::Filter;
use super::sort::Ordering;
use super::{Listing, page_index};
use crate::domain::access::Permitted;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::{Cursor, Direction, SortedBy};
use crate::domain::viewer::Role;
use crate::store::sql::Statement;

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
pub enum Subject {
    Person(UserId),
    /// Whoever is in this column.
    Column(&'static str),
}

/// The numbers of what waits for somebody of this role.
pub fn push_waiting(sql: &mut Statement, whom: Subject, role: Role) {
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
            Subject::Person(UserId(id)) => sql.bind(id),
            Subject::Column(name) => sql.push(name),
        };
    }
    if role != Role::User {
        sql.push(")");
    }
}

/// Which part of a list is read.
#[derive(Clone, Copy)]
pub enum Part {
    Whole,
    /// From the block that was located, in this direction.
    FromBlock(Direction),
    Behind(Ordering, Cursor),
    /// Up to a place, and that place itself.
    UpTo(Ordering, Cursor),
}

impl Part {
    fn push(self, sql: &mut Statement, way: AccessPath) {
        match self {
            Self::Whole => {}
            Self::FromBlock(direction) => page_index::push_from_location(sql, direction),
            Self::Behind(ordering, place) => ordering.push_behind(sql, place, way),
            Self::UpTo(ordering, place) => ordering.push_up_to(sql, place, way),
        }
    }
}

/// The rows of a part of a list, read on one of the ways.
pub fn push_rows_on(sql: &mut Statement, listing: &Listing<'_>, way: AccessPath, part: Part) {
    let query = listing.permitted.query();
    let by = query.sorted_by();
    sql.push(" FROM tickets WHERE ");
    if way == AccessPath::Found {
        let [is_among, end] = listing.words.is_among;
        sql.push(is_among).push("SELECT id FROM found").push(end);
        if !matches!(part, Part::Whole) {
            sql.push(" AND ");
            part.push(sql, way);
        }
        return;
    }
    // A bound makes walking in this order an index search. Of two on one side SQLite
    // takes the first: so where the part is bounded, nothing else comes before that.
    let has_start = |filter: &Filter<'_>| matches!(filter, Filter::Days(time, span) if *time == by && span.from.is_some());
    match part {
        Part::Whole if by == SortedBy::Number => {
            sql.push("id > 0");
        }
        Part::Whole if Filter::all(query).iter().any(has_start) => {
            sql.push("TRUE");
        }
        Part::Whole => {
            sql.push(Ordering::column(by)).push(" > -9007199254740992");
        }
        Part::FromBlock(_) | Part::Behind(..) | Part::UpTo(..) => part.push(sql, way),
    }
    push_filters(sql, listing, lead_along(query));
}

/// Of the filters, an index may be read of the lead alone.
pub fn push_filters(sql: &mut Statement, listing: &Listing<'_>, lead: Option<Filter<'_>>) {
    let Listing { permitted, start_of, .. } = *listing;
    let query = permitted.query();

    if let Some(UserId(person)) = permitted.involving() {
        sql.push(" AND (user_id = ").bind(person);
        sql.push(" OR technician_id = ").bind(person).push(")");
    }
    if let Some((person, role)) = permitted.waiting_for() {
        let [is_among, end] = listing.words.is_among;
        sql.push(" AND ").push(is_among);
        push_waiting(sql, Subject::Person(person), role);
        sql.push(end);
    }
    if let Some(TicketId(id)) = query.ticket {
        sql.push(" AND id = ").bind(id);
    }
    // Some have an index with the progress, too.
    let has_progress = lead.is_some_and(Filter::has_index_with_progress);
    for filter in Filter::all(query) {
        let goes_along = has_progress && matches!(filter, Filter::Progress(_));
        filter.push(sql, lead != Some(filter) && !goes_along, start_of);
    }
    if let Some(status) = query.status {
        sql.push(" AND status = ").bind(status.name());
        if !query.list.contains(status) {
            sql.push(" AND FALSE");
        }
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
