//! Links to the other pages of a list.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::{Cursor, Start};
use crate::domain::paging::{PAGE_SIZES, page_links};
use crate::domain::tickets::ticket::Board;
use crate::ui::page_context::{locale, texts};

/// Pages that can be reached from a page.
pub struct Around {
    current: Option<u64>,
    last: Option<u64>,
    previous: Option<Start>,
    next: Option<Start>,
}

impl Around {
    pub fn of(board: &Board) -> Self {
        let Board { page, first, last, .. } = board;
        let place = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Cursor>().ok());
        let previous = match page.before {
            Some(0) => None,
            // The first page has one address.
            Some(before) if before <= page.limit => Some(Start::FIRST),
            _ => place(first).map(Start::Before).or_else(|| page.last().map(Start::Page)),
        };
        let next = place(last).map(Start::After).filter(|_| page.has_next());
        Self { current: page.number(), last: page.last(), previous, next }
    }
}

/// Next and previous go on from the rows that are shown, so that none repeats or
/// is left out when others are filed meanwhile.
#[component]
pub fn Pager(path: &'static str, query: TicketQuery, around: Around) -> impl IntoView {
    let words = texts().list();
    let Around { current, last, previous, next } = around;
    let link = {
        let query = query.clone();
        move |start: Start| format!("{path}{}", query.with_start(start).to_search())
    };
    let address = |page: u64| link(Start::Page(page));
    let step = |text: &'static str, rel: Option<&'static str>, start: Option<Start>| {
        let link = match start {
            Some(start) => Either::Left(view! { <a class="pager__link" href=link(start) rel=rel>{text}</a> }),
            None => {
                Either::Right(view! { <a class="pager__link" role="link" aria-disabled="true">{text}</a> })
            }
        };
        view! { <li class="pager__item">{link}</li> }
    };
    let number = |page: Option<u64>| match page {
        Some(page) => {
            let digits = locale().number(page);
            Either::Left(view! {
                <li class="pager__item" data-kind="number">
                    <a
                        class="pager__link"
                        href=address(page)
                        aria-label=(words.page)(&digits)
                        aria-current=(Some(page) == current).then_some("page")
                    >
                        {digits.clone()}
                    </a>
                </li>
            })
        }
        None => Either::Right(view! {
            <li class="pager__item" data-kind="gap"><span class="pager__gap">"…"</span></li>
        }),
    };
    let numbers = match (current, last) {
        (Some(current), Some(last)) => page_links(current, last),
        _ => Vec::new(),
    };

    view! {
        <nav class="pager" data-kind="pages" aria-label=words.pages>
            <ul class="pager__list">
                {step(words.first, None, previous.map(|_| Start::FIRST))}
                {step(words.previous, Some("prev"), previous)}
                {numbers.into_iter().map(number).collect_view()}
                {step(words.next, Some("next"), next)}
                {step(words.last, None, next.and(last).map(Start::Page))}
            </ul>
        </nav>
    }
}

#[component]
pub fn PageSizes(path: &'static str, query: TicketQuery) -> impl IntoView {
    let words = texts().list();
    let size = |limit: u64| {
        let current = (limit == query.limit).then_some("true");
        view! {
            <li class="pager__item">
                <a class="pager__link" href=format!("{path}{}", query.with_limit(limit).to_search()) aria-current=current>
                    {limit}
                </a>
            </li>
        }
    };
    view! {
        <nav class="pager" data-kind="sizes" aria-label=words.rows_a_page>
            <ul class="pager__list">
                <li class="pager__label" aria-hidden="true">{words.rows_label}</li>
                {PAGE_SIZES.map(size).collect_view()}
            </ul>
        </nav>
    }
}
