//! Language and theme, remembered in cookies of the browser.

use axum::extract::Request;
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::Deserialize;
use time::Duration;

use crate::domain::locale::Locale;
use crate::http::middleware::language;
use crate::ui::page_context::Theme;

const LANGUAGE: &str = "fixdesk_language";
const THEME: &str = "fixdesk_theme";

#[derive(Deserialize)]
pub struct Choice {
    pub lang: Option<String>,
    pub theme: Option<String>,
}

/// Cookies with what was chosen. A choice that is not offered changes nothing.
pub fn chosen(mut jar: CookieJar, choice: &Choice, https: bool) -> CookieJar {
    if let Some(locale) = choice.lang.as_deref().and_then(Locale::from_tag) {
        jar = jar.add(cookie(LANGUAGE, locale.tag(), https));
    }
    if let Some(theme) = choice.theme.as_deref().and_then(Theme::named) {
        jar = jar.add(cookie(THEME, theme.name(), https));
    }
    jar
}

/// Cookies with the choice that is among the fields of a form, for the page that answers it
/// at once; `None` where there is none.
pub fn among(fields: &[(String, String)], jar: &CookieJar, https: bool) -> Option<CookieJar> {
    let value = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let choice = Choice { lang: value("lang"), theme: value("theme") };
    (choice.lang.is_some() || choice.theme.is_some()).then(|| chosen(jar.clone(), &choice, https))
}

/// Lets the page of a request be rendered as if the browser had sent these cookies.
pub fn apply(jar: &CookieJar, page: &mut Request) {
    let pairs: Vec<String> =
        jar.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
    if let Ok(cookies) = HeaderValue::from_str(&pairs.join("; ")) {
        page.headers_mut().insert(COOKIE, cookies);
    }
}

/// The remembered language, else the browser's.
pub fn locale(jar: &CookieJar, headers: &HeaderMap) -> Locale {
    let chosen = jar.get(LANGUAGE).and_then(|cookie| Locale::from_tag(cookie.value()));
    chosen.unwrap_or_else(|| language::accepted(headers))
}

pub fn theme(jar: &CookieJar) -> Theme {
    jar.get(THEME).and_then(|cookie| Theme::named(cookie.value())).unwrap_or_default()
}

fn cookie(name: &'static str, value: &'static str, https: bool) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https)
        .max_age(Duration::days(365))
        .build()
}
