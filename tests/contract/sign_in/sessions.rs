//! Lifetime of browser sessions.

use axum::http::StatusCode;
use fixdesk::domain::viewer::Role;

use crate::support::cast::{Actor, TestApp};

const DAY: i64 = 24 * 3600;

async fn is_signed_in(app: &TestApp, cookie: &str) -> bool {
    app.visit("/account", cookie).await.status == StatusCode::OK
}

async fn zhou_at_a_browser(app: &TestApp) -> (Actor, String) {
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;
    (zhou, cookie)
}

#[tokio::test]
async fn a_browser_that_is_idle_for_a_week_is_signed_out() {
    let app = TestApp::start().await;
    let (zhou, cookie) = zhou_at_a_browser(&app).await;
    let other = app.browser_of(&zhou).await;

    app.pass_seconds(7 * DAY - 1);
    assert!(is_signed_in(&app, &cookie).await);
    app.pass_seconds(1);

    assert!(!is_signed_in(&app, &other).await, "idle for a week");
    assert!(is_signed_in(&app, &cookie).await, "seen a second ago");
}

#[tokio::test]
async fn being_seen_is_noted_every_five_minutes_at_most() {
    let app = TestApp::start().await;
    let (_, cookie) = zhou_at_a_browser(&app).await;

    // Seen too soon after signing in to be noted.
    app.pass_seconds(299);
    assert!(is_signed_in(&app, &cookie).await);
    app.pass_seconds(7 * DAY - 299);

    assert!(!is_signed_in(&app, &cookie).await);
}

#[tokio::test]
async fn a_browser_that_is_used_every_day_is_signed_out_after_thirty() {
    let app = TestApp::start().await;
    let (_, cookie) = zhou_at_a_browser(&app).await;

    for day in 1..30 {
        app.pass_seconds(DAY);
        assert!(is_signed_in(&app, &cookie).await, "day {day}");
    }
    app.pass_seconds(DAY);

    assert!(!is_signed_in(&app, &cookie).await);
}

#[tokio::test]
async fn a_person_who_is_disabled_is_thrown_out_at_once() {
    let app = TestApp::start().await;
    let (zhou, cookie) = zhou_at_a_browser(&app).await;

    app.set_disabled(zhou.id, true).await;

    let reply = app.visit("/my?list=done", &cookie).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/sign-in?return_to=%2Fmy%3Flist%3Ddone");
}

#[tokio::test]
async fn a_new_role_counts_for_browsers_that_are_signed_in() {
    let app = TestApp::start().await;
    let (zhou, cookie) = zhou_at_a_browser(&app).await;
    let before = app.visit("/tickets", &cookie).await;

    app.set_role(zhou.id, Role::Admin).await;

    let after = app.visit("/tickets", &cookie).await;
    assert_eq!([before.status, after.status], [StatusCode::FORBIDDEN, StatusCode::OK]);
}

#[tokio::test]
async fn a_cookie_that_is_no_session_is_nobodys() {
    let app = TestApp::start().await;
    let (_, cookie) = zhou_at_a_browser(&app).await;
    let secret = cookie.strip_prefix("fixdesk_session=").expect("a session");

    for value in
        ["", "x", &secret[1..], &format!("{secret}0"), &"0".repeat(64), &"é".repeat(32), "' OR 1=1 --"]
    {
        assert!(!is_signed_in(&app, &format!("fixdesk_session={value}")).await, "{value}");
    }
}

#[tokio::test]
async fn the_database_does_not_know_the_secret_of_a_session() {
    let app = TestApp::start().await;
    let (_, cookie) = zhou_at_a_browser(&app).await;
    let secret = cookie.strip_prefix("fixdesk_session=").expect("a session");

    let stored = app.text("SELECT secret_hash FROM sessions").await;

    assert_eq!(stored.len(), 64);
    assert_ne!(stored, secret);
    assert!(!is_signed_in(&app, &format!("fixdesk_session={stored}")).await);
}

#[tokio::test]
async fn a_token_of_the_interface_opens_no_page() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;

    let reply = app.get("/my", &zhou).await;

    assert_eq!(reply.status, StatusCode::SEE_OTHER);
}
