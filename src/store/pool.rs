//! Connections to the database: lent, checked, and replaced.
//!
//! A connection that comes back in order waits for the next who needs one. One that
//! comes back in any other way (its statement failed, its request was cancelled, its
//! transaction was left open) is tidied first, and closed where that fails: nobody
//! gets a connection that is not clean. What broke while nobody looked, as when the
//! database was started anew, is noticed at the first use: all that wait are then
//! closed, and the work is done on a fresh one.

use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::{ConnectOptions, Connection, Database, SqlStr};
use sqlx_core::transaction::TransactionManager as _;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::file_identity::FileIdentity;
use super::outage::{self, NoConnection, is_connection_lost};

/// Longest wait for a connection that others have.
pub const TURN_PATIENCE: Duration = Duration::from_secs(10);
pub const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// Time for which a waiting connection is trusted to be alive without a check.
const TRUST: Duration = Duration::from_secs(30);
/// Longest time for a check of a connection, or for tidying it up.
const CHECK_PATIENCE: Duration = Duration::from_secs(3);
/// A connection that nobody has needed for so long is closed.
pub const UNUSED: Duration = Duration::from_secs(600);
pub const LIFETIME: Duration = Duration::from_secs(1800);
/// No statement of a request takes so long: the database, or the way to it, is gone.
pub const STATEMENT_PATIENCE: Duration = Duration::from_secs(30);

type OptionsOf<DB> = <<DB as Database>::Connection as Connection>::Options;

pub struct Pool<DB: Database> {
    options: OptionsOf<DB>,
    /// Address of the database without secrets, for the log.
    address: String,
    /// File at this address when it was opened, of a SQLite database.
    file: Option<FileIdentity>,
    /// The statement that begins a transaction; `None` where each statement is its own.
    begin: Option<SqlStr>,
    turns: Arc<Semaphore>,
    size: u32,
    waiting: Mutex<Vec<Waiting<DB>>>,
}

struct Opened<DB: Database> {
    connection: DB::Connection,
    at: Instant,
}

struct Waiting<DB: Database> {
    opened: Opened<DB>,
    since: Instant,
}

impl<DB: Database> fmt::Debug for Pool<DB> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Pool({})", self.address)
    }
}

/// A connection, until it is [given back](Self::give_back).
pub struct Lent<DB: Database>
where
    OptionsOf<DB>: ConnectOptions<Connection = DB::Connection>,
{
    pool: Arc<Pool<DB>>,
    opened: Option<Opened<DB>>,
    turn: Option<OwnedSemaphorePermit>,
    /// Set once it was used: it may have broken while it waited.
    is_used: bool,
    /// Set while a transaction begins: broken off then, nobody knows whether it has begun.
    is_beginning: bool,
    patience: Option<Duration>,
}

