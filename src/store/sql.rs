//! A statement that reads: its text, and the values that it binds.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::{CachedStatement, Connection};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Postgres};

use super::Db;
use super::columns::FromColumns;
use super::pool::{Pool, within};
use super::sqlite::{Pace, failure};

/// Its text is the desk's own: what people typed is bound, never written into it.
pub(super) struct Statement {
    text: String,
    values: Vec<Value>,
    pace: Pace,
}

enum Value {
    Integer(i64),
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl Default for Statement {
    fn default() -> Self {
        Self { text: String::new(), values: Vec::new(), pace: Pace::Brief }
    }
}

/// How many rows are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    First,
    All,
}

#[expect(private_bounds, reason = "callers bind integers and texts, not the enum")]
impl Statement {
    /// A statement whose text is there already: `$1` is the first [`value`](Self::value).
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// For reads of many rows: tried first where nothing may be held up, they would be done twice.
    pub const fn take_time(&mut self) {
        self.pace = Pace::Long;
    }

    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub fn push_number(&mut self, number: impl Into<i64>) -> &mut Self {
        let _ = write!(self.text, "{}", number.into());
        self
    }

    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let _ = write!(self.text, "${}", self.values.len());
        self
    }

    /// Binds values, with commas in between.
    pub fn bind_list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        for (number, value) in values.into_iter().enumerate() {
            self.push(if number > 0 { ", " } else { "" }).bind(value);
        }
        self
    }

    /// Binds a value that the text names already.
    pub fn value(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    pub async fn fetch_one<Row: FromColumns + Send + 'static>(self, db: &Db) -> sqlx::Result<Row> {
        self.fetch_optional(db).await?.ok_or(sqlx::Error::RowNotFound)
    }

    pub async fn fetch_optional<Row: FromColumns + Send + 'static>(
        self,
        db: &Db,
    ) -> sqlx::Result<Option<Row>> {
        Ok(self.fetch(db, Wanted::First, "").await?.pop())
    }

    pub async fn fetch_all<Row: FromColumns + Send + 'static>(self, db: &Db) -> sqlx::Result<Vec<Row>> {
        self.fetch(db, Wanted::All, "").await
    }

    /// One column of the first row.
    pub async fn fetch_value<T: FromColumns + Send + 'static>(
        self,
        db: &Db,
        column: &'static str,
    ) -> sqlx::Result<Option<T>> {
        Ok(self.fetch(db, Wanted::First, column).await?.pop())
    }

    /// One column of every row.
    pub async fn fetch_column<T: FromColumns + Send + 'static>(
        self,
        db: &Db,
        column: &'static str,
    ) -> sqlx::Result<Vec<T>> {
        self.fetch(db, Wanted::All, column).await
    }

    async fn fetch<Row: FromColumns + Send + 'static>(
        self,
        db: &Db,
        wanted: Wanted,
        column: &'static str,
    ) -> sqlx::Result<Vec<Row>> {
        match db {
            Db::Sqlite { direct, .. } => {
                direct.read(self.pace, move |connection| self.read_sqlite(connection, wanted, column)).await
            }
            Db::Postgres { read, .. } => self.read_postgres(read, wanted, column).await,
        }
    }

    fn read_sqlite<Row: FromColumns>(
        &self,
        connection: &Connection,
        wanted: Wanted,
        column: &'static str,
    ) -> sqlx::Result<Vec<Row>> {
        let begun = Instant::now();
        let mut statement = connection.prepare_cached(&self.text).map_err(failure)?;
        self.bind_sqlite(&mut statement)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(failure)? {
            found.push(Row::read(row, column)?);
            if wanted == Wanted::First {
                break;
            }
        }
        log(&self.text, found.len(), begun.elapsed());
        Ok(found)
    }

    /// SQLite takes `$1` for a name, and numbers its parameters as they come.
    fn bind_sqlite(&self, statement: &mut CachedStatement<'_>) -> sqlx::Result<()> {
        for index in 1..=statement.parameter_count() {
            let name = statement.parameter_name(index).and_then(|name| name.strip_prefix('$'));
            let number: usize = name.and_then(|name| name.parse().ok()).unwrap_or_default();
            match number.checked_sub(1).and_then(|place| self.values.get(place)) {
                Some(Value::Integer(number)) => statement.raw_bind_parameter(index, number),
                Some(Value::Text(text)) => statement.raw_bind_parameter(index, text),
                None => Err(rusqlite::Error::InvalidParameterCount(self.values.len(), index)),
            }
            .map_err(failure)?;
        }
        Ok(())
    }

    async fn read_postgres<Row: FromColumns>(
        self,
        read: &Arc<Pool<Postgres>>,
        wanted: Wanted,
        column: &'static str,
    ) -> sqlx::Result<Vec<Row>> {
        let text: Arc<str> = self.text.into();
        let mut lent = read.lend().await?;
        let rows: Vec<PgRow> = loop {
            let patience = lent.patience();
            let mut query = sqlx::query(AssertSqlSafe(Arc::clone(&text)));
            for value in &self.values {
                query = match value {
                    Value::Integer(number) => query.bind(*number),
                    Value::Text(text) => query.bind(text.as_str()),
                };
            }
            let rows = async {
                match wanted {
                    Wanted::First => Ok(query.fetch_optional(&mut *lent).await?.into_iter().collect()),
                    Wanted::All => query.fetch_all(&mut *lent).await,
                }
            };
            match within(patience, rows).await {
                Ok(rows) => break rows,
                // Where the connection had broken while it waited, it is done once more on a fresh one.
                Err(error) => lent.retry_after(error).await?,
            }
        };
        lent.give_back().await?;
        rows.iter().map(|row| Row::read(row, column)).collect()
    }
}

/// A statement that takes so long is worth a warning, as sqlx gives one.
const SLOW: Duration = Duration::from_secs(1);

/// Logs a statement under sqlx's name: whoever looks for statements finds all of them.
fn log(text: &str, rows: usize, elapsed: Duration) {
    if elapsed < SLOW {
        tracing::debug!(target: "sqlx::query", rows_returned = rows, db.statement = text, ?elapsed, "a statement");
    } else {
        tracing::warn!(target: "sqlx::query", rows_returned = rows, db.statement = text, ?elapsed, "slow statement");
    }
}
