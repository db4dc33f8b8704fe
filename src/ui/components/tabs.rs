//! Which part of a list is open: what waits, what is open, done, all.

use leptos::prelude::*;

use crate::domain::place::Place;
use crate::domain::query::TicketQuery;
use crate::domain::status::{List, ListSizes};
use crate::ui::page_context::{self, locale, texts};

/// With how many there are, where that is known.
#[component]
pub fn Tabs(place: Place, query: TicketQuery, sizes: Option<ListSizes>) -> impl IntoView {
    let words = texts().list();
    let waiting = page_context::with(|context| context.counts.waiting);
    let tab = |name: &'static str, query: TicketQuery, is_current: bool, size: Option<u64>| {
        let address = format!("{}{}", place.path(), query.to_search());
        let size = size.map(|size| view! { <span>{locale().number(size)}</span> });
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
        tab((words.list)(list), query.with_list(list), is_current, sizes.map(|sizes| sizes.of(list)))
    };
    view! {
        <nav class="tabs" aria-label=words.by_progress>
            <ul class="tabs__list">
                {tab(words.waiting, query.with_waiting(), query.waiting, (waiting > 0).then_some(waiting))}
                {List::ALL.map(list).collect_view()}
            </ul>
        </nav>
    }
}
