//! Opening a database: its pools, its pragmas, its migrations.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::changes::Changes;
use super::readers::Readers;
use super::{Db, name_keys};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Connections lent to readers; a pool has as many again for transactions.
const SQLITE_READERS: u32 = 4;
const POSTGRES_READERS: u32 = 8;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Every question has its index, whatever the values: planning once is enough, and
/// what is shorter on average, as reading all and sorting it, is never meant. So the
/// plans that tests read are those of every desk.
const POSTGRES_PLANS: [(&str, &str); 8] = [
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
    ("enable_sort", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("max_parallel_workers_per_gather", "0"),
    ("jit", "off"),
];

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the database address must begin with sqlite: or postgres:")]
    UnknownScheme,
    #[error("cannot create the folder {}: {source}", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("cannot open the database: {0}")]
    Open(#[from] sqlx::Error),
    #[error("cannot bring the database up to date: {0}")]
    Migrate(#[from] MigrateError),
}

/// Opens the database, creates it where it is a missing file, and runs the
/// migrations it has not seen.
pub async fn connect(url: &str) -> Result<Db, ConnectError> {
    if url.starts_with("sqlite:") {
        connect_sqlite(url).await
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        connect_postgres(url).await
    } else {
        Err(ConnectError::UnknownScheme)
    }
}

async fn connect_sqlite(url: &str) -> Result<Db, ConnectError> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged write survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10));
    create_folder_of(&options)?;

    let pool = SqlitePoolOptions::new().test_before_acquire(false).acquire_timeout(ACQUIRE_TIMEOUT);
    let write = pool.clone().max_connections(1).connect_with(options.clone()).await?;
    SQLITE_MIGRATIONS.run(&write).await?;
    // Opened when somebody reads: until then a large load has the file to itself.
    let options = options.read_only(true);
    // What it compares is of one connection: it is never exchanged for another.
    let watch = pool.clone().max_connections(1).idle_timeout(None).max_lifetime(None);
    let watch = watch.connect_lazy_with(options.clone());
    let read = pool.max_connections(2 * SQLITE_READERS).connect_lazy_with(options);
    let read = Readers::new(read, SQLITE_READERS).into();
    let db = Db::Sqlite { read, write, watch, changes: Changes::new() };
    name_keys::fill(&db).await?;
    Ok(db)
}

fn create_folder_of(options: &SqliteConnectOptions) -> Result<(), ConnectError> {
    match options.get_filename().parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|source| ConnectError::Folder { path: folder.to_owned(), source }),
        _ => Ok(()),
    }
}

async fn connect_postgres(url: &str) -> Result<Db, ConnectError> {
    let options = PgConnectOptions::from_str(url)?.application_name("fixdesk").options(POSTGRES_PLANS);
    let pool = PgPoolOptions::new()
        .max_connections(2 * POSTGRES_READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A dead connection is noticed when it is used; asking first costs a round trip.
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    POSTGRES_MIGRATIONS.run(&pool).await?;
    let read = Readers::new(pool.clone(), POSTGRES_READERS).into();
    let db = Db::Postgres { read, write: pool, changes: Changes::new() };
    name_keys::fill(&db).await?;
    Ok(db)
}
