//! The photos of a ticket, and adding some.

use leptos::either::Either;
use leptos::prelude::*;

use super::form_names::PHOTOS;
use super::target::{FormKey, Target};
use crate::domain::input::Input;
use crate::domain::photo::{ACCEPTED, MAX_PHOTOS, Thumbnail};
use crate::text::name_of;
use crate::ui::components::island_hooks::LiveAids;
use crate::ui::components::isolated::{embedded, isolated, marked};
use crate::ui::components::refusal::Refusal;
use crate::ui::page_context::{FormState, texts};

/// Thumbnails with sizes, so that nothing moves when they load; each leads to the whole picture.
#[component]
pub fn Photos(photos: Vec<Thumbnail>) -> impl IntoView {
    let words = texts().work();
    let item = |(index, photo): (usize, Thumbnail)| {
        let Thumbnail { id, uploaded_by, width, height } = photo;
        let address = format!("/photos/{id}");
        view! {
            <li>
                <a class="photos__link" href=address.clone()>
                    <img
                        class="photos__image"
                        src=format!("{address}/thumbnail")
                        width=width
                        height=height
                        loading="lazy"
                        alt=(words.photo)(index + 1, &embedded(&name_of(&uploaded_by)))
                    />
                </a>
            </li>
        }
    };
    (!photos.is_empty()).then(|| {
        view! {
            <ul class="photos">{photos.into_iter().enumerate().map(item).collect_view()}</ul>
        }
    })
}

/// Form to add photos, folded away below the history.
#[component]
pub fn PhotosForm(target: Target, there: usize) -> impl IntoView {
    let words = texts().work();
    let problem = target.problem(PHOTOS);
    let opened = problem.is_some();
    let inside = if there < MAX_PHOTOS {
        let refused = target.refused_as(PHOTOS);
        Either::Left(view! {
            <FormKey form=PHOTOS/>
            <PhotosField id=Input::Photos.name() refused is_required=true/>
            <ChosenPhotos/>
            <LiveAids unsent=words.added_without/>
            <button class="button">{words.add_photos}</button>
        })
    } else {
        Either::Right(view! { <p>{(words.photos_full)()}</p> })
    };
    view! {
        <details class="fold ticket__add" open=opened>
            <summary>{words.add_photos}</summary>
            <form
                class="form"
                method="post"
                enctype="multipart/form-data"
                action=format!("/tickets/{}/{PHOTOS}", target.id)
            >
                {problem.map(|problem| view! { <Refusal problem/> })}
                {inside}
            </form>
        </details>
    }
}

/// Photo field, last in its form: when a file is so large that nothing behind it is read any more,
/// all typed text has arrived.
#[component]
pub fn PhotosField(id: &'static str, refused: Option<FormState>, is_required: bool) -> impl IntoView {
    let words = texts().work();
    let name = Input::Photos.name();
    let [again, hint] = [format!("{id}-again"), format!("{id}-hint")];
    let files = refused.map(|form| form.all_typed(name).into_iter().map(marked).collect::<Vec<_>>());
    let chosen = files.unwrap_or_default().join(texts().list().and);
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {words.choose_photos}
                {(!is_required).then(|| view! { " " <span class="field__optional">{words.optional}</span> })}
            </label>
            {(!chosen.is_empty()).then(|| view! {
                <span class="field__error" id=again.clone()>{isolated(&(words.photos_again)(&chosen))}</span>
            })}
            <input
                class="field__input"
                id=id
                name=name
                type="file"
                multiple
                accept=ACCEPTED
                required=is_required
                aria-describedby=if chosen.is_empty() { hint.clone() } else { format!("{again} {hint}") }
            />
            <span class="field__hint" id=hint.clone()>{(words.photos_hint)()}</span>
        </div>
    }
}

/// Upload queue of a live form. The first item is the model of all others.
#[component]
pub fn ChosenPhotos() -> impl IntoView {
    let words = texts().work();
    view! {
        <ul class="tray">
            <li class="tray__photo" hidden>
                <span class="tray__picture" data-part="picture"></span>
                <div class="tray__words">
                    <span class="tray__name" data-part="name" dir="auto"></span>
                    <progress class="tray__progress" data-part="progress" max="100" value="0" aria-label=words.photo_progress></progress>
                    <span class="tray__state" data-part="state" role="status"></span>
                </div>
                <div class="tray__actions">
                    <button class="button" type="button" data-part="retry">{words.photo_retry}</button>
                    <button class="button" type="button" data-part="remove">{words.photo_remove}</button>
                </div>
            </li>
        </ul>
    }
}
