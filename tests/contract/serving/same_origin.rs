//! No other site may make a browser change something here.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::support::cast::{PASSWORD, TestApp};
use crate::support::desk::Desk;
use crate::support::wire::{unproven_form, with_header};

/// Fields that forms have, one beside the other: enough for most of them to do what they are for.
const FIELDS: [(&str, &str); 12] = [
    ("action", "cancel"),
    ("campus", "江安"),
    ("current", PASSWORD),
    ("lang", "en"),
    ("message", "在吗"),
    ("new", "a new password"),
    ("nickname", "somebody else"),
    ("note", "因为所以"),
    ("repeat", "a new password"),
    ("role", "user"),
    ("theme", "dark"),
    ("username", "wang"),
];

const FOREIGN: &str = "请求来自别的网站";

/// Ways in which a request does not prove that it comes from this site.
const UNPROVEN: [&[(&str, &str)]; 7] = [
    &[],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://desk.example")],
    &[("origin", "null")],
    &[("origin", "http://evil.example")],
    &[("origin", "http://desk.example.evil.example"), ("referer", "http://desk.example/my")],
];

/// Everything about a desk that a form or a call could change.
async fn state(desk: &Desk) -> String {
    let tables = "(SELECT COUNT(*) FROM ticket_events) || ' ' || (SELECT COUNT(*) FROM tickets)
        || ' ' || (SELECT COUNT(*) FROM sessions) || ' ' || (SELECT COUNT(*) FROM photos)
        || ' ' || (SELECT COUNT(*) FROM invitations) || ' ' || (SELECT COUNT(*) FROM revoked_tokens)
        || ' ' || (SELECT COUNT(*) FROM hand_over_codes) || ' ' || (SELECT COUNT(*) FROM sign_in_tries)";
    format!("{} {}", desk.stage.people().await, desk.stage.text(&format!("SELECT {tables}")).await)
}

/// Paths that take a POST, filled in with this ticket and this person.
async fn posts(desk: &Desk, ticket: i64) -> Vec<String> {
    let id = |path: &str| if path.starts_with("/people/") { desk.zhou.id.0 } else { ticket };
    let paths = desk.stage.paths_that_take_a_post().await;
    for known in ["/sign-in", "/tickets/{id}/act", "/people/{id}/role", "/v1/ticket/act", "/v1/user/login"] {
        assert!(paths.iter().any(|path| path == known), "{known} is not among {paths:?}");
    }
    let filled = |path: String| path.replace("{id}", &id(&path).to_string()).replace("{secret}", "secret");
    paths.into_iter().map(filled).collect()
}

fn is_of_rest(path: &str) -> bool {
    path.starts_with("/v1/")
}

fn request(path: &str, cookie: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = with_header(unproven_form(path, cookie, &FIELDS), "host", "desk.example");
    headers.iter().fold(request, |request, (name, value)| with_header(request, name, value))
}

#[tokio::test]
async fn a_form_that_cannot_prove_where_it_comes_from_is_refused_and_does_nothing() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await.0;
    let cookie = desk.stage.browser_of(&desk.sun).await;
    let before = state(&desk).await;

    for path in posts(&desk, ticket).await.iter().filter(|path| !is_of_rest(path)) {
        for headers in UNPROVEN {
            let reply = desk.stage.send(request(path, &cookie, headers)).await;

            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert_eq!(reply.json()["data"], FOREIGN, "{path} {headers:?}");
            assert_eq!(reply.set_cookies(), [""; 0], "{path} {headers:?}");
        }
    }

    assert_eq!(state(&desk).await, before);
    assert_eq!(desk.stage.visit("/people", &cookie).await.status, StatusCode::OK);
    assert_eq!(desk.stage.log_in("sun", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_form_of_this_site_reaches_who_it_is_for() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await.0;

    for path in posts(&desk, ticket).await.iter().filter(|path| !is_of_rest(path)) {
        // One before it may have signed the last browser out.
        let cookie = desk.stage.browser_of(&desk.sun).await;
        let reply = desk.stage.send(request(path, &cookie, &[("sec-fetch-site", "same-origin")])).await;

        assert_ne!(reply.json()["data"], FOREIGN, "{path}");
        assert_ne!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn the_rest_interface_takes_no_cookie_and_needs_no_proof() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await.0;
    let cookie = desk.stage.browser_of(&desk.sun).await;
    let calls: Vec<String> = posts(&desk, ticket).await.into_iter().filter(|path| is_of_rest(path)).collect();
    assert!(calls.len() > 25, "{calls:?}");
    let before = state(&desk).await;

    for path in &calls {
        for headers in [UNPROVEN[1], &[("sec-fetch-site", "same-origin")]] {
            let reply = desk.stage.send(request(path, &cookie, headers)).await;

            assert!(reply.status.is_client_error(), "{} of {path} {headers:?}", reply.status);
            assert_eq!(reply.set_cookies(), [""; 0], "{path} {headers:?}");
        }
    }

    assert_eq!(state(&desk).await, before);
}

#[tokio::test]
async fn a_form_of_this_site_is_taken_whichever_way_the_browser_proves_it() {
    let app = TestApp::start().await;

    for headers in [
        &[("sec-fetch-site", "same-origin")][..],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://desk.example")],
        &[("origin", "https://desk.example")],
        &[("sec-fetch-site", "same-origin"), ("origin", "null")],
    ] {
        let request =
            with_header(unproven_form("/preferences", "", &[("theme", "dark")]), "host", "desk.example");
        let request =
            headers.iter().fold(request, |request, (name, value)| with_header(request, name, value));
        let reply = app.send(request).await;

        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{headers:?}");
        assert_eq!(reply.cookies(), ["fixdesk_theme=dark"], "{headers:?}");
    }
}

#[tokio::test]
async fn the_host_is_compared_with_its_port() {
    let app = TestApp::start().await;
    let asked = async |origin: &str| {
        let request = unproven_form("/preferences", "", &[("theme", "dark")]);
        let request = with_header(with_header(request, "host", "127.0.0.1:3000"), "origin", origin);
        app.send(request).await.status
    };

    assert_eq!(asked("http://127.0.0.1:3000").await, StatusCode::SEE_OTHER);
    assert_eq!(asked("http://127.0.0.1:3001").await, StatusCode::FORBIDDEN);
    assert_eq!(asked("http://127.0.0.1").await, StatusCode::FORBIDDEN);
}
