//! Authentication: the `Authorization` header and the token in it.

use axum::http::StatusCode;
use fixdesk::domain::ids::UserId;
use fixdesk::domain::viewer::Role;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::PATH;
use crate::support::cast::{Actor, NOON, PASSWORD, SECRET, TestApp};
use crate::support::wire::{Reply, bearing, get};

const NO_TOKEN: &str = "Bearer";
const BAD_TOKEN: &str = r#"Bearer error="invalid_token""#;

async fn ask_with(app: &TestApp, authorization: &str) -> Reply {
    app.send(bearing(PATH, authorization)).await
}

#[track_caller]
fn assert_refused(reply: &Reply, error: &str, challenge: &str, case: &str) {
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{case}");
    assert_eq!(reply.text, json!({ "error": error }).to_string(), "{case}");
    assert_eq!(reply.header("www-authenticate"), challenge, "{case}");
}

/// Claims of a token for this admin.
fn claims(id: UserId) -> Value {
    json!({
        "iss": "fixdesk",
        "aud": "fixdesk-api",
        "sub": id.to_string(),
        "iat": NOON.0,
        "exp": NOON.0 + 3600,
        "jti": "1",
        "ver": 1,
    })
}

fn sign(algorithm: Algorithm, claims: &Value, secret: &[u8]) -> String {
    encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret)).expect("signs")
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().expect("an object").remove(name);
    claims
}

fn with(mut claims: Value, name: &str, value: impl Into<Value>) -> Value {
    claims[name] = value.into();
    claims
}

#[tokio::test]
async fn nobody_is_answered_without_authorization() {
    let app = TestApp::start().await;

    let reply = app.send(get(PATH)).await;

    assert_refused(&reply, "Unauthorized for no Authorization", NO_TOKEN, "no header");
}

#[tokio::test]
async fn what_is_not_bearer_and_a_token_is_no_bearer() {
    let app = TestApp::start().await;
    let token = app.admin("sun").await.token;

    for header in [
        "",
        "Bearer",
        "Bearer ",
        &format!("Basic {token}"),
        &token,
        &format!("Bearer {token} x"),
        "Bearer: x",
    ] {
        let reply = ask_with(&app, header).await;
        assert_refused(&reply, "Unauthorized for no Bearer", NO_TOKEN, header);
    }
}

#[tokio::test]
async fn the_case_of_the_scheme_does_not_matter() {
    let app = TestApp::start().await;
    let token = app.admin("sun").await.token;

    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let reply = ask_with(&app, &format!("{scheme} {token}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{scheme}");
    }
}

#[tokio::test]
async fn a_token_made_with_the_secret_is_accepted_and_so_the_refusals_below_mean_something() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    let reply = ask_with(&app, &format!("Bearer {}", sign(Algorithm::HS256, &claims(sun.id), SECRET))).await;

    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn a_forged_token_is_invalid() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let zhou = app.user("zhou").await;
    let genuine = claims(sun.id);
    let hs256 = |claims: Value| sign(Algorithm::HS256, &claims, SECRET);
    let parts: Vec<&str> = sun.token.split('.').collect();
    let (payload, signature) = (parts[1], parts[2]);
    // {"alg":"none","typ":"JWT"} and {"alg":"None"}
    let (none, none_in_capitals) = ("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", "eyJhbGciOiJOb25lIn0");

    for (case, token) in [
        ("garbage", "garbage".to_owned()),
        ("three words of garbage", "a.b.c".to_owned()),
        ("not ASCII", "令牌".to_owned()),
        ("too short by its signature", format!("{}.{payload}", parts[0])),
        ("an empty signature", format!("{}.{payload}.", parts[0])),
        ("alg none", format!("{none}.{payload}.")),
        ("alg none with a signature", format!("{none}.{payload}.{signature}")),
        ("alg None", format!("{none_in_capitals}.{payload}.")),
        ("a payload of somebody else", {
            let other = zhou.token.split('.').nth(1).expect("a payload");
            format!("{}.{other}.{signature}", parts[0])
        }),
        ("another secret", sign(Algorithm::HS256, &genuine, b"another secret, just as long as ours")),
        ("HS512", sign(Algorithm::HS512, &genuine, SECRET)),
        ("HS384", sign(Algorithm::HS384, &genuine, SECRET)),
        ("another issuer", hs256(with(genuine.clone(), "iss", "evil"))),
        ("no issuer", hs256(without(genuine.clone(), "iss"))),
        ("another audience", hs256(with(genuine.clone(), "aud", "fixdesk-web"))),
        ("no audience", hs256(without(genuine.clone(), "aud"))),
        ("no expiry", hs256(without(genuine.clone(), "exp"))),
        ("an expiry that is no number", hs256(with(genuine.clone(), "exp", "never"))),
        ("no subject", hs256(without(genuine.clone(), "sub"))),
        ("a subject that is no number", hs256(with(genuine.clone(), "sub", "sun"))),
        ("an unknown person", hs256(with(genuine.clone(), "sub", "20249999999"))),
        ("no version of the credentials", hs256(without(genuine.clone(), "ver"))),
    ] {
        let mut request = get(PATH);
        let header = axum::http::HeaderValue::from_bytes(format!("Bearer {token}").as_bytes());
        request.headers_mut().insert("authorization", header.expect("a value"));
        let reply = app.send(request).await;

        let expected =
            if case == "not ASCII" { "Unauthorized for no Bearer" } else { "Unauthorized for invalid token" };
        let challenge = if case == "not ASCII" { NO_TOKEN } else { BAD_TOKEN };
        assert_refused(&reply, expected, challenge, case);
    }
}

