//! `GET /v1/status/getAccount`: one's own profile, preferences and duty (docs/api.md).

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::domain::notifications::preferences::NotificationPreferences;
use crate::domain::people::availability::Duty;
use crate::domain::people::profile::{OwnAccount, OwnProfile};
use crate::domain::viewer::{Role, Viewer};
use crate::http::api::error::ApiError;
use crate::http::middleware::language::Language;
use crate::service::App;
use crate::service::people::own_account;
use crate::text;

/// Tell what the caller says of themselves, and what they have chosen.
///
/// The members have the names by which `profile`, `wishes` and `duty` change them.
#[utoipa::path(
    get,
    path = "/v1/status/getAccount",
    tag = "account",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller's own account", body = GetAccountReply),
        (status = 401, description = "No token, or one that is invalid or expired", body = crate::http::api::schemas::UnauthorizedReply),
        (status = 500, description = "The server could not answer; `data` has a request id", body = crate::http::api::schemas::ErrorReply),
    ),
)]
pub async fn get_account(
    State(app): State<App>,
    viewer: Viewer,
    Language(locale): Language,
) -> Result<Json<GetAccountReply>, ApiError> {
    let own = own_account::own(&app, &viewer).await;
    let own = own.map_err(|problem| ApiError::of(&problem, text::of(locale)))?;
    Ok(Json(GetAccountReply { status: "success", success: true, data: AccountReply::new(&viewer, own) }))
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct GetAccountReply {
    /// Always `success`.
    status: &'static str,
    /// Always `true`.
    success: bool,
    data: AccountReply,
}

/// A person, as they see themselves. Texts but the nickname may be empty.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AccountReply {
    #[schema(example = 20_240_000_001_i64)]
    uid: i64,
    #[schema(value_type = String, example = "technician")]
    role: Role,
    nickname: String,
    phone: String,
    email: String,
    /// `true` where the phone number is confirmed, and signs in.
    phone_verified: bool,
    /// `true` where the address is confirmed: it signs in, and receives links.
    email_verified: bool,
    campus: String,
    /// Language of mails: `zh-CN` or `en`.
    language: &'static str,
    /// Contact that the other side of a ticket is shown: `phone`, `email`, or nothing.
    shown_contact: &'static str,
    wishes: WishesReply,
    /// `null` for whoever is no technician.
    duty: Option<DutyReply>,
}

/// Notification preferences.
#[derive(Serialize, utoipa::ToSchema)]
pub struct WishesReply {
    /// `true` if mails are sent at all.
    mail: bool,
    /// Notifications that are switched off, such as `inbox.photos` and `mail.turn`.
    #[schema(example = json!(["inbox.photos"]))]
    muted: Vec<String>,
}

/// Reads a technician's availability.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DutyReply {
    on_duty: bool,
    /// None for all of them.
    campuses: Vec<String>,
    /// Jobs at once; `null` for as many as the site allows.
    max_jobs: Option<u64>,
}

impl AccountReply {
    fn new(
        viewer: &Viewer,
        OwnAccount { profile, verified, email_refused: _, notification_preferences, duty, limit_of_site: _ }: OwnAccount,
    ) -> Self {
        let OwnProfile { nickname, phone, email, campus, locale, shown_contact } = profile;
        Self {
            uid: viewer.id.0,
            role: viewer.role,
            nickname,
            phone_verified: verified.phone.is_some() && !phone.is_empty(),
            email_verified: verified.email.is_some() && !email.is_empty(),
            phone,
            email,
            campus,
            language: locale.tag(),
            shown_contact: shown_contact.name(),
            wishes: notification_preferences.into(),
            duty: duty.map(DutyReply::from),
        }
    }
}

impl From<NotificationPreferences> for WishesReply {
    fn from(NotificationPreferences { mail_wanted, muted }: NotificationPreferences) -> Self {
        Self { mail: mail_wanted, muted: muted.iter().map(|mute| mute.to_string()).collect() }
    }
}

impl From<Duty> for DutyReply {
    fn from(Duty { on_duty, campuses, max_jobs }: Duty) -> Self {
        Self { on_duty, campuses, max_jobs }
    }
}
