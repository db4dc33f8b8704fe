//! `POST /v1/ticket/*`: what clients do to tickets.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::call::{Call, DONE, DoneReply};
use super::error::ApiError;
use crate::domain::action::Action;
use crate::domain::details::{Draft, Field};
use crate::domain::query::YES;
use crate::domain::status::Status;
use crate::domain::ticket::TicketId;
use crate::service::actions::{self, Aim, Deed};
use crate::service::filing::{self, Twins};
use crate::service::{App, conversation, deletion, hand_over};

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
    /// `valid`, `expired`, or nothing where it is not known.
    warranty_status: Option<String>,
    /// What is wrong; at most 4000 characters.
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
#[utoipa::path(
    post,
    path = "/v1/ticket/create",
    tag = "tickets",
    security(("bearer" = [])),
    params(super::openapi::KeyParams),
    request_body = CreateRequest,
    responses(
        (status = 200, description = "It is filed", body = CreateReply),
        (status = 409, description = "The desk takes no tickets now, or a limit is reached", body = super::openapi::ErrorReply),
        (status = 422, description = "A field is not valid, `data` names it; or the key was used for something else", body = super::openapi::ErrorReply),
        super::openapi::CallRefusal,
    ),
)]
pub async fn create(State(app): State<App>, call: Call) -> Result<Json<CreateReply>, ApiError> {
    let draft = Draft::of(call.pairs());
    let filed = filing::file(&app, &call.viewer, &draft, Twins::Allow, call.key.clone()).await;
    let TicketId(orderid) = filed.map_err(|problem| call.refuse(&problem))?;
    Ok(Json(CreateReply { success: true, status: "success", orderid }))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct CompleteRequest {
    order_id: i64,
    /// What was done, from the technician.
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
    params(super::openapi::KeyParams),
    request_body = CompleteRequest,
    responses(
        (status = 200, description = "It is done", body = DoneReply),
        (status = 409, description = "Not in this state, or the ticket has changed since `version`", body = super::openapi::ErrorReply),
        (status = 422, description = "The note is too long, or the key was used for something else", body = super::openapi::ErrorReply),
        super::openapi::TicketRefusal,
        super::openapi::CallRefusal,
    ),
)]
pub async fn complete(State(app): State<App>, call: Call) -> Result<Json<DoneReply>, ApiError> {
    let mut deed = deed(&call, "order_id", Aim::Complete)?;
    if deed.note.is_empty() {
        // Clients that know no note still report; the history says that they did.
        call.texts.api().reported_by_client.clone_into(&mut deed.note);
    }
    let done = actions::act(&app, &call.viewer, deed).await;
    done.map(|()| DONE).map_err(|problem| call.refuse(&problem))
}

fn deed(call: &Call, ticket: &str, aim: Aim) -> Result<Deed, ApiError> {
    Ok(Deed {
        ticket: call.ticket(ticket)?,
        aim,
        seen: call.number("version")?,
        note: call.text("note").to_owned(),
        technician: None,
        key: call.key.clone(),
    })
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
    /// The names of what is different now.
    #[schema(value_type = Vec<String>)]
    changed_fields: Vec<&'static str>,
}

/// Correct a ticket's fields, or move it to another state.
///
/// The requester corrects everything until a technician has it; its technician and admins correct
/// device and fault later. A state is reached by the action that leads there for the caller.
#[utoipa::path(
    post,
    path = "/v1/ticket/set",
    tag = "tickets",
    security(("bearer" = [])),
    params(super::openapi::KeyParams),
    request_body = SetRequest,
    responses(
        (status = 200, description = "It is changed; `changedFields` may be empty", body = SetReply),
        (status = 409, description = "The state cannot be reached from the present one, or the ticket has changed since `version`", body = super::openapi::ErrorReply),
        (status = 422, description = "A field is not valid or cannot be changed now, `data` names it; or the key was used for something else", body = super::openapi::ErrorReply),
        super::openapi::TicketRefusal,
        super::openapi::CallRefusal,
    ),
)]
pub async fn set(State(app): State<App>, call: Call) -> Result<Json<SetReply>, ApiError> {
    let draft = Draft::of(call.pairs());
    let changed = if call.has(REPAIR_STATUS) {
        move_to(&app, &call, &draft).await?
    } else {
        let ticket = call.ticket("tid")?;
        let corrected =
            filing::correct(&app, &call.viewer, ticket, &draft, call.number("version")?, call.key.clone())
                .await;
        corrected.map_err(|problem| call.refuse(&problem))?.into_iter().map(Field::name).collect()
    };
    Ok(Json(SetReply { success: true, status: "success", changed_fields: changed }))
}

const REPAIR_STATUS: &str = "repair_status";

/// One thing at a time: half of a call must not be left undone.
async fn move_to(app: &App, call: &Call, draft: &Draft) -> Result<Vec<&'static str>, ApiError> {
    let wanted: Option<Status> = call.text(REPAIR_STATUS).parse().ok();
    let wanted = wanted.filter(|_| draft.fields().next().is_none());
    let wanted = wanted.ok_or_else(|| Call::bad(call.texts, REPAIR_STATUS))?;
    let moved = actions::act(app, &call.viewer, deed(call, "tid", Aim::Reach(wanted))?).await;
    moved.map_err(|problem| call.refuse(&problem))?;
    Ok(vec![REPAIR_STATUS])
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct GiveRequest {
    order_id: i64,
    /// An admin assigns it to this technician.
    tid: Option<i64>,
    /// As in `act`, for an admin.
    version: Option<i64>,
    /// The receiver takes it over with the 6 digits that its technician made.
    code: Option<String>,
}

