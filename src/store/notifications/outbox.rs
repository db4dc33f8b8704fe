//! Messages on their way to a mailbox or to another program.

use sqlx::QueryBuilder;

use crate::domain::ids::{TicketId, UserId};
use crate::domain::tickets::event::Event;
use crate::domain::time::Instant;
use crate::store::dialect::Dialect as _;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, dialect, on_tx};

/// A message to one receiver, about one event or several of one kind in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: i64,
    pub to: Receiver,
    pub ticket: TicketId,
    pub number: i64,
    /// Number of the last event.
    pub last: i64,
    /// Number of this try, counted from 1.
    pub attempts: i64,
}

impl Message {
    /// Returns `true` for a set-password link.
    pub fn is_link(&self) -> bool {
        self.ticket == NO_TICKET && self.number == 0
    }

    /// Returns the number of a mail about an account.
    pub fn account_mail(&self) -> Option<i64> {
        (self.ticket == NO_TICKET && self.number > 0).then_some(self.number)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    Mailbox(UserId),
    Webhook(String),
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    id: i64,
    user_id: Option<i64>,
    url: Option<String>,
    ticket_id: i64,
    event_number: i64,
    last_event: Option<i64>,
    attempts: i64,
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        let to = match row.user_id {
            Some(user) => Receiver::Mailbox(UserId(user)),
            None => Receiver::Webhook(row.url.unwrap_or_default()),
        };
        let (ticket, number) = (TicketId(row.ticket_id), row.event_number);
        let last = row.last_event.unwrap_or(number);
        Self { id: row.id, to, ticket, number, last, attempts: row.attempts }
    }
}

const GATHER: &str = "UPDATE outbox SET last_event = $3
    WHERE user_id = $1 AND ticket_id = $2 AND event_number < $3 AND attempts = 0
        AND EXISTS (
            SELECT 1 FROM ticket_events e
            WHERE e.ticket_id = outbox.ticket_id AND e.number = outbox.event_number
                AND e.kind = $4 AND e.actor_id = $5)";
const MAIL: &str = "INSERT INTO outbox (user_id, ticket_id, event_number, next_try_at)
    SELECT id, $2, $3, $4 FROM users
    WHERE id = $1 AND email <> '' AND email <> refused_email AND mail_wanted AND NOT disabled
    ON CONFLICT (user_id, ticket_id, event_number) DO NOTHING";

