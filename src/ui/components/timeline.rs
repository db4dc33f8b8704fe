//! Everything that happened to a ticket, the first thing first.

use leptos::prelude::*;

use super::time::Time;
use crate::domain::details::{Field, Warranty};
use crate::domain::history::{Change, Kind};
use crate::domain::ticket_view::Entry;
use crate::ui::page_context::texts;

/// `was_seen` of them before whoever reads it did something that was refused:
/// what came meanwhile is marked.
#[component]
pub fn Timeline(entries: Vec<Entry>, was_seen: usize) -> impl IntoView {
    let words = texts().work();
    view! {
        <section class="panel" aria-labelledby="timeline">
            <h2 class="panel__title" id="timeline">{words.timeline}</h2>
            <ol class="timeline">
                {entries.into_iter().enumerate().map(|(index, entry)| {
                    view! { <Item entry is_new={index >= was_seen}/> }
                }).collect_view()}
            </ol>
        </section>
    }
}

#[component]
fn Item(entry: Entry, is_new: bool) -> impl IntoView {
    let look = match entry.kind {
        Kind::Message => "message",
        Kind::Note => "note",
        kind if kind.is_internal() => "internal",
        _ => "event",
    };
    let sentence = texts().sentence(&entry);
    let Entry { at, kind, note, changes, .. } = entry;
    // The report itself stands above.
    let changes = if kind == Kind::Filed { Vec::new() } else { changes };
    view! {
        <li class="timeline__item" data-look=look>
            <p class="timeline__what">
                {is_new.then(|| view! { <strong class="timeline__new">{texts().work().meanwhile}</strong> " " })}
                {sentence} " " <Time time=at/>
            </p>
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
