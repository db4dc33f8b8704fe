//! The choice between the two ways to the rows of a list, made by the statement itself.

use super::Listing;
use super::counts::{COUNTED, push_everything, push_is_few, push_matches, push_total};
use super::plan::{AccessPath, Paths};
use crate::domain::lists::sort::SortedBy;
use crate::store::sql::Statement;

/// Pushes an expression that is written differently on each way.
pub fn push_by_path(sql: &mut Statement, listing: &Listing<'_>, push: impl Fn(&mut Statement, AccessPath)) {
    match listing.plan.paths {
        Paths::Only(path) => push(sql, path),
        Paths::Shorter => {
            // The database reads the chosen branch alone.
            sql.push("CASE WHEN ");
            push_found_is_shorter(sql, listing);
            sql.push(" THEN ");
            push(sql, AccessPath::Found);
            sql.push(" ELSE ");
            push(sql, AccessPath::Along);
            sql.push(" END");
        }
    }
}

/// Pushes whether finding all that match is less work than walking past what does not: few match, and
/// they are rare among what would be walked along.
fn push_found_is_shorter(sql: &mut Statement, listing: &Listing<'_>) {
    let query = listing.permitted.query();
    if query.sorted_by() == SortedBy::Number {
        // Indexes of filters have their rows by number.
        let driving = &listing.plan.driving;
        sql.push("(");
        for (number, filter) in driving.iter().enumerate() {
            sql.push(if number > 0 { " OR " } else { "" });
            push_is_few(sql, listing, *filter, COUNTED);
        }
        sql.push(") AND ");
        push_total(sql, listing);
        sql.push(RARE);
        match driving.first() {
            Some(filter) => push_matches(sql, listing, *filter, COUNTED),
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

/// One in ten is not rare: a page is found in a hundred rows.
const RARE: &str = " * 10 < ";
