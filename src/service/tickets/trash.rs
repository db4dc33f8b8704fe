//! Deletion of tickets, and restoring them within thirty days.

use std::collections::HashMap;

use super::unassign::unassign;
use crate::domain::access;
use crate::domain::ids::{Named, TicketId, UserId};
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::ticket::{Dossier, Ticket};
use crate::domain::tickets::trash::{DeletedTicket, DeletedTickets, Kept, Mark, PAGE_SIZE, Summary};
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::maintenance::DELETED_KEPT;
use crate::service::transaction::{Entry, Request, Work};
use crate::store::people::accounts;
use crate::store::tickets::{events, record, trash};

pub async fn delete(
    app: &App,
    viewer: &Viewer,
    ticket: TicketId,
    key: Option<String>,
) -> Result<(), Problem> {
    let request = Request::new(viewer, key, &["delete", &ticket.to_string()])?;
    let mut work = Work::begin(app).await?;
    if work.done_before(&request).await?.is_some() {
        return Ok(());
    }
    let dossier = work.open(viewer, ticket).await?.dossier;
    access::admins_only(viewer)?;
    let entry = Entry::acted(viewer, Kind::Deleted, String::new());
    work.write_down(&dossier, dossier.standing(), entry).await?;
    if !trash::take_away(&mut work.tx, &dossier, work.now).await? {
        return Err(Problem::Stale);
    }
    work.remember(&request, ticket).await?;
    work.commit().await
}

pub async fn restore(
    app: &App,
    viewer: &Viewer,
    ticket: TicketId,
    key: Option<String>,
) -> Result<(), Problem> {
    access::admins_only(viewer)?;
    let request = Request::new(viewer, key, &["restore", &ticket.to_string()])?;
    let mut work = Work::begin(app).await?;
    if work.done_before(&request).await?.is_some() {
        return Ok(());
    }
    record::hold(&mut work.tx, ticket).await?;
    let dossier = trash::take_back(&mut work.tx, ticket).await?.ok_or(Problem::NotFound)?;
    // Checked before the ticket is among their jobs again.
    let goes_on = match dossier.ticket.technician {
        Some(technician) if dossier.ticket.status.is_open() => work.takes_back(app, technician).await?,
        _ => true,
    };
    record::insert(&mut work.tx, &dossier).await?;
    let entry = Entry::acted(viewer, Kind::Restored, String::new());
    work.write_down(&dossier, dossier.standing(), entry).await?;
    if !goes_on {
        unassign(&mut work, dossier).await?;
    }
    work.remember(&request, ticket).await?;
    work.commit().await
}

/// Deleted tickets that can be restored, last deleted first.
pub async fn list(app: &App, viewer: &Viewer, before: Mark) -> Result<DeletedTickets, Problem> {
    access::admins_only(viewer)?;
    let mut kept = trash::before(&app.db, before).await?;
    let has_more = kept.len() > PAGE_SIZE;
    kept.truncate(PAGE_SIZE);
    let next = kept.last().filter(|_| has_more).map(|last| last.mark);

    let mut rows: Vec<(Kept, Option<UserId>)> = Vec::with_capacity(kept.len());
    for ticket in kept {
        let who = events::last_actor(&app.db, ticket.mark.ticket, Kind::Deleted).await?;
        rows.push((ticket, who));
    }
    let owner = |kept: &Kept| kept.dossier.as_ref().ok().map(|dossier| dossier.ticket.owner);
    let mut ids: Vec<UserId> = rows.iter().flat_map(|(kept, who)| [owner(kept), *who]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let names: HashMap<UserId, String> = accounts::nicknames(&app.db, &ids).await?.into_iter().collect();
    let items = rows.into_iter().map(|(kept, who)| described(app, kept, who, &names)).collect();
    Ok(DeletedTickets { items, next })
}

fn described(app: &App, kept: Kept, who: Option<UserId>, names: &HashMap<UserId, String>) -> DeletedTicket {
    let named = |id: UserId| Named { id, nickname: names.get(&id).cloned().unwrap_or_default() };
    let Kept { dossier, mark: Mark { deleted_at, ticket } } = kept;
    let summary = match dossier {
        Ok(Dossier { ticket: Ticket { brand, fault_type, owner, .. }, .. }) => {
            Some(Summary { about: format!("{brand} · {fault_type}"), owner: named(owner) })
        }
        Err(error) => {
            tracing::error!(%ticket, %error, "the record of a deleted ticket cannot be read");
            None
        }
    };
    DeletedTicket {
        id: ticket,
        summary,
        deleted_by: who.map(named),
        deleted: app.site.zone.local(deleted_at),
        kept_until: app.site.zone.local(deleted_at.plus(DELETED_KEPT)),
    }
}
