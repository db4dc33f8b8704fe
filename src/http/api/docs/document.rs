//! The OpenAPI document as the pages of [`super`] read it.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::http::api::openapi;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(&*openapi::DOCUMENT).expect("the document is plain JSON"));

/// A tag of the document: the calls of one page.
#[derive(Clone, Copy)]
pub struct Group {
    pub tag: &'static str,
    pub description: &'static str,
}

impl Group {
    pub fn all() -> impl Iterator<Item = Self> {
        let tags = DOCUMENT["tags"].as_array().into_iter().flatten();
        tags.map(|tag| Self { tag: text(&tag["name"]), description: text(&tag["description"]) })
    }

    pub fn tagged(tag: &str) -> Option<Self> {
        Self::all().find(|group| group.tag == tag)
    }

    pub fn path(self) -> String {
        format!("/api/docs/{}", self.tag)
    }

    pub fn endpoints(self) -> Vec<Endpoint> {
        endpoints().filter(|endpoint| endpoint.tag() == self.tag).collect()
    }
}

/// One method of one path.
pub struct Endpoint {
    pub method: String,
    pub path: &'static str,
    pub operation: &'static Value,
}

impl Endpoint {
    pub fn anchor(&self) -> String {
        self.path.trim_start_matches('/').replace('/', "-").replace(['{', '}'], "")
    }

    fn tag(&self) -> &'static str {
        text(&self.operation["tags"][0])
    }
}

fn endpoints() -> impl Iterator<Item = Endpoint> {
    members(&DOCUMENT["paths"]).flat_map(|(path, methods)| {
        members(methods).map(move |(method, operation)| Endpoint {
            method: method.to_uppercase(),
            path,
            operation,
        })
    })
}

pub fn members(value: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

pub fn text(value: &'static Value) -> &'static str {
    value.as_str().unwrap_or_default()
}

pub fn properties(schema: &str) -> impl Iterator<Item = (&'static str, &'static Value)> {
    members(&DOCUMENT["components"]["schemas"][schema]["properties"])
}

/// Name of the schema that a request body or a response has.
pub fn schema_name(carrier: &'static Value) -> Option<&'static str> {
    let content = carrier["content"].as_object()?.values().next()?;
    content["schema"]["$ref"].as_str().map(last_segment)
}

pub fn last_segment(reference: &'static str) -> &'static str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// Schemas that these endpoints take and answer, and those they are made of, each once.
pub fn schemas_of(endpoints: &[Endpoint]) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    let mut waiting: Vec<&'static str> =
        endpoints.iter().flat_map(carriers).filter_map(schema_name).collect();
    waiting.reverse();
    while let Some(name) = waiting.pop() {
        if found.contains(&name) {
            continue;
        }
        found.push(name);
        waiting.extend(properties(name).filter_map(|(_, property)| schema_in(property)));
    }
    found
}

fn carriers(endpoint: &Endpoint) -> impl Iterator<Item = &'static Value> + use<> {
    let responses = members(&endpoint.operation["responses"]).map(|(_, response)| response);
    std::iter::once(&endpoint.operation["requestBody"]).chain(responses)
}

/// Schema of a property, or of the items of a list.
fn schema_in(property: &'static Value) -> Option<&'static str> {
    let choices = property["oneOf"].as_array().into_iter().flatten();
    let mut carriers = [property, &property["items"]].into_iter().chain(choices);
    carriers.find_map(|carrier| carrier["$ref"].as_str()).map(last_segment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::locale::Locale;
    use crate::text;

    #[test]
    fn every_call_is_on_one_page_that_is_named_in_every_language() {
        let shown: usize = Group::all().map(|group| group.endpoints().len()).sum();
        assert_eq!(shown, endpoints().count());
        for group in Group::all() {
            assert!(!group.endpoints().is_empty() && !group.description.is_empty(), "{}", group.tag);
            for locale in Locale::ALL {
                assert!((text::of(locale).docs().group)(group.tag).is_some(), "{} {locale:?}", group.tag);
            }
        }
    }

    #[test]
    fn every_schema_of_a_page_is_shown_once() {
        for group in Group::all() {
            let mut schemas = schemas_of(&group.endpoints());
            let count = schemas.len();
            schemas.sort_unstable();
            schemas.dedup();
            assert_eq!(schemas.len(), count, "{}", group.tag);
        }
    }
}
