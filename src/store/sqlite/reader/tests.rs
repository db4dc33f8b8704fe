//! A reader of a small file.

use std::thread;

use tempfile::TempDir;

use super::*;
use crate::store::outage::is_away;

const COUNTING: &str = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers";

struct Desk {
    folder: TempDir,
    reader: Arc<SqliteReader>,
}

fn desk(journal: &str) -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.db");
    let writer = Connection::open(&file).expect("opens");
    let schema = format!("PRAGMA journal_mode = {journal}; CREATE TABLE t (a); INSERT INTO t VALUES (7)");
    writer.execute_batch(&schema).expect("is made");
    let address = file.display().to_string();
    Desk { reader: SqliteReader::new(file, address), folder }
}

fn number(connection: &Connection, sql: &str) -> sqlx::Result<i64> {
    connection.query_row(sql, [], |row| row.get(0)).map_err(failure)
}

#[tokio::test]
async fn a_brief_read_runs_where_it_is_asked_for_and_its_connection_waits_for_the_next() {
    let desk = desk("WAL");
    let here = thread::current().id();

    for _ in 0..2 {
        let work =
            |connection: &Connection| Ok((number(connection, "SELECT a FROM t")?, thread::current().id()));
        let found = desk.reader.read(Pace::Brief, work).await.expect("is read");

        assert_eq!(found, (7, here));
        assert_eq!(desk.reader.waiting().len(), 1);
    }
}

#[tokio::test]
async fn a_read_that_turns_out_to_be_long_is_done_on_another_thread() {
    let desk = desk("WAL");
    let here = thread::current().id();
    let sql = format!("{COUNTING} WHERE n < 3000000) SELECT COUNT(*) FROM numbers");

    let work = move |connection: &Connection| Ok((number(connection, &sql)?, thread::current().id()));
    let (counted, there) = desk.reader.read(Pace::Brief, work).await.expect("is read");

    assert_eq!(counted, 3_000_000);
    assert_ne!(there, here);
    assert_eq!(desk.reader.waiting().len(), 1);
}

#[tokio::test]
async fn a_long_read_ends_when_its_reader_is_gone() {
    let desk = desk("WAL");
    let endless = format!("{COUNTING}) SELECT COUNT(*) FROM numbers");

    let work = move |connection: &Connection| number(connection, &endless);
    let left = timeout(Duration::from_millis(50), desk.reader.read(Pace::Long, work)).await;

    assert!(left.is_err());
    let turns = desk.reader.long_reads.acquire_many(LONG_READS);
    assert!(timeout(Duration::from_secs(5), turns).await.is_ok(), "it goes on");
}

#[tokio::test]
async fn a_read_waits_for_others_who_have_the_file_to_themselves() {
    let desk = desk("DELETE");
    let work = |connection: &Connection| number(connection, "SELECT a FROM t");
    desk.reader.read(Pace::Brief, work).await.expect("is read");
    let writer = Connection::open(desk.folder.path().join("desk.db")).expect("opens");
    writer.execute_batch("BEGIN EXCLUSIVE; UPDATE t SET a = 8").expect("is locked");

    let reading = desk.reader.read(Pace::Brief, work);
    let writing = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        writer.execute_batch("COMMIT").expect("is committed");
    };
    let (found, ()) = tokio::join!(reading, writing);

    assert_eq!(found.expect("is read"), 8);
}

#[tokio::test]
async fn a_connection_that_failed_is_closed_and_none_of_them_writes() {
    let desk = desk("WAL");

    let failed = desk.reader.read(Pace::Brief, |connection| number(connection, "SELECT b FROM t")).await;
    let work = |connection: &Connection| connection.execute("DELETE FROM t", []).map_err(failure);
    let written = desk.reader.read(Pace::Brief, work).await;

    let failed = failed.expect_err("there is no such column");
    assert!(!is_away(&failed) && failed.to_string().contains("no such column: b"), "{failed}");
    assert!(written.is_err());
    assert!(desk.reader.waiting().is_empty());
}

#[tokio::test]
async fn nothing_is_read_of_a_file_that_was_closed() {
    let desk = desk("WAL");
    let work = |connection: &Connection| number(connection, "SELECT a FROM t");
    desk.reader.read(Pace::Brief, work).await.expect("is read");

    desk.reader.close().await;

    assert!(desk.reader.waiting().is_empty());
    for pace in [Pace::Brief, Pace::Long] {
        let refused = desk.reader.read(pace, work).await.expect_err("it is closed");
        assert!(is_away(&refused), "{refused}");
    }
}

#[tokio::test]
async fn a_file_that_is_missing_or_is_none_of_sqlites_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (missing, other) = (folder.path().join("missing.db"), folder.path().join("other.db"));
    std::fs::write(&other, "not a database at all, though it is long enough to be taken for one".repeat(20))
        .expect("is written");

    for (file, cause) in [(&missing, "unable to open database file"), (&other, "is damaged")] {
        let reader = SqliteReader::new(file.clone(), file.display().to_string());
        let read = reader.read(Pace::Brief, |connection| number(connection, "SELECT 1")).await;

        let error = read.expect_err("there is nothing to read");
        let text = error.to_string();
        assert!(is_away(&error), "{text}");
        assert!(text.contains(&*file.to_string_lossy()) && text.contains(cause), "{text}");
    }
    assert!(!missing.exists());
}
