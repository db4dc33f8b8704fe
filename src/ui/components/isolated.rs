//! Sentences of the desk in which typed text stands apart, in a `<bdi>` of its own.

use leptos::prelude::*;

use crate::text::isolates::{BEGIN, END};
pub use crate::text::isolates::{embedded, marked, marked_parts};

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
