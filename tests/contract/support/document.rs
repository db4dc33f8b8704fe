//! The OpenAPI document, and whether what goes in and out is what it declares.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{Method, Request};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;
use tower::ServiceExt as _;

use crate::support::wire::Reply;

/// Document as the server gives it; it is the same for every desk.
pub async fn document(router: &Router) -> &'static Value {
    static DOCUMENT: OnceCell<Value> = OnceCell::const_new();
    let read = async || {
        let mut request = Request::get("/api/openapi.json").body(Body::empty()).expect("a request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        let response = router.clone().oneshot(request).await.expect("infallible");
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        serde_json::from_slice(&body).expect("is JSON")
    };
    DOCUMENT.get_or_init(read).await
}

/// A call of the interface, as the document knows it.
#[derive(Clone)]
pub struct Operation {
    document: &'static Value,
    declared: &'static Value,
    name: String,
}

impl Operation {
    /// `None` for addresses and methods that the document does not have.
    pub async fn of(router: &Router, method: &Method, path: &str) -> Option<Self> {
        if !path.starts_with("/v1/") {
            return None;
        }
        let document = document(router).await;
        let mut paths = document["paths"].as_object().expect("paths").iter();
        let (template, methods) = paths.find(|(template, _)| is_of(template, path))?;
        let declared = methods.get(method.as_str().to_lowercase())?;
        Some(Self { document, declared, name: format!("{method} {template}") })
    }

    /// What is wrong with an answer; `None` where it is one that the document declares.
    pub fn fault_of_answer(&self, reply: &Reply) -> Option<String> {
        let status = reply.status;
        let Some(declared) = self.declared["responses"].get(status.as_str()) else {
            return Some(format!("{status} of {} is not declared", self.name));
        };
        let kind = reply.header(CONTENT_TYPE.as_str());
        let Some(content) = declared["content"].get(kind) else {
            return Some(format!("{status} of {} is of the type {kind:?}, not declared", self.name));
        };
        if kind != "application/json" || !reply.header(CONTENT_ENCODING.as_str()).is_empty() {
            return None;
        }
        let fault =
            disagreement(self.document, &content["schema"], &reply.json(), Members::All, "the answer");
        fault.map(|fault| format!("{status} of {}: {fault}", self.name))
    }

    /// What is wrong with a request that the server has taken: the names of its query, or its body.
    pub fn fault_of_request(&self, query: &str, kind: &str, body: &[u8]) -> Option<String> {
        let fault = self.fault_of_query(query).or_else(|| self.fault_of_body(kind, body));
        fault.map(|fault| format!("{} was sent what the document does not know: {fault}", self.name))
    }

    fn fault_of_query(&self, query: &str) -> Option<String> {
        let parameters = self.declared["parameters"].as_array().into_iter().flatten();
        let of_query: BTreeSet<&str> =
            parameters.filter(|one| one["in"] == "query").filter_map(|one| one["name"].as_str()).collect();
        let mut sent = form_urlencoded::parse(query.as_bytes());
        sent.find(|(name, _)| !of_query.contains(&**name)).map(|(name, _)| format!("the parameter {name}"))
    }

    fn fault_of_body(&self, kind: &str, body: &[u8]) -> Option<String> {
        if body.is_empty() {
            return self.declared["requestBody"]["required"].as_bool()?.then(|| "no body".to_owned());
        }
        let kind = kind.split(';').next().unwrap_or_default();
        let Some(content) = self.declared["requestBody"]["content"].get(kind) else {
            // Calls without a body may have an empty one.
            return (body != b"{}").then(|| format!("a body of the type {kind:?}"));
        };
        let schema = resolved(self.document, &content["schema"]);
        if kind == "multipart/form-data" {
            return undeclared(schema, names_of_parts(body).iter().map(String::as_str));
        }
        let sent = serde_json::from_slice(body).unwrap_or_default();
        disagreement(self.document, schema, &sent, Members::Required, "the body")
    }
}