impl<DB: Database> Pool<DB>
where
    OptionsOf<DB>: ConnectOptions<Connection = DB::Connection>,
{
    pub fn new(options: OptionsOf<DB>, address: String, begin: Option<SqlStr>, size: u32) -> Arc<Self> {
        Arc::new(Self::empty(options, address, begin, size))
    }

    /// A pool that lends connections only while the database is that file.
    pub fn of_file(options: OptionsOf<DB>, path: &Path, begin: Option<SqlStr>, size: u32) -> Arc<Self> {
        let file = FileIdentity::of(path);
        Arc::new(Self { file, ..Self::empty(options, path.display().to_string(), begin, size) })
    }

    fn empty(options: OptionsOf<DB>, address: String, begin: Option<SqlStr>, size: u32) -> Self {
        let turns = Arc::new(Semaphore::new(size as usize));
        Self { options, address, file: None, begin, turns, size, waiting: Mutex::default() }
    }

    /// Address of the database; of SQLite's, its file.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The statement that begins a transaction of this pool, if it begins one.
    pub fn begin(&self) -> Option<&str> {
        self.begin.as_ref().map(SqlStr::as_str)
    }

    /// A connection, in a transaction if this pool begins one.
    pub async fn lend(self: &Arc<Self>) -> sqlx::Result<Lent<DB>> {
        self.lend_within(self.begin.clone()).await
    }

    /// A connection in the transaction that this statement begins, or in none.
    pub async fn lend_within(self: &Arc<Self>, begin: Option<SqlStr>) -> sqlx::Result<Lent<DB>> {
        if let Some(file) = self.file {
            file.check(&self.address)?;
        }
        let turn = Some(self.turn().await?);
        let patience = Some(STATEMENT_PATIENCE);
        let mut lent = Lent {
            pool: Arc::clone(self),
            opened: None,
            turn,
            is_used: false,
            is_beginning: false,
            patience,
        };
        lent.open(begin).await?;
        Ok(lent)
    }

    /// A connection that belongs to nobody else ever.
    pub async fn connect(&self) -> sqlx::Result<DB::Connection> {
        let connected = timeout(CONNECT_PATIENCE, self.options.connect()).await;
        let connected = connected.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()));
        connected.map_err(|error| outage::unreachable(&error, &self.address))
    }

    /// Takes in a connection that was opened elsewhere.
    pub fn keep(&self, connection: DB::Connection) {
        self.put(Opened { connection, at: Instant::now() });
    }

    /// Waits for those who still have one.
    pub async fn close(&self) {
        let _ = timeout(TURN_PATIENCE, self.turns.acquire_many(self.size)).await;
        self.turns.close();
        let waiting = std::mem::take(&mut *self.waiting());
        for Waiting { opened, .. } in waiting {
            let _ = timeout(CHECK_PATIENCE, opened.connection.close()).await;
        }
    }

    async fn turn(&self) -> sqlx::Result<OwnedSemaphorePermit> {
        // Most find a connection free, and need no clock.
        if let Ok(turn) = Arc::clone(&self.turns).try_acquire_owned() {
            return Ok(turn);
        }
        match timeout(TURN_PATIENCE, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(turn) => turn.map_err(|_| sqlx::Error::PoolClosed),
            Err(_) => Err(NoConnection::Busy {
                address: self.address.clone(),
                size: self.size,
                seconds: TURN_PATIENCE.as_secs(),
            }
            .into()),
        }
    }

    fn put(&self, opened: Opened<DB>) {
        let mut waiting = self.waiting();
        if waiting.first().is_some_and(|first| first.since.elapsed() > UNUSED) {
            waiting.remove(0);
        }
        if !self.turns.is_closed() {
            waiting.push(Waiting { opened, since: Instant::now() });
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting<DB>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<DB: Database> Lent<DB>
where
    OptionsOf<DB>: ConnectOptions<Connection = DB::Connection>,
{
    /// Goes on after a failed read: `Ok` where it is to be done once more, on a
    /// fresh connection, because this one had broken while it waited.
    pub async fn retry_after(&mut self, error: sqlx::Error) -> sqlx::Result<()> {
        self.failed(error)?;
        self.open(self.pool.begin.clone()).await
    }

    /// Commits what was begun, and lends the connection to others.
    pub async fn give_back(mut self) -> sqlx::Result<()> {
        if self.is_in_transaction() {
            let patience = self.patience;
            if let Err(error) = within(patience, DB::TransactionManager::commit(&mut self)).await {
                self.opened = None;
                return Err(error);
            }
        }
        if let Some(opened) = self.opened.take() {
            self.pool.put(opened);
        }
        Ok(())
    }

    /// Undoes what was begun, at once; dropping does it some time later.
    pub async fn roll_back(mut self) -> sqlx::Result<()> {
        let (opened, turn) = (self.opened.take(), self.turn.take());
        if let (Some(opened), Some(turn)) = (opened, turn) {
            tidy(Arc::clone(&self.pool), opened, turn).await;
        }
        Ok(())
    }

    /// For a load, whose statements may take their time.
    pub const fn take_time(&mut self) {
        self.patience = None;
    }

    pub const fn patience(&self) -> Option<Duration> {
        self.patience
    }

    /// Returns the error; one of a damaged file also names the file.
    pub fn named(&self, error: sqlx::Error) -> sqlx::Error {
        outage::named(error, &self.pool.address)
    }

    /// A connection that answers, in a transaction where one is to begin.
    async fn open(&mut self, begin: Option<SqlStr>) -> sqlx::Result<()> {
        loop {
            self.take_connection().await?;
            let Some(begin) = begin.clone() else { return Ok(()) };
            let patience = self.patience;
            self.is_beginning = true;
            let begun = within(patience, DB::TransactionManager::begin(self, Some(begin))).await;
            self.is_beginning = false;
            match begun {
                Ok(()) => return Ok(()),
                Err(error) => self.failed(error)?,
            }
        }
    }

    /// The latest that waits, because caches are still warm with it; else a fresh one.
    async fn take_connection(&mut self) -> sqlx::Result<()> {
        loop {
            let Some(Waiting { mut opened, since }) = self.pool.waiting().pop() else { break };
            let is_young = opened.at.elapsed() < LIFETIME;
            if is_young && (since.elapsed() < TRUST || answers::<DB>(&mut opened.connection).await) {
                (self.opened, self.is_used) = (Some(opened), true);
                return Ok(());
            }
        }
        let connection = self.pool.connect().await?;
        (self.opened, self.is_used) = (Some(Opened { connection, at: Instant::now() }), false);
        Ok(())
    }

    /// `Ok` where the connection had broken before this use of it: then so have the
    /// others that wait.
    fn failed(&mut self, error: sqlx::Error) -> sqlx::Result<()> {
        if !is_connection_lost(&error) {
            return Err(outage::named(error, &self.pool.address));
        }
        self.opened = None;
        if !self.is_used {
            return Err(outage::unreachable(&error, &self.pool.address));
        }
        self.pool.waiting().clear();
        Ok(())
    }

    fn is_in_transaction(&self) -> bool {
        self.opened.as_ref().is_some_and(|opened| depth::<DB>(&opened.connection) > 0)
    }
}

impl<DB: Database> Drop for Lent<DB>
where
    OptionsOf<DB>: ConnectOptions<Connection = DB::Connection>,
{
    fn drop(&mut self) {
        let (opened, turn) = (self.opened.take(), self.turn.take());
        if self.is_beginning {
            return;
        }
        if let (Some(opened), Some(turn), Ok(runtime)) = (opened, turn, Handle::try_current()) {
            runtime.spawn(tidy(Arc::clone(&self.pool), opened, turn));
        }
    }
}

impl<DB: Database> Deref for Lent<DB>
where
    OptionsOf<DB>: ConnectOptions<Connection = DB::Connection>,
{
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.opened.as_ref().expect("it is there until it is given back").connection
    }
}

impl<DB: Database> DerefMut for Lent<DB>
where
    OptionsOf<DB>: ConnectOptions<Connection = DB::Connection>,
{
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.opened.as_mut().expect("it is there until it is given back").connection
    }
}

