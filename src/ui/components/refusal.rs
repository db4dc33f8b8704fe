//! Reasons of a refused form, on top of it, with links to its fields.

use leptos::prelude::*;

use super::isolated::{isolated, marked};
use crate::domain::input::Input;
use crate::domain::photo::BadPhoto;
use crate::domain::problem::Problem;
use crate::domain::tickets::report::BadField;
use crate::ui::page_context::texts;

#[component]
pub fn Refusal(
    problem: Problem,
    /// The field that photos are chosen in.
    #[prop(optional)]
    photos: Option<&'static str>,
) -> impl IntoView {
    let photos_field = photos.unwrap_or(Input::Photos.name());
    let texts = texts();
    let title = texts.refusal(&problem).unwrap_or_else(|| texts.problem().broken.to_owned());
    let items: Vec<(&str, String)> = match problem {
        Problem::BadFields(fields) => fields.into_iter().map(of_field).collect(),
        Problem::BadPhotos(photos) => {
            photos.into_iter().map(|photo| (photos_field, of_photo(photo))).collect()
        }
        _ => Vec::new(),
    };
    let item = |(id, sentence): (&str, String)| {
        view! { <li><a href=format!("#{id}")>{isolated(&sentence)}</a></li> }
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

fn of_field(BadField { field, reason }: BadField) -> (&'static str, String) {
    let texts = texts();
    let words = texts.work();
    (field.name(), (texts.list().named)((words.field)(field), &(words.reason)(reason)))
}

fn of_photo(BadPhoto { name, flaw }: BadPhoto) -> String {
    let texts = texts();
    (texts.list().named)(&marked(&name), &(texts.work().flaw)(flaw))
}
