//! `/rpc`: the calls of islands. The same policy as everywhere.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{Actor, NOON, TestApp};
use crate::support::log;
use crate::support::wire::Reply;

/// Zhou files, Wang works, Li is not involved, Sun is the admin.
struct Desk {
    app: TestApp,
    zhou: Actor,
    li: Actor,
    wang: Actor,
    sun: Actor,
    ticket: i64,
}

impl Desk {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let (zhou, li) = (app.user("zhou").await, app.user("li").await);
        let (wang, sun) = (app.technician("wang").await, app.admin("sun").await);
        let assign = |ticket: &mut fixdesk::domain::tickets::ticket::ContractTicket| {
            (ticket.technician, ticket.assigned_at) = (Some(wang.id), Some(NOON));
        };
        let ticket = app.ticket(&zhou, assign).await.0;
        Self { app, zhou, li, wang, sun, ticket }
    }

    async fn call(&self, actor: &Actor, path: &str) -> Reply {
        let cookie = self.app.browser_of(actor).await;
        self.app.visit(path, &cookie).await
    }
}

#[tokio::test]
async fn a_list_is_told_with_names_and_sizes() {
    let desk = Desk::open().await;

    let reply = desk.call(&desk.zhou, "/rpc/tickets?place=My&search=%3Flist%3Dpending").await;

    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        reply.json(),
        json!({
            "page": {
                "items": [{
                    "card": {
                        "id": desk.ticket,
                        "owner": { "id": desk.zhou.id.0, "nickname": "zhou同学" },
                        "technician": { "id": desk.wang.id.0, "nickname": "wang同学" },
                        "status": "Pending",
                        "purchase_date": "2022-09-01",
                        "phone": "13800000000",
                        "device_type": "笔记本",
                        "brand": "华为 MateBook",
                        "description": "风扇很响",
                        "image_url": null,
                        "fault_type": "清灰",
                        "qq": "123456",
                        "campus": "江安",
                        "created": "2024-06-10 12:00:00",
                        "assigned": "2024-06-10 12:00:00",
                        "completed": null,
                    },
                    "next_action": null,
                    "version": 1,
                    "time": "2024-06-10 12:00:00",
                }],
                "before": 0,
                "limit": 10,
                "total": { "Exactly": 1 },
            },
            "first": desk.ticket.to_string(),
            "last": desk.ticket.to_string(),
            "sizes": { "pending": 1, "done": 0, "all": 1 },
            "this_year": 2024,
        })
    );
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_lists_are_for_those_the_policy_permits() {
    let desk = Desk::open().await;
    let everybody = [&desk.zhou, &desk.li, &desk.wang, &desk.sun];
    let zhous = format!("place=All&search=uid%3D{}", desk.zhou.id);
    let wangs = format!("place=All&search=tid%3D{}", desk.wang.id);
    let zhous_with_wang = format!("{zhous}%26tid%3D{}", desk.wang.id);
    let zhous_done = format!("{zhous}%26list%3Ddone");
    let denied = None;

    for (query, totals) in [
        ("place=My", [Some(1), Some(0), Some(0), Some(0)]),
        ("place=Jobs", [Some(0), Some(0), Some(1), Some(0)]),
        ("place=All", [denied, denied, denied, Some(1)]),
        // Parameters of no personal list are ignored.
        ("place=My&search=uid%3D1%26tid%3D1", [Some(1), Some(0), Some(0), Some(0)]),
        ("place=All&search=list%3Ddone", [denied, denied, denied, Some(0)]),
        ("place=All&search=campus%3D%E6%B1%9F%E5%AE%89", [denied, denied, denied, Some(1)]),
        (&zhous, [Some(1), denied, denied, Some(1)]),
        (&wangs, [denied, denied, Some(1), Some(1)]),
        (&zhous_with_wang, [denied, denied, denied, Some(1)]),
        (&zhous_done, [Some(0), denied, denied, Some(0)]),
    ] {
        for (actor, total) in everybody.into_iter().zip(totals) {
            let reply = desk.call(actor, &format!("/rpc/tickets?{query}")).await;

            let (status, told) = match total {
                Some(total) => (StatusCode::OK, json!(total)),
                None => (StatusCode::FORBIDDEN, json!("Denied")),
            };
            let json = reply.json();
            let seen = if json.is_object() { &json["page"]["total"]["Exactly"] } else { &json };
            assert_eq!((reply.status, seen), (status, &told), "{query} as {}", actor.name);
        }
    }
}

