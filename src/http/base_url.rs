//! Origin of this site, for links that leave it.

use axum::extract::Request;
use axum::http::header::HOST;

use super::Web;

/// The configured origin, else the one by which this browser came.
pub fn origin(web: &Web, request: &Request) -> String {
    let told = &web.app.site.public_url;
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if told.is_empty() { host.map(|host| format!("http://{host}")).unwrap_or_default() } else { told.clone() }
}
