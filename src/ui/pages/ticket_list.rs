//! A list of tickets. Its whole state is the address, so that reload, back,
//! sharing and no JavaScript all work the same way.

use leptos::either::{Either, EitherOf3};
use leptos::html::Section;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::location::Location;

use super::not_found::PageTitle;
use crate::domain::locale::Locale;
use crate::domain::paging::Page;
use crate::domain::place::Place;
use crate::domain::policy;
use crate::domain::problem::Problem;
use crate::domain::query::{Parameter, TicketQuery};
use crate::domain::status::List;
use crate::domain::ticket::{Board, TicketCard};
use crate::rpc;
use crate::text::Texts;
use crate::ui::components::chips::{Chips, active_filters, cleared};
use crate::ui::components::filter::{Asked, FilterForm, Tabs, ToCorrect, readable};
use crate::ui::components::notice::{ProblemNotice, Standing};
use crate::ui::components::pager::{PageSizes, Pager};
use crate::ui::components::ticket_table::TicketTable;
use crate::ui::latest::Latest;
use crate::ui::page_context::{self, locale, texts};

/// An answer, and the address it answers: rows never stand under the filters
/// or page numbers of another request.
type Shown = (String, Result<Board, Problem>);

#[component]
pub fn TicketListPage(place: Place) -> impl IntoView {
    let Location { pathname, search, .. } = use_location();
    // While another page takes over, the address is that page's already.
    let asked = Memo::new(move |previous: Option<&Asked>| match previous {
        Some(previous) if *pathname.read() != place.path() => previous.clone(),
        _ => TicketQuery::parse_search(&search.read(), place.parameters()),
    });
    let latest = Latest::new();
    let shown = Resource::new(
        move || asked.get(),
        move |asked| async move { latest.ask(asked.clone(), look_up(place, asked)).await },
    );
    Effect::new(move || latest.supersede(&asked.read()));
    let (busy, set_busy) = signal(false);
    // The title is read where no page is around it any more: it takes its words along.
    let (locale, texts) = (locale(), texts());
    let title = Signal::derive(move || title(locale, texts, place, &readable(&asked.read())));
    let results = NodeRef::<Section>::new();
    Effect::new(move |previous: Option<()>| {
        shown.track();
        if previous.is_some() {
            request_animation_frame(move || catch_lost_focus(results));
        }
    });

    view! {
        <PageTitle title/>
        <main class="page" id="main" tabindex="-1">
            <h1 class="page__title">{texts.place(place)}</h1>
            {move || asked.get().err().map(|bad| view! { <ToCorrect bad=bad.values/> })}
            <div class="filter" role="search" hidden=!is_offered(place)>
                <Transition>
                    {move || Suspend::new(async move {
                        let (search, board) = shown.await;
                        let sizes = board.ok().map(|board| board.sizes);
                        view! { <Tabs place query=answered(place, &search) sizes/> }
                    })}
                </Transition>
                {(place == Place::All).then(|| view! { {move || view! { <FilterForm place asked=asked.get()/> }} })}
            </div>
            <section
                class="results"
                id="results"
                tabindex="-1"
                node_ref=results
                aria-label=texts.list().results
                aria-busy=move || busy.get().to_string()
            >
                <Transition set_pending=set_busy fallback=move || view! { <p>{texts.list().loading}</p> }>
                    {move || Suspend::new(async move {
                        let (search, board) = latest.keep(shown.await);
                        view! { <Results place query=answered(place, &search) board/> }
                    })}
                </Transition>
            </section>
        </main>
    }
}

/// Filters of a list that one may not look at lead nowhere. The policy hides
/// them here as it protects the list there.
fn is_offered(place: Place) -> bool {
    page_context::with(|context| {
        context.viewer.as_ref().is_some_and(|viewer| {
            policy::permit(viewer, place.narrow(TicketQuery::default(), viewer.id)).is_ok()
        })
    })
}

/// A link that was followed may be gone from the new page, and the focus with
/// it: whoever uses the keyboard goes on at the rows.
fn catch_lost_focus(results: NodeRef<Section>) {
    let lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    if let Some(section) = results.get_untracked()
        && lost
    {
        let _ = section.focus();
    }
}

