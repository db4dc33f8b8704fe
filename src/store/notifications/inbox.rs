//! Notices of events, person by person, read or unread.

use sqlx::QueryBuilder;

use crate::domain::ids::{TicketId, UserId};
use crate::domain::tickets::event::{Event, Kind};
use crate::domain::time::Instant;
use crate::store::columns::row;
use crate::store::dialect::Dialect as _;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, dialect, on_tx};

/// A notice for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub id: i64,
    pub ticket: TicketId,
    pub at: Instant,
    pub actor: Option<UserId>,
    pub kind: Kind,
    /// Number of events that it stands for.
    pub events: u64,
    pub note: String,
    pub technician: Option<UserId>,
    /// Colleague to whom the event offers the job.
    pub offered_to: Option<UserId>,
    pub is_read: bool,
}

row! {
    struct NotificationRow {
        id: i64,
        ticket_id: i64,
        created_at: i64,
        read_at: Option<i64>,
        actor_id: Option<i64>,
        kind: Kind,
        events: i64,
        note: String,
        technician_id: Option<i64>,
        offered_to: Option<i64>,
        unread: i64,
    }
}

impl From<NotificationRow> for Notification {
    fn from(row: NotificationRow) -> Self {
        Self {
            id: row.id,
            ticket: TicketId(row.ticket_id),
            at: Instant(row.created_at),
            actor: row.actor_id.map(UserId),
            kind: row.kind,
            events: row.events.unsigned_abs(),
            note: row.note,
            technician: row.technician_id.map(UserId),
            offered_to: row.kind.offered_to(row.offered_to.map(UserId)),
            is_read: row.read_at.is_some(),
        }
    }
}

const INSERT: &str = "INSERT INTO notifications (user_id, ticket_id, event_number, created_at)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (user_id, ticket_id, event_number) DO NOTHING";

/// Adds a notice, one for each event and person. For kinds that are gathered, unread notices of the
/// same kind and actor, not older than `since`, become part of the new one.
pub async fn notify(tx: &mut Tx, user: UserId, event: &Event, since: Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT)
        .bind(user.0)
        .bind(event.ticket.0)
        .bind(event.number)
        .bind(event.at.0)
        .execute(conn)
        .await
        .map(|_| ()))?;
    match event.actor {
        Some(actor) if event.kind.is_gathered() => gather(tx, user, actor, event, since).await,
        _ => Ok(()),
    }
}

const REPLACED: &str = "DELETE FROM notifications
    WHERE user_id = $1 AND ticket_id = $2 AND event_number < $3 AND read_at IS NULL AND created_at >= $4
        AND EXISTS (
            SELECT 1 FROM ticket_events e
            WHERE e.ticket_id = notifications.ticket_id AND e.number = notifications.event_number
                AND e.kind = $5 AND e.actor_id = $6)
    RETURNING events";
const COUNT_IN: &str = "UPDATE notifications SET events = events + $4
    WHERE user_id = $1 AND ticket_id = $2 AND event_number = $3";

/// Merges older notices into the new one, which is inserted before they go, so that its id is
/// higher: an unseen notice is never marked read.
async fn gather(tx: &mut Tx, user: UserId, actor: UserId, event: &Event, since: Instant) -> sqlx::Result<()> {
    let replaced: Vec<i64> = on_tx!(tx, |conn| sqlx::query_scalar(REPLACED)
        .bind(user.0)
        .bind(event.ticket.0)
        .bind(event.number)
        .bind(since.0)
        .bind(event.kind.name())
        .bind(actor.0)
        .fetch_all(conn)
        .await?);
    if replaced.is_empty() {
        return Ok(());
    }
    on_tx!(tx, |conn| sqlx::query(COUNT_IN)
        .bind(user.0)
        .bind(event.ticket.0)
        .bind(event.number)
        .bind(replaced.iter().sum::<i64>())
        .execute(conn)
        .await
        .map(|_| ()))
}

const LATEST: &str = "SELECT n.id, n.ticket_id, n.created_at, n.read_at, n.events,
        e.actor_id, e.kind, e.note, e.technician_id, e.offered_to,
        (SELECT COUNT(*) FROM (
            SELECT id FROM notifications WHERE user_id = $1 AND read_at IS NULL LIMIT $3
        ) AS counted) AS unread
    FROM notifications n
    JOIN ticket_events e ON e.ticket_id = n.ticket_id AND e.number = n.event_number
    WHERE n.user_id = $1 AND n.id > 0
    ORDER BY n.id DESC LIMIT $2";

/// Latest notices of a person, newest first, and the number of unread ones: counting ends at
/// `counted`.
pub async fn latest(
    db: &Db,
    UserId(user): UserId,
    most: i64,
    counted: i64,
) -> sqlx::Result<(Vec<Notification>, u64)> {
    let rows: Vec<NotificationRow> =
        Statement::of(LATEST).value(user).value(most).value(counted).fetch_all(db).await?;
    let unread = rows.first().map_or(0, |row| row.unread.unsigned_abs());
    Ok((rows.into_iter().map(Notification::from).collect(), unread))
}

const ANY_UNREAD_OF_TICKET: &str = "SELECT id FROM notifications
    WHERE user_id = $1 AND ticket_id = $2 AND read_at IS NULL LIMIT 1";

pub async fn has_unread_of_ticket(
    db: &Db,
    UserId(user): UserId,
    TicketId(ticket): TicketId,
) -> sqlx::Result<bool> {
    let any: Option<i64> =
        Statement::of(ANY_UNREAD_OF_TICKET).value(user).value(ticket).fetch_value(db, "id").await?;
    Ok(any.is_some())
}

/// Lets one transaction at a time mark a person's notices read: two would lock in two orders.
async fn hold(tx: &mut Tx, user: i64) -> sqlx::Result<()> {
    dialect::lock(tx, &format!("inbox of {user}")).await
}

/// Marks a person's unread notices for which a condition on a value holds. Skips locked ones:
/// another transaction is just deleting them or gathering them into a new one, and waiting for it,
/// with others locked, could be a deadlock.
async fn mark_read(
    tx: &mut Tx,
    user: i64,
    (condition, value): (&'static str, i64),
    Instant(now): Instant,
) -> sqlx::Result<()> {
    hold(tx, user).await?;
    on_tx!(tx, |conn: Driver| {
        let [is_among, end] = Driver::IS_AMONG;
        let mut sql = QueryBuilder::<Driver>::new("UPDATE notifications SET read_at = ");
        sql.push_bind(now).push(" WHERE ").push(is_among);
        sql.push("SELECT id FROM notifications WHERE read_at IS NULL AND user_id = ").push_bind(user);
        sql.push(" AND ").push(condition).push_bind(value).push(Driver::SKIPPING_WHAT_OTHERS_TAKE).push(end);
        sql.build().execute(conn).await.map(|_| ())
    })
}

/// Marks a ticket's notices read when the person has opened it.
pub async fn mark_read_of_ticket(
    tx: &mut Tx,
    UserId(user): UserId,
    TicketId(ticket): TicketId,
    now: Instant,
) -> sqlx::Result<()> {
    mark_read(tx, user, ("ticket_id = ", ticket), now).await
}

/// Marks notices read, up to the newest shown.
pub async fn mark_all_read(tx: &mut Tx, UserId(user): UserId, up_to: i64, now: Instant) -> sqlx::Result<()> {
    mark_read(tx, user, ("id <= ", up_to), now).await
}

pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    dialect::delete_free(tx, "notifications", "created_at < $1", time).await
}
