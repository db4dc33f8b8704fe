//! On which way the rows of a list are found.
//!
//! Some filters have an index that keeps their rows in some order. For all others
//! there are two ways: look along the order for rows that match, which is short
//! where many do, or find all that match and sort them, short where few do. How
//! many match is known first, because every page says it.

use super::Listing;
use super::conditions::push_filters;
use super::totals::{COUNTED, is_short, push_total};
use crate::domain::policy::Permitted;
use crate::domain::query::{SortedBy, TicketQuery};
use crate::domain::status::List;
use crate::store::statement::Statement;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Reads an index of the order.
    Along,
    /// Reads what was found, and sorts it.
    Found,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Always this way.
    Only(Way),
    /// What is found if it is no more than are counted, else along the order.
    Shorter,
}

/// The pattern names every field, so that a new filter cannot be forgotten here.
pub fn manner(permitted: &Permitted) -> Manner {
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
    if permitted.waiting_for().is_some() {
        return Manner::Only(Way::Found);
    }
    if ticket.is_some() {
        return Manner::Only(Way::Along);
    }
    let by = permitted.query().sorted_by();
    let has_other_span =
        [(SortedBy::Filed, filed), (SortedBy::Assigned, assigned), (SortedBy::Completed, completed)]
            .into_iter()
            .any(|(own, span)| own != by && !span.is_any());
    // These have an index with the progress, too.
    let with_progress = [owner.is_some(), technician.is_some(), campus.is_some()];
    let without = [*unassigned, device.is_some(), fault.is_some(), status.is_some(), has_other_span];
    let count = |filters: &[bool]| filters.iter().filter(|is_set| **is_set).count();
    let has_index = match (by, count(&with_progress), count(&without), list) {
        (SortedBy::Number, 0 | 1, 0, _) | (SortedBy::Waiting, 0, 0, _) => true,
        (SortedBy::Number, 0, 1, List::All) => status.is_none(),
        (_, 0, 0, List::All) => true,
        _ => false,
    };
    if has_index { Manner::Only(Way::Along) } else { Manner::Shorter }
}

/// Comes first in a statement: the common table expression `found (id)`, for
/// whoever needs it.
pub fn push_found(sql: &mut Statement, listing: &Listing<'_>) {
    let manner = manner(listing.permitted);
    if manner == Manner::Only(Way::Along) {
        return;
    }
    sql.push("WITH found (id) AS MATERIALIZED (SELECT id FROM tickets WHERE TRUE");
    push_filters(sql, listing, Way::Found);
    if manner == Manner::Shorter && !is_short(listing.permitted) {
        sql.push(" LIMIT ").push_number(COUNTED + 1);
    }
    sql.push(") ");
}

/// An expression that is written differently on each way.
pub fn push_by_way(sql: &mut Statement, listing: &Listing<'_>, push: impl Fn(&mut Statement, Way)) {
    match manner(listing.permitted) {
        Manner::Only(way) => push(sql, way),
        Manner::Shorter => {
            // Only the branch that is taken is read.
            sql.push("CASE WHEN ");
            push_total(sql, listing);
            sql.push(" <= ").push_number(COUNTED).push(" THEN ");
            push(sql, Way::Found);
            sql.push(" ELSE ");
            push(sql, Way::Along);
            sql.push(" END");
        }
    }
}
