//! Every parameter, in every form that it must not have.

use super::*;
use crate::domain::lists::parameter::MAX_INTEGER;
use crate::domain::paging::MAX_LIMIT;
use proptest::prelude::*;

fn parse(search: &str) -> Result<TicketQuery, Vec<(Parameter, Reason)>> {
    TicketQuery::parse_search(search, &Parameter::ALL)
        .map_err(|bad| bad.values.into_iter().map(|value| (value.parameter, value.reason)).collect())
}

fn date(year: i32, month: u8, day: u8) -> Day {
    Day { year, month, day }
}

#[test]
fn every_parameter_is_read() {
    assert_eq!(
        parse(
            "orderid=1&uid=2&tid=3&unassigned=yes&list=done&status=Done&campus=%E6%B1%9F%E5%AE%89&device=MacBook\
             &fault=x&filed_from=2024-01-01&filed_to=2024-01-31&assigned_from=2024-02-29&completed_to=2024-12-31\
             &waiting=yes&sort=changed&dir=asc&page=4&limit=5"
        ),
        Ok(TicketQuery {
            ticket: Some(TicketId(1)),
            owner: Some(UserId(2)),
            technician: Some(UserId(3)),
            unassigned: true,
            list: List::Done,
            status: Some(Status::Done),
            campus: Some("江安".to_owned()),
            device: Some("MacBook".to_owned()),
            fault: Some("x".to_owned()),
            filed: Span { from: Some(date(2024, 1, 1)), to: Some(date(2024, 1, 31)) },
            assigned: Span { from: Some(date(2024, 2, 29)), to: None },
            completed: Span { from: None, to: Some(date(2024, 12, 31)) },
            waiting: true,
            order: Order { key: SortKey::Changed, direction: Direction::Ascending },
            start: Start::Page(4),
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

#[test]
fn marks_days_and_orders_have_their_own_words() {
    let wrong = |search, parameter, reason| {
        assert_eq!(parse(search), Err(vec![(parameter, reason)]), "{search}");
    };
    wrong("status=done", Parameter::Status, Reason::NotAStatus);
    wrong("unassigned=1", Parameter::Unassigned, Reason::NotAMark);
    wrong("waiting=true", Parameter::Waiting, Reason::NotAMark);
    wrong("filed_from=2023-02-29", Parameter::FiledFrom, Reason::NotADay);
    wrong("completed_to=1.1.2024", Parameter::CompletedTo, Reason::NotADay);
    wrong(
        "assigned_from=2024-01-02&assigned_to=2024-01-01",
        Parameter::AssignedTo,
        Reason::EndsBeforeItBegins,
    );
    wrong("sort=id", Parameter::Sort, Reason::NotASortKey);
    wrong("dir=up", Parameter::Direction, Reason::NotADirection);
    wrong("after=x", Parameter::After, Reason::NotAPlace);
    wrong("after=5&before=6", Parameter::Before, Reason::Repeated);
    wrong("page=2&before=6", Parameter::Before, Reason::Repeated);
    assert!(parse("filed_from=2024-01-01&filed_to=2024-01-01").is_ok());
}

#[test]
fn a_place_belongs_to_its_order() {
    for good in ["after=5", "before=5", "sort=changed&after=17.5", "completed_to=2024-01-01&before=17.5"] {
        assert!(parse(good).is_ok(), "{good}");
    }
    for bad in ["after=17.5", "sort=filed&after=5", "completed_to=2024-01-01&after=5"] {
        assert_eq!(parse(bad), Err(vec![(Parameter::After, Reason::NotAPlace)]), "{bad}");
    }
}

#[test]
fn a_list_of_a_time_is_sorted_by_it_unless_told_otherwise() {
    let sorted = |search| parse(search).expect("valid").sorted_by();

    assert_eq!(sorted(""), SortedBy::Number);
    assert_eq!(sorted("filed_from=2024-01-01"), SortedBy::Filed);
    assert_eq!(sorted("filed_from=2024-01-01&completed_to=2024-01-01"), SortedBy::Completed);
    assert_eq!(sorted("assigned_to=2024-01-01&sort=waiting"), SortedBy::Waiting);
}

prop_compose! {
    fn any_span()(
        from in proptest::option::of((2000i32..2010, 1u8..=12, 1u8..=28)),
        to in proptest::option::of((2010i32..2030, 1u8..=12, 1u8..=28)),
    ) -> Span {
        let day = |(year, month, day)| date(year, month, day);
        Span { from: from.map(day), to: to.map(day) }
    }
}

prop_compose! {
    fn any_query()(
        (ticket, owner, technician) in {
            let id = || proptest::option::of(1i64..=9_007_199_254_740_991);
            (id(), id(), id())
        },
        (unassigned, waiting) in any::<(bool, bool)>(),
        list in proptest::sample::select(&List::ALL[..]),
        status in proptest::option::of(proptest::sample::select(&Status::ALL[..])),
        (campus, device, fault) in {
            let seen = || "\\PC{1,64}".prop_map(|typed| tidy(&typed)).prop_filter("can be seen", |name| !name.is_empty() && is_printable(name, Lines::One));
            let name = || proptest::option::of(seen());
            (name(), name(), name())
        },
        (filed, assigned, completed) in (any_span(), any_span(), any_span()),
        key in proptest::sample::select(&SortKey::ALL[..]),
        direction in proptest::sample::select(&Direction::ALL[..]),
        (how, page, at, id) in (0..3usize, 1..=MAX_INTEGER, 0i64..1 << 40, 1i64..1 << 40),
        limit in 1..=MAX_LIMIT,
    ) -> TicketQuery {
        let mut query = TicketQuery {
            ticket: ticket.map(TicketId),
            owner: owner.map(UserId),
            technician: technician.map(UserId),
            unassigned, list, status, campus, device, fault, filed, assigned, completed, waiting,
            order: Order { key, direction },
            start: Start::FIRST,
            limit,
        };
        let at = (query.sorted_by() != SortedBy::Number).then_some(at);
        let place = Cursor { at, id: TicketId(id) };
        query.start = [Start::Page(page), Start::After(place), Start::Before(place)][how];
        query
    }
}

proptest! {
    #[test]
    fn a_query_reads_back_from_its_link(query in any_query()) {
        prop_assert_eq!(parse(&query.to_search()), Ok(query));
    }

    #[test]
    fn no_search_makes_the_parser_panic(search in "\\PC*") {
        let _ = parse(&search);
    }
}
