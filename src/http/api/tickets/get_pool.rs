//! `GET /v1/status/getPool`: what waits for a technician to take it (docs/api.md).

use axum::Json;
use axum::extract::State;

use super::get_ticket::GetTicketReply;
use crate::domain::lists::parameter::Parameter;
use crate::domain::lists::query::TicketQuery;
use crate::domain::viewer::Viewer;
use crate::http::api::error::ApiError;
use crate::http::api::request::query::QueryRequest;
use crate::service::App;
use crate::service::tickets::lookup;

/// List the tickets that wait for a technician, newest first.
///
/// For technicians and admins. Parameters are read as those of getTicket. How to reach the requesters is
/// told to whoever takes a ticket: `user_phone` and `qq_number` are empty here.
#[utoipa::path(
    get,
    path = "/v1/status/getPool",
    tag = "lookups",
    security(("bearer" = [])),
    params(
        ("campus" = Option<String>, Query, description = "One of `campuses` of getConfig"),
        ("device" = Option<String>, Query, description = "One of `device_types` of getConfig"),
        ("fault" = Option<String>, Query, description = "One of `fault_types` of getConfig"),
        crate::http::api::schemas::PageParams,
    ),
    responses(
        (status = 200, description = "The tickets of one page; past the last page `data` is empty", body = GetTicketReply),
        crate::http::api::schemas::LookupRefusal,
    ),
)]
pub async fn get_pool(
    State(app): State<App>,
    viewer: Viewer,
    lookup: QueryRequest,
) -> Result<Json<GetTicketReply>, ApiError> {
    let query: TicketQuery = lookup.read_strictly(&Parameter::POOL)?;
    let number = query.page();
    let page = lookup::pool(&app, &viewer, query).await;
    let page = page.map_err(|problem| ApiError::of(&problem, lookup.texts))?;
    Ok(Json(GetTicketReply::new("pool".to_owned(), number, page, app.site.zone)))
}
