//! Calls of programs that know less than the desk: no note, no key, no `accept`, other names.

use axum::http::StatusCode;
use fixdesk::domain::ids::TicketId;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::event::{Kind, rebuild};
use fixdesk::domain::tickets::status::Status;
use serde_json::{Value, json};

use crate::support::cast::{Actor, EN, ZH};
use crate::support::desk::Desk;
use crate::support::wire::{Reply, get_as, post_json_as, with_header};

const MINUTE: i64 = 60;

impl Desk {
    async fn program(&self, actor: &Actor, verb: &str, body: &Value) -> Reply {
        self.stage.send(post_json_as(&format!("/v1/ticket/{verb}"), body, actor)).await
    }

    async fn sets(&self, actor: &Actor, ticket: TicketId, member: &str, value: &str) -> Reply {
        self.program(actor, "set", &json!({ "tid": ticket.0, member: value })).await
    }

    async fn count_tickets(&self) -> String {
        self.stage.text("SELECT CAST(COUNT(*) AS TEXT) FROM tickets").await
    }

    /// Reads the notes of a history in a language.
    async fn notes_told(&self, actor: &Actor, ticket: TicketId, language: &str) -> Vec<String> {
        let path = format!("/v1/status/getHistory?orderid={ticket}");
        let told = self.stage.send(with_header(get_as(&path, actor), "accept-language", language)).await;
        let events = told.json()["data"].as_array().cloned().expect("events");
        events.iter().map(|event| event["note"].as_str().expect("a text").to_owned()).collect()
    }
}

fn report() -> Value {
    json!({
        "phone": "13800000000", "device_type": "笔记本", "brand": "华为", "description": "风扇很响",
        "fault_type": "清灰", "campus": "江安",
    })
}

#[tokio::test]
async fn a_state_that_needs_a_note_is_reached_without_one_and_the_reader_is_told_so() {
    let desk = Desk::open().await;
    let (told, english) = (ZH.work().reported_by_client, EN.work().reported_by_client);

    for (status, actor) in [("UserConfirming", &desk.chen), ("Closed", &desk.sun), ("Pending", &desk.chen)] {
        let ticket = match status {
            "Pending" => {
                let ticket = desk.file(&desk.zhou).await;
                desk.does(&desk.chen, ticket, Action::Take).await;
                ticket
            }
            _ => desk.in_repair().await,
        };
        let reply = desk.sets(actor, ticket, "repair_status", status).await;

        assert_eq!((reply.status, &reply.json()["repair_status"]), (StatusCode::OK, &json!(status)));
        let stored = desk.history(ticket).await.pop().expect("an event").note;
        assert_eq!(stored, "", "no sentence of a language is kept");
        assert_eq!(desk.notes_told(&desk.zhou, ticket, "zh-CN").await.last().expect("one"), told);
        assert_eq!(desk.notes_told(&desk.zhou, ticket, "en").await.last().expect("one"), english);
        let page = desk.opens(&desk.zhou, &format!("/tickets/{ticket}")).await.readable();
        assert!(page.contains(told), "{page}");
    }
    let inbox = desk.opens(&desk.zhou, "/inbox").await.readable();
    assert!(inbox.contains(told), "{inbox}");
}

#[tokio::test]
async fn a_missing_note_is_told_only_to_whoever_still_sees_the_ticket() {
    let desk = Desk::open().await;
    let told = ZH.work().reported_by_client;
    let ticket = desk.in_repair().await;
    desk.does(&desk.chen, ticket, Action::ReportDone).await;
    desk.sets(&desk.zhou, ticket, "repair_status", "Repairing").await;
    let inbox = async || desk.opens(&desk.chen, "/inbox").await.readable();
    assert!(inbox().await.contains(told));

    desk.gives(&desk.sun, ticket, Action::Assign, desk.gao.id).await;

    assert!(!inbox().await.contains(told));
    let notices = desk.stage.get("/v1/status/getInbox", &desk.chen).await;
    assert!(!notices.text.contains(told), "{}", notices.text);
}

#[tokio::test]
async fn a_note_that_is_given_stands_alone_and_an_act_still_needs_one() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;

    let nameless = json!({ "order_id": ticket.0, "action": "report_done" });
    assert_eq!(desk.program(&desk.chen, "act", &nameless).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let noted = json!({ "order_id": ticket.0, "note": "换了风扇" });
    assert_eq!(desk.program(&desk.chen, "complete", &noted).await.status, StatusCode::OK);

    assert_eq!(desk.notes_told(&desk.zhou, ticket, "zh-CN").await.last().expect("one"), "换了风扇");
}

