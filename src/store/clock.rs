//! The time of the database, by which all nodes go.

use super::Db;
use super::sql::Statement;

const SQLITE: &str = "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) AS now";
const POSTGRES: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now";

/// Milliseconds since 1970.
pub async fn now(db: &Db) -> sqlx::Result<i64> {
    let sql = match db {
        Db::Sqlite { .. } => SQLITE,
        Db::Postgres { .. } => POSTGRES,
    };
    let now: Option<i64> = Statement::of(sql).fetch_value(db, "now").await?;
    now.ok_or(sqlx::Error::RowNotFound)
}
