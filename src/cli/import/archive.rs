//! Import of an archive: photos into their store, then lines into the database. So no row lacks its
//! file, and no transaction waits for photos.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Component, Path};
use std::thread;

use futures::future::ready;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use tar::{Archive, EntryType};
use tokio::sync::mpsc;

use super::{BUFFER, ImportError, Loaded, load_twice_read};
use crate::cli::archive::{LINES, photo_of};
use crate::cli::desk::Desk;
use crate::cli::progress;
use crate::domain::photo::{Flaw, MAX_BYTES, MAX_MEGABYTES, PhotoId, Size};
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::service::Clock;
use crate::service::photos::images::{Developed, ImageProcessor, Upload};
use crate::service::photos::owner;
use crate::service::photos::ticket_photos::remove_unnamed;
use crate::store;

/// Photos processed at once, while others are written.
const AT_ONCE: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryFlaw {
    #[error("neither {LINES} nor a photo with its number for a name")]
    Stranger,
    #[error("there is another one")]
    Twice,
    #[error("a photo of this number is there already")]
    Taken,
    #[error("larger than {MAX_MEGABYTES} MB")]
    TooLarge,
    #[error("more pixels than a desk keeps")]
    TooManyPixels,
    #[error("not a picture that a desk keeps, JPEG or PNG")]
    NotAPicture,
}

/// Loads everything. An error leaves the database as it was, and no new photo.
pub async fn load_archive(desk: &Desk, file: File) -> Result<Loaded, ImportError> {
    owner::check(&desk.db, &desk.photo_files).await?;
    let mut kept = Vec::new();
    let loaded = load_both(desk, file, &mut kept).await;
    if loaded.is_err() {
        // Leftovers are swept by the server a day later.
        let _ = remove_unnamed(&desk.db, &desk.photo_files, &kept).await;
    }
    loaded
}

async fn load_both(desk: &Desk, file: File, kept: &mut Vec<PhotoId>) -> Result<Loaded, ImportError> {
    let (send, found) = mpsc::channel(1);
    let reader = thread::spawn(move || read_photos(file, &send));
    keep_photos(desk, found, kept).await?;
    let lines = reader.join().map_err(|_| ImportError::Reader)??;

    let bar = progress::of_bytes(lines.length, "import");
    let first = lines.read()?;
    load_twice_read(desk, first, move || lines.read(), &bar).await
}

async fn keep_photos(
    desk: &Desk,
    mut found: mpsc::Receiver<Found>,
    kept: &mut Vec<PhotoId>,
) -> Result<(), ImportError> {
    let processor = ImageProcessor::default();
    let now = Clock::of(&desk.db).await?.now();
    let bar = progress::of_unknown("photos");
    let found = stream::poll_fn(|context| found.poll_recv(context));
    let keeping = found.map(|found| keep_photo(desk, &processor, found, now)).buffer_unordered(AT_ONCE);
    let each = keeping.try_for_each(|new| {
        kept.extend(new);
        bar.inc(1);
        ready(Ok(()))
    });
    each.await?;
    bar.finish_and_clear();
    Ok(())
}

/// Stores a photo; returns its id if its files are new: those are removed if the import fails.
async fn keep_photo(
    desk: &Desk,
    processor: &ImageProcessor,
    Found { id, upload }: Found,
    now: Instant,
) -> Result<Option<PhotoId>, ImportError> {
    let name = upload.name.clone();
    let refused = |flaw| ImportError::Entry { name, flaw };
    // Photos of others are not overwritten.
    if !store::tickets::photos::known(&desk.db, std::slice::from_ref(&id)).await?.is_empty() {
        return Err(refused(EntryFlaw::Taken));
    }
    let Developed { full, thumbnail, .. } = match processor.admit(upload).await {
        Ok(developed) => developed,
        Err(Problem::BadPhotos(bad)) => {
            let flaw = bad.first().map_or(Flaw::NotAPicture, |bad| bad.flaw);
            return Err(refused(flaw.into()));
        }
        Err(problem) => return Err(ImportError::Photo(problem)),
    };
    let there = desk.photo_files.find(&id, Size::Full).await?;
    if there.as_ref().is_some_and(|there| *there != full) {
        return Err(refused(EntryFlaw::Taken));
    }
    // If an import is killed, only the record says what this file is.
    store::tickets::photos::expect(&desk.db, std::slice::from_ref(&id), now).await?;
    desk.photo_files.write(&id, full, thumbnail).await?;
    Ok(there.is_none().then_some(id))
}

/// A photo of the archive.
struct Found {
    id: PhotoId,
    upload: Upload,
}

/// Sends the photos, in any order; returns the lines.
fn read_photos(file: File, found: &mpsc::Sender<Found>) -> Result<Lines, ImportError> {
    let FileRange { start, length } = walk(&file, found)?.ok_or(ImportError::NoLines)?;
    Ok(Lines { file, start, length })
}

/// The lines of an archive.
struct Lines {
    file: File,
    start: u64,
    length: u64,
}

impl Lines {
    /// Rewinds and reads: clones share a position with earlier readers.
    fn read(&self) -> io::Result<impl BufRead + Send + use<>> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(self.start))?;
        Ok(BufReader::with_capacity(BUFFER, file.take(self.length)))
    }
}

/// Position of lines in the archive.
struct FileRange {
    start: u64,
    length: u64,
}

fn walk(file: &File, found: &mpsc::Sender<Found>) -> Result<Option<FileRange>, ImportError> {
    let mut lines = None;
    let mut archive = Archive::new(file);
    for entry in archive.entries_with_seek()? {
        let mut entry = entry?;
        let name = plain(&entry.path()?);
        let refused = |flaw| Err(ImportError::Entry { name: name.clone(), flaw });
        match entry.header().entry_type() {
            EntryType::Directory => continue,
            EntryType::Regular => {}
            _ => return refused(EntryFlaw::Stranger),
        }
        if name == LINES {
            let place = FileRange { start: entry.raw_file_position(), length: entry.size() };
            if lines.replace(place).is_some() {
                return refused(EntryFlaw::Twice);
            }
            continue;
        }
        let Some(id) = photo_of(&name) else { return refused(EntryFlaw::Stranger) };
        if entry.size() > MAX_BYTES as u64 {
            return refused(EntryFlaw::TooLarge);
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        // The receiver has failed: its error is the one to report.
        if found.blocking_send(Found { id, upload: Upload { name, bytes } }).is_err() {
            break;
        }
    }
    Ok(lines)
}

/// Path without the `./` that `tar` puts before names.
fn plain(path: &Path) -> String {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

impl From<Flaw> for EntryFlaw {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::TooLarge => Self::TooLarge,
            Flaw::TooManyPixels | Flaw::TooLong => Self::TooManyPixels,
            Flaw::NotAPicture | Flaw::TooMany => Self::NotAPicture,
        }
    }
}
