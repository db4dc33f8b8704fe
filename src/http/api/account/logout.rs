//! `POST /v1/user/logout`: a token is given back.

use axum::Json;
use axum::extract::State;

use crate::http::api::auth::refused;
use crate::http::api::error::ApiError;
use crate::http::api::request::command::{DONE, DoneReply};
use crate::http::middleware::client_address::ClientAddress;
use crate::http::middleware::language::Language;
use crate::service::App;
use crate::service::security_log::{self, Event, Outcome};
use crate::service::sign_in::tokens::{self, BearerClaims};
use crate::text;

/// Give the token of this call back.
///
/// It is refused from now on, as if its hour were over. Other tokens of the same person stay good, and
/// so do browsers. The body is not read.
#[utoipa::path(
    post,
    path = "/v1/user/logout",
    tag = "sign-in",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The token is void", body = DoneReply),
        (status = 401, description = "No token, or one that is invalid, expired or given back before", body = crate::http::api::schemas::UnauthorizedReply),
        (status = 500, description = "The server could not answer; `data` has a request id", body = crate::http::api::schemas::CallErrorReply),
    ),
)]
pub async fn logout(
    State(app): State<App>,
    claim: BearerClaims,
    ClientAddress(address): ClientAddress,
    Language(locale): Language,
) -> Result<Json<DoneReply>, ApiError> {
    let revoked = tokens::revoke(&app, &claim).await;
    security_log::write(Event::SignOut, Outcome::of(&revoked), Some(claim.person), Some(address));
    revoked.map(|()| DONE).map_err(|refusal| refused(&refusal, text::of(locale)))
}
