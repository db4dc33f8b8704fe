//! Actions of the reader of a ticket: the obvious next one, then the rest.

use leptos::either::Either;
use leptos::prelude::*;

use super::form_names::{CODE, CORRECT, NEW, SEEN};
use super::hand_over::HandOver;
use super::photos::PhotosField;
use super::target::{FormKey, Target};
use crate::domain::input::Input;
use crate::domain::people::availability::Colleague;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::report::Field;
use crate::domain::tickets::view::TicketView;
use crate::text::name_of;
use crate::ui::components::isolated::embedded;
use crate::ui::components::refusal::Refusal;
use crate::ui::components::text_area::TextArea;
use crate::ui::page_context::{FormState, MadeCode, texts};

const DONE_PHOTOS: &str = "done-photos";

/// Refusal of a form that is gone: the reason, and the text that was typed, which may still be needed.
#[component]
pub fn Overtaken(form: FormState) -> impl IntoView {
    let details = Field::ALL.map(Field::name);
    let typed: Vec<&str> = match form.form.as_str() {
        NEW | CORRECT => details.into_iter().map(|name| form.typed(name)).collect(),
        _ => [Input::Note, Input::Message].map(|input| form.typed(input.name())).to_vec(),
    };
    let typed = typed.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    view! {
        <Refusal problem=form.problem/>
        {(!typed.is_empty()).then(|| view! {
            <div class="field">
                <label class="field__label" for="overtaken">{texts().work().typed}</label>
                <TextArea id="overtaken" name="overtaken" value=typed rows=3 is_required=false/>
            </div>
        })}
    }
}

/// Fields of forms that move a ticket: the state that was shown.
#[component]
pub fn Seen(target: Target) -> impl IntoView {
    view! {
        <input type="hidden" name="version" value=target.version.to_string()/>
        <input type="hidden" name=SEEN value=target.seen.to_string()/>
    }
}

#[component]
pub fn TicketActions(ticket: TicketView, target: Target) -> impl IntoView {
    let words = texts().work();
    let next = ticket.next_action;
    let overtaken = target.overtaken(&ticket);
    let others: Vec<Action> = ticket.actions.into_iter().filter(|action| Some(*action) != next).collect();
    let first = match next {
        Some(action) => {
            let target = target.clone();
            Either::Left(view! { <ActionForm action target is_next=true/> })
        }
        None => Either::Right(view! { <p>{words.nothing_to_do}</p> }),
    };
    // A refused one stays open, with what was typed.
    let opened = |action: &Action| target.problem(action.name()).is_some();
    let opens_code = target.problem(CODE).is_some() || use_context::<MadeCode>().is_some();
    let any_opened = others.iter().any(opened) || opens_code;
    let other = |action: Action| {
        let (target, open) = (target.clone(), opened(&action));
        view! {
            <details class="fold actions__item" open=open>
                <summary>{(words.action)(action)}</summary>
                <ActionForm action target is_next=false/>
            </details>
        }
    };
    let may_hand_over = others.contains(&Action::Offer);
    let hand_over = target.clone();
    view! {
        <section class="panel actions" aria-labelledby="next">
            <h2 class="panel__title" id="next">{words.next}</h2>
            {overtaken.map(|form| view! { <Overtaken form/> })}
            {first}
            {(!others.is_empty()).then(|| view! {
                <details class="fold actions__more" open=any_opened>
                    <summary>{words.more}</summary>
                    {others.iter().copied().map(other).collect_view()}
                    {may_hand_over.then(|| view! { <HandOver target=hand_over/> })}
                </details>
            })}
        </section>
    }
}

#[component]
fn ActionForm(action: Action, target: Target, is_next: bool) -> impl IntoView {
    let words = texts().work();
    let consequence = (words.consequence)(action);
    let problem = target.problem(action.name());
    let takes_note = action.needs_a_note() || matches!(action, Action::Cancel | Action::Reopen);
    let takes_photos = action == Action::ReportDone;
    let takes_person = matches!(action, Action::Assign | Action::Offer);
    let kind = match action {
        Action::Cancel | Action::Close | Action::Decline => "danger",
        _ if is_next => "primary",
        _ => "plain",
    };
    let fields = target.clone();
    view! {
        <form
            class="form actions__form"
            method="post"
            enctype=takes_photos.then_some("multipart/form-data")
            action=format!("/tickets/{}/act", target.id)
        >
            {problem.map(|problem| view! { <Refusal problem photos=DONE_PHOTOS/> })}
            <input type="hidden" name="action" value=action.name()/>
            <Seen target=target.clone()/>
            <FormKey form=action.name()/>
            {takes_person.then(|| view! { <Receiver action target=fields.clone()/> })}
            {takes_note.then(|| view! { <NoteField action target=fields.clone()/> })}
            {takes_photos.then(|| view! {
                <PhotosField id=DONE_PHOTOS refused=fields.refused_as(action.name()) is_required=false/>
            })}
            {(!consequence.is_empty()).then(|| view! { <p class="actions__hint">{consequence}</p> })}
            <button class="button" data-kind=kind>{(words.action)(action)}</button>
        </form>
    }
}

#[component]
fn NoteField(action: Action, target: Target) -> impl IntoView {
    let words = texts().work();
    let id = format!("note-{action}");
    let is_required = action.needs_a_note();
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>
                {(words.note_of)(action)}
                {(!is_required).then(|| view! { " " <span class="field__optional">{words.optional}</span> })}
            </label>
            <TextArea
                id=id
                name=Input::Note.name()
                value=target.typed(action.name(), Input::Note.name())
                rows=3
                is_required
            />
        </div>
    }
}

#[component]
fn Receiver(action: Action, target: Target) -> impl IntoView {
    let words = texts().work();
    let id = format!("receiver-{action}");
    let chosen = target.typed(action.name(), Input::Technician.name());
    let option = |colleague: Colleague| {
        let marks = [
            (colleague.is_full, words.full),
            (!colleague.on_duty, words.off_duty),
            (!colleague.serves, words.other_campus),
        ];
        let marks = marks.into_iter().filter(|(applies, _)| *applies).map(|(_, mark)| mark);
        let name = std::iter::once(embedded(&name_of(&colleague.who))).chain(marks.map(str::to_owned));
        let id = colleague.who.id.to_string();
        let (selected, disabled) = (id == chosen, !colleague.can_be_asked(action));
        view! {
            <option value=id selected=selected disabled=disabled>{name.collect::<Vec<_>>().join(" · ")}</option>
        }
    };
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{words.receiver}</label>
            <select class="field__input" id=id name=Input::Technician.name() required>
                <option value="">{words.choose}</option>
                {target.colleagues.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}
