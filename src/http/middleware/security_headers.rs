//! Headers that every answer carries, unless its handler has said otherwise.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::Web;

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const DNS_PREFETCH_CONTROL: HeaderName = HeaderName::from_static("x-dns-prefetch-control");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Caching of files whose names change with their content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Caching of public responses: stored, and revalidated before each use.
pub const PUBLIC: HeaderValue = HeaderValue::from_static("no-cache");

pub async fn add(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_package = path.starts_with("/pkg/");
    let mut response = next.run(request).await;

    if is_package && matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED) {
        response.headers_mut().insert(CACHE_CONTROL, FOR_EVER);
    }
    let mut put = |name: HeaderName, value: &'static str| {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    };
    // Responses are private unless they say otherwise.
    put(CACHE_CONTROL, "no-store");
    put(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(X_FRAME_OPTIONS, "DENY");
    // Enough for redirects to previous pages; nothing for other sites.
    put(REFERRER_POLICY, "same-origin");
    // Pages with links that people wrote look up none of their hosts.
    put(DNS_PREFETCH_CONTROL, "off");
    put(CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    put(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    put(PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    if web.app.site.https {
        put(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Policy of a page: it loads and runs this site's own files, scripts only with the nonce of this
/// very answer, and pictures that its reader has just chosen. Addresses that people wrote load
/// nothing.
pub fn page_policy(nonce: &str) -> String {
    // `cargo leptos watch` reloads pages through a socket on another port.
    let reload = if std::env::var_os("LEPTOS_WATCH").is_some() { " ws:" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob:; connect-src 'self'{reload}; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}
