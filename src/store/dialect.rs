//! Differences between the two databases.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, Database, Postgres, Sqlite};

use super::pool::Pool;
use super::{Db, Tx, on_tx};

/// SQL fragments that differ.
pub trait Dialect: Database {
    /// All rows as one JSON array of arrays; `{}` stands for the columns.
    const ROWS_AS_JSON: &'static str;
    /// Text around a query for `id` that makes a list of its ids; `UNPACK_IDS` before a list makes
    /// rows of it.
    const IDS: [&'static str; 2];
    const UNPACK_IDS: &'static str;
    /// Text around a query for ids: the condition that a row is one of them, each looked up.
    const IS_AMONG: [&'static str; 2];
    /// End of a query for rows to be changed, without those that others are changing.
    const SKIPPING_WHAT_OTHERS_TAKE: &'static str;
    /// End of a query for rows that no other may change until the transaction ends.
    const HOLDING: &'static str;
    /// Collation by character, so that texts with one beginning are neighbours.
    const BY_CHARACTER: &'static str;
}

impl Dialect for Sqlite {
    const ROWS_AS_JSON: &'static str = "json_group_array(json_array({}))";
    const IDS: [&'static str; 2] = ["(SELECT json_group_array(id) FROM (", "))"];
    const UNPACK_IDS: &'static str = "SELECT value FROM json_each";
    const IS_AMONG: [&'static str; 2] = ["id IN (", ")"];
    // SQLite has but one writer.
    const SKIPPING_WHAT_OTHERS_TAKE: &'static str = "";
    const HOLDING: &'static str = "";
    const BY_CHARACTER: &'static str = "COLLATE BINARY";
}

impl Dialect for Postgres {
    const ROWS_AS_JSON: &'static str = "COALESCE(CAST(json_agg(json_build_array({})) AS TEXT), '[]')";
    const IDS: [&'static str; 2] = ["ARRAY(", ")"];
    const UNPACK_IDS: &'static str = "SELECT unnest";
    // With `IN`, PostgreSQL may read the whole table to join it.
    const IS_AMONG: [&'static str; 2] = ["id = ANY (ARRAY (", "))"];
    const SKIPPING_WHAT_OTHERS_TAKE: &'static str = " FOR UPDATE SKIP LOCKED";
    const HOLDING: &'static str = " FOR UPDATE";
    const BY_CHARACTER: &'static str = "COLLATE \"C\"";
}

/// SQL fragments of either database, chosen at run time.
#[derive(Clone, Copy)]
pub struct SqlFragments {
    /// All rows as one JSON array of arrays; `{}` stands for the columns.
    pub rows_as_json: &'static str,
    /// Function that makes an array of its arguments.
    pub json_array: &'static str,
    /// Text around a query for ids, to make a list of them.
    pub ids: [&'static str; 2],
    /// Text before such a list in parentheses, to make rows of it.
    pub unpack_ids: &'static str,
    /// Text around a query for ids: the condition that a row is one of them.
    pub is_among: [&'static str; 2],
    /// Compares texts character by character.
    pub by_character: &'static str,
}

impl SqlFragments {
    const fn of<D: Dialect>(json_array: &'static str) -> Self {
        Self {
            rows_as_json: D::ROWS_AS_JSON,
            json_array,
            ids: D::IDS,
            unpack_ids: D::UNPACK_IDS,
            is_among: D::IS_AMONG,
            by_character: D::BY_CHARACTER,
        }
    }
}

impl Db {
    pub(super) const fn fragments(&self) -> SqlFragments {
        match self {
            Self::Sqlite { .. } => SqlFragments::of::<Sqlite>("json_array"),
            Self::Postgres { .. } => SqlFragments::of::<Postgres>("json_build_array"),
        }
    }
}

/// An index or trigger of the tickets that slows a large load down.
#[derive(sqlx::FromRow)]
pub struct DeferredIndex {
    pub removal: String,
    pub definition: String,
}

/// Secondary indexes of the tickets, and triggers that count new ones. Read from the catalogue, so
/// that the migrations stay the only place that defines them.
pub async fn burdens(tx: &mut Tx) -> sqlx::Result<Vec<DeferredIndex>> {
    match tx {
        Tx::Sqlite(tx) => {
            sqlx::query_as(
                "SELECT 'DROP ' || type || ' ' || name AS removal, sql AS definition FROM sqlite_schema
                 WHERE tbl_name = 'tickets' AND sql IS NOT NULL
                   AND (type = 'index' OR name IN ('tickets_count_insert', 'tickets_crosstab_insert'))
                 ORDER BY name",
            )
            .fetch_all(&mut **tx)
            .await
        }
        Tx::Postgres(tx) => {
            sqlx::query_as(
                "SELECT 'DROP INDEX ' || indexname AS removal, indexdef AS definition FROM pg_indexes
                 WHERE schemaname = current_schema() AND tablename = 'tickets' AND indexname <> 'tickets_pkey'
                 UNION ALL
                 SELECT 'DROP TRIGGER ' || tgname || ' ON tickets', pg_get_triggerdef(oid) FROM pg_trigger
                 WHERE tgrelid = to_regclass('tickets') AND tgname = 'tickets_count_insert'
                 ORDER BY 1",
            )
            .fetch_all(&mut **tx)
            .await
        }
    }
}

const COUNT_AGAIN: [&str; 3] = [
    "INSERT INTO ticket_totals (kind, subject, status, tickets)
     SELECT kind, subject, status, tickets FROM ticket_totals_counted",
    "INSERT INTO ticket_blocks (series, level, block, tickets)
     SELECT series, level, block, tickets FROM ticket_blocks_counted",
    "INSERT INTO ticket_crosstab (campus, device_type, fault_type, status, is_taken, tickets)
     SELECT campus, device_type, fault_type, status, is_taken, tickets FROM ticket_crosstab_counted",
];

/// Counts again after a load into an empty table, which ran without triggers.
pub async fn count_again(tx: &mut Tx) -> sqlx::Result<()> {
    // Counters of tickets that are gone may be left, all zero.
    for table in ["ticket_totals", "ticket_blocks", "ticket_crosstab"] {
        let sql = AssertSqlSafe(format!("DELETE FROM {table}"));
        on_tx!(&mut *tx, |conn| sqlx::query(sql).execute(conn).await.map(|_| ()))?;
    }
    for sql in COUNT_AGAIN {
        on_tx!(&mut *tx, |conn| sqlx::query(sql).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Updates the planner's statistics after a large load.
pub async fn refresh_statistics(tx: &mut Tx) -> sqlx::Result<()> {
    match tx {
        // SQLite's planner picks these indexes without statistics, and a
        // sample of skewed demo data only misleads it.
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => sqlx::query("ANALYZE users, tickets").execute(&mut **tx).await.map(|_| ()),
    }
}

/// Saves a large load from being written twice, into the log and then into its place: new pages of
/// a file need no log to be rolled back. SQLite refuses while another connection has the file open;
/// then the load goes through the log.
pub async fn leave_log(db: &Db) {
    if let Db::Sqlite { write, .. } = db
        && let Err(error) = pragma(write, "PRAGMA journal_mode = TRUNCATE").await
    {
        tracing::debug!(%error, "loading through the log");
    }
}

pub async fn return_to_log(db: &Db) -> sqlx::Result<()> {
    match db {
        Db::Sqlite { write, .. } => pragma(write, "PRAGMA journal_mode = WAL").await,
        Db::Postgres { .. } => Ok(()),
    }
}

async fn pragma(write: &Arc<Pool<Sqlite>>, statement: &'static str) -> sqlx::Result<()> {
    let mut lent = write.lend_within(None).await?;
    sqlx::query(statement).execute(&mut *lent).await?;
    lent.give_back().await
}

/// Gives a large load some memory and a second thread to sort indexes with.
pub async fn prepare_for_load(tx: &mut Tx) -> sqlx::Result<()> {
    match tx {
        Tx::Sqlite(tx) => {
            tx.take_time();
            let settings = "PRAGMA cache_size = -32768; PRAGMA threads = 1";
            sqlx::raw_sql(settings).execute(&mut **tx).await.map(|_| ())
        }
        Tx::Postgres(tx) => {
            tx.take_time();
            // Large loads alone may read whole tables and sort them.
            let settings = "SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL enable_seqscan = on;
                SET LOCAL enable_sort = on; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
                SET LOCAL idle_in_transaction_session_timeout = 0";
            sqlx::raw_sql(settings).execute(&mut **tx).await.map(|_| ())
        }
    }
}

/// Lets one transaction at a time work on a subject. SQLite has but one writer.
pub async fn lock(tx: &mut Tx, subject: &str) -> sqlx::Result<()> {
    if matches!(tx, Tx::Sqlite(..)) {
        return Ok(());
    }
    const WAIT: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    on_tx!(tx, |conn| sqlx::query(WAIT).bind(subject).execute(conn).await.map(|_| ()))
}

/// Locks work that need not be done twice; `false` where another transaction does it.
pub async fn is_first(tx: &mut Tx, subject: &str) -> sqlx::Result<bool> {
    match tx {
        Tx::Sqlite(..) => Ok(true),
        Tx::Postgres(..) => {
            const TRY: &str = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))";
            on_tx!(tx, |conn| sqlx::query_scalar(TRY).bind(subject).fetch_one(conn).await)
        }
    }
}

/// Next number after the highest of a kind, reserved until the transaction ends. `highest` reads
/// the highest between `base` and `base + serials` on SQLite, `next_number_of` of migration 0027 on
/// PostgreSQL: it locks that number alone, and a transaction that finds it locked takes the one
/// after it, so that none, though its node be frozen, keeps others from having one.
pub async fn next_number(
    tx: &mut Tx,
    kind: &str,
    highest: &'static str,
    base: i64,
    serials: i64,
) -> sqlx::Result<i64> {
    match tx {
        // SQLite has but one writer.
        Tx::Sqlite(tx) => {
            let highest: i64 =
                sqlx::query_scalar(highest).bind(base).bind(serials).fetch_one(&mut **tx).await?;
            Ok(highest + 1)
        }
        Tx::Postgres(tx) => {
            const RESERVE: &str = "SELECT next_number_of($1, $2, $3)";
            sqlx::query_scalar(RESERVE).bind(kind).bind(base).bind(serials).fetch_one(&mut **tx).await
        }
    }
}

/// Deletes the rows of a table for which a condition on `$1` holds, except rows locked by others:
/// these go the next time, and no transaction waits for another.
pub async fn delete_free(tx: &mut Tx, table: &str, condition: &str, value: i64) -> sqlx::Result<()> {
    let sql = match tx {
        Tx::Sqlite(..) => format!("DELETE FROM {table} WHERE {condition}"),
        Tx::Postgres(..) => format!(
            "DELETE FROM {table} WHERE ctid = ANY (ARRAY (SELECT ctid FROM {table} WHERE {condition}
                FOR UPDATE SKIP LOCKED))"
        ),
    };
    on_tx!(tx, |conn| sqlx::query(AssertSqlSafe(sql)).bind(value).execute(conn).await.map(|_| ()))
}

/// Begins a write. `IMMEDIATE` takes the lock now rather than fail at the first write after a read.
pub const SQLITE_WRITE: &str = "BEGIN IMMEDIATE";
pub const SQLITE_SNAPSHOT: &str = "BEGIN";

/// Turns `begin` into the start of a snapshot: a whole database is read as it was then, however
/// long that takes.
pub fn postgres_snapshot(begin: &str) -> String {
    let rest = begin.strip_prefix("BEGIN").unwrap_or_default();
    format!(
        "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY{rest}; SET LOCAL statement_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0"
    )
}

/// Limits on the time that a transaction takes from others. A node that is frozen in the middle of
/// one, or gone, loses it after a few seconds, and its locks with it; others who wait for these
/// wait a little longer. Set anew in every transaction: a pooler between desk and database forgets
/// the settings of a session.
pub const POSTGRES_LIMITS: &str = "SET LOCAL idle_in_transaction_session_timeout = '5s';
    SET LOCAL lock_timeout = '8s'; SET LOCAL statement_timeout = '20s'";

/// Begins in a session that other clients have used: statements that they prepared have the names
/// that the driver gives to its own.
pub const POOLER_BEGIN: &str = "BEGIN; DEALLOCATE ALL";

/// Planner settings. Every query has its index, whatever the values: planning once is enough, and a
/// plan that is shorter on average, such as scan and sort, is never wanted. So the plans that tests
/// read are those of every desk.
pub const POSTGRES_PLANS: [(&str, &str); 8] = [
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
    ("enable_sort", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("max_parallel_workers_per_gather", "0"),
    ("jit", "off"),
];

/// Settings of a session that is the desk's own: no statement takes longer than its reader waits,
/// and the server notices a node that vanished silently.
pub const POSTGRES_SESSION: [(&str, &str); 5] = [
    ("statement_timeout", "30s"),
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "30000"),
];
