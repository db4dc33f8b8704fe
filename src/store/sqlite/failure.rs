//! Errors of rusqlite as sqlx has them: callers tell them apart by the same codes.

use std::borrow::Cow;
use std::error::Error;

use rusqlite::ffi::{SQLITE_BUSY, SQLITE_INTERRUPT, SQLITE_LOCKED};
use sqlx::error::{DatabaseError, ErrorKind};

/// Error of SQLite with its extended code.
#[derive(Debug, thiserror::Error)]
#[error("(code: {code}) {message}")]
struct SqliteFailure {
    code: i32,
    message: String,
}

impl DatabaseError for SqliteFailure {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

pub fn failure(error: rusqlite::Error) -> sqlx::Error {
    match error {
        rusqlite::Error::SqliteFailure(cause, message) => {
            let message = message.unwrap_or_else(|| cause.to_string());
            sqlx::Error::Database(Box::new(SqliteFailure { code: cause.extended_code, message }))
        }
        error => sqlx::Error::Decode(error.into()),
    }
}

/// Returns `true` if a statement was broken off for its time.
pub fn is_broken_off(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(SQLITE_INTERRUPT)
}

/// Returns `true` if others have the file to themselves for a moment.
pub fn is_busy(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(SQLITE_BUSY | SQLITE_LOCKED))
}

fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let error = error.as_database_error()?.try_downcast_ref::<SqliteFailure>()?;
    Some(error.code & 0xff)
}
