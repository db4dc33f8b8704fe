//! Lookups of tickets: one query, read from pairs of strings.
//!
//! REST, the server functions, the files and the address bar all go through
//! [`TicketQuery::parse`], and links are printed by [`TicketQuery::to_search`].
//! Reading is strict: a value that cannot be understood is an error that names
//! its parameter, never a wider list than was asked for.

use super::from_parameters::{FromParameters, id, limit, page};
use super::parameter::{BadValue, Parameter, Reason};
use super::sort::{Cursor, Direction, Order, SortKey, SortedBy, Start};
use crate::domain::ids::{TicketId, UserId};
use crate::domain::paging::DEFAULT_LIMIT;
use crate::domain::tickets::status::{List, Status};
use crate::domain::time::{Day, Span};
use crate::domain::validation::{Lines, composed, is_printable, tidy};

/// Most characters of a campus, a device or a fault.
const MAX_NAME_CHARS: usize = 64;
/// Value of a ticked box.
pub const YES: &str = "yes";

/// A query with refused values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadQuery {
    pub values: Vec<BadValue>,
    /// The readable rest, so that a form shows it as it was.
    pub rest: Box<TicketQuery>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TicketQuery {
    pub ticket: Option<TicketId>,
    pub owner: Option<UserId>,
    pub technician: Option<UserId>,
    /// Limits to tickets without technician.
    pub unassigned: bool,
    pub list: List,
    pub status: Option<Status>,
    pub campus: Option<String>,
    pub device: Option<String>,
    pub fault: Option<String>,
    pub filed: Span,
    pub assigned: Span,
    pub completed: Span,
    /// Limits to tickets that wait for the viewer.
    pub waiting: bool,
    pub order: Order,
    pub start: Start,
    pub limit: u64,
}

impl Default for TicketQuery {
    fn default() -> Self {
        Self {
            ticket: None,
            owner: None,
            technician: None,
            unassigned: false,
            list: List::All,
            status: None,
            campus: None,
            device: None,
            fault: None,
            filed: Span::ANY,
            assigned: Span::ANY,
            completed: Span::ANY,
            waiting: false,
            order: Order::default(),
            start: Start::FIRST,
            limit: DEFAULT_LIMIT,
        }
    }
}

