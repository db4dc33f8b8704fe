//! Proof that the database can be read and written.

use sqlx::{Connection as _, Sqlite};

use super::outage::{self, NoConnection};
use super::pool::Pool;
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
    let Db::Sqlite { read, .. } = db else { return Ok(None) };
    match quick_check(read).await {
        Ok(said) if said == "ok" => Ok(None),
        Ok(cause) => Ok(Some(NoConnection::Damaged { address: read.address().to_owned(), cause })),
        // A damaged schema keeps the check from beginning.
        Err(error) => outage::into_damage(error).map(Some),
    }
}

/// Runs SQLite's check on a connection of its own; returns what it says.
async fn quick_check(pool: &Pool<Sqlite>) -> sqlx::Result<String> {
    const CHECK: &str = "PRAGMA quick_check(1)";

    let mut connection = pool.connect().await?;
    let said = sqlx::query_scalar(CHECK).fetch_one(&mut connection).await;
    // The finding counts, however the connection ends.
    let _ = connection.close().await;
    said.map_err(|error| outage::named(error, pool.address()))
}

const DELETE_OLD: &str = "DELETE FROM probes WHERE written_at < $1";

/// Forgets servers that are gone.
pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OLD).bind(time).execute(conn).await.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Seek as _, SeekFrom, Write as _};

    use super::*;
    use crate::store::connect;

    #[tokio::test]
    async fn a_file_with_a_damaged_schema_is_damaged_though_nothing_can_open_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("desk.db");
        let db = connect(&format!("sqlite:{}", path.display())).await.expect("opens");
        // All of it into the file itself.
        db.close().await;
        assert!(damage_of_file(&db).await.expect("is read").is_none());

        // The first page has the root of the schema behind its header.
        let mut file = File::options().write(true).open(&path).expect("opens");
        file.seek(SeekFrom::Start(100)).expect("seeks");
        file.write_all(&[0xa5; 3_996]).expect("is written");

        let damage = damage_of_file(&db).await.expect("is a finding").expect("is damage").to_string();
        assert!(damage.starts_with(&format!("the database {} is damaged: ", path.display())), "{damage}");
    }
}
