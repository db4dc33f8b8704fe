//! Response headers of pages.

use axum::http::StatusCode;

use crate::support::cast::TestApp;
use crate::support::wire::Reply;

/// The nonce that the policy of this answer names.
pub fn nonce(reply: &Reply) -> &str {
    let after = reply.header("content-security-policy").split_once("'nonce-").expect("a nonce").1;
    after.split_once('\'').expect("its end").0
}

#[tokio::test]
async fn scripts_run_only_with_the_nonce_of_their_own_page() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let ticket = app.ticket(&zhou, |_| {}).await;
    let cookie = app.browser_of(&zhou).await;
    let path = format!("/tickets/{ticket}");
    let mut nonces = Vec::new();

    for (path, cookie) in [
        ("/sign-in", ""),
        ("/my", cookie.as_str()),
        ("/account", &cookie),
        ("/tickets", &cookie),
        (&path, &cookie),
        ("/nowhere", ""),
        ("/api/docs", ""),
    ] {
        let page = app.visit(path, cookie).await;

        let nonce = nonce(&page);
        let policy = page.header("content-security-policy").replace(nonce, "N");
        assert_eq!(
            policy,
            "default-src 'none'; script-src 'self' 'nonce-N' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' blob:; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'",
            "{path}"
        );
        for script in page.text.split("<script").skip(1) {
            let tag = script.split_once('>').expect("a tag").0;
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <script{tag}>");
        }
        for inline in [" style=\"", " onclick=\"", " onerror=\"", " onsubmit=\"", "<style"] {
            assert!(!page.text.contains(inline), "{path} has {inline}");
        }
        nonces.push(nonce.to_owned());
    }
    let all = nonces.len();
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), all, "every answer has its own");
}

#[tokio::test]
async fn every_answer_is_guarded_whatever_it_is() {
    let app = TestApp::start().await;
    app.write_file("favicon.svg", "<svg/>");
    let cookie = app.browser_of(&app.user("zhou").await).await;

    for (path, status) in [
        ("/my", 200),
        ("/tickets", 403),
        ("/nowhere", 404),
        ("/", 303),
        ("/my/", 308),
        ("/favicon.svg", 200),
        ("/rpc/tickets?place=My", 200),
        ("/v1/status/getTicket", 401),
        ("/api/openapi.json", 200),
        ("/api/docs", 200),
        ("/healthz", 204),
    ] {
        let reply = app.visit(path, &cookie).await;

        assert_eq!(reply.status, status, "{path}");
        assert!(reply.header("content-security-policy").contains("default-src 'none'"), "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("x-dns-prefetch-control", "off"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(reply.header(name), value, "{name} of {path}");
        }
    }
}

#[tokio::test]
async fn behind_https_browsers_are_told_to_stay_there() {
    let app = TestApp::start_with(|site| site.https = true).await;

    for path in ["/sign-in", "/v1/status/getTicket", "/nowhere", "/healthz"] {
        let reply = app.visit(path, "").await;
        assert_eq!(reply.header("strict-transport-security"), "max-age=31536000", "{path}");
    }
}

#[tokio::test]
async fn what_is_somebodys_own_is_kept_by_no_browser_and_what_is_everybodys_may_be() {
    let app = TestApp::start().await;
    app.write_file("pkg/fixdesk.abc123.js", "import();");
    app.write_file("favicon.svg", "<svg/>");
    let zhou = app.user("zhou").await;
    let ticket = format!("/tickets/{}", app.ticket(&zhou, |_| {}).await);
    let cookie = app.browser_of(&zhou).await;
    let (zhous, nobodys) = (cookie.as_str(), "");

    for (path, cookie, caching) in [
        ("/my", zhous, "no-store"),
        ("/my?page=0", zhous, "no-store"),
        ("/my.csv", zhous, "no-store"),
        ("/my.jsonl", zhous, "no-store"),
        (&ticket, zhous, "no-store"),
        ("/tickets/1", zhous, "no-store"),
        ("/tickets/new", zhous, "no-store"),
        ("/tickets", zhous, "no-store"),
        ("/inbox", zhous, "no-store"),
        ("/account", zhous, "no-store"),
        ("/photos/0123456789abcdef0123456789abcdef", zhous, "no-store"),
        ("/api/docs", zhous, "no-store"),
        ("/nowhere", zhous, "no-store"),
        ("/my", nobodys, "no-store"),
        ("/welcome/abc", nobodys, "no-store"),
        ("/pkg/fixdesk.gone.js", nobodys, "no-store"),
        ("/rpc/tickets?place=My", zhous, "no-store"),
        ("/v1/status/getTicket", zhous, "no-store"),
        ("/v1", zhous, "no-store"),
        ("/sign-in", nobodys, "no-cache"),
        ("/api/docs", nobodys, "no-cache"),
        ("/api/openapi.json", nobodys, "no-cache"),
        ("/favicon.svg", zhous, "no-cache"),
        ("/pkg/fixdesk.abc123.js", zhous, "public, max-age=31536000, immutable"),
    ] {
        assert_eq!(app.visit(path, cookie).await.header("cache-control"), caching, "{path}");
    }
}

#[tokio::test]
async fn a_page_is_html_and_whole() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;

    for (path, cookie) in [("/sign-in", ""), ("/my", cookie.as_str()), ("/nowhere", ""), ("/api/docs", "")] {
        let page = app.visit(path, cookie).await;

        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(page.text.to_lowercase().starts_with("<!doctype html>"), "{path}");
        assert_eq!(page.text.matches("</html>").count(), 1, "{path}");
        assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
        assert_eq!(page.text.matches("<main").count(), 1, "{path}");
        assert_ne!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
}

#[tokio::test]
async fn a_page_on_which_nothing_changes_loads_no_code() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let ticket = app.ticket(&zhou, |_| {}).await;
    let cookie = app.browser_of(&zhou).await;
    let ticket = format!("/tickets/{ticket}");

    for (path, cookie, loads) in [
        ("/my", cookie.as_str(), true),
        ("/my?page=0", &cookie, true),
        ("/tickets", &cookie, false),
        (&ticket, &cookie, true),
        ("/tickets/new", &cookie, true),
        ("/inbox", &cookie, false),
        ("/account", &cookie, false),
        ("/sign-in", "", false),
        ("/nowhere", &cookie, false),
        ("/api/docs", &cookie, false),
    ] {
        let page = app.visit(path, cookie).await;

        for code in [".wasm", "import("] {
            assert_eq!(page.text.contains(code), loads, "{code} on {path}");
        }
    }
}

#[tokio::test]
async fn the_nonce_is_for_scripts_and_code_is_fetched_once_the_page_is_there() {
    let app = TestApp::start().await;
    let page = app.visit("/my", &app.browser_of(&app.user("zhou").await).await).await;

    assert!(!page.text.contains("preload"), "{}", page.text);
    assert!(page.text.contains("addEventListener('load', () => setTimeout(begin))"), "{}", page.text);
    let nonce = nonce(&page);
    let of_scripts = format!("nonce=\"{nonce}\"");
    assert_eq!(page.text.matches(nonce).count(), page.text.matches(&of_scripts).count());
}
