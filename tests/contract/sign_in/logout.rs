//! `POST /v1/user/logout`: a token is given back.

use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use fixdesk::service::maintenance;
use serde_json::json;

use crate::support::cast::{Actor, TestApp};
use crate::support::wire::{Reply, get, post_json, post_json_as, with_body, with_header, with_method};

const PATH: &str = "/v1/user/logout";
const LOOKUP: &str = "/v1/status/getTicket";

async fn log_out(app: &TestApp, actor: &Actor) -> Reply {
    app.send(post_json_as(PATH, &json!({}), actor)).await
}

async fn kept(app: &TestApp) -> String {
    app.text("SELECT CAST(COUNT(*) AS TEXT) FROM revoked_tokens").await
}

#[track_caller]
fn assert_expired(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert_eq!(reply.json(), json!({ "error": "token_expired" }));
    assert_eq!(reply.header("www-authenticate"), r#"Bearer error="invalid_token""#);
}

#[tokio::test]
async fn a_token_that_was_given_back_opens_nothing_any_more() {
    let app = TestApp::start().await;

    for actor in [app.user("zhou").await, app.technician("chen").await, app.admin("sun").await] {
        let own = format!("{LOOKUP}?uid={}", actor.id);
        assert_eq!(app.get(&own, &actor).await.status, StatusCode::OK);

        let reply = log_out(&app, &actor).await;

        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.json(), json!({ "success": true, "status": "success" }));
        for path in [&own, LOOKUP, &format!("{LOOKUP}?uid=x")] {
            assert_expired(&app.get(path, &actor).await);
        }
        let order = json!({ "order_id": 1 });
        assert_expired(&app.send(post_json_as("/v1/ticket/complete", &order, &actor)).await);
        assert_expired(&log_out(&app, &actor).await);
    }
}

#[tokio::test]
async fn other_tokens_and_browsers_of_the_same_person_stay() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let other = Actor { token: app.token_of(sun.id).await, ..app.user("zhou").await };
    let browser = app.browser_of(&sun).await;

    log_out(&app, &sun).await;

    assert_eq!(app.get(LOOKUP, &other).await.status, StatusCode::OK);
    assert_eq!(app.visit("/tickets", &browser).await.status, StatusCode::OK);
    let later = Actor { token: app.token_of(sun.id).await, ..other };
    assert_eq!(app.get(LOOKUP, &later).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_given_back_twice_at_once_is_given_back() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    let (one, two) = tokio::join!(log_out(&app, &sun), log_out(&app, &sun));

    for reply in [&one, &two] {
        assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&reply.status), "{}", reply.text);
    }
    assert_eq!(kept(&app).await, "1");
    assert_expired(&app.get(LOOKUP, &sun).await);
}

#[tokio::test]
async fn only_a_good_token_can_be_given_back() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let bare = || post_json(PATH, &json!({}));

    let nobody = app.send(bare()).await;
    assert_eq!(nobody.json(), json!({ "error": "Unauthorized for no Authorization" }));
    let basic = app.send(with_header(bare(), AUTHORIZATION.as_str(), "Basic x")).await;
    assert_eq!(basic.json(), json!({ "error": "Unauthorized for no Bearer" }));
    let forged = app.send(with_header(bare(), AUTHORIZATION.as_str(), "Bearer x")).await;
    assert_eq!(forged.json(), json!({ "error": "Unauthorized for invalid token" }));
    app.set_disabled(sun.id, true).await;
    let disabled = log_out(&app, &sun).await;
    assert_eq!(disabled.json(), json!({ "error": "Unauthorized for invalid token" }));
    app.set_disabled(sun.id, false).await;
    app.pass_seconds(3600);
    assert_expired(&log_out(&app, &sun).await);
    assert_eq!(kept(&app).await, "0");
}

#[tokio::test]
async fn it_is_a_post_and_its_body_does_not_matter() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    let options = app.send(with_method(get(PATH), "OPTIONS")).await;
    let read = app.get(PATH, &sun).await;
    let written = app.send(with_body(post_json_as(PATH, &json!({}), &sun), "no JSON")).await;

    assert_eq!((options.status, options.header("allow")), (StatusCode::NO_CONTENT, "POST, OPTIONS"));
    assert_eq!(read.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(written.status, StatusCode::OK);
}

#[tokio::test]
async fn what_was_given_back_is_remembered_for_as_long_as_it_would_have_been_good() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    log_out(&app, &sun).await;

    app.pass_seconds(3599);
    maintenance::run(&app.app).await.expect("runs");
    assert_eq!(kept(&app).await, "1");
    assert_expired(&app.get(LOOKUP, &sun).await);

    app.pass_seconds(1);
    maintenance::run(&app.app).await.expect("runs");
    assert_eq!(kept(&app).await, "0");
    assert_expired(&app.get(LOOKUP, &sun).await);
}
