//! Filters of a list: a GET form, which leads to another address.
//!
//! The server alone renders it. Under an island that changes the list in place,
//! its fields follow the address (`ui/browser/address_bar.rs`).

use leptos::either::EitherOf3;
use leptos::prelude::*;

use crate::domain::lists::page::ListPage;
use crate::domain::lists::parameter::{BadValue, Parameter, Reason};
use crate::domain::lists::query::{BadQuery, TicketQuery, YES};
use crate::domain::tickets::status::{List, Status};
use crate::text::Texts;
use crate::ui::page_context::{self, Choices, texts};

/// Query of an address, or the reasons against it.
pub type Asked = Result<TicketQuery, BadQuery>;

/// The query as far as it could be read.
pub fn readable(asked: &Asked) -> TicketQuery {
    match asked {
        Ok(query) => query.clone(),
        Err(bad) => TicketQuery::clone(&bad.rest),
    }
}

const FIRST: [Parameter; 6] = [
    Parameter::Status,
    Parameter::Campus,
    Parameter::Device,
    Parameter::Fault,
    Parameter::Owner,
    Parameter::Technician,
];
const MORE: [Parameter; 7] = [
    Parameter::Unassigned,
    Parameter::FiledFrom,
    Parameter::FiledTo,
    Parameter::AssignedFrom,
    Parameter::AssignedTo,
    Parameter::CompletedFrom,
    Parameter::CompletedTo,
];
/// Filters in the order of the form.
pub fn filters() -> impl Iterator<Item = Parameter> {
    FIRST.into_iter().chain(MORE)
}

/// Parameters that the form leaves as they are.
const KEPT: [Parameter; 5] =
    [Parameter::List, Parameter::Waiting, Parameter::Sort, Parameter::Direction, Parameter::Limit];

#[component]
pub fn FilterForm(place: ListPage, asked: Asked) -> impl IntoView {
    let words = texts().list();
    let query = readable(&asked);
    let accepted = |parameter: &Parameter| place.parameters().contains(parameter);
    let refused = |parameter: Parameter| {
        let values = asked.as_ref().err().map(|bad| &bad.values)?;
        values.iter().find(|value| value.parameter == parameter).cloned()
    };
    let field = |parameter: Parameter| {
        let asked = Field { parameter, value: query.get(parameter), bad: refused(parameter) };
        match parameter {
            Parameter::Status | Parameter::Campus | Parameter::Device | Parameter::Fault => {
                EitherOf3::A(view! { <SelectField asked list=query.list/> })
            }
            Parameter::Unassigned => EitherOf3::B(view! { <TickField asked/> }),
            _ => EitherOf3::C(view! { <TextField asked/> }),
        }
    };
    let kept = |parameter: Parameter| {
        let value = query.get(parameter);
        // An empty field would clutter the address.
        view! { <input type="hidden" name=parameter.name() disabled=value.is_none() value=value/> }
    };
    let more: Vec<Parameter> = MORE.into_iter().filter(accepted).collect();
    let is_open =
        more.iter().any(|parameter| query.get(*parameter).is_some() || refused(*parameter).is_some());
    let folded = (!more.is_empty()).then(|| {
        view! {
            <details class="fold filter__more" open=is_open>
                <summary>{words.more_filters}</summary>
                <div class="filter__fields">{more.iter().copied().map(field).collect_view()}</div>
            </details>
        }
    });
    view! {
        <form class="filter__form" id="filter" method="get" action=place.path()>
            {KEPT.into_iter().filter(accepted).map(kept).collect_view()}
            <div class="filter__fields">
                {FIRST.into_iter().filter(accepted).map(field).collect_view()}
                <button class="button">{words.filter}</button>
            </div>
            {folded}
        </form>
    }
}

/// A field, what it says, and what is wrong with that.
struct Field {
    parameter: Parameter,
    value: Option<String>,
    bad: Option<BadValue>,
}

impl Field {
    fn id(&self) -> String {
        format!("filter-{}", self.parameter)
    }

    fn typed(&self) -> String {
        let typed = self.bad.as_ref().map(|bad| bad.typed.clone());
        typed.or_else(|| self.value.clone()).unwrap_or_default()
    }
}

#[component]
fn SelectField(asked: Field, list: List) -> impl IntoView {
    let id = asked.id();
    let typed = asked.typed();
    let parameter = asked.parameter;
    let choices: Vec<(String, String)> = match parameter {
        Parameter::Status => Status::ALL
            .into_iter()
            .map(|status| (status.name().to_owned(), state_name(texts(), status)))
            .collect(),
        _ => offered(parameter).into_iter().map(|name| (name.clone(), name)).collect(),
    };
    // A campus of old that is no longer offered stays choosable while it is chosen.
    let is_former = !typed.is_empty() && choices.iter().all(|(value, _)| *value != typed);
    let former = is_former.then(|| (typed.clone(), typed.clone()));
    let option = |(value, name): (String, String)| {
        let is_elsewhere = value.parse().is_ok_and(|status| !list.contains(status));
        view! {
            <option selected=value == typed disabled=is_elsewhere value=value dir="auto">{name}</option>
        }
    };
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label_of(texts(), parameter)}</label>
            <Wrong id=id.clone() bad=asked.bad/>
            <select class="field__input" id=id name=parameter.name()>
                <option value="">{texts().list().any}</option>
                {choices.into_iter().chain(former).map(option).collect_view()}
            </select>
        </div>
    }
}

