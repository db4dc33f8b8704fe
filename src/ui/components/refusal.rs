//! Why a form was not accepted, on top of it, with links to what to correct.

use leptos::prelude::*;

use crate::domain::details::BadField;
use crate::domain::problem::Problem;
use crate::ui::page_context::texts;

#[component]
pub fn Refusal(problem: Problem) -> impl IntoView {
    let texts = texts();
    let title = texts.refusal(&problem).unwrap_or_else(|| texts.problem().broken.to_owned());
    let items = match problem {
        Problem::BadFields(fields) => fields,
        _ => Vec::new(),
    };
    view! {
        <div class="message" data-kind="error" role="alert">
            <p class="message__title">{title}</p>
            {(!items.is_empty()).then(|| view! {
                <ul class="message__list">{items.into_iter().map(item).collect_view()}</ul>
            })}
        </div>
    }
}

fn item(BadField { field, reason }: BadField) -> impl IntoView {
    let texts = texts();
    let words = texts.work();
    let sentence = (texts.list().named)((words.field)(field), &(words.reason)(reason));
    view! { <li><a href=format!("#{field}")>{sentence}</a></li> }
}
