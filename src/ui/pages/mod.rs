//! One file a page. Pages are rendered on the server alone: nothing in them
//! reacts, what does is one of the [`islands`](super::islands).

pub mod account;
pub mod deleted;
pub mod forgot;
pub mod inbox;
pub mod new_ticket;
pub mod not_found;
pub mod people;
pub mod register;
pub mod sign_in;
pub mod take_over;
pub mod ticket;
pub mod ticket_list;
pub mod verify;
pub mod welcome;

use leptos::prelude::*;
use leptos_meta::Title;

use super::page_context::document_title;

#[component]
pub fn PageTitle(#[prop(into)] title: String) -> impl IntoView {
    view! { <Title text=document_title(&title)/> }
}
