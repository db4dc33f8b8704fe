//! A JSON object of plain values, read as pairs of texts.

use std::fmt;

use axum::http::StatusCode;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::http::api::error::ApiError;
use crate::text::Texts;

pub type Pair = (String, String);

/// The members as they are written, also those that are named twice.
pub fn members(body: &[u8], texts: Texts) -> Result<Vec<(String, Value)>, ApiError> {
    let read: Result<Members, _> = serde_json::from_slice(body);
    let Members(members) =
        read.map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, texts.api().body_no_object))?;
    Ok(members)
}

/// Numbers and strings as a query string would spell them; `null` is left out.
/// An error names the first member that is neither.
pub fn texts_of(members: Vec<(String, Value)>) -> Result<Vec<Pair>, String> {
    let mut pairs = Vec::with_capacity(members.len());
    for (name, value) in members {
        match value {
            Value::String(text) => pairs.push((name, text)),
            Value::Number(number) => pairs.push((name, number.to_string())),
            Value::Null => {}
            _ => return Err(name),
        }
    }
    Ok(pairs)
}

/// Body that is an object of nothing but plain values.
pub struct FlatJson(Vec<Pair>);

impl FlatJson {
    pub fn read(body: &[u8], texts: Texts) -> Result<Self, ApiError> {
        let members = members(body, texts)?;
        // Fractions and very long numbers would be changed by parsing.
        if let Some((name, _)) = members.iter().find(|(_, value)| value.is_f64()) {
            return Err(ApiError::bad_value(name, texts));
        }
        let pairs = texts_of(members).map_err(|name| ApiError::bad_value(&name, texts))?;
        let twice = pairs
            .iter()
            .enumerate()
            .find(|(index, (name, _))| pairs[..*index].iter().any(|(known, _)| known == name));
        match twice {
            Some((_, (name, _))) => Err(ApiError::bad_value(name, texts)),
            None => Ok(Self(pairs)),
        }
    }

    pub const fn of(pairs: Vec<Pair>) -> Self {
        Self(pairs)
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The member's text; empty where it is left out.
    pub fn text(&self, name: &str) -> &str {
        self.pairs().find(|(found, _)| *found == name).map(|(_, value)| value).unwrap_or_default()
    }
}

struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}
