//! Programs of the field, with the bodies that they really send: a mini program, a Flutter app and a
//! React administration. Each side of a job is one of them.

use axum::http::StatusCode;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::viewer::Role;
use serde_json::{Value, json};

use crate::support::cast::{Actor, TestApp};
use crate::support::pictures::jpeg;
use crate::support::wire::{form_with_files, get_as, post_json_as, with_body, with_header};

struct Field {
    desk: TestApp,
    zhou: Actor,
    chen: Actor,
    gao: Actor,
    sun: Actor,
}

impl Field {
    async fn open() -> Self {
        let desk = TestApp::start().await;
        let zhou = Person {
            phone: "13800000000".to_owned(),
            email: "zhou@example.edu".to_owned(),
            ..desk.somebody("zhou", Role::User)
        };
        let id = desk.add_person(zhou).await;
        let token = desk.token_of(id).await;
        let zhou = Actor { id, name: "zhou".to_owned(), role: Role::User, token };
        let (chen, gao) = (desk.technician("chen").await, desk.technician("gao").await);
        let sun = desk.admin("sun").await;
        Self { desk, zhou, chen, gao, sun }
    }

    /// A call that succeeds, as programs find out: by the status and by `success`.
    async fn calls(&self, actor: &Actor, path: &str, body: &Value) -> Value {
        let reply = self.desk.send(post_json_as(path, body, actor)).await;
        let told = reply.json();
        assert_eq!((reply.status, &told["success"]), (StatusCode::OK, &json!(true)), "{path} {body} {told}");
        told
    }

    async fn is_refused(&self, actor: &Actor, path: &str, body: &Value, status: StatusCode) -> String {
        let reply = self.desk.send(post_json_as(path, body, actor)).await;
        let told = reply.json();
        assert_eq!((reply.status, &told["success"]), (status, &json!(false)), "{path} {body} {told}");
        told["message"].as_str().expect("a sentence").to_owned()
    }

    /// A lookup whose parameters stand in the body, as some programs send them.
    async fn looks_up(&self, actor: &Actor, path: &str, parameters: &Value) -> Value {
        let reply = self.desk.send(with_body(get_as(path, actor), parameters.to_string())).await;
        assert_eq!(reply.status, StatusCode::OK, "{path} {parameters} {}", reply.text);
        reply.json()
    }

    /// The report of the mini program, whose button was touched twice.
    async fn reports(&self, brand: &str) -> String {
        let body = json!({
            "uid": self.zhou.id.0,
            "phone": 13_800_000_000_i64,
            "purchase_date": "2023-09-01",
            "device_type": "笔记本",
            "brand": brand,
            "description": "开机后风扇很响\n键盘进过水",
            "image": "https://img.example.edu/public/ticketdefault.svg",
            "fault_type": "清灰",
            "qq": "QQ号|123456",
            "DuoCampus": 0,
            "campus": "江安",
            "warranty_status": "unknown",
            "model": "default",
            "user_nick": "周同学",
        });
        let filed = self.calls(&self.zhou, "/v1/ticket/create", &body).await;
        let again = self.calls(&self.zhou, "/v1/ticket/create", &body).await;
        assert_eq!(filed["orderid"], again["orderid"], "sent twice, filed once");
        filed["orderid"].to_string()
    }

    async fn state_of(&self, order: &str) -> Value {
        let told = self.looks_up(&self.sun, "/v1/status/getTicket", &json!({ "orderid": order })).await;
        told["data"][0]["repair_status"].clone()
    }

    async fn kinds(&self, actor: &Actor, order: &str) -> Vec<String> {
        let told = self.looks_up(actor, "/v1/status/getHistory", &json!({ "orderid": order })).await;
        let events = told["data"].as_array().cloned().expect("events");
        events.iter().map(|event| event["kind"].as_str().expect("a kind").to_owned()).collect()
    }
}

