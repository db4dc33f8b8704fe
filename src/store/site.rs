//! Name of this desk among others, made once by the migration.

use super::{Db, on_tx};

const ID: &str = "SELECT id FROM site WHERE number = 1";

/// Random id, 32 hex digits. Read through the writer: a large load is faster while no reader has
/// the file open.
pub async fn id(db: &Db) -> sqlx::Result<String> {
    let mut tx = db.begin().await?;
    let id = on_tx!(&mut tx, |conn| sqlx::query_scalar(ID).fetch_one(conn).await?);
    tx.roll_back().await?;
    Ok(id)
}
