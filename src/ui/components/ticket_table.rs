//! The rows of a list: a table that becomes cards where the page is narrow.

use leptos::either::Either;
use leptos::prelude::*;

use super::status_badge::StatusBadge;
use crate::domain::ticket::TicketCard;
use crate::ui::page_context::{locale, texts};

/// Roles are written out: a table laid out as cards loses them otherwise.
#[component]
pub fn TicketTable(tickets: Vec<TicketCard>, this_year: i32) -> impl IntoView {
    let words = texts().list();
    view! {
        <table class="ticket-table" role="table" aria-label=words.tickets>
            <thead role="rowgroup">
                <tr class="ticket-table__row ticket-table__head" role="row">
                    <th class="ticket-table__number" role="columnheader" scope="col">{words.number}</th>
                    <th class="ticket-table__what" role="columnheader" scope="col">{words.what}</th>
                    <th class="ticket-table__campus" role="columnheader" scope="col">{words.campus}</th>
                    <th class="ticket-table__technician" role="columnheader" scope="col">{words.technician}</th>
                    <th class="ticket-table__status" role="columnheader" scope="col">{words.status}</th>
                    <th class="ticket-table__date" role="columnheader" scope="col">{words.filed}</th>
                </tr>
            </thead>
            <tbody role="rowgroup" translate="no">
                {tickets.into_iter().map(|ticket| view! { <Row ticket this_year/> }).collect_view()}
            </tbody>
        </table>
    }
}

#[component]
fn Row(ticket: TicketCard, this_year: i32) -> impl IntoView {
    let is_assigned = ticket.technician.is_some();
    let technician = match ticket.technician {
        Some(person) => Either::Left(person.nickname),
        None => Either::Right(view! { <span class="ticket-table__nobody">{texts().list().nobody}</span> }),
    };
    let number = ticket.id.to_string();
    view! {
        <tr class="ticket-table__row" role="row">
            <th class="ticket-table__number" role="rowheader" scope="row">
                <a class="ticket-table__link" href=format!("/tickets/{number}")>{number.clone()}</a>
            </th>
            <td class="ticket-table__what" role="cell">
                {ticket.brand} " · " {ticket.fault_type} " "
                <span class="ticket-table__problem">{ticket.description}</span>
            </td>
            <td class="ticket-table__campus" role="cell">{ticket.campus}</td>
            <td class="ticket-table__technician" role="cell">{technician}</td>
            <td class="ticket-table__status" role="cell"><StatusBadge status=ticket.status is_assigned/></td>
            <td class="ticket-table__date" role="cell">
                <time datetime=ticket.created.machine_readable()>
                    {locale().short_date(ticket.created, this_year)}
                </time>
            </td>
        </tr>
    }
}
