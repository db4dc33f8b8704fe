//! Inbox: notices of a person, and their counts.

use std::collections::HashMap;

use crate::domain::access::{self, Opened};
use crate::domain::ids::{Named, TicketId, UserId};
use crate::domain::notifications::inbox::{Inbox, Notice};
use crate::domain::problem::Problem;
use crate::domain::tickets::view::TimelineEntry;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::store::notifications::inbox::{self, Notification};
use crate::store::people::accounts;
use crate::store::tickets::record;

/// Most notices on a page.
const SHOWN: i64 = 100;
/// Limit of counting.
pub(crate) const COUNTED: i64 = 100;

pub async fn of(app: &App, viewer: &Viewer) -> Result<Inbox, Problem> {
    let (latest, unread) = inbox::latest(&app.db, viewer.id, SHOWN, COUNTED).await?;
    let tickets = open_tickets(app, viewer, &latest).await?;
    let names = names_in(app, &latest).await?;
    let notices = latest.into_iter().map(|found| {
        let ticket = tickets.get(&found.ticket);
        notice(app, found, ticket, &names)
    });
    Ok(Inbox { notices: notices.collect(), unread })
}

/// Opens the tickets of these notices that their reader may see now.
async fn open_tickets(
    app: &App,
    viewer: &Viewer,
    latest: &[Notification],
) -> Result<HashMap<TicketId, Opened>, Problem> {
    let mut ids: Vec<TicketId> = latest.iter().map(|notice| notice.ticket).collect();
    ids.sort_unstable();
    ids.dedup();
    let now = app.clock.now();
    let unchecked = record::find_several(&app.db, &ids).await?;
    let opened = unchecked.into_iter().filter_map(|unchecked| access::open(viewer, unchecked, now).ok());
    Ok(opened.map(|opened| (opened.ticket.contract.id, opened)).collect())
}

async fn names_in(app: &App, latest: &[Notification]) -> Result<HashMap<UserId, String>, Problem> {
    let people = latest.iter().flat_map(|notice| [notice.actor, notice.technician, notice.offered_to]);
    let mut ids: Vec<UserId> = people.flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(accounts::nicknames(&app.db, &ids).await?.into_iter().collect())
}

/// Makes a notice. It says that something happened for as long as it is kept, but contains the
/// words of a ticket only while its reader may see them there.
fn notice(
    app: &App,
    found: Notification,
    opened: Option<&Opened>,
    names: &HashMap<UserId, String>,
) -> Notice {
    let named = |id: UserId| Named { id, nickname: names.get(&id).cloned().unwrap_or_default() };
    let about = opened.map(|opened| {
        let contract = &opened.ticket.contract;
        format!("{} · {}", contract.brand, contract.fault_type)
    });
    let shows_words = opened.is_some_and(|opened| opened.shows(found.kind));
    Notice {
        id: found.id,
        ticket: found.ticket,
        may_open: about.is_some(),
        about: about.unwrap_or_default(),
        entry: TimelineEntry {
            at: app.site.zone.local(found.at),
            actor: found.actor.map(named),
            kind: found.kind,
            times: found.events,
            note: if shows_words { found.kind.words(found.note) } else { String::new() },
            changes: Vec::new(),
            technician: found.technician.map(named),
            offered_to: found.offered_to.map(named),
        },
        is_read: found.is_read,
    }
}

/// Marks read the notices of a ticket that the viewer has opened.
pub async fn mark_read_of(app: &App, viewer: &Viewer, ticket: TicketId) -> Result<(), Problem> {
    if inbox::has_unread_of_ticket(&app.db, viewer.id, ticket).await? {
        let mut tx = app.db.begin().await?;
        inbox::mark_read_of_ticket(&mut tx, viewer.id, ticket, app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Marks all notices read up to the newest that was shown.
pub async fn mark_read(app: &App, viewer: &Viewer, up_to: i64) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    inbox::mark_all_read(&mut tx, viewer.id, up_to, app.clock.now()).await?;
    Ok(tx.commit().await?)
}
