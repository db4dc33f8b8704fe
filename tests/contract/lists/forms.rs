//! Formats of one list: page, island, files and REST have the same rows.

use axum::http::StatusCode;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::ticket::ContractTicket;
use fixdesk::domain::viewer::Role;
use serde_json::Value;

use crate::support::cast::{Actor, FIRST_ID, NOON, TestApp};

struct Desk {
    app: TestApp,
    people: [Actor; 3],
}

impl Desk {
    /// Forty tickets of all states, of two people, some with a technician.
    async fn open() -> Self {
        let app = TestApp::start().await;
        let people = [app.user("zhou").await, app.technician("wang").await, app.admin("sun").await];
        let mut tickets: Vec<ContractTicket> = (0..40).map(|_| app.draft(people[0].id)).collect();
        for (ticket, number) in tickets.iter_mut().zip(0..) {
            ticket.status = Status::ALL[number % 7];
            ticket.campus = ["江安", "望江"][number % 2].to_owned();
            ticket.device_type = ["笔记本", "台式机", "MacBook"][number % 3].to_owned();
            if number % 4 > 0 {
                (ticket.technician, ticket.assigned_at) = (Some(people[1].id), Some(NOON));
            }
            if ticket.status == Status::Done {
                ticket.completed_at = Some(NOON);
            }
            if number % 5 == 0 {
                ticket.owner = people[2].id;
            }
        }
        app.add_tickets(&tickets).await;
        Self { app, people }
    }

    async fn file(&self, actor: &Actor, path: &str) -> Result<Vec<i64>, StatusCode> {
        let reply = self.app.visit(path, &self.app.browser_of(actor).await).await;
        if reply.status != StatusCode::OK {
            return Err(reply.status);
        }
        let number = |value: &Value| value["id"].as_i64().expect("an id");
        let extension = path.split(['.', '?']).nth(1);
        Ok(match extension {
            _ if path.starts_with("/rpc/") => {
                let items = reply.json()["page"]["items"].take();
                items.as_array().expect("rows").iter().map(|item| number(&item["card"])).collect()
            }
            Some("csv") => reply
                .text
                .lines()
                .skip(1)
                .filter_map(|line| line.split(',').next()?.parse().ok())
                .filter(|id| *id >= FIRST_ID)
                .collect(),
            Some("jsonl") => reply
                .text
                .lines()
                .map(|line| number(&serde_json::from_str::<Value>(line).expect("JSON")))
                .collect(),
            Some("json") => reply.json().as_array().expect("a list").iter().map(number).collect(),
            _ => reply.rows(),
        })
    }
}

#[tokio::test]
async fn every_form_of_a_list_has_the_same_rows_for_every_role() {
    let desk = Desk::open().await;
    let searches = [
        "",
        "list=pending",
        "status=Closed",
        "campus=%E6%B1%9F%E5%AE%89&device=MacBook",
        "unassigned=yes&dir=asc",
        "waiting=yes",
        "sort=changed",
        "device=MacBook&sort=changed&dir=asc",
        "assigned_from=2024-06-10&assigned_to=2024-06-10",
        "completed_to=2024-06-09",
    ];
    let mut compared = 0;
    for actor in &desk.people {
        for (place, name) in [("/my", "My"), ("/jobs", "Jobs"), ("/pool", "Pool"), ("/tickets", "All")] {
            for search in searches {
                let page = desk.file(actor, &format!("{place}?limit=100&{search}")).await;
                for extension in ["csv", "jsonl", "json"] {
                    let path = format!("{place}.{extension}?{search}");
                    assert_eq!(desk.file(actor, &path).await, page, "{path} as {}", actor.name);
                }
                let encoded: String = form_urlencoded::byte_serialize(search.as_bytes()).collect();
                let island = format!("/rpc/tickets?place={name}&search=limit%3D100%26{encoded}");
                assert_eq!(desk.file(actor, &island).await.ok(), page.clone().ok(), "{island}");
                let may = match (place, actor.role) {
                    // One's own waiting tickets show at any address.
                    ("/tickets", role) => role == Role::Admin || search == "waiting=yes",
                    ("/pool", role) => role != Role::User,
                    _ => true,
                };
                assert_eq!(page.is_ok(), may, "{place} as {}", actor.name);
                compared += page.map_or(0, |rows| rows.len());
            }
        }
    }
    assert!(compared > 300, "{compared} rows");
}

