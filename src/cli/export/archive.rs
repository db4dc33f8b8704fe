//! Export of lines and photos in one file. Photos come first, so that the lines are written without
//! those that are lost.

use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

use indicatif::ProgressBar;
use tar::{Builder, Header};

use super::{Draft, ExportError, Lost, is_special, unreadable_tickets, write_lines};
use crate::cli::archive::{LINES, name_of};
use crate::cli::desk::Desk;
use crate::cli::{Failure, jsonl, progress};
use crate::domain::ids::TicketId;
use crate::domain::photo::{Photo, Size};
use crate::store::{self, Rows, Tx};

/// Constant date, so that the same data makes the same archive: 2000-01-01.
const WRITTEN_AT: u64 = 946_684_800;

pub async fn to_file(desk: &Desk, path: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| format!("cannot write {}: {error}", path.display());
    if is_special(path) {
        return Err(format!("an archive is a file, and {} is none; lines go anywhere", path.display()).into());
    }
    let draft = Draft::beside(path).map_err(failed)?;
    let bar = progress::of_count(0, "export");
    // On interrupt, the draft is dropped, which removes it.
    let lost = tokio::select! {
        written = write_archive(desk, &draft.file, &bar) => written?,
        _ = tokio::signal::ctrl_c() => return Err("interrupted; nothing was written".into()),
    };
    draft.finish().map_err(failed)?;
    lost.check()
}

/// Writes everything; returns what had to be left out.
pub async fn write_archive(
    desk: &Desk,
    out: impl Write + Seek,
    bar: &ProgressBar,
) -> Result<Lost, ExportError> {
    let mut archive = Builder::new(BufWriter::with_capacity(1 << 20, out));
    let mut tx = store::snapshot(&desk.db).await?;
    bar.set_length(store::rows(&mut tx).await?);

    let mut lost = Lost { tickets: unreadable_tickets(&mut tx).await?, ..Lost::default() };
    let mut walk = Walk::default();
    while let Some(photos) = walk.next(&mut tx).await? {
        // Unreadable rows are noted by the walk that writes their lines.
        let readable = photos.into_iter().filter_map(|(_, photo)| photo.ok());
        for photo in readable.filter(|photo| !lost.tickets.contains(&photo.ticket)) {
            match desk.photo_files.find(&photo.id, Size::Full).await? {
                Some(bytes) if bytes.len() as u64 == photo.bytes => {
                    let mut header = header();
                    header.set_size(photo.bytes);
                    archive.append_data(&mut header, name_of(&photo.id), &*bytes)?;
                }
                _ => drop(lost.photos.insert(photo.id)),
            }
        }
    }

    let zone = desk.site.zone;
    let mut header = header();
    // Its size is set in its header at the end.
    let mut lines = archive.append_writer(&mut header, LINES)?;
    write_lines(&mut tx, zone, &mut lines, bar, &mut lost).await?;
    let mut walk = Walk::default();
    while let Some(mut photos) = walk.next(&mut tx).await? {
        let is_kept = |photo: &Photo| !lost.photos.contains(&photo.id);
        photos.retain(|((ticket, _), photo)| {
            !lost.tickets.contains(ticket) && photo.as_ref().map_or(true, is_kept)
        });
        lost.write("photos", photos, |(_, id)| id.clone(), |photo| jsonl::photo(&mut lines, photo, zone))?;
    }
    lines.finish()?;
    archive.into_inner()?.flush()?;
    bar.finish_and_clear();
    Ok(lost)
}

/// All photos in order, some at a time.
#[derive(Default)]
struct Walk {
    last: Option<PhotoKey>,
}

type PhotoKey = (TicketId, String);

impl Walk {
    async fn next(&mut self, tx: &mut Tx) -> sqlx::Result<Option<Rows<PhotoKey, Photo>>> {
        let last = self.last.as_ref().map_or((TicketId(0), ""), |(ticket, id)| (*ticket, id.as_str()));
        let photos = store::tickets::photos::after(tx, last).await?;
        self.last = photos.last().map(|(key, _)| key.clone());
        Ok((!photos.is_empty()).then_some(photos))
    }
}

fn header() -> Header {
    let mut header = Header::new_gnu();
    header.set_mode(0o600);
    header.set_mtime(WRITTEN_AT);
    header
}
