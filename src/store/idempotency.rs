//! Requests that must take effect once, however often they arrive.

use super::{Tx, dialect, on_tx};
use crate::domain::ids::{TicketId, UserId};
use crate::domain::time::Instant;

/// Id of the ticket or the person that a request is about: the request itself tells which. The
/// column is named after tickets, which came first.
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

/// Earlier request with the same key.
pub struct Earlier {
    /// Hash of the request.
    pub request: String,
    pub subject: Subject,
    pub at: Instant,
    /// Number of the event that the request added to its ticket's history, if it did.
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

/// Finds the earlier request with this key. A repetition waits here until the first one has ended.
pub async fn find(tx: &mut Tx, UserId(user): UserId, key: &str) -> sqlx::Result<Option<Earlier>> {
    dialect::lock(tx, &format!("key {user} {key}")).await?;
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

/// Stores a request under its key, in place of an earlier one.
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
