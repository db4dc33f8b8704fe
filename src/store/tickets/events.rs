//! The history of tickets: written once, read in order.

use std::ops::Range;

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::stored;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::tickets::event::{Event, Kind};
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::TicketState;
use crate::domain::time::Instant;
use crate::store::bulk::rows::Rows;
use crate::store::columns::row;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, on_tx};

row! {
    pub(crate) struct EventRow {
        ticket_id: i64,
        number: i64,
        happened_at: i64,
        actor_id: Option<i64>,
        kind: Kind,
        note: String,
        changes: String,
        status: Status,
        technician_id: Option<i64>,
        offered_to: Option<i64>,
    }
}

impl TryFrom<EventRow> for Event {
    type Error = sqlx::Error;

    fn try_from(row: EventRow) -> sqlx::Result<Self> {
        Ok(Self {
            ticket: TicketId(row.ticket_id),
            number: row.number,
            at: Instant(row.happened_at),
            actor: row.actor_id.map(UserId),
            kind: row.kind,
            note: row.note,
            changes: stored::changes_of(&row.changes).map_err(|error| sqlx::Error::Decode(error.into()))?,
            state: TicketState {
                status: row.status,
                technician: row.technician_id.map(UserId),
                offered_to: row.offered_to.map(UserId),
            },
        })
    }
}

/// Number of the event that files a ticket.
pub const FIRST_NUMBER: i64 = 1;

const NEXT_NUMBER: &str = "SELECT COALESCE(MAX(number), 0) + 1 FROM ticket_events WHERE ticket_id = $1";

/// Number of the next event of a ticket that this transaction holds.
pub async fn next_number(tx: &mut Tx, TicketId(ticket): TicketId) -> sqlx::Result<i64> {
    on_tx!(tx, |conn| sqlx::query_scalar(NEXT_NUMBER).bind(ticket).fetch_one(conn).await)
}

const NTH_LATEST: &str = "SELECT happened_at FROM ticket_events
    WHERE ticket_id = $1 AND number > $2 AND actor_id = $3 AND happened_at > $4 AND kind NOT IN ('message', 'note')
    ORDER BY number DESC LIMIT 1 OFFSET $5";

/// Time of a person's `nth` latest change of a ticket after `since`, counted from 1, among the events
/// whose numbers are greater than `after`. Messages and notes are no changes.
pub async fn nth_latest_change(
    tx: &mut Tx,
    TicketId(ticket): TicketId,
    after: i64,
    UserId(actor): UserId,
    Instant(since): Instant,
    nth: i64,
) -> sqlx::Result<Option<Instant>> {
    let time: Option<i64> = on_tx!(tx, |conn| {
        let query = sqlx::query_scalar(NTH_LATEST).bind(ticket).bind(after).bind(actor).bind(since);
        query.bind(nth - 1).fetch_optional(conn).await?
    });
    Ok(time.map(Instant))
}

pub async fn insert(tx: &mut Tx, event: &Event) -> sqlx::Result<()> {
    let (one, changes) = (std::slice::from_ref(event), [changes_text(event)?]);
    on_tx!(tx, |conn: Driver| bulk_statement::<Driver>(one, &changes).build().execute(conn).await.map(|_| ()))
}

/// Stored form of an event's changes.
pub(crate) fn changes_text(event: &Event) -> sqlx::Result<String> {
    stored::changes_text(&event.changes)
}

/// Inserts events. `changes` has the [`changes_text`] of each.
pub(crate) fn bulk_statement<DB: Database>(events: &[Event], changes: &[String]) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
    for<'q> Option<i64>: Encode<'q, DB>,
{
    let mut sql = QueryBuilder::new(
        "INSERT INTO ticket_events (ticket_id, number, happened_at, actor_id, kind, note,
            changes, status, technician_id, offered_to) ",
    );
    sql.push_values(events.iter().zip(changes), |mut row, (event, changes)| {
        let Event { ticket, number, at, actor, kind, note, changes: _, state } = event;
        let TicketState { status, technician, offered_to } = state;
        row.push_bind(ticket.0)
            .push_bind(*number)
            .push_bind(at.0)
            .push_bind(actor.map(|person| person.0))
            .push_bind(kind.name())
            .push_bind(note.as_str())
            .push_bind(changes.as_str())
            .push_bind(status.name())
            .push_bind(technician.map(|person| person.0))
            .push_bind(offered_to.map(|person| person.0));
    });
    sql
}

const NUMBERED: &str = "SELECT ticket_id, number, happened_at, actor_id, kind, note, changes,
        status, technician_id, offered_to
    FROM ticket_events WHERE ticket_id = $1 AND number = $2";

/// Event of a ticket by its number; `None` where the ticket is gone.
pub async fn numbered(tx: &mut Tx, TicketId(ticket): TicketId, number: i64) -> sqlx::Result<Option<Event>> {
    let row: Option<EventRow> =
        on_tx!(tx, |conn| sqlx::query_as(NUMBERED).bind(ticket).bind(number).fetch_optional(conn).await?);
    row.map(Event::try_from).transpose()
}

const BETWEEN: &str = "SELECT ticket_id, number, happened_at, actor_id, kind, note, changes,
        status, technician_id, offered_to
    FROM ticket_events WHERE ticket_id = $1 AND number BETWEEN $2 AND $3 ORDER BY number";

