//! Parameters and refusals that several endpoints describe to the OpenAPI document.

use utoipa::{IntoParams, IntoResponses, ToSchema};

/// Page of a list of people.
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

/// Refusals of a lookup of people.
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

/// Refusals of any call that changes something.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub enum CallRefusal {
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

/// Refusal of a call that needs a token.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what ApiError prints")]
pub enum TokenRefusal {
    #[response(status = 401, description = "No token, or one that is invalid or expired")]
    Unauthorized(UnauthorizedReply),
}

/// Refusals of a call about a ticket that the caller may not see or change.
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

/// Header of a call that happens once, however often it arrives.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what Call reads")]
pub struct KeyParams {
    /// Up to 255 characters of the caller's choice: for a day, the same key with the same body gets the
    /// same answer, and with another 422
    #[param(rename = "Idempotency-Key")]
    key: Option<String>,
}

/// Ticket that a lookup is about.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what QueryRequest reads")]
pub struct TicketParams {
    /// The ticket's id
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    orderid: i64,
}

/// Part of a history.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what QueryRequest reads")]
pub struct BeforeParams {
    /// Only events before the one with this place, counted from 1 among those that the caller sees
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    before: Option<i64>,
}

/// Refusals of a request for a photo.
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

/// Refusals of an admin's call about a person.
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

/// Error that names the parameter in its sentence.
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