/// Give a ticket to a technician.
#[utoipa::path(
    post,
    path = "/v1/ticket/give",
    tag = "tickets",
    security(("bearer" = [])),
    params(super::openapi::KeyParams),
    request_body = GiveRequest,
    responses(
        (status = 200, description = "It has changed hands", body = DoneReply),
        (status = 409, description = "The ticket has ended or changed since `version`, or the technician has enough", body = super::openapi::ErrorReply),
        (status = 422, description = "No enabled technician, a code that is wrong, used or expired, or a key that was used for something else", body = super::openapi::ErrorReply),
        super::openapi::TicketRefusal,
        super::openapi::CallRefusal,
    ),
)]
pub async fn give(State(app): State<App>, call: Call) -> Result<Json<DoneReply>, ApiError> {
    let ticket = call.ticket("order_id")?;
    let given = match (call.person("tid")?, call.has("code")) {
        (Some(technician), false) => {
            let deed =
                Deed { technician: Some(technician), ..deed(&call, "order_id", Aim::Act(Action::Assign))? };
            actions::act(&app, &call.viewer, deed).await
        }
        (None, true) => {
            hand_over::take_over(&app, &call.viewer, ticket, call.text("code"), call.key.clone()).await
        }
        _ => return Err(Call::bad(call.texts, "tid")),
    };
    given.map(|()| DONE).map_err(|problem| call.refuse(&problem))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct TicketRequest {
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
        (status = 409, description = "The ticket has ended", body = super::openapi::ErrorReply),
        super::openapi::TicketRefusal,
        super::openapi::CallRefusal,
    ),
)]
pub async fn code(State(app): State<App>, call: Call) -> Result<Json<CodeReply>, ApiError> {
    let made = hand_over::make_code(&app, &call.viewer, call.ticket("order_id")?).await;
    let code = made.map_err(|problem| call.refuse(&problem))?;
    Ok(Json(CodeReply { success: true, status: "success", code, minutes: hand_over::VALID_MINUTES }))
}

/// Delete a ticket, as an admin. It can be restored for 30 days.
#[utoipa::path(
    post,
    path = "/v1/ticket/delete",
    tag = "tickets",
    security(("bearer" = [])),
    params(super::openapi::KeyParams),
    request_body = TicketRequest,
    responses(
        (status = 200, description = "It is in no list any more", body = DoneReply),
        (status = 422, description = "The key was used for something else", body = super::openapi::ErrorReply),
        super::openapi::TicketRefusal,
        super::openapi::CallRefusal,
    ),
)]
pub async fn delete(State(app): State<App>, call: Call) -> Result<Json<DoneReply>, ApiError> {
    let deleted = deletion::delete(&app, &call.viewer, call.ticket("order_id")?, call.key.clone()).await;
    deleted.map(|()| DONE).map_err(|problem| call.refuse(&problem))
}

/// Bring a deleted ticket back, as an admin.
#[utoipa::path(
    post,
    path = "/v1/ticket/restore",
    tag = "tickets",
    security(("bearer" = [])),
    params(super::openapi::KeyParams),
    request_body = TicketRequest,
    responses(
        (status = 200, description = "It is as it was", body = DoneReply),
        (status = 422, description = "The key was used for something else", body = super::openapi::ErrorReply),
        super::openapi::TicketRefusal,
        super::openapi::CallRefusal,
    ),
)]
pub async fn restore(State(app): State<App>, call: Call) -> Result<Json<DoneReply>, ApiError> {
    let restored = deletion::restore(&app, &call.viewer, call.ticket("order_id")?, call.key.clone()).await;
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
    params(super::openapi::KeyParams),
    request_body = ActRequest,
    responses(
        (status = 200, description = "It is done", body = DoneReply),
        (status = 409, description = "Not in this state, somebody was faster, or the ticket has changed since `version`", body = super::openapi::ErrorReply),
        (status = 422, description = "The note is missing or too long, there is no such technician, or the key was used for something else", body = super::openapi::ErrorReply),
        super::openapi::TicketRefusal,
        super::openapi::CallRefusal,
    ),
)]
pub async fn act(State(app): State<App>, call: Call) -> Result<Json<DoneReply>, ApiError> {
    let action = call.text("action").parse().map_err(|_| Call::bad(call.texts, "action"))?;
    let deed = Deed { technician: call.person("tid")?, ..deed(&call, "order_id", Aim::Act(action))? };
    let done = actions::act(&app, &call.viewer, deed).await;
    done.map(|()| DONE).map_err(|problem| call.refuse(&problem))
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
    params(super::openapi::KeyParams),
    request_body = MessageRequest,
    responses(
        (status = 200, description = "It is written down, and told", body = DoneReply),
        (status = 422, description = "The message is empty or too long, or the key was used for something else", body = super::openapi::ErrorReply),
        (status = 429, description = "The caller wrote too much within a minute; wait `Retry-After` seconds", body = super::openapi::ErrorReply),
        super::openapi::TicketRefusal,
        super::openapi::CallRefusal,
    ),
)]
pub async fn message(State(app): State<App>, call: Call) -> Result<Json<DoneReply>, ApiError> {
    let (ticket, words, key) = (call.ticket("order_id")?, call.text("message"), call.key.clone());
    let written = match call.text("internal") {
        "" => conversation::say(&app, &call.viewer, ticket, words, key).await,
        YES => conversation::note(&app, &call.viewer, ticket, words, key).await,
        _ => return Err(Call::bad(call.texts, "internal")),
    };
    written.map(|()| DONE).map_err(|problem| call.refuse(&problem))
}
