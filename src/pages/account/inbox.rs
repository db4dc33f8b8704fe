//! Page of one's own notices.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::notifications::inbox::{Inbox, Notice};
use crate::pages::PageTitle;
use crate::rpc;
use crate::ui::components::isolated::{isolated, marked, marked_parts};
use crate::ui::components::linked::Linked;
use crate::ui::components::made_for::MadeFor;
use crate::ui::components::notice::{NoticePlacement, ProblemNotice};
use crate::ui::components::refusal::Refusal;
use crate::ui::components::time::Time;
use crate::ui::page_context::{FormState, address, locale, texts};

#[component]
pub fn InboxPage() -> impl IntoView {
    let words = texts().work();
    view! {
        <PageTitle title=words.inbox/>
        <main class="page" id="main" tabindex="-1" data-width="medium">
            <h1 class="page__title">{words.inbox}</h1>
            {use_context::<FormState>().map(|form| view! { <Refusal problem=form.problem/> })}
            {Suspend::new(async move {
                match rpc::read_inbox().await {
                    Ok(inbox) => Either::Left(view! { <Notices inbox/> }),
                    Err(problem) => Either::Right(view! {
                        <ProblemNotice problem placement=NoticePlacement::Within here=address()/>
                    }),
                }
            })}
        </main>
    }
}

#[component]
fn Notices(inbox: Inbox) -> impl IntoView {
    let words = texts().work();
    let Inbox { notices, unread } = inbox;
    let Some(newest) = notices.first().map(|notice| notice.id) else {
        return Either::Left(view! { <div class="notice"><p>{words.inbox_empty}</p></div> });
    };
    let count = (words.inbox_unread)(&locale().number(unread));
    Either::Right(view! {
        {(unread > 0).then(|| view! {
            <form class="results__head" method="post" action="/inbox">
                <MadeFor/>
                <p>{count}</p>
                <input type="hidden" name="up_to" value=newest.to_string()/>
                <button class="button">{words.mark_all_read}</button>
            </form>
        })}
        <ol class="inbox">{notices.into_iter().map(|notice| view! { <Item notice/> }).collect_view()}</ol>
    })
}

#[component]
fn Item(notice: Notice) -> impl IntoView {
    let words = texts().work();
    let Notice { ticket, about, entry, is_read, may_open, .. } = notice;
    let sentence = isolated(&texts().sentence_of(&entry, marked));
    let note = if may_open { texts().note(&entry).to_owned() } else { String::new() };
    let about = if may_open { about } else { words.inbox_closed.to_owned() };
    let what = view! {
        {(!is_read).then(|| view! { <span class="visually-hidden">{words.new} " "</span> })}
        {sentence}
    };
    let what = match may_open {
        true => Either::Left(view! { <a class="inbox__link" href=format!("/tickets/{ticket}")>{what}</a> }),
        false => Either::Right(view! { <p>{what}</p> }),
    };
    view! {
        <li class="inbox__item" data-unread=(!is_read).then_some("")>
            {what}
            {(!note.is_empty()).then(|| view! { <p class="inbox__words" dir="auto"><Linked text=note/></p> })}
            <p class="inbox__meta">{isolated(&marked_parts(&about))} " · " {ticket.to_string()} " · " <Time time=entry.at/></p>
        </li>
    }
}
