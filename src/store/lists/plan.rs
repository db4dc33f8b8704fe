//! Plan of a list: how its rows are found and counted.
//!
//! [`Plan::of`] decides from the query alone, without a database; the other files of this folder print
//! what it decided as SQL.
//!
//! Some filters have an index that keeps their rows in the order of the list. For all others there are
//! two ways: look along the order for rows that match, which is short where many do, or find all that
//! match and sort them, short where few do. How many match is not known before the statement runs, so
//! the statement itself counts and takes the shorter way.

use super::filter::Filter;
use crate::domain::access::Permitted;
use crate::domain::ids::UserId;
use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::SortedBy;

/// Way on which an expression reads the rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessPath {
    /// Reads an index that is in the order of the list.
    Along,
    /// Reads the ids in the common table expression `found`, and sorts their rows.
    Found,
}

/// Ways that a statement has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paths {
    Only(AccessPath),
    /// The statement counts first, and takes the shorter one.
    Shorter,
}

/// Counter of the tickets of a list, kept by triggers in `ticket_totals` and `ticket_crosstab`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter<'a> {
    Campus(Option<&'a str>),
    Owner(UserId),
    Technician(UserId),
    Nobody(Option<&'a str>),
    Crosstab(&'a TicketQuery),
}

impl<'a> Counter<'a> {
    /// The counter of a list, if it has one. All count each state apart.
    fn of(permitted: &'a Permitted) -> Option<Self> {
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
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<'a> {
    pub paths: Paths,
    /// Filters whose rows an index finds, the one that likely matches fewest first.
    pub driving: Vec<Filter<'a>>,
    /// The filter whose index is read on the way along, if one is in the order of the list.
    pub driving_along: Option<Filter<'a>>,
    pub counter: Option<Counter<'a>>,
    /// Set where so few rows match that they are all counted: one requester's tickets, and the contract
    /// wants their numbers exact.
    pub is_short: bool,
    /// The series of `ticket_blocks` that has just these rows, if there is one: a list of everything by
    /// number with no filter but its progress.
    pub series: Option<&'static str>,
}

impl<'a> Plan<'a> {
    pub fn of(permitted: &'a Permitted) -> Self {
        let query = permitted.query();
        let driving = driving(query);
        Self {
            paths: paths(permitted, &driving),
            driving_along: driving_along(query, &driving),
            driving,
            counter: Counter::of(permitted),
            is_short: query.ticket.is_some() || query.owner.is_some(),
            series: series(permitted),
        }
    }

    /// Returns `true` if this list's row counts are exact at any size.
    pub const fn counts_exactly(&self) -> bool {
        self.is_short || self.counter.is_some()
    }
}

fn paths(permitted: &Permitted, driving: &[Filter<'_>]) -> Paths {
    let query = permitted.query();
    if permitted.waiting_for().is_some() {
        return Paths::Only(AccessPath::Found);
    }
    if query.ticket.is_some() {
        return Paths::Only(AccessPath::Along);
    }
    match (query.sorted_by(), driving) {
        (_, []) | (SortedBy::Number, [_]) => Paths::Only(AccessPath::Along),
        // Pairs with an index of both.
        (
            SortedBy::Number,
            [Filter::Campus(_) | Filter::Technician(_) | Filter::Nobody, Filter::Progress(_)],
        )
        | (SortedBy::Number, [Filter::Progress(_), Filter::Campus(_)])
        | (SortedBy::Waiting, [Filter::Progress(_)])
            if query.status.is_none() =>
        {
            Paths::Only(AccessPath::Along)
        }
        (by, [Filter::Days(time, _)]) if by == *time => Paths::Only(AccessPath::Along),
        _ => Paths::Shorter,
    }
}

/// Whatever else is asked for, the tickets of one requester are few.
fn driving(query: &TicketQuery) -> Vec<Filter<'_>> {
    let filters = Filter::all(query);
    let owner = filters.iter().copied().find(|filter| matches!(filter, Filter::Owner(_)));
    owner.map_or(filters, |owner| vec![owner])
}

fn driving_along<'a>(query: &'a TicketQuery, driving: &[Filter<'a>]) -> Option<Filter<'a>> {
    match (query.sorted_by(), driving) {
        // Index of both, by campus.
        (SortedBy::Number, [Filter::Progress(_), campus @ Filter::Campus(_)]) => Some(*campus),
        (SortedBy::Number, driving) => driving.first().copied(),
        // Index of both.
        (SortedBy::Waiting, driving) => {
            driving.iter().copied().find(|filter| matches!(filter, Filter::Progress(_)))
        }
        (by, _) => {
            let is_in_order = |filter: &Filter<'_>| matches!(filter, Filter::Days(time, _) if *time == by);
            Filter::all(query).into_iter().find(is_in_order)
        }
    }
}

fn series(permitted: &Permitted) -> Option<&'static str> {
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

#[cfg(test)]
mod tests;
