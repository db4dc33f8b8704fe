//! Opening a database: its pools, its pragmas, its migrations.

use std::borrow::Cow;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, SqlSafeStr as _, SqlStr};

use super::Db;
use super::dialect::{POOLER_BEGIN, POSTGRES_LIMITS, POSTGRES_PLANS, POSTGRES_SESSION, SQLITE_WRITE};
use super::people::name_keys;
use super::pool::Pool;
use super::sqlite::SqliteReader;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// For reads of a whole database at one moment; [`SqliteReader`] has its own.
const SQLITE_READERS: u32 = 4;
const POSTGRES_READERS: u32 = 8;
const POSTGRES_WRITERS: u32 = 8;

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("database_url must begin with sqlite: or postgres:")]
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
    let mut first = options.connect().await?;
    SQLITE_MIGRATIONS.run(&mut first).await?;

    // A file that goes missing later is not made anew, empty.
    let options = options.create_if_missing(false);
    let file = std::path::absolute(options.get_filename()).unwrap_or_else(|_| options.get_filename().into());
    let write = Pool::of_file(options.clone(), &file, Some(SQLITE_WRITE.into_sql_str()), 1);
    write.keep(first);
    // Opened when somebody reads: until then a large load has the file to itself.
    let read = Pool::of_file(options.read_only(true), &file, None, SQLITE_READERS);
    let direct = SqliteReader::new(file.clone(), file.display().to_string());
    let db = Db::Sqlite { direct, read, write };
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
    // The desk keeps no such numbers, and a pooler may refuse to hear of their digits.
    let plain = PgConnectOptions::from_str(url)?.application_name("fixdesk").extra_float_digits(None);
    migrate_postgres(&plain).await?;
    let address = address_of(&plain);
    let (options, begin_read, begin_write) = match own_sessions(&plain).await? {
        Some(options) => (options, None, format!("BEGIN; {POSTGRES_LIMITS}")),
        None => {
            tracing::info!("the sessions of {address} are a pooler's: each transaction says what it needs");
            let (plans, begin) = (plans_of_transaction(), POOLER_BEGIN);
            let options = plain.statement_cache_capacity(0);
            let begin = format!("{begin}; {plans}; {POSTGRES_LIMITS}");
            (options, Some(begin.clone()), begin)
        }
    };
    let statement = |text: String| -> SqlStr { AssertSqlSafe(text).into_sql_str() };
    let (begin_read, begin_write) = (begin_read.map(statement), statement(begin_write));
    let read = Pool::new(options.clone(), address.clone(), begin_read, POSTGRES_READERS);
    let write = Pool::new(options, address, Some(begin_write), POSTGRES_WRITERS);
    let db = Db::Postgres { read, write };
    name_keys::fill(&db).await?;
    Ok(db)
}

/// In one transaction, so that nodes that start together wait for each other also
/// behind a pooler.
async fn migrate_postgres(options: &PgConnectOptions) -> Result<(), ConnectError> {
    const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(hashtextextended('migrations', 0))";
    let migrations = Cow::Borrowed(&*POSTGRES_MIGRATIONS.migrations);
    let migrator = Migrator { migrations, locking: false, ..Migrator::DEFAULT };
    let mut connection = options.clone().statement_cache_capacity(0).connect().await?;
    let mut tx = connection.begin_with(POOLER_BEGIN).await?;
    sqlx::query(ONE_AT_A_TIME).execute(&mut *tx).await?;
    migrator.run(&mut *tx).await?;
    tx.commit().await?;
    Ok(connection.close().await?)
}

/// Options that give sessions the desk's settings once and for all. `None` where there is
/// a pooler: PgBouncer refuses them or drops them, and lends a session to others after
/// every transaction.
async fn own_sessions(plain: &PgConnectOptions) -> sqlx::Result<Option<PgConnectOptions>> {
    /// `protocol_violation`: PgBouncer's "unsupported startup parameter".
    const REFUSED: &str = "08P01";
    let options = plain.clone().options(POSTGRES_PLANS).options(POSTGRES_SESSION);
    let mut connection = match options.connect().await {
        Ok(connection) => connection,
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(REFUSED) => return Ok(None),
        Err(error) => return Err(error),
    };
    let (name, wanted) = POSTGRES_PLANS[0];
    let show = AssertSqlSafe(format!("SHOW {name}"));
    let found: String = sqlx::raw_sql(show).fetch_one(&mut connection).await?.get(0);
    connection.close().await?;
    Ok((found == wanted).then_some(options))
}

fn plans_of_transaction() -> String {
    let settings: Vec<String> =
        POSTGRES_PLANS.iter().map(|(name, value)| format!("SET LOCAL {name} = {value}")).collect();
    settings.join("; ")
}

/// Address of the server for the log: no user name and no password.
fn address_of(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or(options.get_username());
    match options.get_socket() {
        Some(folder) => format!("{database} in {}", folder.display()),
        None => format!("{database} on {}:{}", options.get_host(), options.get_port()),
    }
}
