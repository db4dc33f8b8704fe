//! Whether anything was written since: what lets answers be given again.
//!
//! Every write of this process is counted before it is acknowledged. Those of
//! others are noticed by asking the database, a few times a second, for the mark
//! that each commit changes. As long as that is not known to be fresh, nobody
//! may rely on it: then no answer is older than a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::SqliteConnection;

use super::{Db, on_db};

/// How often others' writes are looked for while somebody wants to know.
const EVERY: Duration = Duration::from_millis(250);
/// How long a look is relied upon: less than a second with all that is between.
const FRESH: Duration = Duration::from_millis(800);

/// Stands for the state of the database at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generation(u64);

#[derive(Debug)]
pub struct Changes {
    generation: AtomicU64,
    begun: Instant,
    /// Until when the last look is relied upon, in milliseconds since `begun`.
    fresh_until: AtomicU64,
    is_wanted: AtomicBool,
}

impl Changes {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            generation: AtomicU64::new(0),
            begun: Instant::now(),
            fresh_until: AtomicU64::new(0),
            is_wanted: AtomicBool::new(false),
        })
    }

    /// Which state the database is in, if that is known. What is read afterwards
    /// is of this state or a later one.
    pub fn current(&self) -> Option<Generation> {
        // Not written each time: other cores would have to hear of it.
        if !self.is_wanted.load(Ordering::Relaxed) {
            self.is_wanted.store(true, Ordering::Relaxed);
        }
        // In this order: a look that is fresh has noted what it found.
        let is_fresh = self.now() < self.fresh_until.load(Ordering::SeqCst);
        is_fresh.then(|| Generation(self.generation.load(Ordering::SeqCst)))
    }

    /// Something was written.
    pub(super) fn note(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Looks for what others write, for as long as it is polled.
pub async fn watch(db: &Db) {
    let changes = db.changes();
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut watcher = Watcher::default();
    let mut last = None;
    loop {
        ticks.tick().await;
        if !changes.is_wanted.swap(false, Ordering::Relaxed) {
            // What happens meanwhile shows in the next mark.
            continue;
        }
        let before = changes.now();
        let fresh = u64::try_from(FRESH.as_millis()).unwrap_or(0);
        match watcher.mark(db).await {
            Ok(mark) => {
                // After a look that failed nobody knows.
                if last.replace(mark.clone()) != Some(mark) {
                    changes.note();
                }
                changes.fresh_until.store(before + fresh, Ordering::SeqCst);
            }
            Err(error) => {
                tracing::debug!(%error, "cannot tell whether anything was written");
                (watcher, last) = (Watcher::default(), None);
            }
        }
    }
}

/// SQLite's marks can be compared on one connection only: it is never exchanged for
/// another without anybody noticing.
#[derive(Default)]
struct Watcher(Option<SqliteConnection>);

impl Watcher {
    /// Two equal marks: nothing became visible in between.
    async fn mark(&mut self, db: &Db) -> sqlx::Result<String> {
        const POSTGRES: &str = "SELECT CAST(pg_current_snapshot() AS TEXT)";
        match db {
            // Counts what other connections than the one that asks have committed.
            Db::Sqlite { read, .. } => {
                if self.0.is_none() {
                    self.0 = Some(read.connect().await?);
                }
                let Some(connection) = &mut self.0 else { return Err(sqlx::Error::WorkerCrashed) };
                let version: i64 = sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await?;
                Ok(version.to_string())
            }
            Db::Postgres { .. } => {
                Ok(on_db!(db, |conn| sqlx::query_scalar::<_, String>(POSTGRES).fetch_one(conn).await?))
            }
        }
    }
}
