//! Proof that the database can be read and written.

use sqlx::Connection as _;

use super::outage::{NoConnection, is_damaged};
use super::sql::Statement;
use super::{Db, Tx, on_tx};
use crate::domain::time::Instant;

const READ: &str = "SELECT (SELECT MAX(id) FROM tickets) AS ticket, (SELECT MAX(id) FROM users)";

const WRITE: &str = "INSERT INTO probes (server, written_at) VALUES ($1, $2)
    ON CONFLICT (server) DO UPDATE SET written_at = excluded.written_at";

/// Reads what every page needs, and writes the row of this server for good.
pub async fn read_and_write(db: &Db, server: &str, Instant(now): Instant) -> sqlx::Result<()> {
    let _: Option<Option<i64>> = Statement::of(READ).fetch_value(db, "ticket").await?;
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, |conn| sqlx::query(WRITE).bind(server).bind(now).execute(conn).await.map(|_| ()))?;
    tx.commit().await
}

/// Checks the structure of a SQLite database's whole file; returns its damage. That takes long, and
/// blocks no other reader or writer.
pub async fn damage_of_file(db: &Db) -> sqlx::Result<Option<NoConnection>> {
    const CHECK: &str = "PRAGMA quick_check(1)";

    let Db::Sqlite { read, .. } = db else { return Ok(None) };
    let mut connection = read.connect().await?;
    let said = sqlx::query_scalar::<_, String>(CHECK).fetch_one(&mut connection).await;
    // The finding counts, however the connection ends.
    let _ = connection.close().await;
    let cause = match said {
        Ok(said) if said == "ok" => return Ok(None),
        Ok(said) => said,
        Err(error) if is_damaged(&error) => error.to_string(),
        Err(error) => return Err(error),
    };
    Ok(Some(NoConnection::Damaged { address: read.address().to_owned(), cause }))
}

const DELETE_OLD: &str = "DELETE FROM probes WHERE written_at < $1";

/// Forgets servers that are gone.
pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OLD).bind(time).execute(conn).await.map(|_| ()))
}
