//! The clock of the desk.
//!
//! Nodes share leases and what is deleted after a while, so they go by one clock: the
//! database's. Each compares itself with it once a minute, and in between counts the
//! seconds that pass: nothing that somebody does to the clock of a node matters.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time;

use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::store::{self, Db};

const MILLIS: i64 = 1000;
/// A clock that is wrong by more is worth a line in the log.
const WORTH_TELLING: i64 = 30;

#[derive(Clone)]
pub enum Clock {
    /// This machine's own, where nothing depends on it.
    System,
    Database(Arc<DatabaseClock>),
    /// Set by hand: tests do not wait for an hour to pass.
    Set(Arc<AtomicI64>),
}

pub struct DatabaseClock {
    begun: time::Instant,
    /// The database's time when this began, in milliseconds.
    begun_at: AtomicI64,
}

impl Clock {
    /// The clock of a database.
    pub async fn of(db: &Db) -> sqlx::Result<Self> {
        let clock = DatabaseClock { begun: time::Instant::now(), begun_at: AtomicI64::new(0) };
        clock.compare(db).await?;
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

    /// Compares itself with the database, if it goes by it.
    pub async fn follow(&self, db: &Db) -> Result<(), Problem> {
        let Self::Database(clock) = self else { return Ok(()) };
        let moved = clock.compare(db).await? / MILLIS;
        if moved.abs() > WORTH_TELLING {
            tracing::warn!("the database's time has moved by {moved} s");
        }
        Ok(())
    }
}

impl DatabaseClock {
    fn now(&self) -> Instant {
        Instant((self.begun_at.load(Ordering::SeqCst) + self.passed()).div_euclid(MILLIS))
    }

    /// By how many milliseconds this clock was wrong.
    async fn compare(&self, db: &Db) -> sqlx::Result<i64> {
        let before = self.passed();
        let there = store::clock::now(db).await?;
        // It was read about half way.
        let here = before.midpoint(self.passed());
        let begun_at = there - here;
        Ok(begun_at - self.begun_at.swap(begun_at, Ordering::SeqCst))
    }

    fn passed(&self) -> i64 {
        i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else asks")]
fn system_now() -> Instant {
    Instant(chrono::Utc::now().timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_clock_that_is_forty_days_ahead_is_put_right() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("x.db").display());
        let db = store::connect(&url).await.expect("opens");
        let clock = Clock::of(&db).await.expect("is read");
        let Clock::Database(inner) = &clock else { panic!("the database's") };
        let right = clock.now();

        inner.begun_at.fetch_add(40 * 24 * 3600 * MILLIS, Ordering::SeqCst);
        clock.follow(&db).await.expect("is read");

        assert!((clock.now().0 - right.0).abs() <= 2);
        assert!((right.0 - system_now().0).abs() <= 2);
    }
}
