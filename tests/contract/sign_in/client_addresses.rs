//! Client addresses, by which failed sign-ins are counted.

use axum::http::StatusCode;
use serde_json::json;

use super::throttle::{WRONG, guess_from, log_in_from};
use crate::support::cast::{PASSWORD, TestApp};
use crate::support::log;
use crate::support::wire::{post_json, with_header};

#[tokio::test]
async fn the_log_says_once_that_a_proxy_names_no_addresses() {
    let app = TestApp::start_with(|site| site.behind_proxy = true).await;
    let ask = async |entry: &str| {
        let body = json!({ "username": "nobody", "password": WRONG });
        let request = with_header(post_json("/v1/user/login", &body), "x-forwarded-for", entry);
        let (_, lines) = log::during(app.send(request)).await;
        lines.into_iter().filter(|line| line.contains_key("entry")).collect::<Vec<_>>()
    };

    assert!(ask("203.0.113.9:4711").await.is_empty());
    assert!(ask("unknown").await.is_empty());
    let first = ask("10.0.0.1, in-the-cellar").await;
    assert_eq!(first.iter().map(|line| line["entry"].as_str()).collect::<Vec<_>>(), ["in-the-cellar"]);
    assert!(ask("in-the-attic").await.is_empty());
}

#[tokio::test]
async fn ports_behind_addresses_do_not_make_clients_of_them() {
    let app = TestApp::start_with(|site| site.behind_proxy = true).await;

    for (name, of) in [
        ("v4", |port: u8| format!("203.0.113.9:{}", 1000 + u16::from(port))),
        ("v6", |port| format!("[2001:db8::1]:{port}")),
    ] as [(&str, fn(u8) -> String); 2]
    {
        let mut last = StatusCode::OK;
        for number in 0..11 {
            let body = json!({ "username": format!("nobody-{name}-{number}"), "password": WRONG });
            let request = post_json("/v1/user/login", &body);
            last = app.send(with_header(request, "x-forwarded-for", &of(number))).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "{name}");
    }
}

#[tokio::test]
async fn a_network_of_ipv6_counts_as_one_address() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    for host in 0..10 {
        log_in_from(&app, &format!("2001:db8:1:1::{host}"), &format!("nobody-{host}"), WRONG).await;
    }

    let same_network = log_in_from(&app, "2001:db8:1:1:ffff::1", "zhou", PASSWORD).await;
    let another = log_in_from(&app, "2001:db8:1:2::1", "zhou", PASSWORD).await;

    assert_eq!(same_network.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(another.status, StatusCode::OK);
}

#[tokio::test]
async fn an_address_is_one_whichever_protocol_carries_it() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    guess_from(&app, "203.0.113.9", 10).await;

    let reply = log_in_from(&app, "::ffff:203.0.113.9", "zhou", PASSWORD).await;

    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
}

/// Ten tries through one connection, for clients that a header tells apart;
/// the answer to the eleventh.
async fn eleventh_try(app: &TestApp, header: impl Fn(u8) -> String) -> StatusCode {
    app.user("zhou").await;
    let mut last = StatusCode::OK;
    for number in 0..11 {
        let name = if number == 10 { "zhou".to_owned() } else { format!("nobody-{number}") };
        let body = json!({ "username": name, "password": PASSWORD });
        let request = post_json("/v1/user/login", &body);
        last = app.send(with_header(request, "x-forwarded-for", &header(number))).await.status;
    }
    last
}

#[tokio::test]
async fn a_client_cannot_choose_its_own_address() {
    let app = TestApp::start().await;

    let status = eleventh_try(&app, |number| format!("10.0.0.{number}")).await;

    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn behind_a_proxy_clients_are_told_apart_by_what_the_proxy_says() {
    let app = TestApp::start_with(|site| site.behind_proxy = true).await;

    let status = eleventh_try(&app, |number| format!("10.0.0.{number}")).await;

    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn behind_a_proxy_only_the_entry_of_the_proxy_itself_is_believed() {
    let app = TestApp::start_with(|site| site.behind_proxy = true).await;

    let status = eleventh_try(&app, |number| format!("10.0.0.{number}, 203.0.113.9")).await;

    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}
