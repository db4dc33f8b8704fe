//! Pool for work that keeps a core and much memory busy: off the async threads, and only so much of
//! it at a time.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::unavailable;
use crate::domain::problem::Problem;

/// A pool whose callers wait for a turn.
#[derive(Clone)]
pub struct BlockingPool {
    free: Arc<Semaphore>,
    all: u32,
}

impl BlockingPool {
    /// Makes a pool of one turn a core, and at most `limit`.
    pub fn at_most(limit: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let all = cores.min(limit);
        Self { free: Arc::new(Semaphore::new(all)), all: u32::try_from(all).unwrap_or(u32::MAX) }
    }

    pub async fn take<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.take_some(1, work).await
    }

    /// Works while no other work does: for what needs much memory.
    pub async fn take_all<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.take_some(self.all, work).await
    }

    async fn take_some<T: Send + 'static>(
        &self,
        turns: u32,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = Arc::clone(&self.free).acquire_many_owned(turns).await;
        let turn = turn.map_err(|error| unavailable(&error))?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|error| unavailable(&error))
    }
}
