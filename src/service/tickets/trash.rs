//! Deletion of tickets, and restoring them within thirty days.

use std::collections::HashMap;

use super::unassign::unassign;
use crate::domain::access;
use crate::domain::ids::{Named, TicketId, UserId};
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::ticket::{ContractTicket, Ticket};
use crate::domain::tickets::trash::{
    DeletedTicket, DeletedTicketRow, DeletedTickets, PAGE_SIZE, Summary, TrashCursor,
};
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::maintenance::DELETED_KEPT;
use crate::service::transaction::{NewEvent, Request, TicketTransaction};
use crate::store::people::accounts;
use crate::store::tickets::{events, record, trash};

pub async fn delete(app: &App, viewer: &Viewer, id: TicketId, key: Option<String>) -> Result<(), Problem> {
    let request = Request::new(viewer, key, &["delete", &id.to_string()])?;
    let mut transaction = TicketTransaction::begin(app).await?;
    if transaction.done_before(&request).await?.is_some() {
        return Ok(());
    }
    let ticket = transaction.open(viewer, id).await?.ticket;
    access::admins_only(viewer)?;
    let entry = NewEvent::acted(viewer, Kind::Deleted, String::new());
    transaction.write_down(&ticket, ticket.state(), entry).await?;
    if !trash::take_away(&mut transaction.tx, &ticket, transaction.now).await? {
        return Err(Problem::Stale);
    }
    transaction.remember(&request, id).await?;
    transaction.commit().await
}

pub async fn restore(app: &App, viewer: &Viewer, id: TicketId, key: Option<String>) -> Result<(), Problem> {
    access::admins_only(viewer)?;
    let request = Request::new(viewer, key, &["restore", &id.to_string()])?;
    let mut transaction = TicketTransaction::begin(app).await?;
    if transaction.done_before(&request).await?.is_some() {
        return Ok(());
    }
    record::hold(&mut transaction.tx, id).await?;
    let ticket = trash::take_back(&mut transaction.tx, id).await?.ok_or(Problem::NotFound)?;
    // Checked before the ticket is among their jobs again.
    let goes_on = match ticket.contract.technician {
        Some(technician) if ticket.contract.status.is_open() => {
            transaction.takes_back(app, technician).await?
        }
        _ => true,
    };
    record::insert(&mut transaction.tx, &ticket).await?;
    let entry = NewEvent::acted(viewer, Kind::Restored, String::new());
    transaction.write_down(&ticket, ticket.state(), entry).await?;
    if !goes_on {
        unassign(&mut transaction, ticket).await?;
    }
    transaction.remember(&request, id).await?;
    transaction.commit().await
}

/// Deleted tickets that can be restored, last deleted first.
pub async fn list(app: &App, viewer: &Viewer, before: TrashCursor) -> Result<DeletedTickets, Problem> {
    access::admins_only(viewer)?;
    let mut kept = trash::before(&app.db, before).await?;
    let has_more = kept.len() > PAGE_SIZE;
    kept.truncate(PAGE_SIZE);
    let next = kept.last().filter(|_| has_more).map(|last| last.cursor);

    let mut rows: Vec<(DeletedTicket, Option<UserId>)> = Vec::with_capacity(kept.len());
    for ticket in kept {
        let who = events::last_actor(&app.db, ticket.cursor.ticket, Kind::Deleted).await?;
        rows.push((ticket, who));
    }
    let owner = |kept: &DeletedTicket| kept.ticket.as_ref().ok().map(|ticket| ticket.contract.owner);
    let mut ids: Vec<UserId> = rows.iter().flat_map(|(kept, who)| [owner(kept), *who]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let names: HashMap<UserId, String> = accounts::nicknames(&app.db, &ids).await?.into_iter().collect();
    let items = rows.into_iter().map(|(kept, who)| described(app, kept, who, &names)).collect();
    Ok(DeletedTickets { items, next })
}

fn described(
    app: &App,
    kept: DeletedTicket,
    who: Option<UserId>,
    names: &HashMap<UserId, String>,
) -> DeletedTicketRow {
    let named = |id: UserId| Named { id, nickname: names.get(&id).cloned().unwrap_or_default() };
    let DeletedTicket { ticket, cursor: TrashCursor { deleted_at, ticket: id } } = kept;
    let summary = match ticket {
        Ok(Ticket { contract: ContractTicket { brand, fault_type, owner, .. }, .. }) => {
            Some(Summary { about: format!("{brand} · {fault_type}"), owner: named(owner) })
        }
        Err(error) => {
            tracing::error!(%id, %error, "the record of a deleted ticket cannot be read");
            None
        }
    };
    DeletedTicketRow {
        id,
        summary,
        deleted_by: who.map(named),
        deleted: app.site.zone.local(deleted_at),
        kept_until: app.site.zone.local(deleted_at.plus(DELETED_KEPT)),
    }
}
