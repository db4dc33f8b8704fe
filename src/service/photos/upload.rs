//! Photos that come with a change of a ticket. Their files are stored before the
//! transaction that names them begins: a slow disk or bucket keeps only its own
//! request waiting. A row never names a file that is not there, and files of a
//! change that fails, or whose client leaves, are removed again. A crash leaves files at most, which
//! [`sweep`](super::sweep) finds later.

use std::collections::BTreeSet;

use futures::future::join_all;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

use super::files::{OutOfReach, PhotoFiles};
use super::images::{Developed, Upload};
use super::owner;
use crate::domain::photo::{self, MediaType, Photo, PhotoId};
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::viewer::Viewer;
use crate::service::transaction::{NewEvent, TicketTransaction};
use crate::service::{App, hex, random_hex, unavailable};
use crate::store;

/// A change that waits for its commit, or the answer that the same request got before.
pub enum Prepared<T> {
    Ready(TicketTransaction, T),
    Repeated(T),
}

/// Photos of one request. Before their files are stored only their names are known.
pub struct NewPhotos {
    /// File names as their sender gave them.
    names: Vec<String>,
    stored: Vec<StoredPhoto>,
    unnamed: Option<Unnamed>,
}

/// Files that no row names yet: removed when this is dropped, as where the client leaves and its
/// request is given up.
struct Unnamed {
    files: PhotoFiles,
    ids: BTreeSet<PhotoId>,
}

/// A photo whose files are stored and that no row names yet.
struct StoredPhoto {
    id: PhotoId,
    media_type: MediaType,
    width: u32,
    height: u32,
    bytes: u64,
}

/// Hashes the files as they were uploaded: the same request has the same ones. Off the async
/// threads, since six large files take a while.
pub async fn with_prints(uploads: Vec<Upload>) -> Result<(Vec<Upload>, Vec<String>), Problem> {
    if uploads.is_empty() {
        return Ok((uploads, Vec::new()));
    }
    let hash = move || {
        let prints = uploads.iter().map(|upload| hex(&Sha256::digest(&upload.bytes))).collect();
        (uploads, prints)
    };
    tokio::task::spawn_blocking(hash).await.map_err(|error| unavailable(&error))
}

/// A change of a ticket that may bring photos.
pub trait PhotoChange: Sync {
    type Answer: Send;

    /// Judges the request and records it, [`NewPhotos::record`] included.
    fn prepare(
        &self,
        app: &App,
        photos: &NewPhotos,
    ) -> impl Future<Output = Result<Prepared<Self::Answer>, Problem>> + Send;
}

/// Stores photos and commits the change that names them. Where there are photos
/// the change is prepared twice: first on trial, so that a refused request costs
/// neither decoding nor storage, then again with the files in place, because much
/// may have happened meanwhile.
pub async fn commit<C: PhotoChange>(
    app: &App,
    uploads: Vec<Upload>,
    change: &C,
) -> Result<C::Answer, Problem> {
    let mut photos = NewPhotos::of(&uploads);
    if !uploads.is_empty() {
        match change.prepare(app, &photos).await? {
            Prepared::Repeated(answer) => return Ok(answer),
            Prepared::Ready(trial, _) => trial.roll_back().await?,
        }
        owner::check(&app.db, &app.photo_files).await?;
        photos.keep(store_files(&app.photo_files, app.processor.develop(uploads).await?).await?);
    }
    match change.prepare(app, &photos).await {
        Ok(Prepared::Ready(transaction, answer)) => {
            // A failed commit may have come through: the files stay until that is known.
            photos.keep_for_good();
            commit_to_the_end(transaction).await?;
            Ok(answer)
        }
        Ok(Prepared::Repeated(answer)) => {
            photos.discard().await;
            Ok(answer)
        }
        Err(problem) => {
            photos.discard().await;
            Err(problem)
        }
    }
}

/// Commits also if the client has left meanwhile: half a commit would leave files unnamed.
async fn commit_to_the_end(transaction: TicketTransaction) -> Result<(), Problem> {
    tokio::spawn(transaction.commit()).await.unwrap_or_else(|error| Err(unavailable(&error)))
}

impl Unnamed {
    /// Leaves the files in place.
    fn keep(mut self) {
        self.ids.clear();
    }

    /// Removes the files; those that cannot be removed now are swept later.
    async fn discard(mut self) {
        remove_files(&self.files, &self.ids).await;
        self.ids.clear();
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        let (files, ids) = (self.files.clone(), std::mem::take(&mut self.ids));
        if !ids.is_empty()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async move { remove_files(&files, &ids).await });
        }
    }
}

async fn remove_files(files: &PhotoFiles, ids: &BTreeSet<PhotoId>) {
    if let Err(error) = files.remove(ids).await {
        tracing::warn!(%error, "files of photos that were refused are left behind");
    }
}

