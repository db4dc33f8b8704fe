//! Sessions of a desk, as PostgreSQL has them: what they do, and what they wait for.

use std::time::{Duration, Instant};

use fixdesk::store::Db;
use sqlx::{Connection as _, PgConnection};
use tokio::time::sleep;

use crate::support::cast::TestApp;

/// Sessions that wait for a lock of another.
pub const WAITING: &str = "wait_event_type = 'Lock'";
/// Sessions that have begun a transaction and say nothing.
pub const SILENT: &str = "state LIKE 'idle in transaction%'";

/// Longest wait for something that comes by itself: far more than a slow machine needs.
const PATIENCE: Duration = Duration::from_secs(60);
const A_MOMENT: Duration = Duration::from_millis(20);

/// Number of sessions of this desk for which a condition holds; 0 on SQLite, which has none.
pub async fn sessions(app: &TestApp, condition: &str) -> u64 {
    match app.app.db {
        Db::Sqlite { .. } => 0,
        Db::Postgres { .. } => {
            let count = format!(
                "SELECT CAST(COUNT(*) AS TEXT) FROM pg_stat_activity
                 WHERE datname = current_database() AND backend_type = 'client backend' AND {condition}"
            );
            app.text(&count).await.parse().expect("a number")
        }
    }
}

/// Waits until so many wait for a lock of another. SQLite's only writer has no such list: there it
/// is a moment.
pub async fn until_waiting(app: &TestApp, number: u64) {
    if matches!(app.app.db, Db::Sqlite { .. }) {
        return sleep(Duration::from_millis(300)).await;
    }
    let begun = Instant::now();
    while sessions(app, WAITING).await < number {
        assert!(begun.elapsed() < PATIENCE, "nobody waits");
        sleep(A_MOMENT).await;
    }
}

/// Number of transactions of a desk that PostgreSQL has ended because they waited for each other.
/// Sessions report them when they end, so the desk is closed first.
pub async fn close_and_count_deadlocks(app: &TestApp) -> i64 {
    app.app.db.close().await;
    if matches!(app.app.db, Db::Sqlite { .. }) {
        return 0;
    }
    const OTHERS: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
        AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    const DEADLOCKS: &str = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let mut session = PgConnection::connect(app.database_url()).await.expect("connects");
    let begun = Instant::now();
    while sqlx::query_scalar::<_, i64>(OTHERS).fetch_one(&mut session).await.expect("a number") > 0 {
        assert!(begun.elapsed() < PATIENCE, "somebody stays");
        sleep(A_MOMENT).await;
    }
    sqlx::query_scalar(DEADLOCKS).fetch_one(&mut session).await.expect("a number")
}
