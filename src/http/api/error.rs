//! Refusals of the REST interface: status, headers and body.

use std::any::Any;

use axum::Json;
use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_LENGTH, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::domain::photo::BadPhoto;
use crate::domain::problem::Problem;
use crate::domain::tickets::workflow::Refusal;
use crate::domain::viewer::Viewer;
use crate::http::middleware::language::Language;
use crate::service::random_hex;
use crate::text::{self, Texts};

/// A status, a body of the contract, and the headers that belong to them.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    body: Value,
    header: Option<(HeaderName, HeaderValue)>,
}

impl ApiError {
    pub fn new(status: StatusCode, what: &str) -> Self {
        let body = json!({ "status": "error", "success": false, "request_type": "", "data": what });
        Self { status, body, header: None }
    }

    /// A member that cannot be understood.
    pub fn bad_value(name: &str, texts: Texts) -> Self {
        Self::new(StatusCode::BAD_REQUEST, &(texts.api().value)(name, texts.api().bad_value))
    }

    /// A field that has to be understood before the files behind it are read.
    pub fn before_files(name: &str, texts: Texts) -> Self {
        Self::new(StatusCode::BAD_REQUEST, &(texts.api().value)(name, texts.api().before_files))
    }

    /// A 401 in the contract's words; `given` says that there was a token.
    pub fn unauthorized(error: &str, given: bool) -> Self {
        let challenge = if given { r#"Bearer error="invalid_token""# } else { "Bearer" };
        Self {
            status: StatusCode::UNAUTHORIZED,
            body: json!({ "error": error }),
            header: Some((WWW_AUTHENTICATE, HeaderValue::from_static(challenge))),
        }
    }

    pub fn wrong_credentials(texts: Texts) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            body: json!({ "success": false, "status": "error", "data": texts.api().wrong_credentials }),
            header: Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
        }
    }

    pub fn too_large(texts: Texts) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, texts.api().body_too_large)
    }

    /// Response of a request that no call has handled: unless it is a GET or HEAD, `message` has
    /// the sentence too.
    async fn answering(self, method: &Method) -> axum::response::Response {
        match *method {
            Method::GET | Method::HEAD => self.into_response(),
            _ => with_message(self.into_response()).await,
        }
    }

    /// Adds `Retry-After` if known.
    fn later(self, problem: &Problem) -> Self {
        let seconds = problem.retry_after_seconds();
        Self { header: seconds.map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds))), ..self }
    }

    /// Error about a ticket or person: for viewers who are no admins, a missing one looks like
    /// another person's.
    pub fn to(viewer: &Viewer, problem: &Problem, nothing: &str, texts: Texts) -> Self {
        match problem {
            Problem::NotFound if viewer.is_admin() => Self::new(StatusCode::NOT_FOUND, nothing),
            Problem::NotFound => Self::of(&Problem::Denied, texts),
            problem => Self::of(problem, texts),
        }
    }

    pub fn of(problem: &Problem, texts: Texts) -> Self {
        let status = StatusCode::from_u16(problem.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match problem {
            Problem::Denied => Self::new(status, texts.api().denied),
            Problem::NotFound => Self::new(status, texts.api().no_such_address),
            Problem::WrongCredentials | Problem::SignedOut => Self::wrong_credentials(texts),
            Problem::BadValues(values) => {
                let sentences: Vec<String> = values.iter().map(|value| texts.bad_value(value)).collect();
                Self::new(status, &sentences.join("; "))
            }
            Problem::TooManyTries { retry_after_seconds } => {
                Self::new(status, &(texts.problem().too_many_tries)(*retry_after_seconds)).later(problem)
            }
            Problem::NoDatabase { incident } => {
                Self::new(status, &(texts.api().no_database)(incident)).later(problem)
            }
            Problem::TooManyMessages { .. }
            | Problem::TooManyChanges { .. }
            | Problem::TooManyMails { .. }
            | Problem::UploadsUnderWay { .. }
            | Problem::Busy { .. } => {
                Self::new(status, &texts.refusal(problem).unwrap_or_default()).later(problem)
            }
            Problem::WrongPassword => {
                Self::new(status, &(texts.list().named)("current", texts.account().wrong_current))
            }
            Problem::PasswordsDiffer => Self::new(status, texts.account().differ),
            Problem::BadPassword(bad) => {
                Self::new(status, &(texts.list().named)("password", &(texts.account().bad)(*bad)))
            }
            Problem::Unavailable { incident } => Self::new(status, &(texts.api().broken)(incident)),
            Problem::Refused(Refusal::NotYours) => Self::new(status, texts.api().denied),
            Problem::BadFields(fields) => {
                let sentences: Vec<String> = fields.iter().map(|bad| texts.bad_field(bad)).collect();
                Self::new(status, &sentences.join("; "))
            }
            Problem::BadPhotos(photos) => {
                let sentence = |BadPhoto { name, flaw }: &BadPhoto| {
                    (texts.list().named)(name, &(texts.work().flaw)(*flaw))
                };
                let sentences: Vec<String> = photos.iter().map(sentence).collect();
                Self::new(status, &sentences.join("; "))
            }
            Problem::BadInput { input, reason } => {
                Self::new(status, &(texts.api().value)(input.name(), &(texts.work().reason)(*reason)))
            }
            Problem::ContactHeld { input } => {
                Self::new(status, &(texts.api().value)(input.name(), texts.contacts().held))
            }
            Problem::OtherPerson
            | Problem::Refused(_)
            | Problem::Protected(_)
            | Problem::Stale
            | Problem::Duplicate { .. }
            | Problem::DeskClosed
            | Problem::TooManyOpen { .. }
            | Problem::TooManyThisWeek { .. }
            | Problem::TooManyJobs { .. }
            | Problem::HandsFull { .. }
            | Problem::KeyReused => Self::new(status, &texts.refusal(problem).unwrap_or_default()),
            Problem::BadRequest | Problem::Unreachable => Self::new(status, texts.problem().bad_request),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> axum::response::Response {
        let mut response = (self.status, Json(&self.body)).into_response();
        response.extensions_mut().insert(Refused(self.body));
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// Body of a refusal, beside the response that was made of it.
#[derive(Clone)]
struct Refused(Value);

/// Repeats the sentence of a refusal under `message`, where programs that change something look
/// for it.
pub async fn with_message(mut response: axum::response::Response) -> axum::response::Response {
    let Some(Refused(mut body)) = response.extensions_mut().remove() else { return response };
    let Some(sentence) = body.get("data").cloned() else { return response };
    body["message"] = sentence;
    // Length of the shorter body: it is set anew.
    response.headers_mut().remove(CONTENT_LENGTH);
    *response.body_mut() = Json(body).into_response().into_body();
    response
}

pub async fn no_such_address(method: Method, Language(locale): Language) -> axum::response::Response {
    let refused = ApiError::new(StatusCode::NOT_FOUND, text::of(locale).api().no_such_address);
    refused.answering(&method).await
}

/// axum adds the `Allow` header.
pub async fn method_not_allowed(method: Method, Language(locale): Language) -> axum::response::Response {
    let refused = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, text::of(locale).api().method_not_allowed);
    refused.answering(&method).await
}

pub async fn options_get() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, [(ALLOW, "GET, HEAD, OPTIONS")])
}

pub async fn options_post() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, [(ALLOW, "POST, OPTIONS")])
}

/// A bug: the log has what happened, the person a number to ask about.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    let incident = random_hex::<6>();
    tracing::error!(request_id = %incident, panic = message, "a handler panicked");
    let texts = text::of(crate::domain::locale::Locale::default());
    ApiError::of(&Problem::Unavailable { incident }, texts).into_response()
}
