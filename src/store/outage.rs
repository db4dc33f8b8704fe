//! Errors that say that the database is away: then the fault is not in the request.

use std::io;

/// Reason for a missing connection.
#[derive(Debug, thiserror::Error)]
pub enum NoConnection {
    #[error("cannot reach the database {address}: {cause}")]
    Unreachable { address: String, cause: String },
    #[error("all {size} connections to the database {address} have been in use for {seconds} s")]
    Busy { address: String, size: u32, seconds: u64 },
    #[error("no answer within {seconds} s")]
    Silent { seconds: u64 },
    #[error("the database {address} is damaged: {cause}")]
    Damaged { address: String, cause: String },
    #[error("the file {address} was removed or replaced: put it back, or start the server anew")]
    Replaced { address: String },
}

impl From<NoConnection> for sqlx::Error {
    fn from(error: NoConnection) -> Self {
        Self::Io(io::Error::other(error))
    }
}

/// Names the database at `address` in an error of a damaged file; returns any other error as it is.
pub(super) fn named(error: sqlx::Error, address: &str) -> sqlx::Error {
    if !is_damaged(&error) {
        return error;
    }
    NoConnection::Damaged { address: address.to_owned(), cause: error.to_string() }.into()
}

/// Takes the damage out of an error that names it; returns any other error as it is.
pub(super) fn into_damage(error: sqlx::Error) -> sqlx::Result<NoConnection> {
    let sqlx::Error::Io(error) = error else { return Err(error) };
    match error.downcast() {
        Ok(damage @ NoConnection::Damaged { .. }) => Ok(damage),
        Ok(other) => Err(other.into()),
        Err(error) => Err(error.into()),
    }
}

/// Returns the error of a database at `address` to which no connection can be opened.
pub(super) fn unreachable(error: &sqlx::Error, address: &str) -> sqlx::Error {
    let cause = match error {
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::Database(error) => error.to_string(),
        error => error.to_string(),
    };
    let address = address.to_owned();
    if is_damaged(error) {
        return NoConnection::Damaged { address, cause }.into();
    }
    NoConnection::Unreachable { address, cause }.into()
}

/// Returns `true` if the connection is of no more use, or not clean.
pub(super) fn is_connection_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed
        | sqlx::Error::InvalidSavePointStatement => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| ends_connection(&code)),
        _ => false,
    }
}

/// Codes of PostgreSQL: shut down, crashed, starting up, the connection itself, idle for too long.
fn ends_connection(code: &str) -> bool {
    code.starts_with("08") || ["57P01", "57P02", "57P03", "57P05", "25P03"].contains(&code)
}

/// Returns `true` if SQLite found its file damaged, or no file of its own.
fn is_damaged(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.filter(|code| code.len() < 5)
        .and_then(|code| code.parse::<i32>().ok())
        .is_some_and(|code| [11, 26].contains(&(code & 0xff)))
}

/// Returns `true` if the database is not there or cannot work now, whatever the request.
pub fn is_away(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(database) = error else {
        return matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
            || is_connection_lost(error);
    };
    database.code().is_some_and(|code| match code.parse::<i32>() {
        // SQLite's primary codes: busy, locked, read only, I/O error, damaged, full, cannot open, no
        // database.
        Ok(number) if code.len() < 5 => [5, 6, 8, 10, 11, 13, 14, 26].contains(&(number & 0xff)),
        // Too many connections, out of disk or memory, read only as a standby is, a wait that was too
        // long or that two had for each other.
        _ => {
            code.starts_with("53")
                || ["25006", "40001", "40P01", "55P03", "57014"].contains(&&*code)
                || ends_connection(&code)
        }
    })
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::error::Error;

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    /// An error of a database with this code.
    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Coded(&'static str);

    impl DatabaseError for Coded {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
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

    #[test]
    fn a_database_that_is_damaged_or_only_read_is_away_and_a_bad_statement_is_not() {
        let is_away = |code| is_away(&sqlx::Error::Database(Box::new(Coded(code))));

        for code in ["25006", "11", "267", "26", "53100"] {
            assert!(is_away(code), "{code}");
        }
        for code in ["1", "19", "23505", "42P01"] {
            assert!(!is_away(code), "{code}");
        }
    }

    #[test]
    fn a_database_that_cannot_be_opened_is_damaged_or_unreachable() {
        let damage_in = |code| {
            let error = sqlx::Error::Database(Box::new(Coded(code)));
            into_damage(unreachable(&error, "desk.db")).map(|damage| damage.to_string())
        };

        for code in ["11", "26"] {
            assert_eq!(damage_in(code).expect(code), format!("the database desk.db is damaged: {code}"));
        }
        let away = damage_in("14").expect_err("is no damage");
        assert!(away.to_string().contains("cannot reach the database desk.db: 14"), "{away}");
    }

    #[test]
    fn waiting_in_vain_is_being_away_and_finding_nothing_is_not() {
        let silent = NoConnection::Silent { seconds: 1 };

        assert!(is_away(&silent.into()));
        assert!(is_away(&sqlx::Error::PoolClosed));
        assert!(!is_away(&sqlx::Error::RowNotFound));
    }
}
