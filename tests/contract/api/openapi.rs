//! The OpenAPI document, and that the interface keeps what it says.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::cast::{EN, PASSWORD, TestApp, ZH};
use crate::support::document::Operation;
use crate::support::wire::{Reply, get, get_as, post_json, post_json_as, with_body, with_header};

pub async fn document(app: &TestApp) -> Value {
    app.visit("/api/openapi.json", "").await.json()
}

#[tokio::test]
async fn the_document_is_of_openapi_3_1() {
    let app = TestApp::start().await;

    let reply = app.visit("/api/openapi.json", "").await;

    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "application/json");
    let version = reply.json()["openapi"].as_str().expect("a version").to_owned();
    assert!(version.starts_with("3.1."), "{version}");
}

#[tokio::test]
async fn it_lists_the_ways_to_call_the_interface_and_no_others() {
    let app = TestApp::start().await;

    let document = document(&app).await;

    let paths = document["paths"].as_object().expect("paths").iter();
    let calls: BTreeSet<String> = paths
        .flat_map(|(path, methods)| {
            methods.as_object().expect("methods").keys().map(move |method| format!("{method} {path}"))
        })
        .collect();
    let mut expected = vec![
        "get /v1/conf/get",
        "get /v1/status/getConfig",
        "get /v1/status/getPool",
        "get /v1/status/getTechworks",
        "get /v1/status/getTicket",
        "get /v1/status/getUser",
        "post /v1/ticket/code",
        "post /v1/ticket/complete",
        "post /v1/ticket/create",
        "post /v1/ticket/delete",
        "post /v1/ticket/act",
        "post /v1/ticket/give",
        "post /v1/ticket/message",
        "post /v1/ticket/restore",
        "post /v1/ticket/set",
        "post /v1/user/login",
        "post /v1/user/logout",
    ];
    // People and photos.
    expected.extend([
        "get /v1/photos/{id}",
        "get /v1/photos/{id}/thumbnail",
        "get /v1/status/getAccount",
        "get /v1/status/getHistory",
        "get /v1/status/getInbox",
        "get /v1/status/getPhotos",
        "post /v1/ticket/photos",
        "post /v1/user/contact",
        "post /v1/user/create",
        "post /v1/user/disable",
        "post /v1/user/duty",
        "post /v1/user/enable",
        "post /v1/user/forgot",
        "post /v1/user/link",
        "post /v1/user/password",
        "post /v1/user/profile",
        "post /v1/user/read",
        "post /v1/user/register",
        "post /v1/user/role",
        "post /v1/user/sendProof",
        "post /v1/user/verify",
        "post /v1/user/welcome",
        "post /v1/user/wishes",
    ]);
    assert_eq!(calls, expected.into_iter().map(str::to_owned).collect());
}

#[tokio::test]
async fn it_lists_every_parameter_of_a_lookup_with_its_range() {
    let app = TestApp::start().await;

    let document = document(&app).await;

    let lookup = &document["paths"]["/v1/status/getTicket"]["get"];
    let largest = json!(9_007_199_254_740_991_i64);
    let mut told = Vec::new();
    for parameter in lookup["parameters"].as_array().expect("parameters") {
        assert_eq!(parameter["in"], "query");
        assert_ne!(parameter["required"], true);
        assert!(parameter["description"].is_string());
        let schema = &parameter["schema"];
        told.push((
            parameter["name"].as_str().expect("a name"),
            schema["minimum"].clone(),
            schema["maximum"].clone(),
        ));
    }
    let id = |name| (name, json!(1), largest.clone());
    let list = ("list", Value::Null, Value::Null);
    assert_eq!(
        told,
        [id("orderid"), id("uid"), id("tid"), list, id("page"), ("limit", json!(1), json!(100))]
    );
    assert_eq!(lookup["security"], json!([{ "bearer": [] }]));
    let scheme = &document["components"]["securitySchemes"]["bearer"];
    assert_eq!((&scheme["type"], &scheme["scheme"]), (&json!("http"), &json!("bearer")));
}

