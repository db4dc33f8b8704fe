//! Answers are as of the moment they are asked for, whoever has written meanwhile.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::viewer::{Role, Viewer};
use fixdesk::service::tickets::actions::{self, ActionRequest, ActionTarget};
use serde_json::{Value, json};

use crate::support::cast::{Actor, TestApp};
use crate::support::wire::post_json_as;

async fn act(app: &TestApp, actor: &Actor, ticket: i64, action: Action) {
    let viewer = Viewer { id: actor.id, role: actor.role, nickname: actor.name.clone() };
    let action_request = ActionRequest {
        ticket: TicketId(ticket),
        target: ActionTarget::Act(action),
        seen: None,
        note: String::new(),
        technician: None,
        key: None,
    };
    actions::act(&app.app, &viewer, action_request).await.expect("is done");
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
async fn whoever_was_told_that_something_is_written_finds_it_so() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let chen = app.technician("chen").await;

    for number in 1..=5 {
        let filed = app.send(post_json_as("/v1/ticket/create", &report(number), &zhou)).await;
        assert_eq!(filed.status, StatusCode::OK, "{}", filed.readable());
        let ticket = filed.json()["orderid"].clone();
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
async fn whoever_is_sent_away_hears_nothing_any_more() {
    let app = TestApp::start().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    app.ticket(&zhou, |_| {}).await;
    let everything = "/v1/status/getTicket";
    assert_eq!(app.get(&of(&zhou), &zhou).await.status, StatusCode::OK);
    assert_eq!(app.get(everything, &sun).await.status, StatusCode::OK);

    app.set_role(sun.id, Role::User).await;
    assert_eq!(app.get(everything, &sun).await.status, StatusCode::FORBIDDEN);
    let given_back = app.send(post_json_as("/v1/user/logout", &json!({}), &zhou)).await;
    assert_eq!(given_back.status, StatusCode::OK);
    assert_eq!(app.get(&of(&zhou), &zhou).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_another_node_has_written_shows_at_once() {
    let app = TestApp::start().await;
    let (zhou, chen) = (app.user("zhou").await, app.technician("chen").await);
    let other = app.another_node().await;
    let ticket = app.ticket(&zhou, |_| {}).await;

    for (actor, action, expected) in [
        (&chen, Action::Take, "Pending"),
        (&chen, Action::Accept, "Repairing"),
        (&zhou, Action::ReportFixed, "TechConfirming"),
        (&chen, Action::Confirm, "Done"),
    ] {
        states(&app, &zhou).await;
        act(&other, actor, ticket.0, action).await;

        assert_eq!(states(&other, &zhou).await[0], expected, "where it was written");
        assert_eq!(states(&app, &zhou).await[0], expected, "elsewhere");
    }
}
