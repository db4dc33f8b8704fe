//! Limits of wrong passwords.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::viewer::Role;
use futures::future::join_all;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::cast::{PASSWORD, TestApp};
use crate::support::log;
use crate::support::wire::{Reply, post_json, refusal};

pub(super) const WRONG: &str = "a wrong password";

pub(super) async fn log_in_from(app: &TestApp, address: &str, name: &str, password: &str) -> Reply {
    let body = json!({ "username": name, "password": password });
    app.send_from(address, post_json("/v1/user/login", &body)).await
}

/// Wrong passwords for one account, each from a place of its own.
pub(super) async fn guess_from_everywhere(app: &TestApp, name: &str, times: u8) {
    for host in 0..times {
        let reply = log_in_from(app, &format!("198.51.100.{host}"), name, WRONG).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "try {host} at {name}");
    }
}

/// Guesses passwords of unknown accounts, from one place.
pub(super) async fn guess_from(app: &TestApp, address: &str, times: u8) {
    for account in 0..times {
        let reply = log_in_from(app, address, &format!("nobody-{account}-{address}"), WRONG).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "try {account} from {address}");
    }
}

#[tokio::test]
async fn after_five_wrong_passwords_an_account_must_wait() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    guess_from_everywhere(&app, "zhou", 5).await;

    let reply = log_in_from(&app, "203.0.113.9", "zhou", WRONG).await;

    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.json(), refusal("尝试次数太多，请等 60 秒后再试。"));
    assert_eq!(reply.header("retry-after"), "60");
}

#[tokio::test]
async fn an_account_that_must_wait_must_do_so_from_everywhere_and_with_the_right_password() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    guess_from_everywhere(&app, "zhou", 5).await;

    for address in ["203.0.113.9", "2001:db8::9"] {
        let reply = log_in_from(&app, address, "zhou", PASSWORD).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{address}");
    }
}

#[tokio::test]
async fn others_need_not_wait_for_an_account_that_must() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    app.user("li").await;
    guess_from_everywhere(&app, "zhou", 5).await;

    let reply = log_in_from(&app, "198.51.100.1", "li", PASSWORD).await;

    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn after_ten_wrong_passwords_an_address_must_wait_whatever_account_it_tries() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    guess_from(&app, "203.0.113.9", 10).await;

    let blocked = log_in_from(&app, "203.0.113.9", "zhou", PASSWORD).await;
    let next_door = log_in_from(&app, "203.0.113.10", "zhou", PASSWORD).await;

    assert_eq!(blocked.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(blocked.header("retry-after"), "60");
    assert_eq!(next_door.status, StatusCode::OK);
}

#[tokio::test]
async fn a_room_full_of_people_signs_in_at_once_from_one_address() {
    let app = TestApp::start().await;
    let names: Vec<String> = (0..30).map(|number| format!("student{number}")).collect();
    for name in &names {
        app.user(name).await;
    }

    let replies = join_all(names.iter().map(|name| log_in_from(&app, "203.0.113.9", name, PASSWORD))).await;

    let statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    assert_eq!(statuses, [200; 30]);
}

#[tokio::test]
async fn of_thirty_wrong_passwords_at_once_from_one_address_ten_are_judged() {
    let app = TestApp::start().await;
    let names: Vec<String> = (0..30).map(|number| format!("student{number}")).collect();

    let replies = join_all(names.iter().map(|name| log_in_from(&app, "203.0.113.9", name, WRONG))).await;

    let judged = replies.iter().filter(|reply| reply.status == StatusCode::UNAUTHORIZED).count();
    let told_to_wait = replies.iter().filter(|reply| reply.header("retry-after") == "60").count();
    assert_eq!((judged, told_to_wait), (10, 20));
}

#[tokio::test]
async fn the_wait_is_until_the_oldest_try_that_counts_is_a_minute_old() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    for _ in 0..5 {
        app.log_in("zhou", WRONG).await;
        app.pass_seconds(10);
    }

    let mut waits = Vec::new();
    for _ in 0..3 {
        let reply = app.log_in("zhou", PASSWORD).await;
        waits.push((reply.status.as_u16(), reply.header("retry-after").to_owned()));
        app.pass_seconds(9);
    }

    let expected = [(429, "10"), (429, "1"), (200, "")];
    assert_eq!(waits, expected.map(|(status, wait)| (status, wait.to_owned())));
}

#[tokio::test]
async fn the_window_slides_so_that_a_new_mistake_counts_with_those_of_the_last_minute() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    let mut statuses = Vec::new();

    for seconds in [0, 10, 10, 10, 10, 20, 0] {
        app.pass_seconds(seconds);
        statuses.push(app.log_in("zhou", WRONG).await.status.as_u16());
    }

    // A minute after the first there is room for one more, and for one only.
    assert_eq!(statuses, [401, 401, 401, 401, 401, 401, 429]);
}

