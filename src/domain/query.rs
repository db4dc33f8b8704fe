//! How tickets are looked up: one query, read from pairs of strings.
//!
//! REST, the server functions and the address bar all go through
//! [`TicketQuery::parse`], and links are printed by [`TicketQuery::to_search`].
//! Reading is strict: a value that cannot be understood is an error that names
//! its parameter, never a wider list than was asked for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::paging::DEFAULT_LIMIT;
use super::person::UserId;
use super::question::{Question, id, limit, page};
use super::status::List;
use super::ticket::TicketId;

/// The largest integer that every JSON reader holds exactly.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;
const MAX_CAMPUS_CHARS: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Parameter {
    Ticket,
    Owner,
    Technician,
    List,
    Campus,
    Role,
    Page,
    Limit,
}

impl Parameter {
    pub const ALL: [Self; 8] = [
        Self::Ticket,
        Self::Owner,
        Self::Technician,
        Self::List,
        Self::Campus,
        Self::Role,
        Self::Page,
        Self::Limit,
    ];

    /// What `getTicket` understands.
    pub const CONTRACT: [Self; 6] =
        [Self::Ticket, Self::Owner, Self::Technician, Self::List, Self::Page, Self::Limit];

    /// What `getUser` understands.
    pub const PEOPLE: [Self; 4] = [Self::Owner, Self::Role, Self::Page, Self::Limit];

    /// What `getTechworks` understands.
    pub const WORKLOADS: [Self; 3] = [Self::Technician, Self::Page, Self::Limit];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ticket => "orderid",
            Self::Owner => "uid",
            Self::Technician => "tid",
            Self::List => "list",
            Self::Campus => "campus",
            Self::Role => "role",
            Self::Page => "page",
            Self::Limit => "limit",
        }
    }

    /// `td` is what the contract's own example calls `tid`.
    pub fn named(name: &str) -> Option<Self> {
        let name = if name == "td" { "tid" } else { name };
        Self::ALL.into_iter().find(|parameter| parameter.name() == name)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is wrong with one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Not an integer from 1 to 2^53-1.
    NotAnInteger,
    /// Not an integer from 1 to [`MAX_LIMIT`](super::paging::MAX_LIMIT).
    NotALimit,
    /// Not one of the names of [`List`].
    NotAList,
    /// Not one of the names of [`Role`](super::person::Role).
    NotARole,
    TooLong,
    Repeated,
    /// Query string and body disagree.
    Conflicting,
    /// A JSON value that is neither a number nor a string.
    NotAValue,
}

/// One value that was refused, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadValue {
    pub parameter: Parameter,
    pub typed: String,
    pub reason: Reason,
}

/// A query that could not be read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadQuery {
    pub values: Vec<BadValue>,
    /// What could be read, so that a form shows the rest as it was.
    pub rest: TicketQuery,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TicketQuery {
    pub ticket: Option<TicketId>,
    pub owner: Option<UserId>,
    pub technician: Option<UserId>,
    /// Only tickets that nobody has. No parameter says so: a place does.
    pub unassigned: bool,
    pub list: List,
    pub campus: Option<String>,
    pub page: u64,
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
            campus: None,
            page: 1,
            limit: DEFAULT_LIMIT,
        }
    }
}

