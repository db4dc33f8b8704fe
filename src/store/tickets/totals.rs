//! How many rows a list has: from counters where there are some, else counted
//! up to where nobody waits for it any more.

use super::Listing;
use super::conditions::{Part, push_rows_on};
use super::manner::{Manner, Way, manner};
use crate::domain::person::UserId;
use crate::domain::policy::Permitted;
use crate::domain::query::TicketQuery;
use crate::domain::status::{List, Status};
use crate::store::statement::Statement;

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
    /// The counter of a list, if it has one. The pattern names every field, so
    /// that a new filter cannot be forgotten here.
    pub fn of(permitted: &'a Permitted) -> Option<Self> {
        let TicketQuery {
            ticket,
            owner,
            technician,
            unassigned,
            list: _,
            status: _,
            campus,
            device,
            fault,
            filed,
            assigned,
            completed,
            waiting,
            order: _,
            start: _,
            limit: _,
        } = permitted.query();
        let is_plain = ticket.is_none()
            && [filed, assigned, completed].into_iter().all(|span| span.is_any())
            && !waiting
            && permitted.involving().is_none();
        if !is_plain {
            return None;
        }
        let campus = campus.as_deref();
        match (owner, technician, device.is_some() || fault.is_some()) {
            (None, None, true) => Some(Self::Crosstab(permitted.query())),
            (None, None, false) if *unassigned => Some(Self::Nobody(campus)),
            (None, None, false) => Some(Self::Campus(campus)),
            (Some(owner), None, false) if campus.is_none() && !unassigned => Some(Self::Owner(*owner)),
            (None, Some(technician), false) if campus.is_none() && !unassigned => {
                Some(Self::Technician(*technician))
            }
            _ => None,
        }
    }

    pub fn push_from(&self, sql: &mut Statement) {
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
    sql.push("(SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT)");
    Counter::Campus(None).push_from(sql);
    sql.push(")");
}

/// How many rows match. One more than [`COUNTED`] stands for "more".
pub fn push_total(sql: &mut Statement, listing: &Listing<'_>) {
    let permitted = listing.permitted;
    if let Some(counter) = Counter::of(permitted) {
        sql.push("(SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT)");
        counter.push_from(sql);
        let query = permitted.query();
        push_statuses(sql, |status| {
            query.list.contains(status) && query.status.is_none_or(|only| only == status)
        });
    } else if manner(permitted) != Manner::Along {
        sql.push("(SELECT COUNT(*) FROM found");
    } else if is_short(permitted) {
        sql.push("(SELECT COUNT(*)");
        push_rows_on(sql, listing, Way::Along, Part::Whole);
    } else {
        sql.push("(SELECT COUNT(*) FROM (SELECT 1 AS one");
        push_rows_on(sql, listing, Way::Along, Part::Whole);
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
    let counted: Vec<Status> = Status::ALL.into_iter().filter(|status| is_counted(*status)).collect();
    if counted.len() == Status::ALL.len() {
        return;
    }
    let names: Vec<String> = counted.iter().map(|status| format!("'{status}'")).collect();
    let names = if names.is_empty() { "''".to_owned() } else { names.join(", ") };
    sql.push(" AND status IN (").push(&names).push(")");
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
        let names: Vec<String> = Status::ALL
            .into_iter()
            .filter(|status| list.contains(*status))
            .map(|status| format!("'{status}'"))
            .collect();
        sql.push(if number > 0 { ", " } else { "" });
        sql.push(&format!(
            "COALESCE(SUM(CASE WHEN status IN ({}) THEN tickets ELSE 0 END), 0)",
            names.join(", ")
        ));
    }
    sql.push(") AS TEXT)");
    counter.push_from(sql);
    sql.push(")");
}
