//! Hand-over in person: the technician makes a code.

use leptos::prelude::*;

use super::form_names::CODE;
use super::target::{FormKey, Target};
use crate::ui::components::refusal::Refusal;
use crate::ui::page_context::{MadeCode, texts};

/// QR image of the page that takes over.
#[component]
fn Scannable(side: usize, path: String) -> impl IntoView {
    let words = texts().work();
    view! {
        <svg
            class="hand-over__square"
            viewBox=format!("0 0 {side} {side}")
            role="img"
            aria-label=words.code_picture
            shape-rendering="crispEdges"
        >
            <path fill="#fff" d=format!("M0 0h{side}v{side}h-{side}z")></path>
            <path fill="#000" d=path></path>
        </svg>
        <p class="actions__hint">{words.code_scan}</p>
    }
}

/// The button that makes a code, and the code just made.
#[component]
pub fn HandOver(target: Target) -> impl IntoView {
    let words = texts().work();
    let made = use_context::<MadeCode>();
    let problem = target.problem(CODE);
    let is_open = made.is_some() || problem.is_some();
    view! {
        <details class="fold actions__item" open=is_open>
            <summary>{words.code_title}</summary>
            <form class="form actions__form" method="post" action=format!("/tickets/{}/{CODE}", target.id)>
                {problem.map(|problem| view! { <Refusal problem/> })}
                <FormKey form=CODE/>
                {made.map(|MadeCode { code, minutes, qr_image }| view! {
                    <p class="message" data-kind="success" role="status">{(words.code_show)(&code, minutes)}</p>
                    {qr_image.map(|(side, path)| view! { <Scannable side path/> })}
                })}
                <p class="actions__hint">{words.code_consequence}</p>
                <button class="button">{words.code_make}</button>
            </form>
        </details>
    }
}
