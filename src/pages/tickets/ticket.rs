//! Page of a ticket, the place of work: history on the left, actions and facts on the right.

use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use crate::domain::ids::TicketId;
use crate::domain::links::{WebAddress, web_address};
use crate::domain::lists::page::ListPage;
use crate::domain::tickets::event_page::BEFORE;
use crate::domain::tickets::view::{Neighbours, TicketView};
use crate::pages::PageTitle;
use crate::rpc;
use crate::ui::components::island_hooks::Live;
use crate::ui::components::isolated::{isolated, marked};
use crate::ui::components::linked::Linked;
use crate::ui::components::notice::{NoticePlacement, ProblemNotice, problem_words};
use crate::ui::components::status_badge::StatusBadge;
use crate::ui::components::ticket::actions::{Overtaken, TicketActions};
use crate::ui::components::ticket::deletion::Deletion;
use crate::ui::components::ticket::facts::{Contact, Device, Progress};
use crate::ui::components::ticket::form_names::SEEN;
use crate::ui::components::ticket::messages::{Correction, MessageForm, MessageKind};
use crate::ui::components::ticket::photos::{Photos, PhotosForm};
use crate::ui::components::ticket::target::Target;
use crate::ui::components::ticket::timeline::Timeline;
use crate::ui::components::time::Time;
use crate::ui::islands::BringToLife;
use crate::ui::page_context::{self, FormState, address, came_from, from, parameter, texts};

#[component]
pub fn TicketPage() -> impl IntoView {
    let id = address().path.trim_start_matches("/tickets/").to_owned();
    let refused = use_context::<FormState>();
    view! {
        <main class="page" id="main" tabindex="-1">
            {Suspend::new(async move {
                match rpc::find_ticket(id, came_from(), parameter(BEFORE)).await {
                    Ok(ticket) => Either::Left(view! { <Ticket ticket refused/> }),
                    Err(problem) => Either::Right(view! {
                        <PageTitle title=problem_words(&problem).0/>
                        // The sender of a form may have lost sight of the ticket since.
                        {refused.map(|form| view! { <section class="panel form"><Overtaken form/></section> })}
                        <ProblemNotice problem placement=NoticePlacement::Alone here=address()/>
                    }),
                }
            })}
        </main>
    }
}

#[component]
fn Ticket(ticket: TicketView, refused: Option<FormState>) -> impl IntoView {
    let words = texts().ticket();
    let card = ticket.card.clone();
    let id = card.id.to_string();
    let image = card.image_url.clone();
    let may_correct = !ticket.correctable.is_empty();
    let seen = ticket.entries();
    let was_seen = refused.as_ref().and_then(|form| form.typed(SEEN).parse().ok()).unwrap_or(seen);
    let colleagues = ticket.colleagues.clone();
    let target = Target { id: id.clone(), version: ticket.version, seen, colleagues, refused };
    let deleted = target.clone();
    let today = ticket.offered.today;
    let there = ticket.photos.len();
    let photos_form = ticket.may_talk.then(|| {
        let target = target.clone();
        view! { <Live today keeps_draft=false there><PhotosForm target there/></Live> }
    });
    let words_form = |kind: MessageKind| {
        let target = target.clone();
        view! { <MessageForm kind target/> }
    };
    view! {
        <PageTitle title=(words.title)(&id)/>
        {(ticket.may_talk || may_correct).then(|| view! { <BringToLife/> })}
        <article class="ticket">
            <header class="ticket__head">
                <Way neighbours=ticket.neighbours.clone()/>
                <h1><bdi>{card.brand.clone()}</bdi> " · " <bdi>{card.fault_type.clone()}</bdi></h1>
                <p class="ticket__meta">
                    <StatusBadge status=card.status is_assigned=card.technician.is_some()/>
                    <span>{(words.number)(&id)}</span>
                    <span>{words.filed} " " <Time time=card.created/></span>
                </p>
            </header>
            <div class="ticket__body">
                <div class="ticket__side">
                    <TicketActions ticket=ticket.clone() target=target.clone()/>
                </div>
                <div class="ticket__story">
                    <section class="panel" aria-labelledby="story">
                        <h2 class="panel__title" id="story">{words.story}</h2>
                        <p class="ticket__text" dir="auto"><Linked text=card.description.clone()/></p>
                        {image.map(|address| view! { <Photo address/> })}
                        <Photos photos=ticket.photos.clone()/>
                        {photos_form}
                    </section>
                    <Timeline ticket=ticket.clone() was_seen/>
                    {ticket.may_talk.then(|| words_form(MessageKind::Message))}
                    {ticket.is_behind_the_desk.then(|| words_form(MessageKind::Note))}
                </div>
                <div class="ticket__facts">
                    <Progress ticket=card.clone()/>
                    <Contact view=ticket.clone()/>
                    <Device ticket=card model=ticket.model.clone() warranty=ticket.warranty/>
                    {may_correct.then(|| view! {
                        <Live today keeps_draft=false there>
                            <Correction ticket target=target.clone()/>
                        </Live>
                    })}
                    <Deletion target=deleted/>
                </div>
            </div>
        </article>
    }
}

/// Links to the list and to the ticket's neighbours there.
#[component]
fn Way(neighbours: Option<Neighbours>) -> impl IntoView {
    let words = texts().ticket();
    let home =
        page_context::with(|context| context.viewer.as_ref().map(|viewer| ListPage::home(viewer.role)));
    let home = home.unwrap_or(ListPage::My);
    let (place, list) = match &neighbours {
        Some(around) => (around.place, around.list.clone()),
        None => (home, home.path().to_owned()),
    };
    let beside = |ticket: Option<TicketId>, text: &'static str, rel: &'static str| {
        let address = ticket.map(|ticket| format!("/tickets/{ticket}{}", from(&list)));
        address.map(|address| view! { <a class="ticket__beside" href=address rel=rel>{text}</a> })
    };
    let around = neighbours.map(|Neighbours { previous, next, .. }| {
        (beside(previous, words.previous, "prev"), beside(next, words.next, "next"))
    });
    view! {
        <nav class="ticket__way" aria-label=words.way>
            <a class="ticket__back" href=list.clone()>{(words.back)(texts().place(place))}</a>
            {around}
        </nav>
    }
}

/// A picture of this site; a button that opens one of another site, which learns
/// of its reader only then; else the text that was stored.
#[component]
fn Photo(address: String) -> impl IntoView {
    let words = texts().ticket();
    match web_address(&address) {
        Some(WebAddress::Here(path)) => EitherOf3::A(view! {
            <figure class="ticket__photo">
                <a href=path.to_owned()><img src=path.to_owned() loading="lazy" alt=words.photo/></a>
                <figcaption>{words.photo}</figcaption>
            </figure>
        }),
        Some(WebAddress::Elsewhere(url)) => EitherOf3::B(view! {
            <div class="ticket__photo">
                <a
                    class="button"
                    href=url.to_owned()
                    rel="external nofollow noopener noreferrer"
                    referrerpolicy="no-referrer"
                >
                    {words.open_photo}
                </a>
                <p class="ticket__address" dir="ltr">{url.to_owned()}</p>
                <p>{words.open_photo_hint}</p>
            </div>
        }),
        None => EitherOf3::C(
            view! { <p class="ticket__text">{isolated(&(words.external)(&marked(&address)))}</p> },
        ),
    }
}
