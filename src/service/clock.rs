//! The clock of the desk.
//!
//! Nodes share leases and deletions after a while, so they go by one clock: the database's. Each
//! compares itself with it once a minute, and in between counts the seconds that pass: setting the
//! clock of a node changes nothing. A node that slept has not counted them: its own clock tells,
//! and it compares itself at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time;

use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::store::{self, Db};

const MILLIS: i64 = 1000;
/// Seconds of error that are worth a line in the log.
const WORTH_TELLING: i64 = 30;
/// Milliseconds within which an answer is fast: the moment of a slow one's reading is unknown.
const FAST: i64 = 2 * MILLIS;
/// Tries until an answer of the database is fast.
const TRIES: usize = 3;
/// Milliseconds by which a clock moves against the seconds that passed only where it was set, or
/// where the machine slept.
const JUMP: i64 = MILLIS;
const LOOKED_AT_EVERY: time::Duration = time::Duration::from_secs(1);
/// Pause after a failed comparison.
const PAUSE: time::Duration = time::Duration::from_secs(10);

#[derive(Clone)]
pub enum Clock {
    /// This machine's own clock, where nothing depends on it.
    System,
    Database(Arc<DatabaseClock>),
    /// A clock set by hand: tests do not wait for an hour to pass.
    Set(Arc<AtomicI64>),
}

pub struct DatabaseClock {
    begun: time::Instant,
    /// The database's time when this clock began, in milliseconds since 1970.
    begun_at: AtomicI64,
    /// `begun_at` by this machine's own clock, at the last comparison of the two.
    begun_at_here: AtomicI64,
}

/// A reading of the database's time, in milliseconds; the others count since the clock began.
#[derive(Clone, Copy, Debug)]
struct Sample {
    asked: i64,
    answered: i64,
    there: i64,
    begun_at_here: i64,
}

impl Clock {
    /// Makes the clock of a database.
    pub async fn of(db: &Db) -> sqlx::Result<Self> {
        let clock = DatabaseClock {
            begun: time::Instant::now(),
            begun_at: AtomicI64::new(0),
            begun_at_here: AtomicI64::new(0),
        };
        // A slow answer is better than none.
        clock.adopt(clock.sample(db).await?);
        let ahead = system_now().0 - clock.now().0;
        if ahead.abs() > WORTH_TELLING {
            tracing::warn!("this machine is {ahead} s ahead of the database, whose time counts");
        }
        Ok(Self::Database(Arc::new(clock)))
    }

    pub fn now(&self) -> Instant {
        match self {
            Self::System => system_now(),
            Self::Database(clock) => clock.now(),
            Self::Set(time) => Instant(time.load(Ordering::SeqCst)),
        }
    }

    /// Compares the clock with the database, if it goes by it.
    pub async fn follow(&self, db: &Db) -> Result<(), Problem> {
        let Self::Database(clock) = self else { return Ok(()) };
        clock.follow(db).await?;
        Ok(())
    }

