//! That these calls answer what the OpenAPI document says, and nothing else.

use std::collections::BTreeSet;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};

use crate::api::openapi::document;
use crate::photos::rest::upload;
use crate::support::cast::{Actor, PASSWORD, TestApp};
use crate::support::desk::Desk;
use crate::support::document::Operation;
use crate::support::pictures::jpeg;
use crate::support::receivers::MailServer;
use crate::support::wire::{
    Reply, form_with_files, get, get_as, post_json, post_json_as, with_body, with_header, with_method,
};

const PHOTO: &str = "/v1/photos/{id}";
const THUMBNAIL: &str = "/v1/photos/{id}/thumbnail";
const PHOTOS: &str = "/v1/ticket/photos";
const GET_HISTORY: &str = "/v1/status/getHistory";
const GET_PHOTOS: &str = "/v1/status/getPhotos";
/// Of those who have a token.
const VERBS: [&str; 12] = [
    "profile",
    "sendProof",
    "wishes",
    "duty",
    "password",
    "read",
    "create",
    "role",
    "disable",
    "enable",
    "link",
    "contact",
];
const DOORS: [&str; 4] = ["register", "forgot", "welcome", "verify"];

/// The path of the document, the status that is expected, and the call.
type CommandRequest = (String, u16, Request<Body>);

const TICKET_VERBS: [&str; 9] =
    ["create", "complete", "set", "give", "code", "act", "message", "delete", "restore"];

fn of_ticket(verb: &str) -> String {
    format!("/v1/ticket/{verb}")
}

fn user(verb: &str) -> String {
    format!("/v1/user/{verb}")
}

fn too_large(request: Request<Body>) -> Request<Body> {
    with_body(request, "x".repeat(70_000))
}

fn own_calls(zhou: &Actor, chen: &Actor) -> Vec<CommandRequest> {
    let call = |verb: &str, status, body: Value, actor: &Actor| {
        (user(verb), status, post_json_as(&user(verb), &body, actor))
    };
    let mut calls = vec![
        call("profile", 200, json!({ "nickname": "小周" }), zhou),
        call("profile", 422, json!({ "phone": "x" }), zhou),
        call("profile", 422, json!({ "phone": "13900000000" }), zhou),
        call("sendProof", 200, json!({}), zhou),
        call("wishes", 200, json!({ "mail": false }), zhou),
        call("duty", 200, json!({ "on_duty": false }), chen),
        call("duty", 403, json!({ "on_duty": false }), zhou),
        call("duty", 422, json!({ "max_jobs": 0 }), chen),
        call("read", 200, json!({ "up_to": 1 }), zhou),
        call("password", 422, json!({ "current": PASSWORD, "password": "short" }), zhou),
    ];
    for path in ["/v1/status/getAccount", "/v1/status/getInbox"] {
        calls.extend([
            (path.to_owned(), 200, get_as(path, zhou)),
            (path.to_owned(), 200, get_as(path, chen)),
            (path.to_owned(), 401, get(path)),
        ]);
    }
    let wrong = json!({ "current": "who knows", "password": PASSWORD });
    calls.extend((0..5).map(|_| call("password", 422, wrong.clone(), zhou)));
    calls.push(call("password", 429, wrong, zhou));
    let contact = json!({ "phone": "13900000000", "current_password": "who knows" });
    calls.push(call("profile", 429, contact, zhou));
    calls.push(call("password", 200, json!({ "current": PASSWORD, "password": "a new password" }), chen));
    calls
}

