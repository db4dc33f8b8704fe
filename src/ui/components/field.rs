//! A labelled text field: label, hint or error, input.

use leptos::prelude::*;

use crate::ui::page_context::texts;

/// Constant properties of a field.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    pub label: &'static str,
    pub input_type: &'static str,
    pub autocomplete: &'static str,
}

#[component]
pub fn Field(
    kind: Kind,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional_no_strip, into)] error: Option<String>,
    #[prop(default = true)] is_required: bool,
) -> impl IntoView {
    let Kind { name, label, input_type, autocomplete } = kind;
    let error_id = format!("{name}-error");
    let hint_id = format!("{name}-hint");
    let described_by = match (&error, hint.is_empty()) {
        (Some(_), true) => Some(error_id.clone()),
        (Some(_), false) => Some(format!("{error_id} {hint_id}")),
        (None, false) => Some(hint_id.clone()),
        (None, true) => None,
    };
    let invalid = error.is_some().then_some("true");

    view! {
        <div class="field">
            <label class="field__label" for=name>
                {label}
                {(!is_required).then(|| view! { " " <span class="field__optional">{texts().work().optional}</span> })}
            </label>
            {error.map(|error| view! { <span class="field__error" id=error_id>{error}</span> })}
            <input
                class="field__input"
                data-width="medium"
                id=name
                name=name
                type=input_type
                value=value
                dir="auto"
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                required=is_required
                aria-invalid=invalid
                aria-describedby=described_by
            />
            {(!hint.is_empty()).then(|| view! { <span class="field__hint" id=hint_id>{hint}</span> })}
        </div>
    }
}
