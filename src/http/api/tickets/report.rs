//! `POST /v1/ticket/create` and `/v1/ticket/set`: the report of a repair, and its corrections.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::actions::action_request;
use crate::domain::ids::TicketId;
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Change;
use crate::domain::tickets::report::{BadField, Draft, Field};
use crate::domain::tickets::status::Status;
use crate::http::api::error::ApiError;
use crate::http::api::request::command::CommandRequest;
use crate::service::App;
use crate::service::tickets::actions::{self, ActionTarget};
use crate::service::tickets::filing::{self, Corrected, Duplicates};

/// A repair to be filed, for the caller's own device.
#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what Draft reads")]
pub struct CreateRequest {
    /// One of `device_types` of getConfig.
    device_type: String,
    brand: String,
    model: Option<String>,
    /// `2024-06-01`, not in the future.
    purchase_date: Option<String>,
    /// `valid` or `under`, `expired`, `unknown` or nothing where it is not known.
    warranty_status: Option<String>,
    /// Description of the problem; at most 4000 characters.
    description: String,
    /// One of `fault_types` of getConfig.
    fault_type: String,
    /// One of `campuses` of getConfig.
    campus: String,
    phone: String,
    /// Another contact.
    qq: Option<String>,
    /// The http or https address of a picture.
    image: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CreateReply {
    success: bool,
    status: &'static str,
    orderid: i64,
}

/// File a repair.
///
/// Without a key, the same person with the same values within two minutes gets the same `orderid`, as
/// long as that ticket is open. Fields may also have the names that they have in getTicket.
#[utoipa::path(
    post,
    path = "/v1/ticket/create",
    tag = "tickets",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = CreateRequest,
    responses(
        (status = 200, description = "It is filed", body = CreateReply),
        (status = 409, description = "The desk takes no tickets now, or a limit is reached", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "A field is not valid, `data` names it; or the key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn create(State(app): State<App>, call: CommandRequest) -> Result<Json<CreateReply>, ApiError> {
    let draft = draft_of(&call)?;
    let filed = filing::file(&app, &call.viewer, &draft, Duplicates::Merge, call.key.clone()).await;
    let TicketId(orderid) = filed.map_err(|problem| refuse(&call, &problem))?;
    Ok(Json(CreateReply { success: true, status: "success", orderid }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct SetRequest {
    /// The ticket's id.
    tid: i64,
    /// A state to move the ticket to; then no field may be given.
    repair_status: Option<String>,
    /// The reason, where the move needs one.
    note: Option<String>,
    /// As in `act`.
    version: Option<i64>,
    device_type: Option<String>,
    brand: Option<String>,
    model: Option<String>,
    purchase_date: Option<String>,
    warranty_status: Option<String>,
    description: Option<String>,
    fault_type: Option<String>,
    campus: Option<String>,
    phone: Option<String>,
    qq: Option<String>,
    image: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetReply {
    success: bool,
    status: &'static str,
    /// New values of what is different now, by the names of fields, or of `repair_status`.
    #[schema(value_type = std::collections::HashMap<String, String>, example = json!({ "model": "D14" }))]
    changed_fields: BTreeMap<&'static str, String>,
    /// State of the ticket afterwards, as in getTicket.
    #[serde(rename = "repair_status")]
    #[schema(example = "Repairing")]
    repair_status: &'static str,
}

/// Correct a ticket's fields, or move it to another state.
///
/// The requester corrects everything until a technician has it; its technician and admins correct
/// device and fault later. A state is reached by the action that leads there for the caller; whoever
/// names their own confirmation after the other side's gets `Done`. Fields may also have the names that
/// they have in getTicket; what the desk never sets by a call, such as `complete_image_url`, is refused.
#[utoipa::path(
    post,
    path = "/v1/ticket/set",
    tag = "tickets",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = SetRequest,
    responses(
        (status = 200, description = "It is changed; `changedFields` may be empty", body = SetReply),
        (status = 409, description = "The state cannot be reached from the present one, or the ticket has changed since `version`", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "A field is not valid or cannot be changed now, `data` names it; or the key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Too many changes of one ticket within a minute; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::TicketRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn set(State(app): State<App>, call: CommandRequest) -> Result<Json<SetReply>, ApiError> {
    if let Some(member) = Field::NEVER_SET.into_iter().find(|member| call.has(member)) {
        let texts = call.texts.api();
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, &(texts.value)(member, texts.never_set)));
    }
    let draft = draft_of(&call)?;
    let reply = if call.has(REPAIR_STATUS) {
        move_to(&app, &call, &draft).await?
    } else {
        correct(&app, &call, &draft).await?
    };
    Ok(Json(reply))
}

const REPAIR_STATUS: &str = "repair_status";

/// Reads the fields. One that is named twice, by its name and by its column, has one value.
fn draft_of(call: &CommandRequest) -> Result<Draft, ApiError> {
    let both = Field::ALL.into_iter().filter(|field| field.name() != field.column());
    for field in both {
        call.either(field.name(), field.column())?;
    }
    Ok(Draft::of(call.pairs().filter(|(name, value)| !value.is_empty() || is_alone(call, name))))
}

/// Returns `true` unless the other name of a field has a value beside this one.
fn is_alone(call: &CommandRequest, name: &str) -> bool {
    Field::named(name).is_none_or(|field| !call.has(field.name()) && !call.has(field.column()))
}

/// Refuses the call, with its fields under the names that the call uses.
fn refuse(call: &CommandRequest, problem: &Problem) -> ApiError {
    let Problem::BadFields(fields) = problem else { return call.refuse(problem) };
    let texts = call.texts;
    let sentence = |BadField { field, reason }: &BadField| {
        (texts.api().value)(name_in(call, *field), &(texts.work().reason)(*reason))
    };
    let sentences: Vec<String> = fields.iter().map(sentence).collect();
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, &sentences.join("; "))
}

/// Name under which the call has a field, or else the interface's.
fn name_in(call: &CommandRequest, field: Field) -> &'static str {
    let is_told = |name: &str| call.given(name).is_some();
    let by_column = !call.has(field.name()) && is_told(field.column());
    if by_column && (call.has(field.column()) || !is_told(field.name())) {
        field.column()
    } else {
        field.name()
    }
}

async fn correct(app: &App, call: &CommandRequest, draft: &Draft) -> Result<SetReply, ApiError> {
    let (ticket, seen) = (call.ticket("tid")?, call.number("version")?);
    let corrected = filing::correct(app, &call.viewer, ticket, draft, seen, call.key.clone()).await;
    let Corrected { changes, status } = corrected.map_err(|problem| refuse(call, &problem))?;
    let changed = changes.into_iter().map(|Change { field, new, .. }| (field.name(), new));
    Ok(SetReply::new(changed.collect(), status))
}

/// Moves without other fields: no call may be left half done.
async fn move_to(app: &App, call: &CommandRequest, draft: &Draft) -> Result<SetReply, ApiError> {
    let wanted: Option<Status> = call.text(REPAIR_STATUS).parse().ok();
    let wanted = wanted.filter(|_| draft.fields().next().is_none());
    let wanted = wanted.ok_or_else(|| CommandRequest::bad(call.texts, REPAIR_STATUS))?;
    let moved =
        actions::act(app, &call.viewer, action_request(call, "tid", ActionTarget::Reach(wanted))?).await;
    let status = moved.map_err(|problem| call.refuse(&problem))?;
    Ok(SetReply::new(BTreeMap::from([(REPAIR_STATUS, status.name().to_owned())]), status))
}

impl SetReply {
    const fn new(changed_fields: BTreeMap<&'static str, String>, status: Status) -> Self {
        Self { success: true, status: "success", changed_fields, repair_status: status.name() }
    }
}
