//! The forms that change tickets. Success leads to the ticket; a refusal shows
//! the page again, with the reason and what was typed.

use axum::Form;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};

use super::forms::show_again;
use super::sent_files::Content;
use super::{Web, pages};
use crate::domain::action::Action;
use crate::domain::details::{Draft, Reason};
use crate::domain::local_path::sign_in_address;
use crate::domain::person::{UserId, Viewer};
use crate::domain::problem::{Input, Problem};
use crate::domain::ticket::TicketId;
use crate::service::actions::{self, Deed};
use crate::service::darkroom::Upload;
use crate::service::filing::{self, Twins};
use crate::service::sessions::Caller;
use crate::service::{conversation, hand_over, inbox, photos};
use crate::ui::page_context::{FormState, MadeCode};

/// A form that somebody has sent.
pub struct Sent {
    pub viewer: Viewer,
    fields: Vec<(String, String)>,
    uploads: Vec<Upload>,
    /// The request without its body, at the address of the page that has the form.
    pub page: Request,
}

impl FromRequest<Web> for Sent {
    type Rejection = Response;

    /// Whoever is signed out by now signs in and comes back to the page. What
    /// they sent is not read: it may be large.
    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let sent = Request::from_parts(parts.clone(), body);
        parts.uri = page_of(&parts.uri);
        let address = parts.uri.to_string();
        let page = Request::from_parts(parts, Body::empty());
        match page.extensions().get::<Caller>().cloned() {
            Some(Caller(Ok(Some(viewer)))) => {
                let Content { fields, uploads, .. } = content_of(sent, web).await?;
                Ok(Self { viewer, fields, uploads, page })
            }
            Some(Caller(Err(problem))) => Err(pages::broken(web.clone(), page, problem).await),
            Some(Caller(Ok(None))) | None => {
                Err(Redirect::to(&sign_in_address(Some(&address))).into_response())
            }
        }
    }
}

/// Forms with files are written in their own way.
async fn content_of(sent: Request, web: &Web) -> Result<Content, Response> {
    let kind = sent.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let form = Multipart::from_request(sent, web).await.map_err(IntoResponse::into_response)?;
        Content::of(form).await
    } else {
        let Form(fields) = Form::from_request(sent, web).await.map_err(IntoResponse::into_response)?;
        Ok(Content::without_files(fields))
    }
}

/// The forms of a ticket are sent to addresses below its page; others to their own.
fn page_of(form: &Uri) -> Uri {
    let mut segments = form.path().split('/').skip(1);
    match (segments.next(), segments.next(), segments.next()) {
        (Some(folder @ ("tickets" | "people")), Some(thing), Some(_)) => {
            format!("/{folder}/{thing}").parse().unwrap_or_else(|_| form.clone())
        }
        _ => form.clone(),
    }
}

impl Sent {
    pub fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    fn key(&self) -> Option<String> {
        Some(self.field("key").to_owned())
    }

    /// The version of the ticket that the form was made for.
    fn seen(&self) -> Option<i64> {
        self.field("version").parse().ok()
    }

    /// The ticket that the form's page is about. What is no number is no ticket.
    fn ticket(&self) -> TicketId {
        let name = self.page.uri().path().rsplit('/').next().unwrap_or_default();
        TicketId(name.parse().unwrap_or_default())
    }

    /// The page again, as the ticket is now, or with why it is not.
    async fn answer(self, web: Web, form: &str, done: Result<(), Problem>) -> Response {
        match done {
            Ok(()) => Redirect::to(self.page.uri().path()).into_response(),
            Err(problem) => {
                let (page, state) = self.refused(form, problem);
                show_again(web, page, state, pages::ticket_page).await
            }
        }
    }

    pub fn refused(self, form: &str, problem: Problem) -> (Request, FormState) {
        let Self { fields, page, .. } = self;
        (page, FormState { problem, form: form.to_owned(), typed: fields })
    }
}

pub async fn file(State(web): State<Web>, mut sent: Sent) -> Response {
    let draft = Draft::of(sent.fields.clone());
    let uploads = std::mem::take(&mut sent.uploads);
    let twins = if sent.field("twin") == "allow" { Twins::Allow } else { Twins::Ask };
    match filing::file_with_photos(&web.app, &sent.viewer, &draft, uploads, twins, sent.key()).await {
        Ok(ticket) => Redirect::to(&format!("/tickets/{ticket}")).into_response(),
        Err(problem) => {
            let (page, state) = sent.refused("new", problem);
            show_again(web, page, state, pages::new_ticket_page).await
        }
    }
}

