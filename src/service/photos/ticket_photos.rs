//! Photos of tickets: added, viewed, and removed.

use std::collections::BTreeSet;

use super::files::PhotoFiles;
use super::images::Upload;
use super::upload::{self, NewPhotos, PhotoChange, Prepared, with_prints};
use crate::domain::access::Opened;
use crate::domain::ids::TicketId;
use crate::domain::input::{Input, Reason};
use crate::domain::photo::{MediaType, PhotoId, Size};
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::workflow::Refusal;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::tickets::view;
use crate::service::transaction::{Request, TicketTransaction};
use crate::store::{self, Db};

/// Photos in one query of the database.
const BATCH: usize = 500;

/// Adds photos to a ticket, all of them or none.
pub async fn add(
    app: &App,
    viewer: &Viewer,
    ticket: TicketId,
    uploads: Vec<Upload>,
    key: Option<String>,
) -> Result<(), Problem> {
    let (uploads, prints) = with_prints(uploads).await?;
    let id = ticket.to_string();
    let asked = [Kind::Photo.name(), &id].into_iter().chain(prints.iter().map(String::as_str));
    let request = Request::new(viewer, key, &asked.collect::<Vec<_>>())?;
    upload::commit(app, uploads, &Addition { viewer, ticket, request: &request }).await
}

/// Photos that a viewer adds to a ticket.
struct Addition<'a> {
    viewer: &'a Viewer,
    ticket: TicketId,
    request: &'a Request,
}

impl PhotoChange for Addition<'_> {
    type Answer = ();

    async fn prepare(&self, app: &App, photos: &NewPhotos) -> Result<Prepared<()>, Problem> {
        let mut transaction = TicketTransaction::begin(app).await?;
        if transaction.done_before(self.request).await?.is_some() {
            return Ok(Prepared::Repeated(()));
        }
        let opened = transaction.open(self.viewer, self.ticket).await?;
        check_may_add(&opened)?;
        if photos.is_empty() {
            return Err(Problem::BadInput { input: Input::Photos, reason: Reason::Missing });
        }
        transaction.remember(self.request, self.ticket).await?;
        photos.record(&mut transaction, self.viewer, &opened.ticket).await?;
        Ok(Prepared::Ready(transaction, ()))
    }
}

/// Checks a viewer who is about to upload.
pub async fn check_may_add_to(app: &App, viewer: &Viewer, ticket: TicketId) -> Result<(), Problem> {
    check_may_add(&view::open(app, viewer, ticket).await?)
}

pub(crate) fn check_may_add(opened: &Opened) -> Result<(), Problem> {
    if opened.relation.may_talk() { Ok(()) } else { Err(Refusal::NotYours.into()) }
}

/// Reads a photo's file, if the viewer may see its ticket.
pub async fn look_at(
    app: &App,
    viewer: &Viewer,
    id: &PhotoId,
    size: Size,
) -> Result<(MediaType, Vec<u8>), Problem> {
    let photo = store::tickets::photos::find(&app.db, id).await?.ok_or(Problem::NotFound)?;
    view::open(app, viewer, photo.ticket).await?;
    let found = match app.photo_files.find(id, size).await? {
        None => put_back(app, id, size).await?,
        found => found,
    };
    if found.is_none() {
        tracing::error!(photo = %id, ?size, "the file of a photo is missing");
    }
    found.map(|bytes| (photo.media_type, bytes)).ok_or(Problem::NotFound)
}

/// Takes a file back that was set aside while no row named it, as after a backup was restored.
async fn put_back(app: &App, id: &PhotoId, size: Size) -> Result<Option<Vec<u8>>, Problem> {
    let files = &app.photo_files;
    let Some(since) = files.aside_since(id, size).await? else { return Ok(None) };
    // Another request may have taken it back.
    if files.reclaim(id, size, since).await.is_ok() {
        tracing::warn!(photo = %id, ?size, "a ticket has this photo after all: put back");
    }
    Ok(files.find(id, size).await?)
}

/// Removes those files just stored whose photos have no row.
pub async fn remove_unnamed(db: &Db, files: &PhotoFiles, ids: &[PhotoId]) -> Result<(), Problem> {
    for ids in ids.chunks(BATCH) {
        let known = store::tickets::photos::known(db, ids).await?;
        let unnamed: BTreeSet<PhotoId> = ids.iter().filter(|id| !known.contains(*id)).cloned().collect();
        files.remove(&unnamed).await?;
    }
    Ok(())
}
