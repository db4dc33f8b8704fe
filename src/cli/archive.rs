//! Layout of an archive: names that exports write and imports find.

use std::path::Path;

use crate::domain::photo::PhotoId;

/// The lines, as an export without photos has them.
pub const LINES: &str = "desk.jsonl";
const PHOTOS: &str = "photos/";

/// Returns `true` for names of archives, not of lines alone.
pub fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tar"))
}

pub fn name_of(photo: &PhotoId) -> String {
    format!("{PHOTOS}{photo}")
}

/// The photo that a file of an archive shows.
pub fn photo_of(name: &str) -> Option<PhotoId> {
    name.strip_prefix(PHOTOS)?.parse().ok()
}
