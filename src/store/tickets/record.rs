//! Single tickets, whole: read before an action, and written back.

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::cells::{Cell, cells};
use crate::domain::access::Unchecked;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::tickets::ticket::Ticket;
use crate::domain::tickets::workflow::Availability;
use crate::domain::time::Instant;
use crate::domain::viewer::Role;
use crate::store::columns::row;
use crate::store::lists::{COLUMNS, MORE_COLUMNS, TicketRow};
use crate::store::people::accounts::SERIALS;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, dialect, on_tx};

row! {
    struct UncheckedRow {
        ticket: TicketRow,
        technician_role: Option<String>,
        technician_disabled: Option<bool>,
    }
}

impl From<UncheckedRow> for Unchecked {
    fn from(row: UncheckedRow) -> Self {
        let technician = row.technician_role.map(|role| {
            let works = role != Role::User.name() && row.technician_disabled == Some(false);
            if works { Availability::Enabled } else { Availability::Gone }
        });
        Self::new(row.ticket.into(), technician)
    }
}

/// Statement that reads [`Unchecked`] tickets, up to the value of its condition.
macro_rules! select_unchecked {
    ($condition:literal) => {
        concat!(
            "SELECT t.id, t.user_id, t.technician_id, t.status, t.purchase_date, t.phone,
        t.device_type, t.brand, t.description, t.image_url, t.fault_type, t.qq, t.campus,
        t.created_at, t.assigned_at, t.completed_at,
        t.model, t.warranty, t.offered_to, t.version, t.changed_at, t.waiting_since,
        u.role AS technician_role, u.disabled AS technician_disabled
    FROM tickets t
    LEFT JOIN users u ON u.id = t.technician_id
    WHERE ",
            $condition
        )
    };
}

const FIND: &str = select_unchecked!("t.id = $1");
const FIND_SEVERAL: &str = select_unchecked!("t.id IN (");

pub async fn find(db: &Db, TicketId(id): TicketId) -> sqlx::Result<Option<Unchecked>> {
    let row: Option<UncheckedRow> = Statement::of(FIND).value(id).fetch_optional(db).await?;
    Ok(row.map(Unchecked::from))
}

/// Finds the existing ones of these tickets, in no order.
pub async fn find_several(db: &Db, ids: &[TicketId]) -> sqlx::Result<Vec<Unchecked>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Statement::of(FIND_SEVERAL);
    sql.bind_list(ids.iter().map(|id| id.0)).push(")");
    let rows: Vec<UncheckedRow> = sql.fetch_all(db).await?;
    Ok(rows.into_iter().map(Unchecked::from).collect())
}

/// Locks a ticket: no other transaction changes it until this one ends. Comes before any row of the
/// ticket is touched: a transaction that holds such a row, and waits for the ticket, would wait for
/// ever.
pub async fn hold(tx: &mut Tx, TicketId(id): TicketId) -> sqlx::Result<()> {
    dialect::lock(tx, &format!("ticket {id}")).await
}

/// Finds a ticket that is going to be changed, and locks it: one change at a time.
pub async fn find_locked(tx: &mut Tx, TicketId(id): TicketId) -> sqlx::Result<Option<Unchecked>> {
    hold(tx, TicketId(id)).await?;
    let row: Option<UncheckedRow> =
        on_tx!(tx, |conn| sqlx::query_as(FIND).bind(id).fetch_optional(conn).await?);
    Ok(row.map(Unchecked::from))
}

/// Highest number of a year on SQLite; `next_number_of` reads the same on PostgreSQL.
const HIGHEST: &str = "SELECT MAX(top) FROM (
        SELECT COALESCE(MAX(id), $1) AS top FROM tickets WHERE id > $1 AND id < $1 + $2
        UNION ALL
        SELECT COALESCE(MAX(id), $1) FROM deleted_tickets WHERE id > $1 AND id < $1 + $2
        UNION ALL
        SELECT COALESCE(MAX(id), $1) FROM retired_tickets WHERE id > $1 AND id < $1 + $2
    ) AS tops";

/// Next free number of a year, reserved until the transaction ends.
pub async fn next_id(tx: &mut Tx, year: i32) -> sqlx::Result<TicketId> {
    dialect::next_number(tx, "ticket", HIGHEST, i64::from(year) * SERIALS, SERIALS).await.map(TicketId)
}

pub async fn insert(tx: &mut Tx, ticket: &Ticket) -> sqlx::Result<()> {
    let one = std::slice::from_ref(ticket);
    on_tx!(tx, |conn: Driver| insert_statement::<Driver>(one).build().execute(conn).await.map(|_| ()))
}

pub(crate) fn insert_statement<DB: Database>(tickets: &[Ticket]) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
    for<'q> Option<i64>: Encode<'q, DB>,
    for<'q> Option<&'q str>: Encode<'q, DB>,
{
    let mut sql = QueryBuilder::new("INSERT INTO tickets (");
    sql.push(COLUMNS).push(", ").push(MORE_COLUMNS).push(") ");
    sql.push_values(tickets, |mut row, ticket| {
        for (_, cell) in cells(ticket) {
            match cell {
                Cell::Number(number) => row.push_bind(number),
                Cell::Text(text) => row.push_bind(text),
            };
        }
    });
    sql
}

