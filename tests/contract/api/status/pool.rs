//! `GET /v1/status/getPool`: tickets to take, for technicians and admins.

use axum::http::StatusCode;
use fixdesk::domain::tickets::status::Status;
use serde_json::{Value, json};

use crate::support::cast::{Actor, TestApp};
use crate::support::wire::{Reply, refusal};

async fn ask(app: &TestApp, actor: &Actor, query: &str) -> Reply {
    app.get(&format!("/v1/status/getPool?{query}"), actor).await
}

fn ids(reply: &Reply) -> Vec<i64> {
    let data = reply.json()["data"].as_array().cloned().unwrap_or_default();
    data.iter().map(|ticket| ticket["id"].as_i64().expect("an id")).collect()
}

#[tokio::test]
async fn technicians_and_admins_find_what_waits_newest_first_a_page_at_a_time() {
    let app = TestApp::start().await;
    let (zhou, chen, sun) = (app.user("zhou").await, app.technician("chen").await, app.admin("sun").await);
    let first = app.ticket(&zhou, |_| {}).await.0;
    let second = app.ticket(&zhou, |ticket| ticket.campus = "望江".to_owned()).await.0;
    let third = app.ticket(&chen, |_| {}).await.0;
    app.ticket(&zhou, |ticket| ticket.technician = Some(chen.id)).await;
    for status in [Status::Done, Status::Closed, Status::Canceled] {
        app.ticket(&zhou, |ticket| ticket.status = status).await;
    }

    for actor in [&chen, &sun] {
        let all = ask(&app, actor, "").await;
        assert_eq!((all.status, ids(&all)), (StatusCode::OK, vec![third, second, first]));
        assert_eq!(all.json()["request_type"], "pool");
        let page = ask(&app, actor, "limit=2&page=2").await;
        assert_eq!(ids(&page), [first]);
        let told = page.json();
        assert_eq!((&told["page"], &told["limit"], &told["total"]), (&json!(2), &json!(2), &json!(3)));
        assert_eq!(ids(&ask(&app, actor, "campus=%E6%9C%9B%E6%B1%9F").await), [second]);
        assert_eq!(ids(&ask(&app, actor, "page=9").await), Vec::<i64>::new());
    }
    let refused = ask(&app, &zhou, "").await;
    assert_eq!((refused.status, refused.json()), (StatusCode::FORBIDDEN, refusal("权限不足")));
}

#[tokio::test]
async fn a_ticket_that_waits_is_told_as_in_get_ticket_but_for_how_to_reach_its_requester() {
    let app = TestApp::start().await;
    let (zhou, chen, sun) = (app.user("zhou").await, app.technician("chen").await, app.admin("sun").await);
    app.ticket(&zhou, |_| {}).await;
    let mut expected = app.get("/v1/status/getTicket", &sun).await.json()["data"][0].clone();
    for contact in ["user_phone", "qq_number"] {
        assert_ne!(expected[contact], "");
        expected[contact] = Value::from("");
    }

    for actor in [&chen, &sun] {
        assert_eq!(ask(&app, actor, "").await.json()["data"], json!([expected]));
    }
}
