//! Requests that must happen once, however often they arrive.

use super::{Tx, dialect, on_tx};
use crate::domain::ids::{TicketId, UserId};
use crate::domain::time::Instant;

/// The id of the ticket or of the person that a request is about: which of the
/// two, the request itself says. The column has the name of the older ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject(i64);

impl Subject {
    pub const fn ticket(self) -> TicketId {
        TicketId(self.0)
    }

    pub const fn person(self) -> UserId {
        UserId(self.0)
    }
}

impl From<TicketId> for Subject {
    fn from(TicketId(id): TicketId) -> Self {
        Self(id)
    }
}

impl From<UserId> for Subject {
    fn from(UserId(id): UserId) -> Self {
        Self(id)
    }
}

/// What was asked with a key before, and when.
pub struct Earlier {
    /// A hash of it.
    pub request: String,
    pub subject: Subject,
    pub at: Instant,
    /// Number of the event that it became in the history of its ticket, where it became one.
    pub event: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    request: String,
    ticket_id: i64,
    created_at: i64,
    event_number: Option<i64>,
}

const FIND: &str = "SELECT request, ticket_id, created_at, event_number FROM idempotency_keys
    WHERE user_id = $1 AND key = $2";

/// What somebody asked with this key. The same request waits here until the one
/// before it has ended.
pub async fn find(tx: &mut Tx, UserId(user): UserId, key: &str) -> sqlx::Result<Option<Earlier>> {
    dialect::take_turns(tx, &format!("key {user} {key}")).await?;
    let row: Option<KeyRow> =
        on_tx!(tx, |conn| sqlx::query_as(FIND).bind(user).bind(key).fetch_optional(conn).await?);
    Ok(row.map(|KeyRow { request, ticket_id, created_at, event_number }| Earlier {
        request,
        subject: Subject(ticket_id),
        at: Instant(created_at),
        event: event_number,
    }))
}

const INSERT: &str = "INSERT INTO idempotency_keys
        (user_id, key, request, ticket_id, created_at, event_number)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (user_id, key) DO UPDATE SET request = excluded.request,
        ticket_id = excluded.ticket_id, created_at = excluded.created_at,
        event_number = excluded.event_number";

/// Keeps what was asked with a key, in place of what was asked with it before.
pub async fn insert(
    tx: &mut Tx,
    UserId(user): UserId,
    key: &str,
    request: &str,
    Subject(subject): Subject,
    Instant(now): Instant,
    event: Option<i64>,
) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT)
        .bind(user)
        .bind(key)
        .bind(request)
        .bind(subject)
        .bind(now)
        .bind(event)
        .execute(conn)
        .await
        .map(|_| ()))
}

pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    dialect::delete_free(tx, "idempotency_keys", "created_at < $1", time).await
}
