//! Ids of the rows of a list, found by the index of one of its filters.
//!
//! The index to read is that of a filter which few tickets match. The database's planner cannot know
//! which one that is: so the statement asks counters, or counts as far as [`COUNTED`], and compares all
//! other filters without their indexes.

use super::Listing;
use super::conditions::push_filters;
use super::counts::{COUNTED, push_is_few};
use super::filter::Filter;
use super::plan::{AccessPath, Paths};
use crate::store::sql::Statement;

/// Pushes the common table expression `found (id)`, where the plan needs it. It comes first in a
/// statement.
pub fn push_found(sql: &mut Statement, listing: &Listing<'_>) {
    let Listing { permitted, plan, .. } = listing;
    if plan.paths == Paths::Only(AccessPath::Along) {
        return;
    }
    sql.push("WITH found (id) AS MATERIALIZED (");
    match plan.driving.as_slice() {
        // Waiting tickets are found by the person.
        _ if permitted.waiting_for().is_some() => push_ids(sql, listing, None),
        [] => push_ids(sql, listing, None),
        [driving] => push_ids(sql, listing, Some(*driving)),
        candidates @ [likely, ..] => {
            let [begin, end] = listing.fragments.ids;
            sql.push(listing.fragments.unpack_ids).push("(CASE");
            for most in [COUNTED, 10 * COUNTED] {
                for driving in candidates {
                    sql.push(" WHEN ");
                    push_is_few(sql, listing, *driving, most);
                    sql.push(" THEN ").push(begin);
                    push_ids(sql, listing, Some(*driving));
                    sql.push(end);
                }
            }
            sql.push(" ELSE ").push(begin);
            push_ids(sql, listing, Some(*likely));
            sql.push(end).push(" END)");
        }
    }
    sql.push(") ");
}

fn push_ids(sql: &mut Statement, listing: &Listing<'_>, driving: Option<Filter<'_>>) {
    sql.push("SELECT id FROM tickets WHERE TRUE");
    push_filters(sql, listing, driving);
    let is_whole = listing.permitted.waiting_for().is_some() || listing.plan.is_short;
    if !is_whole {
        sql.push(" LIMIT ").push_number(COUNTED + 1);
    }
}
