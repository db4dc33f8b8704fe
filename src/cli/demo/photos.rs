//! Photos of the demo's tickets. Many show the same picture: each is a photo of its own, with an id
//! of its own.

use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use super::dice::{Dice, Subject};
use super::pictures;
use crate::cli::Failure;
use crate::domain::photo::{Photo, PhotoId};
use crate::domain::tickets::ticket::ContractTicket;
use crate::service::photos::files::{OutOfReach, PhotoFiles};
use crate::service::photos::images::{Developed, ImageProcessor};

/// Percentage of tickets with photos.
const PERCENT: u64 = 20;
const AT_ONCE: usize = 16;

/// Processed pictures, as a desk keeps them.
pub struct Album(Vec<Developed>);

/// Photo and its picture's index.
pub struct Shot {
    pub photo: Photo,
    picture: usize,
}

impl Album {
    pub async fn develop() -> Result<Self, Failure> {
        Ok(Self(ImageProcessor::default().develop(pictures::uploads()?).await?))
    }

    /// Up to three photos, taken when the owner filed this ticket; at least one if `must_have`.
    pub fn of(&self, ticket: &ContractTicket, seed: u64, must_have: bool) -> Vec<Shot> {
        let mut dice = Dice::of(seed, Subject::Photos, ticket.id.0.unsigned_abs());
        if !dice.chance(PERCENT) && !must_have {
            return Vec::new();
        }
        let (count, any) = (1 + dice.index(3), dice.index(self.0.len()));
        let first = pictures::showing(&ticket.fault_type).unwrap_or(any);
        (first..first + count).map(|number| self.shot(ticket, number % self.0.len(), &mut dice)).collect()
    }

    fn shot(&self, ticket: &ContractTicket, picture: usize, dice: &mut Dice) -> Shot {
        let Developed { media_type, width, height, full, .. } = &self.0[picture];
        let photo = Photo {
            id: number(dice),
            ticket: ticket.id,
            uploaded_by: ticket.owner,
            created_at: ticket.created_at,
            media_type: *media_type,
            width: *width,
            height: *height,
            bytes: full.len() as u64,
        };
        Shot { photo, picture }
    }

    /// Writes their files, before anything names them.
    pub async fn print(&self, shots: &[Shot], files: &PhotoFiles) -> Result<(), OutOfReach> {
        let writing = shots.iter().map(|Shot { photo, picture }| {
            let Developed { full, thumbnail, .. } = &self.0[*picture];
            files.write(&photo.id, full.clone(), thumbnail.clone())
        });
        stream::iter(writing).buffer_unordered(AT_ONCE).try_collect().await
    }
}

fn number(dice: &mut Dice) -> PhotoId {
    format!("{:016x}{:016x}", dice.bits(), dice.bits()).parse().expect("32 digits in hex")
}
