//! No other site may make a browser change something here.

use axum::http::StatusCode;

use crate::support::cast::{PASSWORD, TestApp};
use crate::support::wire::{unproven_form, with_header};

/// Every address that takes a POST with a cookie.
const FORMS: [&str; 6] = ["/sign-in", "/sign-out", "/account", "/preferences", "/rpc/tickets", "/rpc/ticket"];

const FIELDS: [(&str, &str); 5] = [
    ("current", PASSWORD),
    ("new", "a new password"),
    ("repeat", "a new password"),
    ("theme", "dark"),
    ("lang", "en"),
];

#[tokio::test]
async fn a_form_that_cannot_prove_where_it_comes_from_is_refused_and_does_nothing() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;
    let unproven: [&[(&str, &str)]; 7] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://desk.example")],
        &[("origin", "null")],
        &[("origin", "http://evil.example")],
        &[("origin", "http://desk.example.evil.example"), ("referer", "http://desk.example/my")],
    ];

    for path in FORMS {
        for headers in unproven {
            let request = with_header(unproven_form(path, &cookie, &FIELDS), "host", "desk.example");
            let request =
                headers.iter().fold(request, |request, (name, value)| with_header(request, name, value));
            let reply = app.send(request).await;

            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert_eq!(reply.json()["data"], "请求来自别的网站", "{path} {headers:?}");
            assert_eq!(reply.set_cookies(), [""; 0], "{path} {headers:?}");
        }
    }

    assert_eq!(app.visit("/my", &cookie).await.status, StatusCode::OK);
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
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
