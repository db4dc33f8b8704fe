//! `POST /v1/user/*` without a token: registration and links, under the settings and limits of the pages.

use std::net::IpAddr;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts as _, Request, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::login::LoginReply;
use crate::domain::input::Input;
use crate::domain::locale::Locale;
use crate::domain::people::contact::ShownContact;
use crate::domain::people::profile::OwnProfile;
use crate::domain::people::registration::Registration;
use crate::domain::problem::Problem;
use crate::http::Web;
use crate::http::api::error::ApiError;
use crate::http::api::request::command::{DONE, DoneReply, bytes_of};
use crate::http::api::request::flat_json::FlatJson;
use crate::http::middleware::client_address::ClientAddress;
use crate::http::middleware::language;
use crate::service::App;
use crate::service::people::contacts;
use crate::service::sign_in::invitations;
use crate::service::sign_in::password_reset;
use crate::service::sign_in::registration::{self, Form};
use crate::service::sign_in::throttle::Source;
use crate::text::{self, Texts};

/// Call without a token: address, language and JSON body.
pub struct PublicRequest {
    address: IpAddr,
    locale: Locale,
    texts: Texts,
    body: FlatJson,
}

impl FromRequest<Web> for PublicRequest {
    type Rejection = ApiError;

    async fn from_request(request: Request, web: &Web) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(&mut parts, web).await;
        let locale = language::accepted(&parts.headers);
        let texts = text::of(locale);
        let body = FlatJson::read(&bytes_of(body, texts).await?, texts)?;
        Ok(Self { address, locale, texts, body })
    }
}

impl PublicRequest {
    fn text(&self, name: &str) -> String {
        self.body.text(name).to_owned()
    }

    fn source(&self) -> Source {
        Source { address: self.address, browser: None }
    }

    /// Refusal; a disabled feature and an invalid link are 404.
    fn refuse(&self, problem: &Problem, nothing: &str) -> ApiError {
        match problem {
            Problem::NotFound => ApiError::new(StatusCode::NOT_FOUND, nothing),
            problem => ApiError::of(problem, self.texts),
        }
    }
}

/// Somebody who lets themselves in. A phone number or an e-mail address is needed.
#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct RegisterRequest {
    /// 1 to 64 characters of one script, none of them blank or invisible, and nothing like a phone number
    /// or e-mail address.
    #[schema(example = "wang")]
    username: String,
    /// At least 8 characters, at most 1024 bytes.
    password: String,
    /// At most 64 characters.
    #[schema(example = "王同学")]
    nickname: String,
    #[schema(example = "13800000000")]
    phone: Option<String>,
    /// At most 254 characters.
    email: Option<String>,
    /// One of `campuses` of getConfig.
    campus: Option<String>,
}

/// Let oneself in as a requester, where the site is open to that.
#[utoipa::path(
    post,
    path = "/v1/user/register",
    tag = "sign-in",
    request_body = RegisterRequest,
    responses(
        (status = 200, description = "They are let in; a token for one hour", body = LoginReply),
        (status = 404, description = "The site is not open to that", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "A field is not valid or the name is taken; `data` names it", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Too many newcomers from this address, or mails to that e-mail; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
    ),
)]
pub async fn register(State(app): State<App>, knock: PublicRequest) -> Result<Json<LoginReply>, ApiError> {
    let text = |input: Input| knock.text(input.name());
    let profile = OwnProfile {
        nickname: text(Input::Nickname),
        phone: text(Input::Phone),
        email: text(Input::Email),
        campus: text(Input::Campus),
        locale: knock.locale,
        shown_contact: ShownContact::default(),
    };
    let registration = Registration { username: text(Input::Username), profile };
    let password = knock.text("password");
    let form = Form { registration, repeated: password.clone(), password };
    let token = registration::register_by_token(&app, &knock.source(), form).await;
    token.map(LoginReply::json).map_err(|problem| knock.refuse(&problem, knock.texts.api().no_such_address))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct ForgotRequest {
    /// A user name or e-mail address.
    username: String,
}

/// Ask for a link by mail to set a new password, where the site sends mails.
///
/// The answer is the same whoever was named.
#[utoipa::path(
    post,
    path = "/v1/user/forgot",
    tag = "sign-in",
    request_body = ForgotRequest,
    responses(
        (status = 200, description = "If there is such a person with an e-mail address, the link is on its way", body = DoneReply),
        (status = 404, description = "The site sends no mails", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "`username` is empty or too long", body = crate::http::api::schemas::CallErrorReply),
        (status = 429, description = "Asked too often; wait `Retry-After` seconds", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
    ),
)]
pub async fn forgot(State(app): State<App>, knock: PublicRequest) -> Result<Json<DoneReply>, ApiError> {
    let asked = password_reset::ask(&app, knock.address, knock.body.text(Input::Username.name())).await;
    asked.map(|()| DONE).map_err(|problem| knock.refuse(&problem, knock.texts.api().no_such_address))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct WelcomeRequest {
    /// Secret of the link, behind `/welcome/`.
    secret: String,
    /// At least 8 characters, at most 1024 bytes.
    password: String,
}

/// Set a password by a link that an admin made or a mail brought.
///
/// It ends the link, and whatever was signed in with the password before.
#[utoipa::path(
    post,
    path = "/v1/user/welcome",
    tag = "sign-in",
    request_body = WelcomeRequest,
    responses(
        (status = 200, description = "It is set: log in with it", body = DoneReply),
        (status = 404, description = "The link is used up, out of date, or none at all", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "The password is too short or too long", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
    ),
)]
pub async fn welcome(State(app): State<App>, knock: PublicRequest) -> Result<Json<DoneReply>, ApiError> {
    let password = knock.text("password");
    let secret = knock.body.text("secret");
    let used = invitations::use_link(&app, &knock.source(), secret, password.clone(), &password).await;
    used.map(|()| DONE).map_err(|problem| knock.refuse(&problem, knock.texts.api().no_such_link))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct VerifyRequest {
    /// The part of the link behind `/verify/`.
    secret: String,
}

/// Confirm an e-mail address by the link that a mail brought.
///
/// From then on it signs in, and receives links to set a new password.
#[utoipa::path(
    post,
    path = "/v1/user/verify",
    tag = "sign-in",
    request_body = VerifyRequest,
    responses(
        (status = 200, description = "It is confirmed", body = DoneReply),
        (status = 404, description = "The link is used up, out of date, none at all, or of another address than today's", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
    ),
)]
pub async fn verify(State(app): State<App>, knock: PublicRequest) -> Result<Json<DoneReply>, ApiError> {
    let used = contacts::use_link(&app, knock.address, knock.body.text("secret")).await;
    used.map(|()| DONE).map_err(|problem| knock.refuse(&problem, knock.texts.api().no_such_link))
}