pub async fn act(State(web): State<Web>, sent: Sent) -> Response {
    let form = sent.field("action").to_owned();
    let done = match form.parse::<Action>() {
        Ok(action) => {
            let deed = Deed {
                ticket: sent.ticket(),
                action,
                seen: sent.seen(),
                note: sent.field(Input::Note.name()).to_owned(),
                technician: sent.field(Input::Technician.name()).parse().ok().map(UserId),
                key: sent.key(),
            };
            actions::act(&web.app, &sent.viewer, deed).await
        }
        Err(_) => Err(Problem::BadRequest),
    };
    sent.answer(web, &form, done).await
}

pub async fn message(State(web): State<Web>, sent: Sent) -> Response {
    let words = sent.field(Input::Message.name());
    let done = conversation::say(&web.app, &sent.viewer, sent.ticket(), words, sent.key()).await;
    sent.answer(web, "message", done).await
}

pub async fn add_photos(State(web): State<Web>, mut sent: Sent) -> Response {
    let uploads = std::mem::take(&mut sent.uploads);
    let done = photos::add(&web.app, &sent.viewer, sent.ticket(), uploads, sent.key()).await;
    sent.answer(web, "photos", done).await
}

pub async fn note(State(web): State<Web>, sent: Sent) -> Response {
    let words = sent.field(Input::Message.name());
    let done = conversation::note(&web.app, &sent.viewer, sent.ticket(), words, sent.key()).await;
    sent.answer(web, "note", done).await
}

pub async fn correct(State(web): State<Web>, sent: Sent) -> Response {
    let draft = Draft::of(sent.fields.clone());
    let done = filing::correct(&web.app, &sent.viewer, sent.ticket(), &draft, sent.seen()).await;
    sent.answer(web, "correct", done.map(|_| ())).await
}

/// The code is shown once, on the page that answers, and kept nowhere readable.
pub async fn make_code(State(web): State<Web>, mut sent: Sent) -> Response {
    match hand_over::make_code(&web.app, &sent.viewer, sent.ticket()).await {
        Ok(code) => {
            let made = MadeCode { code, minutes: hand_over::VALID_MINUTES };
            sent.page.extensions_mut().insert(made);
            pages::render(web, sent.page, None, pages::ticket_page).await
        }
        Err(problem) => sent.answer(web, "code", Err(problem)).await,
    }
}

/// The receiver does not see the ticket yet: its number is part of the form.
pub async fn take_over(State(web): State<Web>, sent: Sent) -> Response {
    let code = sent.field(Input::Code.name());
    let taken = match sent.field("ticket").trim().parse().map(TicketId) {
        Ok(ticket) => {
            let taken = hand_over::take_over(&web.app, &sent.viewer, ticket, code, sent.key()).await;
            taken.map(|()| ticket)
        }
        Err(_) => Err(Problem::BadInput { input: Input::Code, reason: Reason::NotOffered }),
    };
    match taken {
        Ok(ticket) => Redirect::to(&format!("/tickets/{ticket}")).into_response(),
        Err(problem) => {
            let (page, state) = sent.refused("take-over", problem);
            show_again(web, page, state, pages::take_over_page).await
        }
    }
}

pub async fn mark_read(State(web): State<Web>, sent: Sent) -> Response {
    let up_to = sent.field("up_to").parse().unwrap_or_default();
    match inbox::mark_read(&web.app, &sent.viewer, up_to).await {
        Ok(()) => Redirect::to("/inbox").into_response(),
        Err(problem) => pages::broken(web, sent.page, problem).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_belongs_to_the_page_above_it() {
        for (form, page) in [
            ("/tickets/5/act", "/tickets/5"),
            ("/tickets/5/message", "/tickets/5"),
            ("/tickets/5/photos", "/tickets/5"),
            ("/tickets/new", "/tickets/new"),
            ("/take-over", "/take-over"),
        ] {
            assert_eq!(page_of(&form.parse().expect("an address")).to_string(), page);
        }
    }
}
