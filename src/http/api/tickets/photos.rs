//! `/v1/*` of photos: which a ticket has, another one, and what they show.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use crate::domain::ids::{Named, TicketId, UserId};
use crate::domain::photo::{Photo, Size};
use crate::domain::problem::Problem;
use crate::domain::viewer::Viewer;
use crate::http::api::error::ApiError;
use crate::http::api::request::command::{CallWithFiles, DONE, DoneReply, TICKET};
use crate::http::api::request::query::QueryRequest;
use crate::http::middleware::language::Language;
use crate::http::web::photos::picture;
use crate::service::App;
use crate::service::photos::ticket_photos;
use crate::service::settings::Zone;
use crate::service::tickets::view;
use crate::text;

/// List the photos of a ticket, in the order in which they were added.
///
/// For whoever may see the ticket on its page. The parameter is read as those of getTicket.
#[utoipa::path(
    get,
    path = "/v1/status/getPhotos",
    tag = "photos",
    security(("bearer" = [])),
    params(crate::http::api::schemas::TicketParams),
    responses(
        (status = 200, description = "All photos of the ticket, at most 6", body = GetPhotosReply),
        crate::http::api::schemas::TicketLookupRefusal,
    ),
)]
pub async fn get_photos(
    State(app): State<App>,
    viewer: Viewer,
    lookup: QueryRequest,
) -> Result<Json<GetPhotosReply>, ApiError> {
    let texts = lookup.texts;
    let photos = view::photos(&app, &viewer, lookup.ticket()?).await;
    let photos =
        photos.map_err(|problem| ApiError::to(&viewer, &problem, texts.api().no_such_ticket, texts))?;
    let zone = app.site.zone;
    let data = photos.into_iter().map(|(photo, by)| PhotoReply::new(photo, by, zone)).collect();
    Ok(Json(GetPhotosReply { status: "success", success: true, data }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct GetPhotosReply {
    /// Always `success`.
    status: &'static str,
    /// Always `true`.
    success: bool,
    data: Vec<PhotoReply>,
}

/// A photo as the site keeps it, whatever was sent.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PhotoReply {
    /// 32 digits in hex.
    #[schema(example = "0123456789abcdef0123456789abcdef")]
    id: String,
    #[schema(example = 20_240_000_123_i64)]
    order_id: i64,
    /// The id of who added it.
    #[schema(example = 20_240_000_001_i64)]
    uploaded_by: i64,
    /// The nickname of who added it.
    uploader: String,
    /// `2024-06-10 12:00:00` on the site's clock.
    created_at: String,
    /// `image/jpeg`, or `image/png` where something is transparent.
    #[schema(example = "image/jpeg")]
    media_type: &'static str,
    /// Pixels.
    width: u32,
    /// Pixels.
    height: u32,
    /// The size of the picture in bytes.
    bytes: u64,
    /// Address of the picture, for the same token.
    #[schema(example = "/v1/photos/0123456789abcdef0123456789abcdef")]
    url: String,
    /// The same, its longer side at most 320 pixels.
    #[schema(example = "/v1/photos/0123456789abcdef0123456789abcdef/thumbnail")]
    thumbnail_url: String,
}

impl PhotoReply {
    fn new(photo: Photo, by: Named, zone: Zone) -> Self {
        let Photo { id, ticket, uploaded_by, created_at, media_type, width, height, bytes } = photo;
        let (TicketId(order_id), UserId(uploaded_by)) = (ticket, uploaded_by);
        let url = format!("/v1/photos/{id}");
        Self {
            id: id.to_string(),
            order_id,
            uploaded_by,
            uploader: by.nickname,
            created_at: zone.local(created_at).to_string(),
            media_type: media_type.name(),
            width,
            height,
            bytes,
            thumbnail_url: format!("{url}/thumbnail"),
            url,
        }
    }
}

#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct PhotosRequest {
    /// Before the files.
    #[schema(example = 20_240_000_123_i64)]
    order_id: i64,
    /// One or more files: JPEG, PNG or WebP, each at most 10 MB and 65 megapixels, no side longer than 30,000 pixels.
    #[schema(value_type = Vec<String>, content_media_type = "application/octet-stream")]
    photos: Vec<String>,
}

/// Add photos to a ticket: all that are sent, or none.
///
/// A form with files (`multipart/form-data`). A ticket has at most 6. `order_id` comes before the files: a
/// call that is refused is answered before any of them is read. What a picture does not show,
/// such as the place where it was taken, is not kept.
#[utoipa::path(
    post,
    path = "/v1/ticket/photos",
    tag = "photos",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body(content = PhotosRequest, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "They are added", body = DoneReply),
        crate::http::api::schemas::TicketRefusal,
        (status = 422, description = "No file, too many, too large, or no picture: `data` names it; or the key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Other uploads of the same person are still under way; `Retry-After` has the seconds to wait", body = crate::http::api::schemas::CallErrorReply),
        (status = 503, description = "There is no room for more uploads just now; `Retry-After` has the seconds to wait", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn add(State(app): State<App>, sent: CallWithFiles) -> Result<Json<DoneReply>, ApiError> {
    let CallWithFiles { call, uploads, held } = sent;
    let added = ticket_photos::add(&app, &call.viewer, call.ticket(TICKET)?, uploads, call.key.clone()).await;
    drop(held);
    added.map(|()| DONE).map_err(|problem| call.refuse(&problem))
}

type Id = Result<Path<String>, PathRejection>;

/// Show a photo.
///
/// For whoever may see its ticket. Its longer side has at most 2048 pixels or, of a long screenshot or panorama,
/// its shorter one at most 1024. A photo never changes.
#[utoipa::path(
    get,
    path = "/v1/photos/{id}",
    tag = "photos",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The `id` of getPhotos")),
    responses(
        (status = 200, description = "The picture, `image/jpeg` or `image/png`", body = Vec<u8>, content_type = "image/jpeg"),
        crate::http::api::schemas::PhotoRefusal,
    ),
)]
pub async fn full(
    State(app): State<App>,
    viewer: Viewer,
    language: Language,
    id: Id,
) -> Result<Response, ApiError> {
    show(&app, &viewer, language, id, Size::Full).await
}

/// Show a photo small.
///
/// The same, its longer side at most 320 pixels.
#[utoipa::path(
    get,
    path = "/v1/photos/{id}/thumbnail",
    tag = "photos",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The `id` of getPhotos")),
    responses(
        (status = 200, description = "The picture, `image/jpeg` or `image/png`", body = Vec<u8>, content_type = "image/jpeg"),
        crate::http::api::schemas::PhotoRefusal,
    ),
)]
pub async fn thumbnail(
    State(app): State<App>,
    viewer: Viewer,
    language: Language,
    id: Id,
) -> Result<Response, ApiError> {
    show(&app, &viewer, language, id, Size::Thumbnail).await
}

async fn show(
    app: &App,
    viewer: &Viewer,
    Language(locale): Language,
    id: Id,
    size: Size,
) -> Result<Response, ApiError> {
    let texts = text::of(locale);
    let shown = match id.map(|Path(id)| id.parse()) {
        Ok(Ok(id)) => ticket_photos::look_at(app, viewer, &id, size).await,
        Ok(Err(_)) | Err(_) => Err(Problem::NotFound),
    };
    let shown = shown.map(|(media_type, bytes)| picture(media_type, bytes));
    shown.map_err(|problem| ApiError::to(viewer, &problem, texts.api().no_such_photo, texts))
}
