//! The OpenAPI document, made from the handlers themselves.

use std::sync::LazyLock;

use axum::Json;
use axum::response::IntoResponse;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(
    info(title = "Fixdesk", description = "Repair tickets: who filed them, who has them, how they stand."),
    paths(
        super::login::login,
        super::logout::logout,
        super::get_ticket::get_ticket,
        super::get_user::get_user,
        super::get_techworks::get_techworks,
        super::get_config::get_config,
        super::ticket_verbs::create,
        super::ticket_verbs::complete,
        super::ticket_verbs::set,
        super::ticket_verbs::give,
        super::ticket_verbs::delete,
        super::ticket_verbs::restore,
    ),
    modifiers(&Bearer),
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
    Json(&*DOCUMENT).into_response()
}