#[tokio::test]
async fn whatever_the_document_does_not_declare_is_noticed() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.ticket(&sun, |_| {}).await;
    let lookup = Operation::of(&app.router, &Method::GET, "/v1/status/getTicket").await.expect("is there");
    let login = Operation::of(&app.router, &Method::POST, "/v1/user/login").await.expect("is there");
    let reply = app.get("/v1/status/getTicket", &sun).await;

    let changed = |status: StatusCode, change: fn(&mut Value)| {
        let mut json = reply.json();
        change(&mut json);
        Reply { status, headers: reply.headers.clone(), bytes: Vec::new(), text: json.to_string() }
    };
    assert_eq!(lookup.fault_of_answer(&changed(StatusCode::OK, |_| {})), None);
    assert!(lookup.fault_of_answer(&changed(StatusCode::IM_A_TEAPOT, |_| {})).is_some());
    let changes: [fn(&mut Value); 4] = [
        |json| json["more"] = json!(1),
        |json| json["data"][0]["more"] = json!(1),
        |json| json["success"] = json!("yes"),
        |json| drop(json.as_object_mut().expect("an object").remove("success")),
    ];
    for change in changes {
        let reply = changed(StatusCode::OK, change);
        assert!(lookup.fault_of_answer(&reply).is_some(), "{}", reply.text);
    }
    for (query, is_declared) in [("uid=1&list=done", true), ("uid=1&user=1", false)] {
        assert_eq!(lookup.fault_of_request(query, "", b"").is_none(), is_declared, "{query}");
    }
    for (body, is_declared) in [
        (r#"{"username":"sun","password":"x"}"#, true),
        (r#"{"username":"sun","password":"x","more":1}"#, false),
        (r#"{"username":"sun"}"#, false),
        (r#"{"username":1,"password":"x"}"#, false),
    ] {
        let fault = login.fault_of_request("", "application/json", body.as_bytes());
        assert_eq!(fault.is_none(), is_declared, "{body}: {fault:?}");
    }
}

#[tokio::test]
async fn every_answer_is_one_that_the_document_declares() {
    let app = TestApp::start().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    let chen = app.technician("chen").await;
    app.ticket(&zhou, |ticket| ticket.technician = Some(sun.id)).await;
    app.ticket(&zhou, |_| {}).await;
    let document = document(&app).await;
    let (lookup, login, logout) = ("/v1/status/getTicket", "/v1/user/login", "/v1/user/logout");
    let (users, techworks, config) =
        ("/v1/status/getUser", "/v1/status/getTechworks", "/v1/status/getConfig");
    let (pool, conf) = ("/v1/status/getPool", "/v1/conf/get");
    let log_in =
        |name: &str, password: &str| post_json(login, &json!({ "username": name, "password": password }));
    let too_large = "x".repeat(20_000);

    let mut calls = vec![
        (lookup, "get", 200, get_as(lookup, &sun)),
        (lookup, "get", 400, get_as(&format!("{lookup}?uid=0"), &sun)),
        (lookup, "get", 401, get(lookup)),
        (lookup, "get", 403, get_as(lookup, &zhou)),
        (lookup, "get", 413, with_body(get_as(lookup, &sun), too_large.clone())),
        (login, "post", 200, log_in("zhou", PASSWORD)),
        (login, "post", 400, post_json(login, &json!({}))),
        (login, "post", 401, log_in("nobody", PASSWORD)),
        (login, "post", 413, log_in("zhou", &too_large)),
    ];
    for list in [users, techworks, pool] {
        calls.extend([
            (list, "get", 200, get_as(list, &sun)),
            (list, "get", 400, get_as(&format!("{list}?page=0"), &sun)),
            (list, "get", 401, get(list)),
            (list, "get", 403, get_as(list, &zhou)),
            (list, "get", 413, with_body(get_as(list, &sun), too_large.clone())),
        ]);
    }
    calls.extend([
        (config, "get", 200, get_as(config, &zhou)),
        (config, "get", 401, get(config)),
        (conf, "get", 200, get_as(conf, &zhou)),
        (conf, "get", 401, get(conf)),
        (logout, "post", 200, post_json_as(logout, &json!({}), &chen)),
        (logout, "post", 401, post_json(logout, &json!({}))),
    ]);
    for _ in 0..4 {
        calls.push((login, "post", 401, log_in("nobody", PASSWORD)));
    }
    calls.push((login, "post", 429, log_in("nobody", PASSWORD)));
    let mut kept = BTreeSet::new();
    for (path, method, status, request) in calls {
        let reply = app.send_declared(request).await;

        assert_eq!(reply.status, status, "{method} {path}");
        kept.insert((path, status.to_string()));
    }

    let lookups = [lookup, users, techworks, config, pool, conf];
    for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE] {
        match status {
            StatusCode::SERVICE_UNAVAILABLE => app.app.db.close().await,
            _ => app.break_database().await,
        }
        let reads = lookups.map(|path| (path, get_as(path, &sun)));
        let writes = [(login, log_in("zhou", PASSWORD)), (logout, post_json_as(logout, &json!({}), &sun))];
        for (path, request) in reads.into_iter().chain(writes) {
            let reply = app.send(request).await;
            assert_eq!(reply.status, status, "{path}");
            kept.insert((path, status.as_u16().to_string()));
        }
    }
    let reads = lookups.map(|path| (path, "get"));
    for (path, method) in reads.into_iter().chain([(login, "post"), (logout, "post")]) {
        let responses = document["paths"][path][method]["responses"].as_object().expect("responses");
        let untried: Vec<&String> =
            responses.keys().filter(|s| !kept.contains(&(path, (*s).clone()))).collect();
        assert!(untried.is_empty(), "{untried:?} of {path} are declared, and nobody has seen them");
    }
}

#[tokio::test]
async fn the_document_is_pages_to_read_that_load_nothing_from_elsewhere() {
    let app = TestApp::start().await;

    let pages = [
        ("/api/docs", ["/v1/status/getTicket", "/v1/user/login"]),
        ("/api/docs/lookups", ["/v1/status/getTicket", "orderid"]),
        ("/api/docs/sign-in", ["/v1/user/login", "username"]),
    ];
    for (language, words) in [("zh-CN", ZH), ("en", EN)] {
        for (address, shown) in pages {
            let page = app.send(with_header(get(address), "accept-language", language)).await;

            let text = page.readable();
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.text.contains(&format!("<html lang=\"{language}\"")));
            for expected in [words.docs().title].into_iter().chain(shown) {
                assert!(text.contains(expected), "{expected} in {language} at {address}");
            }
            assert!(page.text.len() < 100_000, "{address} has {} bytes", page.text.len());
            assert!(page.links_to("/api/openapi.json"));
            for foreign in ["src=\"http", "src=\"//", "href=\"http", "href=\"//", "@import", "url("] {
                assert!(!page.text.contains(foreign), "{foreign} in {language} at {address}");
            }
            assert!(!page.text.contains("import("), "nothing brings it to life in {language}");
        }
    }
}
