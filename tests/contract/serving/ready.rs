//! Health of the server, for monitoring programs.

use std::fs::{File, rename};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use fixdesk::service::photos::files::{PhotoFiles, PhotoPlace};
use fixdesk::service::photos::owner;
use fixdesk::service::photos::s3::Bucket;
use fixdesk::service::readiness;
use fixdesk::store::{Db, Tx};
use serde_json::json;
use tokio::time::sleep;

use super::program::{LONG, Program};
use crate::support::cast::{PASSWORD, TestApp};
use crate::support::receivers::dead_port;
use crate::support::wire::Reply;

/// An answer is given again for two seconds.
const NEXT_ANSWER: Duration = Duration::from_millis(2100);

impl TestApp {
    async fn is_ready(&self) -> Reply {
        self.visit("/readyz", "").await
    }

    async fn probed_at(&self) -> String {
        self.text("SELECT CAST(MAX(written_at) AS TEXT) FROM probes").await
    }
}

fn assert_not_ready(reply: &Reply, because: &str) {
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{}", reply.text);
    assert_eq!(reply.json(), json!({ "status": "unavailable", "not_well": [because] }));
    assert_eq!((reply.header("retry-after"), reply.header("cache-control")), ("5", "no-store"));
}

#[tokio::test]
async fn a_server_that_is_well_has_written_to_its_database() {
    let app = TestApp::start().await;

    let ready = app.is_ready().await;

    assert_eq!((ready.status, ready.json()), (StatusCode::OK, json!({ "status": "ready" })));
    assert_eq!(app.probed_at().await, app.app.clock.now().0.to_string());
}

