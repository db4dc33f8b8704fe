//! Reading tickets. Every list takes a query that the policy has permitted.

mod access_path;
mod conditions;
mod counts;
mod filter;
mod found;
mod page_index;
mod plan;
mod row;
mod sort;
pub mod verify;

use serde::de::DeserializeOwned;

pub(super) use conditions::{Subject, push_waiting};
pub(super) use row::{COLUMNS, MORE_COLUMNS, TicketRow};

use access_path::push_by_path;
use conditions::{Part, push_rows_on};
use counts::{COUNTED, push_sizes, push_total};
use found::push_found;
use plan::{AccessPath, Plan};
use row::{ContractRow, ListedRow, Row};
use sort::Ordering;

use super::Db;
use super::columns::row;
use super::dialect::SqlFragments;
use super::people::accounts::ACCOUNT_COLUMNS;
use super::sign_in::revoked_tokens::{Bearer, BearerRow};
use super::sql::Statement;
use crate::domain::access::Permitted;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::lists::sort::{Cursor, Direction, Start};
use crate::domain::paging::{Total, Window};
use crate::domain::tickets::status::ListSizes;
use crate::domain::tickets::ticket::{ContractTicket, Listed};
use crate::domain::time::{Day, Instant};

/// Function that returns the first instant of a day on the site's clock.
pub type StartOf<'a> = &'a (dyn Fn(Day) -> Instant + Sync);

/// A list, and what it takes to ask a database for it.
struct Listing<'a> {
    permitted: &'a Permitted,
    plan: Plan<'a>,
    start_of: StartOf<'a>,
    fragments: SqlFragments,
}

impl<'a> Listing<'a> {
    fn new(db: &Db, permitted: &'a Permitted, start_of: StartOf<'a>) -> Self {
        Self { permitted, plan: Plan::of(permitted), start_of, fragments: db.fragments() }
    }

    /// A statement, with what comes before anything else of it.
    fn statement(&self) -> Statement {
        let mut sql = Statement::default();
        push_found(&mut sql, self);
        sql
    }
}

/// One page, and the number of all that match. Both come from one statement, so
/// they agree. Past the last page: no rows. `None` where its reader must not learn
/// whether there is such a ticket.
pub async fn list(
    db: &Db,
    permitted: &Permitted,
    start_of: StartOf<'_>,
) -> sqlx::Result<Option<Window<ContractTicket>>> {
    let listing = Listing::new(db, permitted, start_of);
    let mut sql = listing.statement();
    sql.push("SELECT ");
    push_page::<ContractRow>(&mut sql, &listing);
    if let Some(proof) = permitted.proof_of_involvement() {
        sql.push(" WHERE EXISTS (SELECT 1");
        push_rows_on(&mut sql, &Listing::new(db, &proof, start_of), AccessPath::Along, Part::Whole);
        sql.push(")");
    }
    let row: Option<PageRow> = sql.fetch_optional(db).await?;
    row.map(|row| row.window::<ContractRow>(&listing)).transpose()
}

/// Reads a page as [`list`] does, together with its reader's account at that moment: one round
/// trip instead of two. `None` where there is no such person.
pub async fn list_with_bearer(
    db: &Db,
    UserId(reader): UserId,
    token_id: &str,
    permitted: &Permitted,
    start_of: StartOf<'_>,
) -> sqlx::Result<Option<(Bearer, Window<ContractTicket>)>> {
    let listing = Listing::new(db, permitted, start_of);
    let mut sql = listing.statement();
    sql.push("SELECT ").push(ACCOUNT_COLUMNS);
    sql.push(", EXISTS (SELECT 1 FROM revoked_tokens WHERE token_id = ").bind(token_id);
    sql.push(") AS is_revoked, ");
    push_page::<ContractRow>(&mut sql, &listing);
    sql.push(" FROM users WHERE id = ").bind(reader);
    let row: Option<BearerAndPageRow> = sql.fetch_optional(db).await?;
    row.map(|row| Ok((row.bearer.into(), row.page.window::<ContractRow>(&listing)?))).transpose()
}

/// A page as people see it: with names, and how many tickets each of the three
/// lists would hold under the same filters, if that is known.
pub async fn board(
    db: &Db,
    permitted: &Permitted,
    start_of: StartOf<'_>,
) -> sqlx::Result<(Window<Listed>, Option<ListSizes>)> {
    let listing = Listing::new(db, permitted, start_of);
    let mut sql = listing.statement();
    sql.push("SELECT ");
    push_page::<ListedRow>(&mut sql, &listing);
    sql.push(", ");
    push_sizes(&mut sql, &listing);
    sql.push(" AS sizes");
    let row: BoardRow = sql.fetch_one(db).await?;
    let sizes: Option<[u64; 3]> = row.sizes.as_deref().map(read_json).transpose()?;
    let sizes = sizes.map(|[pending, done, all]| ListSizes { pending, done, all });
    Ok((row.page.window::<ListedRow>(&listing)?, sizes))
}

/// The rows of a page, and nothing else of it.
pub async fn rows(db: &Db, permitted: &Permitted, start_of: StartOf<'_>) -> sqlx::Result<Vec<Listed>> {
    let listing = Listing::new(db, permitted, start_of);
    let mut sql = listing.statement();
    sql.push("SELECT ");
    push_page_rows::<ListedRow>(&mut sql, &listing);
    sql.take_time();
    let rows: Option<String> = sql.fetch_value(db, "page_rows").await?;
    in_order::<ListedRow>(&rows.ok_or(sqlx::Error::RowNotFound)?, permitted)
}

