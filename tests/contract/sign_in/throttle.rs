//! How often somebody may be wrong about a password.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use fixdesk::domain::people::person::{Person, Role};
use fixdesk::service::maintenance::{self, SOURCES_KEPT};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::cast::{PASSWORD, TestApp};
use crate::support::log;
use crate::support::wire::{Reply, form, post_json, refusal, with_header};

const WRONG: &str = "a wrong password";

async fn log_in_from(app: &TestApp, address: &str, name: &str, password: &str) -> Reply {
    let body = json!({ "username": name, "password": password });
    app.send_from(address, post_json("/v1/user/login", &body)).await
}

/// Wrong passwords for one account, each from a place of its own.
async fn guess_from_everywhere(app: &TestApp, name: &str, times: u8) {
    for host in 0..times {
        let reply = log_in_from(app, &format!("198.51.100.{host}"), name, WRONG).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "try {host} at {name}");
    }
}

/// Wrong passwords for accounts nobody has, from one place.
async fn guess_from(app: &TestApp, address: &str, times: u8) {
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

    // They are forgiven once the answer is given.
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
    // By the name with which she came in nobody keeps her out, in whatever case she types it.
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
