//! `POST /v1/user/login`: a password for a token.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use fixdesk::domain::people::contact::Verified;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::viewer::Role;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use crate::support::cast::{FIRST_ID, NOON, PASSWORD, SECRET, TestApp};
use crate::support::log;
use crate::support::wire::{Reply, bearing, post_json, refusal, with_header};

const PATH: &str = "/v1/user/login";

fn wrong_credentials() -> Value {
    json!({ "success": false, "status": "error", "data": "账号或密码错误" })
}

#[tokio::test]
async fn whoever_knows_the_password_gets_a_token() {
    let app = TestApp::start().await;
    app.technician("wang").await;

    let reply = app.log_in("wang", PASSWORD).await;

    let token = reply.json()["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        reply.json(),
        json!({
            "success": true,
            "status": "success",
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 3600,
            "uid": FIRST_ID,
            "role": "technician",
            "nickname": "wang同学",
        })
    );
    assert_eq!(reply.header("cache-control"), "no-store");
    let path = format!("/v1/status/getTicket?tid={FIRST_ID}");
    assert_eq!(app.send(bearing(&path, &format!("Bearer {token}"))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_token_is_a_signed_jwt_that_names_its_bearer() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    let mut rules = Validation::new(Algorithm::HS256);
    rules.validate_exp = false;
    rules.set_audience(&["fixdesk-api"]);

    let mut token = String::new();
    let mut ids = Vec::new();
    for _ in 0..2 {
        token =
            app.log_in("zhou", PASSWORD).await.json()["access_token"].as_str().expect("a token").to_owned();
        let claims: BTreeMap<String, Value> =
            decode(&token, &DecodingKey::from_secret(SECRET), &rules).expect("is genuine").claims;
        ids.push(claims["jti"].clone());
        let told: Vec<&str> = claims.keys().map(String::as_str).collect();
        assert_eq!(told, ["aud", "exp", "iat", "iss", "jti", "sub", "ver"]);
        assert_eq!(claims["iss"], "fixdesk");
        assert_eq!(claims["sub"], FIRST_ID.to_string());
        assert_eq!([&claims["iat"], &claims["exp"]], [NOON.0, NOON.0 + 3600]);
    }

    assert_eq!(decode_header(&token).expect("a header").alg, Algorithm::HS256);
    assert_ne!(ids[0], ids[1], "no two tokens are one");
}

#[tokio::test]
async fn people_log_in_by_name_phone_or_address_whatever_its_case() {
    let app = TestApp::start().await;
    let person = Person {
        phone: "13912345678".to_owned(),
        email: "Wang.Wei@Example.com".to_owned(),
        ..app.somebody("Wang", Role::User)
    };
    app.add_person(person).await;

    for login in
        ["Wang", "wang", "WANG", " wang ", "13912345678", "wang.wei@example.com", "WANG.WEI@EXAMPLE.COM"]
    {
        let reply = app.log_in(login, PASSWORD).await;
        assert_eq!(reply.status, StatusCode::OK, "{login}");
        assert_eq!(reply.json()["uid"], FIRST_ID, "{login}");
    }
}

#[tokio::test]
async fn a_contact_that_two_people_have_is_of_whoever_had_it_first() {
    let app = TestApp::start().await;
    let shared = |name: &str, verified: Verified| Person {
        phone: "13912345678".to_owned(),
        email: "desk@example.edu".to_owned(),
        verified,
        ..app.somebody(name, Role::User)
    };
    let later = app.add_person(shared("zhou", Verified::since(NOON.plus(1)))).await;
    app.add_person(shared("wang", Verified::default())).await;
    let first = app.add_person(shared("li", Verified::since(NOON))).await;

    for login in ["13912345678", "desk@example.edu", "DESK@example.edu"] {
        assert_eq!(app.log_in(login, PASSWORD).await.json()["uid"], first.0, "{login}");
    }
    assert_eq!(app.log_in("zhou", PASSWORD).await.json()["uid"], later.0);
}

#[tokio::test]
async fn a_contact_that_nobody_has_proved_signs_nobody_in() {
    let app = TestApp::start().await;
    let person = Person {
        phone: "13912345678".to_owned(),
        email: "zhou@example.edu".to_owned(),
        verified: Verified::default(),
        ..app.somebody("zhou", Role::User)
    };
    app.add_person(person).await;

    for login in ["13912345678", "zhou@example.edu"] {
        assert_eq!(app.log_in(login, PASSWORD).await.status, StatusCode::UNAUTHORIZED, "{login}");
    }
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_a_name_and_a_number_is_of_whoever_had_it_first() {
    for (named_at, verified_at) in [(NOON, NOON.plus(1)), (NOON.plus(1), NOON)] {
        let app = TestApp::start().await;
        let named = Person { created_at: named_at, ..app.somebody("13912345678", Role::User) };
        let named = app.add_person(named).await;
        let verified = Verified::since(verified_at);
        let phone = "13912345678".to_owned();
        let numbered = app.add_person(Person { phone, verified, ..app.somebody("zhou", Role::User) }).await;

        let reply = app.log_in("13912345678", PASSWORD).await;

        let first = if named_at < verified_at { named } else { numbered };
        assert_eq!(reply.json()["uid"], first.0, "{named_at:?} {verified_at:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_a_disabled_or_a_passwordless_account_look_alike() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    app.add_person(Person { disabled: true, ..app.somebody("gone", Role::User) }).await;
    app.add_person(Person { password_hash: String::new(), ..app.somebody("new", Role::User) }).await;

    let wrong = app.log_in("zhou", "a wrong password").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.json(), wrong_credentials());
    assert_eq!(wrong.header("www-authenticate"), "Bearer");

    for (login, password) in
        [("nobody", PASSWORD), ("gone", PASSWORD), ("new", PASSWORD), ("new", ""), ("", ""), ("zhou", "")]
    {
        let reply = app.log_in(login, password).await;

        assert_eq!(reply.status, wrong.status, "{login}");
        assert_eq!(reply.text, wrong.text, "{login}");
        assert_eq!(reply.headers, wrong.headers, "{login}");
        app.pass_seconds(60);
    }
}

#[tokio::test]
async fn a_password_is_taken_letter_by_letter() {
    let app = TestApp::start().await;
    app.user("zhou").await;

    for password in [&PASSWORD.to_uppercase(), &format!("{PASSWORD} "), &format!(" {PASSWORD}")] {
        assert_eq!(app.log_in("zhou", password).await.status, StatusCode::UNAUTHORIZED, "{password:?}");
    }
}

async fn send(app: &TestApp, body: &str) -> Reply {
    app.send(Request::post(PATH).body(Body::from(body.to_owned())).expect("a request")).await
}

#[tokio::test]
async fn a_body_that_is_not_what_it_should_be_is_refused() {
    let app = TestApp::start().await;

    for body in [
        "",
        "{}",
        "[]",
        "null",
        "username=zhou&password=x",
        r#"{"username":"zhou"}"#,
        r#"{"password":"x"}"#,
        r#"{"username":5,"password":"x"}"#,
        r#"{"username":"zhou","password":null}"#,
        r#"{"username":"zhou","username":"li","password":"x"}"#,
        r#"{"username":"zhou","password":"x""#,
    ] {
        let reply = send(&app, body).await;

        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(reply.json(), refusal("请求体要有文字 username 和 password"), "{body}");
    }
}

#[tokio::test]
async fn fields_that_nobody_asked_for_are_ignored() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    let body = json!({ "username": "zhou", "password": PASSWORD, "role": "admin", "uid": 1 });

    let reply = app.send(post_json(PATH, &body)).await;

    assert_eq!(reply.json()["role"], "user");
}

#[tokio::test]
async fn errors_are_told_in_the_language_that_was_asked_for() {
    let app = TestApp::start().await;
    let body = json!({ "username": "nobody", "password": "x" });

    let reply = app.send(with_header(post_json(PATH, &body), "accept-language", "en")).await;

    assert_eq!(reply.json()["data"], "the account or the password is wrong");
}

#[tokio::test]
async fn a_failure_shows_a_request_id_and_nothing_of_the_inside() {
    let app = TestApp::start().await;
    app.break_database().await;

    let (reply, log) = log::during(app.log_in("zhou", PASSWORD)).await;

    let request_id = log.iter().find_map(|line| line.get("request_id")).expect("is in the log");
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(reply.json(), refusal(&format!("服务器出错，请求编号 {request_id}")));
}

#[tokio::test]
async fn passwords_and_tokens_stay_out_of_the_log() {
    let app = TestApp::start().await;
    app.user("zhou").await;

    let (replies, log) = log::during(async {
        [app.log_in("zhou", PASSWORD).await, app.log_in("zhou", "a wrong secret").await]
    })
    .await;

    let written = format!("{log:?}");
    let token = replies[0].json()["access_token"].as_str().expect("a token").to_owned();
    assert!(!log.is_empty());
    for secret in [PASSWORD, "a wrong secret", &token] {
        assert!(!written.contains(secret), "{secret}");
    }
}
