//! Ticket view for one reader: all that they may see and do.

use std::collections::HashMap;

use super::lookup::neighbours;
use crate::domain::access::{self, Opened, Side};
use crate::domain::ids::{Named, TicketId, UserId};
use crate::domain::people::availability::{Colleague, is_full};
use crate::domain::people::contact::Contact;
use crate::domain::photo::{Photo, Size, Thumbnail};
use crate::domain::problem::Problem;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::event::{Event, Kind};
use crate::domain::tickets::event_page::HistoryPart;
use crate::domain::tickets::ticket::{ContractTicket, Ticket, TicketCard};
use crate::domain::tickets::view::{TicketView, TimelineEntry};
use crate::domain::tickets::workflow::{self, transition};
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::settings::Zone;
use crate::store::people::accounts;
use crate::store::people::preferences::{self, Technician};
use crate::store::tickets::events::Counted;
use crate::store::tickets::{events, photos, record};

/// Most people in a list of candidates for a ticket.
const COLLEAGUES: i64 = 500;

/// Opens a ticket; one that is not the viewer's looks like none.
pub(crate) async fn open(app: &App, viewer: &Viewer, id: TicketId) -> Result<Opened, Problem> {
    let unchecked = record::find(&app.db, id).await?.ok_or(Problem::NotFound)?;
    access::open(viewer, unchecked, app.clock.now()).map_err(|_| Problem::NotFound)
}

/// Checks before a large upload that the viewer may see the ticket.
pub async fn check_may_see(app: &App, viewer: &Viewer, id: TicketId) -> Result<(), Problem> {
    open(app, viewer, id).await.map(|_| ())
}

/// Shows a ticket. `list` is the address of the list that led to it, or empty.
pub async fn view(app: &App, viewer: &Viewer, id: TicketId, list: &str) -> Result<TicketView, Problem> {
    view_part(app, viewer, id, list, HistoryPart::LATEST).await
}

/// Shows a ticket with another part of its history than the latest.
pub async fn view_part(
    app: &App,
    viewer: &Viewer,
    id: TicketId,
    list: &str,
    part: HistoryPart,
) -> Result<TicketView, Problem> {
    let opened = open(app, viewer, id).await?;
    let neighbours = neighbours(app, viewer, &opened.ticket, list).await?;
    let ReadableHistory { events: history, earlier, later } = readable_history(app, &opened, part).await?;
    let photos = photos_in_order(app, id, &history).await?;
    let names = names_of(app, &opened.ticket, &history, &photos).await?;
    let actions: Vec<Action> = Action::ALL
        .into_iter()
        .filter(|action| transition(opened.facts, *action, opened.relation).is_ok())
        .collect();
    let colleagues = colleagues(app, &opened.ticket.contract, &actions).await?;
    let [owner_contact, technician_contact] = shown_contacts(app, &opened).await?;
    let view = described(app, opened, history, photos, &names);
    let view = TicketView { actions, colleagues, owner_contact, technician_contact, neighbours, ..view };
    Ok(TicketView { earlier, later, ..view })
}

/// Part of a history, and the numbers of readable events before and after it.
struct ReadableHistory {
    events: Vec<Event>,
    earlier: usize,
    later: usize,
}

/// Reads the visible part of a history. Hidden events are not even counted.
async fn readable_history(app: &App, opened: &Opened, part: HistoryPart) -> Result<ReadableHistory, Problem> {
    let id = opened.ticket.contract.id;
    let hidden = opened.hidden_kinds();
    let (Counted { mut events, total }, earlier) = counted_part(app, id, &hidden, part).await?;
    if !opened.shows_contact {
        // Contacts of the requester are hidden, too.
        for event in &mut events {
            event.changes.retain(|change| !change.field.is_contact());
        }
    }
    let later = total - earlier - events.len();
    Ok(ReadableHistory { events, earlier, later })
}

/// Reads the wanted events, and the number of those before; the latest where the history has no
/// such position.
async fn counted_part(
    app: &App,
    id: TicketId,
    hidden: &[Kind],
    part: HistoryPart,
) -> Result<(Counted, usize), Problem> {
    if let Some(places) = part.places() {
        let earlier = places.start;
        let counted = events::part(&app.db, id, hidden, places).await?;
        if !counted.events.is_empty() {
            return Ok((counted, earlier));
        }
    }
    let latest = events::latest(&app.db, id, hidden, part.most).await?;
    let earlier = latest.total - latest.events.len();
    Ok((latest, earlier))
}

/// Photos in the order of the history, which alone knows it. `shown` is tried first: most histories
/// are shown whole.
async fn photos_in_order(app: &App, id: TicketId, shown: &[Event]) -> Result<Vec<Photo>, Problem> {
    let mut photos = photos::of_ticket(&app.db, id).await?;
    let mut added: Vec<String> =
        shown.iter().filter(|event| event.kind == Kind::Photo).map(|event| event.note.clone()).collect();
    let is_known = |photo: &Photo| added.iter().any(|note| note == photo.id.as_str());
    if photos.len() > 1 && !photos.iter().all(is_known) {
        added = events::notes(&app.db, id, Kind::Photo).await?;
    }
    photos.sort_by_key(|photo| added.iter().position(|note| note == photo.id.as_str()));
    Ok(photos)
}

