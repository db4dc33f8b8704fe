//! Opening of databases that exist already. A mistyped address must not make an empty desk: only
//! [`connect`](super::connect) creates one.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::Db;
use super::connect::{ConnectError, connect};

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("there is no desk in {place}: is the address right? `fixdesk init` makes a new desk there")]
    NoDesk { place: String },
    #[error(transparent)]
    Connect(#[from] ConnectError),
}

/// Opens a desk that exists and runs the migrations it has not seen.
pub async fn open(url: &str) -> Result<Db, OpenError> {
    match find(url).await? {
        Found::Desk => Ok(connect(url).await?),
        Found::Nothing { place } => Err(OpenError::NoDesk { place }),
    }
}

/// Returns `true` if there is a desk at this address.
pub async fn exists(url: &str) -> Result<bool, ConnectError> {
    Ok(matches!(find(url).await?, Found::Desk))
}

enum Found {
    Desk,
    /// Address of the database, without password.
    Nothing {
        place: String,
    },
}

async fn find(url: &str) -> Result<Found, ConnectError> {
    if url.starts_with("sqlite:") {
        find_sqlite(url).await
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        find_postgres(url).await
    } else {
        Err(ConnectError::UnknownScheme)
    }
}

/// Longest wait for another process that has the file to itself for a moment.
const PATIENCE: Duration = Duration::from_secs(10);

async fn find_sqlite(url: &str) -> Result<Found, ConnectError> {
    const HAS_DESK: &str = "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'tickets'";

    // Opened for writing, to roll back the journal that a killed load has left.
    let options = SqliteConnectOptions::from_str(url)?.create_if_missing(false).busy_timeout(PATIENCE);
    let file = options.get_filename().to_owned();
    let nothing = Found::Nothing { place: file.display().to_string() };
    if !file.exists() {
        return Ok(nothing);
    }
    let mut connection = options.connect().await?;
    let tables: i64 = sqlx::query_scalar(HAS_DESK).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(if tables > 0 { Found::Desk } else { nothing })
}

async fn find_postgres(url: &str) -> Result<Found, ConnectError> {
    const HAS_DESK: &str = "SELECT to_regclass('tickets') IS NOT NULL";

    let options = PgConnectOptions::from_str(url)?.application_name("fixdesk");
    let database = options.get_database().unwrap_or_default();
    let place = format!("the database {database:?} at {}", options.get_host());
    // Not prepared: behind a pooler a prepared statement may be another server's.
    let mut connection = options.extra_float_digits(None).connect().await?;
    let has_desk = sqlx::raw_sql(HAS_DESK).fetch_one(&mut connection).await?.get(0);
    connection.close().await?;
    Ok(if has_desk { Found::Desk } else { Found::Nothing { place } })
}