#[tokio::test]
async fn a_job_that_was_never_begun_is_accepted_and_reported_in_one_step() {
    let desk = Desk::open().await;

    for (verb, body) in [
        ("complete", json!({ "note": "清好了" })),
        ("set", json!({ "repair_status": "UserConfirming" })),
        ("act", json!({ "action": "report_done", "note": "清好了" })),
    ] {
        let ticket = desk.file(&desk.zhou).await;
        desk.gives(&desk.sun, ticket, Action::Assign, desk.chen.id).await;
        let mut body = body;
        body[if verb == "set" { "tid" } else { "order_id" }] = json!(ticket.0.to_string());
        let call = || {
            with_header(
                post_json_as(&format!("/v1/ticket/{verb}"), &body, &desk.chen),
                "idempotency-key",
                verb,
            )
        };
        let reply = desk.stage.send(call()).await;

        assert_eq!(
            (reply.status, &reply.json()["repair_status"]),
            (StatusCode::OK, &json!("UserConfirming"))
        );
        let history = desk.history(ticket).await;
        let steps: Vec<(Kind, Status)> =
            history[2..].iter().map(|event| (event.kind, event.state.status)).collect();
        assert_eq!(
            steps,
            [
                (Kind::Acted(Action::Accept), Status::Repairing),
                (Kind::Acted(Action::ReportDone), Status::UserConfirming),
            ],
            "{verb}"
        );
        assert_eq!(rebuild(&history), Some(desk.row(ticket).await), "{verb}");
        assert_eq!(desk.stage.send(call()).await.json(), reply.json(), "once");
        assert_eq!(desk.history(ticket).await.len(), 4, "{verb}");
    }
}

#[tokio::test]
async fn a_job_is_reported_by_nobody_but_its_technician() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    let done = json!({ "order_id": ticket.0, "action": "report_done", "note": "好了" });

    for actor in [&desk.zhou, &desk.chen, &desk.sun] {
        assert_eq!(desk.program(actor, "act", &done).await.status, StatusCode::FORBIDDEN, "{}", actor.name);
    }
    desk.gives(&desk.sun, ticket, Action::Assign, desk.chen.id).await;
    for actor in [&desk.zhou, &desk.gao, &desk.sun] {
        assert_eq!(desk.program(actor, "act", &done).await.status, StatusCode::FORBIDDEN, "{}", actor.name);
    }
    assert_eq!(desk.status(ticket).await, Status::Pending);
}

#[tokio::test]
async fn each_side_confirms_by_its_own_state_and_the_second_ends_the_repair() {
    let desk = Desk::open().await;

    for (first, second, states) in [
        (&desk.chen, &desk.zhou, ["UserConfirming", "TechConfirming"]),
        (&desk.zhou, &desk.chen, ["TechConfirming", "UserConfirming"]),
    ] {
        let ticket = desk.in_repair().await;
        assert_eq!(desk.sets(first, ticket, "repair_status", states[0]).await.status, StatusCode::OK);
        let alone = desk.sets(first, ticket, "repair_status", states[1]).await;
        assert_eq!(alone.status, StatusCode::CONFLICT, "one side gives no two confirmations");

        let reply = desk.sets(second, ticket, "repair_status", states[1]).await.json();

        assert_eq!(reply["changedFields"], json!({ "repair_status": "Done" }));
        assert_eq!((&reply["repair_status"], desk.status(ticket).await), (&json!("Done"), Status::Done));
    }
}

#[tokio::test]
async fn a_repeated_call_is_answered_with_the_state_of_then() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let call = |body: &Value, key: &str| {
        with_header(post_json_as("/v1/ticket/set", body, &desk.chen), "idempotency-key", key)
    };
    let (model, done) = (
        json!({ "tid": ticket.0, "model": "D14" }),
        json!({ "tid": ticket.0, "repair_status": "UserConfirming" }),
    );
    let first =
        [desk.stage.send(call(&model, "1")).await.json(), desk.stage.send(call(&done, "2")).await.json()];

    desk.sets(&desk.sun, ticket, "model", "D15").await;
    desk.does(&desk.zhou, ticket, Action::NotFixed).await;

    let again =
        [desk.stage.send(call(&model, "1")).await.json(), desk.stage.send(call(&done, "2")).await.json()];
    assert_eq!(first, again);
    assert_eq!(first[0]["changedFields"], json!({ "model": "D14" }));
    assert_eq!(first[1]["repair_status"], "UserConfirming");
    assert_eq!(desk.row(ticket).await.model, "D15");
}

