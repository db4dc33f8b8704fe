//! Changing one's own password.

use axum::http::StatusCode;
use fixdesk::domain::people::person::BadPassword;

use crate::support::cast::{PASSWORD, TestApp, ZH};
use crate::support::wire::Reply;

const NEW: &str = "a new and longer password";

async fn change(app: &TestApp, cookie: &str, current: &str, new: &str, repeat: &str) -> Reply {
    app.submit("/account", cookie, &[("current", current), ("new", new), ("repeat", repeat)]).await
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;

    let reply = change(&app, &cookie, PASSWORD, NEW, NEW).await;

    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/account?changed=1"));
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.log_in("zhou", NEW).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_other_session_and_token_ends_and_this_browser_stays() {
    let app = TestApp::start().await;
    let (zhou, li) = (app.user("zhou").await, app.user("li").await);
    let (here, elsewhere) = (app.browser_of(&zhou).await, app.browser_of(&zhou).await);
    let lis = app.browser_of(&li).await;

    let reply = change(&app, &here, PASSWORD, NEW, NEW).await;

    let fresh = reply.cookies().remove(0);
    assert_ne!(fresh, here);
    let mut open = Vec::new();
    for cookie in [&fresh, &here, &elsewhere, &lis] {
        open.push(app.visit("/my", cookie).await.status == StatusCode::OK);
    }
    assert_eq!(open, [true, false, false, true]);
    let own = app.get(&format!("/v1/status/getTicket?uid={}", zhou.id), &zhou).await;
    assert_eq!(own.text, r#"{"error":"token_expired"}"#);
    assert_eq!(app.get(&format!("/v1/status/getTicket?uid={}", li.id), &li).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stolen_session_keeps_nobody_from_the_password_that_ends_it() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let stolen = app.browser_of(&zhou).await;
    let signed_in = app.submit("/sign-in", "", &[("username", "zhou"), ("password", PASSWORD)]).await;
    let browser = signed_in.browser_cookie().and_then(|cookie| cookie.split(';').next()).expect("is known");
    let own = format!("{}; {browser}", signed_in.cookies()[0]);
    for _ in 0..6 {
        change(&app, &stolen, "not the password", NEW, NEW).await;
    }

    let of_thief = change(&app, &stolen, PASSWORD, NEW, NEW).await;
    let of_owner = change(&app, &own, PASSWORD, NEW, NEW).await;

    assert_eq!(of_thief.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(of_owner.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_page_says_that_it_is_done() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;
    let fresh = change(&app, &cookie, PASSWORD, NEW, NEW).await.cookies().remove(0);

    let page = app.visit("/account?changed=1", &fresh).await;

    assert!(page.readable().contains(ZH.account().changed), "{}", page.readable());
}

#[tokio::test]
async fn a_change_that_cannot_be_made_says_why_at_the_field_and_changes_nothing() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;
    let too_long = "x".repeat(1025);
    let too_short_says = (ZH.account().bad)(BadPassword::TooShort);
    let too_long_says = (ZH.account().bad)(BadPassword::TooLong);

    for (current, new, repeat, field, message) in [
        ("not my password", NEW, NEW, "current", ZH.account().wrong_current),
        ("", NEW, NEW, "current", ZH.account().wrong_current),
        (PASSWORD, "7 chars", "7 chars", "new", &too_short_says),
        (PASSWORD, "", "", "new", &too_short_says),
        (PASSWORD, &too_long, &too_long, "new", &too_long_says),
        (PASSWORD, NEW, "another new password", "repeat", ZH.account().differ),
        (PASSWORD, NEW, "", "repeat", ZH.account().differ),
    ] {
        let reply = change(&app, &cookie, current, new, repeat).await;

        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{message}");
        assert_eq!(reply.set_cookies(), [""; 0], "{message}");
        assert_eq!(reply.text_of(&format!("{field}-error")), message);
        assert_eq!(reply.text.matches("aria-invalid=\"true\"").count(), 1, "{message}");
        assert!(!reply.text.contains(NEW) && !reply.text.contains(PASSWORD), "{message}");
        app.pass_seconds(60);
    }

    assert_eq!(app.visit("/my", &cookie).await.status, StatusCode::OK);
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn guessing_the_current_password_is_throttled() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;
    for _ in 0..5 {
        change(&app, &cookie, "not my password", NEW, NEW).await;
    }

    let reply = change(&app, &cookie, PASSWORD, NEW, NEW).await;

    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.header("retry-after"), "60");
    assert!(reply.readable().contains(&(ZH.problem().too_many_tries)(60)), "{}", reply.readable());
    app.pass_seconds(60);
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_is_not_signed_in_signs_in_first() {
    let app = TestApp::start().await;
    app.user("zhou").await;

    let reply = change(&app, "", PASSWORD, NEW, NEW).await;

    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/sign-in?return_to=%2Faccount");
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}
