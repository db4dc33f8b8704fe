//! Work that keeps a core and much memory busy: off the async threads, and only
//! so much of it at a time.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::unavailable;
use crate::domain::problem::Problem;

/// Whoever comes waits for a turn.
#[derive(Clone)]
pub struct Turns(Arc<Semaphore>);

impl Turns {
    /// As many at once as there are cores, and at most so many.
    pub fn at_most(limit: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self(Arc::new(Semaphore::new(cores.min(limit))))
    }

    pub async fn take<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = Arc::clone(&self.0).acquire_owned().await.map_err(|error| unavailable(&error))?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|error| unavailable(&error))
    }
}