#[tokio::test]
async fn the_mini_program_reports_is_told_the_state_and_confirms() {
    let field = Field::open().await;
    let conf = field.looks_up(&field.zhou, "/v1/conf/get", &json!({})).await;
    assert!(conf["configs"].as_array().expect("a list").iter().any(|config| config["data"] == "1"));
    let order = field.reports("华为").await;

    // The administration gives it; the technician's program knows no step before "done".
    let give = json!({ "order_id": order, "tid": field.chen.id.0.to_string() });
    assert_eq!(field.calls(&field.sun, "/v1/ticket/give", &give).await["repair_status"], "Pending");
    let done = json!({ "tid": order, "repair_status": "UserConfirming" });
    let reported = field.calls(&field.chen, "/v1/ticket/set", &done).await;
    assert_eq!(reported["changedFields"]["repair_status"], "UserConfirming");
    let confirm = json!({ "tid": order, "repair_status": "TechConfirming" });
    let confirmed = field.calls(&field.zhou, "/v1/ticket/set", &confirm).await;

    assert_eq!((&confirmed["repair_status"], field.state_of(&order).await), (&json!("Done"), json!("Done")));
    let steps = ["filed", "assign", "accept", "report_done", "confirm"];
    assert_eq!(field.kinds(&field.zhou, &order).await, steps);
    let own = json!({ "uid": field.zhou.id.0.to_string(), "list": "done", "page": "1" });
    let mine = field.looks_up(&field.zhou, "/v1/status/getTicket", &own).await;
    assert_eq!((&mine["total"], &mine["data"][0]["qq_number"]), (&json!(1), &json!("QQ号|123456")));
}

