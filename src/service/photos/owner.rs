//! Ownership of a photo store. Database and store carry the same site id, or files
//! of one desk could be cleared away by another that knows none of them.

use std::collections::BTreeSet;
use std::path::Path;

use super::files::{OutOfReach, PhotoFiles};
use crate::domain::photo::PhotoId;
use crate::domain::problem::Problem;
use crate::service::unavailable;
use crate::store::{self, Db};

/// Photos in one query of the database.
const BATCH: usize = 500;

const WAYS_OUT: &str = "Check the settings for the database and the photos. \
    If they are right, `fixdesk photos adopt` makes these photos those of this database";

#[derive(Debug, thiserror::Error)]
pub enum NotOurs {
    #[error("the photos in {place} belong to another database than this one. {WAYS_OUT}")]
    Another { place: String },
    #[error(
        "the photos in {place} belong to another database: this one knows none of the {photos}. {WAYS_OUT}"
    )]
    Unknown { place: String, photos: usize },
    #[error("this database has {rows} photos, and there is none in {place}. {WAYS_OUT}")]
    Missing { place: String, rows: i64 },
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
    #[error("cannot read whose the photos are: {0}")]
    Database(#[from] sqlx::Error),
}

/// Logs the error; the person gets the incident number to ask about.
impl From<NotOurs> for Problem {
    fn from(error: NotOurs) -> Self {
        match error {
            NotOurs::OutOfReach(error) => error.into(),
            NotOurs::Database(error) => error.into(),
            error => unavailable(&error),
        }
    }
}

/// Checks that the store is this database's before anything is changed in it; a store without owner
/// becomes its own. Returns at once after the first success.
pub async fn check(db: &Db, files: &PhotoFiles) -> Result<(), NotOurs> {
    files.is_ours.get_or_try_init(|| claim(db, files)).await.map(|_| ())
}

/// Checks that a database may be made beside this store: it has no photos. One beside good photos
/// is a wrong address, or takes the place of one that is lost.
pub async fn check_new(files: &PhotoFiles) -> Result<(), NotOurs> {
    let place = || files.place().to_owned();
    if files.owner().await?.is_some() {
        return Err(NotOurs::Another { place: place() });
    }
    match photos_in(files).await?.len() {
        0 => Ok(()),
        photos => Err(NotOurs::Unknown { place: place(), photos }),
    }
}

/// Checks that a folder may be made for this database: one with photos has them elsewhere.
pub async fn check_empty(db: &Db, folder: &Path) -> Result<(), NotOurs> {
    match store::tickets::photos::count(db).await? {
        0 => Ok(()),
        rows => Err(NotOurs::Missing { place: folder.display().to_string(), rows }),
    }
}

/// Makes the store this database's, whichever owner it had.
pub async fn adopt(db: &Db, files: &PhotoFiles) -> Result<(), NotOurs> {
    Ok(files.set_owner(&store::site::id(db).await?).await?)
}

async fn claim(db: &Db, files: &PhotoFiles) -> Result<(), NotOurs> {
    if find(db, files).await? == Owner::Nobody {
        files.set_owner(&store::site::id(db).await?).await?;
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    ThisDatabase,
    /// The store has no owner, and may become this database's.
    Nobody,
}

/// Determines the owner of the store, and changes nothing.
pub async fn find(db: &Db, files: &PhotoFiles) -> Result<Owner, NotOurs> {
    let ours = store::site::id(db).await?;
    match files.owner().await? {
        Some(owner) if owner == ours => Ok(Owner::ThisDatabase),
        Some(_) => Err(NotOurs::Another { place: files.place().to_owned() }),
        None => check_unmarked(db, files).await.map(|()| Owner::Nobody),
    }
}

/// Judges a store without an owner by its photos: one known photo proves the database, since their
/// ids are random.
async fn check_unmarked(db: &Db, files: &PhotoFiles) -> Result<(), NotOurs> {
    let place = || files.place().to_owned();
    let photos = photos_in(files).await?;
    if photos.is_empty() {
        return match store::tickets::photos::count(db).await? {
            0 => Ok(()),
            rows => Err(NotOurs::Missing { place: place(), rows }),
        };
    }
    let ids: Vec<PhotoId> = photos.into_iter().collect();
    for some in ids.chunks(BATCH) {
        if !store::tickets::photos::known(db, some).await?.is_empty() {
            return Ok(());
        }
    }
    Err(NotOurs::Unknown { place: place(), photos: ids.len() })
}

async fn photos_in(files: &PhotoFiles) -> Result<BTreeSet<PhotoId>, OutOfReach> {
    Ok(files.list().await?.into_iter().map(|file| file.photo).collect())
}
