//! Browser cookies: of the session, and of the browser as a known source.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use time::Duration;

use crate::http::Web;
use crate::service::maintenance::SOURCES_KEPT;
use crate::service::random_hex;
use crate::service::sign_in::sessions::{self, ABSOLUTE_LIMIT_SECONDS, Secret, SessionState};
use crate::service::sign_in::throttle::Source;

/// Adds the `SessionState` to the request.
pub async fn identify(State(web): State<Web>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let session = match secret(&jar, web.app.site.https) {
        Some(secret) => sessions::resolve(&web.app, &secret).await,
        None => Ok(None),
    };
    request.extensions_mut().insert(SessionState(session));
    next.run(request).await
}

pub fn secret(jar: &CookieJar, https: bool) -> Option<Secret> {
    jar.get(name(https)).and_then(|cookie| Secret::from_cookie(cookie.value()))
}

pub fn cookie(secret: &Secret, https: bool) -> Cookie<'static> {
    build(name(https), secret.as_str().to_owned(), https)
}

/// Expired session cookie.
pub fn expired_cookie(https: bool) -> Cookie<'static> {
    let mut cookie = build(name(https), String::new(), https);
    cookie.make_removal();
    cookie
}

fn build(name: &'static str, value: String, https: bool) -> Cookie<'static> {
    build_for(ABSOLUTE_LIMIT_SECONDS, name, value, https)
}

fn build_for(seconds: i64, name: &'static str, value: String, https: bool) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https)
        .max_age(Duration::seconds(seconds))
        .build()
}

/// Source of a sign-in attempt: the address and the browser's secret, kept or new.
pub fn source(jar: &CookieJar, address: IpAddr, https: bool) -> Source {
    let kept = jar.get(browser_name(https)).map(|cookie| cookie.value().to_owned());
    let browser = kept.filter(|secret| Secret::from_cookie(secret).is_some());
    Source { address, browser: browser.or_else(|| Some(random_hex::<32>())) }
}

/// Cookie of a known browser; it outlives sessions.
pub fn browser_cookie(source: &Source, https: bool) -> Cookie<'static> {
    let secret = source.browser.clone().unwrap_or_default();
    build_for(SOURCES_KEPT, browser_name(https), secret, https)
}

const fn browser_name(https: bool) -> &'static str {
    if https { "__Host-fixdesk_browser" } else { "fixdesk_browser" }
}

/// Cookie name; `__Host-` (https) excludes cookies of other hosts.
const fn name(https: bool) -> &'static str {
    if https { "__Host-fixdesk_session" } else { "fixdesk_session" }
}
