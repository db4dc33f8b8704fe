//! The slow part of a batch, done before it comes to the database: passwords are
//! hashed, and photos compared with their files.

use super::reader::{Batch, Numbered};
use super::{ImportError, Reason};
use crate::cli::desk::Desk;
use crate::cli::jsonl::Newcomer;
use crate::domain::history::Event;
use crate::domain::person::Person;
use crate::domain::photo::{Photo, Size};
use crate::domain::problem::Problem;
use crate::domain::ticket::Dossier;
use crate::domain::time::Instant;
use crate::service::darkroom::measure;
use crate::service::passwords::Passwords;
use crate::service::photo_files::PhotoFiles;

/// A batch that needs nothing but the database any more.
pub enum Prepared {
    People(Numbered<Person>),
    Tickets(Numbered<Dossier>),
    DeletedTickets(Numbered<(Dossier, Instant)>),
    Events(Numbered<Event>),
    /// Each with what is wrong with its file.
    Photos(Numbered<(Photo, Option<Reason>)>),
}

pub struct Preparer {
    passwords: Passwords,
    photo_files: PhotoFiles,
}

impl Preparer {
    pub fn new(desk: &Desk) -> Self {
        Self { passwords: Passwords::default(), photo_files: desk.photo_files.clone() }
    }

    pub async fn prepare(&self, batch: Batch) -> Result<Prepared, ImportError> {
        Ok(match batch {
            Batch::People(Numbered { lines, things }) => {
                Prepared::People(Numbered { lines, things: self.with_hashes(things).await? })
            }
            Batch::Tickets(tickets) => Prepared::Tickets(tickets),
            Batch::DeletedTickets(tickets) => Prepared::DeletedTickets(tickets),
            Batch::Events(events) => Prepared::Events(events),
            Batch::Photos(Numbered { lines, things: photos }) => {
                let mut compared = Vec::with_capacity(photos.len());
                for photo in photos {
                    let reason = self.compare(&photo).await?;
                    compared.push((photo, reason));
                }
                Prepared::Photos(Numbered { lines, things: compared })
            }
        })
    }

    /// Hashing is the slowest thing here by far: as many at once as may be.
    async fn with_hashes(&self, newcomers: Vec<Newcomer>) -> Result<Vec<Person>, Problem> {
        let mut waiting = Vec::with_capacity(newcomers.len());
        for Newcomer { person, password } in newcomers {
            let passwords = self.passwords.clone();
            let hash = password.map(|password| tokio::spawn(async move { passwords.hash(password).await }));
            waiting.push((person, hash));
        }
        let mut people = Vec::with_capacity(waiting.len());
        for (mut person, hash) in waiting {
            if let Some(hash) = hash {
                person.password_hash = hash.await.map_err(|error| crate::service::unavailable(&error))??;
            }
            people.push(person);
        }
        Ok(people)
    }

    async fn compare(&self, photo: &Photo) -> Result<Option<Reason>, ImportError> {
        let file = self.photo_files.find(&photo.id, Size::Full).await?;
        let thumbnail = self.photo_files.find(&photo.id, Size::Thumbnail).await?;
        let (Some(file), Some(_)) = (file, thumbnail) else {
            return Ok(Some(Reason::NoFile(photo.id.clone())));
        };
        let told = (photo.media_type, photo.width, photo.height);
        let is_it = file.len() as u64 == photo.bytes && measure(&file) == Ok(told);
        Ok((!is_it).then(|| Reason::OtherFile(photo.id.clone())))
    }
}
