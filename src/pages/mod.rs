//! Whole pages, one file each, for the server alone. They take what they show from `rpc` and
//! nothing in them reacts; what does is one of the [`islands`](crate::ui::islands).
//!
//! Start in [`document`], which stands around every page.

pub mod account;
pub mod document;
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