#[tokio::test]
async fn an_equal_report_within_two_minutes_is_the_same_one() {
    let desk = Desk::open().await;
    let file = async |body: &Value| desk.program(&desk.zhou, "create", body).await.json()["orderid"].clone();
    let first = file(&report()).await;

    desk.stage.pass_seconds(2 * MINUTE - 1);
    let mut other = report();
    other["description"] = json!("屏幕不亮");
    let mut same = report();
    same["model"] = Value::Null;
    same["uid"] = json!(desk.zhou.id.0);
    same["phone"] = json!(13_800_000_000_i64);

    assert_eq!(file(&same).await, first, "the same values, however they are written");
    assert_ne!(file(&other).await, first);
    let by_li = desk.program(&desk.stage.user("li").await, "create", &report()).await.json();
    assert_ne!(by_li["orderid"], first, "another person's");
    let keyed = with_header(post_json_as("/v1/ticket/create", &report(), &desk.zhou), "idempotency-key", "k");
    assert_ne!(desk.stage.send(keyed).await.json()["orderid"], first, "a key says that it is another");
    desk.stage.pass_seconds(1);
    let later = file(&report()).await;
    assert_ne!(later, first);
    assert_eq!(file(&report()).await, later);
    assert_eq!(desk.count_tickets().await, "5");
}

#[tokio::test]
async fn a_report_that_was_ended_meanwhile_is_filed_anew() {
    let desk = Desk::open().await;
    let file = async || desk.program(&desk.zhou, "create", &report()).await.json()["orderid"].clone();
    let first = file().await;
    let ticket = TicketId(first.as_i64().expect("a number"));

    desk.does(&desk.zhou, ticket, Action::Cancel).await;
    let second = file().await;
    let gone = json!({ "id": second });
    assert_eq!(desk.program(&desk.sun, "delete", &gone).await.status, StatusCode::OK);
    let third = file().await;

    assert!(first != second && second != third && first != third, "{first} {second} {third}");
    assert_eq!(file().await, third);
}

#[tokio::test]
async fn equal_reports_that_come_at_once_are_one() {
    let desk = Desk::open_with(|site| site.limits.open_tickets = 2).await;
    let file = async || desk.program(&desk.zhou, "create", &report()).await.json()["orderid"].clone();

    let orders = futures::future::join_all((0..8).map(|_| file())).await;

    assert!(orders[0].is_i64() && orders.iter().all(|order| *order == orders[0]), "{orders:?}");
    assert_eq!(desk.count_tickets().await, "1");
}

