//! The name of this desk among others: made once, by the migration.

use super::{Db, on_db};

const ID: &str = "SELECT id FROM site WHERE number = 1";

/// Random, 32 digits in hex.
pub async fn id(db: &Db) -> sqlx::Result<String> {
    Ok(on_db!(db, |conn| sqlx::query_scalar(ID).fetch_one(conn).await?))
}
