//! Deletion of a ticket: folded away, far from common actions.

use leptos::prelude::*;

use super::form_names::DELETE;
use super::target::{FormKey, Target};
use crate::domain::access;
use crate::domain::tickets::trash::KEPT_DAYS;
use crate::ui::components::refusal::Refusal;
use crate::ui::page_context::{self, texts};

/// Form to delete: unfolding it asks, its button confirms.
#[component]
pub fn Deletion(target: Target) -> impl IntoView {
    let words = texts().trash();
    let may = page_context::with(|context| {
        context.viewer.as_ref().is_some_and(|viewer| access::admins_only(viewer).is_ok())
    });
    let problem = target.problem(DELETE);
    let opened = problem.is_some();
    may.then(|| {
        view! {
            <details class="fold panel" open=opened>
                <summary>{words.delete}</summary>
                <form class="form" method="post" action=format!("/tickets/{}/{DELETE}", target.id)>
                    {problem.map(|problem| view! { <Refusal problem/> })}
                    <FormKey form=DELETE/>
                    <p class="field__hint">{(words.consequence)(KEPT_DAYS)}</p>
                    <button class="button" data-kind="danger">{words.delete}</button>
                </form>
            </details>
        }
    })
}