/// What cannot be understood is not asked.
async fn look_up(place: Place, asked: Asked) -> Shown {
    match asked {
        Ok(query) => {
            let search = query.to_search();
            (search.clone(), rpc::list_tickets(place, search).await)
        }
        Err(bad) => (bad.rest.to_search(), Err(Problem::BadValues(bad.values))),
    }
}

/// The query that an answer belongs to.
fn answered(place: Place, search: &str) -> TicketQuery {
    readable(&TicketQuery::parse_search(search, place.parameters()))
}

/// The place, and what is special about this view of it.
fn title(locale: Locale, texts: Texts, place: Place, query: &TicketQuery) -> String {
    let words = texts.list();
    let mut parts: Vec<String> = active_filters(texts, query).into_iter().map(|(_, text)| text).collect();
    if query.list != List::All {
        parts.insert(0, (words.list)(query.list).to_owned());
    }
    if query.page > 1 {
        parts.push((words.page)(&locale.number(query.page)));
    }
    let place = texts.place(place);
    if parts.is_empty() { place.to_owned() } else { (words.named)(place, &parts.join(words.and)) }
}

#[component]
fn Results(place: Place, query: TicketQuery, board: Result<Board, Problem>) -> impl IntoView {
    match board {
        Ok(board) => EitherOf3::A(view! { <Rows place query board/> }),
        Err(Problem::BadValues(_)) => EitherOf3::B(view! { <NotAsked place query/> }),
        Err(problem) => EitherOf3::C(view! { <ProblemNotice problem standing=Standing::Within/> }),
    }
}

#[component]
fn NotAsked(place: Place, query: TicketQuery) -> impl IntoView {
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
fn Rows(place: Place, query: TicketQuery, board: Board) -> impl IntoView {
    let words = texts().list();
    let Board { page, this_year, .. } = board;
    let number = |value| locale().number(value);
    let count = match page.range() {
        Some((from, to)) => (words.count)(&number(from), &number(to), &number(page.total)),
        None => (words.total)(&number(page.total)),
    };
    let last = page.last();
    let has_pages = page.total > 0;
    let path = place.path();
    let rows = match page.items.is_empty() {
        false => Either::Left(view! { <TicketTable tickets=page.items this_year/> }),
        true => Either::Right(view! { <Nothing place query=query.clone() page/> }),
    };
    view! {
        <div class="results__head">
            <Chips path query=query.clone()/>
            <p class="results__count" role="status">{count}</p>
        </div>
        <div class="results__rows">{rows}</div>
        {has_pages.then(|| view! {
            <div class="results__foot">
                <Pager path query=query.clone() last/>
                <PageSizes path query/>
            </div>
        })}
    }
}

/// Why there are no rows, and the way out.
#[component]
fn Nothing(place: Place, query: TicketQuery, page: Page<TicketCard>) -> impl IntoView {
    let words = texts().list();
    let path = place.path();
    let address = |query: TicketQuery| format!("{path}{}", query.to_search());
    let action = |(address, text): (String, String)| view! { <a class="button" href=address>{text}</a> };
    let mut filters = active_filters(texts(), &query);
    if query.list != List::All {
        filters.insert(0, (Parameter::List, (words.list)(query.list).to_owned()));
    }

    let (sentence, hint, actions) = if page.total > 0 {
        let (number, last) = (locale().number(page.number), locale().number(page.last()));
        let to_last = (address(query.with_page(page.last())), words.to_last_page.to_owned());
        let to_first = (address(query.with_page(1)), words.to_first_page.to_owned());
        ((words.past_the_end)(&number, &last), "", vec![to_last, to_first])
    } else if filters.is_empty() {
        let (sentence, hint) = match place {
            Place::My => (words.nothing_filed, words.nothing_filed_hint),
            Place::Jobs => (words.nothing_assigned, words.nothing_assigned_hint),
            Place::All => (words.nothing_at_all, words.nothing_at_all_hint),
        };
        (sentence.to_owned(), hint, Vec::new())
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
