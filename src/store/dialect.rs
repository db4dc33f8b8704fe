//! What the two databases do not say alike.

use super::Tx;

/// The statements that rebuild the secondary indexes of a table, read from the
/// catalogue, so that the migrations stay the only place that defines them.
pub async fn index_definitions(tx: &mut Tx, table: &str) -> sqlx::Result<Vec<(String, String)>> {
    match tx {
        Tx::Sqlite(tx) => {
            sqlx::query_as(
                "SELECT name, sql FROM sqlite_schema
                 WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL
                 ORDER BY name",
            )
            .bind(table)
            .fetch_all(&mut **tx)
            .await
        }
        Tx::Postgres(tx) => {
            sqlx::query_as(
                "SELECT indexname::text, indexdef FROM pg_indexes
                 WHERE schemaname = current_schema() AND tablename = $1 AND indexname <> $1 || '_pkey'
                 ORDER BY indexname",
            )
            .bind(table)
            .fetch_all(&mut **tx)
            .await
        }
    }
}

/// Tells the planner what a large load changed.
pub async fn refresh_statistics(tx: &mut Tx) -> sqlx::Result<()> {
    match tx {
        // SQLite's planner picks these indexes without statistics, and a
        // sample of skewed demo data only misleads it.
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => sqlx::query("ANALYZE users, tickets").execute(&mut **tx).await.map(|_| ()),
    }
}

/// Lets one transaction at a time work on a subject. SQLite has but one writer.
pub async fn take_turns(tx: &mut Tx, subject: &str) -> sqlx::Result<()> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind(subject)
            .execute(&mut **tx)
            .await
            .map(|_| ()),
    }
}

/// Readers of a whole database see it as it was when they began.
pub const POSTGRES_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