impl TicketQuery {
    /// [`Question::read_all`], whole or not at all.
    pub fn parse<K, V>(
        pairs: impl IntoIterator<Item = (K, V)>,
        accepted: &[Parameter],
    ) -> Result<Self, BadQuery>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let (query, values) = Self::read_all(pairs, accepted);
        if values.is_empty() { Ok(query) } else { Err(BadQuery { values, rest: query }) }
    }

    /// [`Self::parse`] for a query string, with or without its question mark.
    pub fn parse_search(search: &str, accepted: &[Parameter]) -> Result<Self, BadQuery> {
        let search = search.strip_prefix('?').unwrap_or(search);
        Self::parse(form_urlencoded::parse(search.as_bytes()), accepted)
    }

    /// The canonical query string: defaults left out, so that equal queries are
    /// equal links. Empty, or beginning with `?`.
    pub fn to_search(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        let mut put = |parameter: Parameter, value: &str| {
            out.append_pair(parameter.name(), value);
        };
        let Self { ticket, owner, technician, unassigned: _, list, campus, page, limit } = self;

        if let Some(id) = ticket {
            put(Parameter::Ticket, &id.to_string());
        }
        if let Some(id) = owner {
            put(Parameter::Owner, &id.to_string());
        }
        if let Some(id) = technician {
            put(Parameter::Technician, &id.to_string());
        }
        if *list != List::All {
            put(Parameter::List, list.name());
        }
        if let Some(campus) = campus {
            put(Parameter::Campus, campus);
        }
        if *page != 1 {
            put(Parameter::Page, &page.to_string());
        }
        if *limit != DEFAULT_LIMIT {
            put(Parameter::Limit, &limit.to_string());
        }

        let search = out.finish();
        if search.is_empty() { search } else { format!("?{search}") }
    }

    /// Rows before the page. Cannot overflow: both factors are bounded by the parser.
    pub const fn offset(&self) -> u64 {
        (self.page - 1) * self.limit
    }

    pub fn with_page(&self, page: u64) -> Self {
        Self { page, ..self.clone() }
    }

    /// Another filter starts at its first page.
    pub fn with_list(&self, list: List) -> Self {
        Self { list, page: 1, ..self.clone() }
    }

    pub fn with_limit(&self, limit: u64) -> Self {
        Self { limit, page: 1, ..self.clone() }
    }

    pub fn with_campus(&self, campus: Option<String>) -> Self {
        Self { campus, page: 1, ..self.clone() }
    }

    /// The same list without one of its filters.
    pub fn without(&self, filter: Parameter) -> Self {
        let mut query = self.with_page(1);
        match filter {
            Parameter::Ticket => query.ticket = None,
            Parameter::Owner => query.owner = None,
            Parameter::Technician => query.technician = None,
            Parameter::List => query.list = List::All,
            Parameter::Campus => query.campus = None,
            Parameter::Role | Parameter::Page => {}
            Parameter::Limit => query.limit = DEFAULT_LIMIT,
        }
        query
    }
}

impl Question for TicketQuery {
    fn read(&mut self, parameter: Parameter, typed: &str) -> Result<(), Reason> {
        match parameter {
            Parameter::Ticket => self.ticket = Some(TicketId(id(typed)?)),
            Parameter::Owner => self.owner = Some(UserId(id(typed)?)),
            Parameter::Technician => self.technician = Some(UserId(id(typed)?)),
            Parameter::List => self.list = list(typed)?,
            Parameter::Campus => self.campus = Some(campus(typed)?),
            // Tickets are not asked for by this.
            Parameter::Role => {}
            Parameter::Page => self.page = page(typed)?,
            Parameter::Limit => self.limit = limit(typed)?,
        }
        Ok(())
    }
}

fn list(typed: &str) -> Result<List, Reason> {
    List::ALL.into_iter().find(|list| list.name() == typed).ok_or(Reason::NotAList)
}

fn campus(typed: &str) -> Result<String, Reason> {
    let fits = typed.chars().count() <= MAX_CAMPUS_CHARS;
    fits.then(|| typed.to_owned()).ok_or(Reason::TooLong)
}

#[cfg(test)]
mod tests {
    use super::super::paging::MAX_LIMIT;
    use super::*;
    use proptest::prelude::*;

    fn parse(search: &str) -> Result<TicketQuery, Vec<(Parameter, Reason)>> {
        TicketQuery::parse_search(search, &Parameter::ALL)
            .map_err(|bad| bad.values.into_iter().map(|value| (value.parameter, value.reason)).collect())
    }

    #[test]
    fn every_parameter_is_read() {
        assert_eq!(
            parse("orderid=1&uid=2&tid=3&list=done&campus=%E6%B1%9F%E5%AE%89&page=4&limit=5"),
            Ok(TicketQuery {
                ticket: Some(TicketId(1)),
                owner: Some(UserId(2)),
                technician: Some(UserId(3)),
                unassigned: false,
                list: List::Done,
                campus: Some("江安".to_owned()),
                page: 4,
                limit: 5,
            })
        );
    }

    #[test]
    fn left_out_empty_and_unknown_parameters_are_the_default() {
        for search in ["", "?", "uid=&list=&page=", "colour=red&uid=", "list=all"] {
            assert_eq!(parse(search), Ok(TicketQuery::default()), "{search}");
        }
    }

