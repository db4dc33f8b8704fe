//! Conditions on the rows of a list.

use super::filter::Filter;
use super::plan::AccessPath;
use super::sort::Ordering;
use super::{Listing, StartOf, page_index};
use crate::domain::ids::{TicketId, UserId};
use crate::domain::lists::sort::{Cursor, Direction, SortedBy};
use crate::domain::time::Span;
use crate::domain::viewer::Role;
use crate::store::sql::Statement;

/// Tickets that wait for a person: requesters confirm, technicians repair, admins assign free
/// tickets; all roles confirm tickets that they filed themselves.
const WAITING_FOR_OWNER: &str = "SELECT id FROM tickets WHERE progress = 'pending' AND id > 0 AND status = 'UserConfirming' AND user_id = ";
/// Queries without a common ticket, so that counting them can stop early.
const WAITING_FOR_TECHNICIAN: &str = " UNION ALL SELECT id FROM tickets
    WHERE progress = 'pending' AND id > 0 AND status <> 'UserConfirming' AND technician_id = ";
const OFFERED: &str = " UNION ALL SELECT id FROM tickets WHERE id > 0 AND offered_to = ";
const NOT_THEIR_JOB: &str = " AND COALESCE(technician_id, 0) <> ";
const NOT_THEIR_ANSWER: &str = " AND (status <> 'UserConfirming' OR user_id <> ";
const NOBODYS_NOR_THEIR_ANSWER: &str = " UNION ALL SELECT id FROM tickets
    WHERE technician_id IS NULL AND progress = 'pending' AND id > 0
        AND (status <> 'UserConfirming' OR user_id <> ";

/// Person whom a statement is about.
#[derive(Clone, Copy)]
pub enum Subject {
    Person(UserId),
    /// The person in this column.
    Column(&'static str),
}

/// Pushes the ids of the tickets that wait for somebody of this role.
pub fn push_waiting(sql: &mut Statement, whom: Subject, role: Role) {
    let parts: &[&str] = match role {
        Role::User => &[WAITING_FOR_OWNER],
        Role::Technician => {
            &[WAITING_FOR_OWNER, WAITING_FOR_TECHNICIAN, OFFERED, NOT_THEIR_JOB, NOT_THEIR_ANSWER]
        }
        // A technician who becomes an admin keeps their jobs.
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

/// Part of a list that is read.
#[derive(Clone, Copy)]
pub enum Part {
    Whole,
    /// Rows from the located block on, in this direction.
    FromBlock(Direction),
    Behind(Ordering, Cursor),
    /// Rows up to a cursor, its own row included.
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

/// Pushes `FROM` and `WHERE` of a part of a list, read on one of the ways.
pub fn push_rows_on(sql: &mut Statement, listing: &Listing<'_>, way: AccessPath, part: Part) {
    let query = listing.permitted.query();
    let by = query.sorted_by();
    sql.push(" FROM tickets WHERE ");
    if way == AccessPath::Found {
        let [is_among, end] = listing.fragments.is_among;
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
    push_filters(sql, listing, listing.plan.driving_along);
}

/// Pushes all filters. An index may be read for the driving one alone.
pub fn push_filters(sql: &mut Statement, listing: &Listing<'_>, driving: Option<Filter<'_>>) {
    let Listing { permitted, start_of, .. } = listing;
    let query = permitted.query();

    if let Some(UserId(person)) = permitted.involving() {
        sql.push(" AND (user_id = ").bind(person);
        sql.push(" OR technician_id = ").bind(person).push(")");
    }
    if let Some((person, role)) = permitted.waiting_for() {
        let [is_among, end] = listing.fragments.is_among;
        sql.push(" AND ").push(is_among);
        push_waiting(sql, Subject::Person(person), role);
        sql.push(end);
    }
    if let Some(TicketId(id)) = query.ticket {
        sql.push(" AND id = ").bind(id);
    }
    // Some leads have an index with the progress, too.
    let has_progress = driving.is_some_and(Filter::has_index_with_progress);
    for filter in Filter::all(query) {
        let goes_along = has_progress && matches!(filter, Filter::Progress(_));
        push_filter(sql, filter, driving != Some(filter) && !goes_along, start_of);
    }
    if let Some(status) = query.status {
        sql.push(" AND status = ").bind(status.name());
        if !query.list.contains(status) {
            sql.push(" AND FALSE");
        }
    }
}

/// Pushes the condition of a filter. Without index, it is about an expression that no index has.
pub fn push_filter(sql: &mut Statement, filter: Filter<'_>, without_index: bool, start_of: StartOf<'_>) {
    let mut column = |name: &str, and_nothing: &str| {
        sql.push(" AND ").push(name).push(if without_index { and_nothing } else { "" });
    };
    match filter {
        Filter::Owner(_) => column("user_id", " + 0"),
        Filter::Technician(_) | Filter::Nobody => column("technician_id", " + 0"),
        Filter::Progress(_) => column("progress", " || ''"),
        Filter::Campus(_) => column("campus", " || ''"),
        Filter::Device(_) => column("device_type", " || ''"),
        Filter::Fault(_) => column("fault_type", " || ''"),
        Filter::Days(..) => {}
    }
    match filter {
        Filter::Owner(UserId(id)) | Filter::Technician(UserId(id)) => sql.push(" = ").bind(id),
        Filter::Nobody => sql.push(" IS NULL"),
        Filter::Progress(progress) => sql.push(" = '").push(progress).push("'"),
        Filter::Campus(text) | Filter::Device(text) | Filter::Fault(text) => sql.push(" = ").bind(text),
        Filter::Days(time, span) => push_days(sql, time, span, without_index, start_of),
    };
}

/// Pushes a span of days, the last included. Without index, what a null stands for is written out: else
/// it would follow that there is none, and an index of all that have such a time would do.
fn push_days<'s>(
    sql: &'s mut Statement,
    time: SortedBy,
    span: Span,
    without_index: bool,
    start_of: StartOf<'_>,
) -> &'s mut Statement {
    let column = |sql: &mut Statement, of_null: &str| {
        let column = Ordering::column(time);
        if without_index {
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
