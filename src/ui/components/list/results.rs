//! Results of a list: rows, or the reason why there are none.

use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use super::chips::{Chips, active_filters, cleared};
use super::pager::{Around, PageSizes, Pager};
use super::sort_menu::SortMenu;
use super::table::TicketTable;
use crate::domain::lists::page::ListPage;
use crate::domain::lists::parameter::Parameter;
use crate::domain::lists::query::TicketQuery;
use crate::domain::lists::sort::Start;
use crate::domain::paging::{DEFAULT_LIMIT, Total, Window};
use crate::domain::problem::Problem;
use crate::domain::tickets::status::List;
use crate::domain::tickets::ticket::{Board, BoardRow};
use crate::ui::components::notice::{NoticePlacement, ProblemNotice};
use crate::ui::page_context::{Address, locale, texts};

#[component]
pub fn Results(place: ListPage, query: TicketQuery, board: Result<Board, Problem>) -> impl IntoView {
    match board {
        Ok(board) => EitherOf3::A(view! { <Rows place query board/> }),
        Err(Problem::BadValues(_)) => EitherOf3::B(view! { <NotAsked place query/> }),
        Err(problem) => {
            let here = Address { path: place.path().to_owned(), search: query.to_search() };
            EitherOf3::C(view! { <ProblemNotice problem placement=NoticePlacement::Within here/> })
        }
    }
}

#[component]
fn NotAsked(place: ListPage, query: TicketQuery) -> impl IntoView {
    let words = texts().list();
    view! {
        <div class="results__head"><Chips path=place.path() query/></div>
        <div class="results__rows">
            <div class="notice">
                <p>{words.not_asked}</p>
                <div class="notice__actions">
                    <a class="button" href=place.path()>{words.clear_and_show_all}</a>
                </div>
            </div>
        </div>
    }
}

#[component]
fn Rows(place: ListPage, query: TicketQuery, board: Board) -> impl IntoView {
    let words = texts().list();
    let around = Around::of(&board);
    let Board { page, this_year, .. } = board;
    let number = |value| locale().number(value);
    let total = match page.total {
        Total::Exactly(total) => number(total),
        Total::MoreThan(counted) => (words.more_than)(&number(counted)),
    };
    let count = match page.range() {
        Some((from, to)) => (words.count)(&number(from), &number(to), &total),
        None => (words.total)(&total),
    };
    let has_pages = page.total.at_least() > 0;
    let path = place.path();
    let here = format!("{path}{}", query.to_search());
    let by = query.sorted_by();
    let rows = match page.items.is_empty() {
        false => Either::Left(view! { <TicketTable rows=page.items by this_year here/> }),
        true => Either::Right(view! { <Nothing place query=query.clone() page/> }),
    };
    view! {
        <div class="results__head">
            <Chips path query=query.clone()/>
            <p class="results__count" role="status">{count}</p>
            <SortMenu path query=query.clone()/>
        </div>
        <div class="results__rows">{rows}</div>
        {has_pages.then(|| view! {
            <div class="results__foot">
                <Pager path query=query.clone() around/>
                <PageSizes path query=query.clone()/>
                <Files path query/>
            </div>
        })}
    }
}

/// Reason for an empty list, and a way on.
#[component]
fn Nothing(place: ListPage, query: TicketQuery, page: Window<BoardRow>) -> impl IntoView {
    let words = texts().list();
    let path = place.path();
    let address = |query: TicketQuery| format!("{path}{}", query.to_search());
    let action = |(address, text): (String, String)| view! { <a class="button" href=address>{text}</a> };
    let mut filters = active_filters(texts(), &query);
    if query.waiting {
        filters.insert(0, (Parameter::Waiting, words.waiting.to_owned()));
    }
    if query.list != List::All {
        filters.insert(0, (Parameter::List, (words.list)(query.list).to_owned()));
    }

    let (sentence, hint, actions) = if page.total.at_least() > 0 {
        let (number, last) = (page.number().unwrap_or_default(), page.last().unwrap_or_default());
        let to_last = (address(query.with_page(last.max(1))), words.to_last_page.to_owned());
        let to_first = (address(query.with_page(1)), words.to_first_page.to_owned());
        let sentence = (words.past_the_end)(&locale().number(number), &locale().number(last));
        (sentence, "", vec![to_last, to_first])
    } else if filters.is_empty() {
        let (sentence, hint) = match place {
            ListPage::My => (words.nothing_filed, words.nothing_filed_hint),
            ListPage::Jobs => (words.nothing_assigned, words.nothing_assigned_hint),
            ListPage::Pool => (words.nothing_to_take, words.nothing_to_take_hint),
            ListPage::All => (words.nothing_at_all, words.nothing_at_all_hint),
        };
        let report = ("/tickets/new".to_owned(), texts().work().file.to_owned());
        (sentence.to_owned(), hint, if place == ListPage::My { vec![report] } else { Vec::new() })
    } else {
        let names: Vec<&str> = filters.iter().map(|(_, text)| text.as_str()).collect();
        let sentence = (words.nothing_matches)(&names.join(words.and));
        let drop =
            filters.iter().map(|(parameter, text)| (address(query.without(*parameter)), (words.drop)(text)));
        let mut actions: Vec<_> = drop.collect();
        if filters.len() > 1 {
            actions.push((address(cleared(&query).with_list(List::All)), words.clear_all.to_owned()));
        }
        (sentence, "", actions)
    };
    view! {
        <div class="notice">
            <p>{sentence}</p>
            {(!hint.is_empty()).then(|| view! { <p class="notice__text">{hint}</p> })}
            <div class="notice__actions">{actions.into_iter().map(action).collect_view()}</div>
        </div>
    }
}

/// Links to the whole list as files; the CSV is marked as UTF-8.
#[component]
fn Files(path: &'static str, query: TicketQuery) -> impl IntoView {
    let search = query.with_start(Start::FIRST).with_limit(DEFAULT_LIMIT).to_search();
    let joint = if search.is_empty() { '?' } else { '&' };
    let file = |address: String, name: &'static str| {
        view! { <li class="pager__item"><a class="pager__link" href=address download="">{name}</a></li> }
    };
    view! {
        <nav class="pager" data-kind="files" aria-label=texts().list().export>
            <ul class="pager__list">
                <li class="pager__label" aria-hidden="true">{texts().list().export}</li>
                {file(format!("{path}.csv{search}{joint}bom=yes"), "CSV")}
                {file(format!("{path}.jsonl{search}"), "JSON Lines")}
            </ul>
        </nav>
    }
}