#[tokio::test]
async fn a_token_lives_for_an_hour() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    app.pass_seconds(3599);
    let just_alive = app.get(PATH, &sun).await;
    app.pass_seconds(1);
    let expired = app.get(PATH, &sun).await;

    assert_eq!(just_alive.status, StatusCode::OK);
    assert_refused(&expired, "token_expired", BAD_TOKEN, "after an hour");
}

#[tokio::test]
async fn an_expired_token_of_a_forger_is_merely_invalid() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let old = with(claims(sun.id), "exp", NOON.0 - 1);

    let reply = ask_with(&app, &format!("Bearer {}", sign(Algorithm::HS256, &old, b"another secret"))).await;

    assert_refused(&reply, "Unauthorized for invalid token", BAD_TOKEN, "forged and expired");
}

#[tokio::test]
async fn a_person_who_is_disabled_is_refused_at_once_and_needs_a_new_token_when_enabled() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    app.set_disabled(sun.id, true).await;
    let disabled = app.get(PATH, &sun).await;
    app.set_disabled(sun.id, false).await;
    let enabled = app.get(PATH, &sun).await;

    assert_refused(&disabled, "Unauthorized for invalid token", BAD_TOKEN, "disabled");
    assert_refused(&enabled, "token_expired", BAD_TOKEN, "enabled");
    let token = app.token_of(sun.id).await;
    assert_eq!(app.get(PATH, &Actor { token, ..sun }).await.status, StatusCode::OK);
}

/// Lists of one's own, lists of everything and invalid queries are each read in their own way.
#[tokio::test]
async fn whatever_is_asked_a_token_is_judged_first() {
    let app = TestApp::start().await;
    let (sun, li) = (app.admin("sun").await, app.admin("li").await);
    app.set_disabled(sun.id, true).await;

    for (id, version, error) in [
        (UserId(20_249_999_999), 1, "Unauthorized for invalid token"),
        (sun.id, 1, "Unauthorized for invalid token"),
        (li.id, 7, "token_expired"),
    ] {
        let token = sign(Algorithm::HS256, &with(claims(id), "ver", version), SECRET);
        for query in [format!("uid={id}"), format!("tid={id}&list=done"), String::new(), "page=0".to_owned()]
        {
            let reply = app.send(bearing(&format!("{PATH}?{query}"), &format!("Bearer {token}"))).await;

            assert_refused(&reply, error, BAD_TOKEN, &query);
        }
    }
}

#[tokio::test]
async fn a_new_role_counts_for_tokens_of_before() {
    let app = TestApp::start().await;
    let (sun, zhou) = (app.admin("sun").await, app.user("zhou").await);

    app.set_role(sun.id, Role::User).await;
    app.set_role(zhou.id, Role::Admin).await;

    let statuses = [app.get(PATH, &sun).await.status, app.get(PATH, &zhou).await.status];
    assert_eq!(statuses, [StatusCode::FORBIDDEN, StatusCode::OK]);
}

#[tokio::test]
async fn a_new_password_ends_tokens_of_before() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let cookie = app.browser_of(&sun).await;

    let fields = [("current", PASSWORD), ("new", "another password"), ("repeat", "another password")];
    app.submit("/account", &cookie, &fields).await;

    let old = app.get(PATH, &sun).await;
    let new = ask_with(&app, &format!("Bearer {}", app.token_of(sun.id).await)).await;
    assert_refused(&old, "token_expired", BAD_TOKEN, "a token of before");
    assert_eq!(new.status, StatusCode::OK);
}

#[tokio::test]
async fn the_cookie_of_a_browser_opens_no_door_of_the_interface() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let cookie = app.browser_of(&sun).await;

    let reply = app.visit(PATH, &cookie).await;

    assert_refused(&reply, "Unauthorized for no Authorization", NO_TOKEN, "a cookie");
}
