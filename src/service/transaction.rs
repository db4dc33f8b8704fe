//! Transaction of every verb that changes a ticket: in it, the ticket is opened by the policy,
//! moved and written into its history, and the people concerned are notified.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::settings::Site;
use super::sign_in::tokens::TokenKeys;
use super::{App, hex, random_hex};
use crate::domain::access::{self, Opened, Unchecked};
use crate::domain::ids::{TicketId, UserId};
use crate::domain::input::{Input, Reason};
use crate::domain::notifications::preferences::{Channel, Topic};
use crate::domain::notifications::recipients::{self, GATHERED_WITHIN, MAIL_WAITS, StateChange};
use crate::domain::people::availability;
use crate::domain::problem::{Problem, WORDS_LIMIT};
use crate::domain::tickets::action::Action;
use crate::domain::tickets::event::{Change, Event, Kind};
use crate::domain::tickets::ticket::{Ticket, TicketState};
use crate::domain::time::Instant;
use crate::domain::validation::{Lines, canonical, is_printable};
use crate::domain::viewer::{Role, Viewer};
use crate::store::Tx;
use crate::store::idempotency::{self, Earlier, Subject};
use crate::store::notifications::{inbox, outbox};
use crate::store::people::{accounts, preferences};
use crate::store::tickets::{events, record};

const KEY_LIMIT: usize = 255;

/// Changes of one ticket that one person may make within [`WINDOW_SECONDS`]: more than people need,
/// and few enough that no program fills its history.
pub const MOST_CHANGES: i64 = 30;
pub(crate) const WINDOW_SECONDS: i64 = 60;
/// Latest events among which changes are counted, so that a long history is not read. Others may have
/// written between them.
const COUNTED_EVENTS: i64 = 8 * MOST_CHANGES;

/// A change under way. Dropped without a commit, it has no effect.
pub struct TicketTransaction {
    pub tx: Tx,
    pub now: Instant,
    pub site: Arc<Site>,
}

/// A request that may arrive twice and must happen once.
pub struct Request {
    user: UserId,
    key: Option<String>,
    /// Hash of the request.
    print: String,
}

impl Request {
    /// Makes a request. `parts` say all of it; an empty key is none.
    pub fn new(viewer: &Viewer, key: Option<String>, parts: &[&str]) -> Result<Self, Problem> {
        let key = key.filter(|key| !key.is_empty());
        key.as_deref().map_or(Ok(()), check_key)?;
        let mut print = Sha256::new();
        for part in parts {
            // The length, too, so that no two lists of parts look alike.
            print.update(part.len().to_le_bytes());
            print.update(part);
        }
        Ok(Self { user: viewer.id, key, print: hex(&print.finalize()) })
    }

    /// Makes a request without a key equal to an earlier one that says the same, of the same
    /// person: its hash is its key. No key of a client looks like it.
    pub fn keyed_by_what_it_says(viewer: &Viewer, parts: &[&str]) -> Result<Self, Problem> {
        let request = Self::new(viewer, None, parts)?;
        Ok(Self { key: Some(format!("\u{1}{}", request.print)), ..request })
    }

    pub const fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Makes a secret for the answer. A repeated request gets the same one again, though it is
    /// stored nowhere: it is derived from the request and its time.
    pub fn secret(&self, keys: &TokenKeys, Instant(at): Instant) -> Result<String, Problem> {
        match &self.key {
            None => Ok(random_hex::<32>()),
            Some(key) => keys.derive_secret(&format!("{} {at} {} {key}", self.user, self.print)),
        }
    }
}

impl TicketTransaction {
    pub async fn begin(app: &App) -> Result<Self, Problem> {
        Ok(Self { tx: app.db.begin().await?, now: app.clock.now(), site: Arc::clone(&app.site) })
    }

    pub async fn commit(self) -> Result<(), Problem> {
        Ok(self.tx.commit().await?)
    }

    /// Undoes the change, and waits until that is done.
    pub async fn roll_back(self) -> Result<(), Problem> {
        Ok(self.tx.roll_back().await?)
    }

    /// Returns the ticket of the same request's first arrival.
    pub async fn done_before(&mut self, request: &Request) -> Result<Option<TicketId>, Problem> {
        Ok(self.earlier(request).await?.map(|earlier| earlier.subject.ticket()))
    }

    /// Returns the person and the time of the same request's first arrival.
    pub async fn done_to_before(&mut self, request: &Request) -> Result<Option<(UserId, Instant)>, Problem> {
        Ok(self.earlier(request).await?.map(|earlier| (earlier.subject.person(), earlier.at)))
    }

    /// Returns the record of the same request's first arrival.
    pub async fn earlier(&mut self, request: &Request) -> Result<Option<Earlier>, Problem> {
        let Some(key) = &request.key else { return Ok(None) };
        match idempotency::find(&mut self.tx, request.user, key).await? {
            Some(earlier) if earlier.request != request.print => Err(Problem::KeyReused),
            found => Ok(found),
        }
    }