#[tokio::test]
async fn the_contract_answers_with_the_rows_of_the_page() {
    let desk = Desk::open().await;
    let [zhou, wang, sun] = &desk.people;
    for (actor, page, contract) in [
        (zhou, "/my?limit=100".to_owned(), format!("uid={}", zhou.id)),
        (zhou, "/my?limit=100&list=pending".to_owned(), format!("uid={}&list=pending", zhou.id)),
        (wang, "/jobs?limit=100&list=done".to_owned(), format!("tid={}&list=done", wang.id)),
        (sun, "/tickets?limit=100".to_owned(), String::new()),
        (sun, format!("/tickets?limit=100&uid={}", zhou.id), format!("uid={}", zhou.id)),
    ] {
        let reply = desk.app.get(&format!("/v1/status/getTicket?limit=100&{contract}"), actor).await.json();
        let rows: Vec<i64> =
            reply["data"].as_array().expect("rows").iter().filter_map(|row| row["id"].as_i64()).collect();
        assert_eq!(desk.file(actor, &page).await, Ok(rows), "{page}");
    }
}

#[tokio::test]
async fn a_file_is_named_marked_and_harmless() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.ticket(&sun, |ticket| {
        ticket.description = "=HYPERLINK(\"x\"), \"风扇\"\n很响".to_owned();
        ticket.brand = "+49".to_owned();
    })
    .await;
    let cookie = app.browser_of(&sun).await;

    let plain = app.visit("/tickets.csv", &cookie).await;
    let marked = app.visit("/tickets.csv?bom=yes", &cookie).await;

    assert_eq!(plain.header("content-disposition"), "attachment; filename=\"tickets.csv\"");
    assert!(plain.header("content-type").starts_with("text/csv; charset=utf-8"));
    assert_eq!(marked.text, format!("\u{feff}{}", plain.text));
    assert!(plain.text.contains("\"'=HYPERLINK(\"\"x\"\"), \"\"风扇\"\"\n很响\""), "{}", plain.text);
    assert!(plain.text.contains(",'+49,"), "{}", plain.text);
    assert!(plain.text.contains("2024-06-10 12:00:00"), "{}", plain.text);
}

#[tokio::test]
async fn what_cannot_be_a_file_says_why() {
    let app = TestApp::start().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);

    let bad = app.visit("/tickets.csv?uid=abc", &app.browser_of(&sun).await).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    assert!(bad.text.contains("uid"), "{}", bad.text);
    let foreign = app.visit("/tickets.csv", &app.browser_of(&zhou).await).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let nobody = app.visit("/my.csv?list=done", "").await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    assert_eq!(nobody.header("location"), "/sign-in?return_to=%2Fmy.csv%3Flist%3Ddone");
}

#[tokio::test]
async fn files_tell_no_more_than_pages() {
    let app = TestApp::start().await;
    let (zhou, wang) = (app.user("zhou").await, app.technician("wang").await);
    app.ticket(&zhou, |ticket| ticket.qq = "987654".to_owned()).await;
    let cookie = app.browser_of(&wang).await;

    for extension in ["csv", "jsonl", "json"] {
        let pool = app.visit(&format!("/pool.{extension}"), &cookie).await;
        assert!(pool.text.contains(&FIRST_ID.to_string()), "{}", pool.text);
        assert!(!pool.text.contains("13800000000") && !pool.text.contains("987654"), "{}", pool.text);
    }
    let own = app.visit("/my.csv", &app.browser_of(&zhou).await).await;
    assert!(own.text.contains("13800000000"), "{}", own.text);
    let marked = app.visit("/my.json?bom=yes", &app.browser_of(&zhou).await).await;
    assert!(marked.json().is_array(), "a mark is for spreadsheets");
}
