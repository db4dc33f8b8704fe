//! Parameters of requests: never read wider than meant.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::PATH;
use super::desk::Desk;
use crate::support::wire::{Reply, get_as, refusal, with_body, with_header};

const INTEGER: &str = "只能是 1 到 9007199254740991 的整数";
const LIMIT: &str = "只能是 1 到 100 的整数";
const LIST: &str = "只能是 pending、done 或 all";
const REPEATED: &str = "出现了不止一次";
const DIFFERENT: &str = "网址和请求体里的值不一样";
const NO_VALUE: &str = "只能是数字或文字";

async fn ask_in_body(desk: &Desk, query: &str, body: &str) -> Reply {
    let request = get_as(&format!("{PATH}?{query}"), &desk.sun);
    let request = with_header(request, "content-type", "application/json");
    desk.app.send(with_body(request, body.to_owned())).await
}

#[tokio::test]
async fn a_value_that_cannot_be_understood_is_refused_by_name() {
    let desk = Desk::open().await;
    let no_integers = [
        "0",
        "-1",
        "%2B1",
        "1.0",
        "1e3",
        "abc",
        "null",
        "true",
        "0x10",
        "%201",
        "1%20",
        "+1",
        "1,2",
        "%EF%BC%91",
        "9007199254740992",
        "18446744073709551616",
        "%00",
        "%FF",
        "1;2",
    ];
    let no_limits = ["0", "101", "-1", "ten", "1.5", "9007199254740991"];
    let no_lists = ["open", "Pending", "DONE", "1", "pending,done", "all%20"];

    let cases = ["orderid", "uid", "tid", "page"]
        .into_iter()
        .flat_map(|name| no_integers.map(|value| (name, value, INTEGER)))
        .chain(no_integers.map(|value| ("td", value, INTEGER)))
        .chain(no_limits.map(|value| ("limit", value, LIMIT)))
        .chain(no_lists.map(|value| ("list", value, LIST)));
    for (name, value, reason) in cases {
        let reply = desk.ask(&desk.sun, &format!("{name}={value}")).await;

        let named = if name == "td" { "tid" } else { name };
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{name}={value}");
        assert_eq!(reply.json(), refusal(&format!("参数 {named} {reason}")), "{name}={value}");
    }
}

#[tokio::test]
async fn every_wrong_value_is_named_at_once() {
    let desk = Desk::open().await;

    let reply = desk.ask(&desk.sun, "uid=0&list=open&page=2").await;

    assert_eq!(reply.json(), refusal(&format!("参数 uid {INTEGER}; 参数 list {LIST}")));
}

#[tokio::test]
async fn errors_are_told_in_the_language_that_was_asked_for() {
    let desk = Desk::open().await;
    let english = refusal("uid must be an integer from 1 to 9007199254740991");
    let chinese = refusal(&format!("参数 uid {INTEGER}"));

    for (language, expected) in [("en-GB,en;q=0.9", &english), ("zh-CN", &chinese), ("fr", &chinese)] {
        let request = get_as(&format!("{PATH}?uid=abc"), &desk.sun);
        let reply = desk.app.send(with_header(request, "accept-language", language)).await;

        assert_eq!(reply.json(), *expected, "{language}");
    }
}

#[tokio::test]
async fn the_largest_and_the_smallest_values_are_taken() {
    let desk = Desk::open().await;

    for name in ["orderid", "uid", "tid", "td", "page"] {
        for value in ["1", "9007199254740991", "0001"] {
            let reply = desk.ask(&desk.sun, &format!("{name}={value}")).await;
            assert_eq!(reply.status, StatusCode::OK, "{name}={value}");
        }
    }
}

#[tokio::test]
async fn a_parameter_given_twice_is_refused() {
    let desk = Desk::open().await;

    for (query, name) in [
        ("uid=1&uid=2", "uid"),
        ("uid=1&uid=1", "uid"),
        ("tid=1&td=1", "tid"),
        ("td=1&td=2", "tid"),
        ("list=done&list=pending", "list"),
        ("page=1&page=1", "page"),
        ("limit=10&page=1&limit=10", "limit"),
        ("orderid=1&uid=2&orderid=1", "orderid"),
    ] {
        let reply = desk.ask(&desk.sun, query).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(reply.json(), refusal(&format!("参数 {name} {REPEATED}")), "{query}");
    }
}

#[tokio::test]
async fn empty_and_unknown_parameters_change_nothing() {
    let desk = Desk::open().await;
    let plain = desk.ask(&desk.sun, "").await;

    for query in [
        "uid=&tid=&orderid=&list=&page=&limit=",
        "uid&list",
        "&&",
        "colour=red&UID=5&Page=0&user_id=x",
        "campus=%E6%9C%9B%E6%B1%9F",
        "campus=1&campus=2",
        "td=&tid=",
    ] {
        let reply = desk.ask(&desk.sun, query).await;
        assert_eq!(reply.text, plain.text, "{query}");
    }
    let once = desk.ask(&desk.sun, "uid=&page=2&page=").await;
    assert_eq!(once.text, desk.ask(&desk.sun, "page=2").await.text);
}

#[tokio::test]
async fn td_means_tid() {
    let desk = Desk::open().await;

    let (tid, td) = (desk.fill_in("tid={wang}&list=done"), desk.fill_in("td={wang}&list=done"));

    assert_eq!(desk.ask(&desk.wang, &td).await.text, desk.ask(&desk.wang, &tid).await.text);
}

