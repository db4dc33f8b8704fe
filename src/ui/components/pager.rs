//! Links to the other pages of a list.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::paging::{PAGE_SIZES, page_links};
use crate::domain::query::TicketQuery;
use crate::ui::page_context::{locale, texts};

#[component]
pub fn Pager(path: &'static str, query: TicketQuery, last: u64) -> impl IntoView {
    let words = texts().list();
    let current = query.page;
    let address = move |page: u64| format!("{path}{}", query.with_page(page).to_search());
    let step = |text: &'static str, rel: Option<&'static str>, page: Option<u64>| {
        let link = match page {
            Some(page) => {
                Either::Left(view! { <a class="pager__link" href=address(page) rel=rel>{text}</a> })
            }
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
                        aria-current=(page == current).then_some("page")
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
    let before = (current > 1).then(|| (current - 1).min(last));
    let after = (current < last).then_some(current + 1);

    view! {
        <nav class="pager" data-kind="pages" aria-label=words.pages>
            <ul class="pager__list">
                {step(words.first, None, before.map(|_| 1))}
                {step(words.previous, Some("prev"), before)}
                {page_links(current, last).into_iter().map(number).collect_view()}
                {step(words.next, Some("next"), after)}
                {step(words.last, None, after.map(|_| last))}
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
