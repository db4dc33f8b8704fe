//! Ownership of a photo store. Database and store carry the same site id, or files
//! of one desk could be cleared away by another that knows none of them.

use std::collections::BTreeSet;
use std::path::Path;

use super::files::{OutOfReach, PhotoFiles};
use crate::domain::photo::PhotoId;
use crate::domain::problem::Problem;
use crate::store::{self, Db};

/// Photos in one query of the database.
const BATCH: usize = 500;
/// Seconds until another try of an upload: somebody has to look at the store first.
const RETRY_AFTER_SECONDS: u64 = 60;

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
    #[error(
        "the photos in {place} were taken away or replaced meanwhile: the site id of this database is {ours}, \
         and the one there is {found}. {WAYS_OUT}"
    )]
    Replaced { place: String, ours: String, found: String },
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
    #[error("cannot read whose the photos are: {0}")]
    Database(#[from] sqlx::Error),
}

/// Logs the error; the person is asked to try again later, since an operator can put the photos back.
impl From<NotOurs> for Problem {
    fn from(error: NotOurs) -> Self {
        match error {
            NotOurs::OutOfReach(error) => error.into(),
            NotOurs::Database(error) => error.into(),
            error => {
                tracing::error!(%error, "the photos are not those of this database");
                Self::Busy { retry_after_seconds: RETRY_AFTER_SECONDS }
            }
        }
    }
}

/// Checks that the store is this database's before anything is changed in it. The first check makes
/// a store without owner its own; later ones only read the owner again.
pub async fn check(db: &Db, files: &PhotoFiles) -> Result<(), NotOurs> {
    if files.site.initialized() {
        return check_unchanged(files).await;
    }
    files.site.get_or_try_init(|| claim(db, files)).await.map(|_| ())
}

/// Checks that the store answers, and still has the owner that the first [`check`] found: under a
/// running server a volume may be unmounted, or another one take its place.
pub async fn check_unchanged(files: &PhotoFiles) -> Result<(), NotOurs> {
    let found = files.owner().await?;
    let Some(ours) = files.site.get() else { return Ok(()) };
    if found.as_ref() == Some(ours) {
        return Ok(());
    }
    let found = found.unwrap_or_else(|| "missing".to_owned());
    Err(NotOurs::Replaced { place: files.place().to_owned(), ours: ours.clone(), found })
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

/// Makes a store without owner this database's; returns the site id.
async fn claim(db: &Db, files: &PhotoFiles) -> Result<String, NotOurs> {
    let found = find(db, files).await?;
    let ours = store::site::id(db).await?;
    if found == Owner::Nobody {
        files.set_owner(&ours).await?;
    }
    Ok(ours)
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
