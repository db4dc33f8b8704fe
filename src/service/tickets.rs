//! Looking tickets up. REST, pages and server functions all come through here.

use std::collections::HashMap;

use super::App;
use super::tokens::{self, Claim, Refusal};
use crate::domain::paging::Page;
use crate::domain::person::{UserId, Viewer};
use crate::domain::place::Place;
use crate::domain::policy::{self, Denied};
use crate::domain::problem::Problem;
use crate::domain::query::TicketQuery;
use crate::domain::status::ListSizes;
use crate::domain::ticket::{Board, Named, Ticket, TicketCard};
use crate::service::site::Zone;
use crate::store::{people, tickets};

/// The lookup: judged first, then read.
pub async fn look_up(app: &App, viewer: &Viewer, query: TicketQuery) -> Result<Page<Ticket>, Problem> {
    let permitted = policy::permit(viewer, query)?;
    let page = tickets::list(&app.db, &permitted).await?;

    if page.items.is_empty()
        && let Some(proof) = permitted.proof_of_involvement()
        && tickets::list(&app.db, &proof).await?.items.is_empty()
    {
        return Err(Denied.into());
    }
    Ok(page)
}

/// The lookup of whoever a token stands for. A list of their own is read in
/// one step with their standing, and shown only if that is still good.
pub async fn look_up_by_token(app: &App, claim: Claim, query: TicketQuery) -> Result<Page<Ticket>, Refusal> {
    let Some(permitted) = policy::permit_own(claim.person, &query) else {
        let viewer = tokens::viewer(app, &claim).await?;
        return Ok(look_up(app, &viewer, query).await?);
    };
    let found = tickets::list_with_bearer(&app.db, claim.person, &claim.token_id, &permitted).await?;
    let (bearer, page) = found.ok_or(Refusal::Invalid)?;
    claim.judge(bearer)?;
    Ok(page)
}

/// One of the three lists, as its page shows it.
pub async fn board(app: &App, viewer: &Viewer, place: Place, query: TicketQuery) -> Result<Board, Problem> {
    let query = place.narrow(query, viewer.id);
    let page = look_up(app, viewer, query.clone()).await?;
    let permitted = policy::permit(viewer, query)?;
    // What waits for a technician is one list: it has no other parts to count.
    let sizes = match place {
        Place::Pool => ListSizes { pending: page.total, ..ListSizes::default() },
        _ => tickets::list_sizes(&app.db, &permitted).await?,
    };
    let this_year = app.site.zone.local(app.clock.now()).year;
    let mut page = with_names(app, page).await?;
    if place == Place::Pool {
        // Shown to whoever has taken the ticket.
        for card in &mut page.items {
            card.phone.clear();
            card.qq.clear();
        }
    }
    Ok(Board { page, sizes, this_year })
}

async fn with_names(app: &App, page: Page<Ticket>) -> Result<Page<TicketCard>, Problem> {
    let mut ids: Vec<UserId> =
        page.items.iter().flat_map(|ticket| [Some(ticket.owner), ticket.technician]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let names = people::nicknames(&app.db, &ids).await?.into_iter().collect();
    Ok(page.map(|ticket| card(ticket, &names, app.site.zone)))
}

pub(super) fn card(ticket: Ticket, names: &HashMap<UserId, String>, zone: Zone) -> TicketCard {
    let named = |id: UserId| Named { id, nickname: names.get(&id).cloned().unwrap_or_default() };
    TicketCard {
        id: ticket.id,
        owner: named(ticket.owner),
        technician: ticket.technician.map(named),
        status: ticket.status,
        purchase_date: ticket.purchase_date,
        phone: ticket.phone,
        device_type: ticket.device_type,
        brand: ticket.brand,
        description: ticket.description,
        image_url: ticket.image_url,
        fault_type: ticket.fault_type,
        qq: ticket.qq,
        campus: ticket.campus,
        created: zone.local(ticket.created_at),
        assigned: ticket.assigned_at.map(|time| zone.local(time)),
        completed: ticket.completed_at.map(|time| zone.local(time)),
    }
}