#[tokio::test]
async fn a_body_asks_the_same_as_a_query_string() {
    let desk = Desk::open().await;
    let (zhou, wang) = (desk.zhou.id.0, desk.wang.id.0);
    let order = desk.ticket_of(&desk.zhou, None).0;

    for (query, body) in [
        (String::new(), json!({})),
        ("list=done".to_owned(), json!({ "list": "done" })),
        (format!("uid={zhou}&list=pending"), json!({ "uid": zhou, "list": "pending" })),
        (format!("uid={zhou}"), json!({ "uid": zhou.to_string(), "tid": null, "list": "", "page": "1" })),
        (format!("tid={wang}&page=2"), json!({ "td": wang, "page": 2 })),
        (format!("orderid={order}"), json!({ "orderid": order, "campus": "望江", "other": [1, {}] })),
        ("limit=3&page=2".to_owned(), json!({ "limit": 3, "page": "2" })),
    ] {
        let by_query = desk.ask(&desk.sun, &query).await;
        let by_body = ask_in_body(&desk, "", &body.to_string()).await;
        let by_both = ask_in_body(&desk, &query, &body.to_string()).await;

        assert_eq!(by_query.status, StatusCode::OK, "{query}");
        assert_eq!(by_body.text, by_query.text, "{body}");
        assert_eq!(by_both.text, by_query.text, "{body} and {query}");
    }
}

#[tokio::test]
async fn a_body_is_read_whatever_type_it_claims_to_be() {
    let desk = Desk::open().await;
    let request = get_as(PATH, &desk.sun);

    let reply = desk.app.send(with_body(request, r#"{"list":"done"}"#)).await;

    assert_eq!(reply.json()["request_type"], "all_workorders_done");
}

#[tokio::test]
async fn query_and_body_add_up_unless_they_disagree() {
    let desk = Desk::open().await;
    let zhou = desk.zhou.id;

    let together = ask_in_body(&desk, &format!("uid={zhou}"), r#"{"list":"done"}"#).await;
    assert_eq!(together.text, desk.ask(&desk.sun, &format!("uid={zhou}&list=done")).await.text);

    for (query, body, name) in [
        ("uid=5", r#"{"uid":6}"#, "uid"),
        ("td=5", r#"{"tid":6}"#, "tid"),
        ("orderid=5", r#"{"orderid":"6"}"#, "orderid"),
        ("list=done", r#"{"list":"pending"}"#, "list"),
        ("list=done", r#"{"list":"all"}"#, "list"),
        ("list=all", r#"{"list":"done"}"#, "list"),
        ("page=2", r#"{"page":3}"#, "page"),
        ("page=1", r#"{"page":3}"#, "page"),
        ("page=3", r#"{"page":1}"#, "page"),
        ("limit=10", r#"{"limit":20}"#, "limit"),
    ] {
        let reply = ask_in_body(&desk, query, body).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query} {body}");
        assert_eq!(reply.json(), refusal(&format!("参数 {name} {DIFFERENT}")), "{query} {body}");
    }
}

#[tokio::test]
async fn a_body_is_judged_as_strictly_as_a_query_string() {
    let desk = Desk::open().await;
    let parameter = |name: &str, reason: &str| refusal(&format!("参数 {name} {reason}"));
    let no_object = refusal("请求体不是 JSON 对象");

    let cases: [(&str, Value); 18] = [
        (r#"{"uid":0}"#, parameter("uid", INTEGER)),
        (r#"{"uid":-1}"#, parameter("uid", INTEGER)),
        (r#"{"uid":1.0}"#, parameter("uid", INTEGER)),
        (r#"{"uid":1e3}"#, parameter("uid", INTEGER)),
        (r#"{"uid":9007199254740992}"#, parameter("uid", INTEGER)),
        (r#"{"uid":"abc"}"#, parameter("uid", INTEGER)),
        (r#"{"uid":true}"#, parameter("uid", NO_VALUE)),
        (r#"{"uid":[5]}"#, parameter("uid", NO_VALUE)),
        (r#"{"uid":{"id":5}}"#, parameter("uid", NO_VALUE)),
        (r#"{"uid":5,"uid":5}"#, parameter("uid", REPEATED)),
        (r#"{"tid":5,"td":5}"#, parameter("tid", REPEATED)),
        (r#"{"limit":101}"#, parameter("limit", LIMIT)),
        (r#"{"list":1}"#, parameter("list", LIST)),
        ("[]", no_object.clone()),
        ("null", no_object.clone()),
        ("uid=5", no_object.clone()),
        (r#"{"uid":5"#, no_object.clone()),
        (r#"{"uid":5} {}"#, no_object),
    ];
    for (body, expected) in cases {
        let reply = ask_in_body(&desk, "", body).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(reply.json(), expected, "{body}");
    }
}

#[tokio::test]
async fn the_token_is_judged_first_then_the_values_then_the_permission() {
    let desk = Desk::open().await;
    let foreign = desk.fill_in("uid={li}&list=open");

    let nobody = desk.app.send(crate::support::wire::get(&format!("{PATH}?{foreign}"))).await;
    let zhou = desk.ask(&desk.zhou, &foreign).await;
    let zhou_well_put = desk.ask(&desk.zhou, &desk.fill_in("uid={li}&list=done")).await;

    let statuses = [nobody.status, zhou.status, zhou_well_put.status].map(|status| status.as_u16());
    assert_eq!(statuses, [401, 400, 403]);
}