    /// Records the request, so that it takes effect once.
    pub async fn remember(&mut self, request: &Request, about: impl Into<Subject>) -> Result<(), Problem> {
        self.keep(request, about.into(), None).await
    }

    /// Records the request and its event: a repetition is answered with the same words.
    pub async fn remember_event(&mut self, request: &Request, event: &Event) -> Result<(), Problem> {
        self.keep(request, event.ticket.into(), Some(event.number)).await
    }

    async fn keep(&mut self, request: &Request, about: Subject, event: Option<i64>) -> Result<(), Problem> {
        if let Some(key) = &request.key {
            let (user, print) = (request.user, &request.print);
            idempotency::insert(&mut self.tx, user, key, print, about, self.now, event).await?;
        }
        Ok(())
    }

    /// Returns the event of an earlier request; `None` where it has none.
    pub async fn event_of(&mut self, earlier: &Earlier) -> Result<Option<Event>, Problem> {
        let Some(number) = earlier.event else { return Ok(None) };
        Ok(events::numbered(&mut self.tx, earlier.subject.ticket(), number).await?)
    }

    /// Opens a ticket for a viewer who may see it, and locks it.
    pub async fn open(&mut self, viewer: &Viewer, id: TicketId) -> Result<Opened, Problem> {
        let unchecked = self.find(id).await?;
        access::open(viewer, unchecked, self.now).map_err(|_| Problem::NotFound)
    }

    pub async fn find(&mut self, id: TicketId) -> Result<Unchecked, Problem> {
        record::find_locked(&mut self.tx, id).await?.ok_or(Problem::NotFound)
    }

    /// Moves a ticket to a state, and records the reason.
    pub async fn advance(
        &mut self,
        ticket: &Ticket,
        to: TicketState,
        entry: NewEvent,
    ) -> Result<Event, Problem> {
        self.replace(ticket, ticket.clone(), to, entry).await
    }

    /// Writes a ticket whose details were changed, moves it to a state, and records the reason.
    pub async fn replace(
        &mut self,
        before: &Ticket,
        mut after: Ticket,
        to: TicketState,
        entry: NewEvent,
    ) -> Result<Event, Problem> {
        after.advance(to, self.now);
        if !record::update(&mut self.tx, before, &after).await? {
            return Err(Problem::Stale);
        }
        self.write_down(&after, before.state(), entry).await
    }

    /// Adds an event to the history and notifies the people concerned.
    pub async fn write_down(
        &mut self,
        ticket: &Ticket,
        before: TicketState,
        entry: NewEvent,
    ) -> Result<Event, Problem> {
        let NewEvent { actor, kind, note, changes } = entry;
        let (id, after) = (ticket.contract.id, ticket.state());
        // A number is given once: one that was just filed has no history.
        let number = match kind {
            Kind::Filed => events::FIRST_NUMBER,
            _ => events::next_number(&mut self.tx, id).await?,
        };
        if let Some(actor) = actor.filter(|_| kind.is_repeatable_change()) {
            self.check_pace(id, number, actor).await?;
        }
        let event = Event { ticket: id, number, at: self.now, actor, kind, note, changes, state: after };
        events::insert(&mut self.tx, &event).await?;
        let change = StateChange { owner: ticket.contract.owner, before, after };
        for (person, topic) in recipients::of(kind, actor, change) {
            self.notify(person, topic, &event).await?;
        }
        if let Some(webhooks) = &self.site.webhooks {
            for url in webhooks.urls() {
                outbox::post(&mut self.tx, url, id, number, self.now).await?;
            }
        }
        Ok(event)
    }

    /// Refuses a change of a ticket, its event numbered `number`, by somebody who made too many within
    /// the last minute.
    async fn check_pace(&mut self, ticket: TicketId, number: i64, actor: UserId) -> Result<(), Problem> {
        if number <= MOST_CHANGES {
            return Ok(());
        }
        let (since, after) = (self.now.minus(WINDOW_SECONDS), number - COUNTED_EVENTS);
        let first =
            events::nth_latest_change(&mut self.tx, ticket, after, actor, since, MOST_CHANGES).await?;
        let Some(first) = first else { return Ok(()) };
        Err(Problem::TooManyChanges { retry_after_seconds: self.wait_after(first) })
    }

    /// Seconds until what happened at `first` is out of the window in which people are counted.
    pub(crate) fn wait_after(&self, first: Instant) -> u64 {
        let wait = first.plus(WINDOW_SECONDS).0 - self.now.0;
        wait.max(1).unsigned_abs()
    }

