//! Requests that must happen once, however often they arrive.

use super::{Tx, dialect, on_tx};
use crate::domain::person::UserId;
use crate::domain::ticket::TicketId;
use crate::domain::time::Instant;

/// What was asked with a key before.
#[derive(sqlx::FromRow)]
struct KeyRow {
    request: String,
    ticket_id: i64,
}

const FIND: &str = "SELECT request, ticket_id FROM idempotency_keys WHERE user_id = $1 AND key = $2";

/// What somebody asked with this key, and the ticket it was about. The same
/// request waits here until the one before it has ended.
pub async fn find(tx: &mut Tx, UserId(user): UserId, key: &str) -> sqlx::Result<Option<(String, TicketId)>> {
    dialect::take_turns(tx, &format!("key {user} {key}")).await?;
    let row: Option<KeyRow> =
        on_tx!(tx, |conn| sqlx::query_as(FIND).bind(user).bind(key).fetch_optional(conn).await?);
    Ok(row.map(|row| (row.request, TicketId(row.ticket_id))))
}

const INSERT: &str = "INSERT INTO idempotency_keys (user_id, key, request, ticket_id, created_at)
    VALUES ($1, $2, $3, $4, $5)";

pub async fn insert(
    tx: &mut Tx,
    UserId(user): UserId,
    key: &str,
    request: &str,
    TicketId(ticket): TicketId,
    Instant(now): Instant,
) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT)
        .bind(user)
        .bind(key)
        .bind(request)
        .bind(ticket)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

const DELETE_OLD: &str = "DELETE FROM idempotency_keys WHERE created_at < $1";

pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OLD).bind(time).execute(conn).await.map(|_| ()))
}
