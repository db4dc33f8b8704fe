//! A statement that is put together, and the values that it binds.

use std::fmt::Write as _;
use std::sync::Arc;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};

use super::{Db, on_db};

/// Its text is the desk's own: what people typed is bound, never written into it.
#[derive(Default)]
pub(super) struct Statement {
    text: String,
    values: Vec<Value>,
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

#[expect(private_bounds, reason = "callers bind integers and texts, not the enum")]
impl Statement {
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

    pub async fn fetch_one<Row>(self, db: &Db) -> sqlx::Result<Row>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        self.fetch_optional(db).await?.ok_or(sqlx::Error::RowNotFound)
    }

    pub async fn fetch_optional<Row>(self, db: &Db) -> sqlx::Result<Option<Row>>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let text: Arc<str> = self.text.into();
        Ok(on_db!(db, |conn: Driver| {
            let mut query = sqlx::query_as::<Driver, Row>(AssertSqlSafe(Arc::clone(&text)));
            for value in &self.values {
                query = match value {
                    Value::Integer(number) => query.bind(*number),
                    Value::Text(text) => query.bind(text.as_str()),
                };
            }
            query.fetch_optional(conn).await?
        }))
    }
}
