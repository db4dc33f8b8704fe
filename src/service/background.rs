//! Background work of a server: begun again when it panics, and watched, so that a server that has
//! stopped doing it can be told.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt as _;

/// Pause after the first panic; it doubles with every further one in a row.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// State of all background work of a server; cheap to clone.
#[derive(Clone, Default)]
pub struct Background(Arc<Mutex<BTreeMap<&'static str, State>>>);

struct State {
    /// Time of the last success, or of the beginning.
    succeeded_at: Instant,
    patience: Duration,
    panics_in_a_row: u32,
}

impl Background {
    /// Runs the work, and begins it again after a panic; returns when it has ended. The work is
    /// late where it has not [`succeeded`](Self::succeeded) for longer than `patience`.
    pub async fn supervise<F: Future<Output = ()>>(
        &self,
        name: &'static str,
        patience: Duration,
        work: impl Fn() -> F,
    ) {
        let state = State { succeeded_at: Instant::now(), patience, panics_in_a_row: 0 };
        self.states().insert(name, state);
        while let Err(panic) = AssertUnwindSafe(async { work().await }).catch_unwind().await {
            let pause = self.pause_after_panic(name);
            let pause_seconds = pause.as_secs();
            tracing::error!(name, pause_seconds, panic = words(&*panic), "panicked, will begin again");
            tokio::time::sleep(pause).await;
        }
        self.states().remove(name);
    }

    /// Notes a success of the work.
    pub fn succeeded(&self, name: &'static str) {
        if let Some(state) = self.states().get_mut(name) {
            state.succeeded_at = Instant::now();
            state.panics_in_a_row = 0;
        }
    }

    /// Returns the work that has not succeeded for too long.
    pub fn late(&self) -> Vec<&'static str> {
        let states = self.states();
        let late = states.iter().filter(|(_, state)| state.succeeded_at.elapsed() > state.patience);
        late.map(|(name, _)| *name).collect()
    }

    fn pause_after_panic(&self, name: &'static str) -> Duration {
        let mut states = self.states();
        let Some(state) = states.get_mut(name) else { return LONGEST_PAUSE };
        let pause = SHORTEST_PAUSE.saturating_mul(1 << state.panics_in_a_row.min(16));
        state.panics_in_a_row += 1;
        pause.min(LONGEST_PAUSE)
    }

    fn states(&self) -> MutexGuard<'_, BTreeMap<&'static str, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The message of a panic.
pub(super) fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn work_that_panics_begins_again_and_ends_when_it_is_done() {
        let background = Background::default();
        let begun = AtomicU32::new(0);
        let work = async || {
            assert!(begun.fetch_add(1, Ordering::SeqCst) >= 1, "not yet");
        };

        background.supervise("work", Duration::from_secs(9), work).await;

        assert_eq!(begun.load(Ordering::SeqCst), 2);
        assert!(background.states().is_empty());
    }

    #[test]
    fn pauses_grow_until_it_succeeds() {
        let background = Background::default();
        let pauses = |count: usize| -> Vec<u64> {
            (0..count).map(|_| background.pause_after_panic("work").as_secs()).collect()
        };
        let state = State { succeeded_at: Instant::now(), patience: Duration::MAX, panics_in_a_row: 0 };
        background.states().insert("work", state);

        assert_eq!(pauses(8), [1, 2, 4, 8, 16, 32, 60, 60]);
        background.succeeded("work");
        assert_eq!(pauses(1), [1]);
    }

    #[test]
    fn work_that_does_not_succeed_for_too_long_is_late() {
        let background = Background::default();
        for (name, patience) in [("slow", Duration::ZERO), ("fine", Duration::from_secs(60))] {
            let state = State { succeeded_at: Instant::now(), patience, panics_in_a_row: 0 };
            background.states().insert(name, state);
        }
        std::thread::sleep(Duration::from_millis(2));

        assert_eq!(background.late(), ["slow"]);
    }
}