impl TicketQuery {
    /// Reads a query like [`FromParameters::read_all`], whole or not at all.
    pub fn parse<K, V>(
        pairs: impl IntoIterator<Item = (K, V)>,
        accepted: &[Parameter],
    ) -> Result<Self, BadQuery>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let (query, values) = Self::read_all(pairs, accepted);
        if values.is_empty() { Ok(query) } else { Err(BadQuery { values, rest: query.into() }) }
    }

    /// Reads a query string like [`Self::parse`], with or without its question mark.
    pub fn parse_search(search: &str, accepted: &[Parameter]) -> Result<Self, BadQuery> {
        let search = search.strip_prefix('?').unwrap_or(search);
        Self::parse(form_urlencoded::parse(search.as_bytes()), accepted)
    }

    /// Value of a parameter; `None` for its default.
    pub fn get(&self, parameter: Parameter) -> Option<String> {
        let yes = |ticked: bool| ticked.then(|| YES.to_owned());
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        let Self { list, order: Order { key, direction }, .. } = *self;
        match parameter {
            Parameter::Ticket => self.ticket.map(|id| id.to_string()),
            Parameter::Owner => self.owner.map(|id| id.to_string()),
            Parameter::Technician => self.technician.map(|id| id.to_string()),
            Parameter::Unassigned => yes(self.unassigned),
            Parameter::List => (list != List::All).then(|| list.name().to_owned()),
            Parameter::Status => self.status.map(|status| status.name().to_owned()),
            Parameter::Campus => self.campus.clone(),
            Parameter::Device => self.device.clone(),
            Parameter::Fault => self.fault.clone(),
            Parameter::FiledFrom => day(self.filed.from),
            Parameter::FiledTo => day(self.filed.to),
            Parameter::AssignedFrom => day(self.assigned.from),
            Parameter::AssignedTo => day(self.assigned.to),
            Parameter::CompletedFrom => day(self.completed.from),
            Parameter::CompletedTo => day(self.completed.to),
            Parameter::Waiting => yes(self.waiting),
            Parameter::Sort => (key != SortKey::default()).then(|| key.name().to_owned()),
            Parameter::Direction => (direction != Direction::default()).then(|| direction.name().to_owned()),
            Parameter::Page => match self.start {
                Start::Page(1) | Start::After(_) | Start::Before(_) => None,
                Start::Page(number) => Some(number.to_string()),
            },
            Parameter::After => match self.start {
                Start::After(place) => Some(place.to_string()),
                Start::Page(_) | Start::Before(_) => None,
            },
            Parameter::Before => match self.start {
                Start::Before(place) => Some(place.to_string()),
                Start::Page(_) | Start::After(_) => None,
            },
            Parameter::Limit => (self.limit != DEFAULT_LIMIT).then(|| self.limit.to_string()),
            Parameter::Role
            | Parameter::Phone
            | Parameter::Email
            | Parameter::OpenId
            | Parameter::Available => None,
        }
    }

    /// Canonical query string: defaults left out, so that equal queries are equal links. Empty, or
    /// beginning with `?`.
    pub fn to_search(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        for parameter in Parameter::ALL {
            if let Some(value) = self.get(parameter) {
                out.append_pair(parameter.name(), &value);
            }
        }
        let search = out.finish();
        if search.is_empty() { search } else { format!("?{search}") }
    }

    /// Returns the effective sort key: a list filtered by a time is sorted by that time, unless
    /// another order is asked for.
    pub fn sorted_by(&self) -> SortedBy {
        match self.order.key {
            SortKey::Number if !self.completed.is_any() => SortedBy::Completed,
            SortKey::Number if !self.assigned.is_any() => SortedBy::Assigned,
            SortKey::Number if !self.filed.is_any() => SortedBy::Filed,
            SortKey::Number => SortedBy::Number,
            SortKey::Filed => SortedBy::Filed,
            SortKey::Changed => SortedBy::Changed,
            SortKey::Waiting => SortedBy::Waiting,
        }
    }

    /// Returns the query with its names in NFC, as they are stored.
    pub fn with_composed_names(mut self) -> Self {
        for name in [&mut self.campus, &mut self.device, &mut self.fault].into_iter().flatten() {
            *name = composed(name);
        }
        self
    }

    /// Page number for the contract; 1 beside a cursor.
    pub const fn page(&self) -> u64 {
        match self.start {
            Start::Page(number) => number,
            Start::After(_) | Start::Before(_) => 1,
        }
    }

    pub fn with_start(&self, start: Start) -> Self {
        Self { start, ..self.clone() }
    }

    pub fn with_page(&self, page: u64) -> Self {
        self.with_start(Start::Page(page))
    }

    /// Returns the first page of another list.
    pub fn with_list(&self, list: List) -> Self {
        Self { list, status: None, waiting: false, start: Start::FIRST, ..self.clone() }
    }

    /// Returns the query for all tickets that wait for the viewer.
    pub fn with_waiting(&self) -> Self {
        Self { waiting: true, ..self.with_list(List::All) }
    }

    pub fn with_limit(&self, limit: u64) -> Self {
        Self { limit, start: Start::FIRST, ..self.clone() }
    }

    pub fn with_order(&self, order: Order) -> Self {
        Self { order, start: Start::FIRST, ..self.clone() }
    }

    /// Returns the query, first page, without a filter.
    pub fn without(&self, filter: Parameter) -> Self {
        let mut query = self.with_page(1);
        match filter {
            Parameter::Ticket => query.ticket = None,
            Parameter::Owner => query.owner = None,
            Parameter::Technician => query.technician = None,
            Parameter::Unassigned => query.unassigned = false,
            Parameter::List => query.list = List::All,
            Parameter::Status => query.status = None,
            Parameter::Campus => query.campus = None,
            Parameter::Device => query.device = None,
            Parameter::Fault => query.fault = None,
            Parameter::FiledFrom => query.filed.from = None,
            Parameter::FiledTo => query.filed.to = None,
            Parameter::AssignedFrom => query.assigned.from = None,
            Parameter::AssignedTo => query.assigned.to = None,
            Parameter::CompletedFrom => query.completed.from = None,
            Parameter::CompletedTo => query.completed.to = None,
            Parameter::Waiting => query.waiting = false,
            Parameter::Sort => query.order.key = SortKey::default(),
            Parameter::Direction => query.order.direction = Direction::default(),
            Parameter::Limit => query.limit = DEFAULT_LIMIT,
            Parameter::Role
            | Parameter::Phone
            | Parameter::Email
            | Parameter::OpenId
            | Parameter::Available
            | Parameter::Page
            | Parameter::After
            | Parameter::Before => {}
        }
        query
    }
}

