//! Queue of the people who sign in from one address.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::domain::problem::Problem;

/// Passwords from one address that are checked at a time. A try counts as failed until its password
/// was right, so a room full of people who sign in together would be taken for somebody who guesses.
const AT_A_TIME: usize = 5;
/// Longest wait for a turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Turns of the addresses from which somebody signs in now. Cheap to clone.
#[derive(Clone, Default)]
pub struct SignInQueue(Arc<Mutex<HashMap<String, Arc<Semaphore>>>>);

/// Turn of one try, over when dropped.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl SignInQueue {
    /// Waits for a turn, in the order of arrival.
    pub async fn take_turn(&self, address: &str) -> Result<Turn, Problem> {
        let busy = || Problem::TooManyTries { retry_after_seconds: 1 };
        let turn = timeout(PATIENCE, self.of(address).acquire_owned()).await.map_err(|_| busy())?;
        Ok(Turn { _permit: turn.map_err(|_| busy())? })
    }

    fn of(&self, address: &str) -> Arc<Semaphore> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queues.retain(|_, queue| Arc::strong_count(queue) > 1);
        let queue = queues.entry(address.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(AT_A_TIME)));
        Arc::clone(queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_turn_ends_the_wait_of_the_next_and_of_no_other_address() {
        let queue = SignInQueue::default();
        let mut turns = Vec::new();
        for _ in 0..AT_A_TIME {
            turns.push(queue.take_turn("here").await.expect("a turn"));
        }

        let elsewhere = queue.take_turn("elsewhere").await;
        let too_early = timeout(Duration::from_millis(20), queue.take_turn("here")).await;
        let (after_another, ()) = tokio::join!(queue.take_turn("here"), async { drop(turns.pop()) });

        assert!(elsewhere.is_ok() && after_another.is_ok());
        assert!(too_early.is_err());
        drop((elsewhere, after_another, turns));
        drop(queue.take_turn("there").await);
        assert_eq!(queue.0.lock().expect("no panic").len(), 1, "only the latest is kept");
    }
}