#[tokio::test]
async fn the_app_takes_a_job_over_by_a_code_with_photos_and_completes_it() {
    let field = Field::open().await;
    let order = field.reports("联想").await;
    let pool =
        field.looks_up(&field.chen, "/v1/status/getPool", &json!({ "page": "1", "limit": "20" })).await;
    assert_eq!(
        (pool["data"][0]["id"].to_string(), &pool["data"][0]["user_phone"]),
        (order.clone(), &json!(""))
    );

    field.calls(&field.chen, "/v1/ticket/act", &json!({ "order_id": order, "action": "take" })).await;
    let made = field.calls(&field.chen, "/v1/ticket/code", &json!({ "order_id": order })).await;
    let hash = "5d41402abc4b2a76b9719d911017c592";
    let without = json!({ "order_id": order, "order_hash": hash });
    let missing = field.is_refused(&field.gao, "/v1/ticket/give", &without, StatusCode::BAD_REQUEST).await;
    assert!(missing.contains("code") && !missing.contains("tid"), "{missing}");
    let give =
        json!({ "order_id": order, "order_hash": hash, "tvcode": made["code"], "request_id": "m1_2_3" });
    field.calls(&field.gao, "/v1/ticket/give", &give).await;
    let photos = form_with_files(
        "/v1/ticket/photos",
        "",
        &[("order_id", &order), ("key", "fyMiniprogam/1")],
        &[("file", "done.jpg", &jpeg(8, 8))],
    );
    let photos = with_header(photos, "authorization", &format!("Bearer {}", field.gao.token));
    assert_eq!(field.desk.send(photos).await.status, StatusCode::OK);
    let picture = json!({ "tid": order, "complete_image_url": "https://img.example.edu/done.jpg" });
    let refused =
        field.is_refused(&field.gao, "/v1/ticket/set", &picture, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(refused.contains("complete_image_url"), "{refused}");

    let complete = json!({ "order_id": order });
    let told = field.calls(&field.gao, "/v1/ticket/complete", &complete).await;
    assert_eq!(told["repair_status"], "UserConfirming");
    let told = field.calls(&field.zhou, "/v1/ticket/complete", &complete).await;
    assert_eq!(told["repair_status"], "Done");

    let shown = field.looks_up(&field.zhou, "/v1/status/getPhotos", &json!({ "orderid": order })).await;
    let address = shown["data"][0]["url"].as_str().expect("a photo").to_owned();
    assert_eq!(field.desk.get(&address, &field.zhou).await.status, StatusCode::OK);
    let head = field.looks_up(&field.zhou, "/v1/status/getHistory", &json!({ "orderid": order })).await;
    let head = &head["ticket"];
    assert_eq!((&head["model"], &head["warranty_status"]), (&json!("default"), &json!("")));
    assert_eq!((&head["technician_name"], &head["user_name"]), (&json!("gao同学"), &json!("zhou同学")));
}

#[tokio::test]
async fn the_administration_finds_people_corrects_closes_and_deletes() {
    let field = Field::open().await;
    let order = field.reports("苹果").await;

    let by_phone = field.looks_up(&field.sun, "/v1/status/getUser", &json!({ "phone": "13800000000" })).await;
    assert_eq!((&by_phone["total"], &by_phone["data"][0]["id"]), (&json!(1), &json!(field.zhou.id.0)));
    let stranger = field.desk.get("/v1/status/getUser?openid=o6_bmjrPTlm6_2sgVt7hMZOPfL2M", &field.sun).await;
    assert_eq!(stranger.status, StatusCode::BAD_REQUEST);
    let columns = json!({
        "tid": order, "computer_brand": "苹果 MacBook", "machine_purchase_date": "2023-10-01",
        "complete_image_url": null, "warranty_status": "under",
    });
    let corrected = field.calls(&field.sun, "/v1/ticket/set", &columns).await;
    assert_eq!(
        corrected["changedFields"],
        json!({ "brand": "苹果 MacBook", "purchase_date": "2023-10-01", "warranty_status": "valid" })
    );
    let close = json!({ "tid": order, "repair_status": "Closed" });
    assert_eq!(field.calls(&field.sun, "/v1/ticket/set", &close).await["repair_status"], "Closed");
    let late = field.is_refused(&field.sun, "/v1/ticket/set", &close, StatusCode::CONFLICT).await;
    assert!(!late.is_empty());

    let delete = json!({ "id": order });
    field.calls(&field.sun, "/v1/ticket/delete", &delete).await;
    let all = field.looks_up(&field.sun, "/v1/status/getTicket", &json!({})).await;
    assert_eq!(all["total"], 0);
    field.calls(&field.sun, "/v1/ticket/restore", &delete).await;
    assert_eq!(field.kinds(&field.sun, &order).await, ["filed", "corrected", "close", "deleted", "restored"]);
}

#[tokio::test]
async fn what_those_programs_could_elsewhere_and_must_not_here_stays_refused() {
    let field = Field::open().await;
    let order = field.reports("小米").await;

    // Naming its columns, or another person as its owner, moves no ticket.
    for member in ["user_id", "assigned_technician_id"] {
        let body = json!({ "tid": order, member: field.gao.id.0 });
        field.is_refused(&field.zhou, "/v1/ticket/set", &body, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let mut other = json!({ "phone": "1", "uid": field.sun.id.0 });
    field.is_refused(&field.zhou, "/v1/ticket/create", &other, StatusCode::UNPROCESSABLE_ENTITY).await;
    other = json!({ "order_id": order });
    field.is_refused(&field.gao, "/v1/ticket/complete", &other, StatusCode::FORBIDDEN).await;
    // The technician's confirmation is not the requester's to give, nor the other way round.
    let done = json!({ "tid": order, "repair_status": "UserConfirming" });
    field.is_refused(&field.zhou, "/v1/ticket/set", &done, StatusCode::CONFLICT).await;
    let list = field.desk.get("/v1/status/getUser?phone=13800000000", &field.gao).await;
    assert_eq!(list.status, StatusCode::FORBIDDEN);
    assert_eq!(
        field.desk.get("/v1/status/getPool?limit=1000", &field.gao).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(field.state_of(&order).await, "Pending");
}
