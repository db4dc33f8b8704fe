//! A database that goes away and comes back.

use axum::http::StatusCode;
use fixdesk::service::tickets::messages::say;
use futures::future::join_all;

use super::server::Server;
use crate::support::cast::{Actor, TestApp};
use crate::support::desk::viewer;
use crate::support::log;

/// Opens every connection there may be, and leaves them waiting.
async fn keep_busy(app: &TestApp, zhou: &Actor, path: &str) {
    join_all((0..16).map(|_| app.get(path, zhou))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_of_the_database_the_next_requests_succeed() {
    let Some(server) = Server::start() else { return };
    let app = TestApp::start_on(server.url()).await;
    let zhou = app.user("zhou").await;
    let ticket = app.ticket(&zhou, |_| {}).await;
    let browser = app.browser_of(&zhou).await;
    let path = format!("/v1/status/getTicket?orderid={ticket}");
    keep_busy(&app, &zhou, &path).await;
    let person = viewer(&zhou);
    join_all((0..8).map(|_| say(&app.app, &person, ticket, "在吗", None))).await;

    server.down();
    server.up();
    let written = join_all((0..8).map(|_| say(&app.app, &person, ticket, "在吗", None))).await;
    let read = join_all((0..16).map(|_| app.get(&path, &zhou))).await;
    let page = app.visit("/my", &browser).await;

    assert!(written.iter().all(Result::is_ok), "{written:?}");
    assert!(read.iter().all(|reply| reply.status == StatusCode::OK));
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_down_is_told_apart_and_the_log_says_why() {
    let Some(server) = Server::start() else { return };
    let app = TestApp::start_on(server.url()).await;
    let zhou = app.user("zhou").await;
    let browser = app.browser_of(&zhou).await;
    let list = format!("/v1/status/getTicket?uid={}", zhou.id);
    keep_busy(&app, &zhou, &list).await;
    server.down();

    let (reply, log) = log::during(app.get(&list, &zhou)).await;
    let page = app.visit("/account", &browser).await;
    server.up();
    let again = app.get(&list, &zhou).await;

    for reply in [&reply, &page] {
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{}", reply.text);
        assert_eq!(reply.header("retry-after"), "5");
    }
    let causes: Vec<&String> = log.iter().filter_map(|line| line.get("error")).collect();
    let cause = causes.first().expect("a line");
    assert!(cause.contains("Connection refused") && cause.contains("127.0.0.1:"), "{cause}");
    assert_eq!(again.status, StatusCode::OK, "{}", again.text);
}

#[tokio::test]
async fn a_file_that_is_not_there_any_more_is_named_in_the_log() {
    if std::env::var_os("TEST_DATABASE_URL").is_some() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("disk/desk.db");
    let app = TestApp::start_on(format!("sqlite:{}", file.display())).await;
    let zhou = app.user("zhou").await;
    app.app.db.close().await;
    let gone = TestApp::start_on(format!("sqlite:{}", file.display())).await;
    // Nobody has read yet: the first reader finds no file.
    std::fs::rename(folder.path().join("disk"), folder.path().join("elsewhere")).expect("is moved");

    let (reply, log) = log::during(gone.get("/v1/status/getTicket?uid=1", &zhou)).await;

    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{}", reply.text);
    let cause = log.iter().find_map(|line| line.get("error")).expect("a line");
    assert!(cause.contains("disk/desk.db") && cause.contains("was removed or replaced"), "{cause}");
    assert!(!file.exists(), "no empty one is made in its place");
}
