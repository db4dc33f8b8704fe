//! The time of the database, by which all nodes go.

use super::{Db, on_db};

const SQLITE: &str = "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
const POSTGRES: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

/// Milliseconds since 1970.
pub async fn now(db: &Db) -> sqlx::Result<i64> {
    let sql = match db {
        Db::Sqlite { .. } => SQLITE,
        Db::Postgres { .. } => POSTGRES,
    };
    Ok(on_db!(db, |conn| sqlx::query_scalar(sql).fetch_one(conn).await?))
}
