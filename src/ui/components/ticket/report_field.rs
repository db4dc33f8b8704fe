//! One question of a repair report: label, hint or error, and the right kind
//! of input.

use leptos::either::EitherOf3;
use leptos::prelude::*;

use crate::domain::tickets::report::{BadField, Draft, EARLIEST_PURCHASE, Field, Offered, Warranty};
use crate::ui::components::isolated::{isolated, marked};
use crate::ui::components::text_area::TextArea;
use crate::ui::page_context::texts;

/// Values that the fields of one form share.
#[derive(Clone)]
pub struct Report {
    pub offered: Offered,
    /// Typed values, or those that are known already.
    pub draft: Draft,
    pub bad: Vec<BadField>,
    /// Present values, where they are shown beside the typed ones.
    pub present: Option<Draft>,
}

impl Report {
    fn error(&self, field: Field) -> Option<String> {
        let bad = self.bad.iter().find(|bad| bad.field == field)?;
        Some((texts().work().reason)(bad.reason))
    }

    /// Present value of a field, if another one was typed.
    fn other(&self, field: Field) -> Option<&str> {
        let present = self.present.as_ref()?.get(field);
        (field.canonical(present) != field.canonical(self.draft.get(field))).then_some(present)
    }

    pub fn is_bad(&self, field: Field) -> bool {
        self.bad.iter().any(|bad| bad.field == field)
    }
}

#[component]
pub fn ReportField(field: Field, report: Report) -> impl IntoView {
    let words = texts().work();
    let name = field.name();
    let (error_id, hint_id) = (format!("{name}-error"), format!("{name}-hint"));
    let (error, hint) = (report.error(field), (words.hint)(field));
    let other = report.other(field).map(|present| {
        let present = if present.is_empty() { words.empty.to_owned() } else { marked(present) };
        (words.now)(&present)
    });
    let described_by = match (error.is_some(), hint.is_empty()) {
        (true, true) => Some(error_id.clone()),
        (true, false) => Some(format!("{error_id} {hint_id}")),
        (false, false) => Some(hint_id.clone()),
        (false, true) => None,
    };
    view! {
        <div class="field">
            <label class="field__label" for=name>
                {(words.field)(field)}
                {(!field.is_required()).then(|| view! { " " <span class="field__optional">{words.optional}</span> })}
            </label>
            {error.clone().map(|error| view! { <span class="field__error" id=error_id>{error}</span> })}
            {other.map(|other| view! { <span class="field__hint">{isolated(&other)}</span> })}
            <ReportInput field report is_bad=error.is_some() described_by/>
            {(!hint.is_empty()).then(|| view! { <span class="field__hint" id=hint_id>{hint}</span> })}
        </div>
    }
}

#[component]
fn ReportInput(field: Field, report: Report, is_bad: bool, described_by: Option<String>) -> impl IntoView {
    let (name, value) = (field.name(), report.draft.get(field).to_owned());
    let invalid = is_bad.then_some("true");
    match choices(field, &report.offered) {
        Some(choices) => EitherOf3::A(view! {
            <select
                class="field__input"
                data-width="medium"
                id=name
                name=name
                required=field.is_required()
                aria-invalid=invalid
                aria-describedby=described_by
            >
                <Options choices value is_required=field.is_required()/>
            </select>
        }),
        None if field == Field::Description => EitherOf3::B(view! {
            <TextArea
                id=name
                name=name
                value=value
                rows=5
                is_required=true
                is_bad=Some(is_bad)
                described_by=described_by
            />
        }),
        None => {
            let Typing { input_type, autocomplete, width } = Typing::of(field);
            let (earliest, latest) = match field {
                Field::PurchaseDate => (Some(date(EARLIEST_PURCHASE)), Some(today(&report.offered))),
                _ => (None, None),
            };
            EitherOf3::C(view! {
                <input
                    class="field__input"
                    data-width=width
                    id=name
                    name=name
                    type=input_type
                    value=value
                    min=earliest
                    dir="auto"
                    max=latest
                    autocomplete=autocomplete
                    required=field.is_required()
                    aria-invalid=invalid
                    aria-describedby=described_by
                />
            })
        }
    }
}

/// Choices of a field, as names and words; `None` where people type.
fn choices(field: Field, offered: &Offered) -> Option<Vec<(String, String)>> {
    let plain = |names: &[String]| {
        let pairs = names.iter().map(|name| (name.clone(), name.clone()));
        (!names.is_empty()).then(|| pairs.collect())
    };
    match field {
        Field::DeviceType => plain(&offered.device_types),
        Field::FaultType => plain(&offered.fault_types),
        Field::Campus => plain(&offered.campuses),
        Field::Warranty => {
            let word = texts().work().warranty;
            Some(
                Warranty::ALL
                    .map(|warranty| (warranty.name().to_owned(), word(warranty).to_owned()))
                    .to_vec(),
            )
        }
        _ => None,
    }
}

#[component]
fn Options(choices: Vec<(String, String)>, value: String, is_required: bool) -> impl IntoView {
    // A former choice stays choosable, also if it is no longer offered.
    let former = (!value.is_empty() && !choices.iter().any(|(name, _)| *name == value))
        .then(|| (value.clone(), value.clone()));
    let option = move |(name, word): (String, String)| {
        let selected = name == value;
        view! { <option value=name selected=selected dir="auto">{word}</option> }
    };
    view! {
        {is_required.then(|| view! { <option value="">{texts().work().choose}</option> })}
        {choices.into_iter().chain(former).map(option).collect_view()}
    }
}

/// Attributes of an input.
struct Typing {
    input_type: &'static str,
    autocomplete: &'static str,
    width: &'static str,
}

impl Typing {
    const fn of(field: Field) -> Self {
        let (input_type, autocomplete, width) = match field {
            Field::PurchaseDate => ("date", "off", "short"),
            Field::Phone => ("tel", "tel", "short"),
            Field::Image => ("url", "off", "long"),
            _ => ("text", "off", "medium"),
        };
        Self { input_type, autocomplete, width }
    }
}

fn today(offered: &Offered) -> String {
    let today = offered.today;
    date((today.year, today.month, today.day))
}

fn date((year, month, day): (i32, u8, u8)) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}
