//! `GET /v1/status/getHistory`: what happened to a ticket, as its page shows it.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::ticket_head::TicketHeadReply;
use crate::domain::ids::Named;
use crate::domain::tickets::event::Change;
use crate::domain::tickets::event_page::{ENTRIES_OF_AN_ANSWER, HistoryPart, HistoryQuery};
use crate::domain::tickets::view::TimelineEntry;
use crate::domain::viewer::Viewer;
use crate::http::api::error::ApiError;
use crate::http::api::request::query::QueryRequest;
use crate::service::App;
use crate::service::tickets::view;
use crate::text::Texts;

/// Read the history of a ticket, the first thing first.
///
/// At most a hundred events, the latest: those of a longer history are read with `before`.
/// For whoever may see the ticket on its page, and as much of it as is theirs to see: notes of the desk
/// are told to nobody else. The parameter is read as those of getTicket. Looking marks nothing as read.
#[utoipa::path(
    get,
    path = "/v1/status/getHistory",
    tag = "lookups",
    security(("bearer" = [])),
    params(crate::http::api::schemas::TicketParams, crate::http::api::schemas::BeforeParams),
    responses(
        (status = 200, description = "All that happened", body = GetHistoryReply),
        crate::http::api::schemas::TicketLookupRefusal,
    ),
)]
pub async fn get_history(
    State(app): State<App>,
    viewer: Viewer,
    lookup: QueryRequest,
) -> Result<Json<GetHistoryReply>, ApiError> {
    let texts = lookup.texts;
    let query: HistoryQuery = lookup.read(&HistoryQuery::PARAMETERS)?;
    let ticket = query.ticket.ok_or_else(|| lookup.no_ticket())?;
    let part = HistoryPart { before: query.before, most: ENTRIES_OF_AN_ANSWER };
    let view = view::view_part(&app, &viewer, ticket, "", part).await;
    let view = view.map_err(|problem| ApiError::to(&viewer, &problem, texts.api().no_such_ticket, texts))?;
    Ok(Json(GetHistoryReply {
        status: "success",
        success: true,
        version: view.version,
        repair_status: view.card.status.name(),
        ticket: TicketHeadReply::of(&view),
        actions: view.actions.iter().map(|action| action.name()).collect(),
        total: view.entries(),
        earlier: view.earlier,
        data: view.timeline.into_iter().map(|entry| EventReply::new(entry, texts)).collect(),
    }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct GetHistoryReply {
    /// Always `success`.
    status: &'static str,
    /// Always `true`.
    success: bool,
    /// Version of the ticket: sent along with a call, nothing happens if it is another by then.
    version: i64,
    /// As in getTicket.
    repair_status: &'static str,
    ticket: TicketHeadReply,
    /// Actions that the caller may do now: those of `/v1/ticket/act`.
    #[schema(value_type = Vec<String>)]
    actions: Vec<&'static str>,
    /// Number of events that there are for the caller.
    total: usize,
    /// Number of events before those of `data`: with `before`, one more than this, they are read next.
    earlier: usize,
    data: Vec<EventReply>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct EventReply {
    /// `2024-06-10 12:00:00` on the site's clock.
    at: String,
    /// An action, or `filed`, `corrected`, `message`, `note`, `photo`, `lapsed` (confirmed by time),
    /// `orphaned` (its technician has left), `deleted`, `restored`; `unreadable` where the row is damaged.
    kind: &'static str,
    /// The id of who did it; nothing where the desk did.
    actor_id: Option<i64>,
    actor_name: Option<String>,
    /// A reason, a message, what was done; a sentence in the language of `Accept-Language` where a
    /// program gave none.
    note: String,
    /// Technician who has the ticket afterwards.
    technician_id: Option<i64>,
    changes: Vec<ChangeReply>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ChangeReply {
    /// The name of the field, as in `/v1/ticket/set`.
    field: &'static str,
    old: String,
    new: String,
}

impl EventReply {
    fn new(entry: TimelineEntry, texts: Texts) -> Self {
        let note = texts.note(&entry).to_owned();
        let TimelineEntry { at, actor, kind, times: _, note: _, changes, technician, offered_to: _ } = entry;
        let id = |named: &Named| named.id.0;
        Self {
            at: at.to_string(),
            kind: kind.name(),
            actor_id: actor.as_ref().map(id),
            actor_name: actor.map(|named| named.nickname),
            note,
            technician_id: technician.as_ref().map(id),
            changes: changes
                .into_iter()
                .map(|Change { field, old, new }| ChangeReply { field: field.name(), old, new })
                .collect(),
        }
    }
}
