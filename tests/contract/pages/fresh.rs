//! Pages are never older than a write, never somebody else's, and each has tokens of its own.

use axum::http::StatusCode;
use axum::http::header::{COOKIE, LOCATION};
use fixdesk::domain::viewer::Role;
use serde_json::json;

use crate::support::cast::TestApp;
use crate::support::wire::{Reply, get, post_json_as, with_header};

const MY: &str = "/my";

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).expect(before);
    rest.split_once(after).expect(after).0
}

/// What allows the scripts of a page.
fn nonce(page: &Reply) -> &str {
    between(page.header("content-security-policy"), "'nonce-", "'")
}

/// What lets the forms of a page happen once.
fn form_key(page: &Reply) -> &str {
    between(&page.text, "&quot;form_key&quot;:&quot;", "&quot;")
}

#[tokio::test]
async fn two_answers_of_one_page_differ_in_their_tokens_alone() {
    let app = TestApp::start().await;
    let chen = app.technician("chen").await;
    app.ticket(&chen, |ticket| ticket.technician = Some(chen.id)).await;
    let cookie = app.browser_of(&chen).await;

    let first = app.visit("/jobs?list=all", &cookie).await;
    let again = app.visit("/jobs?list=all", &cookie).await;

    assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::OK));
    assert_ne!(nonce(&first), nonce(&again));
    assert_ne!(form_key(&first), form_key(&again));
    let masked = |page: &Reply| page.text.replace(nonce(page), "nonce").replace(form_key(page), "key");
    assert_eq!(masked(&first), masked(&again));
    for page in [&first, &again] {
        assert!(page.text.contains(&format!("nonce=\"{}\"", nonce(page))));
        assert!(page.text.contains(&format!("value=\"{}-", form_key(page))), "a form of a row");
    }
    for name in ["content-type", "cache-control", "x-content-type-options"] {
        assert_eq!(first.header(name), again.header(name), "{name}");
    }
}

#[tokio::test]
async fn whoever_was_told_that_something_is_written_sees_it() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;

    for filed in 1..=5 {
        let body = json!({
            "purchase_date": "2022-09-01", "phone": "13800000000", "device_type": "笔记本",
            "brand": format!("华为 {filed}"), "description": "风扇很响", "image": "", "fault_type": "清灰",
            "qq": "", "campus": "江安",
        });
        let reply = app.send(post_json_as("/v1/ticket/create", &body, &zhou)).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.readable());
        for _ in 0..2 {
            assert_eq!(app.visit(MY, &cookie).await.rows().len(), filed);
        }
    }
}

#[tokio::test]
async fn a_page_is_in_the_language_and_theme_that_are_asked_for() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;
    for _ in 0..2 {
        for (lang, theme) in [("en", "dark"), ("zh-CN", "light")] {
            let cookie = format!("{cookie}; fixdesk_language={lang}; fixdesk_theme={theme}");
            let page = app.visit(MY, &cookie).await;
            assert!(page.text.contains(&format!("<html lang=\"{lang}\" data-theme=\"{theme}\"")), "{lang}");
        }
        for lang in ["en", "zh-CN"] {
            let request = with_header(get(MY), COOKIE.as_str(), &cookie);
            let page = app.send(with_header(request, "accept-language", lang)).await;
            assert!(page.text.contains(&format!("<html lang=\"{lang}\"")), "{lang}");
        }
    }
}

#[tokio::test]
async fn nobody_sees_what_another_may() {
    let app = TestApp::start().await;
    let (zhou, li, sun) = (app.user("zhou").await, app.user("li").await, app.admin("sun").await);
    let id = app.ticket(&zhou, |_| {}).await;
    let (of_zhou, of_li) = (app.browser_of(&zhou).await, app.browser_of(&li).await);
    let of_sun = app.browser_of(&sun).await;

    for _ in 0..2 {
        assert_eq!(app.visit(MY, &of_zhou).await.rows(), [id.0]);
        assert!(app.visit(MY, &of_li).await.rows().is_empty());
        assert_eq!(app.visit("/tickets", &of_sun).await.rows(), [id.0]);
        assert_eq!(app.visit("/tickets", &of_li).await.status, StatusCode::FORBIDDEN);
    }
    app.set_role(sun.id, Role::User).await;
    assert_eq!(app.visit("/tickets", &of_sun).await.status, StatusCode::FORBIDDEN);
    app.set_disabled(zhou.id, true).await;
    assert!(app.visit(MY, &of_zhou).await.header(LOCATION.as_str()).starts_with("/sign-in"));
    app.submit("/sign-out", &of_li, &[]).await;
    assert!(app.visit(MY, &of_li).await.header(LOCATION.as_str()).starts_with("/sign-in"));
}

#[tokio::test]
async fn what_another_node_has_written_shows_at_once() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let sun = app.admin("sun").await;
    let cookie = app.browser_of(&sun).await;
    assert_eq!(other.visit("/tickets", &cookie).await.status, StatusCode::OK);

    app.set_role(sun.id, Role::User).await;

    let refused = other.submit("/people/1/disable", &cookie, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.readable());
    assert_eq!(other.visit("/tickets", &cookie).await.status, StatusCode::FORBIDDEN);
}
