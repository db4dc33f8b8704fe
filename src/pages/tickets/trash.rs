//! Page of the tickets that admins have deleted, while they can be restored.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::lists::page::ListPage;
use crate::domain::problem::Problem;
use crate::domain::tickets::trash::{DeletedTicketRow, DeletedTickets, Summary, TrashCursor};
use crate::pages::PageTitle;
use crate::rpc;
use crate::text::name_of;
use crate::ui::components::isolated::{isolated, marked, marked_parts};
use crate::ui::components::notice::{NoticePlacement, ProblemNotice};
use crate::ui::components::ticket::target::FormKey;
use crate::ui::page_context::{FormState, address, locale, texts};

pub const PATH: &str = "/tickets/deleted";

#[component]
pub fn DeletedPage() -> impl IntoView {
    let words = texts().trash();
    let search = address().search;
    let is_first = TrashCursor::parse(&search) == TrashCursor::NEWEST;
    let refused = use_context::<FormState>().map(|form| form.problem);
    view! {
        <PageTitle title=words.title/>
        <main class="page" id="main" tabindex="-1" data-width="medium">
            <h1 class="page__title">{words.title}</h1>
            {Suspend::new(async move {
                match rpc::list_deleted(search).await {
                    Ok(tickets) => Either::Left(view! { <Tickets tickets is_first refused/> }),
                    Err(problem) => Either::Right(view! {
                        <ProblemNotice problem placement=NoticePlacement::Within here=address()/>
                    }),
                }
            })}
            <p class="page__links"><a href=ListPage::All.path()>{texts().place(ListPage::All)}</a></p>
        </main>
    }
}

#[component]
fn Tickets(tickets: DeletedTickets, is_first: bool, refused: Option<Problem>) -> impl IntoView {
    let words = texts().trash();
    let refused = refused.map(|problem| match problem {
        Problem::NotFound => words.gone.to_owned(),
        other => texts().refusal(&other).unwrap_or_else(|| texts().problem().broken.to_owned()),
    });
    let DeletedTickets { items, next } = tickets;
    let rows = match items.is_empty() {
        true => Either::Left(view! { <div class="notice"><p>{words.nothing}</p></div> }),
        false => Either::Right(view! {
            <ul class="deleted">{items.into_iter().map(|ticket| view! { <Row ticket/> }).collect_view()}</ul>
        }),
    };
    let step = |text: &'static str, rel: Option<&'static str>, cursor: TrashCursor| {
        let address = format!("{PATH}{}", cursor.to_search());
        view! { <li class="pager__item"><a class="pager__link" href=address rel=rel>{text}</a></li> }
    };
    let list = texts().list();
    view! {
        {refused.map(|text| view! { <div class="message" data-kind="error" role="alert"><p>{text}</p></div> })}
        {rows}
        {(!is_first || next.is_some()).then(|| view! {
            <nav class="pager" aria-label=list.pages>
                <ul class="pager__list">
                    {(!is_first).then(|| step(list.first, None, TrashCursor::NEWEST))}
                    {next.map(|cursor| step(list.next, Some("next"), cursor))}
                </ul>
            </nav>
        })}
    }
}

#[component]
fn Row(ticket: DeletedTicketRow) -> impl IntoView {
    let words = texts().trash();
    let DeletedTicketRow { id, summary, deleted_by, deleted, kept_until } = ticket;
    let who = deleted_by
        .as_ref()
        .map_or_else(|| texts().work().the_desk.to_owned(), |person| marked(&name_of(person)));
    let (deleted, kept_until) = (locale().full_time(deleted), locale().full_time(kept_until));
    let number = (texts().ticket().number)(&id.to_string());
    let is_readable = summary.is_some();
    let head = match summary {
        Some(Summary { about, owner }) => Either::Left(view! {
            <p><strong>{isolated(&marked_parts(&about))}</strong></p>
            <p class="deleted__facts">{number} " · " <bdi>{name_of(&owner)}</bdi></p>
        }),
        None => Either::Right(view! {
            <p><strong>{number}</strong></p>
            <p class="deleted__facts">{words.unreadable}</p>
        }),
    };
    view! {
        <li class="deleted__item">
            <div>
                {head}
                <p class="deleted__facts">{isolated(&(words.deleted_by)(&who, &deleted))}</p>
                {is_readable.then(|| view! { <p class="deleted__facts">{(words.kept_until)(&kept_until)}</p> })}
            </div>
            {is_readable.then(|| view! {
                <form method="post" action=format!("/tickets/{id}/restore")>
                    <FormKey form=id.to_string()/>
                    <button class="button" aria-label=(words.restore_this)(&id.to_string())>{words.restore}</button>
                </form>
            })}
        </li>
    }
}
