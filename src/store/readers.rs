//! Connections that read, lent again and again.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// How long a connection is trusted to be alive without being asked.
const TRUST: Duration = Duration::from_secs(60);

/// A pool asks every connection that comes back whether it is still alive. That
/// is a round trip, as dear as reading an account. So a connection whose reader
/// went away content waits here for the next one, and sees the pool once a
/// minute; any other, such as one whose reader was cancelled, returns at once.
#[derive(Debug)]
pub struct Readers<DB: Database> {
    pool: Pool<DB>,
    /// As many as may be lent. Waiting for one is waiting for a connection.
    turns: Semaphore,
    waiting: Mutex<Vec<Trusted<DB>>>,
}

#[derive(Debug)]
struct Trusted<DB: Database> {
    connection: PoolConnection<DB>,
    since: Instant,
}

/// A connection that is given back by [`Lent::give_back`], else by the pool's leave.
pub struct Lent<'r, DB: Database> {
    readers: &'r Readers<DB>,
    trusted: Trusted<DB>,
    _turn: SemaphorePermit<'r>,
}

impl<DB: Database> Readers<DB> {
    /// The pool needs room for more: it does not have back who waits here.
    pub fn new(pool: Pool<DB>, readers: u32) -> Self {
        Self { pool, turns: Semaphore::new(readers as usize), waiting: Mutex::default() }
    }

    pub const fn pool(&self) -> &Pool<DB> {
        &self.pool
    }

    pub async fn lend(&self) -> sqlx::Result<Lent<'_, DB>> {
        let patience = self.pool.options().get_acquire_timeout();
        let turn = timeout(patience, self.turns.acquire())
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)?;
        // The latest, because caches are still warm with it.
        let waiting = self.waiting().pop().filter(|trusted| trusted.since.elapsed() < TRUST);
        let trusted = match waiting {
            Some(trusted) => trusted,
            None => Trusted { connection: self.pool.acquire().await?, since: Instant::now() },
        };
        Ok(Lent { readers: self, trusted, _turn: turn })
    }

    /// Waits for those who still read.
    pub async fn close(&self) {
        self.turns.close();
        self.waiting().clear();
        self.pool.close().await;
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Trusted<DB>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<DB: Database> Lent<'_, DB> {
    /// After a read that went well.
    pub fn give_back(self) {
        let mut waiting = self.readers.waiting();
        if !self.readers.turns.is_closed() {
            waiting.push(self.trusted);
        }
    }
}

impl<DB: Database> Deref for Lent<'_, DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.trusted.connection
    }
}

impl<DB: Database> DerefMut for Lent<'_, DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.trusted.connection
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Sqlite;
    use sqlx::sqlite::SqlitePoolOptions;

    use super::*;

    fn readers() -> Readers<Sqlite> {
        let pool = SqlitePoolOptions::new().max_connections(4);
        Readers::new(pool.connect_lazy("sqlite::memory:").expect("an address"), 2)
    }

    #[tokio::test]
    async fn only_a_connection_given_back_waits_for_the_next_reader() {
        let readers = readers();

        let (content, cancelled) = (readers.lend().await.expect("one"), readers.lend().await.expect("two"));
        assert_eq!(readers.turns.available_permits(), 0);
        content.give_back();
        drop(cancelled);

        assert_eq!(readers.waiting().len(), 1);
        readers.lend().await.expect("a turn");
        readers.lend().await.expect("another turn");
    }

    #[tokio::test]
    async fn closing_waits_for_those_who_still_read() {
        let readers = readers();
        readers.lend().await.expect("one").give_back();
        let reading = readers.lend().await.expect("the same");

        tokio::join!(readers.close(), async { reading.give_back() });

        assert!(readers.lend().await.is_err());
        assert!(readers.pool().is_closed());
    }
}
