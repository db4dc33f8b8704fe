//! The filters in force, each with a link that drops it.

use leptos::prelude::*;

use super::icon::{Icon, Shape};
use crate::domain::query::{Parameter, TicketQuery};
use crate::text::Texts;
use crate::ui::page_context::texts;

/// A filter as a person reads it, and the parameter it is.
pub fn active_filters(texts: Texts, query: &TicketQuery) -> Vec<(Parameter, String)> {
    let words = texts.list();
    let named = |parameter, label, value: Option<String>| {
        value.map(|value| (parameter, (words.named)(label, &value)))
    };
    let TicketQuery { ticket: _, owner, technician, unassigned: _, list: _, campus, page: _, limit: _ } =
        query;
    [
        named(Parameter::Campus, words.campus, campus.clone()),
        named(Parameter::Owner, words.owner_id, owner.map(|id| id.to_string())),
        named(Parameter::Technician, words.technician_id, technician.map(|id| id.to_string())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The list without any of its filters; which tab is open is no filter.
pub fn cleared(query: &TicketQuery) -> TicketQuery {
    query.without(Parameter::Campus).without(Parameter::Owner).without(Parameter::Technician)
}

#[component]
pub fn Chips(path: &'static str, query: TicketQuery) -> impl IntoView {
    let words = texts().list();
    let filters = active_filters(texts(), &query);
    let clear = format!("{path}{}", cleared(&query).to_search());
    let chip = |(parameter, text): (Parameter, String)| {
        let address = format!("{path}{}", query.without(parameter).to_search());
        view! {
            <li>
                <a class="chips__link" href=address>
                    <Icon shape=Shape::Cross/>
                    <span class="visually-hidden">{words.remove} " "</span>
                    {text}
                </a>
            </li>
        }
    };
    (!filters.is_empty()).then(|| {
        view! {
            <ul class="chips" aria-label=words.active_filters>
                {filters.into_iter().map(chip).collect_view()}
                <li><a class="chips__link" data-kind="clear" href=clear>{words.clear}</a></li>
            </ul>
        }
    })
}
