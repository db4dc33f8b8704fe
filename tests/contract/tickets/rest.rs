//! `/v1/ticket/*`: the same verbs for programs.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::status::Status;
use fixdesk::service::tickets::hand_over::make_code;
use serde_json::{Value, json};

use crate::support::cast::{Actor, NOON};
use crate::support::desk::{Desk, viewer};
use crate::support::wire::{Reply, call_refusal, post_json_as, with_header};

impl Desk {
    async fn call(&self, actor: &Actor, verb: &str, body: &Value) -> Reply {
        self.stage.send(post_json_as(&format!("/v1/ticket/{verb}"), body, actor)).await
    }
}

fn report() -> Value {
    json!({
        "purchase_date": "2024-06-01", "phone": "13800000000", "device_type": "笔记本",
        "brand": "华为 MateBook", "description": "风扇很响", "image": "https://example.com/a.jpg",
        "fault_type": "清灰", "qq": "123456", "campus": "江安",
    })
}

fn moved(status: &str) -> Value {
    json!({ "success": true, "status": "success", "repair_status": status })
}

#[tokio::test]
async fn a_ticket_lives_its_whole_life_by_rest() {
    let desk = Desk::open().await;

    let filed = desk.call(&desk.zhou, "create", &report()).await;
    assert_eq!(filed.json(), json!({ "success": true, "status": "success", "orderid": 20_240_000_001_i64 }));
    let order = json!({ "order_id": 20_240_000_001_i64 });
    let give = json!({ "order_id": 20_240_000_001_i64, "tid": desk.chen.id.0 });
    let begin = json!({ "tid": 20_240_000_001_i64, "repair_status": "Repairing" });

    assert_eq!(desk.call(&desk.sun, "give", &give).await.json(), moved("Pending"));
    let begun = desk.call(&desk.chen, "set", &begin).await.json();
    let changed = json!({ "repair_status": "Repairing" });
    assert_eq!(
        begun,
        json!({
            "success": true, "status": "success", "changedFields": changed, "repair_status": "Repairing",
        })
    );
    assert_eq!(desk.call(&desk.chen, "complete", &order).await.json(), moved("UserConfirming"));
    assert_eq!(desk.call(&desk.zhou, "complete", &order).await.json(), moved("Done"));

    let found = desk.stage.get("/v1/status/getTicket?orderid=20240000001", &desk.zhou).await.json();
    let ticket = &found["data"][0];
    assert_eq!(ticket["repair_status"], "Done");
    assert_eq!(ticket["completion_time"], "2024-06-10 12:00:00");
    assert_eq!(ticket["repair_image_url"], "https://example.com/a.jpg");
    assert_eq!(ticket["qq_number"], "123456");
}

#[tokio::test]
async fn every_step_can_be_taken_by_its_name() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let order = |action: &str| json!({ "order_id": ticket.0, "action": action, "note": "因为" });

    for (actor, action, status) in [
        (&desk.chen, "take", Status::Pending),
        (&desk.chen, "decline", Status::Pending),
        (&desk.chen, "take", Status::Pending),
        (&desk.chen, "accept", Status::Repairing),
        (&desk.chen, "report_done", Status::UserConfirming),
        (&desk.zhou, "not_fixed", Status::Repairing),
        (&desk.zhou, "report_fixed", Status::TechConfirming),
        (&desk.chen, "confirm", Status::Done),
        (&desk.zhou, "reopen", Status::Repairing),
        (&desk.chen, "close", Status::Closed),
    ] {
        assert_eq!(desk.call(actor, "act", &order(action)).await.json(), moved(status.name()), "{action}");
        assert_eq!(desk.row(ticket).await.contract.status, status, "{action}");
    }
    let again = desk.call(&desk.zhou, "act", &order("cancel")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_step_that_cannot_be_understood_or_comes_too_late_changes_nothing() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let version = desk.row(ticket).await.version;
    let cancel = |more: Value| {
        let mut body = json!({ "order_id": ticket.0, "action": "cancel" });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };

    for (actor, body, status) in [
        (&desk.zhou, cancel(json!({ "action": "destroy" })), StatusCode::BAD_REQUEST),
        (&desk.zhou, cancel(json!({ "version": "x" })), StatusCode::BAD_REQUEST),
        (&desk.zhou, cancel(json!({ "order_id": 0 })), StatusCode::BAD_REQUEST),
        (&desk.zhou, cancel(json!({ "version": version + 1 })), StatusCode::CONFLICT),
        (&desk.sun, cancel(json!({})), StatusCode::FORBIDDEN),
        (&desk.zhou, cancel(json!({ "action": "close" })), StatusCode::FORBIDDEN),
    ] {
        assert_eq!(desk.call(actor, "act", &body).await.status, status, "{body}");
    }
    assert_eq!(desk.row(ticket).await.version, version);
    let seen = desk.call(&desk.zhou, "act", &cancel(json!({ "version": version }))).await;
    assert_eq!(seen.status, StatusCode::OK);
}

