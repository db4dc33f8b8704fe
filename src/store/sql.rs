//! A statement that reads: its text, and the values that it binds.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::{CachedStatement, Connection};
use sqlx::{AssertSqlSafe, Postgres};

use super::columns::FromColumns;
use super::pool::Pool;
use super::sqlite::{Pace, failure};
use super::{Db, on_db};

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
        Ok(self.fetch(db, Wanted::First).await?.pop())
    }

    pub async fn fetch_all<Row: FromColumns + Send + 'static>(self, db: &Db) -> sqlx::Result<Vec<Row>> {
        self.fetch(db, Wanted::All).await
    }

    async fn fetch<Row: FromColumns + Send + 'static>(
        self,
        db: &Db,
        wanted: Wanted,
    ) -> sqlx::Result<Vec<Row>> {
        match db {
            Db::Sqlite { direct, .. } => {
                direct.read(self.pace, move |connection| self.read_sqlite(connection, wanted)).await
            }
            Db::Postgres { read, .. } => self.read_postgres(read, wanted).await,
        }
    }

    fn read_sqlite<Row: FromColumns>(
        &self,
        connection: &Connection,
        wanted: Wanted,
    ) -> sqlx::Result<Vec<Row>> {
        let begun = Instant::now();
        let mut statement = connection.prepare_cached(&self.text).map_err(failure)?;
        self.bind_sqlite(&mut statement)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(failure)? {
            found.push(Row::read(row, "")?);
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
    ) -> sqlx::Result<Vec<Row>> {
        let text: Arc<str> = self.text.into();
        let rows = on_db!(@ read, |conn| {
            let mut query = sqlx::query(AssertSqlSafe(Arc::clone(&text)));
            for value in &self.values {
                query = match value {
                    Value::Integer(number) => query.bind(*number),
                    Value::Text(text) => query.bind(text.as_str()),
                };
            }
            match wanted {
                Wanted::First => query.fetch_optional(conn).await?.into_iter().collect::<Vec<_>>(),
                Wanted::All => query.fetch_all(conn).await?,
            }
        });
        rows.iter().map(|row| Row::read(row, "")).collect()
    }
}

/// A statement that takes so long is worth a warning, as sqlx gives one.
const SLOW: Duration = Duration::from_secs(1);

/// Logs a statement under sqlx's name: whoever looks for statements finds all of them.
fn log(text: &str, rows: usize, elapsed: Duration) {
    if elapsed < SLOW {
        tracing::debug!(target: "sqlx::query", db.statement = text, rows_returned = rows, ?elapsed);
    } else {
        tracing::warn!(target: "sqlx::query", db.statement = text, rows_returned = rows, ?elapsed, "slow statement");
    }
}
