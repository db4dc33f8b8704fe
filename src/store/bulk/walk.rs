//! Walks through a whole database in the order of ids, all in one snapshot.

use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::rows::{Rows, WALK_BATCH, each};
use crate::domain::ids::{TicketId, UserId};
use crate::domain::people::person::Person;
use crate::domain::tickets::event::Event;
use crate::domain::tickets::ticket::Ticket;
use crate::store::dialect::{self, SQLITE_SNAPSHOT};
use crate::store::lists::TicketRow;
use crate::store::people::accounts::PersonRow;
use crate::store::tickets::events::EventRow;
use crate::store::{Db, Tx, on_tx};

/// A transaction in which every read sees the same moment.
pub async fn snapshot(db: &Db) -> sqlx::Result<Tx> {
    match db {
        Db::Sqlite { read, .. } => {
            let mut lent = read.lend_within(Some(SQLITE_SNAPSHOT.into_sql_str())).await?;
            lent.take_time();
            Ok(Tx::Sqlite(lent))
        }
        Db::Postgres { read, .. } => {
            let begin = dialect::postgres_snapshot(read.begin().unwrap_or("BEGIN"));
            let mut lent = read.lend_within(Some(AssertSqlSafe(begin).into_sql_str())).await?;
            lent.take_time();
            Ok(Tx::Postgres(lent))
        }
    }
}

const ROWS: &str = "SELECT (SELECT COUNT(*) FROM users)
    + (SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT) FROM ticket_totals)
    + (SELECT COUNT(*) FROM deleted_tickets)
    + (SELECT COUNT(*) FROM ticket_events)";

/// Number of lines of an export, or a few more.
pub async fn rows(tx: &mut Tx) -> sqlx::Result<u64> {
    let rows: i64 = on_tx!(tx, |conn| sqlx::query_scalar(ROWS).fetch_one(conn).await?);
    Ok(rows.unsigned_abs())
}

const PEOPLE_AFTER: &str =
    "SELECT id, username, has_exact_name, role, nickname, phone, email, campus, disabled,
        password_hash, created_at, phone_verified_at, email_verified_at, language, shown_contact, mail_wanted,
        muted, on_duty, duty_campuses, max_jobs
    FROM users WHERE id > $1 ORDER BY id LIMIT $2";
const TICKETS_AFTER: &str = "SELECT id, user_id, technician_id, status, purchase_date, phone,
        device_type, brand, description, image_url, fault_type, qq, campus,
        created_at, assigned_at, completed_at,
        model, warranty, offered_to, version, changed_at, waiting_since
    FROM tickets WHERE id > $1 ORDER BY id LIMIT $2";

/// Reads the next people in order of id; empty at the end.
pub async fn people_after(tx: &mut Tx, UserId(after): UserId) -> sqlx::Result<Rows<UserId, Person>> {
    let rows: Rows<(i64,), PersonRow> = on_tx!(tx, |conn| each(
        &sqlx::query(PEOPLE_AFTER).bind(after).bind(WALK_BATCH).fetch_all(conn).await?
    )?);
    Ok(rows.into_iter().map(|((id,), row)| (UserId(id), row.map(Person::from))).collect())
}

const EVENTS_AFTER: &str = "SELECT ticket_id, number, happened_at, actor_id, kind, note, changes,
        status, technician_id, offered_to
    FROM ticket_events
    WHERE (ticket_id, number) > ($1, $2)
        AND (EXISTS (SELECT 1 FROM tickets WHERE id = ticket_id)
            OR EXISTS (SELECT 1 FROM deleted_tickets WHERE id = ticket_id))
    ORDER BY ticket_id, number LIMIT $3";

/// Reads the next events of tickets in order; empty at the end. Events of tickets that are gone for
/// good are left out.
pub async fn events_after(
    tx: &mut Tx,
    (TicketId(ticket), number): (TicketId, i64),
) -> sqlx::Result<Rows<(TicketId, i64), Event>> {
    let rows: Rows<(i64, i64), EventRow> = on_tx!(tx, |conn| each(
        &sqlx::query(EVENTS_AFTER).bind(ticket).bind(number).bind(WALK_BATCH).fetch_all(conn).await?
    )?);
    let event = |row: EventRow| Event::try_from(row).map_err(|error| error.to_string());
    Ok(rows.into_iter().map(|((id, number), row)| ((TicketId(id), number), row.and_then(event))).collect())
}

/// Reads the next tickets in order of id; empty at the end.
pub async fn tickets_after(tx: &mut Tx, TicketId(after): TicketId) -> sqlx::Result<Rows<TicketId, Ticket>> {
    let rows: Rows<(i64,), TicketRow> = on_tx!(tx, |conn| each(
        &sqlx::query(TICKETS_AFTER).bind(after).bind(WALK_BATCH).fetch_all(conn).await?
    )?);
    Ok(rows.into_iter().map(|((id,), row)| (TicketId(id), row.map(Ticket::from))).collect())
}
