//! Who is at the browser: the session cookie.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use time::Duration;

use super::Web;
use crate::service::sessions::{self, ABSOLUTE_LIMIT_SECONDS, Caller, Secret};

/// Tells everything behind it who is calling.
pub async fn identify(State(web): State<Web>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let visit = match secret(&jar, web.app.site.https) {
        Some(secret) if request.method().is_safe() => sessions::visit(&web.app, &secret).await,
        Some(secret) => sessions::visit_now(&web.app, &secret).await,
        None => Ok(None),
    };
    request.extensions_mut().insert(Caller(visit));
    next.run(request).await
}

pub fn secret(jar: &CookieJar, https: bool) -> Option<Secret> {
    jar.get(name(https)).and_then(|cookie| Secret::from_cookie(cookie.value()))
}

pub fn cookie(secret: &Secret, https: bool) -> Cookie<'static> {
    build(name(https), secret.as_str().to_owned(), https)
}

/// Makes the browser forget.
pub fn expired_cookie(https: bool) -> Cookie<'static> {
    let mut cookie = build(name(https), String::new(), https);
    cookie.make_removal();
    cookie
}

fn build(name: &'static str, value: String, https: bool) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https)
        .max_age(Duration::seconds(ABSOLUTE_LIMIT_SECONDS))
        .build()
}

/// Behind https the browser itself guarantees that no other host set it.
const fn name(https: bool) -> &'static str {
    if https { "__Host-fixdesk_session" } else { "fixdesk_session" }
}
