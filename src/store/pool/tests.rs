//! A pool over a file.

use sqlx::Sqlite;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;

use super::*;
use crate::store::outage::is_away;

fn pool(folder: &TempDir, begin: Option<&'static str>, size: u32) -> Arc<Pool<Sqlite>> {
    use sqlx::SqlSafeStr as _;
    let options = SqliteConnectOptions::new().filename(folder.path().join("x.db")).create_if_missing(true);
    Pool::new(options, "x.db".to_owned(), begin.map(|sql| sql.into_sql_str()), size)
}

#[tokio::test]
async fn a_connection_that_was_given_back_waits_for_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = pool(&folder, None, 2);

    pool.lend().await.expect("one").give_back().await.expect("is kept");

    assert_eq!(pool.waiting().len(), 1);
    assert!(pool.lend().await.expect("the same").is_used);
}

#[tokio::test]
async fn a_transaction_that_was_left_open_is_undone_before_the_next_begins() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = pool(&folder, Some("BEGIN IMMEDIATE"), 1);
    let mut left = pool.lend().await.expect("one");
    sqlx::query("CREATE TABLE t (a)").execute(&mut *left).await.expect("is created");

    drop(left);
    let mut next = pool.lend().await.expect("the next");

    assert!(sqlx::query("SELECT a FROM t").execute(&mut *next).await.is_err());
    assert!(next.is_used);
}

#[tokio::test]
async fn a_connection_that_is_not_clean_is_given_to_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = pool(&folder, Some("BEGIN IMMEDIATE"), 1);
    let mut lent = pool.lend().await.expect("one");
    // SQLite ended the transaction by itself, and the driver does not know.
    sqlx::query("ROLLBACK").execute(&mut *lent).await.expect("is undone");

    drop(lent);
    let next = pool.lend().await.expect("the next");

    assert!(!next.is_used);
}

#[tokio::test]
async fn a_connection_is_replaced_when_it_is_old() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = pool(&folder, None, 2);
    let connection = pool.connect().await.expect("connects");
    let long_ago = Instant::now().checked_sub(LIFETIME + TRUST).expect("the machine runs for longer");
    let opened = Opened { connection, at: long_ago };
    pool.waiting().push(Waiting { opened, since: Instant::now() });

    let lent = pool.lend().await.expect("one");

    assert!(!lent.is_used);
}

#[tokio::test]
async fn closing_waits_for_those_who_still_have_a_connection() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = pool(&folder, None, 2);
    let lent = pool.lend().await.expect("one");

    let (_, given_back) = tokio::join!(pool.close(), lent.give_back());

    assert!(given_back.is_ok());
    assert!(pool.lend().await.is_err());
}

#[tokio::test]
async fn whoever_cannot_be_reached_is_named_with_the_cause() {
    let options = SqliteConnectOptions::new().filename("/nowhere/at/all.db");
    let pool: Arc<Pool<Sqlite>> = Pool::new(options, "/nowhere/at/all.db".to_owned(), None, 1);

    let error = pool.lend().await.err().expect("there is none");

    assert!(is_away(&error));
    let text = error.to_string();
    assert!(text.contains("/nowhere/at/all.db") && text.contains("unable to open"), "{text}");
}
