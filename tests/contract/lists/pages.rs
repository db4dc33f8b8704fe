//! Pages by number and by place, however long the list is.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::ticket::ContractTicket;
use fixdesk::store::lists::verify;
use serde_json::{Value, json};

use crate::support::cast::{Actor, FIRST_ID, TestApp};

const TICKETS: i64 = 1_500;

/// Ids with gaps of every size, so that blocks of every level are begun.
fn id(number: i64) -> i64 {
    FIRST_ID + number * 3 + (number / 100) * 5_000 + (number / 700) * 40_000_000
}

async fn long_list() -> (TestApp, Actor, Vec<ContractTicket>) {
    let app = TestApp::start().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    let mut tickets: Vec<ContractTicket> = (0..TICKETS).map(|_| app.draft(zhou.id)).collect();
    for (ticket, number) in tickets.iter_mut().zip(0..) {
        ticket.id = TicketId(id(number));
        ticket.status = Status::ALL[usize::try_from(number * number % 7).expect("small")];
    }
    app.add_tickets(&tickets).await;
    (app, sun, tickets)
}

fn rows(reply: &Value) -> Vec<i64> {
    let items = reply["page"]["items"].as_array().expect("rows");
    items.iter().map(|item| item["card"]["id"].as_i64().expect("an id")).collect()
}

#[tokio::test]
async fn every_page_of_every_list_has_its_rows_from_either_end() {
    let (app, sun, tickets) = long_list().await;
    let cookie = app.browser_of(&sun).await;
    assert_eq!(verify::miscounts(&app.app.db).await.expect("counters"), []);

    for (list, holds) in [
        ("all", (|_| true) as fn(Status) -> bool),
        ("pending", Status::is_open),
        ("done", |status| status == Status::Done),
    ] {
        for direction in ["desc", "asc"] {
            let mut expected: Vec<i64> =
                tickets.iter().filter(|ticket| holds(ticket.status)).map(|ticket| ticket.id.0).collect();
            if direction == "desc" {
                expected.reverse();
            }
            let mut after = String::new();
            for (page, expected) in expected.chunks(100).enumerate() {
                let search =
                    |start: String| format!("list%3D{list}%26dir%3D{direction}%26limit%3D100{start}");
                let by_number = search(format!("%26page%3D{}", page + 1));
                let by_place = search(after);
                for search in [by_number, by_place] {
                    let path = format!("/rpc/tickets?place=All&search={search}");
                    let reply = app.visit(&path, &cookie).await;
                    assert_eq!(reply.status, StatusCode::OK, "{path}");
                    assert_eq!(rows(&reply.json()), expected, "{path}");
                    assert_eq!(reply.json()["page"]["before"], 100 * page, "{path}");
                }
                after = format!("%26after%3D{}", expected.last().expect("a row"));
            }
        }
    }
}

#[tokio::test]
async fn rows_that_are_filed_meanwhile_neither_repeat_nor_vanish() {
    let (app, sun, tickets) = long_list().await;
    let cookie = app.browser_of(&sun).await;
    let expected: Vec<i64> = tickets.iter().rev().map(|ticket| ticket.id.0).collect();
    let mut seen = Vec::new();
    let mut search = String::new();

    for number in 0..15 {
        let reply = app.visit(&format!("/rpc/tickets?place=All&search={search}"), &cookie).await.json();
        seen.extend(rows(&reply));
        search = format!("after%3D{}", reply["last"].as_str().expect("a place"));
        let mut newcomer = app.draft(sun.id);
        newcomer.id = TicketId(id(TICKETS) + number);
        app.add_tickets(&[newcomer]).await;
    }
    assert_eq!(seen, expected[..150]);

    // And back: the page before the last one read, from its first row.
    let before = format!("before%3D{}", expected[140]);
    let reply = app.visit(&format!("/rpc/tickets?place=All&search={before}"), &cookie).await.json();
    assert_eq!(rows(&reply), expected[130..140]);
    assert_eq!(reply["page"]["before"], 130 + 15);
}

#[tokio::test]
async fn a_list_in_an_order_of_its_own_is_read_page_by_page() {
    let (app, sun, tickets) = long_list().await;
    let cookie = app.browser_of(&sun).await;
    // Many changed at one moment: their numbers decide.
    app.execute("UPDATE tickets SET changed_at = 1000 + id % 10, waiting_since = 5000 - id % 7").await;

    for (key, time) in [("changed", (|id| 1000 + id % 10) as fn(i64) -> i64), ("waiting", |id| 5000 - id % 7)]
    {
        for direction in ["desc", "asc"] {
            let mut expected: Vec<i64> = tickets.iter().map(|ticket| ticket.id.0).collect();
            expected.sort_by_key(|id| (time(*id), *id));
            if direction == "desc" {
                expected.reverse();
            }
            let (mut seen, mut start) = (Vec::new(), String::new());
            for _ in 0..4 {
                let search = format!("sort%3D{key}%26dir%3D{direction}%26limit%3D100{start}");
                let reply =
                    app.visit(&format!("/rpc/tickets?place=All&search={search}"), &cookie).await.json();
                seen.extend(rows(&reply));
                start = format!("%26after%3D{}", reply["last"].as_str().expect("a place"));
            }
            assert_eq!(seen, expected[..400], "{key} {direction}");
        }
    }
}

#[tokio::test]
async fn where_nobody_counts_any_more_no_number_is_told() {
    let app = TestApp::start().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    let mut tickets: Vec<ContractTicket> = (0..10_020).map(|_| app.draft(zhou.id)).collect();
    for (ticket, number) in tickets.iter_mut().zip(FIRST_ID..) {
        ticket.id = TicketId(number);
    }
    app.add_tickets(&tickets).await;
    let cookie = app.browser_of(&sun).await;

    for (index, known) in [(9_999, json!(10_000)), (10_000, Value::Null), (10_009, Value::Null)] {
        let place = &tickets[tickets.len() - 1 - index];
        let after = format!("sort%3Dchanged%26after%3D{}.{}", place.created_at.0, place.id);
        let reply = app.visit(&format!("/rpc/tickets?place=All&search={after}"), &cookie).await.json();
        assert_eq!(reply["page"]["before"], known, "behind {index}");
        assert_eq!(rows(&reply)[0], place.id.0 - 1);
    }
    let page = app.visit(&format!("/tickets?{}", "sort=changed&page=1002"), &cookie).await;
    assert!(page.readable().contains("第 10,011–10,020 单"), "{}", page.readable());
}
