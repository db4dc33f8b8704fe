//! The ways in beside the log-in, for programs.

use axum::http::StatusCode;
use fixdesk::service::notifications::delivery;
use serde_json::{Value, json};

use crate::support::calls::{done, is_refused};
use crate::support::cast::{PASSWORD, TestApp, ZH};
use crate::support::receivers::MailServer;

fn wang() -> Value {
    json!({ "username": " wang ", "nickname": "王同学", "phone": "13800000000", "password": PASSWORD })
}

async fn open_site() -> TestApp {
    TestApp::start_with(|site| site.open_registration = true).await
}

#[tokio::test]
async fn a_door_that_the_site_has_not_is_no_address() {
    let app = TestApp::start().await;

    for verb in ["register", "forgot"] {
        let reply = app.knock(verb, &wang()).await;
        is_refused(&reply, StatusCode::NOT_FOUND, ZH.api().no_such_address);
    }
    assert_eq!(app.people().await, "");
}

#[tokio::test]
async fn whoever_lets_themselves_in_is_a_requester_with_a_token_and_no_session() {
    let app = open_site().await;
    let mut body = wang();
    body["role"] = json!("admin");

    let reply = app.knock("register", &body).await;

    let answer = reply.json();
    assert_eq!((&answer["role"], &answer["nickname"]), (&json!("user"), &json!("王同学")), "{answer}");
    let token = answer["access_token"].as_str().expect("a token").to_owned();
    let own = app
        .send(crate::support::wire::bearing("/v1/status/getAccount", &format!("Bearer {token}")))
        .await
        .json();
    assert_eq!((&own["data"]["uid"], &own["data"]["phone"]), (&answer["uid"], &json!("13800000000")));
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM sessions").await, "0");
    assert_eq!(app.log_in("wang", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_registration_that_cannot_be_is_refused_by_name() {
    let app = open_site().await;
    app.user("zhou").await;
    let before = app.people().await;
    let (bad, cannot) = (StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY);

    for (name, value, status) in [
        ("username", json!("ZHOU"), cannot),
        ("username", json!("13900000000"), cannot),
        ("username", Value::Null, cannot),
        ("username", json!(["x"]), bad),
        ("nickname", json!(""), cannot),
        ("nickname", json!("x".repeat(65)), cannot),
        ("phone", json!(""), cannot),
        ("campus", json!("火星"), cannot),
        ("password", json!("short"), cannot),
        ("password", Value::Null, cannot),
        ("password", json!({}), bad),
    ] {
        let mut body = wang();
        body[name] = value.clone();
        let reply = app.knock("register", &body).await;
        assert_eq!(reply.status, status, "{name} {value}: {}", reply.text);
        assert!(reply.text.contains(name), "{name} {value}: {}", reply.text);
    }
    assert_eq!(app.people().await, before);
}

#[tokio::test]
async fn newcomers_by_program_and_by_page_count_together() {
    let app = open_site().await;
    let knock = async |number: usize| {
        let mut body = wang();
        body["username"] = json!(format!("wang{number}"));
        app.knock("register", &body).await
    };

    for number in 0..10 {
        assert_eq!(knock(number).await.status, StatusCode::OK, "{number}");
    }
    let eleventh = knock(10).await;

    assert_eq!((eleventh.status, eleventh.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    let fields = [
        ("username", "li"),
        ("nickname", "李"),
        ("phone", "13800000000"),
        ("new", PASSWORD),
        ("repeat", PASSWORD),
    ];
    assert_eq!(app.submit("/register", "", &fields).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_forgotten_password_is_asked_for_and_set_by_the_link_of_the_mail() {
    let server = MailServer::open().await;
    let app = TestApp::start_with(|site| site.mailer = Some(server.mailer())).await;
    let zhou = app.user("zhou").await;
    app.execute("UPDATE users SET email = 'zhou@people.example'").await;

    let asked = app.knock("forgot", &json!({ "username": "zhou" })).await;
    let stranger = app.knock("forgot", &json!({ "username": "nobody" })).await;
    assert_eq!((asked.json(), stranger.text), (done(), asked.text));
    delivery::run_once(&app.app).await.expect("runs");
    let mail = server.mails().pop().expect("a mail").part("text/plain");
    let secret =
        mail.split("/welcome/").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a link");

    let welcome = |password: &str| json!({ "secret": secret, "password": password });
    let short = app.knock("welcome", &welcome("short")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text.contains("password"));
    assert_eq!(app.knock("welcome", &welcome("another password")).await.json(), done());
    assert_eq!(app.log_in("zhou", "another password").await.status, StatusCode::OK);
    assert_eq!(app.get("/v1/status/getAccount", &zhou).await.json(), json!({ "error": "token_expired" }));
    for body in [welcome("a third password"), json!({ "password": "a third password" })] {
        is_refused(&app.knock("welcome", &body).await, StatusCode::NOT_FOUND, ZH.api().no_such_link);
    }
    for name in ["", &"x".repeat(255)] {
        let refused = app.knock("forgot", &json!({ "username": name })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("username"));
    }
}

#[tokio::test]
async fn asking_for_links_has_the_limit_of_the_page() {
    let server = MailServer::open().await;
    let app = TestApp::start_with(|site| site.mailer = Some(server.mailer())).await;

    for _ in 0..5 {
        assert_eq!(app.knock("forgot", &json!({ "username": "zhou" })).await.json(), done());
    }
    let sixth = app.knock("forgot", &json!({ "username": "zhou" })).await;

    assert_eq!((sixth.status, sixth.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert_eq!(
        app.submit("/forgot", "", &[("username", "zhou")]).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}
