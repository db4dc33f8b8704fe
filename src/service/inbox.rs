//! What people are told of, and what waits for them.

use std::collections::HashMap;

use super::App;
use crate::domain::inbox::{Inbox, Notice};
use crate::domain::person::{UserId, Viewer};
use crate::domain::problem::Problem;
use crate::domain::ticket::Named;
use crate::domain::ticket_view::Entry;
use crate::store::inbox::{self, Notification};
use crate::store::people;

/// How many notices a page shows.
const SHOWN: i64 = 100;
/// Nobody counts further.
pub(super) const COUNTED: i64 = 100;

pub async fn of(app: &App, viewer: &Viewer) -> Result<Inbox, Problem> {
    let latest = inbox::latest(&app.db, viewer.id, SHOWN).await?;
    let mut ids: Vec<UserId> = latest
        .iter()
        .flat_map(|notice| [notice.actor, notice.technician, notice.offered_to])
        .flatten()
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let names: HashMap<UserId, String> = people::nicknames(&app.db, &ids).await?.into_iter().collect();
    let unread = inbox::count_unread(&app.db, viewer.id, COUNTED).await?.unsigned_abs();
    let notices = latest.into_iter().map(|notification| notice(app, notification, &names)).collect();
    Ok(Inbox { notices, unread })
}

fn notice(app: &App, found: Notification, names: &HashMap<UserId, String>) -> Notice {
    let named = |id: UserId| Named { id, nickname: names.get(&id).cloned().unwrap_or_default() };
    let about = match (found.brand, found.fault_type) {
        (Some(brand), Some(fault)) => format!("{brand} · {fault}"),
        _ => String::new(),
    };
    Notice {
        id: found.id,
        ticket: found.ticket,
        about,
        entry: Entry {
            at: app.site.zone.local(found.at),
            actor: found.actor.map(named),
            kind: found.kind,
            times: found.events,
            note: found.kind.words(found.note),
            changes: Vec::new(),
            technician: found.technician.map(named),
            offered_to: found.offered_to.map(named),
        },
        is_read: found.is_read,
    }
}

/// Marks everything up to the newest notice that was shown.
pub async fn mark_read(app: &App, viewer: &Viewer, up_to: i64) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    inbox::mark_all_read(&mut tx, viewer.id, up_to, app.clock.now()).await?;
    Ok(tx.commit().await?)
}
