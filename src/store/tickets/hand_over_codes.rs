//! Codes by which a job is handed over in person.

use crate::domain::ids::TicketId;
use crate::domain::time::Instant;
use crate::store::{Tx, dialect, on_tx};

const PUT: &str = "INSERT INTO hand_over_codes (ticket_id, code_hash, expires_at) VALUES ($1, $2, $3)
    ON CONFLICT (ticket_id) DO UPDATE
    SET code_hash = excluded.code_hash, expires_at = excluded.expires_at, tries = 0";

/// Stores a code: a ticket has one at a time, the newest.
pub async fn put(
    tx: &mut Tx,
    TicketId(ticket): TicketId,
    code_hash: &str,
    Instant(expires_at): Instant,
) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(PUT)
        .bind(ticket)
        .bind(code_hash)
        .bind(expires_at)
        .execute(conn)
        .await
        .map(|_| ()))
}

const COUNT_TRY: &str = "UPDATE hand_over_codes SET tries = tries + 1
    WHERE ticket_id = $1 AND expires_at > $2 AND tries < $3
    RETURNING code_hash";

/// Hash of a code that is still valid; reading it is a try.
pub async fn try_one(
    tx: &mut Tx,
    TicketId(ticket): TicketId,
    Instant(now): Instant,
    most_tries: i64,
) -> sqlx::Result<Option<String>> {
    on_tx!(tx, |conn| sqlx::query_scalar(COUNT_TRY)
        .bind(ticket)
        .bind(now)
        .bind(most_tries)
        .fetch_optional(conn)
        .await)
}

const DELETE: &str = "DELETE FROM hand_over_codes WHERE ticket_id = $1";

pub async fn delete(tx: &mut Tx, TicketId(ticket): TicketId) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE).bind(ticket).execute(conn).await.map(|_| ()))
}

pub async fn forget_expired(tx: &mut Tx, Instant(now): Instant) -> sqlx::Result<()> {
    dialect::delete_free(tx, "hand_over_codes", "expires_at <= $1", now).await
}