fn calls_of_admins(sun: &Actor, zhou: &Actor, leaver: &Actor) -> Vec<CommandRequest> {
    let call = |verb: &str, status, body: &Value, actor: &Actor| {
        (user(verb), status, post_json_as(&user(verb), body, actor))
    };
    let with_key = |(path, status, request): CommandRequest| {
        (path, status, with_header(request, "idempotency-key", "k"))
    };
    let about = |verb: &str, actor: &Actor| match verb {
        "role" => json!({ "uid": actor.id.0, "role": "user" }),
        _ => json!({ "uid": actor.id.0 }),
    };
    let mut calls = vec![
        call("create", 200, &json!({ "username": "wang" }), sun),
        call("create", 403, &json!({ "username": "wang" }), zhou),
        call("create", 422, &json!({ "username": "wang" }), sun),
        with_key(call("create", 200, &json!({ "username": "wu" }), sun)),
    ];
    for verb in ["role", "disable", "enable", "link"] {
        calls.extend([
            call(verb, 200, &about(verb, leaver), sun),
            call("enable", 200, &about("enable", leaver), sun),
            call(verb, 403, &about(verb, leaver), zhou),
            call(verb, 404, &json!({ "uid": 1, "role": "user" }), sun),
            with_key(call(verb, 422, &about(verb, leaver), sun)),
        ]);
    }
    calls.extend(["role", "disable"].map(|verb| call(verb, 409, &about(verb, sun), sun)));
    let contact = |uid: i64, phone: &str| json!({ "uid": uid, "phone": phone });
    for (status, uid, phone, actor) in [
        (200, leaver.id.0, "13900000001", sun),
        (403, leaver.id.0, "13900000001", zhou),
        (404, 1, "13900000001", sun),
        (409, zhou.id.0, "13900000001", sun),
        (422, zhou.id.0, "x", sun),
    ] {
        calls.push(call("contact", status, &contact(uid, phone), actor));
    }
    calls
}

/// What everybody with a token may do wrong.
fn careless_calls(sun: &Actor) -> Vec<CommandRequest> {
    let calls = VERBS.map(|verb| {
        let request = |body: &str| with_body(post_json_as(&user(verb), &json!({}), sun), body.to_owned());
        [
            (user(verb), 400, request("[]")),
            (user(verb), 401, post_json(&user(verb), &json!({}))),
            (user(verb), 413, too_large(request(""))),
        ]
    });
    calls.into_iter().flatten().collect()
}

fn calls_at_the_door(secret: &str) -> Vec<CommandRequest> {
    let call = |verb: &str, status, body: Value| (user(verb), status, post_json(&user(verb), &body));
    let li = |name: &str| json!({ "username": name, "nickname": "李", "phone": "13800000000", "password": PASSWORD });
    let mut calls: Vec<CommandRequest> = vec![
        call("welcome", 422, json!({ "secret": secret, "password": "short" })),
        call("welcome", 200, json!({ "secret": secret, "password": PASSWORD })),
        call("welcome", 404, json!({ "secret": secret, "password": PASSWORD })),
        call("forgot", 422, json!({})),
        call("verify", 404, json!({ "secret": secret })),
        call("register", 422, json!({})),
    ];
    for verb in DOORS {
        calls.push((user(verb), 400, with_body(post_json(&user(verb), &json!({})), "[]")));
        calls.push((user(verb), 413, too_large(post_json(&user(verb), &json!({})))));
    }
    calls.extend((0..5).map(|_| call("forgot", 200, json!({ "username": "li" }))));
    calls.push(call("forgot", 429, json!({ "username": "li" })));
    calls.extend((0..10).map(|number| call("register", 200, li(&format!("li{number}")))));
    calls.push(call("register", 429, li("li10")));
    calls
}

fn calls_about_photos(ticket: i64, zhou: &Actor, gao: &Actor, sun: &Actor) -> Vec<CommandRequest> {
    let photo = jpeg(8, 8);
    let send = |status, order: i64, actor: &Actor, content: &[u8]| {
        (PHOTOS.to_owned(), status, upload(&json!(order), actor, &[("a.jpg", content)]))
    };
    let long = "x".repeat(70_000);
    let long = form_with_files(PHOTOS, "", &[("order_id", &long)], &[]);
    let long = with_header(long, "authorization", &format!("Bearer {}", zhou.token));
    let here = ticket.to_string();
    let looking = [GET_PHOTOS, GET_HISTORY].into_iter().flat_map(|path| {
        let of = |order: &str, status, actor: &Actor| {
            (path.to_owned(), status, get_as(&format!("{path}?orderid={order}"), actor))
        };
        [
            of(&here, 200, zhou),
            of("0", 400, zhou),
            (path.to_owned(), 401, get(path)),
            of(&here, 403, gao),
            of("1", 404, sun),
            (path.to_owned(), 413, too_large(get_as(path, zhou))),
        ]
    });
    let mut calls = vec![
        send(200, ticket, zhou, &photo),
        send(403, ticket, gao, &photo),
        send(404, 1, sun, &photo),
        send(422, ticket, zhou, b"no picture"),
        send(400, 0, zhou, &photo),
        (PHOTOS.to_owned(), 401, post_json(PHOTOS, &json!({}))),
        (PHOTOS.to_owned(), 413, long),
    ];
    calls.extend(looking);
    calls
}