    #[test]
    fn td_is_another_name_for_tid() {
        assert_eq!(parse("td=7"), parse("tid=7"));
        assert_eq!(parse("td=7&tid=7"), Err(vec![(Parameter::Technician, Reason::Repeated)]));
    }

    #[test]
    fn an_id_is_a_plain_integer_in_range() {
        let bad = [
            "0",
            "-1",
            "+1",
            "1.0",
            "1e3",
            "abc",
            "%201",
            "1%20",
            "0x1",
            "１",
            "%FF",
            "9007199254740992",
            "99999999999999999999",
            "null",
            "1,2",
        ];
        for parameter in [Parameter::Ticket, Parameter::Owner, Parameter::Technician] {
            for value in bad {
                let search = format!("{parameter}={value}");
                assert_eq!(parse(&search), Err(vec![(parameter, Reason::NotAnInteger)]), "{search}");
            }
            assert!(parse(&format!("{parameter}=9007199254740991")).is_ok());
        }
    }

    #[test]
    fn lists_pages_and_limits_have_their_own_ranges() {
        let wrong = |search, parameter, reason| {
            assert_eq!(parse(search), Err(vec![(parameter, reason)]), "{search}");
        };
        wrong("list=open", Parameter::List, Reason::NotAList);
        wrong("list=Pending", Parameter::List, Reason::NotAList);
        wrong("page=0", Parameter::Page, Reason::NotAnInteger);
        wrong("page=two", Parameter::Page, Reason::NotAnInteger);
        wrong("limit=0", Parameter::Limit, Reason::NotALimit);
        wrong("limit=101", Parameter::Limit, Reason::NotALimit);
        assert!(parse("page=9007199254740991&limit=100").is_ok());
    }

    #[test]
    fn a_parameter_given_twice_is_refused_even_with_one_value() {
        assert_eq!(parse("uid=1&uid=1"), Err(vec![(Parameter::Owner, Reason::Repeated)]));
        assert_eq!(parse("uid=1&uid="), parse("uid=1"));
    }

    #[test]
    fn a_bad_value_keeps_the_rest_of_the_form() {
        let bad = TicketQuery::parse_search("uid=x&list=done&limit=20", &Parameter::ALL);

        let bad = bad.expect_err("uid is no integer");
        assert_eq!(bad.values[0].typed, "x");
        assert_eq!(bad.rest.list, List::Done);
        assert_eq!(bad.rest.limit, 20);
    }

    #[test]
    fn what_is_not_accepted_is_ignored_even_when_it_is_wrong() {
        let query = TicketQuery::parse_search("campus=x&uid=zero", &[Parameter::Campus]);
        assert_eq!(query.expect("uid is not read here").campus.as_deref(), Some("x"));
    }

    #[test]
    fn another_filter_starts_at_the_first_page() {
        let query = parse("uid=3&list=done&page=7").expect("valid");

        assert_eq!(query.with_list(List::Pending).to_search(), "?uid=3&list=pending");
        assert_eq!(query.without(Parameter::List).to_search(), "?uid=3");
        assert_eq!(query.without(Parameter::Owner).to_search(), "?list=done");
        assert_eq!(query.with_page(8).to_search(), "?uid=3&list=done&page=8");
    }

    prop_compose! {
        fn any_query()(
            ticket in proptest::option::of(1i64..=9_007_199_254_740_991),
            owner in proptest::option::of(1i64..=9_007_199_254_740_991),
            technician in proptest::option::of(1i64..=9_007_199_254_740_991),
            list in proptest::sample::select(&List::ALL[..]),
            campus in proptest::option::of("\\PC{1,64}"),
            page in 1..=MAX_INTEGER,
            limit in 1..=MAX_LIMIT,
        ) -> TicketQuery {
            TicketQuery {
                ticket: ticket.map(TicketId),
                owner: owner.map(UserId),
                technician: technician.map(UserId),
                unassigned: false,
                list, campus, page, limit,
            }
        }
    }

    proptest! {
        #[test]
        fn a_query_reads_back_from_its_link(query in any_query()) {
            prop_assert_eq!(parse(&query.to_search()), Ok(query));
        }

        #[test]
        fn a_page_has_an_offset_that_fits(query in any_query()) {
            prop_assert!(i64::try_from(query.offset()).is_ok());
        }

        #[test]
        fn no_search_makes_the_parser_panic(search in "\\PC*") {
            let _ = parse(&search);
        }
    }
}
