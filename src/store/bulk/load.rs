//! Bulk loads: many rows in one transaction.

use sqlx::{AssertSqlSafe, PgConnection, Sqlite};

use crate::domain::ids::TicketId;
use crate::domain::people::person::Person;
use crate::domain::photo::Photo;
use crate::domain::tickets::event::Event;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::time::Instant;
use crate::store::dialect::{self, DeferredIndex};
use crate::store::lists::{COLUMNS, MORE_COLUMNS};
use crate::store::people::accounts;
use crate::store::people::preferences::campuses_text;
use crate::store::tickets::cells::{Cell, cells};
use crate::store::tickets::events::{bulk_statement, changes_text};
use crate::store::tickets::record::insert_statement;
use crate::store::tickets::{photos, trash};
use crate::store::{Db, Tx, on_tx};

/// Twenty-two columns a ticket, and SQLite takes 32,766 values a statement.
pub const MAX_BATCH: usize = 1_000;

/// A load in one transaction. Into an empty table, indexes are built and totals
/// counted at the end: that is much cheaper than a million times a little.
pub struct Bulk {
    db: Db,
    tx: Tx,
    found_anything: bool,
    /// Indexes and triggers to be restored.
    removed: Vec<DeferredIndex>,
}

impl Bulk {
    pub async fn begin(db: &Db) -> sqlx::Result<Self> {
        let mut tx = db.begin().await?;
        let nothing_there = !has_rows(&mut tx, ANY_TICKET).await?;
        tx.roll_back().await?;
        if nothing_there {
            dialect::leave_log(db).await;
        }
        let mut tx = db.begin().await?;
        dialect::prepare_for_load(&mut tx).await?;
        // The second of two loads must see what the first has brought.
        dialect::lock(&mut tx, "bulk load").await?;
        let had_tickets = has_rows(&mut tx, ANY_TICKET).await?;
        let found_anything = had_tickets || has_rows(&mut tx, ANY_PERSON).await?;
        let mut removed = Vec::new();
        if !had_tickets {
            removed = dialect::burdens(&mut tx).await?;
            for burden in &removed {
                execute(&mut tx, burden.removal.clone()).await?;
            }
        }
        Ok(Self { db: db.clone(), tx, found_anything, removed })
    }

    /// Returns `true` if there were people or tickets before the load.
    pub const fn found_anything(&self) -> bool {
        self.found_anything
    }

    /// Transaction of the load, for other rows that belong to it.
    pub const fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    pub async fn commit(mut self) -> sqlx::Result<()> {
        if !self.removed.is_empty() {
            for burden in std::mem::take(&mut self.removed) {
                execute(&mut self.tx, burden.definition).await?;
            }
            dialect::count_again(&mut self.tx).await?;
        }
        photos::forget_loaded(&mut self.tx).await?;
        dialect::refresh_statistics(&mut self.tx).await?;
        self.tx.commit().await?;
        dialect::return_to_log(&self.db).await
    }

    /// Rolls the load back. An error here is dropped: it says less than the one that made the load
    /// fail.
    pub async fn abandon(self) {
        if self.tx.roll_back().await.is_ok() {
            let _ = dialect::return_to_log(&self.db).await;
        }
    }