impl NewPhotos {
    fn of(uploads: &[Upload]) -> Self {
        let names = uploads.iter().map(|upload| upload.name.clone()).collect();
        Self { names, stored: Vec::new(), unnamed: None }
    }

    pub const fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Records the photos for a ticket that this change has locked.
    pub async fn record(
        &self,
        transaction: &mut TicketTransaction,
        viewer: &Viewer,
        ticket: &Ticket,
    ) -> Result<(), Problem> {
        let there = store::tickets::photos::count_of_ticket(&mut transaction.tx, ticket.contract.id).await?;
        let there = usize::try_from(there).unwrap_or(usize::MAX);
        photo::check_room(there, self.names.iter().map(String::as_str))
            .map_err(|bad| Problem::BadPhotos(vec![bad]))?;
        for StoredPhoto { id, media_type, width, height, bytes } in &self.stored {
            let photo = Photo {
                id: id.clone(),
                ticket: ticket.contract.id,
                uploaded_by: viewer.id,
                created_at: transaction.now,
                media_type: *media_type,
                width: *width,
                height: *height,
                bytes: *bytes,
            };
            store::tickets::photos::insert(&mut transaction.tx, &photo).await?;
            let entry = NewEvent::acted(viewer, Kind::Photo, id.to_string());
            transaction.write_down(ticket, ticket.state(), entry).await?;
        }
        Ok(())
    }

    fn keep(&mut self, (stored, unnamed): (Vec<StoredPhoto>, Unnamed)) {
        self.stored = stored;
        self.unnamed = Some(unnamed);
    }

    /// Rows may name the files from now on.
    fn keep_for_good(&mut self) {
        if let Some(unnamed) = self.unnamed.take() {
            unnamed.keep();
        }
    }

    /// Removes the stored files.
    async fn discard(&mut self) {
        if let Some(unnamed) = self.unnamed.take() {
            unnamed.discard().await;
        }
    }
}

/// Stores all files or, as far as the storage allows, none. Goes on when the client leaves: files
/// under way could arrive after they were removed.
async fn store_files(
    files: &PhotoFiles,
    photos: Vec<Developed>,
) -> Result<(Vec<StoredPhoto>, Unnamed), Problem> {
    let storing = tokio::spawn(store_all(files.clone(), photos));
    let stored = storing.await.map_err(|error| unavailable(&error))?;
    Ok(stored?)
}

async fn store_all(
    files: PhotoFiles,
    photos: Vec<Developed>,
) -> Result<(Vec<StoredPhoto>, Unnamed), OutOfReach> {
    let (mut stored, mut failed) = (Vec::with_capacity(photos.len()), None);
    // All are awaited: a file under way could arrive after it was removed.
    for (photo, written) in join_all(photos.into_iter().map(|photo| store_one(&files, photo))).await {
        stored.push(photo);
        failed = failed.or(written.err());
    }
    let ids = stored.iter().map(|photo| photo.id.clone()).collect();
    let unnamed = Unnamed { files, ids };
    match failed {
        None => Ok((stored, unnamed)),
        Some(error) => {
            unnamed.discard().await;
            Err(error)
        }
    }
}

async fn store_one(files: &PhotoFiles, photo: Developed) -> (StoredPhoto, Result<(), OutOfReach>) {
    let Developed { name: _, media_type, width, height, full, thumbnail } = photo;
    let id: PhotoId = random_hex::<16>().parse().expect("sixteen bytes are 32 digits");
    let photo = StoredPhoto { id: id.clone(), media_type, width, height, bytes: full.len() as u64 };
    (photo, files.write(&id, full, thumbnail).await)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::photo::Size;

    async fn stored(files: &PhotoFiles) -> (PhotoId, Unnamed) {
        let id: PhotoId = random_hex::<16>().parse().expect("sixteen bytes are 32 digits");
        files.write(&id, vec![1], vec![2]).await.expect("stores");
        (id.clone(), Unnamed { files: files.clone(), ids: BTreeSet::from([id]) })
    }

    async fn is_there(files: &PhotoFiles, id: &PhotoId) -> bool {
        files.find(id, Size::Full).await.expect("reads").is_some()
    }

    #[tokio::test]
    async fn files_whose_client_has_left_are_removed_and_those_that_rows_name_stay() {
        let folder = std::env::temp_dir().join(format!("fixdesk-{}", random_hex::<8>()));
        let files = PhotoFiles::in_folder(&folder).expect("makes a folder");
        let ((left, unnamed), (kept, named)) = (stored(&files).await, stored(&files).await);

        drop(unnamed);
        named.keep();

        for _ in 0..500 {
            if !is_there(&files, &left).await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(!is_there(&files, &left).await && is_there(&files, &kept).await);
        std::fs::remove_dir_all(folder).expect("goes");
    }
}
