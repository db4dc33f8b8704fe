//! A form of a page, sent by whoever is signed in.

use axum::Form;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};

use super::sent_files::Content;
use super::{BODY_LIMIT, Web, pages};
use crate::domain::local_path::sign_in_address;
use crate::domain::person::Viewer;
use crate::domain::problem::Problem;
use crate::service::darkroom::Upload;
use crate::service::sessions::{Caller, Visit};
use crate::ui::page_context::{FROM, FormState, from};

/// A form that somebody has sent.
pub struct Sent {
    pub viewer: Viewer,
    pub fields: Vec<(String, String)>,
    pub uploads: Vec<Upload>,
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
            Some(Caller(Ok(Some(Visit { viewer, .. })))) => {
                let Content { fields, uploads, .. } = content_of(sent, web).await?;
                let mut sent = Self { viewer, fields, uploads, page };
                sent.keep_list();
                Ok(sent)
            }
            Some(Caller(Err(problem))) => Err(pages::broken(web.clone(), page, problem).await),
            Some(Caller(Ok(None))) | None => {
                Err(Redirect::to(&sign_in_address(Some(&address))).into_response())
            }
        }
    }
}

/// Forms with files are written in their own way.
async fn content_of(mut sent: Request, web: &Web) -> Result<Content, Response> {
    let kind = sent.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let form = Multipart::from_request(sent, web).await.map_err(IntoResponse::into_response)?;
        Content::of(form).await.map_err(IntoResponse::into_response)
    } else {
        // A form without files may stand where others have some.
        DefaultBodyLimit::max(BODY_LIMIT).apply(&mut sent);
        let Form(fields) = Form::from_request(sent, web).await.map_err(IntoResponse::into_response)?;
        Ok(Content::without_files(fields))
    }
}

/// Forms are sent to addresses below the page that has them; some to the page itself.
pub fn page_of(form: &Uri) -> Uri {
    let mut segments = form.path().split('/').skip(1);
    let page = match (segments.next(), segments.next(), segments.next()) {
        (Some("tickets"), Some(_), Some("restore")) => "/tickets/deleted".to_owned(),
        (Some("tickets"), Some(ticket), Some(_)) => format!("/tickets/{ticket}"),
        (Some(page @ ("people" | "account")), Some(_), _) => format!("/{page}"),
        _ => return form.clone(),
    };
    page.parse().unwrap_or_else(|_| form.clone())
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

    /// The page of the form still knows from which list one came.
    fn keep_list(&mut self) {
        let list = self.field(FROM);
        if !list.is_empty()
            && let Ok(address) = format!("{}{}", self.page.uri().path(), from(list)).parse()
        {
            *self.page.uri_mut() = address;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_belongs_to_the_page_above_it() {
        for (form, page) in [
            ("/tickets/5/act", "/tickets/5"),
            ("/tickets/5/message", "/tickets/5"),
            ("/tickets/5/photos", "/tickets/5"),
            ("/tickets/5/delete", "/tickets/5"),
            ("/tickets/5/restore", "/tickets/deleted"),
            ("/people/5/role", "/people"),
            ("/account/profile", "/account"),
            ("/tickets/new", "/tickets/new"),
            ("/take-over", "/take-over"),
        ] {
            assert_eq!(page_of(&form.parse().expect("an address")).to_string(), page);
        }
    }
}
