//! On which way the rows of a list are found.
//!
//! Some filters have an index that keeps their rows in some order. For all others
//! there are two ways: look along the order for rows that match, which is short
//! where many do, or find all that match and sort them, short where few do. How
//! many that is is found out first: every page says it anyway.

use super::Listing;
use super::counts::{COUNTED, push_everything, push_total};
use super::driving_filter::leads;
use super::filter::Filter;
use crate::domain::access::Permitted;
use crate::domain::lists::sort::SortedBy;
use crate::store::sql::Statement;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AccessPath {
    /// Reads an index of the order.
    Along,
    /// Reads what was found, and sorts it.
    Found,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Along,
    Found,
    /// Whichever way is shorter.
    Either,
}

pub fn manner(permitted: &Permitted) -> Manner {
    let query = permitted.query();
    if permitted.waiting_for().is_some() {
        return Manner::Found;
    }
    if query.ticket.is_some() {
        return Manner::Along;
    }
    match (query.sorted_by(), leads(query).as_slice()) {
        (_, []) | (SortedBy::Number, [_]) => Manner::Along,
        // These have an index of both.
        (
            SortedBy::Number,
            [Filter::Campus(_) | Filter::Technician(_) | Filter::Nobody, Filter::Progress(_)],
        )
        | (SortedBy::Number, [Filter::Progress(_), Filter::Campus(_)])
        | (SortedBy::Waiting, [Filter::Progress(_)])
            if query.status.is_none() =>
        {
            Manner::Along
        }
        (by, [Filter::Days(time, _)]) if by == *time => Manner::Along,
        _ => Manner::Either,
    }
}

/// An expression that is written differently on each way.
pub fn push_by_way(sql: &mut Statement, listing: &Listing<'_>, push: impl Fn(&mut Statement, AccessPath)) {
    match manner(listing.permitted) {
        Manner::Along => push(sql, AccessPath::Along),
        Manner::Found => push(sql, AccessPath::Found),
        Manner::Either => {
            // Only the branch that is taken is read.
            sql.push("CASE WHEN ");
            push_is_few(sql, listing);
            sql.push(" THEN ");
            push(sql, AccessPath::Found);
            sql.push(" ELSE ");
            push(sql, AccessPath::Along);
            sql.push(" END");
        }
    }
}

/// Whether finding all that match is less than walking past what does not: few match,
/// and they are rare among what would be walked along.
fn push_is_few(sql: &mut Statement, listing: &Listing<'_>) {
    let query = listing.permitted.query();
    if query.sorted_by() == SortedBy::Number {
        // The index of every filter has its rows by number.
        let leads = leads(query);
        sql.push("(");
        for (number, lead) in leads.iter().enumerate() {
            sql.push(if number > 0 { " OR " } else { "" });
            lead.push_is_few(sql, listing, COUNTED);
        }
        sql.push(") AND ");
        push_total(sql, listing);
        sql.push(RARE);
        match leads.first() {
            Some(lead) => lead.push_matches(sql, listing, COUNTED),
            None => push_everything(sql),
        }
    } else {
        push_total(sql, listing);
        sql.push(" <= ").push_number(COUNTED).push(" AND ");
        push_total(sql, listing);
        sql.push(RARE);
        push_everything(sql);
    }
}

/// One in ten is not: a page is found in a hundred rows.
const RARE: &str = " * 10 < ";
