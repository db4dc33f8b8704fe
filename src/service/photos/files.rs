//! Files of photos, in a folder or a bucket, named by photo id.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use futures::TryStreamExt as _;
use futures::future::{join, try_join_all};
use object_store::local::LocalFileSystem;
use object_store::path::Path as FilePath;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use tokio::sync::OnceCell;

use super::s3::{BadBucket, Bucket};
use crate::domain::photo::{PhotoId, Size};
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::service::unavailable;

const THUMBNAIL: &str = "-thumbnail";
/// File in the store that names its owner.
const OWNER: &str = "fixdesk-site";
/// Folder for files that no row names, in folders named by the second in which they were set aside.
const UNCLAIMED: &str = "unclaimed";

#[derive(Clone)]
pub struct PhotoFiles {
    files: Arc<dyn ObjectStore>,
    place: Arc<str>,
    /// `None` for a bucket.
    folder: Option<Arc<Path>>,
    /// Site id of the desk, set once the store is known to be its own.
    pub(crate) site: Arc<OnceCell<String>>,
}

/// A file of a photo as a listing of the store shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    pub photo: PhotoId,
    pub size: Size,
    pub bytes: u64,
    pub written: Instant,
    /// Time of setting aside, if it was.
    pub unclaimed_since: Option<Instant>,
}

#[derive(Debug, thiserror::Error)]
#[error("cannot keep photos in {}: {source}", path.display())]
pub struct FolderError {
    path: PathBuf,
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// Place of photos, from the settings.
#[derive(Clone, Debug)]
pub enum PhotoPlace {
    Folder(PathBuf),
    Bucket(Bucket),
}

impl PhotoPlace {
    /// Returns the folder if it is missing.
    pub fn missing_folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) if !folder.exists() => Some(folder),
            Self::Folder(_) | Self::Bucket(_) => None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("there is no folder {} for photos: is the setting right?", .0.display())]
    Missing(PathBuf),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Bucket(#[from] BadBucket),
}

