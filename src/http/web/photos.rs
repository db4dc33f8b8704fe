//! Photos as image files.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

use super::render;
use crate::domain::photo::{MediaType, Size};
use crate::domain::problem::Problem;
use crate::domain::viewer::Viewer;
use crate::http::Web;
use crate::service::photos::ticket_photos::look_at;
use crate::service::sign_in::sessions::SessionState;

pub async fn full(
    web: State<Web>,
    id: Path<String>,
    caller: Extension<SessionState>,
    request: Request,
) -> Response {
    show(web, id, caller, request, Size::Full).await
}

pub async fn thumbnail(
    web: State<Web>,
    id: Path<String>,
    caller: Extension<SessionState>,
    request: Request,
) -> Response {
    show(web, id, caller, request, Size::Thumbnail).await
}

/// Refuses viewers who may not see the ticket as its page does.
async fn show(
    State(web): State<Web>,
    Path(id): Path<String>,
    Extension(SessionState(caller)): Extension<SessionState>,
    request: Request,
    size: Size,
) -> Response {
    let viewer = match caller {
        Ok(Some(session)) => session.viewer,
        Ok(None) => return render::sign_in_first(request.uri()),
        Err(problem) => return render::broken(web, request, problem).await,
    };
    match found(&web, &viewer, &id, size).await {
        Ok((media_type, bytes)) => picture(media_type, bytes),
        Err(problem) => render::broken(web, request, problem).await,
    }
}

async fn found(web: &Web, viewer: &Viewer, id: &str, size: Size) -> Result<(MediaType, Vec<u8>), Problem> {
    let id = id.parse().map_err(|_| Problem::NotFound)?;
    look_at(&web.app, viewer, &id, size).await
}

/// Response that is only ever a picture. No cache stores it: access ends with that to its ticket.
pub fn picture(media_type: MediaType, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.name()),
        (CONTENT_DISPOSITION, "inline"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
    ];
    (headers.map(|(name, value)| (name, HeaderValue::from_static(value))), Body::from(bytes)).into_response()
}
