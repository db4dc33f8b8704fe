//! A REST call that only reads: its parameters come in the query string, in a JSON object as the
//! body, or in both.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use serde_json::Value;

use super::flat_json::{self, Pair};
use crate::domain::ids::TicketId;
use crate::domain::lists::from_parameters::FromParameters;
use crate::domain::lists::parameter::{BadValue, Parameter, Reason};
use crate::domain::lists::query::TicketQuery;
use crate::domain::problem::Problem;
use crate::http::api::error::ApiError;
use crate::http::middleware::language;
use crate::text::{self, Texts};

const BODY_LIMIT: usize = 16 * 1024;

pub struct QueryRequest {
    pub texts: Texts,
    search: Vec<Pair>,
    body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for QueryRequest {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let texts = text::of(language::accepted(&parts.headers));
        let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| ApiError::too_large(texts))?;
        Ok(Self::new(parts.uri.query().unwrap_or_default(), body, texts))
    }
}

impl QueryRequest {
    pub fn new(search: &str, body: impl Into<Bytes>, texts: Texts) -> Self {
        let search = form_urlencoded::parse(search.as_bytes()).into_owned().collect();
        Self { texts, search, body: body.into() }
    }

    /// Query string and body, read as one; where both name a parameter they must agree.
    pub fn read<Q: FromParameters>(&self, accepted: &[Parameter]) -> Result<Q, ApiError> {
        let from_search = self.accept(Q::read_all(borrowed(&self.search), accepted))?;
        if self.body.trim_ascii().is_empty() {
            return Ok(from_search);
        }
        let mut members = self.members(accepted)?;
        self.accept(Q::read_all(borrowed(&members), accepted))?;
        if let Some(parameter) = disagreement::<Q>(&self.search, &members, accepted) {
            return Err(self.refuse(vec![bad(parameter, Reason::Conflicting)]));
        }
        members.retain(|(name, _)| {
            Parameter::named(name).is_none_or(|parameter| !gives(&self.search, parameter))
        });
        self.accept(Q::read_all(borrowed(&self.search).chain(borrowed(&members)), accepted))
    }

    /// Reads parameters like [`QueryRequest::read`], and refuses those that other lookups know: leaving one
    /// out would answer more than was asked.
    pub fn read_strictly<Q: FromParameters>(&self, accepted: &[Parameter]) -> Result<Q, ApiError> {
        let question = self.read(accepted)?;
        let mut given: Vec<Pair> = self.search.clone();
        if !self.body.trim_ascii().is_empty() {
            let members = flat_json::members(&self.body, self.texts)?;
            let told = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            given.extend(members.map(|(name, value)| (name, told(value))));
        }
        let foreign =
            Parameter::ALL.into_iter().filter(|known| !accepted.contains(known) && gives(&given, *known));
        let values: Vec<BadValue> = foreign.map(|known| bad(known, Reason::NotSupported)).collect();
        self.accept((question, values))
    }

    /// Reads the ticket, the only parameter of such a query.
    pub fn ticket(&self) -> Result<TicketId, ApiError> {
        let query: TicketQuery = self.read(&[Parameter::Ticket])?;
        query.ticket.ok_or_else(|| self.no_ticket())
    }

    /// Refuses a call that names no ticket and needs one.
    pub fn no_ticket(&self) -> ApiError {
        self.refuse(vec![bad(Parameter::Ticket, Reason::NotAnInteger)])
    }

    /// Numbers and strings as the query string would spell them.
    fn members(&self, accepted: &[Parameter]) -> Result<Vec<Pair>, ApiError> {
        let members = flat_json::members(&self.body, self.texts)?;
        // Members that are no parameters are ignored.
        let known = |name: &str| Parameter::named(name).filter(|parameter| accepted.contains(parameter));
        let known: Vec<(Parameter, Value)> =
            members.into_iter().filter_map(|(name, value)| Some((known(&name)?, value))).collect();
        let named = known.into_iter().map(|(parameter, value)| (parameter.name().to_owned(), value));
        flat_json::texts_of(named.collect()).map_err(|name| {
            let parameter = Parameter::named(&name);
            self.refuse(parameter.map(|parameter| bad(parameter, Reason::NotAValue)).into_iter().collect())
        })
    }

    fn accept<Q>(&self, (question, values): (Q, Vec<BadValue>)) -> Result<Q, ApiError> {
        if values.is_empty() { Ok(question) } else { Err(self.refuse(values)) }
    }

    fn refuse(&self, values: Vec<BadValue>) -> ApiError {
        ApiError::of(&Problem::BadValues(values), self.texts)
    }
}

fn bad(parameter: Parameter, reason: Reason) -> BadValue {
    BadValue { parameter, typed: String::new(), reason }
}

fn borrowed(pairs: &[Pair]) -> impl Iterator<Item = (&String, &String)> {
    pairs.iter().map(|(name, value)| (name, value))
}

/// A parameter that both give, with different values.
fn disagreement<Q: FromParameters>(
    search: &[Pair],
    body: &[Pair],
    accepted: &[Parameter],
) -> Option<Parameter> {
    accepted.iter().copied().find(|&parameter| {
        let read = |pairs| Q::read_all(borrowed(pairs), &[parameter]);
        gives(search, parameter) && gives(body, parameter) && read(search) != read(body)
    })
}

fn gives(pairs: &[Pair], parameter: Parameter) -> bool {
    pairs.iter().any(|(name, value)| !value.is_empty() && Parameter::named(name) == Some(parameter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;
    use crate::domain::locale::Locale;

    fn read(search: &str, body: &str) -> Result<TicketQuery, ApiError> {
        QueryRequest::new(search, body.to_owned(), text::of(Locale::En)).read(&Parameter::CONTRACT)
    }

    #[test]
    fn a_body_says_the_same_as_a_query_string() {
        let from_search = read("uid=5&list=done&page=2", "").expect("valid");
        for body in [
            r#"{"uid":5,"list":"done","page":2}"#,
            r#"{"uid":"5","list":"done","page":"2","tid":null,"orderid":"","other":[1],"campus":[1]}"#,
        ] {
            assert_eq!(read("", body).expect("valid"), from_search);
            assert_eq!(read("uid=5", body).expect("valid"), from_search);
        }
    }

    #[test]
    fn a_body_that_is_not_plain_is_refused() {
        for body in [
            "[]",
            "1",
            "{",
            r#"{"uid":5,"uid":5}"#,
            r#"{"tid":5,"td":5}"#,
            r#"{"uid":1.0}"#,
            r#"{"uid":true}"#,
            r#"{"uid":[5]}"#,
            r#"{"uid":-5}"#,
            r#"{"uid":1e3}"#,
            r#"{"page":0}"#,
            "\u{feff}{}",
        ] {
            assert!(read("", body).is_err(), "{body}");
        }
    }

    #[test]
    fn query_and_body_must_agree() {
        assert!(read("uid=5", r#"{"uid":6}"#).is_err());
        assert!(read("page=2", r#"{"page":3}"#).is_err());
        assert!(read("page=1", r#"{"page":3}"#).is_err());
        assert!(read("list=all", r#"{"list":"done"}"#).is_err());
        assert_eq!(read("uid=5", r#"{"tid":6}"#).expect("valid").technician, Some(UserId(6)));
    }
}
