//! `GET /v1/status/getTicket`, the public contract (docs/api.md).

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, State};
use serde::Serialize;
use serde_json::Value;

use super::bearer::refused;
use super::error::ApiError;
use super::json_object::{self, Pair};
use super::language::Language;
use crate::domain::paging::Page;
use crate::domain::problem::Problem;
use crate::domain::query::{BadQuery, BadValue, Parameter, Reason, TicketQuery};
use crate::domain::status::{List, Status};
use crate::domain::ticket::Ticket;
use crate::service::App;
use crate::service::site::Zone;
use crate::service::tickets;
use crate::service::tokens::{self, Claim};
use crate::text::{self, Texts};

const BODY_LIMIT: usize = 16 * 1024;

/// Look tickets up, newest first.
///
/// Parameters combine with AND and may come in the query string or as a JSON
/// object in the body. Who may ask what: an admin everything; others must name
/// themselves (`uid`, `tid`) or a ticket that involves them (`orderid`).
#[utoipa::path(
    get,
    path = "/v1/status/getTicket",
    tag = "tickets",
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
        (status = 400, description = "A parameter is not valid; `data` names it", body = super::openapi::ErrorReply),
        (status = 401, description = "No token, or one that is invalid or expired", body = super::openapi::UnauthorizedReply),
        (status = 403, description = "Not allowed, or the ticket does not exist", body = super::openapi::ErrorReply),
        (status = 413, description = "The body is too large", body = super::openapi::ErrorReply),
        (status = 500, description = "The server could not answer; `data` has a request id", body = super::openapi::ErrorReply),
    ),
)]
pub async fn get_ticket(
    State(app): State<App>,
    claim: Claim,
    Language(locale): Language,
    RawQuery(raw): RawQuery,
    body: Body,
) -> Result<Json<GetTicketReply>, ApiError> {
    let texts = text::of(locale);
    let query = match asked(raw, body, texts).await {
        Ok(query) => query,
        Err(error) => {
            // Only who may come in learns what is wrong with the question.
            tokens::viewer(&app, claim).await.map_err(|refusal| refused(&refusal, texts))?;
            return Err(error);
        }
    };
    let request_type = request_type(&query);
    let page =
        tickets::look_up_by_token(&app, claim, query).await.map_err(|refusal| refused(&refusal, texts))?;
    Ok(Json(GetTicketReply::new(request_type, page, app.site.zone)))
}

async fn asked(raw: Option<String>, body: Body, texts: Texts) -> Result<TicketQuery, ApiError> {
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| ApiError::too_large(texts))?;
    read_query(raw.as_deref().unwrap_or_default(), &body, texts)
}

/// Query string and body, read as one; where both name a parameter they must agree.
fn read_query(raw: &str, body: &[u8], texts: Texts) -> Result<TicketQuery, ApiError> {
    let refuse = |values: Vec<BadValue>| ApiError::of(&Problem::BadValues(values), texts);
    let mut pairs: Vec<Pair> = form_urlencoded::parse(raw.as_bytes()).into_owned().collect();
    let from_search = parse(&pairs, &Parameter::CONTRACT).map_err(|bad| refuse(bad.values))?;
    if body.trim_ascii().is_empty() {
        return Ok(from_search);
    }
    let mut members = texts_of(json_object::members(body, texts)?).map_err(|bad| refuse(vec![bad]))?;
    parse(&members, &Parameter::CONTRACT).map_err(|bad| refuse(bad.values))?;
    if let Some(parameter) = disagreement(&pairs, &members) {
        return Err(refuse(vec![BadValue { parameter, typed: String::new(), reason: Reason::Conflicting }]));
    }
    members.retain(|(name, _)| Parameter::named(name).is_none_or(|parameter| !gives(&pairs, parameter)));
    pairs.append(&mut members);
    parse(&pairs, &Parameter::CONTRACT).map_err(|bad| refuse(bad.values))
}

