//! The files beside the pages.

use axum::http::StatusCode;

use crate::support::cast::{TestApp, ZH};
use crate::support::wire::{get, with_header};

#[tokio::test]
async fn a_file_of_the_site_is_served_as_what_it_is() {
    let app = TestApp::start().await;
    app.write_file("favicon.svg", "<svg/>");
    app.write_file("pkg/fixdesk.js", "import();");
    app.write_file("pkg/fixdesk.wasm", "wasm");

    for (path, kind, content) in [
        ("/favicon.svg", "image/svg+xml", "<svg/>"),
        ("/pkg/fixdesk.js", "text/javascript", "import();"),
        ("/pkg/fixdesk.wasm", "application/wasm", "wasm"),
    ] {
        let reply = app.visit(path, "").await;

        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(reply.header("content-type"), kind, "{path}");
        assert_eq!(reply.text, content, "{path}");
    }
}

#[tokio::test]
async fn a_file_that_was_compressed_beforehand_is_sent_as_it_is() {
    let app = TestApp::start().await;
    app.write_file("pkg/fixdesk.wasm", "plain");
    app.write_file("pkg/fixdesk.wasm.br", "brotli");
    app.write_file("pkg/fixdesk.wasm.gz", "gzip");

    for (accepted, encoding, content) in
        [("", "", "plain"), ("gzip, deflate, br", "br", "brotli"), ("gzip", "gzip", "gzip")]
    {
        let reply = app.send(with_header(get("/pkg/fixdesk.wasm"), "accept-encoding", accepted)).await;

        assert_eq!(reply.header("content-encoding"), encoding, "{accepted}");
        assert_eq!(reply.text, content, "{accepted}");
    }
}

#[tokio::test]
async fn a_browser_that_has_the_file_is_told_so() {
    let app = TestApp::start().await;
    app.write_file("favicon.svg", "<svg/>");
    let modified = app.visit("/favicon.svg", "").await.header("last-modified").to_owned();

    let reply = app.send(with_header(get("/favicon.svg"), "if-modified-since", &modified)).await;

    assert_eq!((reply.status, reply.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn nobody_climbs_out_of_the_folder() {
    let app = TestApp::start().await;
    app.write_file("pkg/fixdesk.js", "import();");
    app.write_file("../secret", "the signing secret");

    for path in [
        "/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/%2e%2e%2fsecret",
        "/pkg/../../secret",
        "/pkg/%2e%2e/%2e%2e/secret",
        "/pkg/..%2f..%2fsecret",
        "/..%5csecret",
        "/./../secret",
        "//../secret",
        "/%252e%252e/secret",
        "/secret",
        "/../desk.db",
    ] {
        let reply = app.visit(path, "").await;

        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!reply.text.contains("the signing secret"), "{path}");
    }
}

#[tokio::test]
async fn a_folder_is_no_page() {
    let app = TestApp::start().await;
    app.write_file("pkg/fixdesk.js", "import();");
    app.write_file("pkg/index.html", "an index");

    let reply = app.visit("/pkg", "").await;

    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert!(reply.readable().contains(ZH.problem().not_found_title));
}
