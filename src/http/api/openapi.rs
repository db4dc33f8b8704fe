//! The OpenAPI document, made from the handlers themselves.

use std::sync::LazyLock;

use crate::http::middleware::security_headers::PUBLIC;
use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, RefOr};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(
    info(title = "Fixdesk", description = "Repair tickets: who filed them, who has them, how they stand."),
    paths(
        super::account::login::login,
        super::account::logout::logout,
        super::tickets::get_ticket::get_ticket,
        super::people::get_user::get_user,
        super::people::get_techworks::get_techworks,
        super::get_config::get_config,
        super::get_config::conf_get,
        super::tickets::get_pool::get_pool,
        super::account::get_account::get_account,
        super::account::get_inbox::get_inbox,
        super::account::registration::register,
        super::account::registration::forgot,
        super::account::registration::welcome,
        super::account::registration::verify,
        super::account::profile::profile,
        super::account::profile::wishes,
        super::account::profile::duty,
        super::account::profile::password,
        super::account::profile::send_proof,
        super::account::profile::read,
        super::people::admin::create,
        super::people::admin::role,
        super::people::admin::disable,
        super::people::admin::enable,
        super::people::admin::link,
        super::people::admin::contact,
        super::tickets::report::create,
        super::tickets::actions::complete,
        super::tickets::report::set,
        super::tickets::actions::give,
        super::tickets::actions::code,
        super::tickets::actions::act,
        super::tickets::actions::message,
        super::tickets::get_history::get_history,
        super::tickets::photos::add,
        super::tickets::photos::get_photos,
        super::tickets::photos::full,
        super::tickets::photos::thumbnail,
        super::tickets::actions::delete,
        super::tickets::actions::restore,
    ),
    tags(
        (name = "lookups", description = "Find tickets, read their history, and what the site offers to choose from."),
        (name = "tickets", description = "File a repair, and everything that happens to it afterwards."),
        (name = "photos", description = "Pictures of a ticket, added and looked at by whoever may see it."),
        (name = "sign-in", description = "Get a token, end it, or come in for the first time."),
        (name = "account", description = "Profile, notices, working hours and password of whoever asks."),
        (name = "people", description = "Look people up; as an admin, add them and change what they may do."),
    ),
    modifiers(&Bearer, &Outage),
)]
struct Interface;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Declares 503 beside every 500: a database that does not answer is told from a server that failed.
struct Outage;

impl Modify for Outage {
    fn modify(&self, document: &mut Document) {
        const DESCRIPTION: &str = "The database does not answer; `Retry-After` has the seconds to wait";
        let paths = document.paths.paths.values_mut();
        for operation in paths.flat_map(|path| [path.get.as_mut(), path.post.as_mut()]).flatten() {
            let responses = &mut operation.responses.responses;
            if let Some(RefOr::T(mut outage)) = responses.get("500").cloned() {
                DESCRIPTION.clone_into(&mut outage.description);
                responses.entry("503".to_owned()).or_insert(RefOr::T(outage));
            }
        }
    }
}

/// The page of a list of people.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what PeopleQuery reads")]
pub struct PageParams {
    /// Page number, from 1
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    page: Option<i64>,
    /// Rows a page; 10 if left out
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// What a lookup of people answers where it cannot list them.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub enum LookupRefusal {
    #[response(status = 400, description = "A parameter is not valid; `data` names it")]
    BadParameter(ErrorReply),
    #[response(status = 401, description = "No token, or one that is invalid or expired")]
    Unauthorized(UnauthorizedReply),
    #[response(status = 403, description = "Not allowed, or there is no such person")]
    Denied(ErrorReply),
    #[response(status = 413, description = "The body is too large")]
    TooLarge(ErrorReply),
    #[response(status = 500, description = "The server could not answer; `data` has a request id")]
    Broken(ErrorReply),
}

/// What a call that changes something answers before anything is done.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub enum CallRefusal {
    #[response(
        status = 400,
        description = "The body or a member of it cannot be understood; `data` names it"
    )]
    BadMember(CallErrorReply),
    #[response(status = 401, description = "No token, or one that is invalid or expired")]
    Unauthorized(UnauthorizedReply),
    #[response(status = 413, description = "The body is too large")]
    TooLarge(CallErrorReply),
    #[response(status = 500, description = "The server could not answer; `data` has a request id")]
    Broken(CallErrorReply),
}