/// The first ticket of a page, and nothing else of it.
pub async fn first(db: &Db, permitted: &Permitted, start_of: StartOf<'_>) -> sqlx::Result<Option<TicketId>> {
    let listing = Listing::new(db, permitted, start_of);
    let mut sql = listing.statement();
    sql.push("SELECT ");
    push_by_path(&mut sql, &listing, |sql, way| {
        sql.push("(");
        push_rows(sql, &["id"], &listing, way);
        sql.push(")");
    });
    sql.push(" AS id");
    let id: Option<Option<i64>> = sql.fetch_value(db, "id").await?;
    Ok(id.flatten().map(TicketId))
}

row! {
    struct PageRow {
        page_rows: String,
        total: i64,
        /// Number of rows before the page, for pages that begin at a cursor.
        rows_ahead: Option<i64>,
    }
}

row! {
    struct BearerAndPageRow {
        bearer: BearerRow,
        page: PageRow,
    }
}

row! {
    struct BoardRow {
        page: PageRow,
        sizes: Option<String>,
    }
}

impl PageRow {
    fn window<R: Row>(self, Listing { permitted, plan, .. }: &Listing<'_>) -> sqlx::Result<Window<R::Item>> {
        let query = permitted.query();
        let items = in_order::<R>(&self.page_rows, permitted)?;
        let counted =
            |number: i64| (plan.counts_exactly() || number <= COUNTED).then(|| number.unsigned_abs());
        // Unlike totals, they are counted by the way, if not by blocks.
        let knows = |ahead: &i64| plan.series.is_some() || *ahead <= COUNTED;
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
    Ordering { by: query.sorted_by(), direction: query.order.direction }
}

/// The columns of [`PageRow`].
fn push_page<R: Row>(sql: &mut Statement, listing: &Listing<'_>) {
    push_page_rows::<R>(sql, listing);
    sql.push(", ");
    push_total(sql, listing);
    sql.push(" AS total, ");
    push_rows_ahead(sql, listing);
    sql.push(" AS rows_ahead");
}

fn push_page_rows<R: Row>(sql: &mut Statement, listing: &Listing<'_>) {
    let values = listing.fragments.rows_as_json.replace("{}", &R::values(listing.fragments.json_array));
    push_by_path(sql, listing, |sql, way| {
        sql.push("(SELECT ").push(&values).push(" FROM (");
        push_rows(sql, R::COLUMNS, listing, way);
        sql.push(") AS page)");
    });
    sql.push(" AS page_rows");
}

fn push_rows(sql: &mut Statement, columns: &[&str], listing: &Listing<'_>, way: AccessPath) {
    let permitted = listing.permitted;
    let query = permitted.query();
    let ordering = ordering(permitted);
    let offset = match query.start {
        // Bounded by the parser far below what overflows.
        Start::Page(number) => (number - 1) * query.limit,
        Start::After(_) | Start::Before(_) => 0,
    };
    let jump = listing.plan.series.filter(|_| offset > page_index::WORTHWHILE);

    if let Some(series) = jump {
        page_index::push_location(sql, series, signed(offset), ordering.direction);
    }
    let (reading, part) = match query.start {
        Start::Page(_) if jump.is_some() => (ordering, Part::FromBlock(ordering.direction)),
        Start::Page(_) => (ordering, Part::Whole),
        Start::After(place) => (ordering, Part::Behind(ordering, place)),
        Start::Before(place) => (ordering.reversed(), Part::Behind(ordering.reversed(), place)),
    };
    sql.push("SELECT ").push(&columns.join(", "));
    push_rows_on(sql, listing, way, part);
    reading.push_order(sql, way);
    // Written out, not bound: SQLite plans anew whenever a bound limit changes
    // hands, and PostgreSQL guesses badly what an unknown one leaves.
    sql.push(" LIMIT ").push_number(signed(query.limit));
    if jump.is_some() {
        sql.push(page_index::SKIP);
    } else if offset > 0 {
        sql.push(" OFFSET ").bind(signed(offset));
    }
}

/// Pushes the number of rows before the page that begins, or ends, at a cursor.
fn push_rows_ahead(sql: &mut Statement, listing: &Listing<'_>) {
    let permitted = listing.permitted;
    let ordering = ordering(permitted);
    let (place, is_included) = match permitted.query().start {
        Start::Page(_) => {
            sql.push("CAST(NULL AS BIGINT)");
            return;
        }
        Start::After(place) => (place, true),
        Start::Before(place) => (place, false),
    };
    if let Some(series) = listing.plan.series {
        let TicketId(id) = place.id;
        let id = match ordering.direction {
            _ if !is_included => id,
            Direction::Descending => id - 1,
            Direction::Ascending => id + 1,
        };
        page_index::push_ordinal(sql, series, id, ordering.direction);
        return;
    }
    let part =
        if is_included { Part::UpTo(ordering, place) } else { Part::Behind(ordering.reversed(), place) };
    push_by_path(sql, listing, |sql, way| {
        sql.push("(SELECT COUNT(*) FROM (SELECT 1 AS one");
        push_rows_on(sql, listing, way, part);
        if way == AccessPath::Along {
            // Else it may be tempted into an index of a filter.
            ordering.push_order(sql, way);
        }
        sql.push(" LIMIT ").push_number(COUNTED + 1).push(") AS ahead)");
    });
}

/// Page and limit are bounded by the parser far below what overflows.
fn signed(bounded: u64) -> i64 {
    i64::try_from(bounded).unwrap_or(i64::MAX)
}