/// Writes a ticket that was read as `before`; `false` if its version has changed since.
pub async fn update(tx: &mut Tx, before: &Ticket, after: &Ticket) -> sqlx::Result<bool> {
    let changed = on_tx!(tx, |conn: Driver| update_statement::<Driver>(before, after)
        .build()
        .execute(conn)
        .await?
        .rows_affected());
    Ok(changed == 1)
}

/// Names only the columns that differ: SQLite writes every index anew that has a named column.
fn update_statement<DB: Database>(before: &Ticket, after: &Ticket) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
    for<'q> Option<i64>: Encode<'q, DB>,
    for<'q> Option<&'q str>: Encode<'q, DB>,
{
    let mut sql = QueryBuilder::new("UPDATE tickets SET version = ");
    sql.push_bind(after.version);
    let changed = cells(before).into_iter().zip(cells(after)).filter(|(old, new)| old != new);
    for (_, (column, cell)) in changed.filter(|(_, (column, _))| *column != "version") {
        sql.push(", ").push(column).push(" = ");
        match cell {
            Cell::Number(number) => sql.push_bind(number),
            Cell::Text(text) => sql.push_bind(text),
        };
    }
    sql.push(" WHERE id = ").push_bind(before.contract.id.0);
    sql.push(" AND version = ").push_bind(before.version);
    sql
}

const OPEN_OF_OWNER: &str =
    "SELECT COUNT(*) FROM tickets WHERE user_id = $1 AND progress = 'pending' AND id > 0";

/// Number of a person's open tickets; no more are filed until the transaction ends.
pub async fn count_open_of_owner(tx: &mut Tx, UserId(owner): UserId) -> sqlx::Result<i64> {
    dialect::lock(tx, &format!("tickets of {owner}")).await?;
    on_tx!(tx, |conn| sqlx::query_scalar(OPEN_OF_OWNER).bind(owner).fetch_one(conn).await)
}

const OPEN_DEVICES: &str = "SELECT id, brand FROM tickets
    WHERE user_id = $1 AND progress = 'pending' AND id > 0 AND device_type = $2";

/// Ids and brands of a person's open tickets for such devices.
pub async fn open_devices(
    tx: &mut Tx,
    UserId(owner): UserId,
    device_type: &str,
) -> sqlx::Result<Vec<(TicketId, String)>> {
    let rows: Vec<(i64, String)> = on_tx!(tx, |conn| {
        sqlx::query_as(OPEN_DEVICES).bind(owner).bind(device_type).fetch_all(conn).await?
    });
    Ok(rows.into_iter().map(|(id, brand)| (TicketId(id), brand)).collect())
}

const FILED_SINCE: &str = "SELECT COUNT(*) FROM (
        SELECT created_at FROM tickets WHERE user_id = $1 AND id > 0 ORDER BY id DESC LIMIT $3
    ) AS latest WHERE created_at > $2";

/// Number of a person's `most` latest tickets that are newer than that.
pub async fn count_filed_since(
    tx: &mut Tx,
    UserId(owner): UserId,
    Instant(since): Instant,
    most: i64,
) -> sqlx::Result<i64> {
    on_tx!(tx, |conn| sqlx::query_scalar(FILED_SINCE)
        .bind(owner)
        .bind(since)
        .bind(most)
        .fetch_one(conn)
        .await)
}

const OPEN_OF_TECHNICIAN: &str =
    "SELECT COUNT(*) FROM tickets WHERE technician_id = $1 AND progress = 'pending' AND id > 0";

/// Locks a technician's jobs: no other transaction assigns them any, or takes the technician off
/// the desk, until this one ends. Comes after the tickets that the transaction holds.
pub async fn hold_jobs(tx: &mut Tx, UserId(technician): UserId) -> sqlx::Result<()> {
    dialect::lock(tx, &format!("jobs of {technician}")).await
}

/// Number of a technician's jobs, counted after [`hold_jobs`].
pub async fn count_jobs(tx: &mut Tx, UserId(technician): UserId) -> sqlx::Result<i64> {
    on_tx!(tx, |conn| sqlx::query_scalar(OPEN_OF_TECHNICIAN).bind(technician).fetch_one(conn).await)
}

const JOBS: &str =
    "SELECT id FROM tickets WHERE technician_id = $1 AND progress = 'pending' AND id > 0 ORDER BY id";

/// Open tickets of a technician.
pub async fn jobs(tx: &mut Tx, UserId(technician): UserId) -> sqlx::Result<Vec<TicketId>> {
    let ids: Vec<i64> = on_tx!(tx, |conn| sqlx::query_scalar(JOBS).bind(technician).fetch_all(conn).await?);
    Ok(ids.into_iter().map(TicketId).collect())
}

const UNCONFIRMED: &str = "SELECT id FROM tickets
    WHERE status IN ('UserConfirming', 'TechConfirming') AND waiting_since <= $1
    ORDER BY waiting_since LIMIT $2 OFFSET $3";

/// Tickets that have waited for a confirmation since then or longer, after the `skipped` first.
pub async fn unconfirmed_since(
    db: &Db,
    Instant(since): Instant,
    most: i64,
    skipped: i64,
) -> sqlx::Result<Vec<TicketId>> {
    let statement = Statement::of(UNCONFIRMED).value(since).value(most).value(skipped);
    let ids: Vec<i64> = statement.fetch_column(db, "id").await?;
    Ok(ids.into_iter().map(TicketId).collect())
}