/// Returns `true` if a path is one of those that a template stands for.
fn is_of(template: &str, path: &str) -> bool {
    let (parts, found): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    let are_alike = |(part, found): (&&str, &&str)| part == found || part.starts_with('{');
    parts.len() == found.len() && parts.iter().zip(&found).all(are_alike)
}

/// Names of the fields of a multipart form.
fn names_of_parts(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let heads = text.split("Content-Disposition: form-data; name=\"").skip(1);
    heads.filter_map(|head| head.split('"').next()).map(str::to_owned).collect()
}

/// Members that an object must have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// All that are declared: answers always have the same.
    All,
    Required,
}

/// Says what a value is not that its schema declares: these members and no others, of these types and
/// within these bounds. An object without declared members is closed, unless it says what others are.
pub fn disagreement(
    document: &Value,
    schema: &Value,
    value: &Value,
    members: Members,
    at: &str,
) -> Option<String> {
    let schema = resolved(document, schema);
    if let Some(choices) = schema["oneOf"].as_array() {
        let mut found = choices.iter().map(|choice| disagreement(document, choice, value, members, at));
        return found.all(|one| one.is_some()).then(|| format!("{at} is none of {schema}"));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return Some(format!("{at} has no type in {schema}")),
    };
    let found = type_of(value);
    let is_of_them = types.contains(&found) || found == "integer" && types.contains(&"number");
    if !is_of_them {
        return Some(format!("{at} is {found}, not {types:?}"));
    }
    match value {
        Value::Array(items) => {
            items.iter().find_map(|item| disagreement(document, &schema["items"], item, members, at))
        }
        Value::Object(sent) => fault_of_members(document, schema, sent, members, at),
        Value::Null => None,
        value => fault_of_value(schema, value).map(|fault| format!("{at} is {value}: {fault}")),
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        Some(name) => resolved(document, &document["components"]["schemas"][name]),
        None => schema,
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn fault_of_value(schema: &Value, value: &Value) -> Option<String> {
    let is_listed = schema["enum"].as_array().is_none_or(|listed| listed.contains(value));
    let number = value.as_i64();
    let is_above = |bound: &str| number.zip(schema[bound].as_i64()).is_some_and(|(it, bound)| it > bound);
    let is_below = |bound: &str| number.zip(schema[bound].as_i64()).is_some_and(|(it, bound)| it < bound);
    if !is_listed {
        return Some(format!("not in {}", schema["enum"]));
    }
    (is_above("maximum") || is_below("minimum")).then(|| format!("out of the bounds of {schema}"))
}

fn fault_of_members(
    document: &Value,
    schema: &Value,
    sent: &Map<String, Value>,
    members: Members,
    at: &str,
) -> Option<String> {
    if let Some(fault) = undeclared(schema, sent.keys().map(String::as_str)) {
        return Some(format!("{at} has {fault}"));
    }
    let properties = schema["properties"].as_object();
    let mut needed: Vec<&str> = match members {
        Members::All => properties.into_iter().flat_map(Map::keys).map(String::as_str).collect(),
        Members::Required => {
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
        }
    };
    needed.retain(|name| !sent.contains_key(*name));
    if !needed.is_empty() {
        return Some(format!("{at} lacks {needed:?}"));
    }
    sent.iter().find_map(|(name, value)| {
        let declared = properties.and_then(|properties| properties.get(name));
        match declared.unwrap_or(&schema["additionalProperties"]) {
            Value::Bool(_) => None,
            declared => disagreement(document, declared, value, members, name),
        }
    })
}

/// Names that an object may not have, if there are any among these.
fn undeclared<'a>(schema: &Value, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let is_open = matches!(schema["additionalProperties"], Value::Bool(true) | Value::Object(_));
    let unknown: Vec<&str> = names.filter(|name| schema["properties"].get(name).is_none()).collect();
    (!is_open && !unknown.is_empty()).then(|| format!("{unknown:?}, which is not declared"))
}
