//! How an archive is laid out: what an export writes and an import looks for.

use std::path::Path;

use crate::domain::photo::PhotoId;

/// The lines, as an export without photos has them.
pub const LINES: &str = "desk.jsonl";
const PHOTOS: &str = "photos/";

/// Whether a name asks for an archive rather than for lines alone.
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
