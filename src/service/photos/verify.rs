//! Comparison of the photos that tickets have with the stored files.

use std::collections::BTreeMap;

use super::files::{PhotoFiles, StoredFile};
use super::owner::NotOurs;
use crate::domain::ids::TicketId;
use crate::domain::photo::{Photo, PhotoId, Size};
use crate::store::{self, Db};

/// Findings of a comparison.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    pub photos: usize,
    /// Photos whose picture or thumbnail is missing, or whose thumbnail is empty.
    pub missing: Vec<PhotoId>,
    /// Photos whose picture has another length than it was stored with.
    pub damaged: Vec<PhotoId>,
    /// Files that no ticket has, an upload under way included.
    pub unnamed: usize,
    /// Files that were set aside.
    pub unclaimed: usize,
}

impl Comparison {
    pub const fn is_fine(&self) -> bool {
        self.missing.is_empty() && self.damaged.is_empty()
    }
}

/// A photo's length from its row, and its files as far as they were found.
#[derive(Default)]
struct Seen {
    expected: u64,
    full: Option<u64>,
    has_thumbnail: bool,
}

pub async fn compare(db: &Db, files: &PhotoFiles) -> Result<Comparison, NotOurs> {
    // Rows first: files of a photo that is added meanwhile are there before its row.
    let mut photos = rows(db).await?;
    let mut compared = Comparison { photos: photos.len(), ..Comparison::default() };
    for StoredFile { photo, size, bytes, unclaimed_since, .. } in files.list().await? {
        match (unclaimed_since, photos.get_mut(&photo), size) {
            (Some(_), ..) => compared.unclaimed += 1,
            (None, None, _) => compared.unnamed += 1,
            (None, Some(seen), Size::Full) => seen.full = Some(bytes),
            (None, Some(seen), Size::Thumbnail) => seen.has_thumbnail = bytes > 0,
        }
    }
    for (id, Seen { expected, full, has_thumbnail }) in photos {
        match full {
            Some(bytes) if bytes == expected && has_thumbnail => {}
            Some(_) if has_thumbnail => compared.damaged.push(id),
            _ => compared.missing.push(id),
        }
    }
    Ok(compared)
}

async fn rows(db: &Db) -> sqlx::Result<BTreeMap<PhotoId, Seen>> {
    let mut rows = BTreeMap::new();
    let mut tx = store::snapshot(db).await?;
    let mut last = (TicketId(0), String::new());
    loop {
        let photos = store::tickets::photos::after(&mut tx, (last.0, &last.1)).await?;
        let Some((key, _)) = photos.last() else { return Ok(rows) };
        last = key.clone();
        for ((_, id), photo) in photos {
            let Photo { id, bytes: expected, .. } =
                photo.map_err(|cause| sqlx::Error::Decode(format!("photo {id}: {cause}").into()))?;
            rows.insert(id, Seen { expected, ..Seen::default() });
        }
    }
}
