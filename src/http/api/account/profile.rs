//! `POST /v1/user/*`: what people change about themselves.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::login::LoginReply;
use crate::domain::input::Input;
use crate::domain::locale::Locale;
use crate::domain::notifications::preferences::{Muted, NotificationPreferences};
use crate::domain::people::availability::DutyForm;
use crate::domain::people::profile::OwnProfile;
use crate::http::api::error::ApiError;
use crate::http::api::request::command::{CommandRequest, DONE, DoneReply};
use crate::http::api::request::patch::PatchRequest;
use crate::service::App;
use crate::service::notifications::inbox;
use crate::service::people::{contacts, own_account};
use crate::service::sign_in::login::{self, PasswordChange};
use crate::service::sign_in::throttle::Source;

/// Profile to set. Members that are left out stay; `null` or an empty text removes a value.
#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct ProfileRequest {
    /// At most 64 characters; never empty.
    #[schema(example = "周同学")]
    nickname: Option<String>,
    #[schema(example = "13800000000")]
    phone: Option<String>,
    /// At most 254 characters.
    email: Option<String>,
    /// One of `campuses` of getConfig.
    campus: Option<String>,
    /// Language of mails: `zh-CN` or `en`.
    language: Option<String>,
    /// Contact that the other side of a ticket is shown: `phone`, `email`, or nothing.
    shown_contact: Option<String>,
    /// The present password; needed where `phone` or `email` changes.
    current_password: Option<String>,
}