/// A ticket's photos in the order in which they were added, each with its uploader.
pub async fn photos(app: &App, viewer: &Viewer, id: TicketId) -> Result<Vec<(Photo, Named)>, Problem> {
    open(app, viewer, id).await?;
    let photos = photos_in_order(app, id, &[]).await?;
    let uploaders: Vec<UserId> = photos.iter().map(|photo| photo.uploaded_by).collect();
    let names: HashMap<UserId, String> =
        accounts::nicknames(&app.db, &uploaders).await?.into_iter().collect();
    let named = |id: UserId| Named { id, nickname: names.get(&id).cloned().unwrap_or_default() };
    let credited = |photo: Photo| {
        let by = named(photo.uploaded_by);
        (photo, by)
    };
    Ok(photos.into_iter().map(credited).collect())
}

async fn names_of(
    app: &App,
    ticket: &Ticket,
    history: &[Event],
    photos: &[Photo],
) -> Result<HashMap<UserId, String>, Problem> {
    let id = &ticket.contract;
    let now = [Some(id.owner), id.technician];
    let then = history.iter().flat_map(|event| {
        [event.actor, event.state.technician, event.kind.offered_to(event.state.offered_to)]
    });
    let uploaders = photos.iter().map(|photo| photo.uploaded_by);
    let mut ids: Vec<UserId> = now.into_iter().chain(then).flatten().chain(uploaders).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(accounts::nicknames(&app.db, &ids).await?.into_iter().collect())
}

/// Candidates for assigning or offering the ticket, the fittest first.
async fn colleagues(
    app: &App,
    ticket: &ContractTicket,
    actions: &[Action],
) -> Result<Vec<Colleague>, Problem> {
    if !actions.iter().any(|action| matches!(action, Action::Assign | Action::Offer)) {
        return Ok(Vec::new());
    }
    let mut technicians = preferences::technicians(&app.db, COLLEAGUES).await?;
    technicians.retain(|person| person.who.id != ticket.owner && Some(person.who.id) != ticket.technician);
    let of_site = app.site.limits.jobs;
    let colleague = |Technician { who, duty, jobs }| Colleague {
        who,
        on_duty: duty.on_duty,
        serves: duty.serves(&ticket.campus),
        is_full: is_full(duty.limit(of_site), jobs),
    };
    let mut colleagues: Vec<Colleague> = technicians.into_iter().map(colleague).collect();
    // Equals stay in the order of ids.
    colleagues.sort_by_key(Colleague::hindrances);
    Ok(colleagues)
}

/// Contacts that requester and technician show to this reader. One that is in the report already is
/// left out.
async fn shown_contacts(app: &App, opened: &Opened) -> Result<[Option<Contact>; 2], Problem> {
    let id = &opened.ticket.contract;
    let sides = [(Side::Requester, Some(id.owner)), (Side::Technician, id.technician)];
    let sides = sides.map(|(side, person)| person.filter(|_| opened.shows_profile_of(side)));
    let ids: Vec<UserId> = sides.into_iter().flatten().collect();
    let shown: HashMap<UserId, Contact> =
        preferences::shown_contacts(&app.db, &ids).await?.into_iter().collect();
    let of = |side: Option<UserId>| shown.get(&side?).cloned();
    let is_news = |contact: &Contact| ![&*id.phone, &*id.qq].contains(&contact.text());
    let [owner, technician] = sides;
    Ok([of(owner).filter(is_news), of(technician)])
}

fn described(
    app: &App,
    opened: Opened,
    history: Vec<Event>,
    photos: Vec<Photo>,
    names: &HashMap<UserId, String>,
) -> TicketView {
    let Opened { mut ticket, facts, relation, shows_contact } = opened;
    let zone = app.site.zone;
    let named = |id: UserId| Named { id, nickname: names.get(&id).cloned().unwrap_or_default() };
    let thumbnail = |photo: Photo| {
        let (width, height) = Size::Thumbnail.of((photo.width, photo.height));
        Thumbnail { id: photo.id, uploaded_by: named(photo.uploaded_by), width, height }
    };
    if !shows_contact {
        ticket.contract.phone.clear();
        ticket.contract.qq.clear();
    }
    let behind = relation.is_behind_the_desk();
    TicketView {
        neighbours: None,
        model: ticket.model,
        warranty: ticket.warranty,
        version: ticket.version,
        shows_contact,
        next_action: workflow::next_action(facts, relation),
        owner_contact: None,
        technician_contact: None,
        actions: Vec::new(),
        correctable: workflow::correctable(facts, relation).to_vec(),
        offered: app.site.offered(app.clock.now()),
        may_talk: relation.may_talk(),
        is_behind_the_desk: behind,
        colleagues: Vec::new(),
        photos: photos.into_iter().map(thumbnail).collect(),
        earlier: 0,
        later: 0,
        timeline: history.into_iter().map(|event| entry(event, names, zone)).collect(),
        card: TicketCard::new(ticket.contract, named, |time| zone.local(time)),
    }
}

/// Makes an entry as people read it.
pub(crate) fn entry(event: Event, names: &HashMap<UserId, String>, zone: Zone) -> TimelineEntry {
    let named = |id: UserId| Named { id, nickname: names.get(&id).cloned().unwrap_or_default() };
    let offered_to = event.kind.offered_to(event.state.offered_to);
    TimelineEntry {
        at: zone.local(event.at),
        actor: event.actor.map(named),
        kind: event.kind,
        times: 1,
        note: event.kind.words(event.note),
        changes: event.changes,
        technician: event.state.technician.map(named),
        offered_to: offered_to.map(named),
    }
}
