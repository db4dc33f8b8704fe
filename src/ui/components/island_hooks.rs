//! Wrapper of a live form, and the hidden elements it uses.

use leptos::prelude::*;

use crate::domain::time::LocalTime;
use crate::rpc::Prop;
use crate::ui::islands::report_form::LiveForm;
use crate::ui::page_context::{self, PageContext, texts};

/// Wrapper of a form. `today` is the site's date, and `there` the number of photos of its ticket.
#[component]
pub fn Live(today: LocalTime, keeps_draft: bool, there: usize, children: Children) -> impl IntoView {
    view! {
        <section class="live-form">
            {children()}
            <LiveForm context=Prop(page_context::with(PageContext::clone)) today keeps_draft there/>
        </section>
    }
}

/// Notice above a form that a kept draft was restored.
#[component]
pub fn DraftNote() -> impl IntoView {
    let words = texts().work();
    view! {
        <div class="message draft" data-aid="draft" role="status" hidden>
            <p>{words.draft_restored}</p>
            <button class="button" type="button" data-part="discard">{words.draft_discard}</button>
        </div>
    }
}

/// Progress beside the button. `unsent` says what it means that photos were left behind.
#[component]
pub fn LiveAids(unsent: &'static str) -> impl IntoView {
    view! {
        <div class="live-form__aids">
            <p class="live-form__status" data-aid="status" role="status" hidden></p>
            <p class="message" data-kind="error" data-aid="trouble" role="alert" hidden></p>
            <div class="message" data-kind="error" data-aid="unsent" role="alert" hidden>
                <p>{unsent}</p>
                <a class="button" href="#main">{texts().work().to_ticket}</a>
            </div>
        </div>
    }
}
