//! Answers that are given again are never older than a write that was
//! acknowledged before they were asked for, nor than a second where somebody
//! else has written.

use std::time::Duration;

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::viewer::{Role, Viewer};
use fixdesk::service::tickets::actions::{self, ActionRequest, ActionTarget};
use fixdesk::store::changes;
use serde_json::{Value, json};

use crate::support::cast::{Actor, TestApp};
use crate::support::log;
use crate::support::wire::post_json_as;

/// How often others' writes are looked for, or less.
const A_LOOK: Duration = Duration::from_millis(100);
/// What the desk promises about the writes of others.
pub const A_SECOND: Duration = Duration::from_secs(1);

/// A desk that keeps answers: others only begin to when the database is watched.
pub async fn watched() -> TestApp {
    let app = TestApp::start().await;
    watch(&app).await;
    app
}

pub async fn watch(app: &TestApp) {
    let db = app.app.db.clone();
    tokio::spawn(async move { changes::watch(&db).await });
    // Somebody has to ask before anything is looked for.
    for _ in 0..100 {
        if app.app.db.changes().current().is_some() {
            return;
        }
        tokio::time::sleep(A_LOOK).await;
    }
    panic!("nobody looks");
}

async fn act(app: &TestApp, actor: &Actor, ticket: i64, action: Action) {
    let viewer = Viewer { id: actor.id, role: actor.role, nickname: actor.name.clone() };
    let deed = ActionRequest {
        ticket: TicketId(ticket),
        aim: ActionTarget::Act(action),
        seen: None,
        note: String::new(),
        technician: None,
        key: None,
    };
    actions::act(&app.app, &viewer, deed).await.expect("is done");
}

fn of(zhou: &Actor) -> String {
    format!("/v1/status/getTicket?uid={}", zhou.id)
}

/// The states of somebody's tickets, as they are answered to them.
async fn states(app: &TestApp, zhou: &Actor) -> Value {
    let reply = app.get(&of(zhou), zhou).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.readable());
    let tickets = reply.json()["data"].as_array().expect("rows").clone();
    tickets.iter().map(|ticket| ticket["repair_status"].clone()).collect()
}

#[tokio::test]
async fn an_answer_is_given_again_and_is_the_same() {
    let app = watched().await;
    let zhou = app.user("zhou").await;
    app.ticket(&zhou, |_| {}).await;

    let first = app.get(&of(&zhou), &zhou).await;
    let (again, log) = log::during(app.get(&of(&zhou), &zhou)).await;

    assert_eq!((first.status, &first.text), (again.status, &again.text));
    assert_eq!(first.header("content-type"), again.header("content-type"));
    assert!(log.iter().all(|line| !line.contains_key("db.statement")), "nothing is asked: {log:#?}");
}

#[tokio::test]
async fn whoever_was_told_that_something_is_written_finds_it_so() {
    let app = watched().await;
    let zhou = app.user("zhou").await;
    let chen = app.technician("chen").await;

    for number in 1..=20 {
        let filed = app.send(post_json_as("/v1/ticket/create", &report(number), &zhou)).await;
        assert_eq!(filed.status, StatusCode::OK, "{}", filed.readable());
        let ticket = filed.json()["orderid"].clone();
        assert_eq!(states(&app, &zhou).await[0], "Pending");
        assert_eq!(states(&app, &zhou).await[0], "Pending");

        let ticket = ticket.as_i64().expect("an id");
        act(&app, &chen, ticket, Action::Take).await;
        act(&app, &zhou, ticket, Action::Cancel).await;
        assert_eq!(states(&app, &zhou).await[0], "Canceled");
    }
}

fn report(number: i64) -> Value {
    json!({
        "purchase_date": "2022-09-01", "phone": "13800000000", "device_type": "笔记本",
        "brand": format!("华为 {number}"), "description": "风扇很响", "image": "", "fault_type": "清灰",
        "qq": "", "campus": "江安",
    })
}

#[tokio::test]
async fn whoever_is_sent_away_hears_nothing_again() {
    let app = watched().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    app.ticket(&zhou, |_| {}).await;
    let everything = "/v1/status/getTicket";
    for _ in 0..2 {
        assert_eq!(app.get(&of(&zhou), &zhou).await.status, StatusCode::OK);
        assert_eq!(app.get(everything, &sun).await.status, StatusCode::OK);
    }

    app.set_role(sun.id, Role::User).await;
    assert_eq!(app.get(everything, &sun).await.status, StatusCode::FORBIDDEN);
    let given_back = app.send(post_json_as("/v1/user/logout", &json!({}), &zhou)).await;
    assert_eq!(given_back.status, StatusCode::OK);
    assert_eq!(app.get(&of(&zhou), &zhou).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_ends_in_time_although_its_answer_is_kept() {
    let app = watched().await;
    let zhou = app.user("zhou").await;
    assert_eq!(app.get(&of(&zhou), &zhou).await.status, StatusCode::OK);
    assert_eq!(app.get(&of(&zhou), &zhou).await.status, StatusCode::OK);

    app.pass_seconds(3600);

    assert_eq!(app.get(&of(&zhou), &zhou).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_answer_is_for_one_token_and_one_question() {
    let app = watched().await;
    let (zhou, li) = (app.user("zhou").await, app.user("li").await);
    app.ticket(&zhou, |_| {}).await;

    for _ in 0..2 {
        assert_eq!(app.get(&of(&zhou), &zhou).await.json()["total"], 1);
        assert_eq!(app.get(&of(&zhou), &li).await.status, StatusCode::FORBIDDEN);
        assert_eq!(app.get(&format!("{}&list=done", of(&zhou)), &zhou).await.json()["total"], 0);
    }
}

#[tokio::test]
async fn what_another_node_has_written_shows_within_a_second() {
    let app = watched().await;
    let (zhou, chen) = (app.user("zhou").await, app.technician("chen").await);
    let other = app.another_node().await;
    watch(&other).await;
    let ticket = app.ticket(&zhou, |_| {}).await;

    for (actor, action, expected) in [
        (&chen, Action::Take, "Pending"),
        (&chen, Action::Accept, "Repairing"),
        (&zhou, Action::ReportFixed, "TechConfirming"),
        (&chen, Action::Confirm, "Done"),
    ] {
        // Both have an answer that is about to be wrong.
        states(&app, &zhou).await;
        states(&other, &zhou).await;
        act(&other, actor, ticket.0, action).await;

        assert_eq!(states(&other, &zhou).await[0], expected, "where it was written");
        tokio::time::sleep(A_SECOND).await;
        assert_eq!(states(&app, &zhou).await[0], expected, "elsewhere");
    }
}
