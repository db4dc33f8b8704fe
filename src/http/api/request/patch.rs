//! A REST call that changes what its caller has chosen. Members that the body leaves out stay as
//! they are, and `null` empties; lists and booleans are allowed.

use std::net::IpAddr;

use axum::extract::{FromRequest, Request};
use serde_json::Value;

use super::command::{bytes_of, caller};
use super::flat_json;
use crate::domain::viewer::Viewer;
use crate::http::Web;
use crate::http::api::error::ApiError;
use crate::http::middleware::client_address::client_address;
use crate::text::Texts;

pub struct PatchRequest {
    pub viewer: Viewer,
    /// The address of the client.
    pub address: IpAddr,
    pub texts: Texts,
    members: Vec<(String, Value)>,
}

impl FromRequest<Web> for PatchRequest {
    type Rejection = ApiError;

    async fn from_request(request: Request, web: &Web) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let (viewer, texts) = caller(&mut parts, web).await?;
        let address = client_address(&parts, web);
        let members = flat_json::members(&bytes_of(body, texts).await?, texts)?;
        Ok(Self { viewer, address, texts, members })
    }
}

impl PatchRequest {
    /// A string or a number, as it is written.
    pub fn text(&self, name: &str) -> Result<Option<String>, ApiError> {
        self.read(name, |value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null => Some(String::new()),
            _ => None,
        })
    }

    /// One of the words that `parse` knows.
    pub fn word<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
        let known = |word: String| parse(&word).ok_or_else(|| self.bad(name));
        self.text(name)?.map(known).transpose()
    }

    pub fn truth(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.read(name, Value::as_bool)
    }

    /// Any number of words that `parse` knows.
    pub fn words<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<Vec<T>>, ApiError> {
        self.read(name, |value| match value {
            Value::Array(items) => items.iter().map(|item| item.as_str().and_then(&parse)).collect(),
            Value::Null => Some(Vec::new()),
            _ => None,
        })
    }

    /// Reads a member; a duplicate is an error.
    fn read<T>(&self, name: &str, read: impl FnOnce(&Value) -> Option<T>) -> Result<Option<T>, ApiError> {
        let mut found = self.members.iter().filter(|(found, _)| found == name).map(|(_, value)| value);
        let value = match (found.next(), found.next()) {
            (None, _) => return Ok(None),
            (Some(value), None) => read(value),
            (Some(_), Some(_)) => None,
        };
        value.map(Some).ok_or_else(|| self.bad(name))
    }

    fn bad(&self, name: &str) -> ApiError {
        ApiError::bad_value(name, self.texts)
    }
}