    /// Notifies a person in the inbox and by mail, as their preferences say.
    pub async fn notify(&mut self, person: UserId, topic: Topic, event: &Event) -> Result<(), Problem> {
        let notification_preferences = preferences::notification_preferences(&mut self.tx, person).await?;
        if notification_preferences.wants(Channel::Inbox, topic) {
            inbox::notify(&mut self.tx, person, event, self.now.minus(GATHERED_WITHIN)).await?;
        }
        if self.site.mailer.is_some() && notification_preferences.wants(Channel::Mail, topic) {
            let due = if event.kind.is_gathered() { self.now.plus(MAIL_WAITS) } else { self.now };
            outbox::mail(&mut self.tx, person, event, due).await?;
        }
        Ok(())
    }

    /// Returns the role of a technician who is about to get a job, and whether they are disabled. Both stay
    /// so until the transaction ends, and are of now: they may have left the desk since the request came.
    async fn status_of_receiver(&mut self, technician: UserId) -> Result<Option<(Role, bool)>, Problem> {
        record::hold_jobs(&mut self.tx, technician).await?;
        Ok(accounts::account_status(&mut self.tx, technician).await?)
    }

    /// Checks that a person who takes a job still works at the desk, and has room for it.
    pub async fn check_may_take(&mut self, app: &App, viewer: &Viewer) -> Result<(), Problem> {
        let status = self.status_of_receiver(viewer.id).await?;
        if !status.is_some_and(|(role, is_disabled)| access::may_receive(role, is_disabled, false)) {
            return Err(Problem::Denied);
        }
        self.check_room(app, viewer.id).await
    }

    /// Returns `true` if a ticket goes back to its former technician: they still work at the desk,
    /// and have room for it.
    pub async fn takes_back(&mut self, app: &App, technician: UserId) -> Result<bool, Problem> {
        let status = self.status_of_receiver(technician).await?;
        if !status.is_some_and(|(role, is_disabled)| role != Role::User && !is_disabled) {
            return Ok(false);
        }
        match self.check_room(app, technician).await {
            Ok(()) => Ok(true),
            Err(Problem::TooManyJobs { .. } | Problem::HandsFull { .. }) => Ok(false),
            Err(problem) => Err(problem),
        }
    }

    /// Checks that a person may be given or offered a ticket of this owner, and has room for it.
    pub async fn receiver(
        &mut self,
        app: &App,
        action: Action,
        person: UserId,
        owner: UserId,
    ) -> Result<UserId, Problem> {
        let refuse = |reason| Err(Problem::BadInput { input: Input::Technician, reason });
        let status = self.status_of_receiver(person).await?;
        let may = status.is_some_and(|(role, off)| access::may_receive(role, off, person == owner));
        if !may {
            return refuse(Reason::NotOffered);
        }
        let is_off_duty = !preferences::duty(&mut self.tx, person).await?.on_duty;
        if is_off_duty && !availability::reaches_off_duty(action) {
            return refuse(Reason::OffDuty);
        }
        self.check_room(app, person).await?;
        Ok(person)
    }

    async fn check_room(&mut self, app: &App, technician: UserId) -> Result<(), Problem> {
        let of_site = app.site.limits.jobs;
        let jobs = record::count_jobs(&mut self.tx, technician).await?.unsigned_abs();
        let limit = preferences::duty(&mut self.tx, technician).await?.limit(of_site);
        match availability::is_full(limit, jobs) {
            false => Ok(()),
            true if limit == of_site => Err(Problem::TooManyJobs { limit }),
            true => Err(Problem::HandsFull { limit }),
        }
    }
}

/// Refuses a key that cannot be kept.
pub fn check_key(key: &str) -> Result<(), Problem> {
    let is_bad = key.len() > KEY_LIMIT || key.chars().any(char::is_control);
    if is_bad { Err(Problem::BadRequest) } else { Ok(()) }
}

/// An event that has no number yet.
pub struct NewEvent {
    pub actor: Option<UserId>,
    pub kind: Kind,
    pub note: String,
    pub changes: Vec<Change>,
}

impl NewEvent {
    pub const fn acted(viewer: &Viewer, kind: Kind, note: String) -> Self {
        Self { actor: Some(viewer.id), kind, note, changes: Vec::new() }
    }
}

/// Returns the canonical form of typed words, or the problem with them.
pub fn check_words(input: Input, typed: &str, is_required: bool) -> Result<String, Problem> {
    let text = canonical(typed);
    let refuse = |reason| Err(Problem::BadInput { input, reason });
    if text.is_empty() && is_required {
        refuse(Reason::Missing)
    } else if text.chars().count() > WORDS_LIMIT {
        refuse(Reason::TooLong { limit: WORDS_LIMIT })
    } else if !is_printable(&text, Lines::Many) {
        refuse(Reason::Unprintable)
    } else {
        Ok(text)
    }
}
