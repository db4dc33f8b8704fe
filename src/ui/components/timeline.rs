//! Everything that happened to a ticket, the first thing first.

use leptos::prelude::*;

use super::time::Time;
use crate::domain::details::{Field, Warranty};
use crate::domain::history::{Change, Kind};
use crate::domain::ticket::Named;
use crate::domain::ticket_view::Entry;
use crate::ui::page_context::texts;

#[component]
pub fn Timeline(entries: Vec<Entry>) -> impl IntoView {
    let words = texts().work();
    view! {
        <section class="panel" aria-labelledby="timeline">
            <h2 class="panel__title" id="timeline">{words.timeline}</h2>
            <ol class="timeline">
                {entries.into_iter().map(|entry| view! { <Item entry/> }).collect_view()}
            </ol>
        </section>
    }
}

/// A name as it is shown; people without one go by their number.
pub fn name_of(person: &Named) -> String {
    if person.nickname.is_empty() { person.id.to_string() } else { person.nickname.clone() }
}

/// What happened, in one sentence.
pub fn sentence(entry: &Entry) -> String {
    let words = texts().work();
    let or = |person: &Option<Named>, nobody: &'static str| {
        person.as_ref().map_or_else(|| nobody.to_owned(), name_of)
    };
    let actor = or(&entry.actor, words.the_desk);
    let (technician, offered_to) = (or(&entry.technician, words.nobody), or(&entry.offered_to, words.nobody));
    (words.happened)(entry.kind, &actor, &technician, &offered_to)
}

#[component]
fn Item(entry: Entry) -> impl IntoView {
    let look = match entry.kind {
        Kind::Message => "message",
        Kind::Note => "note",
        kind if kind.is_internal() => "internal",
        _ => "event",
    };
    let sentence = sentence(&entry);
    let Entry { at, kind, note, changes, .. } = entry;
    // The report itself stands above.
    let changes = if kind == Kind::Filed { Vec::new() } else { changes };
    view! {
        <li class="timeline__item" data-look=look>
            <p class="timeline__what">{sentence} " " <Time time=at/></p>
            {(!note.is_empty()).then(|| view! { <p class="timeline__words">{note}</p> })}
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
        _ => value,
    };
    view! { <li>{(words.changed)((words.field)(field), &shown(old), &shown(new))}</li> }
}
