//! Pages that are given again while nothing is written (`service/answers.rs`).
//!
//! Only those that are the same all year: what they show is decided by the
//! database, the address, who looks in which language and theme, and which times
//! need no year.

use std::sync::Arc;

use axum::RequestExt as _;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;

use super::preferences;
use super::render::{Page, render};
use crate::http::Web;
use crate::http::middleware::security_headers;
use crate::service::answers::{Bulky, Found, Kept};
use crate::service::random_hex;
use crate::service::sign_in::sessions::Session;

pub type KeptPages = Kept<KeptPage>;

/// What is another each time a page is sent. Rendering leaves it with an answer that
/// may be given again.
#[derive(Clone)]
pub struct Once {
    /// What scripts of this answer are allowed by.
    pub nonce: String,
    pub form_key: String,
}

impl Once {
    pub fn new() -> Self {
        Self { nonce: random_hex::<16>(), form_key: random_hex::<16>() }
    }
}

/// A page without what is for once.
#[derive(Clone)]
pub struct KeptPage(Arc<[Piece]>);

enum Piece {
    Text(Box<str>),
    Nonce,
    FormKey,
}

impl Bulky for KeptPage {
    fn bytes(&self) -> usize {
        let texts = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Nonce | Piece::FormKey => 0,
        });
        texts.sum()
    }
}

impl KeptPage {
    fn of(html: &str, once: &Once) -> Self {
        let mut pieces = Vec::new();
        for (place, part) in html.split(&once.nonce).enumerate() {
            if place > 0 {
                pieces.push(Piece::Nonce);
            }
            for (place, text) in part.split(&once.form_key).enumerate() {
                if place > 0 {
                    pieces.push(Piece::FormKey);
                }
                pieces.push(Piece::Text(text.into()));
            }
        }
        Self(pieces.into())
    }

    fn html(&self, once: &Once) -> String {
        let mut html = String::with_capacity(self.bytes() + 1024);
        for piece in &*self.0 {
            html.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Nonce => &once.nonce,
                Piece::FormKey => &once.form_key,
            });
        }
        html
    }
}

impl IntoResponse for KeptPage {
    fn into_response(self) -> Response {
        let once = Once::new();
        let policy = security_headers::page_policy(&once.nonce);
        ([(CONTENT_SECURITY_POLICY, policy)], Html(self.html(&once))).into_response()
    }
}

/// The page of an address, for somebody who was of a session.
pub async fn kept_or_rendered(web: Web, session: Session, mut request: Request, page: impl Page) -> Response {
    let who = session.viewer.id.to_string();
    let what = asked(&web, &mut request).await;
    if let Found::Answer(page) = web.pages.find(&web.app, &who, &what) {
        return page.into_response();
    }
    let response = render(web.clone(), request, None, page).await;
    // As of when the visitor was found out: who they are is part of the page.
    match (session.as_of, response.extensions().get::<Once>().cloned()) {
        (Some(as_of), Some(once)) if response.status() == StatusCode::OK => {
            let (parts, body) = response.into_parts();
            let html = to_bytes(body, usize::MAX).await.expect("it was rendered whole");
            if let Ok(html) = str::from_utf8(&html) {
                web.pages.keep(as_of, &who, &what, session.until, KeptPage::of(html, &once));
            }
            Response::from_parts(parts, Body::from(html))
        }
        _ => response,
    }
}

/// All that decides over a page but the database and who looks.
async fn asked(web: &Web, request: &mut Request) -> String {
    let year = web.app.site.zone.local(web.app.clock.now()).year;
    let Ok(jar) = request.extract_parts::<CookieJar>().await;
    let (locale, theme) = (preferences::locale(&jar, request.headers()), preferences::theme(&jar));
    format!("{} {} {year} {}", locale.tag(), theme.name(), request.uri())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn once(nonce: &str, form_key: &str) -> Once {
        Once { nonce: nonce.to_owned(), form_key: form_key.to_owned() }
    }

    #[test]
    fn a_page_comes_back_with_what_is_for_once_put_anew() {
        let page = KeptPage::of("n <a f> n n f", &once("n", "f"));
        assert_eq!(page.html(&once("N1", "F1")), "N1 <a F1> N1 N1 F1");
        assert_eq!(page.html(&once("n", "f")), "n <a f> n n f");
        assert_eq!(KeptPage::of("plain", &once("N", "F")).html(&once("1", "2")), "plain");
        assert_ne!(Once::new().nonce, Once::new().nonce);
    }
}
