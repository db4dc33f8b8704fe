//! Tickets that were taken away, kept for a while in case they are missed.

use super::{Tx, on_tx};
use crate::domain::ticket::{Dossier, TicketId};
use crate::domain::time::Instant;

const KEEP: &str = "INSERT INTO deleted_tickets (id, ticket, deleted_at) VALUES ($1, $2, $3)";
const DELETE: &str = "DELETE FROM tickets WHERE id = $1 AND version = $2";

/// Moves a ticket out of every list; whether it was still the one that was seen.
pub async fn take_away(tx: &mut Tx, dossier: &Dossier, Instant(now): Instant) -> sqlx::Result<bool> {
    let id = dossier.ticket.id.0;
    let deleted = on_tx!(tx, |conn| {
        sqlx::query(DELETE).bind(id).bind(dossier.version).execute(conn).await?.rows_affected()
    });
    if deleted == 0 {
        return Ok(false);
    }
    let text = serde_json::to_string(dossier).map_err(|error| sqlx::Error::Encode(error.into()))?;
    on_tx!(tx, |conn| sqlx::query(KEEP).bind(id).bind(text).bind(now).execute(conn).await.map(|_| ()))?;
    Ok(true)
}

const TAKE_BACK: &str = "DELETE FROM deleted_tickets WHERE id = $1 RETURNING ticket";

/// A ticket that was taken away, as it was; not kept any longer.
pub async fn take_back(tx: &mut Tx, TicketId(id): TicketId) -> sqlx::Result<Option<Dossier>> {
    let text: Option<String> =
        on_tx!(tx, |conn| sqlx::query_scalar(TAKE_BACK).bind(id).fetch_optional(conn).await?);
    text.map(|text| serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into())))
        .transpose()
}

const FORGET_HISTORY: &str = "DELETE FROM ticket_events
    WHERE ticket_id IN (SELECT id FROM deleted_tickets WHERE deleted_at < $1)";
const FORGET: &str = "DELETE FROM deleted_tickets WHERE deleted_at < $1";

/// Nobody missed them: they go for good, and their history with them.
pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    for statement in [FORGET_HISTORY, FORGET] {
        on_tx!(tx, |conn| sqlx::query(statement).bind(time).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}