    /// Inserts at most [`MAX_BATCH`] people. A refused batch changes nothing, and the load may go
    /// on.
    pub async fn insert_people(&mut self, people: &[Person]) -> sqlx::Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        let campuses = people.iter().map(|person| campuses_text(&person.choices.duty));
        let campuses: Vec<String> = campuses.collect::<Result<_, _>>()?;
        self.in_savepoint(async |tx| {
            on_tx!(tx, |conn: Driver| {
                accounts::insert_statement::<Driver>(people, &campuses)
                    .build()
                    .execute(conn)
                    .await
                    .map(|_| ())
            })
        })
        .await
    }

    /// Inserts at most [`MAX_BATCH`] tickets, as [`Self::insert_people`].
    pub async fn insert_tickets(&mut self, tickets: &[Ticket]) -> sqlx::Result<()> {
        if tickets.is_empty() {
            return Ok(());
        }
        self.in_savepoint(async |tx| match tx {
            Tx::Sqlite(tx) => {
                insert_statement::<Sqlite>(tickets).build().execute(&mut **tx).await.map(|_| ())
            }
            Tx::Postgres(tx) => copy_tickets(tx, tickets).await,
        })
        .await
    }

    /// Inserts at most [`MAX_BATCH`] events, as [`Self::insert_people`].
    pub async fn insert_events(&mut self, events: &[Event]) -> sqlx::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let changes: Vec<String> = events.iter().map(changes_text).collect::<Result<_, _>>()?;
        self.in_savepoint(async |tx| {
            on_tx!(tx, |conn: Driver| {
                bulk_statement::<Driver>(events, &changes).build().execute(conn).await.map(|_| ())
            })
        })
        .await
    }

    /// Inserts a ticket that is in no list, as [`Self::insert_people`].
    pub async fn insert_deleted_ticket(&mut self, ticket: &Ticket, deleted_at: Instant) -> sqlx::Result<()> {
        self.in_savepoint(async |tx| trash::keep(tx, ticket, deleted_at).await).await
    }

    /// Inserts a photo, as [`Self::insert_people`].
    pub async fn insert_photo(&mut self, photo: &Photo) -> sqlx::Result<()> {
        self.in_savepoint(async |tx| photos::insert(tx, photo).await).await
    }

    /// Returns `true` if the ticket exists, or is deleted and may be restored.
    pub async fn has_ticket(&mut self, TicketId(id): TicketId) -> sqlx::Result<bool> {
        let found: Option<i64> = on_tx!(&mut self.tx, |conn| sqlx::query_scalar(TICKET_BY_ID)
            .bind(id)
            .fetch_optional(conn)
            .await?);
        Ok(found.is_some())
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

/// Returns `true` if there are neither people nor tickets.
pub async fn is_empty(db: &Db) -> sqlx::Result<bool> {
    let mut tx = db.begin().await?;
    let found = has_rows(&mut tx, ANY_TICKET).await? || has_rows(&mut tx, ANY_PERSON).await?;
    tx.roll_back().await?;
    Ok(!found)
}

const TICKET_BY_ID: &str = "SELECT id FROM tickets WHERE id = $1
    UNION ALL SELECT id FROM deleted_tickets WHERE id = $1";
const ANY_PERSON: &str = "SELECT id FROM users LIMIT 1";
const ANY_TICKET: &str = "SELECT id FROM tickets LIMIT 1";

async fn has_rows(tx: &mut Tx, any: &'static str) -> sqlx::Result<bool> {
    let id: Option<i64> = on_tx!(tx, |conn| sqlx::query_scalar(any).fetch_optional(conn).await?);
    Ok(id.is_some())
}

/// Runs a statement made by this module or the database's own catalogue.
async fn execute(tx: &mut Tx, statement: String) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(AssertSqlSafe(statement)).execute(conn).await.map(|_| ()))
}

/// Copies tickets, since PostgreSQL plans a thousand rows longer than it inserts them.
async fn copy_tickets(tx: &mut PgConnection, tickets: &[Ticket]) -> sqlx::Result<()> {
    let mut rows = String::with_capacity(tickets.len() * 400);
    for ticket in tickets {
        copy_row(&mut rows, ticket);
    }
    let mut copy = tx.copy_in_raw(&format!("COPY tickets ({COLUMNS}, {MORE_COLUMNS}) FROM STDIN")).await?;
    copy.send(rows.into_bytes()).await?;
    copy.finish().await.map(|_| ())
}

fn copy_row(rows: &mut String, ticket: &Ticket) {
    for (position, (_, cell)) in cells(ticket).into_iter().enumerate() {
        if position > 0 {
            rows.push('\t');
        }
        match cell {
            Cell::Number(number) => copy_cell(rows, number.map(|number| number.to_string()).as_deref()),
            Cell::Text(text) => copy_cell(rows, text),
        }
    }
    rows.push('\n');
}

/// COPY's text format: `\N` is null, and four characters need a backslash.
fn copy_cell(rows: &mut String, cell: Option<&str>) {
    let Some(text) = cell else { return rows.push_str("\\N") };
    for character in text.chars() {
        match character {
            '\\' => rows.push_str("\\\\"),
            '\t' => rows.push_str("\\t"),
            '\n' => rows.push_str("\\n"),
            '\r' => rows.push_str("\\r"),
            plain => rows.push(plain),
        }
    }
}