#[tokio::test]
async fn a_ticket_is_for_those_it_involves_and_otherwise_not_there() {
    let desk = Desk::open().await;
    let ticket = format!("/rpc/ticket?id={}", desk.ticket);

    for (actor, path, status) in [
        (&desk.zhou, ticket.as_str(), StatusCode::OK),
        (&desk.wang, &ticket, StatusCode::OK),
        (&desk.sun, &ticket, StatusCode::OK),
        (&desk.li, &ticket, StatusCode::NOT_FOUND),
        (&desk.sun, "/rpc/ticket?id=1", StatusCode::NOT_FOUND),
        (&desk.zhou, "/rpc/ticket?id=1", StatusCode::NOT_FOUND),
        (&desk.zhou, "/rpc/ticket?id=abc", StatusCode::NOT_FOUND),
        (&desk.zhou, "/rpc/ticket", StatusCode::NOT_FOUND),
        (&desk.sun, "/rpc/ticket?id=99999999999999999999", StatusCode::NOT_FOUND),
    ] {
        let reply = desk.call(actor, path).await;

        assert_eq!(reply.status, status, "{path} as {}", actor.name);
        match status {
            StatusCode::OK => assert_eq!(reply.json()["card"]["id"], desk.ticket),
            _ => assert_eq!(reply.text, "\"NotFound\"", "{path} as {}", actor.name),
        }
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_told_so() {
    let desk = Desk::open().await;

    for path in
        ["/rpc/tickets?place=My", "/rpc/tickets?place=All", &format!("/rpc/ticket?id={}", desk.ticket)]
    {
        for cookie in ["", "fixdesk_session=stale"] {
            let reply = desk.app.visit(path, cookie).await;

            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(reply.text, "\"SignedOut\"", "{path}");
        }
    }
}

#[tokio::test]
async fn a_token_of_the_interface_is_not_read_here() {
    let desk = Desk::open().await;

    let reply = desk.app.get("/rpc/tickets?place=All", &desk.sun).await;

    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn values_that_cannot_be_understood_are_named() {
    let desk = Desk::open().await;
    let bad = |parameter: &str, typed: &str, reason: &str| json!({ "BadValues": [{ "parameter": parameter, "typed": typed, "reason": reason }] });

    for (search, expected) in [
        ("uid=0", bad("uid", "0", "NotAnInteger")),
        ("tid=abc", bad("tid", "abc", "NotAnInteger")),
        ("list=open", bad("list", "open", "NotAList")),
        ("limit=101", bad("limit", "101", "NotALimit")),
        ("page=1&page=1", bad("page", "1", "Repeated")),
    ] {
        let encoded = search.replace('=', "%3D").replace('&', "%26");
        let reply = desk.call(&desk.sun, &format!("/rpc/tickets?place=All&search={encoded}")).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{search}");
        assert_eq!(reply.json(), expected, "{search}");
    }
}

#[tokio::test]
async fn a_call_that_is_no_call_is_a_bad_request() {
    let desk = Desk::open().await;

    for path in ["/rpc/tickets", "/rpc/tickets?place=Elsewhere", "/rpc/tickets?search=x"] {
        let reply = desk.call(&desk.sun, path).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}: {}", reply.text);
        assert_eq!(reply.json(), Value::from("BadRequest"), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_function_is_not_found() {
    let desk = Desk::open().await;

    let reply = desk.call(&desk.sun, "/rpc/delete_everything").await;

    assert_eq!(reply.status, StatusCode::NOT_FOUND, "{}", reply.text);
}

#[tokio::test]
async fn a_failure_carries_a_request_id_and_nothing_of_the_inside() {
    let desk = Desk::open().await;
    let cookie = desk.app.browser_of(&desk.zhou).await;
    desk.app.break_database().await;

    let (reply, log) = log::during(desk.app.visit("/rpc/tickets?place=My", &cookie)).await;

    let request_id = log.iter().find_map(|line| line.get("request_id")).expect("is in the log");
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(reply.json(), json!({ "Unavailable": { "incident": request_id } }));
}
