//! Known sources: browsers and addresses from which somebody has signed in keep a count of their own.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::viewer::Role;
use fixdesk::service::maintenance::{self, SOURCES_KEPT};

use super::throttle::{WRONG, guess_from, guess_from_everywhere, log_in_from};
use crate::support::cast::{PASSWORD, TestApp};
use crate::support::log;
use crate::support::wire::{Reply, form};

#[tokio::test]
async fn nobody_keeps_out_whoever_came_in_from_there_before() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    assert_eq!(log_in_from(&app, "203.0.113.9", "zhou", PASSWORD).await.status, StatusCode::OK);

    for minute in 0..3 {
        guess_from_everywhere(&app, "zhou", 5).await;
        let blocked = log_in_from(&app, "203.0.113.10", "zhou", PASSWORD).await;
        let at_home = log_in_from(&app, "203.0.113.9", "zhou", PASSWORD).await;
        assert_eq!(
            (blocked.status, at_home.status),
            (StatusCode::TOO_MANY_REQUESTS, StatusCode::OK),
            "{minute}"
        );
        app.pass_seconds(60);
    }
}

/// Statuses of tries at a login from one address, after others have used up those of everybody.
async fn tries_from(app: &TestApp, address: &str, network: u8, login: &str) -> Vec<u16> {
    for host in 0..5 {
        log_in_from(app, &format!("10.{network}.0.{host}"), login, WRONG).await;
    }
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(log_in_from(app, address, login, WRONG).await.status.as_u16());
    }
    statuses
}

#[tokio::test]
async fn an_address_is_known_by_no_other_name_of_whoever_came_in_from_there() {
    let app = TestApp::start().await;
    let person = Person {
        phone: "13912345678".to_owned(),
        email: "kate@example.com".to_owned(),
        ..app.somebody("kate", Role::User)
    };
    app.add_person(person).await;
    let shared = "203.0.113.9";
    assert_eq!(log_in_from(&app, shared, "kate", PASSWORD).await.status, StatusCode::OK);

    for (network, known, unknown) in [
        (1, "13912345678", "13987654321"),
        (2, "kate@example.com", "kane@example.com"),
        (3, "\u{212a}ate", "\u{212a}ane"),
    ] {
        let tried = tries_from(&app, shared, network, known).await;
        assert_eq!(tried, tries_from(&app, shared, network + 100, unknown).await, "{known}");
        assert_eq!(tried, [429; 3], "{known}");
    }
    // Nobody locks her out of the name she signed in with, in any case.
    for name in ["kate", "KATE"] {
        assert_eq!(log_in_from(&app, shared, name, PASSWORD).await.status, StatusCode::OK, "{name}");
    }
    app.pass_seconds(60);
    assert_eq!(log_in_from(&app, shared, "13912345678", PASSWORD).await.status, StatusCode::OK);
    assert_eq!(tries_from(&app, shared, 7, "13912345678").await, [401; 3], "it is known by that now, too");
}

#[tokio::test]
async fn the_database_does_the_same_for_whoever_came_in_before() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    let first = sign_in_from(&app, "203.0.113.9", "", PASSWORD).await;
    let cookie =
        first.browser_cookie().expect("is known again").split(';').next().expect("a pair").to_owned();
    let mut asked = BTreeSet::new();

    for (address, cookie) in [("203.0.113.9", ""), ("203.0.113.10", ""), ("203.0.113.11", cookie.as_str())] {
        let (reply, lines) = log::during(sign_in_from(&app, address, cookie, WRONG)).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        let statements: Vec<String> = lines.iter().filter_map(|line| line.get("summary").cloned()).collect();
        assert!(!statements.is_empty());
        asked.insert(statements);
    }

    assert_eq!(asked.len(), 1, "{asked:#?}");
}

#[tokio::test]
async fn an_address_that_is_known_guesses_no_more_than_others() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    assert_eq!(log_in_from(&app, "203.0.113.9", "zhou", PASSWORD).await.status, StatusCode::OK);

    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(log_in_from(&app, "203.0.113.9", "zhou", WRONG).await.status.as_u16());
    }

    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
    assert_eq!(log_in_from(&app, "203.0.113.10", "zhou", PASSWORD).await.status, StatusCode::OK);
}

/// The sign-in of a browser that keeps this cookie, from an address.
async fn sign_in_from(app: &TestApp, address: &str, cookie: &str, password: &str) -> Reply {
    app.send_from(address, form("/sign-in", cookie, &[("username", "zhou"), ("password", password)])).await
}

#[tokio::test]
async fn a_browser_that_came_in_before_is_known_again_wherever_it_is() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    let first = sign_in_from(&app, "203.0.113.9", "", PASSWORD).await;
    let cookie = first.browser_cookie().expect("is known again").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a pair");
    let planted = format!("fixdesk_browser={}", "a".repeat(64));
    guess_from_everywhere(&app, "zhou", 5).await;
    guess_from(&app, "203.0.113.77", 10).await;

    // Elsewhere, among others who guess.
    let known = sign_in_from(&app, "203.0.113.77", cookie, PASSWORD).await;
    let unknown = sign_in_from(&app, "203.0.113.78", "", PASSWORD).await;
    let pretended = sign_in_from(&app, "203.0.113.78", &planted, PASSWORD).await;

    assert_eq!(known.status, StatusCode::SEE_OTHER);
    assert_eq!([unknown.status, pretended.status], [StatusCode::TOO_MANY_REQUESTS; 2]);
    let mut wrong = Vec::new();
    for _ in 0..6 {
        wrong.push(sign_in_from(&app, "203.0.113.77", cookie, WRONG).await.status.as_u16());
    }
    assert_eq!(wrong, [401, 401, 401, 401, 401, 429], "it has a count of its own, and no more");
}

#[tokio::test]
async fn a_new_password_makes_strangers_of_all_other_browsers() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    let stolen = sign_in_from(&app, "198.51.100.77", "", PASSWORD).await;
    let thief = stolen.browser_cookie().expect("a cookie").split(';').next().expect("a pair").to_owned();
    let own = sign_in_from(&app, "203.0.113.9", "", PASSWORD).await;
    let new = "a new and longer password";
    let fields = [("current", PASSWORD), ("new", new), ("repeat", new)];
    let changed = app.send_from("203.0.113.9", form("/account", &own.cookies()[0], &fields)).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);

    guess_from_everywhere(&app, "zhou", 5).await;

    assert_eq!(
        sign_in_from(&app, "198.51.100.77", &thief, WRONG).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(sign_in_from(&app, "203.0.113.9", "", new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn where_somebody_came_in_long_ago_is_forgotten() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    log_in_from(&app, "203.0.113.9", "zhou", PASSWORD).await;
    let kept = async || app.text("SELECT CAST(COUNT(*) AS TEXT) FROM known_sources").await;

    app.pass_seconds(SOURCES_KEPT);
    maintenance::run(&app.app).await.expect("runs");
    assert_eq!(kept().await, "1");
    app.pass_seconds(1);
    maintenance::run(&app.app).await.expect("runs");
    assert_eq!(kept().await, "0");
}
