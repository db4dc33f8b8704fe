//! A list of tickets: the page around the island that changes.

use leptos::either::Either;
use leptos::prelude::*;

use super::trash;
use crate::domain::lists::page::ListPage;
use crate::domain::problem::Problem;
use crate::pages::PageTitle;
use crate::rpc::Prop;
use crate::ui::components::list::filter::{FilterForm, ToCorrect};
use crate::ui::components::notice::{NoticePlacement, ProblemNotice};
use crate::ui::islands::BringToLife;
use crate::ui::islands::ticket_list::{TicketList, look_up, title, understand};
use crate::ui::page_context::{self, PageContext, address, texts};

#[component]
pub fn TicketListPage(place: ListPage) -> impl IntoView {
    let search = address().search;
    let asked = understand(place, &search);
    view! {
        <main class="page" id="main" tabindex="-1">
            <h1 class="page__title">{texts().place(place)}</h1>
            {Suspend::new(async move {
                let answer = look_up(place, asked.clone(), None).await;
                let title = view! { <PageTitle title=title(place, &asked, answer.page())/> };
                let page = match answer.board {
                    // A list that is not permitted is shown without filters.
                    Err(problem @ Problem::Denied) => Either::Left(view! {
                        <ProblemNotice problem placement=NoticePlacement::Within here=address()/>
                    }),
                    _ => Either::Right(view! {
                        <BringToLife/>
                        {asked.clone().err().map(|bad| view! { <ToCorrect place bad=bad.values/> })}
                        <TicketList context=Prop(page_context::with(PageContext::clone)) place search answer=Prop(answer)>
                            {matches!(place, ListPage::All | ListPage::Pool).then(|| view! { <FilterForm place asked/> })}
                        </TicketList>
                        {(place == ListPage::All).then(|| view! {
                            <p class="page__links"><a href=trash::PATH>{texts().trash().title}</a></p>
                        })}
                    }),
                };
                (title, page)
            })}
        </main>
    }
}
