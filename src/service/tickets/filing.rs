//! Filing of new tickets, and corrections of existing ones.

use super::actions;
use crate::domain::ids::TicketId;
use crate::domain::input::Reason;
use crate::domain::problem::Problem;
use crate::domain::tickets::event::{self, Change, Kind};
use crate::domain::tickets::report::{BadField, Blank, Details, Draft, Field};
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::tickets::workflow::correctable;
use crate::domain::validation::fold;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::photos::images::Upload;
use crate::service::photos::upload::{self, NewPhotos, PhotoChange, Prepared, with_prints};
use crate::service::transaction::{NewEvent, Request, TicketTransaction, check_key};
use crate::store::idempotency;
use crate::store::people::accounts;
use crate::store::tickets::record;

const WEEK: i64 = 7 * 24 * 3600;

/// Handling of an open ticket for the same device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// Ask whether that ticket is meant.
    Ask,
    Allow,
    /// Merge repetitions of programs without a key: an equal report of the last minutes that is
    /// still open is the same one.
    Merge,
}

/// Seconds within which an equal report counts as a repetition.
const REPEATED_WITHIN: i64 = 120;

/// Makes a report form with known details of the viewer.
pub async fn blank(app: &App, viewer: &Viewer) -> Result<Blank, Problem> {
    let mut known = Draft::default();
    if let Some(contact) = accounts::contact(&app.db, viewer.id).await? {
        known.set(Field::Phone, contact.phone);
        known.set(Field::Campus, contact.campus);
        known.set(Field::Contact, contact.email);
    }
    Ok(Blank { offered: app.site.offered(app.clock.now()), known })
}

/// Files a ticket for the viewer's own device.
pub async fn file(
    app: &App,
    viewer: &Viewer,
    draft: &Draft,
    duplicates: Duplicates,
    key: Option<String>,
) -> Result<TicketId, Problem> {
    file_with_photos(app, viewer, draft, Vec::new(), duplicates, key).await
}

/// Files a ticket with photos, all of them or no ticket.
pub async fn file_with_photos(
    app: &App,
    viewer: &Viewer,
    draft: &Draft,
    uploads: Vec<Upload>,
    duplicates: Duplicates,
    key: Option<String>,
) -> Result<TicketId, Problem> {
    let draft = &draft.canonical();
    let (uploads, prints) = with_prints(uploads).await?;
    let typed = Field::ALL.into_iter().map(|field| draft.get(field));
    let asked = ["file"].into_iter().chain(typed).chain(prints.iter().map(String::as_str));
    let request = Request::new(viewer, key, &asked.collect::<Vec<_>>())?;
    upload::commit(app, uploads, &Report { viewer, draft, duplicates, request: &request }).await
}

/// A new ticket, filed once.
struct Report<'a> {
    viewer: &'a Viewer,
    draft: &'a Draft,
    duplicates: Duplicates,
    request: &'a Request,
}

impl PhotoChange for Report<'_> {
    type Answer = TicketId;

    async fn prepare(&self, app: &App, photos: &NewPhotos) -> Result<Prepared<TicketId>, Problem> {
        let Self { viewer, draft, duplicates, request } = *self;
        let mut transaction = TicketTransaction::begin(app).await?;
        if let Some(id) = transaction.done_before(request).await? {
            return Ok(Prepared::Repeated(id));
        }
        if !app.site.takes_tickets {
            return Err(Problem::DeskClosed);
        }
        let details = draft.check_whole(&app.site.offered(transaction.now)).map_err(Problem::BadFields)?;
        let implied = self.implied_by(&details, photos)?;
        if let Some(implied) = &implied
            && let Some(id) = repeated(app, &mut transaction, viewer, implied).await?
        {
            return Ok(Prepared::Repeated(id));
        }
        check_room(app, &mut transaction, viewer, draft, duplicates).await?;

        let year = app.site.zone.local(transaction.now).year;
        let id = record::next_id(&mut transaction.tx, year).await?;
        let mut ticket = event::blank(id, viewer.id, transaction.now);
        let changes = apply(&mut ticket, &details);
        record::insert(&mut transaction.tx, &ticket).await?;
        let entry = NewEvent { actor: Some(viewer.id), kind: Kind::Filed, note: String::new(), changes };
        transaction.write_down(&ticket, ticket.state(), entry).await?;
        transaction.remember(implied.as_ref().unwrap_or(request), id).await?;
        if !photos.is_empty() {
            photos.record(&mut transaction, viewer, &ticket).await?;
        }
        Ok(Prepared::Ready(transaction, id))
    }
}

