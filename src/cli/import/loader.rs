//! Insertion of batches; finds the line and the reason of a refusal.

use super::prepare::Prepared;
use super::reader::Numbered;
use super::{ImportError, Loaded, Reason};
use crate::cli::desk::Desk;
use crate::domain::ids::TicketId;
use crate::domain::people::person::Person;
use crate::domain::photo::{MAX_PHOTOS, Photo};
use crate::domain::tickets::event::Event;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::time::Instant;
use crate::store::Bulk;
use crate::store::people::accounts;
use crate::store::tickets::{photos, trash};

pub struct Loader {
    bulk: Bulk,
    loaded: Loaded,
    /// Last ticket that was looked up: events come ticket by ticket.
    known_ticket: Option<TicketId>,
}

impl Loader {
    pub async fn begin(desk: &Desk) -> sqlx::Result<Self> {
        Ok(Self { bulk: Bulk::begin(&desk.db).await?, loaded: Loaded::default(), known_ticket: None })
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

    pub async fn insert(&mut self, batch: Prepared) -> Result<(), ImportError> {
        match batch {
            Prepared::People(Numbered { lines, things: people }) => {
                self.loaded.people += people.len() as u64;
                self.insert_people(&lines, &people).await
            }
            Prepared::Tickets(Numbered { lines, things: tickets }) => {
                self.loaded.tickets += tickets.len() as u64;
                self.insert_tickets(&lines, &tickets).await
            }
            Prepared::DeletedTickets(Numbered { lines, things: tickets }) => {
                self.loaded.tickets += tickets.len() as u64;
                self.insert_deleted_tickets(&lines, &tickets).await
            }
            Prepared::Events(Numbered { lines, things: events }) => {
                self.loaded.events += events.len() as u64;
                self.insert_events(&lines, &events).await
            }
            Prepared::Photos(Numbered { lines, things: photos }) => {
                self.loaded.photos += photos.len() as u64;
                self.insert_photos(&lines, photos).await
            }
        }
    }

    /// Inserts a batch; if refused, finds its first bad line.
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

    async fn insert_tickets(&mut self, lines: &[u64], tickets: &[Ticket]) -> Result<(), ImportError> {
        self.check_gone(lines, tickets).await?;
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

    /// Refuses ids of deleted tickets, which may come back.
    async fn check_gone(&mut self, lines: &[u64], tickets: &[Ticket]) -> Result<(), ImportError> {
        let ids = || tickets.iter().map(|ticket| ticket.contract.id);
        let (Some(first), Some(last)) = (ids().min(), ids().max()) else { return Ok(()) };
        let gone = trash::ids_between(self.bulk.tx(), first, last).await?;
        match lines.iter().zip(ids()).find(|(_, id)| gone.binary_search(&id.0).is_ok()) {
            Some((line, id)) => Err(ImportError::Line { line: *line, reason: Reason::IdTaken(id.0) }),
            None => Ok(()),
        }
    }

    /// Inserts one by one: there are few, and no constraint guards their references.
    async fn insert_deleted_tickets(
        &mut self,
        lines: &[u64],
        tickets: &[(Ticket, Instant)],
    ) -> Result<(), ImportError> {
        for (line, (ticket, deleted_at)) in lines.iter().zip(tickets) {
            if let Some(reason) = self.what_is_wrong(ticket).await? {
                return Err(ImportError::Line { line: *line, reason });
            }
            self.bulk.insert_deleted_ticket(ticket, *deleted_at).await?;
        }
        Ok(())
    }

    /// Inserts events; checks their tickets here: a history may outlive its ticket, so no key does.
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

    async fn insert_photos(
        &mut self,
        lines: &[u64],
        photos: Vec<(Photo, Option<Reason>)>,
    ) -> Result<(), ImportError> {
        for (line, (photo, of_file)) in lines.iter().zip(photos) {
            if let Some(reason) = self.what_is_wrong_with(&photo).await?.or(of_file) {
                return Err(ImportError::Line { line: *line, reason });
            }
            match self.bulk.insert_photo(&photo).await {
                Err(error) if is_refusal(&error) => {
                    let reason = Reason::PhotoTaken(photo.id.clone());
                    return Err(ImportError::Line { line: *line, reason });
                }
                done => done?,
            }
        }
        Ok(())
    }

    async fn what_is_wrong_with(&mut self, photo: &Photo) -> Result<Option<Reason>, ImportError> {
        if !self.bulk.has_ticket(photo.ticket).await? {
            return Ok(Some(Reason::NoSuchTicket(photo.ticket)));
        }
        if !accounts::exists(self.bulk.tx(), photo.uploaded_by).await? {
            return Ok(Some(Reason::NoSuchUser { key: "uploaded_by", id: photo.uploaded_by }));
        }
        let there = photos::count_of_ticket(self.bulk.tx(), photo.ticket).await?;
        if there >= MAX_PHOTOS as i64 {
            return Ok(Some(Reason::TooManyPhotos(photo.ticket)));
        }
        Ok(None)
    }

    async fn why_event(&mut self, event: &Event) -> sqlx::Result<Reason> {
        match event.actor {
            Some(id) if !accounts::exists(self.bulk.tx(), id).await? => {
                Ok(Reason::NoSuchUser { key: "actor_id", id })
            }
            _ => Ok(Reason::NumberTaken { ticket: event.ticket, number: event.number }),
        }
    }

    /// Finds the reason in the tables, not in the database's message.
    async fn why_person(&mut self, person: &Person) -> sqlx::Result<Reason> {
        let tx = self.bulk.tx();
        Ok(if accounts::exists(tx, person.id).await? {
            Reason::IdTaken(person.id.0)
        } else if accounts::find_id(tx, &person.username).await?.is_some() {
            Reason::UsernameTaken(person.username.clone())
        } else {
            Reason::Refused("user")
        })
    }

    async fn why_ticket(&mut self, ticket: &Ticket) -> sqlx::Result<Reason> {
        Ok(self.what_is_wrong(ticket).await?.unwrap_or(Reason::Refused("ticket")))
    }

    async fn what_is_wrong(&mut self, ticket: &Ticket) -> sqlx::Result<Option<Reason>> {
        let id = &ticket.contract;
        let named = [
            ("user_id", Some(id.owner)),
            ("assigned_technician_id", id.technician),
            ("offered_to", ticket.offered_to),
        ];
        for (key, id) in named {
            if let Some(id) = id
                && !accounts::exists(self.bulk.tx(), id).await?
            {
                return Ok(Some(Reason::NoSuchUser { key, id }));
            }
        }
        let is_taken = self.bulk.has_ticket(id.id).await?;
        Ok(is_taken.then_some(Reason::IdTaken(id.id.0)))
    }
}

/// Returns `true` if a row broke a constraint.
fn is_refusal(error: &sqlx::Error) -> bool {
    use sqlx::error::ErrorKind;

    let kind = error.as_database_error().map(sqlx::error::DatabaseError::kind);
    kind.is_some_and(|kind| !matches!(kind, ErrorKind::Other))
}
