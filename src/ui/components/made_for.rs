//! The person whose form it is.

use leptos::prelude::*;

use crate::ui::page_context::{self, MADE_FOR};

/// Part of every form of a person's pages: the server refuses one that is sent while
/// somebody else is signed in.
#[component]
pub fn MadeFor() -> impl IntoView {
    let person = page_context::made_for();
    person.map(|person| view! { <input type="hidden" name=MADE_FOR value=person.to_string()/> })
}
