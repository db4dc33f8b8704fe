//! Reading tickets. Every list takes a query that the policy has permitted.

mod blocks;
mod conditions;
mod order;
mod row;
mod totals;

use serde::de::DeserializeOwned;
use sqlx::FromRow;

pub use conditions::StartOf;
pub(super) use conditions::push_waiting;
pub(super) use row::{COLUMNS, DossierRow, MORE_COLUMNS};

use conditions::{push_conditions, series};
use order::Ordering;
use row::{ListedRow, Row, TicketRow};
use totals::{COUNTED, Counter, is_short, push_sizes, push_total};

use super::Db;
use super::people::ACCOUNT_COLUMNS;
use super::revoked_tokens::{Bearer, BearerRow};
use super::statement::Statement;
use crate::domain::order::{Cursor, Direction, Start};
use crate::domain::paging::{Total, Window};
use crate::domain::person::UserId;
use crate::domain::policy::Permitted;
use crate::domain::status::ListSizes;
use crate::domain::ticket::{Listed, Ticket, TicketId};

/// One page, and the number of all that match. Both come from one statement, so
/// they agree. Past the last page: no rows.
pub async fn list(db: &Db, permitted: &Permitted, start_of: StartOf<'_>) -> sqlx::Result<Window<Ticket>> {
    let mut sql = Statement::default();
    sql.push("SELECT ");
    push_page::<TicketRow>(db, &mut sql, permitted, start_of);
    let row: PageRow = sql.fetch_one(db).await?;
    row.window::<TicketRow>(permitted)
}

/// The same together with the standing of its reader at that moment, `None`
/// where there is no such person: half the round trips of asking twice.
pub async fn list_with_bearer(
    db: &Db,
    UserId(reader): UserId,
    token_id: &str,
    permitted: &Permitted,
    start_of: StartOf<'_>,
) -> sqlx::Result<Option<(Bearer, Window<Ticket>)>> {
    let mut sql = Statement::default();
    sql.push("SELECT ").push(ACCOUNT_COLUMNS);
    sql.push(", EXISTS (SELECT 1 FROM revoked_tokens WHERE token_id = ").bind(token_id);
    sql.push(") AS is_revoked, ");
    push_page::<TicketRow>(db, &mut sql, permitted, start_of);
    sql.push(" FROM users WHERE id = ").bind(reader);
    let row: Option<BearerAndPageRow> = sql.fetch_optional(db).await?;
    row.map(|row| Ok((row.bearer.into(), row.page.window::<TicketRow>(permitted)?))).transpose()
}

/// A page as people see it: with names, and how many tickets each of the three
/// lists would hold under the same filters, if that is known.
pub async fn board(
    db: &Db,
    permitted: &Permitted,
    start_of: StartOf<'_>,
) -> sqlx::Result<(Window<Listed>, Option<ListSizes>)> {
    let mut sql = Statement::default();
    sql.push("SELECT ");
    push_page::<ListedRow>(db, &mut sql, permitted, start_of);
    sql.push(", ");
    push_sizes(&mut sql, db.words().json_array, permitted);
    sql.push(" AS sizes");
    let row: BoardRow = sql.fetch_one(db).await?;
    let sizes: Option<[u64; 3]> = row.sizes.as_deref().map(read_json).transpose()?;
    let sizes = sizes.map(|[pending, done, all]| ListSizes { pending, done, all });
    Ok((row.page.window::<ListedRow>(permitted)?, sizes))
}

/// The rows of a page, and nothing else of it.
pub async fn rows(db: &Db, permitted: &Permitted, start_of: StartOf<'_>) -> sqlx::Result<Vec<Listed>> {
    let mut sql = Statement::default();
    sql.push("SELECT ");
    push_page_rows::<ListedRow>(db, &mut sql, permitted, start_of);
    let (rows,): (String,) = sql.fetch_one(db).await?;
    in_order::<ListedRow>(&rows, permitted)
}

/// The first ticket of a page, and nothing else of it.
pub async fn first(db: &Db, permitted: &Permitted, start_of: StartOf<'_>) -> sqlx::Result<Option<TicketId>> {
    let mut sql = Statement::default();
    push_rows(&mut sql, &["id"], permitted, start_of);
    let row: Option<(i64,)> = sql.fetch_optional(db).await?;
    Ok(row.map(|(id,)| TicketId(id)))
}

#[derive(FromRow)]
struct PageRow {
    page_rows: String,
    total: i64,
    /// Of pages that begin at a place: how many rows come before it.
    rows_ahead: Option<i64>,
}

#[derive(FromRow)]
struct BearerAndPageRow {
    #[sqlx(flatten)]
    bearer: BearerRow,
    #[sqlx(flatten)]
    page: PageRow,
}

#[derive(FromRow)]
struct BoardRow {
    #[sqlx(flatten)]
    page: PageRow,
    sizes: Option<String>,
}

