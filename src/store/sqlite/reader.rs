//! Reads of a SQLite file on the thread of whoever asks.
//!
//! sqlx gives each connection a thread of its own, and to wake it and be woken takes longer than
//! most reads do. Here a statement runs at once, on the thread of the request, for as long as a
//! runtime may be held up. One that takes longer is broken off and done again on a thread for
//! long work. Connections follow the rules of [`pool`](crate::store::pool): one that failed is closed, and
//! so is one that is old or that nobody needs.

use std::ffi::c_int;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::Span;

use super::failure::{failure, is_broken_off, is_busy};
use crate::store::file_identity::FileIdentity;
use crate::store::outage::{self, NoConnection};
use crate::store::pool::{CONNECT_PATIENCE, LIFETIME, STATEMENT_PATIENCE, TURN_PATIENCE, UNUSED};

/// Instructions of SQLite's machine after which it asks whether a statement goes on.
const INSTRUCTIONS: c_int = 1000;
/// How often a statement on the thread of a request goes on: one to three milliseconds of work, however
/// long it had to wait for a processor.
const BRIEF: u32 = 20;
/// The time after which it does not go on in any case, where it waits for a slow disk.
const BRIEF_PATIENCE: Duration = Duration::from_millis(20);
/// Longest wait for others that have the file to themselves; brief reads do not wait.
const BUSY_PATIENCE: Duration = Duration::from_secs(10);
/// As many as sqlx keeps.
/// Memory of a connection for pages, in KiB: three times what is usual, which many people in turn outgrow.
const CACHE_KIB: u32 = 6000;
const PREPARED_STATEMENTS: usize = 100;
/// Long reads at a time: each holds a thread.
const LONG_READS: u32 = 4;

/// How long a read is likely to take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Tried on the thread of the request first.
    Brief,
    Long,
}

pub struct SqliteReader {
    file: PathBuf,
    address: String,
    identity: Option<FileIdentity>,
    waiting: Mutex<Vec<Waiting>>,
    /// Held while a connection is opened: a crowd that finds none needs one or two.
    opening: AsyncMutex<()>,
    long_reads: Arc<Semaphore>,
}

struct Waiting {
    opened: Opened,
    since: Instant,
}

struct Opened {
    connection: Connection,
    limit: Arc<Limit>,
    at: Instant,
}

/// When the statement of a connection is broken off.
struct Limit {
    begun: Instant,
    /// In microseconds since `begun`.
    until: AtomicU64,
    /// How often it may still go on.
    left: AtomicU32,
}

impl Limit {
    fn set(&self, times: u32, patience: Duration) {
        self.left.store(times, Ordering::Relaxed);
        self.until.store(micros(self.begun.elapsed() + patience), Ordering::Relaxed);
    }

    /// Asked by the thread that reads, and by no other at a time.
    fn is_over(&self) -> bool {
        let Some(left) = self.left.load(Ordering::Relaxed).checked_sub(1) else { return true };
        self.left.store(left, Ordering::Relaxed);
        micros(self.begun.elapsed()) >= self.until.load(Ordering::Relaxed)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Breaks a long read off where its reader is gone.
struct Interest(Arc<Limit>);

impl Drop for Interest {
    fn drop(&mut self) {
        self.0.until.store(0, Ordering::Relaxed);
    }
}

impl fmt::Debug for SqliteReader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SqliteReader({})", self.address)
    }
}

impl SqliteReader {
    /// Opens nothing yet: until somebody reads, a large load has the file to itself.
    pub fn new(file: PathBuf, address: String) -> Arc<Self> {
        let long_reads = Arc::new(Semaphore::new(LONG_READS as usize));
        Arc::new(Self {
            identity: FileIdentity::of(&file),
            file,
            address,
            waiting: Mutex::default(),
            opening: AsyncMutex::default(),
            long_reads,
        })
    }

    /// Does the work, which is one statement, and does it once more from its beginning where
    /// it turns out to be long.
    pub async fn read<T, W>(self: &Arc<Self>, pace: Pace, work: W) -> sqlx::Result<T>
    where
        T: Send + 'static,
        W: Fn(&Connection) -> sqlx::Result<T> + Send + 'static,
    {
        if pace == Pace::Brief {
            let opened = self.opened().await?;
            opened.limit.set(BRIEF, BRIEF_PATIENCE);
            match work(&opened.connection) {
                Ok(found) => {
                    self.put(opened);
                    return Ok(found);
                }
                Err(error) if is_broken_off(&error) || is_busy(&error) => self.put(opened),
                Err(error) => return Err(outage::named(error, &self.address)),
            }
        }
        self.read_long(work).await
    }

