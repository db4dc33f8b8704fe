//! What every verb that changes a ticket shares: one transaction, in which the
//! ticket is opened by the policy, moved, and written into its history, and in
//! which whoever it concerns is told.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::site::Site;
use super::{App, hex};
use crate::domain::audience::{self, Passage};
use crate::domain::details::Reason;
use crate::domain::history::{Change, Event, Kind};
use crate::domain::person::{UserId, Viewer};
use crate::domain::policy::{self, Opened, Sealed};
use crate::domain::problem::{Input, Problem};
use crate::domain::ticket::{Dossier, Standing, TicketId};
use crate::domain::time::Instant;
use crate::store::{Tx, dossiers, events, idempotency, inbox, outbox, people};

/// The most characters of a reason, a message, a note.
pub const WORDS_LIMIT: usize = 4000;
const KEY_LIMIT: usize = 255;

/// A change under way. Dropped without a commit, nothing has happened.
pub struct Work {
    pub tx: Tx,
    pub now: Instant,
    pub site: Arc<Site>,
}

/// A request that may arrive twice and must happen once.
pub struct Request {
    user: UserId,
    key: Option<String>,
    /// A hash of what is asked.
    print: String,
}

impl Request {
    /// `parts` say all that is asked; an empty key is none.
    pub fn new(viewer: &Viewer, key: Option<String>, parts: &[&str]) -> Result<Self, Problem> {
        let key = key.filter(|key| !key.is_empty());
        if key.as_ref().is_some_and(|key| key.len() > KEY_LIMIT || key.chars().any(char::is_control)) {
            return Err(Problem::BadRequest);
        }
        let mut print = Sha256::new();
        for part in parts {
            // With its length, so that no two lists of parts look alike.
            print.update(part.len().to_le_bytes());
            print.update(part);
        }
        Ok(Self { user: viewer.id, key, print: hex(&print.finalize()) })
    }
}

impl Work {
    pub async fn begin(app: &App) -> Result<Self, Problem> {
        Ok(Self { tx: app.db.begin().await?, now: app.clock.now(), site: Arc::clone(&app.site) })
    }

    pub async fn commit(self) -> Result<(), Problem> {
        Ok(self.tx.commit().await?)
    }

    /// The ticket that the same request was about when it happened before.
    pub async fn done_before(&mut self, request: &Request) -> Result<Option<TicketId>, Problem> {
        let Some(key) = &request.key else { return Ok(None) };
        match idempotency::find(&mut self.tx, request.user, key).await? {
            Some((print, _)) if print != request.print => Err(Problem::KeyReused),
            found => Ok(found.map(|(_, ticket)| ticket)),
        }
    }

    /// Keeps the request from happening again.
    pub async fn remember(&mut self, request: &Request, ticket: TicketId) -> Result<(), Problem> {
        if let Some(key) = &request.key {
            idempotency::insert(&mut self.tx, request.user, key, &request.print, ticket, self.now).await?;
        }
        Ok(())
    }

    /// The ticket, for whoever may see it; nobody else changes it meanwhile.
    pub async fn open(&mut self, viewer: &Viewer, id: TicketId) -> Result<Opened, Problem> {
        let sealed = self.find(id).await?;
        policy::open(viewer, sealed, self.now).map_err(|_| Problem::NotFound)
    }

    pub async fn find(&mut self, id: TicketId) -> Result<Sealed, Problem> {
        dossiers::find_in_turn(&mut self.tx, id).await?.ok_or(Problem::NotFound)
    }

    /// Moves a ticket and writes down why; the answer is the number of the event.
    pub async fn advance(
        &mut self,
        mut dossier: Dossier,
        to: Standing,
        entry: Entry,
    ) -> Result<i64, Problem> {
        let (seen, before) = (dossier.version, dossier.standing());
        dossier.advance(to, self.now);
        if !dossiers::update(&mut self.tx, &dossier, seen).await? {
            return Err(Problem::Stale);
        }
        self.write_down(&dossier, before, entry).await
    }

    /// Adds to the history and tells whoever it concerns.
    pub async fn write_down(
        &mut self,
        dossier: &Dossier,
        before: Standing,
        entry: Entry,
    ) -> Result<i64, Problem> {
        let Entry { actor, kind, note, changes } = entry;
        let (ticket, after) = (dossier.ticket.id, dossier.standing());
        let number = events::next_number(&mut self.tx, ticket).await?;
        let event = Event { ticket, number, at: self.now, actor, kind, note, changes, standing: after };
        events::insert(&mut self.tx, &event).await?;
        for person in audience::of(kind, actor, Passage { owner: dossier.ticket.owner, before, after }) {
            self.tell(person, ticket, number).await?;
        }
        if let Some(webhooks) = &self.site.webhooks {
            for url in webhooks.urls() {
                outbox::post(&mut self.tx, url, ticket, number, self.now).await?;
            }
        }
        Ok(number)
    }

    /// In the inbox, and by mail where there are mails.
    pub async fn tell(&mut self, person: UserId, ticket: TicketId, number: i64) -> Result<(), Problem> {
        inbox::tell(&mut self.tx, person, ticket, number, self.now).await?;
        if self.site.mailer.is_some() {
            outbox::mail(&mut self.tx, person, ticket, number, self.now).await?;
        }
        Ok(())
    }

    /// Somebody who can be given a ticket of this owner, and has room for it.
    pub async fn receiver(&mut self, app: &App, person: UserId, owner: UserId) -> Result<UserId, Problem> {
        let standing = people::standing(&mut self.tx, person).await?;
        let may = standing.is_some_and(|(role, off)| policy::may_receive(role, off, person == owner));
        if !may {
            return Err(Problem::BadInput { input: Input::Technician, reason: Reason::NotOffered });
        }
        self.check_room(app, person).await?;
        Ok(person)
    }

    pub async fn check_room(&mut self, app: &App, technician: UserId) -> Result<(), Problem> {
        let limit = app.site.limits.jobs;
        let jobs = dossiers::count_jobs(&mut self.tx, technician).await?.unsigned_abs();
        if limit > 0 && jobs >= limit { Err(Problem::TooManyJobs { limit }) } else { Ok(()) }
    }
}

/// What goes into the history.
pub struct Entry {
    pub actor: Option<UserId>,
    pub kind: Kind,
    pub note: String,
    pub changes: Vec<Change>,
}

impl Entry {
    pub const fn acted(viewer: &Viewer, kind: Kind, note: String) -> Self {
        Self { actor: Some(viewer.id), kind, note, changes: Vec::new() }
    }
}

/// Words as they are kept, or what is wrong with them.
pub fn check_words(input: Input, typed: &str, is_required: bool) -> Result<String, Problem> {
    let text = typed.trim().replace("\r\n", "\n");
    let refuse = |reason| Err(Problem::BadInput { input, reason });
    if text.is_empty() && is_required {
        refuse(Reason::Missing)
    } else if text.chars().count() > WORDS_LIMIT {
        refuse(Reason::TooLong { limit: WORDS_LIMIT })
    } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        refuse(Reason::Unprintable)
    } else {
        Ok(text)
    }
}
