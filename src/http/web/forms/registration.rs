//! Forms for people who cannot sign in yet.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::account::{signed_in, taken_apart};
use super::shown_again::show_again;
use crate::domain::input::Input;
use crate::domain::lists::page::ListPage;
use crate::domain::local_path::LocalPath;
use crate::domain::people::contact::ShownContact;
use crate::domain::people::profile::OwnProfile;
use crate::domain::people::registration::Registration;
use crate::domain::problem::Problem;
use crate::http::Web;
use crate::http::middleware::session;
use crate::http::web::{preferences, render};
use crate::service::sign_in::password_reset;
use crate::service::sign_in::registration::{self, Form};
use crate::ui::page_context::FormState;

/// The fields of a form, in its order.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn text(&self, name: &str) -> String {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Form state without passwords.
    fn refused(mut self, problem: Problem) -> FormState {
        self.0.retain(|(name, _)| !PASSWORDS.contains(&name.as_str()));
        FormState { typed: self.0, ..FormState::of(problem) }
    }
}

const PASSWORDS: [&str; 2] = ["new", "repeat"];

pub async fn register(State(web): State<Web>, request: Request) -> Response {
    let (page, jar, address, fields) = match taken_apart(&web, request).await {
        Ok((page, jar, address, fields)) => (page, jar, address, Fields(fields)),
        Err(refused) => return refused,
    };
    let text = |input: Input| fields.text(input.name());
    let profile = OwnProfile {
        nickname: text(Input::Nickname),
        phone: text(Input::Phone),
        email: text(Input::Email),
        campus: text(Input::Campus),
        locale: preferences::locale(&jar, page.headers()),
        shown_contact: ShownContact::default(),
    };
    let registration = Registration { username: text(Input::Username), profile };
    let [password, repeated] = PASSWORDS.map(|name| fields.text(name));
    let onward = LocalPath::onward(page.uri().query().unwrap_or_default());

    let source = session::source(&jar, address, web.app.site.https);
    match registration::register(&web.app, &source, Form { registration, password, repeated }).await {
        Ok((viewer, secret)) => {
            let target = onward.as_ref().map_or(ListPage::home(viewer.role).path(), LocalPath::as_str);
            signed_in(&web, jar, &source, &secret, target).await
        }
        Err(Problem::NotFound) => render::not_found(web, page).await,
        Err(problem) => show_again(web, page, fields.refused(problem), render::register_page).await,
    }
}

/// Answers the same for every name.
pub async fn forgot(State(web): State<Web>, request: Request) -> Response {
    let (page, _, address, fields) = match taken_apart(&web, request).await {
        Ok((page, jar, address, fields)) => (page, jar, address, Fields(fields)),
        Err(refused) => return refused,
    };
    match password_reset::ask(&web.app, address, &fields.text(Input::Username.name())).await {
        Ok(()) => Redirect::to("/forgot?sent=1").into_response(),
        Err(Problem::NotFound) => render::not_found(web, page).await,
        Err(problem) => show_again(web, page, fields.refused(problem), render::forgot_page).await,
    }
}
