//! `GET /v1/status/getTicket`, the public contract (docs/api.md).

use axum::Json;
use axum::extract::{FromRequest as _, Request, State};
use serde::Serialize;

use crate::domain::lists::parameter::Parameter;
use crate::domain::lists::query::TicketQuery;
use crate::domain::paging::Window;
use crate::domain::tickets::status::{List, Status};
use crate::domain::tickets::ticket::ContractTicket;
use crate::http::Web;
use crate::http::api::auth::refused;
use crate::http::api::error::ApiError;
use crate::http::api::request::query::QueryRequest;
use crate::http::middleware::language;
use crate::service::settings::Zone;
use crate::service::sign_in::tokens::{self, BearerClaims};
use crate::service::tickets::lookup;
use crate::text;

/// Look tickets up, newest first.
///
/// Parameters combine with AND and may come in the query string or as a JSON
/// object in the body. Who may ask what: an admin everything; others must name
/// themselves (`uid`, `tid`) or a ticket that involves them (`orderid`).
#[utoipa::path(
    get,
    path = "/v1/status/getTicket",
    tag = "lookups",
    security(("bearer" = [])),
    params(
        ("orderid" = Option<i64>, Query, description = "Ticket id", minimum = 1, maximum = 9_007_199_254_740_991_i64),
        ("uid" = Option<i64>, Query, description = "Id of the user who filed the ticket", minimum = 1, maximum = 9_007_199_254_740_991_i64),
        ("tid" = Option<i64>, Query, description = "Id of the technician it is assigned to; `td` is an alias", minimum = 1, maximum = 9_007_199_254_740_991_i64),
        ("list" = Option<String>, Query, description = "`pending`: not finished; `done`: finished; `all` or left out: no filter"),
        ("page" = Option<i64>, Query, description = "Page number, from 1", minimum = 1, maximum = 9_007_199_254_740_991_i64),
        ("limit" = Option<i64>, Query, description = "Rows a page; 10 if left out", minimum = 1, maximum = 100),
    ),
    responses(
        (status = 200, description = "The tickets of one page; past the last page `data` is empty", body = GetTicketReply),
        (status = 400, description = "A parameter is not valid; `data` names it", body = crate::http::api::schemas::ErrorReply),
        (status = 401, description = "No token, or one that is invalid or expired", body = crate::http::api::schemas::UnauthorizedReply),
        (status = 403, description = "Not allowed, or the ticket does not exist", body = crate::http::api::schemas::ErrorReply),
        (status = 413, description = "The body is too large", body = crate::http::api::schemas::ErrorReply),
        (status = 500, description = "The server could not answer; `data` has a request id", body = crate::http::api::schemas::ErrorReply),
    ),
)]
pub async fn get_ticket(
    State(web): State<Web>,
    claim: BearerClaims,
    request: Request,
) -> Result<Json<GetTicketReply>, ApiError> {
    let texts = text::of(language::accepted(request.headers()));
    let lookup = QueryRequest::from_request(request, &web).await;
    let query: TicketQuery = match lookup.and_then(|lookup| lookup.read(&Parameter::CONTRACT)) {
        Ok(query) => query,
        Err(error) => {
            // Only who may come in learns what is wrong with the question.
            tokens::viewer(&web.app, &claim).await.map_err(|refusal| refused(&refusal, texts))?;
            return Err(error);
        }
    };
    let (request_type, number) = (request_type(&query), query.page());
    let page =
        lookup::look_up_by_token(&web.app, claim, query).await.map_err(|refusal| refused(&refusal, texts))?;
    Ok(Json(GetTicketReply::new(request_type, number, page, web.app.site.zone)))
}

/// The contract's name of what was asked, by the most specific parameter.
fn request_type(query: &TicketQuery) -> String {
    let subject = match (query.ticket, query.owner, query.technician) {
        (Some(_), _, _) => return "by_workorder_id".to_owned(),
        (None, Some(_), _) => "by_user_id",
        (None, None, Some(_)) => "by_technician_id",
        (None, None, None) => "all_workorders",
    };
    match (query.list, subject) {
        (List::All, "all_workorders") => subject.to_owned(),
        (list, _) => format!("{subject}_{}", list.name()),
    }
}

/// One page of tickets.
#[derive(Serialize, utoipa::ToSchema)]
pub struct GetTicketReply {
    /// Always `success`.
    status: &'static str,
    /// Always `true`.
    success: bool,
    /// Kind of request, such as `by_user_id_pending`.
    request_type: String,
    data: Vec<TicketReply>,
    page: u64,
    limit: u64,
    /// Number of tickets that match, over all pages.
    total: u64,
}

/// A ticket in the contract's words. Times are on the site's clock.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TicketReply {
    id: i64,
    /// The person who filed it.
    user_id: i64,
    /// `2024-06-01`
    machine_purchase_date: Option<String>,
    user_phone: String,
    device_type: String,
    computer_brand: String,
    repair_description: String,
    #[schema(value_type = String, example = "Pending")]
    repair_status: Status,
    repair_image_url: Option<String>,
    fault_type: String,
    qq_number: String,
    campus: String,
    assigned_technician_id: Option<i64>,
    /// `2024-06-10 12:00:00`
    assigned_time: Option<String>,
    completion_time: Option<String>,
}

impl GetTicketReply {
    pub fn new(request_type: String, number: u64, page: Window<ContractTicket>, zone: Zone) -> Self {
        Self {
            status: "success",
            success: true,
            request_type,
            page: number,
            limit: page.limit,
            total: page.total.at_least(),
            data: page.items.into_iter().map(|ticket| TicketReply::new(ticket, zone)).collect(),
        }
    }
}

impl TicketReply {
    fn new(ticket: ContractTicket, zone: Zone) -> Self {
        Self {
            id: ticket.id.0,
            user_id: ticket.owner.0,
            machine_purchase_date: ticket.purchase_date,
            user_phone: ticket.phone,
            device_type: ticket.device_type,
            computer_brand: ticket.brand,
            repair_description: ticket.description,
            repair_status: ticket.status,
            repair_image_url: ticket.image_url,
            fault_type: ticket.fault_type,
            qq_number: ticket.qq,
            campus: ticket.campus,
            assigned_technician_id: ticket.technician.map(|person| person.0),
            assigned_time: ticket.assigned_at.map(|time| zone.local(time).to_string()),
            completion_time: ticket.completed_at.map(|time| zone.local(time).to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_type_follows_the_most_specific_parameter() {
        let asked =
            |search| request_type(&TicketQuery::parse_search(search, &Parameter::CONTRACT).expect("valid"));

        assert_eq!(asked("orderid=1&uid=2&list=done"), "by_workorder_id");
        assert_eq!(asked("uid=1&tid=2"), "by_user_id_all");
        assert_eq!(asked("uid=1&list=pending"), "by_user_id_pending");
        assert_eq!(asked("td=1&list=done"), "by_technician_id_done");
        assert_eq!(asked(""), "all_workorders");
        assert_eq!(asked("list=all"), "all_workorders");
        assert_eq!(asked("list=pending"), "all_workorders_pending");
        assert_eq!(asked("list=done&page=3"), "all_workorders_done");
    }
}
