//! A form that was sent with an expired session. The sign-in page holds it until its sender has
//! signed in and finds it filled in: the server keeps nothing of it.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;

use super::address::FormAddress;
use super::made_for::{check_person, made_for};
use super::shown_again::show_again;
use crate::domain::local_path::{RETURN_TO, sign_in_address};
use crate::domain::problem::Problem;
use crate::http::Web;
use crate::http::uploads::multipart::Fields;
use crate::http::web::render;
use crate::service::sign_in::sessions::{Session, SessionState};
use crate::ui::components::ticket::form_names::SEEN;
use crate::ui::page_context::{FROM, FormState, KEPT, KEPT_FORM, MADE_FOR, USERNAME, from};

/// Fields whose values are kept nowhere, besides those with "password" in their names.
const SECRETS: [&str; 4] = ["current", "new", "repeat", "code"];

/// Fields that the page fills in. A form with nothing else loses nothing.
const FILLED_IN: [&str; 8] = ["key", "version", SEEN, "action", "up_to", FROM, MADE_FOR, RETURN_TO];

/// Shows the sign-in page, which holds what was typed into the form sent to `path`. `page`
/// is a request of the page that has the form.
pub async fn ask_to_sign_in(web: &Web, mut page: Request, path: String, fields: Fields) -> Response {
    let is_typed =
        |(name, value): &(String, String)| !FILLED_IN.contains(&name.as_str()) && !value.is_empty();
    if !fields.iter().any(is_typed) {
        return render::sign_in_first(page.uri());
    }
    if let Ok(address) = sign_in_address(Some(&page.uri().to_string())).parse() {
        *page.uri_mut() = address;
    }
    let kept = fields.into_iter().filter(|(name, _)| !is_secret(name));
    let kept = kept.map(|(name, value)| (format!("{KEPT}{name}"), value));
    let typed = std::iter::once((KEPT_FORM.to_owned(), path)).chain(kept).collect();
    let state = FormState { typed, ..FormState::of(Problem::SignedOut) };
    show_again(web.clone(), page, state, render::sign_in_page).await
}

pub struct KeptForm {
    address: FormAddress,
    fields: Fields,
}

impl KeptForm {
    /// Finds the waiting form among the sign-in's fields.
    pub fn among(sign_in: &Fields) -> Option<Self> {
        let (_, path) = sign_in.iter().find(|(name, _)| name == KEPT_FORM)?;
        let kept = sign_in.iter().filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?, value)));
        let fields: Fields = kept.map(|(name, value)| (name.to_owned(), value.clone())).collect();
        let address = FormAddress::of(path, value_of(&fields, "action"))?;
        Some(Self { address, fields })
    }

    /// Shows the sign-in page again, with the waiting form in it.
    pub async fn wait_on(web: &Web, sign_in: Request, fields: Fields) -> Response {
        let typed = fields.into_iter().filter(|(name, _)| {
            name == KEPT_FORM
                || name == USERNAME
                || name.strip_prefix(KEPT).is_some_and(|name| !is_secret(name))
        });
        let state = FormState { typed: typed.collect(), ..FormState::of(Problem::SignedOut) };
        show_again(web.clone(), sign_in, state, render::sign_in_page).await
    }

    /// Shows the form's page after sign-in, filled in and not sent. Another person's text is not shown.
    pub async fn show(self, web: &Web, sign_in: Request, session: Session) -> Response {
        let is_theirs = check_person(&session.viewer, made_for(&self.fields));
        let page = self.page(sign_in, session);
        let Self { address: FormAddress { form, view, .. }, fields } = self;
        match is_theirs {
            Ok(()) => {
                let state = FormState { problem: Problem::SignedOut, form, typed: fields };
                render::render(web.clone(), page, Some(state), view).await
            }
            Err(other) => render::broken(web.clone(), page, other.into()).await,
        }
    }

    /// Request of the form's page, as the person who has signed in.
    fn page(&self, sign_in: Request, session: Session) -> Request {
        let (mut parts, _) = sign_in.into_parts();
        let list = value_of(&self.fields, FROM);
        let search = if list.is_empty() { String::new() } else { from(list) };
        if let Ok(address) = format!("{}{search}", self.address.page).parse() {
            parts.uri = address;
        }
        parts.extensions.insert(SessionState(Ok(Some(session))));
        Request::from_parts(parts, Body::empty())
    }
}

fn is_secret(name: &str) -> bool {
    name.contains("password") || SECRETS.contains(&name)
}

fn value_of<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}
