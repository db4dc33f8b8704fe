//! Rows are the same on every access path: with filters that many match, and with filters that few do.

use axum::http::StatusCode;
use fixdesk::domain::lists::sort::Direction;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::ticket::ContractTicket;
use fixdesk::domain::time::Instant;
use serde_json::{Value, json};

use crate::support::cast::{Actor, NOON, TestApp};

/// Above the count cap, also of the common device.
const TICKETS: i64 = 11_500;
const PAGE: usize = 10;

struct Desk {
    app: TestApp,
    cookie: String,
    tickets: Vec<ContractTicket>,
    zhou: Actor,
    chen: Actor,
}

type Holds = Box<dyn Fn(&ContractTicket) -> bool>;
type Key = (&'static str, fn(&ContractTicket) -> i64);

impl Desk {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let (zhou, chen, sun) =
            (app.user("zhou").await, app.technician("chen").await, app.admin("sun").await);
        let mut tickets: Vec<ContractTicket> = (0..TICKETS).map(|_| app.draft(zhou.id)).collect();
        for (ticket, number) in tickets.iter_mut().zip(0..) {
            // Many are filed at one moment: their numbers decide.
            ticket.created_at = Instant(NOON.0 - number * 7_919 % 4_001);
            ticket.device_type = if number % 20 == 0 { "台式机" } else { "MacBook" }.to_owned();
            ticket.fault_type = if number % 501 == 0 { "重装系统" } else { "清灰" }.to_owned();
            if number % 50 == 3 {
                (ticket.status, ticket.technician) = (Status::Done, Some(chen.id));
                (ticket.assigned_at, ticket.completed_at) = (Some(ticket.created_at), Some(NOON));
            }
        }
        app.add_tickets(&tickets).await;
        app.execute(
            "UPDATE tickets SET changed_at = created_at + id % 3, waiting_since = created_at - id % 5",
        )
        .await;
        let cookie = app.browser_of(&sun).await;
        Self { app, cookie, tickets, zhou, chen }
    }

    fn filters(&self) -> Vec<(String, Holds)> {
        let day = "filed_from=2024-06-10&filed_to=2024-06-10";
        let (owner, technician) = (self.zhou.id, self.chen.id);
        let is = |device: &'static str, fault: &'static str| -> Holds {
            Box::new(move |ticket: &ContractTicket| {
                ticket.device_type == device && ticket.fault_type.contains(fault)
            })
        };
        vec![
            ("device=MacBook".to_owned(), is("MacBook", "")),
            ("device=台式机".to_owned(), is("台式机", "")),
            ("device=台式机&fault=重装系统".to_owned(), is("台式机", "重装系统")),
            (format!("device=MacBook&{day}"), is("MacBook", "")),
            (format!("device=台式机&{day}"), is("台式机", "")),
            (format!("device=MacBook&fault=重装系统&{day}"), is("MacBook", "重装系统")),
            ("list=done&status=Pending".to_owned(), Box::new(|_| false)),
            ("device=iPad".to_owned(), Box::new(|_| false)),
            (
                "assigned_from=2024-06-10&device=MacBook".to_owned(),
                Box::new(|ticket| ticket.assigned_at.is_some()),
            ),
            (
                "completed_to=2024-06-10&fault=清灰&device=MacBook".to_owned(),
                Box::new(|ticket| ticket.completed_at.is_some() && ticket.fault_type == "清灰"),
            ),
            (
                "waiting=yes&device=MacBook".to_owned(),
                Box::new(|ticket| ticket.technician.is_none() && ticket.device_type == "MacBook"),
            ),
            ("list=pending".to_owned(), Box::new(|ticket| ticket.status == Status::Pending)),
            ("status=Done&campus=江安".to_owned(), Box::new(|ticket| ticket.status == Status::Done)),
            ("unassigned=yes".to_owned(), Box::new(|ticket| ticket.technician.is_none())),
            (format!("uid={owner}"), Box::new(|_| true)),
            (format!("uid={owner}&device=MacBook"), is("MacBook", "")),
            (format!("tid={technician}"), Box::new(move |ticket| ticket.technician == Some(technician))),
        ]
    }

    async fn ask(&self, search: &str) -> Value {
        let encoded: String = form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let path = format!("/rpc/tickets?place=All&search={encoded}");
        let reply = self.app.visit(&path, &self.cookie).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text);
        reply.json()
    }
}

fn rows(reply: &Value) -> Vec<i64> {
    let items = reply["page"]["items"].as_array().expect("rows");
    items.iter().map(|item| item["card"]["id"].as_i64().expect("an id")).collect()
}

#[tokio::test]
async fn whether_few_or_many_match_the_rows_are_in_order() {
    let desk = Desk::open().await;
    let keys: [Key; 4] = [
        ("number", |ticket| ticket.id.0),
        ("filed", |ticket| ticket.created_at.0),
        ("changed", |ticket| ticket.created_at.0 + ticket.id.0 % 3),
        ("waiting", |ticket| ticket.created_at.0 - ticket.id.0 % 5),
    ];
    for (filter, holds) in desk.filters() {
        for (key, time) in keys {
            // A list of days is sorted by them.
            if key == "number" && filter.contains("2024-06-10") {
                continue;
            }
            for direction in Direction::ALL {
                let mut expected: Vec<&ContractTicket> =
                    desk.tickets.iter().filter(|ticket| holds(ticket)).collect();
                expected.sort_by_key(|ticket| (time(ticket), ticket.id));
                if direction == Direction::Descending {
                    expected.reverse();
                }
                let expected: Vec<i64> = expected.into_iter().map(|ticket| ticket.id.0).collect();
                let search = format!("{filter}&sort={key}&dir={}", direction.name());
                let page = |number: usize| {
                    expected.iter().copied().skip((number - 1) * PAGE).take(PAGE).collect::<Vec<_>>()
                };

                let first = desk.ask(&search).await;
                assert_eq!(rows(&first), page(1), "{search}");
                // Days and waiting tickets have no kept counts.
                let is_counted = ["2024-06-10", "waiting=yes"].iter().all(|part| !filter.contains(part));
                let is_exact = expected.len() <= 10_000 || is_counted;
                let total = if is_exact {
                    json!({ "Exactly": expected.len() })
                } else {
                    json!({ "MoreThan": 10_000 })
                };
                assert_eq!(first["page"]["total"], total, "{search}");
                assert_eq!(rows(&desk.ask(&format!("{search}&page=3")).await), page(3), "{search}");
                let Some(last) = first["last"].as_str() else { continue };
                let second = desk.ask(&format!("{search}&after={last}")).await;
                assert_eq!(rows(&second), page(2), "{search}");
                assert_eq!(second["page"]["before"], PAGE.min(expected.len()), "{search}");
                if let Some(place) = second["first"].as_str() {
                    let back = desk.ask(&format!("{search}&before={place}")).await;
                    assert_eq!((rows(&back), &back["page"]["before"]), (page(1), &json!(0)), "{search}");
                }
            }
        }
    }
}
