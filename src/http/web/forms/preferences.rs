//! The form of language and theme, which stands on every page.

use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::REFERER;
use axum::response::Redirect;
use axum_extra::extract::CookieJar;

use super::address::page_of;
use crate::domain::local_path::LocalPath;
use crate::http::Web;
use crate::http::web::preferences::{Choice, chosen};

/// Remembers a choice and goes back to the page it was made on, or that has the
/// form which was refused there. A choice that is not offered changes nothing.
pub async fn remember(
    State(web): State<Web>,
    headers: HeaderMap,
    jar: CookieJar,
    Form(choice): Form<Choice>,
) -> (CookieJar, Redirect) {
    let jar = chosen(jar, &choice, web.app.site.https);
    let page = page_before(&headers).and_then(|path| path.as_str().parse().ok());
    (jar, Redirect::to(&page.map_or("/".to_owned(), |form| page_of(&form).to_string())))
}

/// The path of the referring page. Its host does not matter: only the path is
/// followed, and it stays on this site.
fn page_before(headers: &HeaderMap) -> Option<LocalPath> {
    let referrer = headers.get(REFERER)?.to_str().ok()?;
    let (_, after_scheme) = referrer.split_once("://")?;
    LocalPath::parse(&after_scheme[after_scheme.find('/')?..])
}
