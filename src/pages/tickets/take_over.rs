//! Page to take over a job by the code that a colleague shows.

use leptos::prelude::*;

use crate::domain::input::Input;
use crate::pages::PageTitle;
use crate::ui::components::refusal::Refusal;
use crate::ui::components::ticket::target::FormKey;
use crate::ui::page_context::{FormState, address, texts};

const TICKET: &str = "ticket";

#[component]
pub fn TakeOverPage() -> impl IntoView {
    let words = texts().work();
    let refused = use_context::<FormState>();
    let ticket = match &refused {
        Some(form) => form.typed(TICKET).to_owned(),
        None => scanned(TICKET),
    };
    // A code that was refused is not good a second time.
    let code = if refused.is_none() { scanned(Input::Code.name()) } else { String::new() };
    view! {
        <PageTitle title=words.code_enter/>
        <main class="page" id="main" tabindex="-1" data-width="narrow">
            <h1 class="page__title">{words.code_enter}</h1>
            {refused.map(|form| view! { <Refusal problem=form.problem/> })}
            <form class="form" method="post" action="/take-over">
                <FormKey form="take-over"/>
                <Digits name=TICKET label=texts().list().number hint="" value=ticket/>
                <Digits name=Input::Code.name() label=(words.input)(Input::Code) hint=words.code_hint value=code/>
                <button class="button" data-kind="primary">{words.code_enter}</button>
            </form>
        </main>
    }
}

/// Digits in the address of a scanned code; opening it takes nothing over.
fn scanned(name: &str) -> String {
    let search = address().search;
    let mut pairs = form_urlencoded::parse(search.trim_start_matches('?').as_bytes());
    let found = pairs.find(|(found, _)| found == name).map(|(_, value)| value.into_owned());
    found.filter(|value| value.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or_default()
}

#[component]
fn Digits(name: &'static str, label: &'static str, hint: &'static str, value: String) -> impl IntoView {
    let hint_id = (!hint.is_empty()).then(|| format!("{name}-hint"));
    view! {
        <div class="field">
            <label class="field__label" for=name>{label}</label>
            <input
                class="field__input"
                data-width="short"
                id=name
                name=name
                value=value
                inputmode="numeric"
                autocomplete="off"
                required
                aria-describedby=hint_id.clone()
            />
            {hint_id.map(|id| view! { <span class="field__hint" id=id>{hint}</span> })}
        </div>
    }
}
