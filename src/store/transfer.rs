//! Whole databases in and out: bulk loads, and walks in order of id.

use sqlx::{AssertSqlSafe, Database, Encode, QueryBuilder, Type};

use super::dialect;
use super::people::PersonRow;
use super::tickets::{COLUMNS, TicketRow};
use super::{Db, Tx, on_tx};
use crate::domain::person::{Person, UserId};
use crate::domain::ticket::{Ticket, TicketId};

/// Sixteen columns a ticket, and SQLite takes 32,766 values a statement.
pub const MAX_BATCH: usize = 1_000;

const PERSON_COLUMNS: &str =
    "id, username, role, nickname, phone, email, campus, disabled, password_hash, created_at";

/// A load in one transaction. Into an empty table, indexes are built at the
/// end: sorting once is much cheaper than a million insertions at random places.
pub struct Bulk {
    tx: Tx,
    found_anything: bool,
    indexes: Vec<(String, String)>,
}

impl Bulk {
    pub async fn begin(db: &Db) -> sqlx::Result<Self> {
        let mut tx = db.begin().await?;
        // The second of two loads must see what the first has brought.
        dialect::take_turns(&mut tx, "bulk load").await?;
        let had_tickets = has_rows(&mut tx, ANY_TICKET).await?;
        let found_anything = had_tickets || has_rows(&mut tx, ANY_PERSON).await?;
        let mut indexes = Vec::new();
        if !had_tickets {
            indexes = dialect::index_definitions(&mut tx, "tickets").await?;
            for (name, _) in &indexes {
                execute(&mut tx, format!("DROP INDEX {name}")).await?;
            }
        }
        Ok(Self { tx, found_anything, indexes })
    }

    /// Whether there were people or tickets before.
    pub const fn found_anything(&self) -> bool {
        self.found_anything
    }

    /// The transaction, for whatever else belongs to the load.
    pub const fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    pub async fn commit(mut self) -> sqlx::Result<()> {
        for (_, definition) in std::mem::take(&mut self.indexes) {
            execute(&mut self.tx, definition).await?;
        }
        dialect::refresh_statistics(&mut self.tx).await?;
        self.tx.commit().await
    }

    /// At most [`MAX_BATCH`] people. A refused batch changes nothing, and the
    /// load may go on.
    pub async fn insert_people(&mut self, people: &[Person]) -> sqlx::Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        self.in_savepoint(async |tx| {
            on_tx!(tx, |conn| people_statement(people).build().execute(conn).await.map(|_| ()))
        })
        .await
    }

    /// At most [`MAX_BATCH`] tickets, as [`Self::insert_people`].
    pub async fn insert_tickets(&mut self, tickets: &[Ticket]) -> sqlx::Result<()> {
        if tickets.is_empty() {
            return Ok(());
        }
        self.in_savepoint(async |tx| {
            on_tx!(tx, |conn| tickets_statement(tickets).build().execute(conn).await.map(|_| ()))
        })
        .await
    }

    async fn in_savepoint(
        &mut self,
        work: impl AsyncFnOnce(&mut Tx) -> sqlx::Result<()>,
    ) -> sqlx::Result<()> {
        execute(&mut self.tx, "SAVEPOINT batch".to_owned()).await?;
        let done = work(&mut self.tx).await;
        if done.is_err() {
            execute(&mut self.tx, "ROLLBACK TO SAVEPOINT batch".to_owned()).await?;
        }
        execute(&mut self.tx, "RELEASE SAVEPOINT batch".to_owned()).await?;
        done
    }
}

const ANY_PERSON: &str = "SELECT id FROM users LIMIT 1";
const ANY_TICKET: &str = "SELECT id FROM tickets LIMIT 1";

async fn has_rows(tx: &mut Tx, any: &'static str) -> sqlx::Result<bool> {
    let id: Option<i64> = on_tx!(tx, |conn| sqlx::query_scalar(any).fetch_optional(conn).await?);
    Ok(id.is_some())
}

/// Only for statements of this module and of the database's own catalogue.
async fn execute(tx: &mut Tx, statement: String) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(AssertSqlSafe(statement)).execute(conn).await.map(|_| ()))
}

fn people_statement<DB: Database>(people: &[Person]) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> bool: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new("INSERT INTO users (");
    sql.push(PERSON_COLUMNS).push(") ");
    sql.push_values(people, |mut row, person| {
        row.push_bind(person.id.0)
            .push_bind(person.username.as_str())
            .push_bind(person.role.name())
            .push_bind(person.nickname.as_str())
            .push_bind(person.phone.as_str())
            .push_bind(person.email.as_str())
            .push_bind(person.campus.as_str())
            .push_bind(person.disabled)
            .push_bind(person.password_hash.as_str())
            .push_bind(person.created_at.0);
    });
    sql
}

fn tickets_statement<DB: Database>(tickets: &[Ticket]) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> Option<i64>: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
    for<'q> Option<&'q str>: Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new("INSERT INTO tickets (");
    sql.push(COLUMNS).push(") ");
    sql.push_values(tickets, |mut row, ticket| {
        row.push_bind(ticket.id.0)
            .push_bind(ticket.owner.0)
            .push_bind(ticket.technician.map(|person| person.0))
            .push_bind(ticket.status.name())
            .push_bind(ticket.purchase_date.as_deref())
            .push_bind(ticket.phone.as_str())
            .push_bind(ticket.device_type.as_str())
            .push_bind(ticket.brand.as_str())
            .push_bind(ticket.description.as_str())
            .push_bind(ticket.image_url.as_deref())
            .push_bind(ticket.fault_type.as_str())
            .push_bind(ticket.qq.as_str())
            .push_bind(ticket.campus.as_str())
            .push_bind(ticket.created_at.0)
            .push_bind(ticket.assigned_at.map(|time| time.0))
            .push_bind(ticket.completed_at.map(|time| time.0));
    });
    sql
}

/// A transaction in which every read sees the same moment.
pub async fn snapshot(db: &Db) -> sqlx::Result<Tx> {
    Ok(match db {
        Db::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
        Db::Postgres(pool) => Tx::Postgres(pool.begin_with(dialect::POSTGRES_SNAPSHOT).await?),
    })
}

/// Rows fetched at a time: a walk takes constant memory.
const STRIDE: i64 = 1_000;

const PEOPLE_AFTER: &str = "SELECT id, username, role, nickname, phone, email, campus, disabled,
        password_hash, created_at
    FROM users WHERE id > $1 ORDER BY id LIMIT $2";
const TICKETS_AFTER: &str = "SELECT id, user_id, technician_id, status, purchase_date, phone,
        device_type, brand, description, image_url, fault_type, qq, campus,
        created_at, assigned_at, completed_at
    FROM tickets WHERE id > $1 ORDER BY id LIMIT $2";

/// The next people in order of id; empty at the end.
pub async fn people_after(tx: &mut Tx, UserId(after): UserId) -> sqlx::Result<Vec<Person>> {
    let rows: Vec<PersonRow> =
        on_tx!(tx, |conn| { sqlx::query_as(PEOPLE_AFTER).bind(after).bind(STRIDE).fetch_all(conn).await? });
    Ok(rows.into_iter().map(Person::from).collect())
}

/// The next tickets in order of id; empty at the end.
pub async fn tickets_after(tx: &mut Tx, TicketId(after): TicketId) -> sqlx::Result<Vec<Ticket>> {
    let rows: Vec<TicketRow> =
        on_tx!(tx, |conn| { sqlx::query_as(TICKETS_AFTER).bind(after).bind(STRIDE).fetch_all(conn).await? });
    Ok(rows.into_iter().map(Ticket::from).collect())
}
