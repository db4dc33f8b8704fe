//! Sentences of the desk in which stands what people typed.
//!
//! A name that is written from right to left must not turn the words around it. Marked
//! parts of a sentence stand in a `<bdi>` of their own; nothing that people type has these
//! marks.

use leptos::prelude::*;

const BEGIN: char = '\u{2068}';
const END: char = '\u{2069}';

/// Marks what somebody typed, before it is put into a sentence.
pub fn marked(typed: &str) -> String {
    format!("{BEGIN}{typed}{END}")
}

/// Shows a sentence with its marked parts apart from the rest.
pub fn isolated(sentence: &str) -> impl IntoView + use<> {
    let mut parts = sentence.split(BEGIN);
    let first = parts.next().unwrap_or_default().to_owned();
    let part = |part: &str| {
        let (typed, after) = part.split_once(END).unwrap_or((part, ""));
        view! { <bdi>{typed.to_owned()}</bdi> {after.to_owned()} }
    };
    let parts: Vec<_> = parts.map(part).collect();
    view! { {first} {parts} }
}