    async fn read_long<T, W>(self: &Arc<Self>, work: W) -> sqlx::Result<T>
    where
        T: Send + 'static,
        W: Fn(&Connection) -> sqlx::Result<T> + Send + 'static,
    {
        let turn = self.turn().await?;
        let opened = self.opened().await?;
        opened.limit.set(u32::MAX, STATEMENT_PATIENCE);
        let interest = Interest(Arc::clone(&opened.limit));
        let span = Span::current();
        let working = spawn_blocking(move || span.in_scope(|| work_long(opened, turn, work)));
        let (opened, done) = working.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        // In this order: once it waits for others, nobody else sets its limit.
        drop(interest);
        match done {
            Ok(found) => {
                self.put(opened);
                Ok(found)
            }
            Err(error) if is_broken_off(&error) => {
                Err(NoConnection::Silent { seconds: STATEMENT_PATIENCE.as_secs() }.into())
            }
            Err(error) => Err(outage::named(error, &self.address)),
        }
    }

    /// Waits for long reads under way, and closes what waits.
    pub async fn close(&self) {
        let _ = timeout(TURN_PATIENCE, self.long_reads.acquire_many(LONG_READS)).await;
        self.long_reads.close();
        self.waiting().clear();
    }

    async fn turn(&self) -> sqlx::Result<OwnedSemaphorePermit> {
        match timeout(TURN_PATIENCE, Arc::clone(&self.long_reads).acquire_owned()).await {
            Ok(turn) => turn.map_err(|_| sqlx::Error::PoolClosed),
            Err(_) => Err(self.busy(LONG_READS)),
        }
    }

    fn busy(&self, size: u32) -> sqlx::Error {
        NoConnection::Busy { address: self.address.clone(), size, seconds: TURN_PATIENCE.as_secs() }.into()
    }

    /// A connection that waited, else a fresh one. There are never more than those of long reads and one
    /// a thread of the runtime: a brief read never waits while it has one.
    async fn opened(self: &Arc<Self>) -> sqlx::Result<Opened> {
        if self.long_reads.is_closed() {
            return Err(sqlx::Error::PoolClosed);
        }
        if let Some(identity) = self.identity {
            identity.check(&self.address)?;
        }
        if let Some(opened) = self.take() {
            return Ok(opened);
        }
        let opening = timeout(TURN_PATIENCE, self.opening.lock()).await;
        let _opening = opening.map_err(|_| self.busy(1))?;
        if let Some(opened) = self.take() {
            return Ok(opened);
        }
        let this = Arc::clone(self);
        let opened = spawn_blocking(move || this.open()).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        opened.map_err(|error| self.unopened(error))
    }

    fn open(&self) -> sqlx::Result<Opened> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
        let connection = Connection::open_with_flags(&self.file, flags).map_err(failure)?;
        connection.busy_timeout(CONNECT_PATIENCE).map_err(failure)?;
        connection
            .execute_batch(&format!(
                "PRAGMA query_only = ON; PRAGMA cache_size = -{CACHE_KIB}; SELECT COUNT(*) FROM sqlite_schema"
            ))
            .map_err(failure)?;
        connection.busy_timeout(Duration::ZERO).map_err(failure)?;
        connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
        let limit =
            Arc::new(Limit { begun: Instant::now(), until: AtomicU64::new(0), left: AtomicU32::new(0) });
        let handler = Arc::clone(&limit);
        connection.progress_handler(INSTRUCTIONS, Some(move || handler.is_over())).map_err(failure)?;
        Ok(Opened { connection, limit, at: Instant::now() })
    }

    /// The latest that waits, because caches are still warm with it.
    fn take(&self) -> Option<Opened> {
        let mut waiting = self.waiting();
        while let Some(Waiting { opened, .. }) = waiting.pop() {
            if opened.at.elapsed() < LIFETIME {
                return Some(opened);
            }
        }
        None
    }

    fn put(&self, opened: Opened) {
        let mut waiting = self.waiting();
        if waiting.first().is_some_and(|first| first.since.elapsed() > UNUSED) {
            waiting.remove(0);
        }
        if !self.long_reads.is_closed() {
            waiting.push(Waiting { opened, since: Instant::now() });
        }
    }

    /// Returns the error of a connection that could not be opened.
    fn unopened(&self, error: sqlx::Error) -> sqlx::Error {
        match outage::named(error, &self.address) {
            error @ sqlx::Error::Database(_) => outage::unreachable(&error, &self.address),
            named => named,
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does the work on a thread that may be held. The turn ends with it, also where its reader is gone.
fn work_long<T>(
    opened: Opened,
    turn: OwnedSemaphorePermit,
    work: impl Fn(&Connection) -> sqlx::Result<T>,
) -> (Opened, sqlx::Result<T>) {
    let wait = |patience| opened.connection.busy_timeout(patience).map_err(failure);
    let done = wait(BUSY_PATIENCE).and_then(|()| work(&opened.connection));
    let done = wait(Duration::ZERO).and(done);
    drop(turn);
    (opened, done)
}

#[cfg(test)]
mod tests;