/// Change what one says of oneself.
///
/// A new phone number or e-mail address needs the present password, and signs in nobody before it is
/// confirmed: an address by the link that is mailed to it. The address of before is told.
#[utoipa::path(
    post,
    path = "/v1/user/profile",
    tag = "account",
    security(("bearer" = [])),
    request_body = ProfileRequest,
    responses(
        (status = 200, description = "It is changed", body = DoneReply),
        (status = 422, description = "A field is not valid, or the present password is missing or wrong; `data` names it", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Too many wrong passwords, or mails to that address; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn profile(State(app): State<App>, call: PatchRequest) -> Result<Json<DoneReply>, ApiError> {
    let text = |input: Input| call.text(input.name());
    let (nickname, phone) = (text(Input::Nickname)?, text(Input::Phone)?);
    let (email, campus) = (text(Input::Email)?, text(Input::Campus)?);
    let locale = call.word("language", Locale::from_tag)?;
    let shown_contact = call.word("shown_contact", |word| word.parse().ok())?;
    let revise = |present: OwnProfile| OwnProfile {
        nickname: nickname.clone().unwrap_or(present.nickname),
        phone: phone.clone().unwrap_or(present.phone),
        email: email.clone().unwrap_or(present.email),
        campus: campus.clone().unwrap_or(present.campus),
        locale: locale.unwrap_or(present.locale),
        shown_contact: shown_contact.unwrap_or(present.shown_contact),
    };
    let password = text(Input::CurrentPassword)?.unwrap_or_default();
    let source = Source { address: call.address, browser: None };
    let changed = contacts::change_profile(&app, &source, &call.viewer, password, revise).await;
    changed.map(|()| DONE).map_err(|problem| ApiError::of(&problem, call.texts))
}

/// Preferences to set. Members that are left out stay.
#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct WishesRequest {
    /// `true` if mails are sent at all.
    mail: Option<bool>,
    /// All that is not told where: `inbox.` or `mail.` and `messages`, `progress` or `photos`; also
    /// `mail.turn`. What waits for somebody is always in their inbox.
    #[schema(example = json!(["inbox.photos", "mail.turn"]))]
    muted: Option<Vec<String>>,
}

/// Change of what one is told, and where.
#[utoipa::path(
    post,
    path = "/v1/user/wishes",
    tag = "account",
    security(("bearer" = [])),
    request_body = WishesRequest,
    responses(
        (status = 200, description = "It is changed", body = DoneReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn wishes(State(app): State<App>, call: PatchRequest) -> Result<Json<DoneReply>, ApiError> {
    let mail_wanted = call.truth("mail")?;
    let muted = call.words("muted", |word| word.parse().ok())?.map(Muted::from_iter);
    let revise = |present: NotificationPreferences| NotificationPreferences {
        mail_wanted: mail_wanted.unwrap_or(present.mail_wanted),
        muted: muted.unwrap_or(present.muted),
    };
    let changed = own_account::change_preferences(&app, &call.viewer, revise).await;
    changed.map(|()| DONE).map_err(|problem| ApiError::of(&problem, call.texts))
}

/// Availability to set. Members that are left out stay.
#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct DutyRequest {
    on_duty: Option<bool>,
    /// Campuses served, of `campuses` of getConfig; none for all of them.
    campuses: Option<Vec<String>>,
    /// Jobs at once, at least 1; `null` for as many as the site allows.
    #[schema(example = 5)]
    max_jobs: Option<u64>,
}

/// Change when, where and how much one works, as a technician.
#[utoipa::path(
    post,
    path = "/v1/user/duty",
    tag = "account",
    security(("bearer" = [])),
    request_body = DutyRequest,
    responses(
        (status = 200, description = "It is changed", body = DoneReply),
        (status = 403, description = "Not a technician", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "A field is not valid; `data` names it", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn duty(State(app): State<App>, call: PatchRequest) -> Result<Json<DoneReply>, ApiError> {
    let on_duty = call.truth("on_duty")?;
    let campuses = call.words(Input::Campuses.name(), |campus| Some(campus.to_owned()))?;
    let max_jobs = call.text(Input::MaxJobs.name())?;
    let revise = |present: DutyForm| DutyForm {
        on_duty: on_duty.unwrap_or(present.on_duty),
        campuses: campuses.unwrap_or(present.campuses),
        max_jobs: max_jobs.unwrap_or(present.max_jobs),
    };
    let changed = own_account::change_availability(&app, &call.viewer, revise).await;
    changed.map(|()| DONE).map_err(|problem| ApiError::of(&problem, call.texts))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct PasswordRequest {
    /// The password until now.
    current: String,
    /// The password from now on: at least 8 characters, at most 1024 bytes.
    password: String,
}

/// Change one's password.
///
/// Every token and every browser of the person is signed out by it, the token of this call, too: the
/// answer has a new one.
#[utoipa::path(
    post,
    path = "/v1/user/password",
    tag = "account",
    security(("bearer" = [])),
    request_body = PasswordRequest,
    responses(
        (status = 200, description = "It is changed; a token for one hour", body = LoginReply),
        (status = 422, description = "Not the current password, or the new one is too short or too long", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Too many wrong passwords; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn password(State(app): State<App>, call: CommandRequest) -> Result<Json<LoginReply>, ApiError> {
    let [current, new] = ["current", "password"].map(|name| call.text(name).to_owned());
    let change = PasswordChange { current, repeated: new.clone(), new };
    let source = Source { address: call.address, browser: None };
    let token = login::change_password_by_token(&app, &source, &call.viewer, change).await;
    token.map(LoginReply::json).map_err(|problem| ApiError::of(&problem, call.texts))
}

/// Send the link again by which one's e-mail address is confirmed.
///
/// Nothing is sent where it is confirmed already. One person has three sent to an address within an
/// hour, and all together twenty.
#[utoipa::path(
    post,
    path = "/v1/user/sendProof",
    tag = "account",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "If the address waits to be confirmed, the link is on its way", body = DoneReply),
        (status = 404, description = "The site sends no mails", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Too many mails to the address; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn send_proof(State(app): State<App>, call: CommandRequest) -> Result<Json<DoneReply>, ApiError> {
    let sent = contacts::send_again(&app, &call.viewer).await;
    sent.map(|()| DONE).map_err(|problem| ApiError::of(&problem, call.texts))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct ReadRequest {
    /// The `id` of the newest notice that was seen.
    up_to: i64,
}

/// Mark one's notices as read, up to the newest that was seen.
#[utoipa::path(
    post,
    path = "/v1/user/read",
    tag = "account",
    security(("bearer" = [])),
    request_body = ReadRequest,
    responses(
        (status = 200, description = "They are read", body = DoneReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn read(State(app): State<App>, call: CommandRequest) -> Result<Json<DoneReply>, ApiError> {
    let up_to = call.number("up_to")?.ok_or_else(|| CommandRequest::bad(call.texts, "up_to"))?;
    let marked = inbox::mark_read(&app, &call.viewer, up_to).await;
    marked.map(|()| DONE).map_err(|problem| ApiError::of(&problem, call.texts))
}
