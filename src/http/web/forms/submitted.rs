//! A form of a page, sent with a session.

use std::net::IpAddr;

use axum::Form;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;

use super::address::{FormAddress, page_of};
use super::kept::ask_to_sign_in;
use super::made_for::{check_person, made_for};
use super::shown_again::show_again;
use crate::domain::problem::Problem;
use crate::domain::viewer::Viewer;
use crate::http::middleware::client_address::client_address;
use crate::http::uploads::gate::{Gate, Purpose, purpose_of};
use crate::http::uploads::multipart::{Content, Fields, Refused};
use crate::http::uploads::room::Held;
use crate::http::web::render;
use crate::http::{FORM_LIMIT, Web};
use crate::service::photos::images::Upload;
use crate::service::sign_in::sessions::{Session, SessionState};
use crate::ui::page_context::{FROM, FormState, from};

/// A submitted form of a page.
pub struct Sent {
    pub viewer: Viewer,
    /// The address of the browser.
    pub from: IpAddr,
    pub fields: Fields,
    pub uploads: Vec<Upload>,
    /// Upload room, held until the form is handled.
    _held: Option<Held>,
    /// The request without its body, at the address of the page that has the form.
    pub page: Request,
}

impl FromRequest<Web> for Sent {
    type Rejection = Response;

    /// Shows a signed-out sender the sign-in page, which keeps the form without files. Refuses a
    /// form made for another person.
    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let from = client_address(&parts, web);
        let sent = Request::from_parts(parts.clone(), body);
        let path = parts.uri.path().to_owned();
        parts.uri = page_of(&parts.uri);
        let page = Request::from_parts(parts, Body::empty());
        let caller = page.extensions().get::<SessionState>().cloned().unwrap_or(SessionState(Ok(None)));
        let viewer = match &caller {
            SessionState(Ok(Some(session))) => Some(&session.viewer),
            SessionState(_) => None,
        };
        let Content { fields, uploads, held, .. } = match content_of(sent, web, viewer).await {
            Ok(content) => content,
            Err(Refused::Problem(problem, fields)) => {
                let other = viewer.and_then(|viewer| check_person(viewer, made_for(&fields)).err());
                let problem = other.map_or(problem, Into::into);
                let page = coming_from_list(page, &fields);
                return Err(shown_again(web, page, &path, fields, problem).await);
            }
            Err(refused) => return Err(unreadable(web, page, refused.status()).await),
        };
        let page = coming_from_list(page, &fields);
        match caller {
            SessionState(Ok(Some(Session { viewer, .. }))) => {
                let sent = Self { viewer, from, fields, uploads, _held: held, page };
                match check_person(&sent.viewer, made_for(&sent.fields)) {
                    Ok(()) => Ok(sent),
                    Err(other) => Err(shown_again(web, sent.page, &path, sent.fields, other.into()).await),
                }
            }
            SessionState(Ok(None)) => Err(ask_to_sign_in(web, page, path, fields).await),
            SessionState(Err(problem)) => Err(shown_again(web, page, &path, fields, problem).await),
        }
    }
}

/// Renders the form's page with the problem and the typed text.
async fn shown_again(web: &Web, page: Request, path: &str, typed: Fields, problem: Problem) -> Response {
    let action = typed.iter().find(|(name, _)| name == "action").map(|(_, action)| action.as_str());
    match FormAddress::of(path, action.unwrap_or_default()) {
        Some(FormAddress { form, view, .. }) => {
            show_again(web.clone(), page, FormState { problem, form, typed }, view).await
        }
        None => render::broken(web.clone(), page, problem).await,
    }
}

/// Renders an error page for a form that cannot be read, with its status.
async fn unreadable(web: &Web, page: Request, status: StatusCode) -> Response {
    let mut response = render::broken(web.clone(), page, Problem::BadRequest).await;
    *response.status_mut() = status;
    response
}

/// Keeps in the form's page the list it was opened from.
fn coming_from_list(mut page: Request, fields: &Fields) -> Request {
    let list =
        fields.iter().find(|(name, _)| name == FROM).map(|(_, list)| list.as_str()).unwrap_or_default();
    if !list.is_empty()
        && let Ok(address) = format!("{}{}", page.uri().path(), from(list)).parse()
    {
        *page.uri_mut() = address;
    }
    page
}

/// Reads a form, multipart or not. Files of signed-out senders are discarded, and those that may
/// not be sent are not read.
async fn content_of(mut sent: Request, web: &Web, viewer: Option<&Viewer>) -> Result<Content, Refused> {
    if !header(&sent, CONTENT_TYPE).starts_with("multipart/form-data") {
        // Routes that take files also have forms without them.
        DefaultBodyLimit::max(FORM_LIMIT).apply(&mut sent);
        let Form(fields) = Form::<Fields>::from_request(sent, web).await.map_err(Refused::response)?;
        return Content::without_files(fields);
    }
    let announced = header(&sent, CONTENT_LENGTH).parse().ok();
    let purpose = purpose_of(sent.uri().path());
    let Some(viewer) = viewer else {
        let form = Multipart::from_request(sent, web).await.map_err(Refused::response)?;
        return Content::without_uploads(form).await;
    };
    let gate = Gate { app: &web.app, viewer, purpose };
    let held = match gate.check_address().await {
        Ok(()) => web.uploads.begin(viewer.id, announced),
        Err(problem) => Err(problem),
    };
    let form = Multipart::from_request(sent, web).await.map_err(Refused::response)?;
    match held {
        Ok(held) => Content::of(form, held, &gate).await,
        // That form has no typed text.
        Err(problem) if matches!(purpose, Purpose::Photos(_)) => {
            Err(Refused::Problem(problem, Fields::new()))
        }
        Err(problem) => Err(Refused::Problem(problem, Content::fields_before_files(form).await?)),
    }
}

fn header(request: &Request, name: HeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

impl Sent {
    pub fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All values of a field that has any number of them.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub fn key(&self) -> Option<String> {
        Some(self.field("key").to_owned())
    }

    /// The version of the ticket that the form was made for.
    pub fn seen(&self) -> Option<i64> {
        self.field("version").parse().ok()
    }

    pub fn refused(self, form: &str, problem: Problem) -> (Request, FormState) {
        let Self { fields, page, .. } = self;
        (page, FormState { problem, form: form.to_owned(), typed: fields })
    }
}