/// Ends whatever is under way on a connection, and keeps it if that leaves it clean.
/// The turn ends afterwards: SQLite's next writer must not meet the last.
async fn tidy<DB: Database>(pool: Arc<Pool<DB>>, mut opened: Opened<DB>, turn: OwnedSemaphorePermit)
where
    OptionsOf<DB>: ConnectOptions<Connection = DB::Connection>,
{
    let connection = &mut opened.connection;
    let rolled_back = match depth::<DB>(connection) {
        0 => true,
        _ => {
            matches!(timeout(CHECK_PATIENCE, DB::TransactionManager::rollback(connection)).await, Ok(Ok(())))
        }
    };
    if rolled_back && depth::<DB>(connection) == 0 && answers::<DB>(connection).await {
        pool.put(opened);
    }
    drop(turn);
}

fn depth<DB: Database>(connection: &DB::Connection) -> usize {
    DB::TransactionManager::get_transaction_depth(connection)
}

async fn answers<DB: Database>(connection: &mut DB::Connection) -> bool {
    matches!(timeout(CHECK_PATIENCE, connection.ping()).await, Ok(Ok(())))
}

/// The work, or an error where it takes longer than that.
pub async fn within<T>(
    patience: Option<Duration>,
    work: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    match patience {
        None => work.await,
        Some(patience) => match timeout(patience, work).await {
            Ok(done) => done,
            Err(_) => Err(NoConnection::Silent { seconds: patience.as_secs() }.into()),
        },
    }
}

#[cfg(test)]
mod tests;