#[tokio::test]
async fn a_server_without_a_database_is_alive_and_not_ready() {
    let app = TestApp::start().await;
    app.app.db.close().await;

    assert_not_ready(&app.is_ready().await, "database");
    assert_eq!(app.visit("/healthz", "").await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_database_that_only_reads_is_not_well() {
    let app = TestApp::start().await;
    match &app.app.db {
        Db::Sqlite { write, .. } => {
            let mut connection = write.lend_within(None).await.expect("a connection");
            sqlx::query("PRAGMA query_only = ON").execute(&mut *connection).await.expect("is set");
            connection.give_back().await.expect("is kept");
        }
        Db::Postgres { .. } => app.execute("ALTER TABLE probes ADD CHECK (written_at < 0) NOT VALID").await,
    }

    assert_not_ready(&app.is_ready().await, "database");
}

#[tokio::test]
async fn a_database_file_that_was_removed_or_replaced_takes_nothing_more() {
    let app = TestApp::start().await;
    let Some(file) = app.app.db.file().map(Path::to_owned) else { return };
    app.user("zhou").await;
    let aside = file.with_extension("aside");

    rename(&file, &aside).expect("is moved");
    let removed = app.log_in("zhou", PASSWORD).await;
    assert_not_ready(&app.is_ready().await, "database");
    File::create(&file).expect("is made");
    let replaced = app.log_in("zhou", PASSWORD).await;
    rename(&aside, &file).expect("is moved back");
    sleep(NEXT_ANSWER).await;

    assert_eq!([removed.status, replaced.status], [StatusCode::SERVICE_UNAVAILABLE; 2]);
    assert_eq!(app.is_ready().await.status, StatusCode::OK);
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_writer_that_hangs_is_noticed_and_so_is_its_end() {
    let app = TestApp::start().await;
    let mut hanging = app.app.db.begin().await.expect("begins");
    if let Tx::Postgres(tx) = &mut hanging {
        sqlx::query("LOCK TABLE probes").execute(&mut **tx).await.expect("is locked");
    }

    assert_not_ready(&app.is_ready().await, "database");
    hanging.roll_back().await.expect("is undone");
    sleep(NEXT_ANSWER).await;

    assert_eq!(app.is_ready().await.status, StatusCode::OK);
}

#[tokio::test]
async fn asking_often_costs_the_database_nothing() {
    let app = TestApp::start().await;
    app.is_ready().await;
    let first = app.probed_at().await;

    app.pass_seconds(60);
    for _ in 0..20 {
        assert_eq!(app.is_ready().await.status, StatusCode::OK);
    }
    assert_eq!(app.probed_at().await, first);
    sleep(NEXT_ANSWER).await;
    app.is_ready().await;

    assert_ne!(app.probed_at().await, first);
}

#[tokio::test]
async fn photos_out_of_reach_are_not_well() {
    let stage = TestApp::start().await;
    let mut app = stage.app.clone();
    let bucket = Bucket {
        endpoint: format!("http://{}", dead_port().await),
        region: "garage".to_owned(),
        key_id: "id".to_owned(),
        secret_key: "key".to_owned(),
        ..Bucket::at("s3://desk").expect("an address")
    };
    app.photo_files = PhotoFiles::open(&PhotoPlace::Bucket(bucket)).expect("are settings");

    assert_eq!(readiness::not_well(&app).await, ["photos"]);
}

#[tokio::test]
async fn a_photo_folder_that_has_vanished_is_noticed() {
    let app = TestApp::start().await;
    owner::check(&app.app.db, &app.app.photo_files).await.expect("is nobody else's");
    std::fs::remove_dir_all(app.photos_folder()).expect("is removed");

    assert_not_ready(&app.is_ready().await, "photos");
}

#[tokio::test]
async fn a_photo_folder_that_is_another_desks_by_now_is_noticed() {
    let app = TestApp::start().await;
    owner::check(&app.app.db, &app.app.photo_files).await.expect("is nobody else's");
    std::fs::write(app.photos_folder().join("fixdesk-site"), "another").expect("is written");

    assert_not_ready(&app.is_ready().await, "photos");
}

#[tokio::test]
async fn work_that_has_not_succeeded_for_too_long_is_named() {
    let app = TestApp::start().await;
    let background = app.app.background.clone();
    tokio::spawn(async move { background.supervise("mails", Duration::ZERO, std::future::pending).await });
    sleep(Duration::from_millis(50)).await;

    assert_not_ready(&app.is_ready().await, "mails");
}

/// Overwrites the third in the middle of a file.
fn damage_middle(path: &Path) {
    let third = std::fs::metadata(path).expect("is there").len() / 3;
    overwrite(path, third, third);
}

/// Overwrites the root of the schema, behind the header of the first page: the file cannot be opened
/// any more, while connections that are open go on.
fn damage_schema(path: &Path) {
    overwrite(path, 100, 3_996);
}

fn overwrite(path: &Path, start: u64, length: u64) {
    let mut file = File::options().write(true).open(path).expect("opens");
    file.seek(SeekFrom::Start(start)).expect("seeks");
    file.write_all(&vec![0xa5; usize::try_from(length).expect("is small")]).expect("is written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_file_is_not_well_and_the_log_names_it() {
    assert_noticed(damage_middle).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_a_damaged_schema_is_not_well_and_the_log_names_it() {
    assert_noticed(damage_schema).await;
}

async fn assert_noticed(damage: fn(&Path)) {
    if std::env::var_os("TEST_DATABASE_URL").is_some() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.db");
    let url = format!("sqlite:{}", file.display());
    let app = TestApp::start_on(url.clone()).await;
    let zhou = app.user("zhou").await;
    let tickets: Vec<_> = (0..2_000).map(|_| app.draft(zhou.id)).collect();
    app.add_tickets(&tickets).await;
    // All of it into the file itself.
    app.app.db.close().await;
    let log = folder.path().join("log");
    let stderr = Stdio::from(File::create(&log).expect("a file"));
    let server = Program::start_as("exec \"$0\" serve", &[("DATABASE_URL", &url)], stderr);
    assert!(server.ask("/readyz").starts_with("HTTP/1.1 200"));

    damage(&file);
    let begun = Instant::now();
    while !server.ask("/readyz").starts_with("HTTP/1.1 503") {
        assert!(begun.elapsed() < LONG, "it is ready all the same");
        sleep(Duration::from_millis(300)).await;
    }

    let log = std::fs::read_to_string(&log).expect("is there");
    let named = |line: &str| line.contains(&format!("the database {} is damaged: ", file.display()));
    assert!(log.lines().any(named), "{log}");
}
