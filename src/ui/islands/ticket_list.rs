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
use crate::domain::place::Place;
use crate::domain::problem::Problem;
use crate::domain::query::TicketQuery;
use crate::domain::status::List;
use crate::domain::ticket::Board;
use crate::rpc;
use crate::ui::address_bar;
use crate::ui::components::chips::active_filters;
use crate::ui::components::filter::{Asked, FilterForm, Tabs, ToCorrect, readable};
use crate::ui::components::results::Results;
use crate::ui::page_context::{PageContext, document_title, locale, texts};

/// What the server said, and to which query of the address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    search: String,
    pub board: Result<Board, Problem>,
}

/// Reads the query of an address.
pub fn understand(place: Place, search: &str) -> Asked {
    TicketQuery::parse_search(search, place.parameters())
}

/// What cannot be understood is not asked.
pub async fn look_up(place: Place, asked: Asked) -> Answer {
    match asked {
        Ok(query) => {
            let search = query.to_search();
            Answer { search: search.clone(), board: rpc::list_tickets(place, search).await }
        }
        Err(bad) => Answer { search: bad.rest.to_search(), board: Err(Problem::BadValues(bad.values)) },
    }
}

/// The document's title: the place, and what is special about this view of it.
pub fn title(place: Place, asked: &Asked) -> String {
    let words = texts().list();
    let query = readable(asked);
    let mut parts: Vec<String> = active_filters(texts(), &query).into_iter().map(|(_, text)| text).collect();
    if query.list != List::All {
        parts.insert(0, (words.list)(query.list).to_owned());
    }
    if query.page > 1 {
        parts.push((words.page)(&locale().number(query.page)));
    }
    let place = texts().place(place);
    if parts.is_empty() { place.to_owned() } else { (words.named)(place, &parts.join(words.and)) }
}

#[island]
pub fn TicketList(context: PageContext, place: Place, search: String, answer: Answer) -> impl IntoView {
    provide_context(context);
    announce();
    let state = State::new(place, &search, answer);
    let State { asked, answer, busy, .. } = state;
    let results = NodeRef::<Section>::new();

    address_bar::on_return(move |search| state.go_back(&search));
    let follow = move |click: MouseEvent| {
        if let Some(search) = address_bar::followed(&click, place.path()) {
            click.prevent_default();
            state.go(&search);
            // Where a page of its own would begin.
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    };
    let submit = move |event: SubmitEvent| {
        if let Some(search) = address_bar::submitted(&event, place.path()) {
            event.prevent_default();
            state.go(&search);
        }
    };
    Effect::new(move || document().set_title(&document_title(&title(place, &asked.read()))));
    Effect::new(move |previous: Option<()>| {
        answer.track();
        if previous.is_some() {
            request_animation_frame(move || catch_lost_focus(results));
        }
    });

    view! {
        <div on:click=follow on:submit=submit>
            {move || asked.get().err().map(|bad| view! { <ToCorrect bad=bad.values/> })}
            <div class="filter" role="search" hidden=place == Place::Pool>
                {move || answer.with(|Answer { search, board }| {
                    let sizes = board.as_ref().ok().map(|board| board.sizes);
                    view! { <Tabs place query=answered(place, search) sizes/> }
                })}
                {(place == Place::All).then_some(move || view! { <FilterForm place asked=asked.get()/> })}
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

/// What is asked and what is shown.
#[derive(Clone, Copy)]
struct State {
    place: Place,
    asked: RwSignal<Asked>,
    answer: RwSignal<Answer>,
    busy: RwSignal<bool>,
    under_way: StoredValue<Option<AbortHandle>>,
}

impl State {
    fn new(place: Place, search: &str, answer: Answer) -> Self {
        Self {
            place,
            asked: RwSignal::new(understand(place, search)),
            answer: RwSignal::new(answer),
            busy: RwSignal::new(false),
            under_way: StoredValue::new(None),
        }
    }

    /// To the canonical address of a query, or to what was typed.
    fn go(self, search: &str) {
        let asked = understand(self.place, search);
        match &asked {
            Ok(query) => address_bar::write(self.place.path(), &query.to_search()),
            Err(_) => address_bar::write(self.place.path(), search),
        }
        self.ask(asked);
    }

    /// Steps within the page change nothing but its fragment.
    fn go_back(self, search: &str) {
        let asked = understand(self.place, search);
        if asked != self.asked.get_untracked() {
            self.ask(asked);
        }
    }

    /// The last answer stands until there is another.
    fn ask(self, asked: Asked) {
        let (answer, give_up) = abortable(look_up(self.place, asked.clone()));
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

/// The query that an answer belongs to.
fn answered(place: Place, search: &str) -> TicketQuery {
    readable(&understand(place, search))
}