    /// Compares the clock as soon as this machine's own has jumped; never ends where it goes by a
    /// database.
    pub async fn watch(&self, db: &Db) {
        let Self::Database(clock) = self else { return };
        loop {
            tokio::time::sleep(LOOKED_AT_EVERY).await;
            if !clock.has_jumped() {
                continue;
            }
            let followed = clock.follow(db).await.inspect_err(|error| {
                tracing::warn!(%error, "the clock cannot be compared with the database's");
            });
            if !matches!(followed, Ok(true)) {
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

impl Sample {
    const fn round_trip(self) -> i64 {
        self.answered - self.asked
    }

    const fn is_fast(self) -> bool {
        self.round_trip() <= FAST
    }

    /// The database's time when the clock began. The reading was about half way.
    const fn begun_at(self) -> i64 {
        self.there - self.asked.midpoint(self.answered)
    }
}

impl DatabaseClock {
    fn now(&self) -> Instant {
        Instant((self.begun_at.load(Ordering::SeqCst) + self.passed()).div_euclid(MILLIS))
    }

    /// Adopts the database's time; `false` where the database answered too slowly.
    async fn follow(&self, db: &Db) -> sqlx::Result<bool> {
        let sample = self.sample(db).await?;
        if !sample.is_fast() {
            let milliseconds = sample.round_trip();
            tracing::warn!(milliseconds, "the database is too slow to say what time it is");
            return Ok(false);
        }
        let moved = self.adopt(sample) / MILLIS;
        if moved.abs() > WORTH_TELLING {
            tracing::warn!("the database's time has moved by {moved} s against that of this server");
        }
        Ok(true)
    }

    /// Takes a few samples; returns the first fast one, else the fastest.
    async fn sample(&self, db: &Db) -> sqlx::Result<Sample> {
        let mut best = self.sample_once(db).await?;
        for _ in 1..TRIES {
            if best.is_fast() {
                break;
            }
            let next = self.sample_once(db).await?;
            if next.round_trip() < best.round_trip() {
                best = next;
            }
        }
        Ok(best)
    }

    async fn sample_once(&self, db: &Db) -> sqlx::Result<Sample> {
        let (asked, begun_at_here) = (self.passed(), self.read_here());
        let there = store::clock::now(db).await?;
        Ok(Sample { asked, answered: self.passed(), there, begun_at_here })
    }

    /// Goes by a sample from now on; returns the milliseconds by which this clock was wrong.
    fn adopt(&self, sample: Sample) -> i64 {
        self.begun_at_here.store(sample.begun_at_here, Ordering::SeqCst);
        sample.begun_at() - self.begun_at.swap(sample.begun_at(), Ordering::SeqCst)
    }

    fn has_jumped(&self) -> bool {
        (self.read_here() - self.begun_at_here.load(Ordering::SeqCst)).abs() > JUMP
    }

    /// Beginning of this clock by the machine's own as it is now, in milliseconds since 1970.
    fn read_here(&self) -> i64 {
        system_millis() - self.passed()
    }

    fn passed(&self) -> i64 {
        i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else asks")]
fn system_millis() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

fn system_now() -> Instant {
    Instant(system_millis().div_euclid(MILLIS))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn file_and_clock() -> (tempfile::TempDir, Db, Clock) {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("x.db").display());
        let db = store::connect(&url).await.expect("opens");
        let clock = Clock::of(&db).await.expect("is read");
        (folder, db, clock)
    }

    fn inner(clock: &Clock) -> &DatabaseClock {
        let Clock::Database(inner) = clock else { panic!("the database's") };
        inner
    }

    #[tokio::test]
    async fn a_clock_that_is_forty_days_ahead_is_put_right() {
        let (_folder, db, clock) = file_and_clock().await;
        let right = clock.now();

        inner(&clock).begun_at.fetch_add(40 * 24 * 3600 * MILLIS, Ordering::SeqCst);
        clock.follow(&db).await.expect("is read");

        assert!((clock.now().0 - right.0).abs() <= 2);
        assert!((right.0 - system_now().0).abs() <= 2);
    }

    #[tokio::test]
    async fn a_machine_that_slept_compares_itself_within_seconds() {
        let (_folder, db, clock) = file_and_clock().await;
        let inner = inner(&clock);
        let right = clock.now();
        assert!(!inner.has_jumped());

        // The machine slept for an hour: its wall clock went on, its monotonic clock did not.
        inner.begun_at.fetch_sub(3600 * MILLIS, Ordering::SeqCst);
        inner.begun_at_here.fetch_sub(3600 * MILLIS, Ordering::SeqCst);
        assert!(inner.has_jumped());
        let watched = tokio::time::timeout(3 * LOOKED_AT_EVERY, clock.watch(&db)).await;

        assert!(watched.is_err(), "it goes on watching");
        assert!(!inner.has_jumped());
        assert!((clock.now().0 - right.0).abs() <= 5);
    }

    #[test]
    fn a_slow_answer_says_nothing_of_the_time() {
        let sample = |answered| Sample { asked: 1_000, answered, there: 50_000, begun_at_here: 0 };

        assert!(sample(1_000 + FAST).is_fast());
        assert!(!sample(1_001 + FAST).is_fast());
        assert_eq!(sample(3_000).begun_at(), 48_000);
    }
}
