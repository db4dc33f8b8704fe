//! `GET /v1/status/getTechworks`: what technicians have done and have to do.

use axum::http::StatusCode;
use fixdesk::domain::ids::UserId;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::viewer::Role;
use serde_json::{Value, json};

use crate::support::cast::{Actor, TestApp};
use crate::support::wire::{Reply, refusal};

struct Works {
    app: TestApp,
    zhou: Actor,
    chen: Actor,
    gao: Actor,
    sun: Actor,
}

impl Works {
    /// Desk: chen has two tickets done and four open, gao none; one is nobody's.
    async fn open() -> Self {
        let app = TestApp::start().await;
        let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
        let (chen, gao) = (app.technician("chen").await, app.technician("gao").await);
        for status in Status::ALL.into_iter().chain([Status::Done]) {
            app.ticket(&zhou, |ticket| {
                ticket.status = status;
                ticket.technician = Some(chen.id);
            })
            .await;
        }
        app.ticket(&zhou, |_| {}).await;
        Self { app, zhou, chen, gao, sun }
    }

    async fn ask(&self, actor: &Actor, query: &str) -> Reply {
        self.app.get(&format!("/v1/status/getTechworks?{query}"), actor).await
    }
}

fn work(technician: &Actor, done: u64, open: u64) -> Value {
    json!({
        "technician_id": technician.id.0,
        "nickname": format!("{}同学", technician.name),
        "done": done,
        "open": open,
        "on_duty": true,
        "campuses": [],
        "max_jobs": 0,
    })
}

fn answer(request_type: &str, data: &[Value], total: u64) -> Value {
    json!({
        "status": "success",
        "success": true,
        "request_type": request_type,
        "data": data,
        "page": 1,
        "limit": 10,
        "total": total,
    })
}

#[tokio::test]
async fn an_admin_sees_every_technician_the_latest_first() {
    let desk = Works::open().await;
    let (chens, gaos) = (work(&desk.chen, 2, 4), work(&desk.gao, 0, 0));

    let all = desk.ask(&desk.sun, "").await;
    let one = desk.ask(&desk.sun, &format!("tid={}", desk.chen.id)).await;
    let second = desk.ask(&desk.sun, "limit=1&page=2").await.json();
    let past = desk.ask(&desk.sun, "page=3").await.json();

    assert_eq!(all.json(), answer("all_technicians", &[gaos, chens.clone()], 2));
    assert_eq!(one.json(), answer("by_technician_id", std::slice::from_ref(&chens), 1));
    assert_eq!((&second["data"], &second["total"]), (&json!([chens]), &json!(2)));
    assert_eq!((&past["data"], &past["total"]), (&json!([]), &json!(2)));
    for nobody in [desk.zhou.id, desk.sun.id, UserId(1)] {
        let reply = desk.ask(&desk.sun, &format!("tid={nobody}")).await;
        assert_eq!(reply.json(), answer("by_technician_id", &[], 0));
    }
}

#[tokio::test]
async fn a_technician_sees_themselves() {
    let desk = Works::open().await;
    let chens = [work(&desk.chen, 2, 4)];

    let unnamed = desk.ask(&desk.chen, "").await;
    let by_number = desk.ask(&desk.chen, &format!("td={}", desk.chen.id)).await;

    assert_eq!(unnamed.json(), answer("all_technicians", &chens, 1));
    assert_eq!(by_number.json(), answer("by_technician_id", &chens, 1));
    for other in [desk.gao.id, desk.zhou.id, UserId(1)] {
        let reply = desk.ask(&desk.chen, &format!("tid={other}")).await;
        assert_eq!((reply.status, reply.json()), (StatusCode::FORBIDDEN, refusal("权限不足")));
    }
}

#[tokio::test]
async fn a_user_sees_nobody() {
    let desk = Works::open().await;

    for query in [String::new(), format!("tid={}", desk.zhou.id), format!("tid={}", desk.chen.id)] {
        let reply = desk.ask(&desk.zhou, &query).await;
        assert_eq!((reply.status, reply.json()), (StatusCode::FORBIDDEN, refusal("权限不足")), "{query}");
    }
}

#[tokio::test]
async fn whoever_is_kept_out_still_counts_and_whoever_is_no_technician_any_more_does_not() {
    let desk = Works::open().await;

    desk.app.set_disabled(desk.chen.id, true).await;
    desk.app.set_role(desk.gao.id, Role::User).await;

    let all = desk.ask(&desk.sun, "").await;
    assert_eq!(all.json(), answer("all_technicians", &[work(&desk.chen, 2, 4)], 1));
    assert_eq!(desk.ask(&desk.gao, "").await.status, StatusCode::FORBIDDEN);
}
