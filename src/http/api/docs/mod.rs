//! `/api/docs`: the OpenAPI document as pages to read, one for each group of
//! calls. They are rendered from the document itself and load nothing but the
//! site's own style.

mod document;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use leptos::either::Either;
use leptos::prelude::*;
use serde_json::Value;

use crate::http::Web;
use crate::http::web::render;
use crate::pages::PageTitle;
use crate::ui::page_context::texts;
use document::{Endpoint, Group, last_segment, members, properties, schema_name, schemas_of, text};

pub async fn overview(State(web): State<Web>, request: Request) -> Response {
    render::everybodys(web, request, || view! { <Overview/> }.into_any()).await
}

pub async fn group(State(web): State<Web>, Path(tag): Path<String>, request: Request) -> Response {
    match Group::tagged(&tag) {
        Some(group) => render::everybodys(web, request, move || view! { <Calls group/> }.into_any()).await,
        None => render::not_found(web, request).await,
    }
}

fn title_of(group: Group) -> &'static str {
    (texts().docs().group)(group.tag).unwrap_or(group.tag)
}

/// Groups with their calls, each a link to where it is explained.
#[component]
fn Overview() -> impl IntoView {
    let words = texts().docs();
    let section = |group: Group| {
        let calls = group.endpoints().into_iter().map(move |endpoint| {
            let (anchor, path) = (endpoint.anchor(), endpoint.path);
            let address = format!("{}#{anchor}", group.path());
            view! {
                <li id=anchor>
                    <a href=address><code>{path}</code></a>
                    <p lang="en"><Prose text=text(&endpoint.operation["summary"])/></p>
                </li>
            }
        });
        view! {
            <section class="api-doc__section">
                <h2><a href=group.path()>{title_of(group)}</a></h2>
                <p lang="en"><Prose text=group.description/></p>
                <ul class="api-doc__calls">{calls.collect_view()}</ul>
            </section>
        }
    };
    view! {
        <PageTitle title=words.title/>
        <main class="page" id="main" tabindex="-1">
            <h1 class="page__title">{words.title}</h1>
            <div class="api-doc">
                <Contents here="" endpoints=Vec::new()/>
                <div>{Group::all().map(section).collect_view()}</div>
            </div>
        </main>
    }
}

#[component]
fn Calls(group: Group) -> impl IntoView {
    let title = title_of(group);
    let endpoints = group.endpoints();
    let schemas = schemas_of(&endpoints);
    let contents = endpoints.iter().map(|endpoint| (endpoint.anchor(), endpoint.path)).collect();
    view! {
        <PageTitle title/>
        <main class="page" id="main" tabindex="-1">
            <h1 class="page__title">{title}</h1>
            <div class="api-doc">
                <Contents here=group.tag endpoints=contents/>
                <div lang="en">
                    <p><Prose text=group.description/></p>
                    {endpoints.into_iter().map(|endpoint| view! { <CommandRequest endpoint/> }).collect_view()}
                    {schemas.into_iter().map(|schema| view! { <Fields schema/> }).collect_view()}
                </div>
            </div>
        </main>
    }
}

/// Links to all groups; below the one that is open, to its calls.
#[component]
fn Contents(here: &'static str, endpoints: Vec<(String, &'static str)>) -> impl IntoView {
    let words = texts().docs();
    let calls = move || {
        let links = endpoints.iter().map(|(anchor, path)| {
            view! { <li><a href=format!("#{anchor}")><code>{*path}</code></a></li> }
        });
        view! { <ul>{links.collect_view()}</ul> }
    };
    let group = |group: Group| {
        let is_here = group.tag == here;
        view! {
            <li>
                <a href=group.path() aria-current=is_here.then_some("page")>{title_of(group)}</a>
                {is_here.then(&calls)}
            </li>
        }
    };
    view! {
        <nav class="api-doc__contents" aria-label=words.contents>
            <ul>
                <li>
                    <a href="/api/docs" aria-current=here.is_empty().then_some("page")>{words.title}</a>
                </li>
                {Group::all().map(group).collect_view()}
                <li><a href="/api/openapi.json">{words.document}</a></li>
            </ul>
        </nav>
    }
}

#[component]
fn CommandRequest(endpoint: Endpoint) -> impl IntoView {
    let words = texts().docs();
    let anchor = endpoint.anchor();
    let Endpoint { method, path, operation } = endpoint;
    let body = schema_name(&operation["requestBody"]);
    view! {
        <section class="api-doc__section" id=anchor>
            <h2 class="api-doc__endpoint">
                <span class="api-doc__method">{method}</span> " " <code>{path}</code>
            </h2>
            <p><Prose text=text(&operation["summary"])/></p>
            <p><Prose text=text(&operation["description"])/></p>
            {operation["parameters"].as_array().map(|parameters| view! { <Parameters parameters/> })}
            {body.map(|name| view! {
                <h3 class="api-doc__subtitle">{words.body}</h3>
                <p>{link_to(name)}</p>
            })}
            <Responses responses=&operation["responses"]/>
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
    let rows = members(responses).map(|(status, response)| {
        let schema = schema_name(response).map(link_to);
        (status, schema.into_any(), text(&response["description"]))
    });
    view! {
        <h3 class="api-doc__subtitle">{words.responses}</h3>
        <Table label=words.responses.to_owned() first=words.status rows=rows.collect()/>
    }
}

#[component]
fn Fields(schema: &'static str) -> impl IntoView {
    let label = (texts().docs().fields)(schema);
    let rows =
        properties(schema).map(|(name, property)| (name, kind(property), text(&property["description"])));
    view! {
        <section class="api-doc__section" id=anchor_of(schema)>
            <h2 class="api-doc__subtitle">{label.clone()}</h2>
            <Table label first=texts().docs().name rows=rows.collect()/>
        </section>
    }
}

/// Roles are written out: on narrow pages the table is laid out as blocks.
#[component]
fn Table(
    label: String,
    first: &'static str,
    rows: Vec<(&'static str, AnyView, &'static str)>,
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

/// Type of a member: `integer`, `string or null`, `list of TicketReply`. Schemas are links.
fn kind(schema: &'static Value) -> AnyView {
    if let Some(name) = schema["$ref"].as_str() {
        return link_to(last_segment(name)).into_any();
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choice = |(index, choice): (usize, &'static Value)| ((index > 0).then_some(" or "), kind(choice));
        return choices.iter().enumerate().map(choice).collect_view().into_any();
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => ("list of ", kind(&schema["items"])).into_any(),
        Value::String(name) => name.clone().into_any(),
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or ").into_any()
        }
        _ => ().into_any(),
    }
}

fn link_to(schema: &'static str) -> impl IntoView {
    view! { <a href=format!("#{}", anchor_of(schema))><code>{schema}</code></a> }
}

fn anchor_of(schema: &str) -> String {
    format!("schema-{schema}")
}