/// Name of a status for tickets with a technician and without.
pub fn state_name(texts: Texts, status: Status) -> String {
    let (with, without) = (texts.status(status, true), texts.status(status, false));
    if with == without { with.to_owned() } else { format!("{without} / {with}") }
}

fn offered(parameter: Parameter) -> Vec<String> {
    match parameter {
        Parameter::Campus => page_context::with(|context| context.campuses.clone()),
        Parameter::Device => expect_context::<Choices>().devices,
        _ => expect_context::<Choices>().faults,
    }
}

#[component]
fn TickField(asked: Field) -> impl IntoView {
    let id = asked.id();
    let is_ticked = asked.value.is_some();
    view! {
        <div class="field">
            <Wrong id=id.clone() bad=asked.bad/>
            <label class="field__check">
                <input type="checkbox" id=id name=asked.parameter.name() value=YES checked=is_ticked/>
                {label_of(texts(), asked.parameter)}
            </label>
        </div>
    }
}

#[component]
fn TextField(asked: Field) -> impl IntoView {
    let id = asked.id();
    let typed = asked.typed();
    let invalid = asked.bad.is_some();
    let is_person = matches!(asked.parameter, Parameter::Owner | Parameter::Technician);
    // A date that is none would not be shown by a field for dates.
    let kind = if is_person || invalid { "text" } else { "date" };
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label_of(texts(), asked.parameter)}</label>
            <Wrong id=id.clone() bad=asked.bad/>
            <input
                class="field__input"
                id=id.clone()
                name=asked.parameter.name()
                type=kind
                value=typed
                dir="auto"
                inputmode=is_person.then_some("numeric")
                autocomplete="off"
                aria-invalid=invalid.then_some("true")
                aria-describedby=invalid.then(|| format!("{id}-error"))
            />
        </div>
    }
}

#[component]
fn Wrong(id: String, bad: Option<BadValue>) -> impl IntoView {
    bad.map(
        |bad| view! { <span class="field__error" id=format!("{id}-error")>{reason_at_field(&bad)}</span> },
    )
}

/// Label of a parameter; those without a field go by their own name.
pub fn label_of(texts: Texts, parameter: Parameter) -> String {
    let words = texts.list();
    let from = |by| (words.from)((words.sorted_by)(by));
    let to = |by| (words.to)((words.sorted_by)(by));
    use crate::domain::lists::sort::SortedBy::{Assigned, Completed, Filed};
    match parameter {
        Parameter::Owner => words.owner_id.to_owned(),
        Parameter::Technician => words.technician_id.to_owned(),
        Parameter::Unassigned => words.nobody.to_owned(),
        Parameter::Status => words.status.to_owned(),
        Parameter::Campus => words.campus.to_owned(),
        Parameter::Device => words.device.to_owned(),
        Parameter::Fault => words.fault.to_owned(),
        Parameter::FiledFrom => from(Filed),
        Parameter::FiledTo => to(Filed),
        Parameter::AssignedFrom => from(Assigned),
        Parameter::AssignedTo => to(Assigned),
        Parameter::CompletedFrom => from(Completed),
        Parameter::CompletedTo => to(Completed),
        Parameter::Waiting => words.waiting.to_owned(),
        Parameter::Sort => words.sort.to_owned(),
        Parameter::Ticket
        | Parameter::List
        | Parameter::Role
        | Parameter::Phone
        | Parameter::Email
        | Parameter::OpenId
        | Parameter::Available
        | Parameter::Direction
        | Parameter::Page
        | Parameter::After
        | Parameter::Before
        | Parameter::Limit => parameter.name().to_owned(),
    }
}

/// Reason at a field; people get an example, not the limits of an integer.
fn reason_at_field(bad: &BadValue) -> String {
    match (bad.parameter, bad.reason) {
        (Parameter::Owner | Parameter::Technician, Reason::NotAnInteger) => texts().list().bad_id.to_owned(),
        (_, reason) => (texts().problem().reason)(reason),
    }
}

/// List of refused values on top of the page, with links to their fields.
#[component]
pub fn ToCorrect(place: ListPage, bad: Vec<BadValue>) -> impl IntoView {
    let words = texts().list();
    let count = bad.len();
    let has_form = matches!(place, ListPage::All | ListPage::Pool);
    let item = |value: BadValue| {
        let sentence = (words.named)(&label_of(texts(), value.parameter), &reason_at_field(&value));
        let has_field = has_form && filters().any(|filter| filter == value.parameter);
        let field = if has_field { format!("filter-{}", value.parameter) } else { "results".to_owned() };
        view! { <li><a href=format!("#{field}")>{sentence}</a></li> }
    };
    view! {
        <div class="message" data-kind="error" role="alert" aria-labelledby="errors-title">
            <h2 class="message__title" id="errors-title">{(words.to_correct)(count)}</h2>
            <ul class="message__list">{bad.into_iter().map(item).collect_view()}</ul>
        </div>
    }
}