impl PageRow {
    fn window<R: Row>(self, permitted: &Permitted) -> sqlx::Result<Window<R::Item>> {
        let query = permitted.query();
        let items = in_order::<R>(&self.page_rows, permitted)?;
        let counted = |number: i64| (is_exact(permitted) || number <= COUNTED).then(|| number.unsigned_abs());
        // Unlike totals, they are counted by the way, if not by blocks.
        let knows = |ahead: &i64| series(permitted).is_some() || *ahead <= COUNTED;
        let ahead = self.rows_ahead.filter(knows).map(i64::unsigned_abs);
        let before = match query.start {
            Start::Page(number) => Some((number - 1) * query.limit),
            Start::After(_) => ahead,
            Start::Before(_) => ahead.map(|ahead| ahead.saturating_sub(items.len() as u64)),
        };
        let total = counted(self.total).map_or(Total::MoreThan(COUNTED.unsigned_abs()), Total::Exactly);
        Ok(Window { items, before, limit: query.limit, total })
    }
}

fn in_order<R: Row>(page_rows: &str, permitted: &Permitted) -> sqlx::Result<Vec<R::Item>> {
    let Ordering { by, direction, .. } = ordering(permitted);
    let rows: Vec<R> = read_json(page_rows)?;
    let mut items: Vec<R::Item> = rows.into_iter().map(R::item).collect();
    // The rows come in this order already; only a database cannot promise it.
    items.sort_by_key(|item| {
        let Cursor { at, id } = R::place(item, by);
        (at, id)
    });
    if direction == Direction::Descending {
        items.reverse();
    }
    Ok(items)
}

fn read_json<T: DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn ordering(permitted: &Permitted) -> Ordering {
    let query = permitted.query();
    Ordering {
        by: query.sorted_by(),
        direction: query.order.direction,
        is_sorted_late: permitted.waiting_for().is_some(),
    }
}

/// Whether numbers of this list's rows are exact however high they are.
fn is_exact(permitted: &Permitted) -> bool {
    is_short(permitted) || Counter::of(permitted).is_some()
}

/// The columns of [`PageRow`].
fn push_page<R: Row>(db: &Db, sql: &mut Statement, permitted: &Permitted, start_of: StartOf<'_>) {
    push_page_rows::<R>(db, sql, permitted, start_of);
    sql.push(", ");
    push_total(sql, permitted, start_of);
    sql.push(" AS total, ");
    push_rows_ahead(sql, permitted, start_of);
    sql.push(" AS rows_ahead");
}

fn push_page_rows<R: Row>(db: &Db, sql: &mut Statement, permitted: &Permitted, start_of: StartOf<'_>) {
    let words = db.words();
    sql.push("(SELECT ")
        .push(&words.rows_as_json.replace("{}", &R::values(words.json_array)))
        .push(" FROM (");
    push_rows(sql, R::COLUMNS, permitted, start_of);
    sql.push(") AS page) AS page_rows");
}

fn push_rows(sql: &mut Statement, columns: &[&str], permitted: &Permitted, start_of: StartOf<'_>) {
    let query = permitted.query();
    let ordering = ordering(permitted);
    let offset = match query.start {
        // Bounded by the parser far below what overflows.
        Start::Page(number) => (number - 1) * query.limit,
        Start::After(_) | Start::Before(_) => 0,
    };
    let jump = series(permitted).filter(|_| offset > blocks::WORTHWHILE);

    if let Some(series) = jump {
        blocks::push_location(sql, series, signed(offset), ordering.direction);
    }
    sql.push("SELECT ").push(&columns.join(", ")).push(" FROM tickets");
    push_conditions(sql, permitted, start_of);
    if jump.is_some() {
        blocks::push_from_location(sql, ordering.direction);
    }
    let reading = match query.start {
        Start::Page(_) => ordering,
        Start::After(place) => {
            ordering.push_behind(sql, place);
            ordering
        }
        Start::Before(place) => {
            ordering.reversed().push_behind(sql, place);
            ordering.reversed()
        }
    };
    reading.push_order(sql);
    // Written out, not bound: SQLite plans anew whenever a bound limit changes
    // hands, and PostgreSQL guesses badly what an unknown one leaves.
    sql.push(" LIMIT ").push_number(signed(query.limit));
    if jump.is_some() {
        sql.push(blocks::SKIP);
    } else if offset > 0 {
        sql.push(" OFFSET ").bind(signed(offset));
    }
}

/// How many rows come before the page that begins, or ends, at a place.
fn push_rows_ahead(sql: &mut Statement, permitted: &Permitted, start_of: StartOf<'_>) {
    let ordering = ordering(permitted);
    let (place, is_included) = match permitted.query().start {
        Start::Page(_) => {
            sql.push("CAST(NULL AS BIGINT)");
            return;
        }
        Start::After(place) => (place, true),
        Start::Before(place) => (place, false),
    };
    if let Some(series) = series(permitted) {
        let TicketId(id) = place.id;
        let id = match ordering.direction {
            _ if !is_included => id,
            Direction::Descending => id - 1,
            Direction::Ascending => id + 1,
        };
        blocks::push_ordinal(sql, series, id, ordering.direction);
        return;
    }
    sql.push("(SELECT COUNT(*) FROM (SELECT 1 AS one FROM tickets");
    push_conditions(sql, permitted, start_of);
    if is_included {
        ordering.push_up_to(sql, place);
    } else {
        ordering.reversed().push_behind(sql, place);
    }
    sql.push(" LIMIT ").push_number(COUNTED + 1).push(") AS ahead)");
}

/// Page and limit are bounded by the parser far below what overflows.
fn signed(bounded: u64) -> i64 {
    i64::try_from(bounded).unwrap_or(i64::MAX)
}
