//! Reading tickets. Every list takes a query that the policy has permitted.

use std::cmp::Reverse;

use serde::Deserialize;
use sqlx::{Database, Encode, QueryBuilder, Type};

use super::dialect::Dialect;
use super::people::ACCOUNT_COLUMNS;
use super::revoked_tokens::{Bearer, BearerRow};
use super::{Db, on_db};
use crate::domain::paging::Page;
use crate::domain::person::UserId;
use crate::domain::policy::Permitted;
use crate::domain::query::TicketQuery;
use crate::domain::status::{List, ListSizes, Status};
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::time::Instant;

pub(super) const COLUMNS: &str = "id, user_id, technician_id, status, purchase_date, phone, \
    device_type, brand, description, image_url, fault_type, qq, campus, \
    created_at, assigned_at, completed_at";

/// The fields stand in the order of [`COLUMNS`].
#[derive(Deserialize, sqlx::FromRow)]
pub(super) struct TicketRow {
    id: i64,
    user_id: i64,
    technician_id: Option<i64>,
    #[sqlx(try_from = "String")]
    status: Status,
    purchase_date: Option<String>,
    phone: String,
    device_type: String,
    brand: String,
    description: String,
    image_url: Option<String>,
    fault_type: String,
    qq: String,
    campus: String,
    created_at: i64,
    assigned_at: Option<i64>,
    completed_at: Option<i64>,
}

impl From<TicketRow> for Ticket {
    fn from(row: TicketRow) -> Self {
        Self {
            id: TicketId(row.id),
            owner: UserId(row.user_id),
            technician: row.technician_id.map(UserId),
            status: row.status,
            purchase_date: row.purchase_date,
            phone: row.phone,
            device_type: row.device_type,
            brand: row.brand,
            description: row.description,
            image_url: row.image_url,
            fault_type: row.fault_type,
            qq: row.qq,
            campus: row.campus,
            created_at: Instant(row.created_at),
            assigned_at: row.assigned_at.map(Instant),
            completed_at: row.completed_at.map(Instant),
        }
    }
}

/// One page, newest first, with the number of all that match. Rows and number
/// come from one statement, so they agree. Past the last page: no rows.
pub async fn list(db: &Db, permitted: &Permitted) -> sqlx::Result<Page<Ticket>> {
    let row: PageRow = on_db!(db, |conn: Driver| {
        list_statement::<Driver>(permitted).build_query_as().fetch_one(conn).await?
    });
    row.page(permitted)
}

/// The same together with the standing of its reader at that moment, `None`
/// where there is no such person: half the round trips of asking twice.
pub async fn list_with_bearer(
    db: &Db,
    reader: UserId,
    token_id: &str,
    permitted: &Permitted,
) -> sqlx::Result<Option<(Bearer, Page<Ticket>)>> {
    let row: Option<BearerAndPageRow> = on_db!(db, |conn: Driver| {
        let mut sql = list_with_bearer_statement::<Driver>(reader, token_id, permitted);
        sql.build_query_as().fetch_optional(conn).await?
    });
    row.map(|row| Ok((row.bearer.into(), row.page.page(permitted)?))).transpose()
}

/// The whole page travels as one JSON text in one row: drivers spend most of
/// their time on rows and columns (docs/performance.md).
#[derive(sqlx::FromRow)]
struct PageRow {
    page_rows: String,
    total: i64,
}

#[derive(sqlx::FromRow)]
struct BearerAndPageRow {
    #[sqlx(flatten)]
    bearer: BearerRow,
    #[sqlx(flatten)]
    page: PageRow,
}

impl PageRow {
    fn page(self, permitted: &Permitted) -> sqlx::Result<Page<Ticket>> {
        let rows: Vec<TicketRow> =
            serde_json::from_str(&self.page_rows).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let mut items: Vec<Ticket> = rows.into_iter().map(Ticket::from).collect();
        // The page's rows come in this order already; only a database cannot promise it.
        items.sort_unstable_by_key(|ticket| Reverse(ticket.id));
        let TicketQuery { page: number, limit, .. } = *permitted.query();
        Ok(Page { items, number, limit, total: self.total.unsigned_abs() })
    }
}

/// How many tickets each list would hold under the query's other filters.
pub async fn list_sizes(db: &Db, permitted: &Permitted) -> sqlx::Result<ListSizes> {
    let sizes: Vec<(String, i64)> = on_db!(db, |conn: Driver| {
        sizes_statement::<Driver>(permitted).build_query_as().fetch_all(conn).await?
    });
    Ok(sizes.into_iter().fold(ListSizes::default(), |mut sizes, (progress, tickets)| {
        let tickets = tickets.unsigned_abs();
        sizes.all += tickets;
        match progress.as_str() {
            "pending" => sizes.pending += tickets,
            "done" => sizes.done += tickets,
            _ => {}
        }
        sizes
    }))
}

