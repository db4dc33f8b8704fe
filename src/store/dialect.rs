//! What the two databases do not say alike.

use super::{Db, Tx};
use sqlx::{Database, Postgres, Sqlite};

/// What a statement says differently.
pub trait Dialect: Database {
    /// All rows as one JSON array of arrays; `{}` stands for the columns.
    const ROWS_AS_JSON: &'static str;
    /// Ends a query for rows to be changed, of which others change some already.
    const SKIPPING_WHAT_OTHERS_TAKE: &'static str;
}

impl Dialect for Sqlite {
    const ROWS_AS_JSON: &'static str = "json_group_array(json_array({}))";
    // It has but one writer.
    const SKIPPING_WHAT_OTHERS_TAKE: &'static str = "";
}

impl Dialect for Postgres {
    const ROWS_AS_JSON: &'static str = "COALESCE(CAST(json_agg(json_build_array({})) AS TEXT), '[]')";
    const SKIPPING_WHAT_OTHERS_TAKE: &'static str = " FOR UPDATE SKIP LOCKED";
}

/// Something on the tickets that a large load is better off without.
#[derive(sqlx::FromRow)]
pub struct Burden {
    pub removal: String,
    pub definition: String,
}

/// The secondary indexes of the tickets and, on SQLite, the trigger that counts
/// rows one by one. Read from the catalogue, so that the migrations stay the
/// only place that defines them.
pub async fn burdens(tx: &mut Tx) -> sqlx::Result<Vec<Burden>> {
    match tx {
        Tx::Sqlite(tx) => {
            sqlx::query_as(
                "SELECT 'DROP ' || type || ' ' || name AS removal, sql AS definition FROM sqlite_schema
                 WHERE tbl_name = 'tickets' AND sql IS NOT NULL
                   AND (type = 'index' OR name = 'tickets_count_insert')
                 ORDER BY name",
            )
            .fetch_all(&mut **tx)
            .await
        }
        Tx::Postgres(tx) => {
            sqlx::query_as(
                "SELECT 'DROP INDEX ' || indexname AS removal, indexdef AS definition FROM pg_indexes
                 WHERE schemaname = current_schema() AND tablename = 'tickets' AND indexname <> 'tickets_pkey'
                 ORDER BY indexname",
            )
            .fetch_all(&mut **tx)
            .await
        }
    }
}

const COUNT_AGAIN: &str = "INSERT INTO ticket_totals (campus, progress, tickets)
    SELECT campus, progress, COUNT(*) FROM tickets WHERE TRUE GROUP BY campus, progress
    ON CONFLICT (campus, progress) DO UPDATE SET tickets = excluded.tickets";

/// Makes up for the counting that a load went without.
pub async fn count_again(tx: &mut Tx) -> sqlx::Result<()> {
    match tx {
        Tx::Sqlite(tx) => sqlx::query(COUNT_AGAIN).execute(&mut **tx).await.map(|_| ()),
        // Its trigger counts once a statement, which costs nothing.
        Tx::Postgres(_) => Ok(()),
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

/// Spares a large load from being written twice, into the log and then into its
/// place: what is new in a file needs no log to be taken back. SQLite refuses
/// while anybody else has the file open, and the load takes the longer way.
pub async fn leave_log(db: &Db) {
    if let Db::Sqlite { write, .. } = db
        && let Err(error) = sqlx::query("PRAGMA journal_mode = TRUNCATE").execute(write).await
    {
        tracing::debug!(%error, "loading through the log");
    }
}

pub async fn return_to_log(db: &Db) -> sqlx::Result<()> {
    match db {
        Db::Sqlite { write, .. } => sqlx::query("PRAGMA journal_mode = WAL").execute(write).await.map(|_| ()),
        Db::Postgres { .. } => Ok(()),
    }
}

/// Gives a large load some memory and a second thread to sort indexes with.
pub async fn prepare_for_load(tx: &mut Tx) -> sqlx::Result<()> {
    match tx {
        Tx::Sqlite(tx) => sqlx::raw_sql("PRAGMA cache_size = -32768; PRAGMA threads = 1")
            .execute(&mut **tx)
            .await
            .map(|_| ()),
        Tx::Postgres(tx) => {
            sqlx::query("SET LOCAL maintenance_work_mem = '256MB'").execute(&mut **tx).await.map(|_| ())
        }
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