/// Queues a mail for a person who can and wants to be reached by one. For kinds that are gathered,
/// a queued mail of the same kind and actor, not yet tried, takes the event in instead: a mail that
/// was sent once must stay the same.
pub async fn mail(
    tx: &mut Tx,
    UserId(user): UserId,
    event: &Event,
    Instant(due): Instant,
) -> sqlx::Result<()> {
    let TicketId(ticket) = event.ticket;
    if let Some(UserId(actor)) = event.actor.filter(|_| event.kind.is_gathered()) {
        let waiting = on_tx!(tx, |conn| sqlx::query(GATHER)
            .bind(user)
            .bind(ticket)
            .bind(event.number)
            .bind(event.kind.name())
            .bind(actor)
            .execute(conn)
            .await?
            .rows_affected());
        if waiting > 0 {
            return Ok(());
        }
    }
    on_tx!(tx, |conn| sqlx::query(MAIL)
        .bind(user)
        .bind(ticket)
        .bind(event.number)
        .bind(due)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Subject of messages with a link to set a password, or about an account.
const NO_TICKET: TicketId = TicketId(0);

const MAIL_LINK: &str = "INSERT INTO outbox (user_id, ticket_id, event_number, next_try_at)
    VALUES ($1, $2, 0, $3)
    ON CONFLICT (user_id, ticket_id, event_number) DO NOTHING";

/// Queues a mail with a link to set a password, unless one is queued.
pub async fn mail_link(tx: &mut Tx, UserId(user): UserId, Instant(now): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(MAIL_LINK)
        .bind(user)
        .bind(NO_TICKET.0)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

const MAIL_ABOUT_ACCOUNT: &str = "INSERT INTO outbox (user_id, ticket_id, event_number, next_try_at)
    VALUES ($1, $2, $3, $4)";

/// Queues a mail about an account, by its number.
pub async fn mail_about_account(
    tx: &mut Tx,
    UserId(user): UserId,
    mail: i64,
    Instant(now): Instant,
) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(MAIL_ABOUT_ACCOUNT)
        .bind(user)
        .bind(NO_TICKET.0)
        .bind(mail)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

const POST: &str = "INSERT INTO outbox (url, ticket_id, event_number, next_try_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (url, ticket_id, event_number) DO NOTHING";

/// Queues a request to another program.
pub async fn post(
    tx: &mut Tx,
    url: &str,
    TicketId(ticket): TicketId,
    number: i64,
    Instant(now): Instant,
) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(POST)
        .bind(url)
        .bind(ticket)
        .bind(number)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Receivers of one queue; lanes are sent to in parallel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// All mailboxes: there is one mail server.
    Mail,
    /// The program at this address.
    Webhook(String),
}

/// Returns the lanes, of mails and of these webhooks, that have a message due. Reading them is no write.
/// Messages of webhooks that are switched off wait until they are [forgotten](forget_before).
pub async fn lanes_due(db: &Db, webhooks: &[String], Instant(now): Instant) -> sqlx::Result<Vec<Lane>> {
    let lanes: Vec<Lane> =
        std::iter::once(Lane::Mail).chain(webhooks.iter().cloned().map(Lane::Webhook)).collect();
    let mut sql = Statement::default();
    for (number, lane) in (0_i64..).zip(&lanes) {
        sql.push(if number == 0 { "SELECT " } else { " UNION ALL SELECT " });
        sql.push("CAST(").bind(number).push(" AS BIGINT) AS lane WHERE EXISTS (SELECT 1 FROM outbox WHERE ");
        match lane {
            Lane::Mail => sql.push("url IS NULL"),
            Lane::Webhook(url) => sql.push("url = ").bind(url.as_str()),
        };
        sql.push(" AND next_try_at <= ").bind(now).push(")");
    }
    let due: Vec<i64> = sql.fetch_column(db, "lane").await?;
    let is_due = |number: usize| due.iter().any(|due| usize::try_from(*due) == Ok(number));
    Ok(lanes.into_iter().enumerate().filter(|(number, _)| is_due(*number)).map(|(_, lane)| lane).collect())
}

/// Takes at most `most` messages of a lane that are due, the longest due first. Messages are
/// leased: no other server gets them until the lease ends.
pub async fn take(
    tx: &mut Tx,
    lane: &Lane,
    Instant(now): Instant,
    Instant(lease_ends): Instant,
    most: i64,
) -> sqlx::Result<Vec<Message>> {
    let rows: Vec<MessageRow> = on_tx!(tx, |conn: Driver| {
        let mut sql = QueryBuilder::<Driver>::new("WITH due (due_id) AS (SELECT id FROM outbox WHERE url ");
        match lane {
            Lane::Mail => sql.push("IS NULL"),
            Lane::Webhook(url) => sql.push("= ").push_bind(url),
        };
        sql.push(" AND next_try_at <= ")
            .push_bind(now)
            .push(" ORDER BY next_try_at, id LIMIT ")
            .push_bind(most);
        sql.push(Driver::SKIPPING_WHAT_OTHERS_TAKE);
        sql.push(") UPDATE outbox SET attempts = attempts + 1, next_try_at = ").push_bind(lease_ends);
        sql.push(" FROM due WHERE id = due_id");
        sql.push(" RETURNING id, user_id, url, ticket_id, event_number, last_event, attempts");
        sql.build_query_as().fetch_all(conn).await?
    });
    Ok(rows.into_iter().map(Message::from).collect())
}

const DELETE: &str = "DELETE FROM outbox WHERE id = $1";

/// Removes an arrived or abandoned message.
pub async fn remove(tx: &mut Tx, message: &Message) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE).bind(message.id).execute(conn).await.map(|_| ()))
}

const PUT_OFF: &str = "UPDATE outbox SET next_try_at = $3 WHERE id = $1 AND attempts = $2";

/// Tries again later, unless the lease has ended and another server has it.
pub async fn put_off(tx: &mut Tx, message: &Message, Instant(until): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(PUT_OFF)
        .bind(message.id)
        .bind(message.attempts)
        .bind(until)
        .execute(conn)
        .await
        .map(|_| ()))
}

pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    dialect::delete_free(tx, "outbox", "next_try_at < $1", time).await
}
