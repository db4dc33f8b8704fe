//! Photos of a ticket: limits on number and size, and reasons to refuse one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::time::Instant;
use crate::domain::ids::{Named, TicketId, UserId};

/// Most photos of one ticket.
pub const MAX_PHOTOS: usize = 6;
/// Most bytes of an uploaded file.
pub const MAX_BYTES: usize = MAX_MEGABYTES * 1024 * 1024;
pub const MAX_MEGABYTES: usize = 10;
/// Most pixels of an uploaded picture: a small file can claim any number.
pub const MAX_PIXELS: u64 = MAX_MEGAPIXELS * 1_000_000;
/// Megapixels: phones take 48 and 50.
pub const MAX_MEGAPIXELS: u64 = 65;
/// Most pixels of one side: long screenshots have 20,000.
pub const MAX_SIDE: u32 = 30_000;
/// Media types that the site takes, in the words of an `accept` attribute.
pub const ACCEPTED: &str = "image/jpeg,image/png,image/webp";

/// Random name of a photo, impossible to guess, tells nothing: 32 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PhotoId(String);

impl PhotoId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhotoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the number of a photo: 32 digits in hex")]
pub struct NotAPhotoId;

impl FromStr for PhotoId {
    type Err = NotAPhotoId;

    fn from_str(text: &str) -> Result<Self, NotAPhotoId> {
        let is_hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() == 32 && is_hex { Ok(Self(text.to_owned())) } else { Err(NotAPhotoId) }
    }
}

impl TryFrom<String> for PhotoId {
    type Error = NotAPhotoId;

    fn try_from(text: String) -> Result<Self, NotAPhotoId> {
        text.parse()
    }
}

/// Media types that the site stores, whatever was uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    Jpeg,
    /// Format of pictures with transparent parts.
    Png,
}

impl MediaType {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a media type that the site keeps")]
pub struct UnknownMediaType;

impl FromStr for MediaType {
    type Err = UnknownMediaType;

    fn from_str(text: &str) -> Result<Self, UnknownMediaType> {
        [Self::Jpeg, Self::Png].into_iter().find(|kind| kind.name() == text).ok_or(UnknownMediaType)
    }
}

impl TryFrom<String> for MediaType {
    type Error = UnknownMediaType;

    fn try_from(text: String) -> Result<Self, UnknownMediaType> {
        text.parse()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Full,
    Thumbnail,
}

impl Size {
    /// Width and height of a picture as it is stored: scaled down where it is larger. A long
    /// screenshot or panorama is bounded by its shorter side, else it could not be read.
    pub fn of(self, (width, height): (u32, u32)) -> (u32, u32) {
        let (longer, shorter) = (u64::from(width.max(height)), u64::from(width.min(height)));
        let (side, limit) = match self {
            Self::Thumbnail => (longer, 320),
            Self::Full if longer <= 2 * shorter => (longer, 2048),
            Self::Full if longer <= 15 * shorter => (shorter, 1024),
            Self::Full => (longer, 15 * 1024),
        };
        if side <= limit {
            return (width, height);
        }
        // At most the limit, and at least one pixel a side.
        let scaled = |length: u32| (u64::from(length) * limit / side).max(1) as u32;
        (scaled(width), scaled(height))
    }
}

/// A stored photo. Its picture is in a file of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    pub id: PhotoId,
    pub ticket: TicketId,
    pub uploaded_by: UserId,
    pub created_at: Instant,
    pub media_type: MediaType,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
}

/// A photo as the page of its ticket shows it: small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail {
    pub id: PhotoId,
    pub uploaded_by: Named,
    pub width: u32,
    pub height: u32,
}

/// A file that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadPhoto {
    /// Name of the file, given by its sender.
    pub name: String,
    pub flaw: Flaw,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Flaw {
    TooLarge,
    TooManyPixels,
    /// A picture with a side longer than [`MAX_SIDE`].
    TooLong,
    NotAPicture,
    /// The first file for which the ticket has no room.
    TooMany,
}

/// Checks that these files fit beside the `there` photos that a ticket has.
pub fn check_room<'a>(there: usize, names: impl IntoIterator<Item = &'a str>) -> Result<(), BadPhoto> {
    match names.into_iter().nth(MAX_PHOTOS.saturating_sub(there)) {
        Some(name) => Err(BadPhoto { name: name.to_owned(), flaw: Flaw::TooMany }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_was_made_here_is_a_name_of_a_file() {
        let id = "0123456789abcdef0123456789abcdef";
        assert_eq!(id.parse::<PhotoId>().map(|id| id.to_string()), Ok(id.to_owned()));
        for wrong in ["", "../../etc/passwd", "0123456789ABCDEF0123456789ABCDEF", &id[1..], &format!("{id}0")]
        {
            assert_eq!(wrong.parse::<PhotoId>(), Err(NotAPhotoId), "{wrong}");
        }
    }

    #[test]
    fn a_picture_is_scaled_down_and_never_up() {
        assert_eq!(Size::Full.of((4032, 3024)), (2048, 1536));
        assert_eq!(Size::Thumbnail.of((3024, 4032)), (240, 320));
        assert_eq!(Size::Thumbnail.of((320, 1)), (320, 1));
        assert_eq!(Size::Full.of((8160, 6120)), (2048, 1536));
    }

    #[test]
    fn a_long_picture_stays_readable() {
        assert_eq!(Size::Full.of((1080, 16_000)), (1024, 15_170));
        assert_eq!(Size::Full.of((1080, 2400)), (1024, 2275));
        assert_eq!(Size::Full.of((12_000, 2400)), (5120, 1024));
        assert_eq!(Size::Full.of((100_000, 1)), (15_360, 1));
        assert_eq!(Size::Thumbnail.of((1080, 16_000)), (21, 320));
    }

    #[test]
    fn the_first_file_without_room_is_named() {
        let names = ["a", "b", "c"];
        let refused = |name: &str| Err(BadPhoto { name: name.to_owned(), flaw: Flaw::TooMany });

        assert_eq!(check_room(3, names), Ok(()));
        assert_eq!(check_room(4, names), refused("c"));
        assert_eq!(check_room(6, names), refused("a"));
        assert_eq!(check_room(7, names), refused("a"));
        assert_eq!(check_room(7, []), Ok(()));
    }

    #[test]
    fn every_media_type_reads_back_from_its_name() {
        for kind in [MediaType::Jpeg, MediaType::Png] {
            assert_eq!(MediaType::try_from(kind.name().to_owned()), Ok(kind));
        }
        assert_eq!(MediaType::try_from("image/svg+xml".to_owned()), Err(UnknownMediaType));
    }

    proptest! {
        #[test]
        fn whatever_its_shape_a_picture_fits(width in 1u32..70_000, height in 1u32..70_000) {
            for size in [Size::Full, Size::Thumbnail] {
                let (w, h) = size.of((width, height));
                let most = if size == Size::Full { 15_360 } else { 320 };
                prop_assert!((1..=most).contains(&w) && (1..=most).contains(&h));
                prop_assert!(u64::from(w) * u64::from(h) <= 15_360 * 1024);
                prop_assert_eq!(size.of((w, h)), (w, h));
                prop_assert_eq!(size.of((height, width)), (h, w), "turning it changes nothing else");
            }
        }
    }
}
