use super::*;
use crate::domain::access;
use crate::domain::lists::parameter::Parameter;
use crate::domain::viewer::{Role, Viewer};

const ALONG: Paths = Paths::Only(AccessPath::Along);
const FOUND: Paths = Paths::Only(AccessPath::Found);

fn permitted(role: Role, search: &str) -> Permitted {
    let viewer = Viewer { id: UserId(7), role, nickname: String::new() };
    let query = TicketQuery::parse_search(search, &Parameter::ALL).expect("is read");
    access::permit(&viewer, query).expect("is permitted")
}

#[test]
fn each_query_has_its_paths_and_the_index_that_is_read_along() {
    let campus = Some(Filter::Campus("north"));
    let pending = Some(Filter::Progress("pending"));
    for (search, paths, along) in [
        ("", ALONG, None),
        ("?list=pending", ALONG, pending),
        ("?sort=changed", ALONG, None),
        ("?campus=north", ALONG, campus),
        ("?campus=north&list=pending", ALONG, campus),
        ("?campus=north&list=done", ALONG, campus),
        ("?campus=north&status=Pending", Paths::Shorter, campus),
        ("?campus=north&fault=dust", Paths::Shorter, Some(Filter::Fault("dust"))),
        ("?campus=north&sort=changed", Paths::Shorter, None),
        ("?list=pending&sort=waiting", ALONG, pending),
        ("?campus=north&list=pending&sort=waiting", Paths::Shorter, pending),
        ("?uid=7", ALONG, Some(Filter::Owner(UserId(7)))),
        ("?uid=7&list=pending&campus=north", ALONG, Some(Filter::Owner(UserId(7)))),
        ("?uid=7&sort=changed", Paths::Shorter, None),
        ("?tid=7&list=pending", ALONG, Some(Filter::Technician(UserId(7)))),
        ("?orderid=5&campus=north", ALONG, campus),
        ("?waiting=yes", FOUND, None),
        ("?waiting=yes&campus=north", FOUND, campus),
    ] {
        let permitted = permitted(Role::Admin, search);
        let plan = Plan::of(&permitted);
        assert_eq!((plan.paths, plan.driving_along), (paths, along), "{search}");
    }
}

#[test]
fn a_list_of_days_is_read_in_the_order_of_those_days() {
    for (search, paths) in [
        ("?filed_from=2024-06-01", ALONG),
        ("?filed_from=2024-06-01&campus=north", Paths::Shorter),
        ("?filed_from=2024-06-01&sort=changed", Paths::Shorter),
    ] {
        let permitted = permitted(Role::Admin, search);
        let plan = Plan::of(&permitted);
        let is_filed = matches!(plan.driving_along, Some(Filter::Days(SortedBy::Filed, _)));
        assert_eq!((plan.paths, is_filed), (paths, !search.contains("sort")), "{search}");
    }
}

#[test]
fn lists_are_counted_by_counters_and_one_persons_row_by_row() {
    for (role, search, counter, is_short) in [
        (Role::Admin, "?list=done", Some(Counter::Campus(None)), false),
        (Role::Admin, "?campus=north", Some(Counter::Campus(Some("north"))), false),
        (Role::Admin, "?unassigned=yes&campus=north", Some(Counter::Nobody(Some("north"))), false),
        (Role::Admin, "?tid=7&status=Pending", Some(Counter::Technician(UserId(7))), false),
        (Role::Admin, "?filed_from=2024-06-01", None, false),
        (Role::Admin, "?tid=7&campus=north", None, false),
        (Role::Admin, "?orderid=5", None, true),
        (Role::User, "?uid=7", Some(Counter::Owner(UserId(7))), true),
        (Role::User, "?uid=7&campus=north", None, true),
    ] {
        let permitted = permitted(role, search);
        let plan = Plan::of(&permitted);
        assert_eq!((plan.counter, plan.is_short), (counter, is_short), "{search}");
    }
    let crosstab = permitted(Role::Admin, "?campus=north&fault=dust");
    assert_eq!(Plan::of(&crosstab).counter, Some(Counter::Crosstab(crosstab.query())));
}

#[test]
fn only_lists_of_everything_by_number_have_a_page_index() {
    for (role, search, series) in [
        (Role::Admin, "", Some("all")),
        (Role::Admin, "?list=pending&page=900&limit=50", Some("pending")),
        (Role::Admin, "?sort=changed", None),
        (Role::Admin, "?campus=north", None),
        (Role::User, "?uid=7", None),
    ] {
        assert_eq!(Plan::of(&permitted(role, search)).series, series, "{search}");
    }
}
