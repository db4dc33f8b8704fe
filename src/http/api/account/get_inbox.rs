//! `GET /v1/status/getInbox`: one's own notices (docs/api.md).

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::domain::notifications::inbox::{Inbox, Notice};
use crate::domain::viewer::Viewer;
use crate::http::api::error::ApiError;
use crate::http::middleware::language::Language;
use crate::service::App;
use crate::service::notifications::inbox;
use crate::text::{self, Texts};

/// List what the caller is told of, the newest first: the latest 100.
///
/// Looking marks nothing as read; `POST /v1/user/read` does.
#[utoipa::path(
    get,
    path = "/v1/status/getInbox",
    tag = "account",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller's notices, and how many are unread", body = GetInboxReply),
        (status = 401, description = "No token, or one that is invalid or expired", body = crate::http::api::schemas::UnauthorizedReply),
        (status = 500, description = "The server could not answer; `data` has a request id", body = crate::http::api::schemas::ErrorReply),
    ),
)]
pub async fn get_inbox(
    State(app): State<App>,
    viewer: Viewer,
    Language(locale): Language,
) -> Result<Json<GetInboxReply>, ApiError> {
    let texts = text::of(locale);
    let found = inbox::of(&app, &viewer).await;
    let Inbox { notices, unread } = found.map_err(|problem| ApiError::of(&problem, texts))?;
    let data = notices.into_iter().map(|notice| NoticeReply::new(notice, texts)).collect();
    Ok(Json(GetInboxReply { status: "success", success: true, unread, data }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct GetInboxReply {
    /// Always `success`.
    status: &'static str,
    /// Always `true`.
    success: bool,
    /// Number of unread notices; 100 where there are more.
    unread: u64,
    data: Vec<NoticeReply>,
}

/// Something that happened to a ticket.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NoticeReply {
    /// Rises with time: `up_to` of `POST /v1/user/read`.
    id: i64,
    #[schema(example = 20_240_000_123_i64)]
    order_id: i64,
    /// The device and its fault; empty where the ticket is gone, or not the caller's to see any more.
    about: String,
    /// Kind of event: `message`, `photo`, `report_done` and so on.
    #[schema(example = "message")]
    kind: &'static str,
    /// Sentence that says so, in the language of `Accept-Language`.
    sentence: String,
    /// Number of events that it stands for: messages and photos that come one after the other are one notice.
    times: u64,
    /// The words that came with it; empty where there are none, or where they are not the caller's to see any more.
    note: String,
    /// Person who did it; `null` where the desk acts by itself.
    actor_id: Option<i64>,
    /// `2024-06-10 12:00:00` on the site's clock.
    created_at: String,
    is_read: bool,
}

impl NoticeReply {
    fn new(Notice { id, ticket, about, entry, is_read, may_open }: Notice, texts: Texts) -> Self {
        let note = if may_open { texts.note(&entry).to_owned() } else { String::new() };
        Self {
            id,
            order_id: ticket.0,
            about,
            kind: entry.kind.name(),
            sentence: texts.sentence(&entry),
            times: entry.times,
            actor_id: entry.actor.map(|actor| actor.id.0),
            created_at: entry.at.to_string(),
            note,
            is_read,
        }
    }
}
