//! Headers that every answer carries, unless its handler has said otherwise.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::Web;

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

pub async fn add(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_package = path.starts_with("/pkg/");
    let is_api = path == "/v1" || path.starts_with("/v1/") || path.starts_with("/rpc/");
    let mut response = next.run(request).await;

    let caching = match response.status() {
        // The names of these files change with their content.
        StatusCode::OK | StatusCode::NOT_MODIFIED if is_package => "public, max-age=31536000, immutable",
        _ if is_api => "no-store",
        _ => "private, no-cache",
    };
    let mut put = |name: HeaderName, value: &'static str| {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(CACHE_CONTROL, caching);
    put(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(X_FRAME_OPTIONS, "DENY");
    // Enough for forms to find their way back, nothing for other sites.
    put(REFERRER_POLICY, "same-origin");
    put(CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    put(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    put(PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    if web.app.site.https {
        put(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// What a page may load and run: this site's own, scripts only with the nonce
/// of this very answer, pictures that people gave an https address for, and those
/// that they have just chosen.
pub fn page_policy(nonce: &str) -> String {
    // `cargo leptos watch` reloads pages through a socket on another port.
    let reload = if std::env::var_os("LEPTOS_WATCH").is_some() { " ws:" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' https: blob:; connect-src 'self'{reload}; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}
