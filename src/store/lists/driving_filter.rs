//! By which of its filters the rows of a list are found.
//!
//! Each filter has an index, and one to read is one that few tickets match. A
//! planner cannot know which: so it is asked for, of counters or by counting as far
//! as anybody counts, and all other filters are only compared.

use super::Listing;
use super::access_path::{Manner, manner};
use super::conditions::push_filters;
use super::counts::{COUNTED, is_short};
use super::filter::Filter;
use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::SortedBy;
use crate::store::sql::Statement;

/// The filters that can lead to the rows of a list, the likeliest first. Whatever
/// else is asked for, the tickets of one requester are few.
pub fn leads(query: &TicketQuery) -> Vec<Filter<'_>> {
    let filters = Filter::all(query);
    let owner = filters.iter().copied().find(|filter| matches!(filter, Filter::Owner(_)));
    owner.map_or(filters, |owner| vec![owner])
}

/// Of which filter an index is read that is in the order of the list, if there is one.
pub fn lead_along(query: &TicketQuery) -> Option<Filter<'_>> {
    let by = query.sorted_by();
    match (by, leads(query).as_slice()) {
        // There is an index of both, by campus.
        (SortedBy::Number, [Filter::Progress(_), campus @ Filter::Campus(_)]) => Some(*campus),
        (SortedBy::Number, leads) => leads.first().copied(),
        // There is an index of both.
        (SortedBy::Waiting, leads) => leads.iter().copied().find(|lead| matches!(lead, Filter::Progress(_))),
        _ => days_in_order(query),
    }
}

/// The days by which a list is sorted, if it is of such.
fn days_in_order(query: &TicketQuery) -> Option<Filter<'_>> {
    let by = query.sorted_by();
    Filter::all(query).into_iter().find(|filter| matches!(filter, Filter::Days(time, _) if *time == by))
}

/// Comes first in a statement: the common table expression `found (id)`, for
/// whoever needs it.
pub fn push_found(sql: &mut Statement, listing: &Listing<'_>) {
    let permitted = listing.permitted;
    if manner(permitted) == Manner::Along {
        return;
    }
    sql.push("WITH found (id) AS MATERIALIZED (");
    match leads(permitted.query()).as_slice() {
        // What waits is found by whose turn it is.
        _ if permitted.waiting_for().is_some() => push_ids(sql, listing, None),
        [] => push_ids(sql, listing, None),
        [lead] => push_ids(sql, listing, Some(*lead)),
        leads @ [likely, ..] => {
            let [begin, end] = listing.words.ids;
            sql.push(listing.words.unpack_ids).push("(CASE");
            for most in [COUNTED, 10 * COUNTED] {
                for lead in leads {
                    sql.push(" WHEN ");
                    lead.push_is_few(sql, listing, most);
                    sql.push(" THEN ").push(begin);
                    push_ids(sql, listing, Some(*lead));
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

fn push_ids(sql: &mut Statement, listing: &Listing<'_>, lead: Option<Filter<'_>>) {
    sql.push("SELECT id FROM tickets WHERE TRUE");
    push_filters(sql, listing, lead);
    let is_whole = listing.permitted.waiting_for().is_some() || is_short(listing.permitted);
    if !is_whole {
        sql.push(" LIMIT ").push_number(COUNTED + 1);
    }
}
