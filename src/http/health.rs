//! Health checks for monitoring and balancers.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::service::{App, readiness};

const NOT_KEPT: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];
const RETRY_AFTER_SECONDS: [(HeaderName, &str); 1] = [(RETRY_AFTER, "5")];

/// Liveness: the process answers, no more: a restart would mend nothing else.
pub async fn alive() -> Response {
    (StatusCode::NO_CONTENT, NOT_KEPT).into_response()
}

/// Readiness: the server can work, or why it cannot.
pub async fn ready(State(app): State<App>) -> Response {
    let not_well = readiness::not_well(&app).await;
    if not_well.is_empty() {
        return (NOT_KEPT, Json(json!({ "status": "ready" }))).into_response();
    }
    let body = Json(json!({ "status": "unavailable", "not_well": not_well }));
    (StatusCode::SERVICE_UNAVAILABLE, NOT_KEPT, RETRY_AFTER_SECONDS, body).into_response()
}
