//! The page of a form that was refused.

use axum::extract::Request;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::http::Web;
use crate::http::web::render::{self, Page};
use crate::ui::page_context::FormState;

/// Shows the page with the problem's status.
pub async fn show_again(web: Web, request: Request, form: FormState, page: impl Page) -> Response {
    let status = StatusCode::from_u16(form.problem.http_status());
    let wait = form.problem.retry_after_seconds();
    let mut response = render::render(web, request, Some(form), page).await;
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
