//! Photos of tickets: added, looked at, and cleared away.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::darkroom::{Developed, Upload};
use super::photo_files::PhotoFiles;
use super::work::{Entry, Request, Work};
use super::{App, dossiers, hex, random_hex};
use crate::domain::details::Reason;
use crate::domain::history::Kind;
use crate::domain::lifecycle::Refusal;
use crate::domain::person::Viewer;
use crate::domain::photo::{self, MediaType, Photo, PhotoId, Size};
use crate::domain::policy::Opened;
use crate::domain::problem::{Input, Problem};
use crate::domain::ticket::{Dossier, TicketId};
use crate::store::{self, Db};

/// How often somebody looks for files that nobody needs, and how old these are:
/// no upload takes that long.
const SWEPT_EVERY: i64 = 24 * 3600;
const LEFT_BEHIND: i64 = 24 * 3600;
/// How many of them the database is asked about in one go.
const BATCH: usize = 500;

/// Adds photos to a ticket, all of them or none.
pub async fn add(
    app: &App,
    viewer: &Viewer,
    ticket: TicketId,
    uploads: Vec<Upload>,
    key: Option<String>,
) -> Result<(), Problem> {
    // Whoever may not add any is not worth the work on them.
    check_may_add(&dossiers::open(app, viewer, ticket).await?)?;
    if uploads.is_empty() {
        return Err(Problem::BadInput { input: Input::Photos, reason: Reason::Missing });
    }
    let photos = app.darkroom.develop(uploads).await?;
    let (id, prints) = (ticket.to_string(), prints(&photos));
    let asked = [Kind::Photo.name(), &id].into_iter().chain(prints.iter().map(String::as_str));
    let request = Request::new(viewer, key, &asked.collect::<Vec<_>>())?;

    let mut work = Work::begin(app).await?;
    if work.done_before(&request).await?.is_some() {
        return Ok(());
    }
    let opened = work.open(viewer, ticket).await?;
    check_may_add(&opened)?;
    work.remember(&request, ticket).await?;
    keep(app, &mut work, viewer, &opened.dossier, photos).await?;
    work.commit().await
}

pub(super) fn check_may_add(opened: &Opened) -> Result<(), Problem> {
    if opened.relation.may_talk() { Ok(()) } else { Err(Refusal::NotYours.into()) }
}

/// Hashes of what is shown: the same request has the same ones.
pub(super) fn prints(photos: &[Developed]) -> Vec<String> {
    photos.iter().map(|photo| hex(&Sha256::digest(&photo.full))).collect()
}

/// Keeps photos of a ticket that is held by this change. The last thing before
/// its commit: a row never names a file that is not there, and a change that is
/// refused has written none.
pub(super) async fn keep(
    app: &App,
    work: &mut Work,
    viewer: &Viewer,
    dossier: &Dossier,
    photos: Vec<Developed>,
) -> Result<(), Problem> {
    let ticket = dossier.ticket.id;
    let there = store::photos::count_of_ticket(&mut work.tx, ticket).await?;
    let there = usize::try_from(there).unwrap_or(usize::MAX);
    photo::check_room(there, photos.iter().map(|photo| photo.name.as_str()))
        .map_err(|bad| Problem::BadPhotos(vec![bad]))?;
    for developed in photos {
        let Developed { name: _, media_type, width, height, full, thumbnail } = developed;
        let id: PhotoId = random_hex::<16>().parse().expect("sixteen bytes are 32 digits");
        let photo = Photo {
            id: id.clone(),
            ticket,
            uploaded_by: viewer.id,
            created_at: work.now,
            media_type,
            width,
            height,
            bytes: full.len() as u64,
        };
        app.photo_files.write(&id, full, thumbnail).await?;
        store::photos::insert(&mut work.tx, &photo).await?;
        let entry = Entry::acted(viewer, Kind::Photo, id.to_string());
        work.write_down(dossier, dossier.standing(), entry).await?;
    }
    Ok(())
}

/// What a photo shows, for whoever may see its ticket.
pub async fn look_at(
    app: &App,
    viewer: &Viewer,
    id: &PhotoId,
    size: Size,
) -> Result<(MediaType, Vec<u8>), Problem> {
    let photo = store::photos::find(&app.db, id).await?.ok_or(Problem::NotFound)?;
    dossiers::open(app, viewer, photo.ticket).await?;
    Ok((photo.media_type, app.photo_files.read(id, size).await?))
}

/// Once a day: removes files of photos that there are not. A change that failed
/// at its very end leaves some.
pub(super) async fn sweep(app: &App) -> Result<(), Problem> {
    let now = app.clock.now();
    if !app.photo_files.is_to_be_swept(now, SWEPT_EVERY) {
        return Ok(());
    }
    let old = app.photo_files.written_before(now.minus(LEFT_BEHIND)).await?;
    clear_away(&app.db, &app.photo_files, &old).await
}

/// Removes the files of those photos that there are not.
pub async fn clear_away(db: &Db, files: &PhotoFiles, ids: &[PhotoId]) -> Result<(), Problem> {
    for ids in ids.chunks(BATCH) {
        let known = store::photos::known(db, ids).await?;
        let left_behind: BTreeSet<PhotoId> = ids.iter().filter(|id| !known.contains(*id)).cloned().collect();
        files.remove(&left_behind).await?;
    }
    Ok(())
}