/// Events of a ticket from one number to another, both included.
pub async fn between(db: &Db, TicketId(ticket): TicketId, first: i64, last: i64) -> sqlx::Result<Vec<Event>> {
    let rows: Vec<EventRow> =
        Statement::of(BETWEEN).value(ticket).value(first).value(last).fetch_all(db).await?;
    rows.into_iter().map(Event::try_from).collect()
}

const OF_TICKET: &str = "SELECT ticket_id, number, happened_at, actor_id, kind, note, changes,
        status, technician_id, offered_to
    FROM ticket_events WHERE ticket_id = $1 ORDER BY number";

/// All events of a ticket, the first one first.
pub async fn of_ticket(db: &Db, TicketId(ticket): TicketId) -> sqlx::Result<Vec<Event>> {
    let rows: Vec<EventRow> = Statement::of(OF_TICKET).value(ticket).fetch_all(db).await?;
    rows.into_iter().map(Event::try_from).collect()
}

/// Some events of a ticket, in their order, and how many there are. Events of the
/// hidden kinds are neither read nor counted.
#[derive(Debug, Default)]
pub struct Counted {
    pub events: Vec<Event>,
    pub total: usize,
}

row! {
    /// Columns that are readable in every row, also where the others are not.
    struct KnownRow {
        total: i64,
        ticket_id: i64,
        number: i64,
        happened_at: i64,
        actor_id: Option<i64>,
    }
}

impl KnownRow {
    /// Makes an event in place of an unreadable one, so that its ticket can still be opened.
    fn unreadable(&self, cause: &str) -> Event {
        let Self { total: _, ticket_id, number, happened_at, actor_id } = *self;
        tracing::error!(ticket = ticket_id, number, cause, "an entry of a ticket's history cannot be read");
        Event {
            ticket: TicketId(ticket_id),
            number,
            at: Instant(happened_at),
            actor: actor_id.map(UserId),
            kind: Kind::Unreadable,
            note: String::new(),
            changes: Vec::new(),
            state: TicketState { status: Status::Pending, technician: None, offered_to: None },
        }
    }
}

/// Events at these places of a ticket's history, counted from 0; none where it is shorter.
pub async fn part(db: &Db, ticket: TicketId, hidden: &[Kind], places: Range<usize>) -> sqlx::Result<Counted> {
    read_counted(db, ticket, hidden, "", places).await
}

/// The latest events of a ticket, `most` of them.
pub async fn latest(db: &Db, ticket: TicketId, hidden: &[Kind], most: usize) -> sqlx::Result<Counted> {
    let mut counted = read_counted(db, ticket, hidden, "DESC", 0..most).await?;
    counted.events.reverse();
    Ok(counted)
}

/// Reads events and total in one statement: a page asks the database no oftener than it must.
async fn read_counted(
    db: &Db,
    ticket: TicketId,
    hidden: &[Kind],
    direction: &str,
    places: Range<usize>,
) -> sqlx::Result<Counted> {
    let [skipped, most] = [places.start, places.len()].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let mut sql = Statement::of("SELECT ");
    sql.push(COLUMNS).push(", (SELECT COUNT(*)");
    push_visible(&mut sql, ticket, hidden);
    sql.push(") AS total");
    push_visible(&mut sql, ticket, hidden);
    sql.push(" ORDER BY number ").push(direction).push(" LIMIT ").bind(most);
    sql.push(" OFFSET ").bind(skipped);
    let rows: Rows<KnownRow, EventRow> = sql.fetch_all(db).await?;
    let total = rows.first().map_or(0, |(known, _)| usize::try_from(known.total).unwrap_or_default());
    let read = |row: EventRow| Event::try_from(row).map_err(|error| error.to_string());
    let event = |(known, row): (KnownRow, Result<EventRow, String>)| {
        row.and_then(read).unwrap_or_else(|cause| known.unreadable(&cause))
    };
    Ok(Counted { events: rows.into_iter().map(event).collect(), total })
}

const COLUMNS: &str = "ticket_id, number, happened_at, actor_id, kind, note, changes, \
    status, technician_id, offered_to";

fn push_visible(sql: &mut Statement, TicketId(ticket): TicketId, hidden: &[Kind]) {
    sql.push(" FROM ticket_events WHERE ticket_id = ").bind(ticket);
    if !hidden.is_empty() {
        sql.push(" AND kind NOT IN (").bind_list(hidden.iter().map(|kind| kind.name())).push(")");
    }
}

const NOTES: &str = "SELECT note FROM ticket_events WHERE ticket_id = $1 AND kind = $2 ORDER BY number";

/// Notes of the events of one kind, the first thing first.
pub async fn notes(db: &Db, TicketId(ticket): TicketId, kind: Kind) -> sqlx::Result<Vec<String>> {
    Statement::of(NOTES).value(ticket).value(kind.name()).fetch_column(db, "note").await
}

const ACTOR: &str = "SELECT actor_id FROM ticket_events
    WHERE ticket_id = $1 AND kind = $2
    ORDER BY number DESC LIMIT 1";

/// Actor of the latest event of a kind.
pub async fn last_actor(db: &Db, TicketId(ticket): TicketId, kind: Kind) -> sqlx::Result<Option<UserId>> {
    let actor: Option<Option<i64>> =
        Statement::of(ACTOR).value(ticket).value(kind.name()).fetch_value(db, "actor_id").await?;
    Ok(actor.flatten().map(UserId))
}
