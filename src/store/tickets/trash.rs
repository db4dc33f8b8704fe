//! Deleted tickets, kept for a while in case they are missed.

use sqlx::QueryBuilder;

use super::stored;
use crate::domain::ids::TicketId;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::tickets::trash::{DeletedTicket, PAGE_SIZE, TrashCursor};
use crate::domain::time::Instant;
use crate::store::bulk::rows::{Rows, WALK_BATCH, each};
use crate::store::columns::row;
use crate::store::dialect::Dialect as _;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, on_tx};

const KEEP: &str = "INSERT INTO deleted_tickets (id, ticket, deleted_at) VALUES ($1, $2, $3)";
const DELETE: &str = "DELETE FROM tickets WHERE id = $1 AND version = $2";

/// Moves a ticket out of every list; `false` if its version has changed.
pub async fn take_away(tx: &mut Tx, ticket: &Ticket, Instant(now): Instant) -> sqlx::Result<bool> {
    let id = ticket.contract.id.0;
    let deleted = on_tx!(tx, |conn| {
        sqlx::query(DELETE).bind(id).bind(ticket.version).execute(conn).await?.rows_affected()
    });
    if deleted == 0 {
        return Ok(false);
    }
    keep(tx, ticket, Instant(now)).await?;
    Ok(true)
}

/// Keeps a ticket that is in no list.
pub async fn keep(tx: &mut Tx, ticket: &Ticket, Instant(deleted_at): Instant) -> sqlx::Result<()> {
    let id = ticket.contract.id.0;
    let text = stored::ticket_text(ticket)?;
    on_tx!(tx, |conn| {
        sqlx::query(KEEP).bind(id).bind(text).bind(deleted_at).execute(conn).await.map(|_| ())
    })
}

const KEPT: &str = "SELECT id FROM deleted_tickets WHERE id BETWEEN $1 AND $2 ORDER BY id";

/// Numbers in this range of deleted tickets that may come back.
pub async fn ids_between(
    tx: &mut Tx,
    TicketId(first): TicketId,
    TicketId(last): TicketId,
) -> sqlx::Result<Vec<i64>> {
    on_tx!(tx, |conn| sqlx::query_scalar(KEPT).bind(first).bind(last).fetch_all(conn).await)
}

const AFTER: &str = "SELECT id, ticket, deleted_at FROM deleted_tickets WHERE id > $1 ORDER BY id LIMIT $2";

/// Reads the next deleted tickets in order of id, with the time of deletion; empty at the end.
pub async fn after(
    tx: &mut Tx,
    TicketId(after): TicketId,
) -> sqlx::Result<Rows<TicketId, (Ticket, Instant)>> {
    let rows: Rows<(i64,), (i64, String, i64)> =
        on_tx!(tx, |conn| each(&sqlx::query(AFTER).bind(after).bind(WALK_BATCH).fetch_all(conn).await?)?);
    let read = |row| {
        let DeletedTicket { ticket, cursor } = kept(row);
        Ok((ticket?, cursor.deleted_at))
    };
    Ok(rows.into_iter().map(|((id,), row)| (TicketId(id), row.and_then(read))).collect())
}

/// Reads a row; an unreadable one keeps no other from being read.
fn kept((id, text, deleted_at): (i64, String, i64)) -> DeletedTicket {
    let ticket = stored::ticket_of(&text).map_err(|error| error.to_string());
    DeletedTicket { ticket, cursor: TrashCursor { deleted_at: Instant(deleted_at), ticket: TicketId(id) } }
}

const TAKE_BACK: &str = "DELETE FROM deleted_tickets WHERE id = $1 RETURNING ticket";

/// Takes a deleted ticket back, as it was; it is kept no longer.
pub async fn take_back(tx: &mut Tx, TicketId(id): TicketId) -> sqlx::Result<Option<Ticket>> {
    let text: Option<String> =
        on_tx!(tx, |conn| sqlx::query_scalar(TAKE_BACK).bind(id).fetch_optional(conn).await?);
    let ticket = text.map(|text| stored::ticket_of(&text));
    ticket.transpose().map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Keeps tickets deleted before `time` from being restored until the transaction ends, in the order
/// of time and number; `false` if there are none. Comes before anything of theirs is deleted: else
/// a ticket restored meanwhile loses it.
pub async fn hold_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<bool> {
    let ids: Vec<i64> = on_tx!(tx, |conn: Driver| {
        let mut sql = QueryBuilder::<Driver>::new("SELECT id FROM deleted_tickets WHERE deleted_at < ");
        sql.push_bind(time).push(" ORDER BY deleted_at, id").push(Driver::HOLDING);
        sql.build_query_scalar().fetch_all(conn).await?
    });
    Ok(!ids.is_empty())
}

/// Highest deleted number of each year, with which numbers begin.
const RETIRE: &str = "INSERT INTO retired_tickets (id)
    SELECT MAX(id) FROM deleted_tickets WHERE deleted_at < $1 GROUP BY id / 10000000
    ON CONFLICT DO NOTHING";
const FORGET_NOTICES: &str = "DELETE FROM notifications
    WHERE ticket_id IN (SELECT id FROM deleted_tickets WHERE deleted_at < $1)";
const FORGET_HISTORY: &str = "DELETE FROM ticket_events
    WHERE ticket_id IN (SELECT id FROM deleted_tickets WHERE deleted_at < $1)";
const FORGET: &str = "DELETE FROM deleted_tickets WHERE deleted_at < $1";

/// Deletes tickets for good that were not missed, with their history and the notices of it.
pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    if !hold_before(tx, Instant(time)).await? {
        return Ok(());
    }
    for statement in [RETIRE, FORGET_NOTICES, FORGET_HISTORY, FORGET] {
        on_tx!(tx, |conn| sqlx::query(statement).bind(time).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

const BEFORE: &str = "SELECT id, ticket, deleted_at FROM deleted_tickets
    WHERE (deleted_at, id) < ($1, $2)
    ORDER BY deleted_at DESC, id DESC LIMIT $3";

row! {
    struct DeletedRow {
        id: i64,
        ticket: String,
        deleted_at: i64,
    }
}

/// Tickets deleted before a cursor, last deleted first; one more than a page where there are more.
pub async fn before(db: &Db, cursor: TrashCursor) -> sqlx::Result<Vec<DeletedTicket>> {
    let TrashCursor { deleted_at: Instant(time), ticket: TicketId(ticket) } = cursor;
    let most = i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX);
    let rows: Vec<DeletedRow> =
        Statement::of(BEFORE).value(time).value(ticket).value(most).fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| kept((row.id, row.ticket, row.deleted_at))).collect())
}
