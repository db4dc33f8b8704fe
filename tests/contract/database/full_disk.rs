//! A disk that is full for a while.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use axum::http::StatusCode;
use fixdesk::domain::problem::Problem;
use fixdesk::service::tickets::messages::say;
use fixdesk::store::Db;
use tempfile::TempDir;

use crate::support::cast::{PASSWORD, TestApp};
use crate::support::desk::viewer;

/// A file system of a few megabytes.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// Only root may mount one.
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(folder.path());
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        is_mounted.then(|| Self(folder))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Takes every block that is left.
    fn fill(&self) {
        for piece in [4096, 1] {
            let mut ballast =
                File::options().append(true).create(true).open(self.path("ballast")).expect("a file");
            while ballast.write_all(&vec![b'x'; piece]).is_ok() {}
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.path("ballast")).expect("is removed");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let folder: &Path = self.0.path();
        let _ = Command::new("umount").arg("-l").arg(folder).output();
    }
}

#[tokio::test]
async fn writing_goes_on_with_the_first_free_block_and_reading_never_stops() {
    if std::env::var_os("TEST_DATABASE_URL").is_some() {
        return;
    }
    let Some(disk) = SmallDisk::mount("2m") else {
        eprintln!("not root: a full disk is tried by a limit of the file alone");
        return;
    };
    let app = TestApp::start_on(format!("sqlite:{}", disk.path("desk.db").display())).await;
    let zhou = app.user("zhou").await;
    let ticket = app.ticket(&zhou, |_| {}).await;
    let browser = app.browser_of(&zhou).await;
    let person = viewer(&zhou);
    let words = "长".repeat(3_000);
    disk.fill();

    // Until what the file has reserved is used up.
    let mut refused = 0;
    for _ in 0..200 {
        // Nobody says more than a few things a minute.
        app.pass_seconds(5);
        match say(&app.app, &person, ticket, &words, None).await {
            Ok(()) => {}
            Err(Problem::NoDatabase { .. }) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    app.pass_seconds(600);
    let idle = app.visit("/account", &browser).await;
    let log_in = app.log_in("zhou", PASSWORD).await;
    disk.empty();
    let said = say(&app.app, &person, ticket, &words, None).await;
    let log_in_again = app.log_in("zhou", PASSWORD).await;

    assert!(refused > 100, "{refused}");
    assert_eq!(idle.status, StatusCode::OK, "being seen is not written down");
    assert_eq!(log_in.status, StatusCode::SERVICE_UNAVAILABLE, "{}", log_in.text);
    assert!(!log_in.header("retry-after").is_empty());
    assert_eq!(said, Ok(()));
    assert_eq!(log_in_again.status, StatusCode::OK, "{}", log_in_again.text);
}

#[tokio::test]
async fn a_server_on_a_full_disk_is_not_ready_until_there_is_space_again() {
    if std::env::var_os("TEST_DATABASE_URL").is_some() {
        return;
    }
    let Some(disk) = SmallDisk::mount("8m") else {
        eprintln!("not root: a full disk is not tried");
        return;
    };
    let app = TestApp::start_on(format!("sqlite:{}", disk.path("desk.db").display())).await;
    let asks = async || {
        // An answer is given again for two seconds.
        tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
        app.visit("/readyz", "").await
    };
    assert_eq!(asks().await.status, StatusCode::OK);

    disk.fill();
    for _ in 0..3 {
        let reply = asks().await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(reply.text.contains("[\"database\"]"), "{}", reply.text);
    }
    disk.empty();

    assert_eq!(asks().await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_connection_that_failed_is_not_used_again() {
    let app = TestApp::start().await;
    let Db::Sqlite { write, .. } = &app.app.db else { return };
    let zhou = app.user("zhou").await;
    let ticket = app.ticket(&zhou, |_| {}).await;
    let mut connection = write.lend_within(None).await.expect("a connection");
    let pages: i64 =
        sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *connection).await.expect("a number");
    let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
    sqlx::query(limit).execute(&mut *connection).await.expect("is set");
    connection.give_back().await.expect("is kept");

    let person = viewer(&zhou);
    let words = "长".repeat(3_000);
    let mut refused = false;
    for _ in 0..50 {
        app.pass_seconds(5);
        refused |= say(&app.app, &person, ticket, &words, None).await.is_err();
    }

    app.pass_seconds(60);
    assert!(refused, "the file was full");
    assert_eq!(say(&app.app, &person, ticket, &words, None).await, Ok(()));
}
