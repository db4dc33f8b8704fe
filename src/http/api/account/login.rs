//! `POST /v1/user/login`: a password for a token.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::domain::viewer::Role;
use crate::http::api::error::ApiError;
use crate::http::middleware::client_address::ClientAddress;
use crate::http::middleware::language::Language;
use crate::service::App;
use crate::service::sign_in::login::{self, Credentials, Token};
use crate::service::sign_in::throttle::Source;
use crate::service::sign_in::tokens::LIFETIME_SECONDS;
use crate::text;

const BODY_LIMIT: usize = 16 * 1024;

#[derive(Deserialize, utoipa::ToSchema)]
pub struct LoginRequest {
    /// A user name, phone number or e-mail address.
    username: String,
    password: String,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct LoginReply {
    success: bool,
    status: &'static str,
    /// Goes into `Authorization: Bearer ...`.
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    uid: i64,
    #[schema(value_type = String, example = "user")]
    role: Role,
    nickname: String,
}

impl LoginReply {
    pub fn json(Token { access_token, viewer }: Token) -> Json<Self> {
        Json(Self {
            success: true,
            status: "success",
            access_token,
            token_type: "Bearer",
            expires_in: LIFETIME_SECONDS,
            uid: viewer.id.0,
            role: viewer.role,
            nickname: viewer.nickname,
        })
    }
}

/// Exchange a password for a bearer token.
#[utoipa::path(
    post,
    path = "/v1/user/login",
    tag = "sign-in",
    request_body = LoginRequest,
    responses(
        (status = 200, description = "A token for one hour", body = LoginReply),
        (status = 400, description = "The body is not what it should be", body = crate::http::api::schemas::ErrorReply),
        (status = 401, description = "Wrong credentials, the same for an unknown account", body = crate::http::api::schemas::WrongCredentialsReply),
        (status = 413, description = "The body is too large", body = crate::http::api::schemas::ErrorReply),
        (status = 429, description = "Too many failed tries; wait `Retry-After` seconds", body = crate::http::api::schemas::ErrorReply),
        (status = 500, description = "The server could not answer; `data` has a request id", body = crate::http::api::schemas::ErrorReply),
    ),
)]
pub async fn login(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Language(locale): Language,
    body: Body,
) -> Result<Json<LoginReply>, ApiError> {
    let texts = text::of(locale);
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| ApiError::too_large(texts))?;
    let LoginRequest { username, password } = serde_json::from_slice(&body)
        .map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, texts.api().login_fields))?;
    let source = Source { address, browser: None };
    let token = login::issue_token(&app, &source, Credentials { login: username, password })
        .await
        .map_err(|problem| ApiError::of(&problem, texts))?;
    Ok(LoginReply::json(token))
}