#[tokio::test]
async fn waiting_out_the_wait_is_enough_and_tries_meanwhile_do_not_lengthen_it() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    guess_from_everywhere(&app, "zhou", 5).await;
    for _ in 0..30 {
        app.pass_seconds(1);
        log_in_from(&app, "203.0.113.9", "zhou", WRONG).await;
    }

    app.pass_seconds(30);

    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_right_password_does_not_count_although_nobody_could_be_let_in() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    let sign_in = async || {
        let fields = [("username", "zhou"), ("password", PASSWORD)];
        app.submit("/sign-in", "", &fields).await.status
    };
    app.execute("ALTER TABLE sessions RENAME TO sessions_away").await;
    for _ in 0..3 {
        assert!(sign_in().await.is_server_error());
    }
    app.execute("ALTER TABLE sessions_away RENAME TO sessions").await;

    // Tries are deleted after the answer.
    let counted = "SELECT CAST(COUNT(*) AS TEXT) FROM sign_in_tries";
    for _ in 0..100 {
        if app.text(counted).await == "0" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(app.text(counted).await, "0");
    assert_eq!(sign_in().await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn successes_never_count() {
    let app = TestApp::start().await;
    app.user("zhou").await;

    for _ in 0..4 {
        app.log_in("zhou", WRONG).await;
    }
    for _ in 0..12 {
        assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
    }
    let fifth = app.log_in("zhou", WRONG).await;
    let sixth = app.log_in("zhou", WRONG).await;

    assert_eq!([fifth.status.as_u16(), sixth.status.as_u16()], [401, 429]);
}

#[tokio::test]
async fn the_wait_does_not_tell_whether_an_account_exists() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    app.add_person(Person { disabled: true, ..app.somebody("gone", Role::User) }).await;
    let mut answers = Vec::new();

    for (network, name) in [(1, "zhou"), (2, "nobody"), (3, "gone")] {
        let mut replies = Vec::new();
        for host in 0..7 {
            // The case of a name makes no difference to who is meant.
            let typed = if host % 2 == 0 { name.to_owned() } else { name.to_uppercase() };
            let reply = log_in_from(&app, &format!("10.0.{network}.{host}"), &typed, WRONG).await;
            replies.push((reply.status, reply.text, reply.headers));
        }
        answers.push(replies);
    }

    assert_eq!(answers[0][6].0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[tokio::test]
async fn every_way_to_name_an_account_is_counted_by_itself() {
    let app = TestApp::start().await;
    let person = Person {
        phone: "13912345678".to_owned(),
        email: "kate@example.com".to_owned(),
        ..app.somebody("kate", Role::User)
    };
    app.add_person(person).await;
    // Every name, and its spellings; then the same of somebody who is not there.
    let known = [
        ["kate", "KATE", "\u{212a}ate"],
        ["13912345678"; 3],
        ["kate@example.com", "Kate@Example.com", "KATE@example.com"],
    ];
    let unknown = [
        ["kane", "KANE", "\u{212a}ane"],
        ["13987654321"; 3],
        ["kane@example.com", "Kane@Example.com", "KANE@example.com"],
    ];
    let mut answers = Vec::new();

    for (network, names) in [(1, known), (2, unknown)] {
        let mut statuses = Vec::new();
        for (number, spelling) in names.iter().flat_map(|spellings| [spellings; 2]).flatten().enumerate() {
            let address = format!("10.{network}.{number}.1");
            statuses.push(log_in_from(&app, &address, spelling, WRONG).await.status.as_u16());
        }
        answers.push(statuses);
    }

    let each = [401, 401, 401, 401, 401, 429];
    assert_eq!(answers[0], [each, each, each].concat());
    assert_eq!(answers[0], answers[1], "waiting tells nothing");
}

#[tokio::test]
async fn the_database_does_the_same_for_whatever_name_is_tried() {
    let app = TestApp::start().await;
    let person = Person {
        phone: "13912345678".to_owned(),
        email: "kate@example.com".to_owned(),
        ..app.somebody("kate", Role::User)
    };
    app.add_person(person).await;
    let mut asked = BTreeSet::new();
    // Connections are opened.
    app.log_in("somebody", WRONG).await;

    for (host, login) in
        ["kate", "13912345678", "kate@example.com", "nobody", "13900000000"].iter().enumerate()
    {
        let (reply, lines) = log::during(log_in_from(&app, &format!("10.0.0.{host}"), login, WRONG)).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        let statements: Vec<String> = lines.iter().filter_map(|line| line.get("summary").cloned()).collect();
        assert!(!statements.is_empty());
        asked.insert(statements);
    }

    assert_eq!(asked.len(), 1, "{asked:#?}");
}

#[tokio::test]
async fn the_form_and_the_interface_count_together() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    for _ in 0..3 {
        app.log_in("zhou", WRONG).await;
        app.submit("/sign-in", "", &[("username", "zhou"), ("password", WRONG)]).await;
    }

    let reply = app.submit("/sign-in", "", &[("username", "zhou"), ("password", PASSWORD)]).await;

    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn tries_at_the_same_moment_do_not_slip_past_the_count() {
    let app = Arc::new(TestApp::start().await);
    app.user("zhou").await;

    let mut tries = JoinSet::new();
    for host in 0..12 {
        let app = Arc::clone(&app);
        tries.spawn(async move { log_in_from(&app, &format!("10.0.0.{host}"), "zhou", WRONG).await.status });
    }
    let statuses = tries.join_all().await;

    let judged = statuses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert_eq!(judged, 5, "{statuses:?}");
}
