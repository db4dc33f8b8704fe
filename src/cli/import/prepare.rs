//! The slow part of an import, done before its transaction begins: passwords are hashed, and
//! photos compared with their files.

use std::collections::HashMap;

use tokio::task::JoinHandle;

use super::reader::{Batch, Numbered};
use super::{ImportError, Reason};
use crate::cli::desk::Desk;
use crate::cli::jsonl::Newcomer;
use crate::domain::people::person::Person;
use crate::domain::photo::{Photo, Size};
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Event;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::time::Instant;
use crate::service::photos::files::PhotoFiles;
use crate::service::photos::images::measure;
use crate::service::sign_in::passwords::Passwords;
use crate::service::unavailable;

/// A batch that needs nothing but the database any more.
pub enum Prepared {
    People(Numbered<Person>),
    Tickets(Numbered<Ticket>),
    DeletedTickets(Numbered<(Ticket, Instant)>),
    Events(Numbered<Event>),
    /// Photos, each with its file's flaw.
    Photos(Numbered<(Photo, Option<Reason>)>),
}

/// Results by line number. Each password leaves a hash, and hashing enough of them to fill the
/// memory takes days.
pub struct Preparer {
    passwords: Passwords,
    photo_files: PhotoFiles,
    hashes: HashMap<u64, String>,
    flaws: HashMap<u64, Reason>,
}

impl Preparer {
    pub fn new(desk: &Desk) -> Self {
        let photo_files = desk.photo_files.clone();
        Self { passwords: Passwords::default(), photo_files, hashes: HashMap::new(), flaws: HashMap::new() }
    }

    /// Does the slow work of a batch, and keeps its results.
    pub async fn prepare(&mut self, batch: Batch) -> Result<(), ImportError> {
        match batch {
            Batch::People(Numbered { lines, things }) => self.hash(&lines, things).await,
            Batch::Photos(Numbered { lines, things }) => self.compare(&lines, &things).await,
            Batch::Tickets(_) | Batch::DeletedTickets(_) | Batch::Events(_) => Ok(()),
        }
    }

    /// Assembles a prepared batch.
    pub fn finish(&mut self, batch: Batch) -> Prepared {
        match batch {
            Batch::People(Numbered { lines, things }) => {
                let people = lines.iter().zip(things).map(|(line, newcomer)| self.person(*line, newcomer));
                Prepared::People(Numbered { things: people.collect(), lines })
            }
            Batch::Tickets(tickets) => Prepared::Tickets(tickets),
            Batch::DeletedTickets(tickets) => Prepared::DeletedTickets(tickets),
            Batch::Events(events) => Prepared::Events(events),
            Batch::Photos(Numbered { lines, things }) => {
                let photos = lines.iter().zip(things).map(|(line, photo)| (photo, self.flaws.remove(line)));
                Prepared::Photos(Numbered { things: photos.collect(), lines })
            }
        }
    }

    fn person(&mut self, line: u64, Newcomer { mut person, password: _ }: Newcomer) -> Person {
        if let Some(hash) = self.hashes.remove(&line) {
            person.password_hash = hash;
        }
        person
    }

    /// Hashes passwords, the slowest work here: as many at once as may be.
    async fn hash(&mut self, lines: &[u64], newcomers: Vec<Newcomer>) -> Result<(), ImportError> {
        let mut under_way: Vec<(u64, JoinHandle<Result<String, Problem>>)> = Vec::new();
        for (line, Newcomer { password, .. }) in lines.iter().zip(newcomers) {
            if let Some(password) = password {
                let passwords = self.passwords.clone();
                under_way.push((*line, tokio::spawn(async move { passwords.hash(password).await })));
            }
        }
        for (line, hash) in under_way {
            self.hashes.insert(line, hash.await.map_err(|error| unavailable(&error))??);
        }
        Ok(())
    }

    async fn compare(&mut self, lines: &[u64], photos: &[Photo]) -> Result<(), ImportError> {
        for (line, photo) in lines.iter().zip(photos) {
            if let Some(flaw) = self.flaw_of(photo).await? {
                self.flaws.insert(*line, flaw);
            }
        }
        Ok(())
    }

    async fn flaw_of(&self, photo: &Photo) -> Result<Option<Reason>, ImportError> {
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
