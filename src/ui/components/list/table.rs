//! The rows of a list: a table that becomes cards where the page is narrow.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::lists::sort::SortedBy;
use crate::domain::local_path::RETURN_TO;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::ticket::BoardRow;
use crate::ui::components::made_for::MadeFor;
use crate::ui::components::status_badge::StatusBadge;
use crate::ui::page_context::{self, from, locale, texts};

/// Roles are written out: a table laid out as cards loses them otherwise. `here`
/// is the address of the list.
#[component]
pub fn TicketTable(rows: Vec<BoardRow>, by: SortedBy, this_year: i32, here: String) -> impl IntoView {
    let words = texts().list();
    let time = (words.sorted_by)(by);
    view! {
        <table class="ticket-table" role="table" aria-label=words.tickets>
            <thead role="rowgroup">
                <tr class="ticket-table__row ticket-table__head" role="row">
                    <th class="ticket-table__number" role="columnheader" scope="col">{words.number}</th>
                    <th class="ticket-table__what" role="columnheader" scope="col">{words.what}</th>
                    <th class="ticket-table__campus" role="columnheader" scope="col">{words.campus}</th>
                    <th class="ticket-table__technician" role="columnheader" scope="col">{words.technician}</th>
                    <th class="ticket-table__status" role="columnheader" scope="col">{words.status}</th>
                    <th class="ticket-table__date" role="columnheader" scope="col">{time}</th>
                    <th class="ticket-table__action" role="columnheader" scope="col">{words.action}</th>
                </tr>
            </thead>
            <tbody role="rowgroup" translate="no">
                {rows.into_iter().map(|row| view! { <Row row this_year here=here.clone()/> }).collect_view()}
            </tbody>
        </table>
    }
}

#[component]
fn Row(row: BoardRow, this_year: i32, here: String) -> impl IntoView {
    let BoardRow { card: ticket, next_action, version, time } = row;
    let is_assigned = ticket.technician.is_some();
    let technician = match ticket.technician {
        Some(person) => Either::Left(view! { <bdi>{person.nickname}</bdi> }),
        None => Either::Right(view! { <span class="ticket-table__nobody">{texts().list().nobody}</span> }),
    };
    let number = ticket.id.to_string();
    let address = format!("/tickets/{number}{}", from(&here));
    let action = next_action.map(|action| {
        let id = number.clone();
        view! { <QuickAction action id address=address.clone() version here/> }
    });
    view! {
        <tr class="ticket-table__row" role="row">
            <th class="ticket-table__number" role="rowheader" scope="row">
                <a class="ticket-table__link" href=address.clone()>{number.clone()}</a>
            </th>
            <td class="ticket-table__what" role="cell">
                <bdi>{ticket.brand}</bdi> " · " <bdi>{ticket.fault_type}</bdi> " "
                <bdi class="ticket-table__problem">{ticket.description}</bdi>
            </td>
            <td class="ticket-table__campus" role="cell"><bdi>{ticket.campus}</bdi></td>
            <td class="ticket-table__technician" role="cell">{technician}</td>
            <td class="ticket-table__status" role="cell"><StatusBadge status=ticket.status is_assigned/></td>
            <td class="ticket-table__date" role="cell">
                <time datetime=time.machine_readable()>{locale().short_date(time, this_year)}</time>
            </td>
            <td class="ticket-table__action" role="cell">{action}</td>
        </tr>
    }
}

/// Button of an action; a link to its form where that needs input.
#[component]
fn QuickAction(action: Action, id: String, address: String, version: i64, here: String) -> impl IntoView {
    let words = texts().work();
    let name = if action == Action::Assign { words.assign } else { (words.action)(action) };
    if action.needs_a_note() || action == Action::Assign {
        return Either::Left(
            view! { <a class="button" data-size="small" href=format!("{address}#next")>{name}</a> },
        );
    }
    let key = page_context::with(|context| format!("{}-{id}", context.form_key));
    Either::Right(view! {
        <form method="post" action=format!("/tickets/{id}/act")>
            <input type="hidden" name="action" value=action.name()/>
            <input type="hidden" name="version" value=version/>
            <MadeFor/>
            <input type="hidden" name="key" value=key/>
            <input type="hidden" name=RETURN_TO value=here/>
            <button class="button" data-size="small">{name}</button>
        </form>
    })
}
