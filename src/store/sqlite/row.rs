//! Rows of rusqlite, read as those of sqlx are.

use rusqlite::Row;
use rusqlite::types::FromSql;

use crate::store::columns::{Columns, undecodable};

impl Columns for Row<'_> {
    fn integer(&self, name: &str) -> sqlx::Result<Option<i64>> {
        column(self, name)
    }

    fn text(&self, name: &str) -> sqlx::Result<Option<String>> {
        column(self, name)
    }

    fn truth(&self, name: &str) -> sqlx::Result<Option<bool>> {
        column(self, name)
    }
}

fn column<T: FromSql>(row: &Row<'_>, name: &str) -> sqlx::Result<Option<T>> {
    row.get(name).map_err(|error| match error {
        rusqlite::Error::InvalidColumnName(name) => sqlx::Error::ColumnNotFound(name),
        error => undecodable(name, error),
    })
}
