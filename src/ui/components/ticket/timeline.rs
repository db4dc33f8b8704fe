//! History of a ticket, oldest entry first; a long one in parts, with links between them.

use leptos::prelude::*;

use crate::domain::tickets::event::{Change, Kind};
use crate::domain::tickets::event_page::{BEFORE, before_of_next};
use crate::domain::tickets::report::{Field, Warranty};
use crate::domain::tickets::view::{TicketView, TimelineEntry};
use crate::ui::components::isolated::{isolated, marked};
use crate::ui::components::linked::Linked;
use crate::ui::components::time::Time;
use crate::ui::page_context::{FROM, came_from, texts};

/// History. Entries beyond `was_seen` came while somebody filled in a refused form: they are marked.
#[component]
pub fn Timeline(ticket: TicketView, was_seen: usize) -> impl IntoView {
    let words = texts().work();
    let (total, id) = (ticket.entries(), ticket.card.id.to_string());
    let TicketView { timeline: entries, earlier, later, .. } = ticket;
    let end = total - later;
    let to_earlier = (earlier > 0).then(|| {
        view! { <Way address=address_of(&id, Some(earlier + 1)) rel="prev" text=(words.earlier)(earlier)/> }
    });
    let to_later = (later > 0).then(|| {
        view! { <Way address=address_of(&id, before_of_next(end, total)) rel="next" text=(words.later)(later)/> }
    });
    view! {
        <section class="panel" aria-labelledby="timeline">
            <h2 class="panel__title" id="timeline">{words.timeline}</h2>
            {to_earlier}
            <ol class="timeline" start=earlier + 1>
                {entries.into_iter().zip(earlier..).map(|(entry, index)| {
                    view! { <Item entry is_new={index >= was_seen}/> }
                }).collect_view()}
            </ol>
            {to_later}
        </section>
    }
}

#[component]
fn Way(address: String, rel: &'static str, text: String) -> impl IntoView {
    view! { <p class="timeline__way"><a href=address rel=rel>{text}</a></p> }
}

/// The page of the ticket with the entries before that place, or the latest.
fn address_of(ticket: &str, before: Option<usize>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(place) = before {
        query.append_pair(BEFORE, &place.to_string());
    }
    let list = came_from();
    if !list.is_empty() {
        query.append_pair(FROM, &list);
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/tickets/{ticket}{mark}{query}#timeline")
}

#[component]
fn Item(entry: TimelineEntry, is_new: bool) -> impl IntoView {
    let look = match entry.kind {
        Kind::Message => "message",
        Kind::Note => "note",
        kind if kind.is_internal() => "internal",
        _ => "event",
    };
    let sentence = isolated(&texts().sentence_of(&entry, marked));
    let note = texts().note(&entry).to_owned();
    let TimelineEntry { at, kind, changes, .. } = entry;
    // The report itself stands above.
    let changes = if kind == Kind::Filed { Vec::new() } else { changes };
    view! {
        <li class="timeline__item" data-look=look>
            <p class="timeline__what">
                {is_new.then(|| view! { <strong class="timeline__new">{texts().work().meanwhile}</strong> " " })}
                {sentence} " " <Time time=at/>
            </p>
            {(!note.is_empty()).then(|| view! { <p class="timeline__words" dir="auto"><Linked text=note/></p> })}
            {(!changes.is_empty()).then(|| view! {
                <ul class="timeline__changes">{changes.into_iter().map(changed).collect_view()}</ul>
            })}
        </li>
    }
}

fn changed(Change { field, old, new }: Change) -> impl IntoView {
    let words = texts().work();
    let shown = |value: String| match (field, value.parse::<Warranty>()) {
        (Field::Warranty, Ok(warranty)) => (words.warranty)(warranty).to_owned(),
        _ if value.is_empty() => words.empty.to_owned(),
        _ => marked(&value),
    };
    view! { <li>{isolated(&(words.changed)((words.field)(field), &shown(old), &shown(new)))}</li> }
}