/// An error of the folder or bucket, in its own words.
#[derive(Debug, thiserror::Error)]
#[error("the photos cannot be reached: {0}")]
pub struct OutOfReach(#[from] object_store::Error);

/// Logs the error; the person is asked to try again soon. A store that answers that there is no
/// such file is not away.
impl From<OutOfReach> for Problem {
    fn from(error: OutOfReach) -> Self {
        if let OutOfReach(object_store::Error::NotFound { .. }) = error {
            return unavailable(&error);
        }
        tracing::error!(%error, "the photos did not answer");
        Self::Busy { retry_after_seconds: 5 }
    }
}

impl PhotoFiles {
    pub fn open(place: &PhotoPlace) -> Result<Self, PlaceError> {
        match place {
            PhotoPlace::Folder(path) => Ok(Self::in_folder(path)?),
            PhotoPlace::Bucket(bucket) => Ok(Self::new(bucket.open()?, &bucket.to_string(), None)),
        }
    }

    /// Opens an existing place; makes none.
    pub fn open_existing(place: &PhotoPlace) -> Result<Self, PlaceError> {
        match place.missing_folder() {
            Some(folder) => Err(PlaceError::Missing(folder.to_owned())),
            None => Self::open(place),
        }
    }

    /// Opens a folder, or makes it for its owner only.
    pub fn in_folder(path: &Path) -> Result<Self, FolderError> {
        let files = open_folder(path).map_err(|source| FolderError { path: path.to_owned(), source })?;
        Ok(Self::new(Arc::new(files), &path.display().to_string(), Some(path.into())))
    }

    fn new(files: Arc<dyn ObjectStore>, place: &str, folder: Option<Arc<Path>>) -> Self {
        Self { files, place: place.into(), folder, site: Arc::default() }
    }

    /// Name of the folder or bucket, for people to read.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Path of the folder; `None` for a bucket.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Reads the site id of the store's owner; `None` if there is none.
    pub async fn owner(&self) -> Result<Option<String>, OutOfReach> {
        match self.files.get(&OWNER.into()).await {
            Ok(found) => Ok(Some(String::from_utf8_lossy(&found.bytes().await?).trim().to_owned())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub async fn set_owner(&self, site: &str) -> Result<(), OutOfReach> {
        self.files.put(&OWNER.into(), format!("{site}\n").into_bytes().into()).await?;
        Ok(())
    }

    /// Stores both files; returns when they are written for good.
    pub async fn write(&self, id: &PhotoId, full: Vec<u8>, thumbnail: Vec<u8>) -> Result<(), OutOfReach> {
        let (path, small) = (file_of(id, Size::Full), file_of(id, Size::Thumbnail));
        // Both are awaited: a failed upload is removed, and no part of it may arrive afterwards.
        let (full, thumbnail) =
            join(self.files.put(&path, full.into()), self.files.put(&small, thumbnail.into())).await;
        full?;
        thumbnail?;
        Ok(())
    }

    pub async fn read(&self, id: &PhotoId, size: Size) -> Result<Vec<u8>, OutOfReach> {
        Ok(self.files.get(&file_of(id, size)).await?.bytes().await?.into())
    }

    /// Reads a file; `None` if it is missing.
    pub async fn find(&self, id: &PhotoId, size: Size) -> Result<Option<Vec<u8>>, OutOfReach> {
        match self.read(id, size).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(OutOfReach(object_store::Error::NotFound { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes the existing files of these photos.
    pub async fn remove(&self, ids: &BTreeSet<PhotoId>) -> Result<(), OutOfReach> {
        let files = ids.iter().flat_map(|id| [file_of(id, Size::Full), file_of(id, Size::Thumbnail)]);
        try_join_all(files.map(|file| self.remove_file(file))).await.map(|_| ())
    }

    async fn remove_file(&self, file: FilePath) -> Result<(), OutOfReach> {
        match self.files.delete(&file).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Lists the files of photos, those that were set aside too. Files of other names are not ours.
    pub async fn list(&self) -> Result<Vec<StoredFile>, OutOfReach> {
        let files = self.files.list(None).try_filter_map(async |file| Ok(stored_file(&file)));
        Ok(files.try_collect().await?)
    }

    /// Removes remains of files that were being written when the program was killed, unless they
    /// are younger. A bucket has none.
    pub async fn remove_drafts(&self, Instant(written_before): Instant) -> Result<(), OutOfReach> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        let is_draft = |name: &str| {
            let photo = name.split_once('#').map(|(name, _)| name.strip_suffix(THUMBNAIL).unwrap_or(name));
            photo.is_some_and(|photo| photo.parse::<PhotoId>().is_ok())
        };
        let is_old = move |file: &std::fs::DirEntry| {
            let written = file.metadata().and_then(|found| found.modified()).ok();
            let age = written.and_then(|written| written.duration_since(UNIX_EPOCH).ok());
            age.is_some_and(|age| i64::try_from(age.as_secs()).is_ok_and(|written| written < written_before))
        };
        let removing = tokio::task::spawn_blocking(move || {
            for file in std::fs::read_dir(&*folder)?.flatten() {
                if file.file_name().to_str().is_some_and(is_draft) && is_old(&file) {
                    std::fs::remove_file(file.path())?;
                }
            }
            Ok::<(), io::Error>(())
        });
        let removed = removing.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        removed.map_err(|error| object_store::Error::Generic { store: "folder", source: error.into() }.into())
    }

    /// Moves a file into the folder for unclaimed ones; returns its new path.
    pub async fn set_aside(&self, id: &PhotoId, size: Size, now: Instant) -> Result<String, OutOfReach> {
        let to = unclaimed_file_of(id, size, now);
        self.files.rename(&file_of(id, size), &to).await?;
        Ok(to.to_string())
    }

    /// Finds the time since when a file is set aside, if it is.
    pub async fn aside_since(&self, id: &PhotoId, size: Size) -> Result<Option<Instant>, OutOfReach> {
        let aside = self.files.list(Some(&UNCLAIMED.into()));
        let found = aside.try_filter_map(async |file| Ok(stored_file(&file)));
        let found: Vec<StoredFile> = found.try_collect().await?;
        let found = found.into_iter().filter(|file| (&file.photo, file.size) == (id, size));
        Ok(found.filter_map(|file| file.unclaimed_since).max())
    }

    /// Moves a file back that was set aside.
    pub async fn reclaim(&self, id: &PhotoId, size: Size, since: Instant) -> Result<(), OutOfReach> {
        Ok(self.files.rename(&unclaimed_file_of(id, size, since), &file_of(id, size)).await?)
    }

    /// Removes a file for good that was set aside.
    pub async fn remove_unclaimed(&self, id: &PhotoId, size: Size, since: Instant) -> Result<(), OutOfReach> {
        self.remove_file(unclaimed_file_of(id, size, since)).await
    }
}

fn stored_file(file: &ObjectMeta) -> Option<StoredFile> {
    let path = file.location.as_ref();
    let (unclaimed_since, name) = match path.split_once('/') {
        None => (None, path),
        Some((UNCLAIMED, rest)) => {
            let (since, name) = rest.split_once('/')?;
            (Some(Instant(since.parse().ok()?)), name)
        }
        Some(_) => return None,
    };
    let (id, size) = match name.strip_suffix(THUMBNAIL) {
        Some(id) => (id, Size::Thumbnail),
        None => (name, Size::Full),
    };
    let written = Instant(file.last_modified.timestamp());
    Some(StoredFile { photo: id.parse().ok()?, size, bytes: file.size, written, unclaimed_since })
}

fn unclaimed_file_of(id: &PhotoId, size: Size, Instant(since): Instant) -> FilePath {
    format!("{UNCLAIMED}/{since}/{}", file_of(id, size)).into()
}

fn open_folder(path: &Path) -> Result<LocalFileSystem, Box<dyn std::error::Error + Send + Sync>> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)?;
    // Rows of photos are written to disk for good; so are their files.
    Ok(LocalFileSystem::new_with_prefix(path)?.with_fsync(true))
}

fn file_of(id: &PhotoId, size: Size) -> FilePath {
    match size {
        Size::Full => id.as_str().into(),
        Size::Thumbnail => format!("{id}{THUMBNAIL}").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_is_away_is_worth_another_try_and_a_missing_file_is_not() {
        let away = object_store::Error::Generic { store: "S3", source: "silent".into() };
        let missing = object_store::Error::NotFound { path: "a".to_owned(), source: "none".into() };

        let [away, missing] = [away, missing].map(|error| Problem::from(OutOfReach(error)));

        assert_eq!((away.http_status(), away.retry_after_seconds()), (503, Some(5)));
        assert_eq!((missing.http_status(), missing.retry_after_seconds()), (500, None));
    }
}