#[tokio::test]
async fn words_are_written_for_both_sides_or_for_the_desk() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let say =
        |words: &str, internal: &str| json!({ "order_id": ticket.0, "message": words, "internal": internal });

    for (actor, body, status) in [
        (&desk.zhou, say("什么时候好？", ""), StatusCode::OK),
        (&desk.chen, say("明天", ""), StatusCode::OK),
        (&desk.chen, say("缺零件", "yes"), StatusCode::OK),
        (&desk.zhou, say("偷看", "yes"), StatusCode::FORBIDDEN),
        (&desk.zhou, say("", ""), StatusCode::UNPROCESSABLE_ENTITY),
        (&desk.zhou, say("x", "no"), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(desk.call(actor, "message", &body).await.status, status, "{body}");
    }
    let page = desk.opens(&desk.zhou, &format!("/tickets/{ticket}")).await.readable();
    assert!(page.contains("明天") && !page.contains("缺零件"), "{page}");
}

#[tokio::test]
async fn the_history_of_a_ticket_is_read_by_whoever_sees_it_and_as_much_of_it() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let say =
        |words: &str, internal: &str| json!({ "order_id": ticket.0, "message": words, "internal": internal });
    desk.call(&desk.zhou, "message", &say("什么时候好？", "")).await;
    desk.call(&desk.chen, "message", &say("缺零件", "yes")).await;
    desk.call(&desk.chen, "set", &json!({ "tid": ticket.0, "model": "D14" })).await;
    let read = async |actor: &Actor| {
        desk.stage.get(&format!("/v1/status/getHistory?orderid={ticket}"), actor).await.json()
    };
    let kinds = |history: &Value| -> Vec<String> {
        let events = history["data"].as_array().expect("events").iter();
        events.map(|event| event["kind"].as_str().expect("a kind").to_owned()).collect()
    };

    let (hers, his) = (read(&desk.zhou).await, read(&desk.chen).await);

    assert_eq!(kinds(&hers), ["filed", "take", "accept", "message", "corrected"]);
    assert_eq!(kinds(&his), ["filed", "take", "accept", "message", "note", "corrected"]);
    assert_eq!((&hers["version"], &hers["repair_status"]), (&json!(4), &json!("Repairing")));
    assert_eq!(hers["actions"], json!(["report_fixed", "cancel"]));
    let told = json!({
        "at": "2024-06-10 12:00:00", "kind": "message", "note": "什么时候好？", "changes": [],
        "actor_id": desk.zhou.id.0, "actor_name": "zhou同学", "technician_id": desk.chen.id.0,
    });
    assert_eq!(hers["data"][3], told);
    assert_eq!(hers["data"][4]["changes"], json!([{ "field": "model", "old": "", "new": "D14" }]));
    let late = json!({ "order_id": ticket.0, "version": 3 });
    assert_eq!(desk.call(&desk.zhou, "complete", &late).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_head_of_a_history_tells_the_ticket_as_its_page_shows_it_to_each() {
    let desk = Desk::open().await;
    for (person, shown) in [(&desk.zhou, "email"), (&desk.chen, "phone")] {
        let (id, email) = (person.id, format!("{}@example.edu", person.name));
        let change = format!(
            "UPDATE users SET phone = '1390000{}', email = '{email}', shown_contact = '{shown}' WHERE id = {id}",
            id.0 % 10_000
        );
        desk.stage.execute(&change).await;
    }
    let phone = |person: &Actor| format!("1390000{}", person.id.0 % 10_000);
    let mut body = report();
    body["model"] = json!("D14");
    body["warranty_status"] = json!("under");
    let order = desk.call(&desk.zhou, "create", &body).await.json()["orderid"].clone();
    let head = async |actor: &Actor| {
        let told = desk.stage.get(&format!("/v1/status/getHistory?orderid={order}"), actor).await;
        told.json()["ticket"].clone()
    };
    let waiting = head(&desk.gao).await;
    assert_eq!((&waiting["user_phone"], &waiting["qq_number"]), (&json!(""), &json!("")));
    assert_eq!((&waiting["user_contact"], &waiting["technician_name"]), (&Value::Null, &Value::Null));

    desk.stage.pass_seconds(60);
    desk.does(&desk.chen, TicketId(order.as_i64().expect("a number")), Action::Take).await;

    let hers = head(&desk.zhou).await;
    assert_eq!(
        hers,
        json!({
            "id": order, "created_at": "2024-06-10 12:00:00", "user_id": desk.zhou.id.0, "user_name": "zhou同学",
            "user_phone": "13800000000", "qq_number": "123456", "user_contact": null, "device_type": "笔记本",
            "computer_brand": "华为 MateBook", "model": "D14", "machine_purchase_date": "2024-06-01",
            "warranty_status": "valid", "fault_type": "清灰", "repair_description": "风扇很响",
            "repair_image_url": "https://example.com/a.jpg", "campus": "江安", "repair_status": "Pending",
            "assigned_technician_id": desk.chen.id.0, "technician_name": "chen同学",
            "technician_contact": phone(&desk.chen), "assigned_time": "2024-06-10 12:01:00",
            "completion_time": null,
        })
    );
    let his = head(&desk.chen).await;
    assert_eq!(
        (&his["user_contact"], &his["technician_contact"]),
        (&json!("zhou@example.edu"), &Value::Null)
    );
    let theirs = head(&desk.sun).await;
    assert_eq!(theirs["user_contact"], "zhou@example.edu");
    assert_eq!(theirs["technician_contact"], phone(&desk.chen));
}

#[tokio::test]
async fn a_ticket_without_a_history_has_a_head() {
    let desk = Desk::open().await;
    let ticket = desk.stage.ticket(&desk.zhou, |ticket| ticket.created_at = NOON.minus(3600)).await;

    let told = desk.stage.get(&format!("/v1/status/getHistory?orderid={ticket}"), &desk.zhou).await.json();

    assert_eq!(told["data"], json!([]));
    assert_eq!(told["ticket"]["created_at"], "2024-06-10 11:00:00");
    assert_eq!(told["ticket"]["user_name"], "zhou同学");
}

#[tokio::test]
async fn a_report_without_what_it_needs_names_it() {
    let desk = Desk::open().await;
    let mut body = report();
    body["phone"] = json!("x");
    body["campus"] = Value::Null;

    let reply = desk.call(&desk.zhou, "create", &body).await;

    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let what = reply.json()["data"].as_str().expect("a text").to_owned();
    assert!(what.contains("campus") && what.contains("phone"), "{what}");
    for body in ["", "[]", "{", r#"{"brand":{}}"#, r#"{"brand":1e8}"#] {
        let request =
            crate::support::wire::with_body(post_json_as("/v1/ticket/create", &json!({}), &desk.zhou), body);
        assert_eq!(desk.stage.send(request).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
}

#[tokio::test]
async fn the_same_key_files_once() {
    let desk = Desk::open().await;
    let request = |body: &Value| {
        with_header(post_json_as("/v1/ticket/create", body, &desk.zhou), "idempotency-key", "k1")
    };

    let (one, two) = tokio::join!(desk.stage.send(request(&report())), desk.stage.send(request(&report())));
    let mut other = report();
    other["brand"] = json!("联想");
    let reused = desk.stage.send(request(&other)).await;

    assert_eq!(one.json(), two.json());
    assert_eq!(one.status, StatusCode::OK);
    assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(desk.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM tickets").await, "1");
}

#[tokio::test]
async fn a_ticket_that_is_not_there_looks_like_somebody_elses() {
    let desk = Desk::open().await;
    let li = desk.stage.user("li").await;
    let there = desk.in_repair().await.0;

    for verb in ["complete", "give", "delete", "set"] {
        for ticket in [there, 1] {
            let body =
                json!({ "order_id": ticket, "tid": if verb == "set" { ticket } else { desk.chen.id.0 } });
            let reply = desk.call(&li, verb, &body).await;
            assert_eq!(
                (reply.status, reply.json()),
                (StatusCode::FORBIDDEN, call_refusal("权限不足")),
                "{verb}"
            );
        }
        let missing = desk.call(&desk.sun, verb, &json!({ "order_id": 1, "tid": 1 })).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{verb}");
        let nameless = desk.call(&desk.sun, verb, &json!({})).await;
        assert_eq!(nameless.status, StatusCode::BAD_REQUEST, "{verb}");
    }
}

#[tokio::test]
async fn a_state_is_reached_by_whoever_may_go_there() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let set = |status: &str| json!({ "tid": ticket.0, "repair_status": status, "note": "清好了" });

    let skipped = desk.call(&desk.chen, "set", &set("Done")).await;
    assert_eq!(skipped.status, StatusCode::CONFLICT);
    let unknown = desk.call(&desk.chen, "set", &set("Fixed")).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let both = json!({ "tid": ticket.0, "repair_status": "Closed", "brand": "联想", "note": "x" });
    assert_eq!(desk.call(&desk.chen, "set", &both).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(desk.call(&desk.chen, "set", &set("UserConfirming")).await.status, StatusCode::OK);
    assert_eq!(desk.call(&desk.zhou, "set", &set("Repairing")).await.status, StatusCode::OK);

    assert_eq!(desk.status(ticket).await, Status::Repairing);
}

#[tokio::test]
async fn fields_are_corrected_and_named() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await.0;

    let body = json!({ "tid": ticket, "model": "D14", "brand": "华为 MateBook" });
    let corrected = desk.call(&desk.chen, "set", &body).await;
    assert_eq!(corrected.json()["changedFields"], json!({ "model": "D14" }));
    assert_eq!(corrected.json()["repair_status"], "Repairing");
    let fixed = desk.call(&desk.chen, "set", &json!({ "tid": ticket, "phone": "13700000000" })).await;
    assert_eq!(fixed.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_job_is_taken_over_by_its_code() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let code = make_code(&desk.stage.app, &viewer(&desk.chen), ticket).await.expect("is made");
    let body = |code: &str| json!({ "order_id": ticket.0, "code": code });

    let wrong = desk.call(&desk.gao, "give", &body("000")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(desk.call(&desk.gao, "give", &body(&code)).await.status, StatusCode::OK);

    assert_eq!(desk.row(ticket).await.contract.technician, Some(desk.gao.id));
    let not_admin =
        desk.call(&desk.gao, "give", &json!({ "order_id": ticket.0, "tid": desk.chen.id.0 })).await;
    assert_eq!(not_admin.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_deleted_ticket_is_in_no_list_until_it_is_restored() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await.0;
    let order = json!({ "order_id": ticket });
    let total = async || desk.stage.get("/v1/status/getTicket", &desk.sun).await.json()["total"].clone();

    assert_eq!(desk.call(&desk.chen, "delete", &order).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.call(&desk.sun, "delete", &order).await.status, StatusCode::OK);
    assert_eq!(total().await, json!(0));
    assert_eq!(desk.call(&desk.sun, "restore", &order).await.status, StatusCode::OK);
    assert_eq!(total().await, json!(1));
    assert_eq!(desk.call(&desk.sun, "restore", &order).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_token_is_asked_for_first() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let request = crate::support::wire::post_json("/v1/ticket/complete", &json!({ "order_id": ticket.0 }));

    let reply = desk.stage.send(request).await;

    assert_eq!(reply.json(), json!({ "error": "Unauthorized for no Authorization" }));
    desk.does(&desk.chen, ticket, Action::ReportDone).await;
}
