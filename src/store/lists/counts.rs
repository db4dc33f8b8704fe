//! Number of rows that a list has: from its counter, else counted as far as a reader waits for.

use super::Listing;
use super::conditions::{Part, push_filter, push_rows_on};
use super::filter::{Filter, progress};
use super::plan::{AccessPath, Counter, Paths};
use crate::domain::ids::UserId;
use crate::domain::lists::query::TicketQuery;
use crate::domain::tickets::status::{List, Status};
use crate::store::sql::Statement;

/// Number of rows at which counting ends.
pub const COUNTED: i64 = 10_000;

/// Pushes the number of tickets of a counter, of all states unless more is pushed.
fn push_sum(sql: &mut Statement, counter: Counter<'_>) {
    sql.push("SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT)");
    push_from(sql, counter);
}

fn push_from(sql: &mut Statement, counter: Counter<'_>) {
    let (kind, subject) = match counter {
        Counter::Campus(campus) => ("campus", campus.map(str::to_owned)),
        Counter::Owner(UserId(id)) => ("owner", Some(id.to_string())),
        Counter::Technician(UserId(id)) => ("technician", Some(id.to_string())),
        Counter::Nobody(campus) => ("nobody", campus.map(str::to_owned)),
        Counter::Crosstab(query) => return push_crosstab(sql, query),
    };
    sql.push(" FROM ticket_totals WHERE kind = '").push(kind).push("'");
    if let Some(subject) = subject {
        sql.push(" AND subject = ").bind(subject);
    }
}

fn push_crosstab(sql: &mut Statement, query: &TicketQuery) {
    sql.push(" FROM ticket_crosstab WHERE ").push(if query.unassigned { "is_taken = 0" } else { "TRUE" });
    let columns = [("campus", &query.campus), ("device_type", &query.device), ("fault_type", &query.fault)];
    for (column, value) in columns {
        if let Some(value) = value {
            sql.push(" AND ").push(column).push(" = ").bind(value.as_str());
        }
    }
}

/// Pushes the number of all tickets.
pub fn push_everything(sql: &mut Statement) {
    sql.push("(");
    push_sum(sql, Counter::Campus(None));
    sql.push(")");
}

/// Pushes the number of rows that match. One more than [`COUNTED`] stands for "more".
pub fn push_total(sql: &mut Statement, listing: &Listing<'_>) {
    if let Some(counter) = listing.plan.counter {
        sql.push("(");
        push_sum(sql, counter);
        let query = listing.permitted.query();
        push_statuses(sql, |status| {
            query.list.contains(status) && query.status.is_none_or(|only| only == status)
        });
    } else if listing.plan.paths != Paths::Only(AccessPath::Along) {
        sql.push("(SELECT COUNT(*) FROM found");
    } else if listing.plan.is_short {
        sql.push("(SELECT COUNT(*)");
        push_rows_on(sql, listing, AccessPath::Along, Part::Whole);
    } else {
        sql.push("(SELECT COUNT(*) FROM (SELECT 1 AS one");
        push_rows_on(sql, listing, AccessPath::Along, Part::Whole);
        sql.push(" LIMIT ").push_number(COUNTED + 1).push(") AS counted");
    }
    sql.push(")");
}

fn push_statuses(sql: &mut Statement, is_counted: impl Fn(Status) -> bool) {
    if !Status::ALL.into_iter().all(&is_counted) {
        sql.push(" AND status IN (").push(&names(is_counted)).push(")");
    }
}

/// Names of states as a statement lists them; no list is empty.
fn names(is_counted: impl Fn(Status) -> bool) -> String {
    let counted = Status::ALL.into_iter().filter(|status| is_counted(*status));
    let names: Vec<String> = counted.map(|status| format!("'{status}'")).collect();
    if names.is_empty() { "''".to_owned() } else { names.join(", ") }
}

/// Pushes the sizes of the three lists under the same filters, as JSON; `NULL` where there is no
/// counter.
pub fn push_sizes(sql: &mut Statement, listing: &Listing<'_>) {
    // Technicians, who may see the pool, are not told the other numbers.
    let is_seen = !listing.permitted.query().unassigned || listing.permitted.is_everything();
    let Some(counter) = listing.plan.counter.filter(|_| is_seen) else {
        sql.push("CAST(NULL AS TEXT)");
        return;
    };
    sql.push("(SELECT CAST(").push(listing.fragments.json_array).push("(");
    for (number, list) in List::ALL.into_iter().enumerate() {
        sql.push(if number > 0 { ", " } else { "" });
        sql.push(&format!(
            "COALESCE(SUM(CASE WHEN status IN ({}) THEN tickets ELSE 0 END), 0)",
            names(|status| list.contains(status))
        ));
    }
    sql.push(") AS TEXT)");
    push_from(sql, counter);
    sql.push(")");
}

/// Pushes whether at most `most` tickets match this filter alone.
pub fn push_is_few(sql: &mut Statement, listing: &Listing<'_>, filter: Filter<'_>, most: i64) {
    push_matches(sql, listing, filter, most);
    sql.push(" <= ").push_number(most);
}

/// Pushes the number of tickets that match this filter alone; any number above `most` stands for
/// "more".
pub fn push_matches(sql: &mut Statement, listing: &Listing<'_>, filter: Filter<'_>, most: i64) {
    sql.push("(");
    match filter {
        Filter::Owner(person) => push_sum(sql, Counter::Owner(person)),
        Filter::Technician(person) => push_sum(sql, Counter::Technician(person)),
        Filter::Nobody => push_sum(sql, Counter::Nobody(None)),
        // Its index has all states of the same progress.
        Filter::Progress(own) => {
            push_sum(sql, Counter::Campus(None));
            push_statuses(sql, |status| progress(List::All, Some(status)) == Some(own));
        }
        Filter::Campus(_) | Filter::Device(_) | Filter::Fault(_) => {
            sql.push("SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT) FROM ticket_crosstab WHERE TRUE");
            push_filter(sql, filter, false, listing.start_of);
        }
        Filter::Days(..) => {
            sql.push("SELECT COUNT(*) FROM (SELECT 1 AS one FROM tickets WHERE TRUE");
            push_filter(sql, filter, false, listing.start_of);
            sql.push(" LIMIT ").push_number(most + 1).push(") AS matches");
        }
    }
    sql.push(")");
}
