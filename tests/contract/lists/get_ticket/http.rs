//! Requirements of HTTP itself.

use axum::http::StatusCode;
use serde_json::Value;

use super::PATH;
use crate::support::cast::TestApp;
use crate::support::log;
use crate::support::wire::{
    bearing, call_refusal, get, get_as, post_json, refusal, with_body, with_header, with_method,
};

const LOGIN: &str = "/v1/user/login";

#[tokio::test]
async fn an_unknown_address_is_not_found() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    for path in [
        "/v1",
        "/v1/",
        "/v1/x",
        "/v1/status",
        "/v1/status/getTicket/",
        "/v1/status/getTickets",
        "/v1/status/GETTICKET",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let reply = app.send(with_method(get_as(path, &sun), method)).await;

            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{method} {path}");
            let told: fn(&str) -> Value = if method == "GET" { refusal } else { call_refusal };
            assert_eq!(reply.json(), told("没有这个接口"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let app = TestApp::start().await;

    for (path, wrong, allowed) in [
        (PATH, ["POST", "PUT", "PATCH", "DELETE"], ["GET", "HEAD", "OPTIONS"].as_slice()),
        (LOGIN, ["GET", "PUT", "HEAD", "DELETE"], ["OPTIONS", "POST"].as_slice()),
    ] {
        for method in wrong {
            let reply = app.send(with_method(get(path), method)).await;

            let mut told: Vec<&str> = reply.header("allow").split(',').map(str::trim).collect();
            told.sort_unstable();
            assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(told, allowed, "{method} {path}");
            if method != "HEAD" {
                let told: fn(&str) -> Value = if method == "GET" { refusal } else { call_refusal };
                assert_eq!(reply.json(), told("这个接口不支持该方法"), "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn options_tells_the_methods() {
    let app = TestApp::start().await;

    for (path, allowed) in [(PATH, "GET, HEAD, OPTIONS"), (LOGIN, "POST, OPTIONS")] {
        let reply = app.send(with_method(get(path), "OPTIONS")).await;

        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{path}");
        assert_eq!(reply.header("allow"), allowed, "{path}");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.ticket(&sun, |_| {}).await;

    for (query, status) in [("", 200), ("?uid=0", 400)] {
        let path = format!("{PATH}{query}");
        let get = app.get(&path, &sun).await;
        let head = app.send(with_method(get_as(&path, &sun), "HEAD")).await;

        assert_eq!(head.status, status);
        assert_eq!(head.text, "");
        assert_eq!(head.header("content-type"), get.header("content-type"));
        assert_eq!(head.header("content-length"), get.text.len().to_string());
    }
    let nobody = app.send(with_method(get(PATH), "HEAD")).await;
    assert_eq!((nobody.status, nobody.text.as_str()), (StatusCode::UNAUTHORIZED, ""));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let filled_to = |size: usize| format!("{{}}{}", " ".repeat(size - 2));

    let largest = app.send(with_body(get_as(PATH, &sun), filled_to(16 * 1024))).await;
    let too_large = app.send(with_body(get_as(PATH, &sun), filled_to(16 * 1024 + 1))).await;
    let at_the_login = app.send(post_json(LOGIN, &Value::String("x".repeat(16 * 1024)))).await;

    assert_eq!(largest.status, StatusCode::OK);
    for reply in [too_large, at_the_login] {
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(reply.json(), refusal("请求体太大"));
    }
}

#[tokio::test]
async fn scripts_of_other_sites_are_told_nothing_unless_the_site_lists_them() {
    let closed = TestApp::start().await;
    let open = TestApp::start_with(|site| site.cors_origins = vec!["https://app.example".to_owned()]).await;

    for (app, origin, allowed) in [
        (&closed, "https://app.example", ""),
        (&open, "https://app.example", "https://app.example"),
        (&open, "https://evil.example", ""),
        (&open, "http://app.example", ""),
        (&open, "null", ""),
    ] {
        let sun = bearing(PATH, &format!("Bearer {}", app.admin(origin).await.token));
        let reply = app.send(with_header(sun, "origin", origin)).await;

        assert_eq!(reply.status, StatusCode::OK, "{origin}");
        assert_eq!(reply.header("access-control-allow-origin"), allowed, "{origin}");
        assert_eq!(reply.header("access-control-allow-credentials"), "", "{origin}");
    }
}

#[tokio::test]
async fn a_listed_site_can_read_how_long_to_wait() {
    let app = TestApp::start_with(|site| site.cors_origins = vec!["https://app.example".to_owned()]).await;

    let reply = app.send(with_header(get(PATH), "origin", "https://app.example")).await;

    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert_eq!(reply.header("access-control-expose-headers"), "retry-after,www-authenticate");
}

#[tokio::test]
async fn a_listed_site_may_send_tokens_and_json() {
    let app = TestApp::start_with(|site| site.cors_origins = vec!["https://app.example".to_owned()]).await;
    let request = with_method(get(PATH), "OPTIONS");
    let request = with_header(request, "origin", "https://app.example");
    let request = with_header(request, "access-control-request-method", "GET");

    let reply = app.send(with_header(request, "access-control-request-headers", "authorization")).await;

    assert!(reply.status.is_success());
    assert_eq!(reply.header("access-control-allow-origin"), "https://app.example");
    assert_eq!(reply.header("access-control-allow-methods"), "GET,POST");
    assert_eq!(reply.header("access-control-allow-headers"), "authorization,content-type,idempotency-key");
}

#[tokio::test]
async fn no_site_is_granted_anything_while_none_is_listed() {
    let app = TestApp::start().await;
    let request = with_header(with_method(get(PATH), "OPTIONS"), "origin", "https://app.example");

    let reply = app.send(with_header(request, "access-control-request-method", "GET")).await;

    let granted = reply.headers.keys().filter(|name| name.as_str().starts_with("access-control-"));
    assert_eq!(granted.count(), 0);
}

#[tokio::test]
async fn a_failure_shows_a_request_id_and_nothing_of_the_inside() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.break_database().await;

    let (reply, log) = log::during(app.get(PATH, &sun)).await;

    let request_id = log.iter().find_map(|line| line.get("request_id")).expect("is in the log");
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(reply.json(), refusal(&format!("服务器出错，请求编号 {request_id}")));
    assert_eq!(request_id.len(), 12);
}

#[tokio::test]
async fn a_failure_is_told_in_english_too() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.break_database().await;

    let reply = app.send(with_header(get_as(PATH, &sun), "accept-language", "en")).await;

    let told = reply.json()["data"].as_str().expect("a sentence").to_owned();
    assert!(told.starts_with("the server could not answer; request id "), "{told}");
}

#[tokio::test]
async fn every_answer_of_the_interface_carries_the_headers_of_a_careful_one() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    for request in [get_as(PATH, &sun), get(PATH), get_as("/v1/x", &sun), with_method(get(PATH), "PUT")] {
        let reply = app.send(request).await;

        for (name, value) in [
            ("cache-control", "no-store"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(reply.header(name), value, "{name} of {}", reply.status);
        }
    }
}
