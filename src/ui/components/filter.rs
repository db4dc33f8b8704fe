//! What a list is narrowed by: links for its progress, a form for the rest.

use leptos::prelude::*;

use crate::domain::paging::DEFAULT_LIMIT;
use crate::domain::place::Place;
use crate::domain::query::{BadQuery, BadValue, Parameter, Reason, TicketQuery};
use crate::domain::status::{List, ListSizes};
use crate::ui::page_context::{self, locale, texts};

/// What the address says: a query, or what is wrong with it.
pub type Asked = Result<TicketQuery, BadQuery>;

/// The query as far as it could be read.
pub fn readable(asked: &Asked) -> TicketQuery {
    match asked {
        Ok(query) => query.clone(),
        Err(bad) => bad.rest.clone(),
    }
}

/// Open, done, all: with how many there are, once that is known.
#[component]
pub fn Tabs(place: Place, query: TicketQuery, sizes: Option<ListSizes>) -> impl IntoView {
    let words = texts().list();
    let tab = |list: List| {
        let address = format!("{}{}", place.path(), query.with_list(list).to_search());
        let current = (list == query.list).then_some("true");
        let size = sizes.map(|sizes| view! { <span>{locale().number(sizes.of(list))}</span> });
        view! {
            <li class="tabs__item">
                <a class="tabs__link" href=address aria-current=current>
                    {(words.list)(list)} " " {size}
                </a>
            </li>
        }
    };
    view! {
        <nav class="tabs" aria-label=words.by_progress>
            <ul class="tabs__list">{List::ALL.map(tab).collect_view()}</ul>
        </nav>
    }
}

/// A GET form, which leads to another address of the list.
#[component]
pub fn FilterForm(place: Place, asked: Asked) -> impl IntoView {
    let words = texts().list();
    let query = readable(&asked);
    let campuses = page_context::with(|context| context.campuses.clone());
    let chosen = query.campus.clone();
    // A campus of old that is no longer offered stays choosable while it is chosen.
    let former = chosen.clone().filter(|campus| !campuses.contains(campus));
    // The attribute is what the server sends; once somebody has typed, only the
    // property changes what is seen.
    let option = move |campus: String| {
        let selected = chosen.as_ref() == Some(&campus);
        view! { <option value=campus.clone() selected=selected prop:selected=selected>{campus.clone()}</option> }
    };
    let hidden = |parameter: Parameter, value: Option<String>| {
        value.map(|value| view! { <input type="hidden" name=parameter.name() value=value/> })
    };
    let limit = Parameter::Limit;

    view! {
        <form class="filter__form" method="get" action=place.path()>
            {hidden(Parameter::List, (query.list != List::All).then(|| query.list.name().to_owned()))}
            {hidden(limit, (query.limit != DEFAULT_LIMIT).then(|| query.limit.to_string()))}
            <div class="field">
                <label class="field__label" for="filter-campus">{words.campus}</label>
                <select class="field__input" id="filter-campus" name=Parameter::Campus.name()>
                    <option value="">{words.any_campus}</option>
                    {campuses.into_iter().chain(former).map(option).collect_view()}
                </select>
            </div>
            <IdField
                parameter=Parameter::Owner
                label=words.owner_id
                value=query.owner.map(|id| id.to_string())
                bad=refused(&asked, Parameter::Owner)
            />
            <IdField
                parameter=Parameter::Technician
                label=words.technician_id
                value=query.technician.map(|id| id.to_string())
                bad=refused(&asked, Parameter::Technician)
            />
            <button class="button">{words.filter}</button>
        </form>
    }
}

fn refused(asked: &Asked, parameter: Parameter) -> Option<BadValue> {
    let values = asked.as_ref().err().map(|bad| &bad.values)?;
    values.iter().find(|value| value.parameter == parameter).cloned()
}

#[component]
fn IdField(
    parameter: Parameter,
    label: &'static str,
    value: Option<String>,
    bad: Option<BadValue>,
) -> impl IntoView {
    let id = format!("filter-{parameter}");
    let error_id = format!("{id}-error");
    let invalid = bad.is_some();
    let typed = bad.as_ref().map(|bad| bad.typed.clone()).or(value).unwrap_or_default();
    let error = bad.map(|bad| {
        let id = error_id.clone();
        view! { <span class="field__error" id=id>{reason_at_field(&bad)}</span> }
    });
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            {error}
            <input
                class="field__input"
                id=id
                name=parameter.name()
                value=typed.clone()
                prop:value=typed
                inputmode="numeric"
                autocomplete="off"
                aria-invalid=invalid.then_some("true")
                aria-describedby=invalid.then_some(error_id)
            />
        </div>
    }
}

/// What the form calls a parameter; those without a field go by their own name.
fn label_of(parameter: Parameter) -> &'static str {
    let words = texts().list();
    match parameter {
        Parameter::Owner => words.owner_id,
        Parameter::Technician => words.technician_id,
        Parameter::Campus => words.campus,
        Parameter::Ticket | Parameter::List | Parameter::Role | Parameter::Page | Parameter::Limit => {
            parameter.name()
        }
    }
}

/// The limits of an integer help whoever writes programs; people get an example.
fn reason_at_field(bad: &BadValue) -> String {
    match (bad.parameter, bad.reason) {
        (Parameter::Owner | Parameter::Technician, Reason::NotAnInteger) => texts().list().bad_id.to_owned(),
        (_, reason) => (texts().problem().reason)(reason),
    }
}

/// What is wrong, on top of the page, with links to where it can be mended.
#[component]
pub fn ToCorrect(bad: Vec<BadValue>) -> impl IntoView {
    let words = texts().list();
    let count = bad.len();
    let item = |value: BadValue| {
        let sentence = (words.named)(label_of(value.parameter), &reason_at_field(&value));
        let field = match value.parameter {
            Parameter::Owner | Parameter::Technician | Parameter::Campus => {
                format!("filter-{}", value.parameter)
            }
            _ => "results".to_owned(),
        };
        view! { <li><a href=format!("#{field}")>{sentence}</a></li> }
    };
    view! {
        <div class="message" data-kind="error" role="alert" aria-labelledby="errors-title">
            <h2 class="message__title" id="errors-title">{(words.to_correct)(count)}</h2>
            <ul class="message__list">{bad.into_iter().map(item).collect_view()}</ul>
        </div>
    }
}
