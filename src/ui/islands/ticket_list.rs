//! The list that changes in place. Its whole state is the address, so that
//! reload, back, sharing and no JavaScript all work the same way.
//!
//! A question that is overtaken by another is given up, and an answer carries
//! the address it belongs to: rows never stand under the filters or page
//! numbers of another request.

use futures::future::{AbortHandle, abortable};
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html::Section;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use super::announce;
use crate::domain::ids::UserId;
use crate::domain::lists::page::ListPage;
use crate::domain::lists::query::TicketQuery;
use crate::domain::problem::Problem;
use crate::domain::tickets::status::{List, Status};
use crate::domain::tickets::ticket::Board;
use crate::rpc::{self, Prop};
use crate::ui::browser::address_bar;
use crate::ui::components::list::chips::active_filters;
use crate::ui::components::list::filter::{Asked, readable};
use crate::ui::components::list::results::Results;
use crate::ui::components::list::tabs::Tabs;
use crate::ui::page_context::{self, PageContext, document_title, locale, texts};

/// Answer of the server, and the query of the address that it belongs to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    search: String,
    pub board: Result<Board, Problem>,
}

/// Reads the query of an address.
pub fn understand(place: ListPage, search: &str) -> Asked {
    TicketQuery::parse_search(search, place.parameters())
}

/// Asks for the rows; what cannot be understood is not asked. `made_for` is the person
/// whose page it is, where somebody else may have signed in since.
pub async fn look_up(place: ListPage, asked: Asked, made_for: Option<UserId>) -> Answer {
    match asked {
        Ok(query) => {
            let search = query.to_search();
            Answer { search: search.clone(), board: rpc::list_tickets(place, search, made_for).await }
        }
        Err(bad) => Answer { search: bad.rest.to_search(), board: Err(Problem::BadValues(bad.values)) },
    }
}

/// The document's title: the place, and what is special about this view of it.
pub fn title(place: ListPage, asked: &Asked, page: Option<u64>) -> String {
    let words = texts().list();
    let query = readable(asked);
    let mut parts: Vec<String> = active_filters(texts(), &query).into_iter().map(|(_, text)| text).collect();
    if query.list != List::All {
        parts.insert(0, (words.list)(query.list).to_owned());
    }
    if query.waiting {
        parts.insert(0, words.waiting.to_owned());
    }
    if let Some(page) = page.filter(|page| *page > 1) {
        parts.push((words.page)(&locale().number(page)));
    }
    let place = texts().place(place);
    if parts.is_empty() { place.to_owned() } else { (words.named)(place, &parts.join(words.and)) }
}

/// Island of a list; `children` has the server-rendered form.
#[island]
pub fn TicketList(
    context: Prop<PageContext>,
    place: ListPage,
    search: String,
    answer: Prop<Answer>,
    children: Children,
) -> impl IntoView {
    provide_context(context.0);
    announce();
    let state = State::new(place, &search, answer.0);
    let State { asked, answer, busy, .. } = state;
    let results = NodeRef::<Section>::new();

    address_bar::on_return(move |search| state.go_back(&search));
    // A query that cannot be understood goes to the server, whose page says so; so does
    // every query from such a page.
    let was_refused = asked.with_untracked(Result::is_err);
    let understood = move |search: String| understand(place, &search).ok().filter(|_| !was_refused);
    let follow = move |click: MouseEvent| {
        if let Some(query) = address_bar::followed(&click, place.path()).and_then(understood) {
            click.prevent_default();
            state.go(query);
            // The top, as of a new page.
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    };
    let submit = move |event: SubmitEvent| {
        if let Some(query) = address_bar::submitted(&event, place.path()).and_then(understood) {
            event.prevent_default();
            state.go(query);
        }
    };
    Effect::new(move || {
        let page = answer.with(Answer::page);
        document().set_title(&document_title(&title(place, &asked.read(), page)));
    });
    Effect::new(move |previous: Option<()>| {
        let query = readable(&asked.read());
        if previous.is_some() {
            show_in_form(place, &query);
        }
    });
    Effect::new(move |previous: Option<()>| {
        answer.track();
        if previous.is_some() {
            request_animation_frame(move || catch_lost_focus(results));
        }
    });

    view! {
        <div on:click=follow on:submit=submit>
            <div class="filter" role="search">
                {(place != ListPage::Pool).then_some(move || answer.with(|Answer { search, board }| {
                    let sizes = board.as_ref().ok().and_then(|board| board.sizes);
                    view! { <Tabs place query=answered(place, search) sizes/> }
                }))}
                {children()}
            </div>
            <section
                class="results"
                id="results"
                tabindex="-1"
                node_ref=results
                aria-label=texts().list().results
                aria-busy=move || busy.get().to_string()
            >
                {move || {
                    let Answer { search, board } = answer.get();
                    view! { <Results place query=answered(place, &search) board/> }
                }}
            </section>
        </div>
    }
}

/// State of the list: the asked query and the shown answer.
#[derive(Clone, Copy)]
struct State {
    place: ListPage,
    asked: RwSignal<Asked>,
    made_for: Option<UserId>,
    answer: RwSignal<Answer>,
    busy: RwSignal<bool>,
    under_way: StoredValue<Option<AbortHandle>>,
}

impl State {
    fn new(place: ListPage, search: &str, answer: Answer) -> Self {
        Self {
            place,
            asked: RwSignal::new(understand(place, search)),
            made_for: page_context::made_for(),
            answer: RwSignal::new(answer),
            busy: RwSignal::new(false),
            under_way: StoredValue::new(None),
        }
    }

    /// Opens a query's canonical address.
    fn go(self, query: TicketQuery) {
        address_bar::write(self.place.path(), &query.to_search());
        self.ask(Ok(query));
    }

    /// Follows a history step, unless only the fragment changed. A bad query is the server's.
    fn go_back(self, search: &str) {
        let asked = understand(self.place, search);
        if asked == self.asked.get_untracked() {
            return;
        }
        match asked {
            Ok(_) => self.ask(asked),
            Err(_) => {
                let _ = location().reload();
            }
        }
    }

    /// Asks; the last answer stays until the next.
    fn ask(self, asked: Asked) {
        let (answer, give_up) = abortable(look_up(self.place, asked.clone(), self.made_for));
        self.asked.set(asked);
        self.busy.set(true);
        self.under_way.update_value(|under_way| {
            if let Some(overtaken) = under_way.replace(give_up) {
                overtaken.abort();
            }
        });
        spawn_local(async move {
            if let Ok(answer) = answer.await {
                self.answer.set(answer);
                self.busy.set(false);
            }
        });
    }
}

impl Answer {
    /// The number of the page that is shown.
    pub fn page(&self) -> Option<u64> {
        self.board.as_ref().ok().and_then(|board| board.page.number())
    }
}

/// Fills the form from the address's query.
fn show_in_form(place: ListPage, query: &TicketQuery) {
    for parameter in place.parameters() {
        let value = query.get(*parameter);
        address_bar::fill_in("#filter", parameter.name(), value.as_deref());
    }
    for status in Status::ALL {
        let option = format!("#filter option[value={status}]");
        address_bar::set_disabled(&option, !query.list.contains(status));
    }
}

/// Moves a lost focus to the rows, for keyboard users: the link that was followed may be gone from the page.
fn catch_lost_focus(results: NodeRef<Section>) {
    let lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    if let Some(section) = results.get_untracked()
        && lost
    {
        let _ = section.focus();
    }
}

/// The query that an answer belongs to.
fn answered(place: ListPage, search: &str) -> TicketQuery {
    readable(&understand(place, search))
}