/// The same of a call that needs no token.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub enum DoorRefusal {
    #[response(
        status = 400,
        description = "The body or a member of it cannot be understood; `data` names it"
    )]
    BadMember(CallErrorReply),
    #[response(status = 413, description = "The body is too large")]
    TooLarge(CallErrorReply),
    #[response(status = 500, description = "The server could not answer; `data` has a request id")]
    Broken(CallErrorReply),
}

/// What a call about a ticket answers to whom it is not theirs.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub enum TicketRefusal {
    #[response(status = 403, description = "Not the caller's to see or do, or no such ticket")]
    Denied(CallErrorReply),
    #[response(status = 404, description = "For an admin: there is no such ticket")]
    Nothing(CallErrorReply),
}

/// Refusals of a lookup about one ticket.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub enum TicketLookupRefusal {
    #[response(status = 400, description = "The parameter is missing or not valid; `data` names it")]
    BadParameter(ErrorReply),
    #[response(status = 401, description = "No token, or one that is invalid or expired")]
    Unauthorized(UnauthorizedReply),
    #[response(status = 403, description = "Not the caller's to see, or no such ticket")]
    Denied(ErrorReply),
    #[response(status = 404, description = "For an admin: there is no such ticket")]
    Nothing(ErrorReply),
    #[response(status = 413, description = "The body is too large")]
    TooLarge(ErrorReply),
    #[response(status = 500, description = "The server could not answer; `data` has a request id")]
    Broken(ErrorReply),
}

/// What a call takes that happens once, however often it arrives.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what Call reads")]
pub struct KeyParams {
    /// Up to 255 characters of the caller's choice: for a day, the same key with the same body gets the
    /// same answer, and with another 422
    #[param(rename = "Idempotency-Key")]
    key: Option<String>,
}

/// The one ticket that a lookup is about.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what QueryRequest reads")]
pub struct TicketParams {
    /// The ticket's id
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    orderid: i64,
}

/// The part of a history that is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what QueryRequest reads")]
pub struct BeforeParams {
    /// Only events before the one with this place, counted from 1 among those that the caller sees
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    before: Option<i64>,
}

/// What is answered in place of a photo.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub enum PhotoRefusal {
    #[response(status = 401, description = "No token, or one that is invalid or expired")]
    Unauthorized(UnauthorizedReply),
    #[response(status = 403, description = "Not the caller's to see, or no such photo")]
    Denied(ErrorReply),
    #[response(status = 404, description = "For an admin: there is no such photo")]
    Nothing(ErrorReply),
    #[response(status = 500, description = "The server could not answer; `data` has a request id")]
    Broken(ErrorReply),
}

/// What an admin's call about a person answers where it is refused.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub enum PersonRefusal {
    #[response(status = 403, description = "Not an admin")]
    Denied(CallErrorReply),
    #[response(status = 404, description = "There is no such person")]
    Nobody(CallErrorReply),
    #[response(status = 422, description = "The `Idempotency-Key` was used for something else")]
    KeyReused(CallErrorReply),
}

/// What is wrong, naming the parameter.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub struct ErrorReply {
    /// Always `error`.
    status: String,
    /// Always `false`.
    success: bool,
    /// Always empty.
    request_type: String,
    data: String,
}

/// Refusal of a call that changes something: the sentence names the member.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub struct CallErrorReply {
    /// Always `error`.
    status: String,
    /// Always `false`.
    success: bool,
    /// Always empty.
    request_type: String,
    data: String,
    /// Repeats `data`.
    message: String,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub struct WrongCredentialsReply {
    success: bool,
    status: String,
    data: String,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub struct UnauthorizedReply {
    /// `Unauthorized for no Authorization`, `Unauthorized for no Bearer`,
    /// `Unauthorized for invalid token` or `token_expired`.
    error: String,
}

pub static DOCUMENT: LazyLock<Document> = LazyLock::new(Interface::openapi);

pub async fn document() -> impl IntoResponse {
    ([(CACHE_CONTROL, PUBLIC)], Json(&*DOCUMENT))
}
