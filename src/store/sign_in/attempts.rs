//! Sign-in attempts, kept for as long as they count against the next one.

use crate::domain::time::Instant;
use crate::store::{Tx, dialect, on_tx};

const INSERT: &str = "INSERT INTO sign_in_tries (subject, tried_at) VALUES ($1, $2) RETURNING id";

/// Records a try, which counts as failed until [`forget`].
pub async fn record(tx: &mut Tx, subject: &str, Instant(now): Instant) -> sqlx::Result<i64> {
    on_tx!(tx, |conn| sqlx::query_scalar(INSERT).bind(subject).bind(now).fetch_one(conn).await)
}

/// Makes tries of one subject wait for each other, so that none slips by.
pub async fn lock(tx: &mut Tx, subject: &str) -> sqlx::Result<()> {
    dialect::lock(tx, subject).await
}

const NTH_LATEST: &str = "SELECT tried_at FROM sign_in_tries
    WHERE subject = $1 AND tried_at > $2
    ORDER BY tried_at DESC LIMIT 1 OFFSET $3";

/// Time of the `nth` latest try after `since`, counted from 1.
pub async fn nth_latest(
    tx: &mut Tx,
    subject: &str,
    Instant(since): Instant,
    nth: i64,
) -> sqlx::Result<Option<Instant>> {
    let time: Option<i64> = on_tx!(tx, |conn| {
        sqlx::query_scalar(NTH_LATEST).bind(subject).bind(since).bind(nth - 1).fetch_optional(conn).await?
    });
    Ok(time.map(Instant))
}

const DELETE: &str = "DELETE FROM sign_in_tries WHERE id = $1";

pub async fn forget(tx: &mut Tx, id: i64) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE).bind(id).execute(conn).await.map(|_| ()))
}

pub async fn forget_until(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    dialect::delete_free(tx, "sign_in_tries", "tried_at <= $1", time).await
}
