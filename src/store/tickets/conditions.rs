//! Which rows a list has.

use super::Listing;
use super::filter::Filter;
use super::lead::leads;
use super::manner::Way;
use super::order::Ordering;
use crate::domain::person::{Role, UserId};
use crate::domain::policy::Permitted;
use crate::domain::query::{SortedBy, TicketQuery};
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
    let query = listing.permitted.query();
    let by = query.sorted_by();
    sql.push(" FROM tickets WHERE ");
    if way == Way::Found {
        let [is_among, end] = listing.words.is_among;
        sql.push(is_among).push("SELECT id FROM found").push(end);
        return;
    }
    // A bound makes walking in this order an index search; of two, SQLite may take
    // the wrong one.
    let begins = |filter: &Filter<'_>| matches!(filter, Filter::Days(time, span) if *time == by && span.from.is_some());
    sql.push(&match by {
        SortedBy::Number => "id > 0".to_owned(),
        _ if Filter::all(query).iter().any(begins) => "TRUE".to_owned(),
        _ => format!("{} > -9007199254740992", Ordering::column(by)),
    });
    let filters = Filter::all(query);
    // An index of a filter has its rows by number; in another order nobody shall be
    // tempted to read and sort them all.
    let lead = match by {
        SortedBy::Number => leads(query).first().copied(),
        // There is an index of both.
        SortedBy::Waiting => filters.into_iter().find(|filter| matches!(filter, Filter::Progress(_))),
        by => filters.into_iter().find(|filter| matches!(filter, Filter::Days(time, _) if *time == by)),
    };
    push_filters(sql, listing, lead);
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
        push_waiting(sql, Whom::Person(person), role);
        sql.push(end);
    }
    if let Some(TicketId(id)) = query.ticket {
        sql.push(" AND id = ").bind(id);
    }
    // Some have an index with the progress, too.
    let has_progress = matches!(lead, Some(Filter::Owner(_) | Filter::Technician(_) | Filter::Campus(_)));
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
