//! The filters in force, each with a link that drops it.

use leptos::prelude::*;

use super::filter::{filters, label_of, state_name};
use crate::domain::lists::parameter::Parameter;
use crate::domain::lists::query::TicketQuery;
use crate::text::Texts;
use crate::ui::components::icon::{Icon, Shape};
use crate::ui::components::isolated::embedded;
use crate::ui::page_context::texts;

/// A filter as a person reads it, and the parameter it is.
pub fn active_filters(texts: Texts, query: &TicketQuery) -> Vec<(Parameter, String)> {
    let words = texts.list();
    let read = |parameter: Parameter| {
        let value = query.get(parameter)?;
        let text = match parameter {
            Parameter::Unassigned => words.nobody.to_owned(),
            Parameter::Status => {
                let name = query.status.map(|status| state_name(texts, status)).unwrap_or_default();
                (words.named)(words.status, &name)
            }
            _ => (words.named)(&label_of(texts, parameter), &embedded(&value)),
        };
        Some((parameter, text))
    };
    filters().filter_map(read).collect()
}

/// The list without any of its filters; which tab is open is no filter.
pub fn cleared(query: &TicketQuery) -> TicketQuery {
    filters().fold(query.clone(), |query, filter| query.without(filter))
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
