//! `POST /v1/ticket/*`: what clients do to tickets.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::domain::ids::TicketId;
use crate::domain::lists::query::YES;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::status::Status;
use crate::domain::viewer::Role;
use crate::http::api::error::ApiError;
use crate::http::api::request::command::{CommandRequest, DONE, DoneReply};
use crate::service::App;
use crate::service::tickets::actions::{self, ActionRequest, ActionTarget};
use crate::service::tickets::{hand_over, messages, trash};

/// A ticket that was moved.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MovedReply {
    success: bool,
    status: &'static str,
    /// State of the ticket afterwards, as in getTicket.
    #[schema(example = "Repairing")]
    repair_status: &'static str,
}

impl MovedReply {
    const fn of(status: Status) -> Json<Self> {
        Json(Self { success: true, status: "success", repair_status: status.name() })
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct CompleteRequest {
    order_id: i64,
    /// Description of what was done, from the technician.
    note: Option<String>,
    /// As in `act`.
    version: Option<i64>,
}

/// Say that a repair is done, or confirm it.
///
/// As the assigned technician: reports it done, or confirms what the requester reported. As the
/// requester: confirms, or reports it first. One side can never do both.
#[utoipa::path(
    post,
    path = "/v1/ticket/complete",
    tag = "tickets",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = CompleteRequest,
    responses(
        (status = 200, description = "It is done", body = MovedReply),
        (status = 409, description = "Not in this state, or the ticket has changed since `version`", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "The note is too long, or the key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Too many changes of one ticket within a minute; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::TicketRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn complete(State(app): State<App>, call: CommandRequest) -> Result<Json<MovedReply>, ApiError> {
    let done =
        actions::act(&app, &call.viewer, action_request(&call, "order_id", ActionTarget::Complete)?).await;
    done.map(MovedReply::of).map_err(|problem| call.refuse(&problem))
}

pub(crate) fn action_request(
    call: &CommandRequest,
    ticket: &str,
    target: ActionTarget,
) -> Result<ActionRequest, ApiError> {
    Ok(ActionRequest {
        ticket: call.ticket(ticket)?,
        target,
        seen: call.number("version")?,
        note: call.text("note").to_owned(),
        technician: None,
        key: call.key.clone(),
    })
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct GiveRequest {
    order_id: i64,
    /// An admin assigns it to this technician.
    tid: Option<i64>,
    /// As in `act`, for an admin.
    version: Option<i64>,
    /// The receiver takes it over with the 6 digits that its technician made. `tvcode` is an alias.
    code: Option<String>,
}

/// Give a ticket to a technician.
#[utoipa::path(
    post,
    path = "/v1/ticket/give",
    tag = "tickets",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = GiveRequest,
    responses(
        (status = 200, description = "It has changed hands", body = MovedReply),
        (status = 409, description = "The ticket has ended or changed since `version`, or the technician has enough", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "No enabled technician, a code that is wrong, used or expired, or a key that was used for something else", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Too many changes of one ticket within a minute; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::TicketRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn give(State(app): State<App>, call: CommandRequest) -> Result<Json<MovedReply>, ApiError> {
    let ticket = call.ticket("order_id")?;
    let code = call.either("code", "tvcode")?;
    // The receiver of a hand-over may also name themselves.
    let technician = call.person("tid")?.filter(|named| code.is_empty() || *named != call.viewer.id);
    let given = match (technician, code) {
        (Some(technician), "") => {
            let action_request = ActionRequest {
                technician: Some(technician),
                ..action_request(&call, "order_id", ActionTarget::Act(Action::Assign))?
            };
            actions::act(&app, &call.viewer, action_request).await
        }
        (None, "") => return Err(CommandRequest::bad(call.texts, missing_from_give(call.viewer.role))),
        (None, code) => hand_over::take_over(&app, &call.viewer, ticket, code, call.key.clone()).await,
        (Some(_), _) => return Err(CommandRequest::bad(call.texts, "tid")),
    };
    given.map(MovedReply::of).map_err(|problem| call.refuse(&problem))
}

/// Names what a call that gives a ticket needs beside it: an admin names the receiver, who
/// otherwise has a code.
const fn missing_from_give(role: Role) -> &'static str {
    match role {
        Role::Admin => "tid",
        Role::User | Role::Technician => "code",
    }
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct TicketRequest {
    /// The ticket's id; `id` is an alias.
    order_id: i64,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CodeReply {
    success: bool,
    status: &'static str,
    /// Six digits for `give`, told only now; the one before is void.
    #[schema(example = "024680")]
    code: String,
    /// For how long it is good, once.
    minutes: i64,
}

/// Make a code by which a colleague takes the job over in person, as its technician.
#[utoipa::path(
    post,
    path = "/v1/ticket/code",
    tag = "tickets",
    security(("bearer" = [])),
    request_body = TicketRequest,
    responses(
        (status = 200, description = "The code", body = CodeReply),
        (status = 409, description = "The ticket has ended", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::TicketRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn code(State(app): State<App>, call: CommandRequest) -> Result<Json<CodeReply>, ApiError> {
    let made = hand_over::make_code(&app, &call.viewer, ticket_of(&call)?).await;
    let code = made.map_err(|problem| call.refuse(&problem))?;
    Ok(Json(CodeReply { success: true, status: "success", code, minutes: hand_over::VALID_MINUTES }))
}

/// The ticket of a call that says nothing else.
fn ticket_of(call: &CommandRequest) -> Result<TicketId, ApiError> {
    call.either("order_id", "id")?;
    call.ticket(if call.has("id") { "id" } else { "order_id" })
}

/// Delete a ticket, as an admin. It can be restored for 30 days.
#[utoipa::path(
    post,
    path = "/v1/ticket/delete",
    tag = "tickets",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = TicketRequest,
    responses(
        (status = 200, description = "It is in no list any more", body = DoneReply),
        (status = 422, description = "The key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::TicketRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn delete(State(app): State<App>, call: CommandRequest) -> Result<Json<DoneReply>, ApiError> {
    let deleted = trash::delete(&app, &call.viewer, ticket_of(&call)?, call.key.clone()).await;
    deleted.map(|()| DONE).map_err(|problem| call.refuse(&problem))
}

/// Bring a deleted ticket back, as an admin.
#[utoipa::path(
    post,
    path = "/v1/ticket/restore",
    tag = "tickets",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = TicketRequest,
    responses(
        (status = 200, description = "It is as it was", body = DoneReply),
        (status = 422, description = "The key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::TicketRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn restore(State(app): State<App>, call: CommandRequest) -> Result<Json<DoneReply>, ApiError> {
    let restored = trash::restore(&app, &call.viewer, ticket_of(&call)?, call.key.clone()).await;
    restored.map(|()| DONE).map_err(|problem| call.refuse(&problem))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct ActRequest {
    order_id: i64,
    /// `take`, `assign`, `accept`, `decline`, `report_done`, `report_fixed`, `confirm`, `not_fixed`, `cancel`,
    /// `close`, `reopen`, `offer`, `withdraw` or `take_over`.
    action: String,
    /// The reason, or what was done; `decline`, `report_done`, `not_fixed` and `close` need one.
    note: Option<String>,
    /// The technician of `assign`, the colleague of `offer`.
    tid: Option<i64>,
    /// The `version` of getHistory that the caller saw: if it is another by now, nothing happens.
    version: Option<i64>,
}

/// Do something to a ticket.
///
/// The one way to every step of a ticket's life; the calls above are names that clients of old know.
#[utoipa::path(
    post,
    path = "/v1/ticket/act",
    tag = "tickets",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = ActRequest,
    responses(
        (status = 200, description = "It is done", body = MovedReply),
        (status = 409, description = "Not in this state, somebody was faster, or the ticket has changed since `version`", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "The note is missing or too long, there is no such technician, or the key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Too many changes of one ticket within a minute; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::TicketRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn act(State(app): State<App>, call: CommandRequest) -> Result<Json<MovedReply>, ApiError> {
    let action = call.text("action").parse().map_err(|_| CommandRequest::bad(call.texts, "action"))?;
    let action_request = ActionRequest {
        technician: call.person("tid")?,
        ..action_request(&call, "order_id", ActionTarget::Act(action))?
    };
    let done = actions::act(&app, &call.viewer, action_request).await;
    done.map(MovedReply::of).map_err(|problem| call.refuse(&problem))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct MessageRequest {
    order_id: i64,
    /// At most 4000 characters.
    message: String,
    /// `yes`: a note that the requester never sees.
    internal: Option<String>,
}

/// Write to the other side of a ticket, or a note for the desk's own people.
#[utoipa::path(
    post,
    path = "/v1/ticket/message",
    tag = "tickets",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = MessageRequest,
    responses(
        (status = 200, description = "It is written down, and told", body = DoneReply),
        (status = 422, description = "The message is empty or too long, or the key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "The caller wrote too much within a minute; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::TicketRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn message(State(app): State<App>, call: CommandRequest) -> Result<Json<DoneReply>, ApiError> {
    let (ticket, words, key) = (call.ticket("order_id")?, call.text("message"), call.key.clone());
    let written = match call.text("internal") {
        "" => messages::say(&app, &call.viewer, ticket, words, key).await,
        YES => messages::note(&app, &call.viewer, ticket, words, key).await,
        _ => return Err(CommandRequest::bad(call.texts, "internal")),
    };
    written.map(|()| DONE).map_err(|problem| call.refuse(&problem))
}
