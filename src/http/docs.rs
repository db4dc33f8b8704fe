//! `/api/docs`: the OpenAPI document as a page to read. It is rendered here
//! from the document itself and loads nothing but the site's own style.

use std::sync::LazyLock;

use axum::extract::{Request, State};
use axum::response::Response;
use leptos::either::Either;
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::{Web, openapi, pages};
use crate::ui::page_context::texts;
use crate::ui::pages::PageTitle;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(&*openapi::DOCUMENT).expect("the document is plain JSON"));

pub async fn page(State(web): State<Web>, request: Request) -> Response {
    pages::render(web, request, None, || view! { <Docs/> }.into_any()).await
}

/// One way to call the interface.
struct Endpoint {
    method: String,
    path: &'static str,
    operation: &'static Value,
}

impl Endpoint {
    fn anchor(&self) -> String {
        self.path.trim_start_matches('/').replace('/', "-").replace(['{', '}'], "")
    }
}

fn endpoints() -> Vec<Endpoint> {
    let members = |value: &'static Value| value.as_object().into_iter().flat_map(Map::iter);
    members(&DOCUMENT["paths"])
        .flat_map(|(path, methods)| {
            members(methods).map(move |(method, operation)| Endpoint {
                method: method.to_uppercase(),
                path,
                operation,
            })
        })
        .collect()
}

#[component]
fn Docs() -> impl IntoView {
    let words = texts().docs();
    let contents = |endpoint: &Endpoint| {
        let (anchor, path) = (format!("#{}", endpoint.anchor()), endpoint.path);
        view! { <li><a href=anchor><code>{path}</code></a></li> }
    };
    let endpoints = endpoints();
    view! {
        <PageTitle title=words.title/>
        <main class="page" id="main" tabindex="-1">
            <h1 class="page__title">{words.title}</h1>
            <div class="api-doc">
                <nav class="api-doc__contents" aria-label=words.contents>
                    <ul>
                        {endpoints.iter().map(contents).collect_view()}
                        <li><a href="/api/openapi.json">{words.document}</a></li>
                    </ul>
                </nav>
                <div lang="en">
                    {endpoints.into_iter().map(|endpoint| view! { <Section endpoint/> }).collect_view()}
                </div>
            </div>
        </main>
    }
}

#[component]
fn Section(endpoint: Endpoint) -> impl IntoView {
    let words = texts().docs();
    let anchor = endpoint.anchor();
    let Endpoint { method, path, operation } = endpoint;
    let body = schema_name(&operation["requestBody"]);
    let schemas = schemas_of(operation);
    view! {
        <section class="api-doc__section" id=anchor>
            <h2 class="api-doc__endpoint">
                <span class="api-doc__method">{method}</span> " " <code>{path}</code>
            </h2>
            <p><Prose text=text(&operation["summary"])/></p>
            <p><Prose text=text(&operation["description"])/></p>
            {operation["parameters"].as_array().map(|parameters| view! { <Parameters parameters/> })}
            {body.map(|schema| view! {
                <h3 class="api-doc__subtitle">{words.body}</h3>
                <p><code>{schema}</code></p>
            })}
            <Responses responses=&operation["responses"]/>
            {schemas.into_iter().map(|schema| view! { <Fields schema/> }).collect_view()}
        </section>
    }
}

#[component]
fn Parameters(parameters: &'static [Value]) -> impl IntoView {
    let words = texts().docs();
    let rows = parameters.iter().map(|parameter| {
        (text(&parameter["name"]), kind(&parameter["schema"]), text(&parameter["description"]))
    });
    view! {
        <h3 class="api-doc__subtitle">{words.parameters}</h3>
        <Table label=words.parameters.to_owned() first=words.name rows=rows.collect()/>
    }
}

#[component]
fn Responses(responses: &'static Value) -> impl IntoView {
    let words = texts().docs();
    let members = responses.as_object().into_iter().flat_map(Map::iter);
    let rows = members.map(|(status, response)| {
        let schema = schema_name(response).unwrap_or_default().to_owned();
        (status.as_str(), schema, text(&response["description"]))
    });
    view! {
        <h3 class="api-doc__subtitle">{words.responses}</h3>
        <Table label=words.responses.to_owned() first=words.status rows=rows.collect()/>
    }
}

#[component]
fn Fields(schema: &'static str) -> impl IntoView {
    let label = (texts().docs().fields)(schema);
    let properties = DOCUMENT["components"]["schemas"][schema]["properties"].as_object();
    let rows = properties
        .into_iter()
        .flat_map(Map::iter)
        .map(|(name, property)| (name.as_str(), kind(property), text(&property["description"])));
    view! {
        <h3 class="api-doc__subtitle">{label.clone()}</h3>
        <Table label first=texts().docs().name rows=rows.collect()/>
    }
}

/// Roles are written out: on narrow pages the table is laid out as blocks.
#[component]
fn Table(
    label: String,
    first: &'static str,
    rows: Vec<(&'static str, String, &'static str)>,
) -> impl IntoView {
    let words = texts().docs();
    let row = |(name, kind, meaning)| {
        view! {
            <tr role="row">
                <th role="rowheader" scope="row"><code>{name}</code></th>
                <td role="cell">{kind}</td>
                <td role="cell"><Prose text=meaning/></td>
            </tr>
        }
    };
    view! {
        <table class="api-doc__table" role="table" aria-label=label>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{first}</th>
                    <th role="columnheader" scope="col">{words.kind}</th>
                    <th role="columnheader" scope="col">{words.meaning}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// A sentence in which backquotes mark code.
#[component]
fn Prose(text: &'static str) -> impl IntoView {
    let piece = |(index, piece): (usize, &'static str)| match index % 2 {
        0 => Either::Left(piece),
        _ => Either::Right(view! { <code>{piece}</code> }),
    };
    text.split('`').enumerate().map(piece).collect_view()
}

fn text(value: &'static Value) -> &'static str {
    value.as_str().unwrap_or_default()
}

/// `integer`, `string or null`, `list of TicketReply`.
fn kind(schema: &'static Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return last_segment(name).to_owned();
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}

fn schema_name(carrier: &'static Value) -> Option<&'static str> {
    let content = carrier["content"].as_object()?.values().next()?;
    content["schema"]["$ref"].as_str().map(last_segment)
}

fn last_segment(reference: &'static str) -> &'static str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// The schema of a member, or of what a list has in it.
fn schema_in(property: &'static Value) -> Option<&'static str> {
    let choices = property["oneOf"].as_array().into_iter().flatten();
    let mut carriers = [property, &property["items"]].into_iter().chain(choices);
    carriers.find_map(|carrier| carrier["$ref"].as_str())
}

/// What goes in and what comes out, with what those are made of.
fn schemas_of(operation: &'static Value) -> Vec<&'static str> {
    let responses = operation["responses"].as_object().into_iter().flat_map(Map::values);
    let mut found: Vec<&'static str> = Vec::new();
    let mut waiting: Vec<&'static str> =
        std::iter::once(&operation["requestBody"]).chain(responses).filter_map(schema_name).collect();
    waiting.reverse();
    while let Some(name) = waiting.pop() {
        if found.contains(&name) {
            continue;
        }
        found.push(name);
        let properties = DOCUMENT["components"]["schemas"][name]["properties"].as_object();
        let inner = properties.into_iter().flat_map(Map::values).filter_map(schema_in);
        waiting.extend(inner.map(last_segment));
    }
    found
}
