//! A call of the REST interface that changes something: who calls, what the
//! JSON body says, and the key that keeps it from happening twice.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::Web;
use super::error::ApiError;
use super::json_object::{self, Pair};
use super::language;
use crate::domain::parameter::MAX_INTEGER;
use crate::domain::person::{UserId, Viewer};
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketId;
use crate::text::{self, Texts};

const BODY_LIMIT: usize = 64 * 1024;
const IDEMPOTENCY_KEY: &str = "idempotency-key";

pub struct Call {
    pub viewer: Viewer,
    pub texts: Texts,
    pub key: Option<String>,
    members: Vec<Pair>,
}

/// That it is done, where there is nothing else to tell.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DoneReply {
    success: bool,
    status: &'static str,
}

pub const DONE: Json<DoneReply> = Json(DoneReply { success: true, status: "success" });

impl FromRequest<Web> for Call {
    type Rejection = ApiError;

    async fn from_request(request: Request, web: &Web) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let viewer = Viewer::from_request_parts(&mut parts, web).await?;
        let texts = text::of(language::accepted(&parts.headers));
        let key = key(&parts.headers).map_err(|problem| ApiError::of(&problem, texts))?;
        let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| ApiError::too_large(texts))?;
        let members = json_object::members(&body, texts)?;
        let members = json_object::texts_of(members).map_err(|name| Self::bad(texts, &name))?;
        Ok(Self { viewer, texts, key, members })
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let value = headers.get(IDEMPOTENCY_KEY).map(|value| value.to_str().map(str::to_owned));
    value.transpose().map_err(|_| Problem::BadRequest)
}

impl Call {
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The member's text; empty where it is left out.
    pub fn text(&self, name: &str) -> &str {
        self.pairs().find(|(found, _)| *found == name).map(|(_, value)| value).unwrap_or_default()
    }

    pub fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// The number of the ticket that the call is about.
    pub fn ticket(&self, name: &str) -> Result<TicketId, ApiError> {
        self.id(name)?.map(TicketId).ok_or_else(|| Self::bad(self.texts, name))
    }

    pub fn person(&self, name: &str) -> Result<Option<UserId>, ApiError> {
        Ok(self.id(name)?.map(UserId))
    }

    /// A number that names nobody.
    pub fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.id(name)
    }

    fn id(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let typed = self.text(name);
        if typed.is_empty() {
            return Ok(None);
        }
        let plain = typed.bytes().all(|byte| byte.is_ascii_digit());
        let id: Option<u64> = plain.then(|| typed.parse().ok()).flatten();
        let id = id.filter(|id| (1..=MAX_INTEGER).contains(id)).and_then(|id| i64::try_from(id).ok());
        id.map(Some).ok_or_else(|| Self::bad(self.texts, name))
    }

    /// A member that cannot be understood.
    pub fn bad(texts: Texts, name: &str) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, &(texts.api().value)(name, texts.api().bad_value))
    }

    /// What could not be done. A ticket that is not there looks like somebody
    /// else's to whoever may not see all.
    pub fn refuse(&self, problem: &Problem) -> ApiError {
        match problem {
            Problem::NotFound if self.viewer.is_admin() => {
                ApiError::new(StatusCode::NOT_FOUND, self.texts.api().no_such_ticket)
            }
            Problem::NotFound => ApiError::of(&Problem::Denied, self.texts),
            problem => ApiError::of(problem, self.texts),
        }
    }
}
