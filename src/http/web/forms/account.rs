//! The forms of the pages. What succeeds redirects; what fails shows its page
//! again, with the reason and what was typed.

use axum::RequestPartsExt as _;
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::kept::KeptForm;
use super::made_for::check_person;
use super::shown_again::show_again;
use crate::domain::lists::page::ListPage;
use crate::domain::local_path::{LocalPath, sign_in_address};
use crate::domain::problem::Problem;
use crate::http::middleware::client_address::ClientAddress;
use crate::http::middleware::session;
use crate::http::uploads::multipart::Fields;
use crate::http::web::{preferences, render};
use crate::http::{BODY_LIMIT, Web};
use crate::service::security_log::{self, Event, Outcome};
use crate::service::sign_in::login::{self, Credentials, PasswordChange};
use crate::service::sign_in::sessions::{self, Secret, SessionState};
use crate::service::sign_in::throttle::Source;
use crate::ui::page_context::{FormState, USERNAME};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Reads a missing field as empty, and refuses it like one. Fields may include another form, which
/// waits for its sender to sign in.
pub async fn sign_in(State(web): State<Web>, request: Request) -> Response {
    let (mut request, jar, address, mut fields) = match taken_apart::<Fields>(&web, request).await {
        Ok(parts) => parts,
        Err(refused) => return refused,
    };
    // A new language or theme shows the page again; its form waits on.
    if let Some(jar) = preferences::among(&fields, &jar, web.app.site.https) {
        preferences::apply(&jar, &mut request);
        return (jar, KeptForm::wait_on(&web, request, fields).await).into_response();
    }
    let mut take = |name: &str| {
        let place = fields.iter().position(|(found, _)| found == name);
        place.map(|place| fields.swap_remove(place).1).unwrap_or_default()
    };
    let (login, password) = (take(USERNAME), take("password"));
    if login.len() + password.len() > BODY_LIMIT {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let credentials = Credentials { login: login.clone(), password };

    let source = session::source(&jar, address, web.app.site.https);
    match login::sign_in(&web.app, &source, credentials).await {
        Ok((viewer, secret)) => match KeptForm::among(&fields) {
            Some(kept) => with_kept_form(&web, request, jar, (&source, &secret), kept).await,
            None => {
                let onward = LocalPath::onward(request.uri().query().unwrap_or_default());
                let target = onward.as_ref().map_or(ListPage::home(viewer.role).path(), LocalPath::as_str);
                signed_in(&web, jar, &source, &secret, target).await
            }
        },
        Err(problem) => {
            fields.push((USERNAME.to_owned(), login));
            let form = FormState { typed: fields, ..FormState::of(problem) };
            show_again(web, request, form, render::sign_in_page).await
        }
    }
}

/// Gives the browser its new session and shows it the form that waited for it.
async fn with_kept_form(
    web: &Web,
    request: Request,
    jar: CookieJar,
    (source, secret): (&Source, &Secret),
    kept: KeptForm,
) -> Response {
    let jar = begin_session(web, jar, source, secret).await;
    let shown = match sessions::resolve(&web.app, secret).await {
        Ok(Some(session)) => kept.show(web, request, session).await,
        Ok(None) => render::broken(web.clone(), request, Problem::SignedOut).await,
        Err(problem) => render::broken(web.clone(), request, problem).await,
    };
    (jar, shown).into_response()
}

/// Sets the new session and redirects to `target`.
pub async fn signed_in(
    web: &Web,
    jar: CookieJar,
    source: &Source,
    secret: &Secret,
    target: &str,
) -> Response {
    (begin_session(web, jar, source, secret).await, Redirect::to(target)).into_response()
}

/// Replaces the browser's session and sets its browser cookie.
async fn begin_session(web: &Web, jar: CookieJar, source: &Source, secret: &Secret) -> CookieJar {
    let https = web.app.site.https;
    if let Some(old) = session::secret(&jar, https) {
        // The old session is over anyway; a failed deletion is logged.
        let _ = sessions::end(&web.app, &old).await;
    }
    jar.add(session::cookie(secret, https)).add(session::browser_cookie(source, https))
}

pub async fn sign_out(
    State(web): State<Web>,
    ClientAddress(address): ClientAddress,
    jar: CookieJar,
    request: Request,
) -> Response {
    let https = web.app.site.https;
    if let Some(secret) = session::secret(&jar, https) {
        if let Err(problem) = sessions::end(&web.app, &secret).await {
            return render::broken(web, request, problem).await;
        }
        if let Some(SessionState(Ok(Some(session)))) = request.extensions().get::<SessionState>() {
            security_log::write(Event::SignOut, Outcome::Done, Some(session.viewer.id), Some(address));
        }
    }
    // The back button must not show the last person's tickets.
    let forget = [(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""))];
    (jar.add(session::expired_cookie(https)), forget, Redirect::to(&sign_in_address(None))).into_response()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PasswordForm {
    made_for: Option<String>,
    current: String,
    new: String,
    repeat: String,
}

pub async fn change_password(State(web): State<Web>, request: Request) -> Response {
    let (request, jar, address, form) = match taken_apart::<PasswordForm>(&web, request).await {
        Ok(parts) => parts,
        Err(refused) => return refused,
    };
    let viewer = match request.extensions().get::<SessionState>().cloned() {
        Some(SessionState(Ok(Some(session)))) => session.viewer,
        Some(SessionState(Err(problem))) => return render::broken(web, request, problem).await,
        Some(SessionState(Ok(None))) | None => {
            return Redirect::to(&sign_in_address(Some("/account"))).into_response();
        }
    };
    if let Err(other) = check_person(&viewer, form.made_for.as_deref()) {
        return show_again(web, request, FormState::of(other.into()), render::account_page).await;
    }
    let change = PasswordChange { current: form.current, new: form.new, repeated: form.repeat };

    let https = web.app.site.https;
    let source = session::source(&jar, address, https);
    match login::change_password(&web.app, &source, &viewer, change).await {
        Ok(secret) => {
            let jar = jar.add(session::cookie(&secret, https)).add(session::browser_cookie(&source, https));
            (jar, Redirect::to("/account?changed=1")).into_response()
        }
        Err(problem) => show_again(web, request, FormState::of(problem), render::account_page).await,
    }
}

/// Splits off the form; keeps the request, to render a page.
pub async fn taken_apart<F: serde::de::DeserializeOwned>(
    web: &Web,
    request: Request,
) -> Result<(Request, CookieJar, std::net::IpAddr, F), Response> {
    let (mut parts, body) = request.into_parts();
    let form = Form::<F>::from_request(Request::from_parts(parts.clone(), body), web).await;
    let Form(form) = form.map_err(IntoResponse::into_response)?;
    let Ok(jar) = parts.extract::<CookieJar>().await;
    let Ok(ClientAddress(address)) = parts.extract_with_state::<ClientAddress, _>(web).await;
    Ok((Request::from_parts(parts, axum::body::Body::empty()), jar, address, form))
}
