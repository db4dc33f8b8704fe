//! Sweep of photo files that no row names: an upload that broke off leaves some. They are set
//! aside, kept for a while, and put back where a row names them again, as after a backup was
//! restored. More at once than uploads leave are not touched without an operator's order. A load
//! that was killed leaves many, too, but its list of expected photos names them.

use std::collections::BTreeSet;

use super::files::{OutOfReach, PhotoFiles, StoredFile};
use super::owner;
use crate::domain::photo::{MAX_PHOTOS, PhotoId};
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::service::{App, unavailable};
use crate::store::{self, Db};

const DAY: i64 = 24 * 3600;
/// Seconds; younger files may belong to an upload under way.
const LEFT_BEHIND: i64 = DAY;
const UNCLAIMED_KEPT: i64 = 30 * DAY;
/// Largest part of all photos that is set aside without an order.
const MOST_PERCENT: usize = 5;
/// Photos in one query of the database.
const BATCH: usize = 500;

#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    #[error(
        "no ticket has {unnamed} of the {all} photos in {place}: nothing was touched. Is this an older or another \
         database? If they are to go, `fixdesk photos set-aside` moves them aside"
    )]
    TooMany { unnamed: usize, all: usize, place: String },
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
    #[error("cannot read which photos there are: {0}")]
    Database(#[from] sqlx::Error),
}

/// Logs the error: no person waits for an answer.
impl From<SweepError> for Problem {
    fn from(error: SweepError) -> Self {
        unavailable(&error)
    }
}

/// Limit on the files that one sweep sets aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Leftovers of uploads: a small part of all photos.
    Few,
    /// Any number of files: an operator has ordered it.
    None,
}

/// Sweeps, if the store is this database's.
pub(crate) async fn run(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    owner::check(&app.db, &app.photo_files).await?;
    sweep(&app.db, &app.photo_files, now, Limit::Few).await?;
    Ok(())
}

/// Sets aside files that no row names; returns the number of photos.
pub async fn sweep(db: &Db, files: &PhotoFiles, now: Instant, limit: Limit) -> Result<usize, SweepError> {
    let found = Found::of(files.list().await?);
    let named = named(db, &found.ids()).await?;
    put_back(files, &found, &named).await?;
    let expected = store::tickets::photos::expected(db).await?;
    let moved = set_aside(files, &found, &named, &expected, now, limit).await;
    remove_expired(files, &found, &named, now).await?;
    files.remove_drafts(now.minus(LEFT_BEHIND)).await?;
    // Twice as long: a load stores for a while, and files younger than a day are left alone.
    store::tickets::photos::forget_expected_before(db, now.minus(2 * LEFT_BEHIND)).await?;
    moved
}

/// Files of a store, those in use apart from those set aside.
struct Found {
    in_use: Vec<StoredFile>,
    aside: Vec<(StoredFile, Instant)>,
}

impl Found {
    fn of(files: Vec<StoredFile>) -> Self {
        let mut found = Self { in_use: Vec::new(), aside: Vec::new() };
        for file in files {
            match file.unclaimed_since {
                Some(since) => found.aside.push((file, since)),
                None => found.in_use.push(file),
            }
        }
        found
    }

    fn ids(&self) -> Vec<PhotoId> {
        let all = self.in_use.iter().chain(self.aside.iter().map(|(file, _)| file));
        let ids: BTreeSet<&PhotoId> = all.map(|file| &file.photo).collect();
        ids.into_iter().cloned().collect()
    }
}

async fn named(db: &Db, ids: &[PhotoId]) -> sqlx::Result<BTreeSet<PhotoId>> {
    let mut named = BTreeSet::new();
    for some in ids.chunks(BATCH) {
        named.extend(store::tickets::photos::known(db, some).await?);
    }
    Ok(named)
}

async fn put_back(files: &PhotoFiles, found: &Found, named: &BTreeSet<PhotoId>) -> Result<(), SweepError> {
    for (StoredFile { photo, size, .. }, since) in &found.aside {
        let is_there = || found.in_use.iter().any(|file| (&file.photo, file.size) == (photo, *size));
        if named.contains(photo) && !is_there() {
            files.reclaim(photo, *size, *since).await?;
            tracing::warn!(%photo, ?size, "a ticket has this photo after all: put back");
        }
    }
    Ok(())
}

async fn set_aside(
    files: &PhotoFiles,
    found: &Found,
    named: &BTreeSet<PhotoId>,
    expected: &BTreeSet<PhotoId>,
    now: Instant,
    limit: Limit,
) -> Result<usize, SweepError> {
    let is_left = |file: &&StoredFile| !named.contains(&file.photo) && file.written < now.minus(LEFT_BEHIND);
    let left = found.in_use.iter().filter(is_left);
    // Files of a killed load are known from its own list, so their number is no reason to stop.
    let (of_load, left): (Vec<_>, Vec<_>) = left.partition(|file| expected.contains(&file.photo));
    move_aside(files, &of_load, now).await?;
    let unnamed = left.iter().map(|file| &file.photo).collect::<BTreeSet<_>>().len();
    let all = found.in_use.iter().map(|file| &file.photo).collect::<BTreeSet<_>>().len();
    if limit == Limit::Few && unnamed > most_at_once(all) {
        return Err(SweepError::TooMany { unnamed, all, place: files.place().to_owned() });
    }
    move_aside(files, &left, now).await?;
    Ok(unnamed + of_load.iter().map(|file| &file.photo).collect::<BTreeSet<_>>().len())
}

async fn move_aside(files: &PhotoFiles, left: &[&StoredFile], now: Instant) -> Result<(), SweepError> {
    for StoredFile { photo, size, .. } in left {
        let to = files.set_aside(photo, *size, now).await?;
        tracing::warn!(%photo, ?size, %to, "no ticket has this photo: set aside for 30 days");
    }
    Ok(())
}

/// Most unnamed photos: one upload leaves at most as many as a ticket takes.
fn most_at_once(all: usize) -> usize {
    (all * MOST_PERCENT / 100).max(MAX_PHOTOS)
}

async fn remove_expired(
    files: &PhotoFiles,
    found: &Found,
    named: &BTreeSet<PhotoId>,
    now: Instant,
) -> Result<(), SweepError> {
    for (StoredFile { photo, size, .. }, since) in &found.aside {
        if since.plus(UNCLAIMED_KEPT) < now && !named.contains(photo) {
            files.remove_unclaimed(photo, *size, *since).await?;
            tracing::warn!(%photo, ?size, "nobody missed this photo for 30 days: removed");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_takes_one_upload_or_a_few_percent() {
        assert_eq!([0, 10, 234, 1_000].map(most_at_once), [6, 6, 11, 50]);
    }
}