#[tokio::test]
async fn fields_are_set_by_their_columns_and_what_nobody_sets_is_refused_aloud() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;

    for (column, field, value) in [
        ("computer_brand", "brand", "联想"),
        ("machine_purchase_date", "purchase_date", "2023-05-06"),
        ("repair_description", "description", "屏幕不亮"),
        ("user_phone", "phone", "13900000000"),
        ("qq_number", "qq", "QQ号|123456"),
        ("repair_image_url", "image", "https://example.com/b.jpg"),
        ("fault_type", "fault_type", "系统重装"),
        ("campus", "campus", "望江"),
    ] {
        let reply = desk.sets(&desk.zhou, ticket, column, value).await;
        assert_eq!(reply.json()["changedFields"], json!({ field: value }), "{column}: {}", reply.text);
        let found = desk.stage.get(&format!("/v1/status/getTicket?orderid={ticket}"), &desk.zhou).await;
        assert_eq!(found.json()["data"][0][column], value, "{column}");
    }
    let version = desk.row(ticket).await.version;
    for member in [
        "complete_image_url",
        "assigned_technician_id",
        "assigned_time",
        "completion_time",
        "user_id",
        "archived",
    ] {
        let body = json!({ "tid": ticket.0, "brand": "苹果", member: "https://example.com/c.jpg" });
        let reply = desk.program(&desk.zhou, "set", &body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{member}");
        assert!(reply.json()["message"].as_str().expect("a text").contains(member), "{}", reply.text);
    }
    let two = json!({ "tid": ticket.0, "brand": "苹果", "computer_brand": "联想" });
    assert_eq!(desk.program(&desk.zhou, "set", &two).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(desk.row(ticket).await.version, version, "half of it is not done either");
    let one =
        json!({ "tid": ticket.0, "brand": "苹果", "computer_brand": "苹果", "complete_image_url": null });
    assert_eq!(
        desk.program(&desk.zhou, "set", &one).await.json()["changedFields"],
        json!({ "brand": "苹果" })
    );
}

#[tokio::test]
async fn a_refused_field_is_named_as_the_call_names_it() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;

    let by_column = desk.sets(&desk.zhou, ticket, "user_phone", "x").await;
    assert_eq!(by_column.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(by_column.text.contains("user_phone"), "{}", by_column.text);

    let by_name = desk.sets(&desk.zhou, ticket, "phone", "x").await;
    assert_eq!(by_name.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(by_name.text.contains("phone") && !by_name.text.contains("user_phone"), "{}", by_name.text);

    let mut body = report();
    body["phone"] = json!(null);
    body["user_phone"] = json!("x");
    let filed = desk.program(&desk.zhou, "create", &body).await;
    assert_eq!(filed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(filed.text.contains("user_phone"), "{}", filed.text);
}

#[tokio::test]
async fn a_warranty_has_the_words_of_other_programs_too() {
    let desk = Desk::open().await;

    for (word, kept) in [("under", "valid"), ("valid", "valid"), ("expired", "expired"), ("unknown", "")] {
        let mut body = report();
        body["warranty_status"] = json!(word);
        body["model"] = json!(word);
        let order = desk.program(&desk.zhou, "create", &body).await.json()["orderid"].as_i64();
        let ticket = TicketId(order.expect("is filed"));
        assert_eq!(desk.row(ticket).await.warranty.name(), kept, "{word}");
        let again = desk.sets(&desk.zhou, ticket, "warranty_status", word).await;
        assert_eq!(again.json()["changedFields"], json!({}), "{word} is what it was: {}", again.text);
    }
    let mut body = report();
    body["warranty_status"] = json!("perhaps");
    assert_eq!(desk.program(&desk.zhou, "create", &body).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_job_is_taken_over_by_the_other_name_of_its_code() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await.0;
    let give = |more: Value| {
        let mut body = json!({ "order_id": ticket.to_string(), "order_hash": "0123" });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };

    for (actor, body, missing) in [
        (&desk.sun, give(json!({})), "tid"),
        (&desk.gao, give(json!({})), "code"),
        (&desk.gao, give(json!({ "code": "123456", "tvcode": "654321" })), "tvcode"),
        (&desk.sun, give(json!({ "tid": desk.gao.id.0, "code": "123456" })), "tid"),
    ] {
        let reply = desk.program(actor, "give", &body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
        assert_eq!(reply.json()["data"], (ZH.api().value)(missing, ZH.api().bad_value), "{body}");
    }
    let made = desk.program(&desk.chen, "code", &json!({ "order_id": ticket })).await.json();
    let taken =
        desk.program(&desk.gao, "give", &give(json!({ "tvcode": made["code"], "tid": desk.gao.id.0 }))).await;

    assert_eq!((taken.status, &taken.json()["repair_status"]), (StatusCode::OK, &json!("Repairing")));
    assert_eq!(desk.row(TicketId(ticket)).await.contract.technician, Some(desk.gao.id));
}

#[tokio::test]
async fn a_ticket_is_deleted_and_restored_by_either_name_of_its_number() {
    let desk = Desk::open().await;
    let (ticket, other) = (desk.file(&desk.zhou).await.0, desk.file(&desk.zhou).await.0);

    let two = json!({ "id": ticket, "order_id": other });
    assert_eq!(desk.program(&desk.sun, "delete", &two).await.status, StatusCode::BAD_REQUEST);
    for (verb, body) in [
        ("delete", json!({ "id": ticket })),
        ("restore", json!({ "id": ticket.to_string() })),
        ("delete", json!({ "id": ticket, "order_id": ticket })),
        ("restore", json!({ "order_id": ticket })),
    ] {
        assert_eq!(desk.program(&desk.sun, verb, &body).await.status, StatusCode::OK, "{verb} {body}");
    }
    let none = desk.program(&desk.sun, "delete", &json!({})).await;
    assert!(none.json()["message"].as_str().expect("a text").contains("order_id"), "{}", none.text);
    assert_eq!(desk.count_tickets().await, "2");
}

#[tokio::test]
async fn a_refused_call_says_why_in_both_places_and_nothing_else_does() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let stage = &desk.stage;

    for (actor, path, body, status) in [
        (&desk.zhou, "/v1/ticket/create", json!({}), 422),
        (&desk.zhou, "/v1/ticket/complete", json!({ "order_id": 1 }), 403),
        (&desk.sun, "/v1/ticket/complete", json!({ "order_id": 1 }), 404),
        (&desk.zhou, "/v1/ticket/set", json!({ "tid": ticket.0, "repair_status": "Pending" }), 409),
        (&desk.zhou, "/v1/ticket/set", json!({ "tid": "x" }), 400),
        (&desk.zhou, "/v1/user/profile", json!({ "phone": "x" }), 422),
        (&desk.zhou, "/v1/user/role", json!({ "uid": 1, "role": "user" }), 403),
    ] {
        let reply = stage.send(post_json_as(path, &body, actor)).await;
        let told = reply.json();
        assert_eq!(reply.status, status, "{path} {}", reply.text);
        assert!(told["data"].is_string() && told["message"] == told["data"], "{path} {told}");
        assert!(["", &*reply.bytes.len().to_string()].contains(&reply.header("content-length")), "{path}");
    }
    let lookup = stage.get("/v1/status/getUser", &desk.zhou).await;
    assert_eq!((lookup.status, lookup.json().get("message")), (StatusCode::FORBIDDEN, None));
    let login = stage.log_in("nobody", "wrong password").await;
    assert_eq!((login.status, login.json().get("message")), (StatusCode::UNAUTHORIZED, None));
}
