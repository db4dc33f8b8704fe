//! Readiness of this server for its work: the database reads and writes and its file is sound, the
//! photo storage answers and is still the same, their disks have room, background work has succeeded
//! lately.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::fs::statvfs;
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use super::photos::owner;
use super::{App, random_hex, unavailable};
use crate::store::{Db, probes};

/// Time for which an answer is reused: asking often costs nothing.
const KEPT: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(3);
/// Longest wait for a check of the whole database file: a small one is done by then.
const LOOK_PATIENCE: Duration = Duration::from_millis(500);
/// Checks of the whole file take a hundredth part of the time at most.
const LOOK_PAUSE: u32 = 100;
/// Bytes that have to be free on a disk. On a full one small writes may go on, where a file has
/// room inside, while larger ones fail.
const ROOM: u64 = 1 << 20;

/// The last answer, and the checks under way; cheap to clone.
#[derive(Clone, Default)]
pub struct Readiness(Arc<Mutex<Checks>>);

struct Checks {
    /// Name of this server, by which the database tells it from others.
    server: String,
    last: Option<(Instant, Vec<&'static str>)>,
    database: Check,
    file: FileCheck,
    photos: Check,
}

impl Default for Checks {
    fn default() -> Self {
        Self {
            server: random_hex::<8>(),
            last: None,
            database: Check::default(),
            file: FileCheck::default(),
            photos: Check::default(),
        }
    }
}

/// A check that may hang: it never runs twice at the same time.
#[derive(Default)]
struct Check(Option<JoinHandle<bool>>);

/// Names of failing parts; empty where everything is well.
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
                && has_room(db.file().and_then(Path::parent)).await
        });
        let photos = self.photos.is_well(async move {
            let checked = owner::check_unchanged(&files).await;
            checked.inspect_err(|error| drop(unavailable(error))).is_ok() && has_room(files.folder()).await
        });
        let file = self.file.is_well(&app.db);
        let (database, file, photos) = tokio::join!(database, file, photos);
        let mut not_well = app.background.late();
        not_well.extend((!database || !file).then_some("database"));
        not_well.extend((!photos).then_some("photos"));
        not_well
    }
}

impl Check {
    /// Fails where there is no answer in time, also from a check that was begun before.
    async fn is_well(&mut self, check: impl Future<Output = bool> + Send + 'static) -> bool {
        // A check that has ended meanwhile is about an earlier time.
        if self.0.as_ref().is_some_and(JoinHandle::is_finished) {
            self.0 = None;
        }
        let running = self.0.get_or_insert_with(|| tokio::spawn(check));
        let Ok(ended) = timeout(PATIENCE, running).await else { return false };
        self.0 = None;
        ended.unwrap_or(false)
    }
}

/// Checks of the whole database file, one after the other; the last finding counts.
struct FileCheck {
    running: Option<JoinHandle<Finding>>,
    next: Instant,
    is_well: bool,
}

impl Default for FileCheck {
    fn default() -> Self {
        Self { running: None, next: Instant::now(), is_well: true }
    }
}

impl FileCheck {
    async fn is_well(&mut self, db: &Db) -> bool {
        if self.running.is_none() && self.next <= Instant::now() {
            self.running = Some(tokio::spawn(look(db.clone())));
        }
        if let Some(running) = &mut self.running
            && let Ok(ended) = timeout(LOOK_PATIENCE, running).await
        {
            let Finding { is_well, pause } =
                ended.unwrap_or(Finding { is_well: false, pause: LOOK_PATIENCE });
            *self = Self { running: None, next: Instant::now() + pause, is_well };
        }
        self.is_well
    }
}

/// Result of a check of the whole database file.
struct Finding {
    is_well: bool,
    /// Time until the next check.
    pause: Duration,
}

/// Checks the database file. One that cannot be opened or read is not well, whatever the pages say
/// that open connections still hold.
async fn look(db: Db) -> Finding {
    let begun = Instant::now();
    let found = probes::damage_of_file(&db).await;
    let took = begun.elapsed();
    match found {
        Ok(damage) => {
            let is_well = damage.inspect(|damage| drop(unavailable(damage))).is_none();
            Finding { is_well, pause: LOOK_PAUSE * took }
        }
        Err(error) => {
            tracing::warn!(%error, "the file of the database could not be looked at");
            // It may have been in use for a moment, as during a load.
            Finding { is_well: false, pause: took }
        }
    }
}

/// Tells if the disk of a folder has room; `true` where that is unknown.
async fn has_room(folder: Option<&Path>) -> bool {
    let Some(folder) = folder.map(Path::to_owned) else { return true };
    let shown = folder.display().to_string();
    // A disk that is gone may hang.
    let asked = spawn_blocking(move || statvfs(&folder)).await;
    let Ok(Ok(disk)) = asked else { return true };
    let left = disk.f_bavail.saturating_mul(disk.f_frsize);
    if left < ROOM {
        tracing::error!(folder = shown, left, "the disk is full");
    }
    left >= ROOM
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    #[tokio::test]
    async fn a_database_file_that_cannot_be_opened_is_not_well_until_it_can() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("desk.db");
        let db = store::connect(&format!("sqlite:{}", file.display())).await.expect("opens");
        let aside = file.with_extension("aside");
        std::fs::rename(&file, &aside).expect("is moved");

        let unread = look(db.clone()).await;
        std::fs::rename(&aside, &file).expect("is moved back");
        let read = look(db).await;

        assert_eq!([unread.is_well, read.is_well], [false, true]);
        assert!(unread.pause < Duration::from_secs(10), "it is tried again soon: {:?}", unread.pause);
    }

    #[tokio::test]
    async fn a_check_that_ended_after_its_time_is_no_answer_of_today() {
        let before = tokio::spawn(async { false });
        while !before.is_finished() {
            tokio::task::yield_now().await;
        }
        let mut check = Check(Some(before));

        assert!(check.is_well(async { true }).await);
    }
}
