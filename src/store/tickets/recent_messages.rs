//! Times of people's latest messages, kept for as long as they count against the next one.

use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::{Tx, dialect, on_tx};

const FORGET: &str = "DELETE FROM recent_messages WHERE user_id = $1 AND sent_at <= $2";
const NTH_LATEST: &str = "SELECT sent_at FROM recent_messages
    WHERE user_id = $1 ORDER BY sent_at DESC LIMIT 1 OFFSET $2";

/// Time of a person's `nth` latest message after `since`, counted from 1; they write no other until
/// the transaction ends.
pub async fn nth_latest_locked(
    tx: &mut Tx,
    UserId(user): UserId,
    Instant(since): Instant,
    nth: i64,
) -> sqlx::Result<Option<Instant>> {
    dialect::lock(tx, &format!("messages of {user}")).await?;
    on_tx!(tx, |conn| sqlx::query(FORGET).bind(user).bind(since).execute(conn).await.map(|_| ()))?;
    let time: Option<i64> = on_tx!(tx, |conn| {
        sqlx::query_scalar(NTH_LATEST).bind(user).bind(nth - 1).fetch_optional(conn).await?
    });
    Ok(time.map(Instant))
}

const INSERT: &str = "INSERT INTO recent_messages (user_id, sent_at) VALUES ($1, $2)";

pub async fn insert(tx: &mut Tx, UserId(user): UserId, Instant(now): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT).bind(user).bind(now).execute(conn).await.map(|_| ()))
}
