//! Tabs of a list: waiting, open, done, all.

use leptos::prelude::*;

use super::chips::active_filters;
use crate::domain::lists::page::ListPage;
use crate::domain::lists::query::TicketQuery;
use crate::domain::tickets::status::{List, ListSizes};
use crate::ui::components::frame::up_to_a_hundred;
use crate::ui::page_context::{self, PageContext, locale, texts};

/// Tabs with counts, where those are known.
#[component]
pub fn Tabs(place: ListPage, query: TicketQuery, sizes: Option<ListSizes>) -> impl IntoView {
    let words = texts().list();
    // Waiting tickets are counted over everything that is one's to do: not here, if
    // this is a part of it.
    let is_part = !active_filters(texts(), &query).is_empty();
    let waiting = page_context::with(|PageContext { viewer, counts, .. }| {
        let is_home = viewer.as_ref().is_some_and(|viewer| ListPage::home(viewer.role) == place);
        (is_home && !is_part && counts.waiting > 0).then(|| up_to_a_hundred(counts.waiting))
    });
    let tab = |name: &'static str, query: TicketQuery, is_current: bool, size: Option<String>| {
        let address = format!("{}{}", place.path(), query.to_search());
        let size = size.map(|size| view! { <span>{size}</span> });
        view! {
            <li class="tabs__item">
                <a class="tabs__link" href=address aria-current=is_current.then_some("true")>
                    {name} " " {size}
                </a>
            </li>
        }
    };
    let list = |list: List| {
        let is_current = list == query.list && !query.waiting;
        tab(
            (words.list)(list),
            query.with_list(list),
            is_current,
            sizes.map(|sizes| locale().number(sizes.of(list))),
        )
    };
    view! {
        <nav class="tabs" aria-label=words.by_progress>
            <ul class="tabs__list">
                {tab(words.waiting, query.with_waiting(), query.waiting, waiting)}
                {List::ALL.map(list).collect_view()}
            </ul>
        </nav>
    }
}