fn parse(pairs: &[Pair], accepted: &[Parameter]) -> Result<TicketQuery, BadQuery> {
    TicketQuery::parse(pairs.iter().map(|(name, value)| (name, value)), accepted)
}

/// A parameter that both give, with different values.
fn disagreement(search: &[Pair], body: &[Pair]) -> Option<Parameter> {
    Parameter::CONTRACT.into_iter().find(|&parameter| {
        let both = gives(search, parameter) && gives(body, parameter);
        both && parse(search, &[parameter]) != parse(body, &[parameter])
    })
}

fn gives(pairs: &[Pair], parameter: Parameter) -> bool {
    pairs.iter().any(|(name, value)| !value.is_empty() && Parameter::named(name) == Some(parameter))
}

/// Numbers and strings as the query string would spell them.
fn texts_of(members: Vec<(String, Value)>) -> Result<Vec<Pair>, BadValue> {
    // What is no parameter is ignored, whatever it is.
    let known = members.into_iter().filter(|(name, _)| Parameter::named(name).is_some());
    json_object::texts_of(known.collect()).map_err(|name| {
        let parameter = Parameter::named(&name).unwrap_or(Parameter::Ticket);
        BadValue { parameter, typed: String::new(), reason: Reason::NotAValue }
    })
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
    /// What was asked, such as `by_user_id_pending`.
    request_type: String,
    data: Vec<TicketReply>,
    page: u64,
    limit: u64,
    /// How many tickets match, over all pages.
    total: u64,
}

/// A ticket in the contract's words. Times are on the site's clock.
#[derive(Serialize, utoipa::ToSchema)]
pub struct TicketReply {
    id: i64,
    /// Who filed it.
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
    fn new(request_type: String, page: Page<Ticket>, zone: Zone) -> Self {
        Self {
            status: "success",
            success: true,
            request_type,
            page: page.number,
            limit: page.limit,
            total: page.total,
            data: page.items.into_iter().map(|ticket| TicketReply::new(ticket, zone)).collect(),
        }
    }
}

impl TicketReply {
    fn new(ticket: Ticket, zone: Zone) -> Self {
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
    use crate::domain::person::UserId;

    fn read(raw: &str, body: &str) -> Result<TicketQuery, ApiError> {
        read_query(raw, body.as_bytes(), text::of(crate::domain::locale::Locale::En))
    }

    #[test]
    fn a_body_says_the_same_as_a_query_string() {
        let from_search = read("uid=5&list=done&page=2", "").expect("valid");
        for body in [
            r#"{"uid":5,"list":"done","page":2}"#,
            r#"{"uid":"5","list":"done","page":"2","tid":null,"orderid":"","other":[1]}"#,
        ] {
            assert_eq!(read("", body).expect("valid"), from_search);
            assert_eq!(read("uid=5", body).expect("valid"), from_search);
        }
    }

    #[test]
    fn a_body_that_is_not_plain_is_refused() {
        for body in [
            "[]",
            "1",
            "{",
            r#"{"uid":5,"uid":5}"#,
            r#"{"uid":1.0}"#,
            r#"{"uid":true}"#,
            r#"{"uid":[5]}"#,
            r#"{"uid":-5}"#,
            r#"{"uid":1e3}"#,
            r#"{"page":0}"#,
            "\u{feff}{}",
        ] {
            assert!(read("", body).is_err(), "{body}");
        }
    }

    #[test]
    fn query_and_body_must_agree() {
        assert!(read("uid=5", r#"{"uid":6}"#).is_err());
        assert!(read("page=2", r#"{"page":3}"#).is_err());
        assert!(read("page=1", r#"{"page":3}"#).is_err());
        assert!(read("list=all", r#"{"list":"done"}"#).is_err());
        assert_eq!(read("uid=5", r#"{"tid":6}"#).expect("valid").technician, Some(UserId(6)));
    }

    #[test]
    fn the_request_type_follows_the_most_specific_parameter() {
        let asked = |raw| request_type(&read(raw, "").expect("valid"));

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
