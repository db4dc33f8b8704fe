//! Counters of lists are exact for every writer, also one with a database shell.

use fixdesk::domain::ids::TicketId;
use fixdesk::store::lists::verify;
use fixdesk::store::people::accounts;
use fixdesk::store::tickets::record;
use fixdesk::store::{Db, Tx};

use super::sessions::close_and_count_deadlocks;
use crate::support::cast::TestApp;

/// A desk with six tickets, and their numbers.
async fn desk() -> (TestApp, Vec<i64>) {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let mut numbers = Vec::new();
    for _ in 0..6 {
        let TicketId(number) = app.ticket(&zhou, |_| {}).await;
        numbers.push(number);
    }
    (app, numbers)
}

async fn execute(tx: &mut Tx, statement: &str) {
    let sql = sqlx::AssertSqlSafe(statement.to_owned());
    match tx {
        Tx::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
        Tx::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|_| ()),
    }
    .expect(statement);
}

/// Rows of changes that the counters are still to follow; none on SQLite, which counts at once.
async fn waiting(tx: &mut Tx) -> i64 {
    match tx {
        Tx::Sqlite(_) => 0,
        Tx::Postgres(tx) => sqlx::query_scalar("SELECT COUNT(*) FROM ticket_moves")
            .fetch_one(&mut **tx)
            .await
            .expect("a number"),
    }
}

async fn is_exact(app: &TestApp, after: &str) {
    let wrong = verify::miscounts(&app.app.db).await.expect("counts");
    assert!(wrong.is_empty(), "{after}: {wrong:?}");
    let mut tx = app.app.db.begin().await.expect("begins");
    assert_eq!(waiting(&mut tx).await, 0, "{after}");
    tx.roll_back().await.expect("ends");
}

const COPY: &str =
    "INSERT INTO tickets (id, user_id, status, phone, device_type, brand, description, fault_type,
        qq, campus, created_at, changed_at, waiting_since)
    SELECT id + 1000, user_id, status, phone, device_type, brand, description, fault_type,
        qq, campus, created_at, changed_at, waiting_since FROM tickets";

#[tokio::test]
async fn counters_are_exact_after_every_statement_of_a_database_shell() {
    let (app, numbers) = desk().await;

    for statement in [
        COPY,
        "UPDATE tickets SET status = 'Done' WHERE id % 2 = 0",
        "UPDATE tickets SET campus = 'elsewhere', device_type = 'kettle' WHERE id % 3 = 0",
        "UPDATE tickets SET fault_type = 'boils over'",
        "UPDATE tickets SET technician_id = user_id WHERE status = 'Done'",
        "UPDATE tickets SET description = 'nothing that is counted'",
        "UPDATE tickets SET status = 'Closed' WHERE id = 0",
        &format!("{COPY} WHERE id = 0"),
        "DELETE FROM tickets WHERE id = 0",
        &format!("DELETE FROM tickets WHERE id > {}", numbers[3]),
        "DELETE FROM tickets",
    ] {
        app.execute(statement).await;

        is_exact(&app, statement).await;
    }
}

#[tokio::test]
async fn counters_follow_all_of_a_transaction_but_what_it_took_back() {
    let (app, numbers) = desk().await;
    let mut tx = app.app.db.begin().await.expect("begins");

    for statement in [
        COPY,
        "SAVEPOINT here",
        "UPDATE tickets SET campus = 'elsewhere'",
        "ROLLBACK TO SAVEPOINT here",
        "UPDATE tickets SET status = 'Repairing'",
        "UPDATE tickets SET status = 'Done' WHERE id % 2 = 0",
        &format!("DELETE FROM tickets WHERE id = {}", numbers[0]),
    ] {
        execute(&mut tx, statement).await;
    }
    tx.commit().await.expect("commits");

    is_exact(&app, "several statements").await;
}

#[tokio::test]
async fn a_change_of_nothing_that_is_counted_leaves_nothing_to_count() {
    let (app, numbers) = desk().await;
    let mut tx = app.app.db.begin().await.expect("begins");

    for statement in [
        "UPDATE tickets SET description = 'new', version = version + 1",
        "UPDATE tickets SET status = status",
        "UPDATE tickets SET status = 'Done' WHERE id = 0",
        "DELETE FROM tickets WHERE id = 0",
    ] {
        execute(&mut tx, statement).await;
        assert_eq!(waiting(&mut tx).await, 0, "{statement}");
    }
    execute(&mut tx, &format!("UPDATE tickets SET status = 'Done' WHERE id = {}", numbers[0])).await;
    let waits = i64::from(matches!(app.app.db, Db::Postgres { .. }));
    assert_eq!(waiting(&mut tx).await, waits);
    tx.commit().await.expect("commits");

    is_exact(&app, "one change that counts").await;
}

#[tokio::test]
async fn two_who_change_the_same_counters_crosswise_both_commit() {
    let (app, numbers) = desk().await;
    let Db::Postgres { .. } = app.app.db else { return };
    let go =
        |campus: &str, number: i64| format!("UPDATE tickets SET campus = '{campus}' WHERE id = {number}");
    let mut one = app.app.db.begin().await.expect("begins");
    let mut other = app.app.db.begin().await.expect("begins");

    execute(&mut one, &go("east", numbers[0])).await;
    execute(&mut other, &go("west", numbers[1])).await;
    execute(&mut one, &go("west", numbers[2])).await;
    execute(&mut other, &go("east", numbers[3])).await;
    let (first, second) = tokio::join!(one.commit(), other.commit());

    first.and(second).expect("both commit");
    is_exact(&app, "two transactions").await;
    assert_eq!(close_and_count_deadlocks(&app).await, 0);
}

#[tokio::test]
async fn a_number_that_another_has_reserved_is_passed_over() {
    let (app, numbers) = desk().await;
    let Db::Postgres { .. } = app.app.db else { return };
    let year = i32::try_from(numbers[5] / accounts::SERIALS).expect("a year");
    let mut one = app.app.db.begin().await.expect("begins");
    let mut other = app.app.db.begin().await.expect("begins");

    let of_one = record::next_id(&mut one, year).await.expect("a number");
    let of_other = record::next_id(&mut other, year).await.expect("a number");
    one.roll_back().await.expect("ends");
    let mut third = app.app.db.begin().await.expect("begins");
    let of_third = record::next_id(&mut third, year).await.expect("a number");

    assert_eq!([of_one, of_other, of_third].map(|TicketId(id)| id - numbers[5]), [1, 2, 1]);
}
