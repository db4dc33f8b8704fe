//! How many rows a list has: from counters where there are some, else counted
//! up to where nobody waits for it any more.

use super::Listing;
use super::access_path::{AccessPath, Manner, manner};
use super::conditions::{Part, push_rows_on};
use super::filter::Filter;
use crate::domain::access::Permitted;
use crate::domain::ids::UserId;
use crate::domain::lists::query::TicketQuery;
use crate::domain::tickets::status::{List, Status};
use crate::store::sql::Statement;

/// Counting ends here.
pub const COUNTED: i64 = 10_000;

/// What `ticket_totals` and `ticket_crosstab` know about.
pub enum Counter<'a> {
    Campus(Option<&'a str>),
    Owner(UserId),
    Technician(UserId),
    Nobody(Option<&'a str>),
    Crosstab(&'a TicketQuery),
}

impl<'a> Counter<'a> {
    /// The counter of a list, if it has one. All have the states apart.
    pub fn of(permitted: &'a Permitted) -> Option<Self> {
        let query = permitted.query();
        if query.ticket.is_some() || query.waiting || permitted.involving().is_some() {
            return None;
        }
        let mut filters = Filter::all(query);
        filters.retain(|filter| !matches!(filter, Filter::Progress(_)));
        match filters.as_slice() {
            [] => Some(Self::Campus(None)),
            [Filter::Campus(campus)] => Some(Self::Campus(Some(campus))),
            [Filter::Nobody] => Some(Self::Nobody(None)),
            [Filter::Nobody, Filter::Campus(campus)] => Some(Self::Nobody(Some(campus))),
            [Filter::Owner(person)] => Some(Self::Owner(*person)),
            [Filter::Technician(person)] => Some(Self::Technician(*person)),
            filters => filters.iter().all(Filter::is_in_crosstab).then_some(Self::Crosstab(query)),
        }
    }

    /// How many tickets it counts, of all states unless more is pushed.
    pub fn push_sum(&self, sql: &mut Statement) {
        sql.push("SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT)");
        self.push_from(sql);
    }

    fn push_from(&self, sql: &mut Statement) {
        let (kind, subject) = match self {
            Self::Campus(campus) => ("campus", campus.map(str::to_owned)),
            Self::Owner(UserId(id)) => ("owner", Some(id.to_string())),
            Self::Technician(UserId(id)) => ("technician", Some(id.to_string())),
            Self::Nobody(campus) => ("nobody", campus.map(str::to_owned)),
            Self::Crosstab(query) => return push_crosstab(sql, query),
        };
        sql.push(" FROM ticket_totals WHERE kind = '").push(kind).push("'");
        if let Some(subject) = subject {
            sql.push(" AND subject = ").bind(subject);
        }
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

/// All tickets.
pub fn push_everything(sql: &mut Statement) {
    sql.push("(");
    Counter::Campus(None).push_sum(sql);
    sql.push(")");
}

/// How many rows match. One more than [`COUNTED`] stands for "more".
pub fn push_total(sql: &mut Statement, listing: &Listing<'_>) {
    let permitted = listing.permitted;
    if let Some(counter) = Counter::of(permitted) {
        sql.push("(");
        counter.push_sum(sql);
        let query = permitted.query();
        push_statuses(sql, |status| {
            query.list.contains(status) && query.status.is_none_or(|only| only == status)
        });
    } else if manner(permitted) != Manner::Along {
        sql.push("(SELECT COUNT(*) FROM found");
    } else if is_short(permitted) {
        sql.push("(SELECT COUNT(*)");
        push_rows_on(sql, listing, AccessPath::Along, Part::Whole);
    } else {
        sql.push("(SELECT COUNT(*) FROM (SELECT 1 AS one");
        push_rows_on(sql, listing, AccessPath::Along, Part::Whole);
        sql.push(" LIMIT ").push_number(COUNTED + 1).push(") AS counted");
    }
    sql.push(")");
}

/// One requester's tickets are few, and the contract wants their numbers exact.
pub fn is_short(permitted: &Permitted) -> bool {
    let TicketQuery { ticket, owner, .. } = permitted.query();
    ticket.is_some() || owner.is_some()
}

pub fn push_statuses(sql: &mut Statement, is_counted: impl Fn(Status) -> bool) {
    if !Status::ALL.into_iter().all(&is_counted) {
        sql.push(" AND status IN (").push(&names(is_counted)).push(")");
    }
}

/// As a statement lists them; no list is empty.
fn names(is_counted: impl Fn(Status) -> bool) -> String {
    let counted = Status::ALL.into_iter().filter(|status| is_counted(*status));
    let names: Vec<String> = counted.map(|status| format!("'{status}'")).collect();
    if names.is_empty() { "''".to_owned() } else { names.join(", ") }
}

/// How many each of the three lists has under the same filters, as JSON; `NULL`
/// where there is no counter.
pub fn push_sizes(sql: &mut Statement, listing: &Listing<'_>) {
    // Whoever may see what waits for a technician is not told of the rest.
    let is_seen = !listing.permitted.query().unassigned || listing.permitted.is_everything();
    let Some(counter) = Counter::of(listing.permitted).filter(|_| is_seen) else {
        sql.push("CAST(NULL AS TEXT)");
        return;
    };
    sql.push("(SELECT CAST(").push(listing.words.json_array).push("(");
    for (number, list) in List::ALL.into_iter().enumerate() {
        sql.push(if number > 0 { ", " } else { "" });
        sql.push(&format!(
            "COALESCE(SUM(CASE WHEN status IN ({}) THEN tickets ELSE 0 END), 0)",
            names(|status| list.contains(status))
        ));
    }
    sql.push(") AS TEXT)");
    counter.push_from(sql);
    sql.push(")");
}