impl Report<'_> {
    /// Request whose content is its key, for programs that send none.
    fn implied_by(&self, details: &Details, photos: &NewPhotos) -> Result<Option<Request>, Problem> {
        if self.duplicates != Duplicates::Merge || self.request.has_key() || !photos.is_empty() {
            return Ok(None);
        }
        let told = details.iter().flat_map(|(field, value)| [field.name(), value]);
        let parts: Vec<&str> = ["file"].into_iter().chain(told).collect();
        Request::keyed_by_what_it_says(self.viewer, &parts).map(Some)
    }
}

/// Finds the open ticket of an equal report within [`REPEATED_WITHIN`], if there is one.
async fn repeated(
    app: &App,
    transaction: &mut TicketTransaction,
    viewer: &Viewer,
    request: &Request,
) -> Result<Option<TicketId>, Problem> {
    let earlier = transaction
        .earlier(request)
        .await?
        .filter(|earlier| earlier.at.plus(REPEATED_WITHIN) > transaction.now);
    let Some(ticket) = earlier.map(|earlier| earlier.subject.ticket()) else { return Ok(None) };
    match super::view::open(app, viewer, ticket).await {
        Ok(opened) => Ok(Some(ticket).filter(|_| opened.facts.status.is_open())),
        Err(Problem::NotFound) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Refuses, before photos are uploaded, whatever can be refused without them. The draft has the
/// fields sent before the photos.
pub async fn check_may_file(
    app: &App,
    viewer: &Viewer,
    draft: &Draft,
    duplicates: Duplicates,
    key: &str,
) -> Result<(), Problem> {
    check_key(key)?;
    let mut transaction = TicketTransaction::begin(app).await?;
    // A repeated request gets its first answer, whatever holds now.
    if !key.is_empty() && idempotency::find(&mut transaction.tx, viewer.id, key).await?.is_some() {
        return transaction.roll_back().await;
    }
    if !app.site.takes_tickets {
        return Err(Problem::DeskClosed);
    }
    // Details of the device may come behind the photos.
    let is_whole = draft.check_whole(&app.site.offered(transaction.now)).is_ok();
    let duplicates = if is_whole { duplicates } else { Duplicates::Allow };
    check_room(app, &mut transaction, viewer, draft, duplicates).await?;
    transaction.roll_back().await
}

async fn check_room(
    app: &App,
    transaction: &mut TicketTransaction,
    viewer: &Viewer,
    draft: &Draft,
    duplicates: Duplicates,
) -> Result<(), Problem> {
    let room = check_limits(app, transaction, viewer).await;
    // A requester at a limit is still led to the ticket that they have.
    if duplicates == Duplicates::Ask
        && let Some(ticket) = duplicate(transaction, viewer, draft).await?
    {
        return Err(Problem::Duplicate { ticket });
    }
    room
}

async fn check_limits(
    app: &App,
    transaction: &mut TicketTransaction,
    viewer: &Viewer,
) -> Result<(), Problem> {
    let limits = app.site.limits;
    let open = record::count_open_of_owner(&mut transaction.tx, viewer.id).await?.unsigned_abs();
    if limits.open_tickets > 0 && open >= limits.open_tickets {
        return Err(Problem::TooManyOpen { limit: limits.open_tickets });
    }
    if limits.weekly_tickets > 0 {
        let most = i64::try_from(limits.weekly_tickets).unwrap_or(i64::MAX);
        let since = transaction.now.minus(WEEK);
        let filed = record::count_filed_since(&mut transaction.tx, viewer.id, since, most).await?;
        if filed >= most {
            return Err(Problem::TooManyThisWeek { limit: limits.weekly_tickets });
        }
    }
    Ok(())
}

/// Newest open ticket of the same device, however its brand is written.
async fn duplicate(
    transaction: &mut TicketTransaction,
    viewer: &Viewer,
    draft: &Draft,
) -> Result<Option<TicketId>, Problem> {
    let plain = |text: &str| fold(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let brand = plain(draft.get(Field::Brand));
    let open = record::open_devices(&mut transaction.tx, viewer.id, draft.get(Field::DeviceType)).await?;
    let duplicates = open.into_iter().filter(|(_, other)| plain(other) == brand);
    Ok(duplicates.map(|(ticket, _)| ticket).max())
}

/// Result of a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// Changed details; may be empty.
    pub changes: Vec<Change>,
    pub status: Status,
}

impl Corrected {
    pub fn fields(&self) -> Vec<Field> {
        self.changes.iter().map(|change| change.field).collect()
    }
}

/// Corrects details that the viewer may still correct, all or none.
pub async fn correct(
    app: &App,
    viewer: &Viewer,
    id: TicketId,
    draft: &Draft,
    seen: Option<i64>,
    key: Option<String>,
) -> Result<Corrected, Problem> {
    let draft = &draft.canonical();
    let subject = id.to_string();
    let typed = draft.fields().flat_map(|field| [field.name(), draft.get(field)]);
    let asked = ["correct", &subject].into_iter().chain(typed);
    let request = Request::new(viewer, key, &asked.collect::<Vec<_>>())?;
    let mut transaction = TicketTransaction::begin(app).await?;
    if let Some(earlier) = transaction.earlier(&request).await? {
        let changes = transaction.event_of(&earlier).await?.map(|event| event.changes).unwrap_or_default();
        let status = actions::state_after(app, &mut transaction, viewer, &earlier).await?;
        return Ok(Corrected { changes, status });
    }
    let opened = transaction.open(viewer, id).await?;
    let ticket = opened.ticket;
    if seen.is_some_and(|seen| seen != ticket.version) {
        return Err(Problem::Stale);
    }
    let allowed = correctable(opened.facts, opened.relation);
    let offered = app.site.offered(transaction.now);
    let differs = |field: &Field| draft.get(*field) != field.canonical(ticket.get(*field));
    let fixed: Vec<BadField> = draft
        .fields()
        .filter(|field| !allowed.contains(field))
        .filter(differs)
        .map(|field| BadField { field, reason: Reason::Fixed })
        .collect();
    if !fixed.is_empty() {
        return Err(Problem::BadFields(fixed));
    }
    // Unchanged details may be older than today's rules.
    let touched = draft.fields().filter(|field| allowed.contains(field)).filter(differs);
    let touched = Draft::of(touched.map(|field| (field.name(), draft.get(field))));
    let details = touched.check_given(&offered).map_err(Problem::BadFields)?;

    let before = ticket.state();
    let mut corrected = ticket.clone();
    let changes = apply(&mut corrected, &details);
    if changes.is_empty() {
        // A correction without change is remembered, too: details may differ when it comes again.
        transaction.remember(&request, id).await?;
        transaction.commit().await?;
        return Ok(Corrected { changes, status: before.status });
    }
    let entry = NewEvent { actor: Some(viewer.id), kind: Kind::Corrected, note: String::new(), changes };
    let event = transaction.replace(&ticket, corrected, before, entry).await?;
    transaction.remember_event(&request, &event).await?;
    transaction.commit().await?;
    Ok(Corrected { changes: event.changes, status: before.status })
}

/// Sets the details; returns those that differ from before.
fn apply(ticket: &mut Ticket, details: &Details) -> Vec<Change> {
    let mut changes = Vec::new();
    for (field, new) in details.iter() {
        let old = ticket.get(field).to_owned();
        if old != new {
            ticket.set(field, new);
            changes.push(Change { field, old, new: new.to_owned() });
        }
    }
    changes
}
