//! Writing to a ticket: messages, notes, corrections.

use leptos::prelude::*;

use super::actions::Seen;
use super::form_names::{CORRECT, MESSAGE, NOTE};
use super::report_field::{Report, ReportField};
use super::target::{FormKey, Target};
use crate::domain::input::Input;
use crate::domain::problem::Problem;
use crate::domain::tickets::report::{Draft, Field};
use crate::domain::tickets::view::TicketView;
use crate::ui::components::refusal::Refusal;
use crate::ui::components::text_area::TextArea;
use crate::ui::page_context::texts;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    Message,
    Note,
}

impl MessageKind {
    /// The name of the form, and the last word of its address.
    const fn name(self) -> &'static str {
        match self {
            Self::Message => MESSAGE,
            Self::Note => NOTE,
        }
    }
}

#[component]
pub fn MessageForm(kind: MessageKind, target: Target) -> impl IntoView {
    let words = texts().work();
    let (label, hint, send) = match kind {
        MessageKind::Message => (words.message, words.message_hint, words.send),
        MessageKind::Note => (words.note, words.note_hint, words.save_note),
    };
    let name = kind.name();
    let field = Input::Message.name();
    view! {
        <form class="panel form" id=name data-look=name method="post" action=format!("/tickets/{}/{name}", target.id)>
            {target.problem(name).map(|problem| view! { <Refusal problem/> })}
            <FormKey form=name/>
            <div class="field">
                <label class="field__label" for=format!("{name}-text")>{label}</label>
                <TextArea
                    id=format!("{name}-text")
                    name=field
                    value=target.typed(name, field)
                    rows=3
                    is_required=true
                    described_by=Some(format!("{name}-hint"))
                />
                <span class="field__hint" id=format!("{name}-hint")>{hint}</span>
            </div>
            <button class="button">{send}</button>
        </form>
    }
}

/// Form of the fields that may still be corrected, folded away.
#[component]
pub fn Correction(ticket: TicketView, target: Target) -> impl IntoView {
    let words = texts().work();
    let problem = target.problem(CORRECT);
    let present = Draft::of(ticket.correctable.iter().map(|field| (field.name(), value_of(&ticket, *field))));
    let draft = match target.refused_as(CORRECT) {
        Some(form) => Draft::of(form.typed),
        None => present.clone(),
    };
    let bad = match &problem {
        Some(Problem::BadFields(fields)) => fields.clone(),
        _ => Vec::new(),
    };
    // A correction that comes late must not undo another unseen.
    let present = matches!(problem, Some(Problem::Stale)).then(|| present.clone());
    let report = Report { offered: ticket.offered, draft, bad, present };
    let ask = |field: Field| {
        let report = report.clone();
        view! { <ReportField field report/> }
    };
    let opened = problem.is_some();
    view! {
        <details class="fold panel" open=opened>
            <summary>{words.correct}</summary>
            <form class="form" method="post" action=format!("/tickets/{}/{CORRECT}", target.id)>
                {problem.map(|problem| view! { <Refusal problem/> })}
                <Seen target=target.clone()/>
                <FormKey form=CORRECT/>
                {ticket.correctable.into_iter().map(ask).collect_view()}
                <button class="button">{words.save}</button>
            </form>
        </details>
    }
}

fn value_of(ticket: &TicketView, field: Field) -> String {
    let card = &ticket.card;
    match field {
        Field::DeviceType => card.device_type.clone(),
        Field::Brand => card.brand.clone(),
        Field::Model => ticket.model.clone(),
        Field::PurchaseDate => card.purchase_date.clone().unwrap_or_default(),
        Field::Warranty => ticket.warranty.name().to_owned(),
        Field::FaultType => card.fault_type.clone(),
        Field::Description => card.description.clone(),
        Field::Campus => card.campus.clone(),
        Field::Phone => card.phone.clone(),
        Field::Contact => card.qq.clone(),
        Field::Image => card.image_url.clone().unwrap_or_default(),
    }
}
