//! Proof that the database can be read and written.

use super::{Db, Tx, on_db, on_tx};
use crate::domain::time::Instant;

const READ: &str = "SELECT (SELECT MAX(id) FROM tickets), (SELECT MAX(id) FROM users)";

const WRITE: &str = "INSERT INTO probes (server, written_at) VALUES ($1, $2)
    ON CONFLICT (server) DO UPDATE SET written_at = excluded.written_at";

/// Reads what every page needs, and writes the row of this server for good.
pub async fn read_and_write(db: &Db, server: &str, Instant(now): Instant) -> sqlx::Result<()> {
    on_db!(db, |conn| {
        sqlx::query_as::<_, (Option<i64>, Option<i64>)>(READ).fetch_one(conn).await.map(|_| ())?
    });
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, |conn| sqlx::query(WRITE).bind(server).bind(now).execute(conn).await.map(|_| ()))?;
    tx.commit().await
}

const DELETE_OLD: &str = "DELETE FROM probes WHERE written_at < $1";

/// Forgets servers that are gone.
pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OLD).bind(time).execute(conn).await.map(|_| ()))
}
