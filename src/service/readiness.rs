//! Readiness of this server for its work: the database reads and writes, the photo
//! storage answers, background work has succeeded lately.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{App, random_hex, unavailable};
use crate::store::probes;

/// The time for which an answer is given again: asking often costs nothing.
const KEPT: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(3);

/// The last answer, and the checks under way; cheap to clone.
#[derive(Clone, Default)]
pub struct Readiness(Arc<Mutex<Checks>>);

struct Checks {
    /// The name of this server among those of the database.
    server: String,
    last: Option<(Instant, Vec<&'static str>)>,
    database: Check,
    photos: Check,
}

impl Default for Checks {
    fn default() -> Self {
        Self { server: random_hex::<8>(), last: None, database: Check::default(), photos: Check::default() }
    }
}

/// A check that may hang: it is never begun a second time beside itself.
#[derive(Default)]
struct Check(Option<JoinHandle<bool>>);

/// The names of what is not well; none where everything is.
pub async fn not_well(app: &App) -> Vec<&'static str> {
    let mut checks = app.readiness.0.lock().await;
    if let Some((at, found)) = &checks.last
        && at.elapsed() < KEPT
    {
        return found.clone();
    }
    let found = checks.run(app).await;
    let before = checks.last.replace((Instant::now(), found.clone())).map(|(_, before)| before);
    if before.unwrap_or_default() != found {
        if found.is_empty() {
            tracing::info!("ready again");
        } else {
            tracing::error!(not_well = found.join(", "), "not ready");
        }
    }
    found
}

impl Checks {
    async fn run(&mut self, app: &App) -> Vec<&'static str> {
        let (db, files, now) = (app.db.clone(), app.photo_files.clone(), app.clock.now());
        let server = self.server.clone();
        let database = self.database.is_well(async move {
            let proved = probes::read_and_write(&db, &server, now).await;
            proved.inspect_err(|error| drop(unavailable(error))).is_ok()
        });
        let photos = self.photos.is_well(async move {
            let owner = files.owner().await.inspect_err(|error| drop(unavailable(error)));
            // A store that was ours and says nothing any more is an empty place.
            owner.is_ok_and(|owner| owner.is_some() || !files.is_ours.initialized())
        });
        let (database, photos) = tokio::join!(database, photos);
        let mut not_well = app.background.late();
        not_well.extend((!database).then_some("database"));
        not_well.extend((!photos).then_some("photos"));
        not_well
    }
}

impl Check {
    /// Fails where there is no answer in time, also of a check that was begun before.
    async fn is_well(&mut self, check: impl Future<Output = bool> + Send + 'static) -> bool {
        let running = self.0.get_or_insert_with(|| tokio::spawn(check));
        let Ok(ended) = timeout(PATIENCE, running).await else { return false };
        self.0 = None;
        ended.unwrap_or(false)
    }
}
