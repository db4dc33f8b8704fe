//! One file a page. Pages are rendered on the server alone: nothing in them
//! reacts, what does is one of the [`islands`](crate::ui::islands).

pub mod account;
pub mod not_found;
pub mod people;
pub mod sign_in;
pub mod tickets;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::page_context::document_title;

#[component]
pub fn PageTitle(#[prop(into)] title: String) -> impl IntoView {
    view! { <Title text=document_title(&title)/> }
}
