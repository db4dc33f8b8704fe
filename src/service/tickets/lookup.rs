//! Lookup of tickets. REST, pages and server functions all come through here.

use crate::domain::access::{self, Denied, Opened, Permitted, Unchecked};
use crate::domain::ids::{Named, TicketId, UserId};
use crate::domain::lists::page::ListPage;
use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::{SortedBy, Start};
use crate::domain::paging::Window;
use crate::domain::problem::Problem;
use crate::domain::tickets::status::ListSizes;
use crate::domain::tickets::ticket::{Board, BoardRow, ContractTicket, Listed, Ticket, TicketCard};
use crate::domain::tickets::view::Neighbours;
use crate::domain::tickets::workflow::{self, Availability};
use crate::domain::time::Instant;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::sign_in::tokens::{self, BearerClaims, Refusal};
use crate::store::lists;

/// Looks tickets up: judged first, then read.
pub async fn look_up(
    app: &App,
    viewer: &Viewer,
    query: TicketQuery,
) -> Result<Window<ContractTicket>, Problem> {
    let permitted = access::permit(viewer, query)?;
    let start_of = |day| app.site.zone.start_of(day);
    Ok(lists::list(&app.db, &permitted, &start_of).await?.ok_or(Denied)?)
}

/// Looks up the pool, without the contacts of its requesters.
pub async fn pool(app: &App, viewer: &Viewer, query: TicketQuery) -> Result<Window<ContractTicket>, Problem> {
    let mut page = look_up(app, viewer, ListPage::Pool.narrow(query, viewer.id)).await?;
    for ticket in &mut page.items {
        ticket.phone.clear();
        ticket.qq.clear();
    }
    Ok(page)
}

/// Looks up for the person of a token. A list of their own is read in one step with their account,
/// and shown only if the token is still accepted.
pub async fn look_up_by_token(
    app: &App,
    claim: BearerClaims,
    query: TicketQuery,
) -> Result<Window<ContractTicket>, Refusal> {
    let Some(permitted) = access::permit_own(claim.person, &query) else {
        let viewer = tokens::viewer(app, &claim).await?;
        return Ok(look_up(app, &viewer, query).await?);
    };
    let start_of = |day| app.site.zone.start_of(day);
    let found =
        lists::list_with_bearer(&app.db, claim.person, &claim.token_id, &permitted, &start_of).await?;
    let (bearer, page) = found.ok_or(Refusal::Invalid)?;
    claim.check(bearer)?;
    Ok(page)
}

/// Looks up a list as its page shows it.
pub async fn board(
    app: &App,
    viewer: &Viewer,
    place: ListPage,
    query: TicketQuery,
) -> Result<Board, Problem> {
    let query = place.narrow(query, viewer.id);
    let by = query.sorted_by();
    let (page, sizes) = read_board(app, viewer, query).await?;
    let edge = |listed: Option<&Listed>| listed.map(|listed| listed.ticket.place(by).to_string());
    Ok(Board {
        first: edge(page.items.first()),
        last: edge(page.items.last()),
        page: page.map(|listed| row(app, viewer, listed, by)),
        // The pool is one list, without parts.
        sizes: sizes.filter(|_| place != ListPage::Pool),
        this_year: app.site.zone.local(app.clock.now()).year,
    })
}

/// Reads a page; one cut off at the beginning is made whole.
async fn read_board(
    app: &App,
    viewer: &Viewer,
    query: TicketQuery,
) -> Result<(Window<Listed>, Option<ListSizes>), Problem> {
    let permitted: Permitted = access::permit(viewer, query)?;
    let start_of = |day| app.site.zone.start_of(day);
    let found = lists::board(&app.db, &permitted, &start_of).await?;
    let query = permitted.query();
    let is_cut_off = matches!(query.start, Start::Before(_)) && (found.0.items.len() as u64) < query.limit;
    if !is_cut_off {
        return Ok(found);
    }
    let first = access::permit(viewer, query.with_start(Start::FIRST))?;
    Ok(lists::board(&app.db, &first, &start_of).await?)
}

/// Finds the tickets beside a ticket in the list at an address, if the viewer may ask for it.
pub(crate) async fn neighbours(
    app: &App,
    viewer: &Viewer,
    ticket: &Ticket,
    list: &str,
) -> Result<Option<Neighbours>, Problem> {
    let Some((place, query)) = ListPage::at(list) else { return Ok(None) };
    let query = TicketQuery { limit: 1, ..place.narrow(query, viewer.id) };
    let here = ticket.place(query.sorted_by());
    if here.at.is_none() && query.sorted_by() != SortedBy::Number {
        // Without such a time, the ticket is not in that list.
        return Ok(None);
    }
    let find = async |start: Start| -> Result<Option<TicketId>, Problem> {
        let Ok(permitted) = access::permit(viewer, query.with_start(start)) else { return Ok(None) };
        Ok(lists::first(&app.db, &permitted, &|day| app.site.zone.start_of(day)).await?)
    };
    let (previous, next) = (find(Start::Before(here)).await?, find(Start::After(here)).await?);
    Ok(Some(Neighbours { place, list: list.to_owned(), previous, next }))
}

/// Returns a listed ticket as its reader may see it: contacts of its requester are for the people
/// concerned.
pub(crate) fn seen_by(app: &App, viewer: &Viewer, ticket: Ticket) -> (ContractTicket, Option<Opened>) {
    let mut contract = ticket.contract.clone();
    // Open tickets have enabled technicians.
    let technician = contract.technician.map(|_| Availability::Enabled);
    let opened = access::open(viewer, Unchecked::new(ticket, technician), app.clock.now()).ok();
    if !opened.as_ref().is_some_and(|opened| opened.shows_contact) {
        contract.phone.clear();
        contract.qq.clear();
    }
    (contract, opened)
}

fn row(app: &App, viewer: &Viewer, listed: Listed, by: SortedBy) -> BoardRow {
    let Listed { ticket, owner_name, technician_name } = listed;
    let local = |time: Instant| app.site.zone.local(time);
    let version = ticket.version;
    let sorted_by = match by {
        SortedBy::Number | SortedBy::Filed => None,
        SortedBy::Changed | SortedBy::Waiting | SortedBy::Assigned | SortedBy::Completed => {
            ticket.place(by).at.map(Instant)
        }
    };
    let time = local(sorted_by.unwrap_or(ticket.contract.created_at));
    let (id, opened) = seen_by(app, viewer, ticket);
    let next_action = opened.as_ref().and_then(|opened| workflow::next_action(opened.facts, opened.relation));
    let owner = id.owner;
    let named = |id: UserId| {
        let nickname =
            if id == owner { owner_name.clone() } else { technician_name.clone().unwrap_or_default() };
        Named { id, nickname }
    };
    BoardRow { card: TicketCard::new(id, named, local), next_action, version, time }
}