/// Of a ticket that waits for a technician: what is the caller's to do, and what is not.
async fn calls_about_tickets(desk: &Desk) -> Vec<CommandRequest> {
    let (zhou, chen, sun) = (&desk.zhou, &desk.chen, &desk.sun);
    let stranger = desk.stage.user("stranger").await;
    let ticket = desk.in_repair().await.0;
    let call = |verb: &str, status, body: &Value, actor: &Actor| {
        (of_ticket(verb), status, post_json_as(&of_ticket(verb), body, actor))
    };
    let with_key = |(path, status, request): CommandRequest| {
        (path, status, with_header(request, "idempotency-key", "t"))
    };
    let with = |more: Value| {
        let mut body = json!({ "order_id": ticket });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    let report = json!({
        "phone": "13800000000", "device_type": "笔记本", "brand": "联想", "description": "风扇很响",
        "fault_type": "清灰", "campus": "江安",
    });
    let set = |more: (&str, Value)| json!({ "tid": ticket, more.0: more.1 });
    let give = with(json!({ "tid": desk.gao.id.0 }));
    let act =
        |action: &str, version: i64| with(json!({ "action": action, "note": "因为", "version": version }));
    let mut calls = vec![
        with_key(call("create", 200, &report, zhou)),
        call("create", 422, &json!({}), zhou),
        call("message", 200, &with(json!({ "message": "好" })), zhou),
        call("message", 422, &with(json!({})), zhou),
        call("set", 200, &set(("model", json!("D14"))), chen),
        call("set", 409, &set(("repair_status", json!("Done"))), chen),
        call("set", 422, &set(("phone", json!("1"))), chen),
        call("code", 200, &with(json!({})), chen),
        call("act", 409, &act("report_done", 1), chen),
        call("act", 422, &with(json!({ "action": "report_done" })), chen),
        call("act", 200, &act("report_done", 4), chen),
        with_key(call("complete", 422, &with(json!({})), zhou)),
        call("complete", 200, &with(json!({})), zhou),
        call("complete", 409, &with(json!({})), zhou),
        call("code", 409, &with(json!({})), chen),
        call("give", 409, &give, sun),
        call("act", 200, &act("reopen", 6), sun),
        call("give", 422, &with(json!({ "tid": zhou.id.0 })), sun),
        call("give", 200, &give, sun),
        with_key(call("delete", 200, &with(json!({})), sun)),
        with_key(call("restore", 422, &with(json!({})), sun)),
        call("restore", 200, &with(json!({})), sun),
        with_key(call("delete", 422, &json!({ "order_id": 1 }), sun)),
    ];
    let message = with(json!({ "message": "好" }));
    calls.extend((0..30).map(|_| call("message", 200, &message, sun)));
    calls.push(call("message", 429, &message, sun));
    calls.push(call("act", 200, &with(json!({ "action": "report_done", "note": "修好了" })), &desk.gao));
    let give_to = |actor: &Actor| with(json!({ "tid": actor.id.0 }));
    calls
        .extend((0..13).flat_map(|_| [chen, &desk.gao].map(|actor| call("give", 200, &give_to(actor), sun))));
    calls.push(call("give", 429, &give_to(chen), sun));
    calls.push(call("act", 429, &with(json!({ "action": "close", "note": "因为" })), sun));
    calls.push(call("set", 429, &set(("repair_status", json!("Closed"))), sun));
    for verb in TICKET_VERBS {
        let request =
            |body: &str| with_body(post_json_as(&of_ticket(verb), &json!({}), zhou), body.to_owned());
        calls.extend([
            (of_ticket(verb), 400, request(r#"{"order_id":1,"order_id":1}"#)),
            (of_ticket(verb), 401, post_json(&of_ticket(verb), &json!({}))),
            (of_ticket(verb), 413, too_large(request(""))),
        ]);
        if verb != "create" {
            let nothing = json!({ "order_id": 1, "tid": 1, "action": "close", "note": "x", "message": "x" });
            calls.push(call(verb, 403, &nothing, &stranger));
            calls.push(call(verb, 404, &nothing, sun));
        }
    }
    calls
}

fn calls_for_a_photo(id: &str, zhou: &Actor, gao: &Actor, sun: &Actor) -> Vec<CommandRequest> {
    let calls = [PHOTO, THUMBNAIL].map(|path| {
        let (there, nowhere) = (path.replace("{id}", id), path.replace("{id}", "0"));
        [
            (path.to_owned(), 200, get_as(&there, zhou)),
            (path.to_owned(), 401, get(&there)),
            (path.to_owned(), 403, get_as(&there, gao)),
            (path.to_owned(), 404, get_as(&nowhere, sun)),
        ]
    });
    calls.into_iter().flatten().collect()
}

impl TestApp {
    /// Sends a request that is, where it succeeds, one that the document declares.
    pub async fn send_declared(&self, request: Request<Body>) -> Reply {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        let operation = Operation::of(&self.router, &parts.method, parts.uri.path()).await;
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let kind = parts.headers.get("content-type").map(|kind| kind.to_str().expect("readable").to_owned());

        let reply = self.send(Request::from_parts(parts, Body::from(body.clone()))).await;

        if reply.status.is_success() {
            let operation = operation.expect("the document has it");
            let fault = operation.fault_of_request(&query, &kind.unwrap_or_default(), &body);
            assert_eq!(fault, None);
        }
        reply
    }
}

/// Calls, and keeps what was answered.
async fn check(app: &TestApp, calls: Vec<CommandRequest>, kept: &mut BTreeSet<(String, String)>) {
    for (path, status, request) in calls {
        let reply = app.send_declared(request).await;

        assert_eq!(reply.status, status, "{path}: {}", reply.text);
        kept.insert((path, status.to_string()));
    }
}

#[tokio::test]
async fn every_address_takes_the_methods_that_the_document_has_and_no_others() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    for (path, methods) in document(&app).await["paths"].as_object().expect("paths") {
        let is_read = methods["get"].is_object();
        let (allowed, other) =
            if is_read { ("GET, HEAD, OPTIONS", "POST") } else { ("POST, OPTIONS", "GET") };
        let options = app.send(with_method(get(path), "OPTIONS")).await;
        assert_eq!((options.status.as_u16(), options.header("allow")), (204, allowed), "{path}");
        let refused = app.send(with_method(get_as(path, &sun), other)).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["success"]), (405, &json!(false)), "{path}");
    }
}

