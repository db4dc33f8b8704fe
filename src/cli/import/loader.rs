//! Batches into the database; where it refuses one, the line and the reason.

use super::reader::{Batch, Numbered};
use super::{ImportError, Loaded, Reason};
use crate::cli::jsonl::Newcomer;
use crate::domain::history::Event;
use crate::domain::person::Person;
use crate::domain::problem::Problem;
use crate::domain::ticket::{Dossier, TicketId};
use crate::service::passwords::Passwords;
use crate::store::{Bulk, Db, people};

pub struct Loader {
    bulk: Bulk,
    passwords: Passwords,
    loaded: Loaded,
    /// Events come ticket by ticket: the one that was looked up last.
    known_ticket: Option<TicketId>,
}

impl Loader {
    pub async fn begin(db: &Db) -> sqlx::Result<Self> {
        let bulk = Bulk::begin(db).await?;
        Ok(Self { bulk, passwords: Passwords::default(), loaded: Loaded::default(), known_ticket: None })
    }

    pub const fn loaded(&self) -> Loaded {
        self.loaded
    }

    pub async fn commit(self) -> sqlx::Result<Loaded> {
        self.bulk.commit().await?;
        Ok(self.loaded)
    }

    pub async fn abandon(self) {
        self.bulk.abandon().await;
    }

    pub async fn insert(&mut self, batch: Batch) -> Result<(), ImportError> {
        match batch {
            Batch::People(Numbered { lines, things }) => {
                let people = self.with_hashes(things).await?;
                self.loaded.people += people.len() as u64;
                self.insert_people(&lines, &people).await
            }
            Batch::Tickets(Numbered { lines, things: tickets }) => {
                self.loaded.tickets += tickets.len() as u64;
                self.insert_tickets(&lines, &tickets).await
            }
            Batch::Events(Numbered { lines, things: events }) => {
                self.loaded.events += events.len() as u64;
                self.insert_events(&lines, &events).await
            }
        }
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

    /// Where the database refuses a batch, its first bad line is looked for.
    async fn insert_people(&mut self, lines: &[u64], people: &[Person]) -> Result<(), ImportError> {
        match self.bulk.insert_people(people).await {
            Err(error) if is_refusal(&error) => {}
            done => return Ok(done?),
        }
        for (line, person) in lines.iter().zip(people) {
            match self.bulk.insert_people(std::slice::from_ref(person)).await {
                Err(error) if is_refusal(&error) => {
                    let reason = self.why_person(person).await?;
                    return Err(ImportError::Line { line: *line, reason });
                }
                done => done?,
            }
        }
        Ok(())
    }

    async fn insert_tickets(&mut self, lines: &[u64], tickets: &[Dossier]) -> Result<(), ImportError> {
        match self.bulk.insert_tickets(tickets).await {
            Err(error) if is_refusal(&error) => {}
            done => return Ok(done?),
        }
        for (line, ticket) in lines.iter().zip(tickets) {
            match self.bulk.insert_tickets(std::slice::from_ref(ticket)).await {
                Err(error) if is_refusal(&error) => {
                    let reason = self.why_ticket(ticket).await?;
                    return Err(ImportError::Line { line: *line, reason });
                }
                done => done?,
            }
        }
        Ok(())
    }

    /// A history belongs to a ticket; no foreign key says so, because it
    /// outlives one that is deleted.
    async fn insert_events(&mut self, lines: &[u64], events: &[Event]) -> Result<(), ImportError> {
        for (line, event) in lines.iter().zip(events) {
            if self.known_ticket != Some(event.ticket) {
                if !self.bulk.has_ticket(event.ticket).await? {
                    return Err(ImportError::Line {
                        line: *line,
                        reason: Reason::NoSuchTicket(event.ticket),
                    });
                }
                self.known_ticket = Some(event.ticket);
            }
        }
        match self.bulk.insert_events(events).await {
            Err(error) if is_refusal(&error) => {}
            done => return Ok(done?),
        }
        for (line, event) in lines.iter().zip(events) {
            match self.bulk.insert_events(std::slice::from_ref(event)).await {
                Err(error) if is_refusal(&error) => {
                    let reason = self.why_event(event).await?;
                    return Err(ImportError::Line { line: *line, reason });
                }
                done => done?,
            }
        }
        Ok(())
    }

    async fn why_event(&mut self, event: &Event) -> sqlx::Result<Reason> {
        match event.actor {
            Some(id) if !people::exists(self.bulk.tx(), id).await? => {
                Ok(Reason::NoSuchUser { key: "actor_id", id })
            }
            _ => Ok(Reason::NumberTaken { ticket: event.ticket, number: event.number }),
        }
    }

    /// Asked of the tables rather than read from the database's message.
    async fn why_person(&mut self, person: &Person) -> sqlx::Result<Reason> {
        let tx = self.bulk.tx();
        Ok(if people::exists(tx, person.id).await? {
            Reason::IdTaken(person.id.0)
        } else if people::find_id(tx, &person.username).await?.is_some() {
            Reason::UsernameTaken(person.username.clone())
        } else {
            Reason::Refused("user")
        })
    }

    async fn why_ticket(&mut self, dossier: &Dossier) -> sqlx::Result<Reason> {
        let ticket = &dossier.ticket;
        let named = [
            ("user_id", Some(ticket.owner)),
            ("assigned_technician_id", ticket.technician),
            ("offered_to", dossier.offered_to),
        ];
        for (key, id) in named {
            if let Some(id) = id
                && !people::exists(self.bulk.tx(), id).await?
            {
                return Ok(Reason::NoSuchUser { key, id });
            }
        }
        let taken = self.bulk.has_ticket(ticket.id).await?;
        Ok(if taken { Reason::IdTaken(ticket.id.0) } else { Reason::Refused("ticket") })
    }
}

/// Whether a row broke a rule, rather than the database itself.
fn is_refusal(error: &sqlx::Error) -> bool {
    use sqlx::error::ErrorKind;

    let kind = error.as_database_error().map(sqlx::error::DatabaseError::kind);
    kind.is_some_and(|kind| !matches!(kind, ErrorKind::Other))
}
