//! A REST call that changes something: the viewer, the body, and the key that keeps it from being
//! carried out twice.

use std::net::IpAddr;

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts as _, Multipart, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::flat_json::FlatJson;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::lists::parameter::MAX_INTEGER;
use crate::domain::problem::Problem;
use crate::domain::viewer::Viewer;
use crate::http::Web;
use crate::http::api::error::ApiError;
use crate::http::middleware::client_address::client_address;
use crate::http::middleware::language;
use crate::http::uploads::gate::{Gate, Purpose};
use crate::http::uploads::multipart::{Content, Refused};
use crate::http::uploads::room::{BODY_LIMIT_WITH_PHOTOS, Held};
use crate::service::photos::images::Upload;
use crate::service::transaction::check_key;
use crate::text::{self, Texts};

const BODY_LIMIT: usize = 64 * 1024;
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Request with a JSON object of plain values.
pub struct CommandRequest {
    pub viewer: Viewer,
    /// The address of the client.
    pub address: IpAddr,
    pub texts: Texts,
    pub key: Option<String>,
    body: FlatJson,
}

/// That it is done, where there is nothing else to tell.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DoneReply {
    success: bool,
    status: &'static str,
}

pub const DONE: Json<DoneReply> = Json(DoneReply { success: true, status: "success" });

impl FromRequest<Web> for CommandRequest {
    type Rejection = ApiError;

    async fn from_request(request: Request, web: &Web) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let (viewer, texts) = caller(&mut parts, web).await?;
        let key = key(&parts.headers).map_err(|problem| ApiError::of(&problem, texts))?;
        let address = client_address(&parts, web);
        let body = FlatJson::read(&bytes_of(body, texts).await?, texts)?;
        Ok(Self { viewer, address, texts, key, body })
    }
}

/// Command as a form with files.
pub struct CallWithFiles {
    pub call: CommandRequest,
    pub uploads: Vec<Upload>,
    /// Upload room, held until the call has ended.
    pub held: Option<Held>,
}

/// The field with the number of the ticket that files belong to.
pub const TICKET: &str = "order_id";

impl FromRequest<Web> for CallWithFiles {
    type Rejection = ApiError;

    /// Refuses callers who may not call, or not add files to that ticket, before the files are read.
    async fn from_request(request: Request, web: &Web) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let (viewer, texts) = caller(&mut parts, web).await?;
        let key = key(&parts.headers).map_err(|problem| ApiError::of(&problem, texts))?;
        let address = client_address(&parts, web);
        let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let announced: Option<u64> = announced.and_then(|length| length.parse().ok());
        if announced.is_some_and(|bytes| bytes > BODY_LIMIT_WITH_PHOTOS as u64) {
            return Err(ApiError::too_large(texts));
        }
        let held = web.uploads.begin(viewer.id, announced);
        let held = held.map_err(|problem| ApiError::of(&problem, texts))?;
        let form = Multipart::from_request(Request::from_parts(parts, body), web).await;
        let form = form.map_err(|refused| no_form(refused.status(), texts))?;
        let gate = Gate { app: &web.app, viewer: &viewer, purpose: Purpose::PhotosOfField(TICKET) };
        let content = Content::of(form, held, &gate).await.map_err(|refused| match refused {
            // A `BadRequest` before any file was read means that no ticket was named.
            Refused::Problem(Problem::BadRequest, _) => ApiError::before_files(TICKET, texts),
            Refused::Problem(problem, _) => {
                ApiError::to(&viewer, &problem, texts.api().no_such_ticket, texts)
            }
            refused => no_form(refused.status(), texts),
        })?;
        let Content { fields, uploads, held, .. } = content;
        Ok(Self {
            call: CommandRequest { viewer, address, texts, key, body: FlatJson::of(fields) },
            uploads,
            held,
        })
    }
}

fn no_form(status: StatusCode, texts: Texts) -> ApiError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(texts),
        _ => ApiError::new(StatusCode::BAD_REQUEST, texts.api().body_no_form),
    }
}

/// Finds the viewer and the language of the answer.
pub async fn caller(parts: &mut Parts, web: &Web) -> Result<(Viewer, Texts), ApiError> {
    let viewer = Viewer::from_request_parts(parts, web).await?;
    Ok((viewer, text::of(language::accepted(&parts.headers))))
}

pub async fn bytes_of(body: Body, texts: Texts) -> Result<Bytes, ApiError> {
    to_bytes(body, BODY_LIMIT).await.map_err(|_| ApiError::too_large(texts))
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let value = headers.get(IDEMPOTENCY_KEY).map(|value| value.to_str().map(str::to_owned));
    let key = value.transpose().map_err(|_| Problem::BadRequest)?;
    key.as_deref().map_or(Ok(()), check_key).map(|()| key)
}

impl CommandRequest {
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.body.pairs()
    }

    /// The member's text; empty where it is left out.
    pub fn text(&self, name: &str) -> &str {
        self.body.text(name)
    }

    /// The text of a member that has two names; where both are given they agree.
    pub fn either(&self, name: &str, alias: &str) -> Result<&str, ApiError> {
        match (self.text(name), self.text(alias)) {
            (told, "") => Ok(told),
            ("", told) => Ok(told),
            (one, other) if one == other => Ok(one),
            _ => Err(Self::bad(self.texts, alias)),
        }
    }

    /// The member's text, where the body has it; an empty one, too.
    pub fn given(&self, name: &str) -> Option<String> {
        self.pairs().find(|(found, _)| *found == name).map(|(_, text)| text.to_owned())
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
        ApiError::bad_value(name, texts)
    }

    /// Refusal of a call about a ticket.
    pub fn refuse(&self, problem: &Problem) -> ApiError {
        ApiError::to(&self.viewer, problem, self.texts.api().no_such_ticket, self.texts)
    }

    /// Refusal of a call about a person.
    pub fn refuse_person(&self, problem: &Problem) -> ApiError {
        ApiError::to(&self.viewer, problem, self.texts.api().no_such_person, self.texts)
    }
}