#[tokio::test]
async fn the_pages_show_what_goes_in_and_out_whatever_its_form() {
    let app = TestApp::start().await;

    let fields = crate::support::cast::ZH.docs().fields;
    for (group, schema) in [
        ("photos", "PhotosRequest"),
        ("account", "DutyReply"),
        ("account", "WishesReply"),
        ("account", "NoticeReply"),
        ("people", "CreateUserReply"),
    ] {
        let page = app.visit(&format!("/api/docs/{group}"), "").await;
        assert!(page.readable().contains(&fields(schema)), "{schema}");
        assert!(page.links_to(&format!("#schema-{schema}")), "{schema}");
    }
    assert!(app.visit("/api/docs/photos", "").await.links_to("#v1-photos-id-thumbnail"));
    assert!(app.visit("/api/docs", "").await.links_to("/api/docs/photos#v1-photos-id-thumbnail"));
    assert_eq!(app.visit("/api/docs/nothing", "").await.status, 404);
}

#[tokio::test]
async fn every_answer_of_a_call_that_changes_something_is_one_that_the_document_declares() {
    let server = MailServer::open().await;
    let desk = Desk::open_with(|site| {
        site.open_registration = true;
        site.mailer = Some(server.mailer());
    })
    .await;
    let (app, document) = (&desk.stage, document(&desk.stage).await);
    let ticket = desk.in_repair().await.0;
    let secret = app.call(&desk.sun, "link", &json!({ "uid": desk.gao.id.0 })).await.json()["link"]
        .as_str()
        .and_then(|link| link.rsplit('/').next())
        .expect("a link")
        .to_owned();
    let mut kept = BTreeSet::new();

    check(app, calls_about_photos(ticket, &desk.zhou, &desk.gao, &desk.sun), &mut kept).await;
    let photos = app.get(&format!("{GET_PHOTOS}?orderid={ticket}"), &desk.zhou).await.json();
    let id = photos["data"][0]["id"].as_str().expect("an id");
    check(app, calls_for_a_photo(id, &desk.zhou, &desk.gao, &desk.sun), &mut kept).await;
    check(app, calls_about_tickets(&desk).await, &mut kept).await;
    check(app, own_calls(&desk.zhou, &desk.chen), &mut kept).await;
    let leaver = app.user("leaver").await;
    check(app, calls_of_admins(&desk.sun, &desk.zhou, &leaver), &mut kept).await;
    check(app, careless_calls(&desk.sun), &mut kept).await;
    check(app, calls_at_the_door(&secret), &mut kept).await;
    let full = Desk::open_with(|site| site.takes_tickets = false).await;
    let create = (of_ticket("create"), 409, post_json_as(&of_ticket("create"), &json!({}), &full.zhou));
    check(&full.stage, vec![create], &mut kept).await;
    let closed = TestApp::start().await;
    let doors = ["register", "forgot"].map(|verb| (user(verb), 404, post_json(&user(verb), &json!({}))));
    check(&closed, doors.into(), &mut kept).await;
    let li = closed.user("li").await;
    let proof = (user("sendProof"), 404, post_json_as(&user("sendProof"), &json!({}), &li));
    check(&closed, vec![proof], &mut kept).await;

    let wang = json!({
        "username": "wang", "nickname": "王", "phone": "13800000000", "password": PASSWORD, "secret": secret,
    });
    let failing = |status| -> Vec<CommandRequest> {
        let mut broken: Vec<CommandRequest> =
            VERBS.map(|verb| (user(verb), status, post_json_as(&user(verb), &wang, &desk.sun))).into();
        broken.extend(DOORS.map(|verb| (user(verb), status, post_json(&user(verb), &wang))));
        for path in ["/v1/status/getAccount", "/v1/status/getInbox", PHOTO, THUMBNAIL] {
            broken.push((path.to_owned(), status, get_as(&path.replace("{id}", id), &desk.sun)));
        }
        for path in [GET_PHOTOS, GET_HISTORY] {
            broken.push((path.to_owned(), status, get_as(&format!("{path}?orderid={ticket}"), &desk.sun)));
        }
        let body = json!({ "order_id": ticket, "tid": ticket, "action": "cancel" });
        broken.extend(TICKET_VERBS.map(|verb| {
            let body = if verb == "give" { json!({ "order_id": ticket, "code": "1" }) } else { body.clone() };
            (of_ticket(verb), status, post_json_as(&of_ticket(verb), &body, &desk.chen))
        }));
        broken.push((PHOTOS.to_owned(), status, upload(&json!(ticket), &desk.sun, &[])));
        broken
    };
    app.break_database().await;
    check(app, failing(500), &mut kept).await;
    app.app.db.close().await;
    check(app, failing(503), &mut kept).await;

    // An upload that is still under way, a link from a mail, and too many: serving::uploads and people::confirmation_mails
    // have them. Changes are counted where `complete` and `act` are one.
    kept.extend(
        [
            (PHOTOS, "429"),
            ("/v1/user/verify", "200"),
            ("/v1/user/sendProof", "429"),
            ("/v1/ticket/complete", "429"),
        ]
        .map(|(path, status)| (path.to_owned(), status.to_owned())),
    );
    let tried: BTreeSet<String> = kept.iter().map(|(path, _)| path.clone()).collect();
    for path in tried {
        let methods = document["paths"][&path].as_object().expect("methods").values();
        for responses in methods.map(|method| method["responses"].as_object().expect("responses")) {
            let untried: Vec<&String> = responses
                .keys()
                .filter(|status| !kept.contains(&(path.clone(), (*status).clone())))
                .collect();
            assert!(untried.is_empty(), "{untried:?} of {path} are declared, and nobody has seen them");
        }
    }
}
