//! Protection against requests forged by other sites.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::language;
use crate::http::api::error::ApiError;
use crate::text;

/// Refuses unsafe requests without proof that they come from this site. REST is outside: it takes no cookies.
pub async fn guard(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_same_origin(request.headers()) {
        return next.run(request).await;
    }
    let texts = text::of(language::accepted(request.headers()));
    ApiError::new(StatusCode::FORBIDDEN, texts.api().foreign_origin).into_response()
}

/// Reads `Sec-Fetch-Site`; older browsers and plain http send only `Origin`, which must then name
/// this host. Neither: `false`.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let origin = header(ORIGIN.as_str()).and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    origin.is_some() && origin == header(HOST.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(headers: &[(&'static str, &'static str)]) -> bool {
        let pairs = headers
            .iter()
            .map(|&(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")));
        is_same_origin(&pairs.collect())
    }

    #[test]
    fn only_this_site_proves_itself() {
        let host = ("host", "desk.example");
        assert!(judged(&[("sec-fetch-site", "same-origin")]));
        assert!(judged(&[("sec-fetch-site", "none")]));
        assert!(judged(&[host, ("origin", "https://desk.example")]));

        assert!(!judged(&[]));
        assert!(!judged(&[host]));
        assert!(!judged(&[host, ("origin", "null")]));
        assert!(!judged(&[host, ("origin", "https://evil.example")]));
        assert!(!judged(&[host, ("origin", "https://desk.example.evil.example")]));
        assert!(!judged(&[("sec-fetch-site", "same-site"), host, ("origin", "https://desk.example")]));
        assert!(!judged(&[("sec-fetch-site", "cross-site")]));
    }
}