fn list_statement<DB: Dialect>(permitted: &Permitted) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::<DB>::new("SELECT ");
    push_page(&mut sql, permitted);
    sql
}

fn list_with_bearer_statement<DB: Dialect>(
    UserId(reader): UserId,
    token_id: &str,
    permitted: &Permitted,
) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::<DB>::new("SELECT ");
    sql.push(ACCOUNT_COLUMNS);
    sql.push(", EXISTS (SELECT 1 FROM revoked_tokens WHERE token_id = ").push_bind(token_id);
    sql.push(") AS is_revoked, ");
    push_page(&mut sql, permitted);
    sql.push(" FROM users WHERE id = ").push_bind(reader);
    sql
}

/// The columns of [`PageRow`].
fn push_page<DB: Dialect>(sql: &mut QueryBuilder<DB>, permitted: &Permitted)
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
{
    let query = permitted.query();
    sql.push("(SELECT ");
    sql.push(DB::ROWS_AS_JSON.replace("{}", COLUMNS));
    sql.push(" FROM (SELECT ").push(COLUMNS).push(" FROM tickets");
    push_conditions(sql, permitted, query.list);
    // Written out, not bound: SQLite plans anew whenever a bound limit changes
    // hands, and PostgreSQL guesses badly what an unknown one leaves.
    sql.push(" ORDER BY id DESC LIMIT ").push(query.limit);
    if query.page > 1 {
        sql.push(" OFFSET ").push_bind(signed(query.offset()));
    }
    sql.push(") AS page) AS page_rows, ");
    push_total(sql, permitted);
    sql.push(" AS total");
}

fn sizes_statement<DB: Database>(permitted: &Permitted) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::<DB>::new("SELECT progress, ");
    if is_counted(permitted) {
        sql.push("CAST(SUM(tickets) AS BIGINT) FROM ticket_totals");
        push_totals_conditions(&mut sql, permitted.query(), List::All);
    } else {
        sql.push("COUNT(*) FROM tickets");
        push_conditions(&mut sql, permitted, List::All);
    }
    sql.push(" GROUP BY progress");
    sql
}

/// Whether `ticket_totals` knows how many tickets match.
fn is_counted(permitted: &Permitted) -> bool {
    let TicketQuery { ticket, owner, technician, unassigned, list: _, campus: _, page: _, limit: _ } =
        permitted.query();
    !unassigned
        && ticket.is_none()
        && owner.is_none()
        && technician.is_none()
        && permitted.involving().is_none()
}

fn push_total<DB: Database>(sql: &mut QueryBuilder<DB>, permitted: &Permitted)
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
{
    if is_counted(permitted) {
        sql.push("(SELECT CAST(COALESCE(SUM(tickets), 0) AS BIGINT) FROM ticket_totals");
        push_totals_conditions(sql, permitted.query(), permitted.query().list);
    } else {
        sql.push("(SELECT COUNT(*) FROM tickets");
        push_conditions(sql, permitted, permitted.query().list);
    }
    sql.push(")");
}

fn push_totals_conditions<DB: Database>(sql: &mut QueryBuilder<DB>, query: &TicketQuery, list: List)
where
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
{
    sql.push(" WHERE TRUE");
    if let Some(campus) = &query.campus {
        sql.push(" AND campus = ").push_bind(campus.as_str());
    }
    push_progress(sql, list);
}

/// The pattern names every field, so that a new filter cannot be forgotten here.
fn push_conditions<DB: Database>(sql: &mut QueryBuilder<DB>, permitted: &Permitted, list: List)
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
{
    let TicketQuery { ticket, owner, technician, unassigned, list: _, campus, page: _, limit: _ } =
        permitted.query();

    // The bound makes walking the table newest first an index search.
    sql.push(" WHERE id > 0");
    if let Some(UserId(person)) = permitted.involving() {
        sql.push(" AND (user_id = ").push_bind(person);
        sql.push(" OR technician_id = ").push_bind(person).push(")");
    }
    if let Some(TicketId(id)) = *ticket {
        sql.push(" AND id = ").push_bind(id);
    }
    if let Some(UserId(id)) = *owner {
        sql.push(" AND user_id = ").push_bind(id);
    }
    if let Some(UserId(id)) = *technician {
        sql.push(" AND technician_id = ").push_bind(id);
    }
    if *unassigned {
        sql.push(" AND technician_id IS NULL");
    }
    if let Some(campus) = campus {
        sql.push(" AND campus = ").push_bind(campus.as_str());
    }
    push_progress(sql, list);
}

fn push_progress<DB: Database>(sql: &mut QueryBuilder<DB>, list: List) {
    match list {
        List::All => {}
        List::Pending => {
            sql.push(" AND progress = 'pending'");
        }
        List::Done => {
            sql.push(" AND progress = 'done'");
        }
    }
}

/// Page and limit are bounded by the parser far below what overflows.
fn signed(bounded: u64) -> i64 {
    i64::try_from(bounded).unwrap_or(i64::MAX)
}