impl FromParameters for TicketQuery {
    fn read(&mut self, parameter: Parameter, typed: &str) -> Result<(), Reason> {
        match parameter {
            Parameter::Ticket => self.ticket = Some(TicketId(id(typed)?)),
            Parameter::Owner => self.owner = Some(UserId(id(typed)?)),
            Parameter::Technician => self.technician = Some(UserId(id(typed)?)),
            Parameter::Unassigned => self.unassigned = yes(typed)?,
            Parameter::List => self.list = list(typed)?,
            Parameter::Status => self.status = Some(typed.parse().map_err(|_| Reason::NotAStatus)?),
            Parameter::Campus => self.campus = Some(name(typed)?),
            Parameter::Device => self.device = Some(name(typed)?),
            Parameter::Fault => self.fault = Some(name(typed)?),
            Parameter::FiledFrom => self.filed.from = Some(day(typed)?),
            Parameter::FiledTo => self.filed.to = Some(day(typed)?),
            Parameter::AssignedFrom => self.assigned.from = Some(day(typed)?),
            Parameter::AssignedTo => self.assigned.to = Some(day(typed)?),
            Parameter::CompletedFrom => self.completed.from = Some(day(typed)?),
            Parameter::CompletedTo => self.completed.to = Some(day(typed)?),
            Parameter::Waiting => self.waiting = yes(typed)?,
            Parameter::Sort => self.order.key = sort_key(typed)?,
            Parameter::Direction => self.order.direction = direction(typed)?,
            Parameter::Page => self.begin(Start::Page(page(typed)?))?,
            Parameter::After => self.begin(Start::After(place(typed)?))?,
            Parameter::Before => self.begin(Start::Before(place(typed)?))?,
            Parameter::Limit => self.limit = limit(typed)?,
            // Parameters of people, not of tickets.
            Parameter::Role
            | Parameter::Phone
            | Parameter::Email
            | Parameter::OpenId
            | Parameter::Available => {}
        }
        Ok(())
    }

    fn contradiction(&self) -> Option<BadValue> {
        let spans = [
            (self.filed, Parameter::FiledTo),
            (self.assigned, Parameter::AssignedTo),
            (self.completed, Parameter::CompletedTo),
        ];
        let (parameter, reason) = match self.start {
            Start::After(place) if !self.has(place) => (Parameter::After, Reason::NotAPlace),
            Start::Before(place) if !self.has(place) => (Parameter::Before, Reason::NotAPlace),
            _ => {
                let (_, parameter) = spans.into_iter().find(|(span, _)| span.ends_before_it_begins())?;
                (parameter, Reason::EndsBeforeItBegins)
            }
        };
        Some(BadValue { parameter, typed: self.get(parameter).unwrap_or_default(), reason })
    }
}

impl TicketQuery {
    /// Returns `true` if a cursor fits this order: cursors of a time order have a time.
    fn has(&self, place: Cursor) -> bool {
        place.at.is_some() == (self.sorted_by() != SortedBy::Number)
    }

    /// Sets the only start of the page.
    fn begin(&mut self, start: Start) -> Result<(), Reason> {
        if self.start != Start::FIRST {
            return Err(Reason::Repeated);
        }
        self.start = start;
        Ok(())
    }
}

fn list(typed: &str) -> Result<List, Reason> {
    List::ALL.into_iter().find(|list| list.name() == typed).ok_or(Reason::NotAList)
}

fn sort_key(typed: &str) -> Result<SortKey, Reason> {
    SortKey::ALL.into_iter().find(|key| key.name() == typed).ok_or(Reason::NotASortKey)
}

fn direction(typed: &str) -> Result<Direction, Reason> {
    Direction::ALL.into_iter().find(|direction| direction.name() == typed).ok_or(Reason::NotADirection)
}

fn yes(typed: &str) -> Result<bool, Reason> {
    if typed == YES { Ok(true) } else { Err(Reason::NotAMark) }
}

fn day(typed: &str) -> Result<Day, Reason> {
    typed.parse().map_err(|_| Reason::NotADay)
}

fn place(typed: &str) -> Result<Cursor, Reason> {
    typed.parse().map_err(|_| Reason::NotAPlace)
}

fn name(typed: &str) -> Result<String, Reason> {
    let name = tidy(typed);
    match name.chars().count() {
        0 => Err(Reason::Unprintable),
        length if length > MAX_NAME_CHARS => Err(Reason::TooLong),
        _ if !is_printable(&name, Lines::One) => Err(Reason::Unprintable),
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests;
