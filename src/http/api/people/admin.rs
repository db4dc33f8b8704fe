//! `POST /v1/user/*`: what admins change about people.

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use serde::{Deserialize, Serialize};

use crate::domain::ids::UserId;
use crate::domain::input::Input;
use crate::domain::people::admin::Change;
use crate::domain::people::contact::GivenContacts;
use crate::domain::viewer::Role;
use crate::http::Web;
use crate::http::api::error::ApiError;
use crate::http::api::request::command::{CommandRequest, DONE, DoneReply};
use crate::http::base_url::origin;
use crate::service::App;
use crate::service::people::admin::{self, Newcomer};
use crate::service::people::given_contacts;
use crate::service::sign_in::invitations::{self, LINK_SECONDS};

/// A person to be added.
#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct CreateUserRequest {
    /// To sign in with: 1 to 64 characters of one script, none of them blank or invisible.
    #[schema(example = "wang")]
    username: String,
    /// At most 64 characters; the user name if left out.
    nickname: Option<String>,
    /// `user`, `technician` or `admin`; `user` if left out.
    role: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct CreateUserReply {
    success: bool,
    status: &'static str,
    #[schema(example = 20_240_000_001_i64)]
    uid: i64,
    /// The page on which the new person sets their password, once.
    link: String,
    /// Seconds until the link ends, from the first call with its key.
    #[schema(example = 604_800)]
    expires_in: i64,
}

/// Add somebody, as an admin.
///
/// They cannot sign in before they have set a password by the link, which is told here and nowhere
/// else.
#[utoipa::path(
    post,
    path = "/v1/user/create",
    tag = "people",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = CreateUserRequest,
    responses(
        (status = 200, description = "They are added", body = CreateUserReply),
        (status = 403, description = "Not an admin", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "A field is not valid or the name is taken, `data` names it; or the key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn create(
    State(app): State<App>,
    LinkCall { call, origin }: LinkCall,
) -> Result<Json<CreateUserReply>, ApiError> {
    let newcomer = Newcomer {
        username: call.text(Input::Username.name()).to_owned(),
        nickname: call.text(Input::Nickname.name()).to_owned(),
        role: if call.has(ROLE) { role_in(&call)? } else { Role::User },
    };
    let added = admin::add(&app, call.address, &call.viewer, newcomer, call.key.clone()).await;
    let (UserId(uid), secret) = added.map_err(|problem| call.refuse_person(&problem))?;
    let link = format!("{origin}{}", invitations::page_of(&secret));
    Ok(Json(CreateUserReply { success: true, status: "success", uid, link, expires_in: LINK_SECONDS }))
}

const ROLE: &str = "role";

fn role_in(call: &CommandRequest) -> Result<Role, ApiError> {
    call.text(ROLE).parse().map_err(|_| CommandRequest::bad(call.texts, ROLE))
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct RoleRequest {
    #[schema(example = 20_240_000_001_i64)]
    uid: i64,
    /// `user`, `technician` or `admin`.
    #[schema(example = "technician")]
    role: String,
}

/// Give somebody else another role, as an admin.
///
/// It counts at once. What a technician who becomes a user has in hand goes back to nobody.
#[utoipa::path(
    post,
    path = "/v1/user/role",
    tag = "people",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = RoleRequest,
    responses(
        (status = 200, description = "They have it", body = DoneReply),
        (status = 409, description = "It is the caller's own role, or of the last admin", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::PersonRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn role(State(app): State<App>, call: CommandRequest) -> Result<Json<DoneReply>, ApiError> {
    change(&app, &call, Change::Role(role_in(&call)?)).await.map(|_| DONE)
}

#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct PersonRequest {
    #[schema(example = 20_240_000_001_i64)]
    uid: i64,
}

/// Keep somebody else out, as an admin.
///
/// It counts at once, for browsers and tokens. What they have in hand goes back to nobody.
#[utoipa::path(
    post,
    path = "/v1/user/disable",
    tag = "people",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = PersonRequest,
    responses(
        (status = 200, description = "They are kept out", body = DoneReply),
        (status = 409, description = "It is the caller, or the last admin", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::PersonRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn disable(State(app): State<App>, call: CommandRequest) -> Result<Json<DoneReply>, ApiError> {
    change(&app, &call, Change::Disable).await.map(|_| DONE)
}

/// Let somebody in again, as an admin.
#[utoipa::path(
    post,
    path = "/v1/user/enable",
    tag = "people",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = PersonRequest,
    responses(
        (status = 200, description = "They may come in", body = DoneReply),
        crate::http::api::schemas::PersonRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn enable(State(app): State<App>, call: CommandRequest) -> Result<Json<DoneReply>, ApiError> {
    change(&app, &call, Change::Enable).await.map(|_| DONE)
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct LinkReply {
    success: bool,
    status: &'static str,
    /// The page on which the person sets their password, once.
    link: String,
    /// Seconds until the link ends, from the first call with its key.
    #[schema(example = 604_800)]
    expires_in: i64,
}

/// Make a link by which somebody sets a new password, as an admin.
///
/// It ends the links they had. Until it is used they sign in as before.
#[utoipa::path(
    post,
    path = "/v1/user/link",
    tag = "people",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = PersonRequest,
    responses(
        (status = 200, description = "A link that works once", body = LinkReply),
        crate::http::api::schemas::PersonRefusal,
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn link(
    State(app): State<App>,
    LinkCall { call, origin }: LinkCall,
) -> Result<Json<LinkReply>, ApiError> {
    let secret = change(&app, &call, Change::Link).await?.unwrap_or_default();
    let link = format!("{origin}{}", invitations::page_of(&secret));
    Ok(Json(LinkReply { success: true, status: "success", link, expires_in: LINK_SECONDS }))
}

/// New contacts of a person. A member that is left out stays; an empty text takes the contact away.
#[derive(Deserialize, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what the handler reads")]
pub struct ContactRequest {
    #[schema(example = 20_240_000_001_i64)]
    uid: i64,
    #[schema(example = "13800000000")]
    phone: Option<String>,
    /// At most 254 characters.
    email: Option<String>,
}

/// Set or confirm how somebody else is reached, as an admin.
///
/// Sets and confirms contacts of a person. A confirmed contact signs in, and a confirmed e-mail
/// address receives links for a forgotten password. The former address is told of a change.
#[utoipa::path(
    post,
    path = "/v1/user/contact",
    tag = "people",
    security(("bearer" = [])),
    params(crate::http::api::schemas::KeyParams),
    request_body = ContactRequest,
    responses(
        (status = 200, description = "They have it, and it is confirmed", body = DoneReply),
        (status = 403, description = "Not an admin", body = crate::http::api::schemas::CallErrorReply),
        (status = 404, description = "There is no such person", body = crate::http::api::schemas::CallErrorReply),
        (status = 409, description = "It is confirmed for somebody else, or the person is the caller", body = crate::http::api::schemas::CallErrorReply),
        (status = 422, description = "A field is not valid, `data` names it; or the key was used for something else", body = crate::http::api::schemas::CallErrorReply),
        crate::http::api::schemas::CallRefusal,
        crate::http::api::schemas::TokenRefusal,
    ),
)]
pub async fn contact(State(app): State<App>, call: CommandRequest) -> Result<Json<DoneReply>, ApiError> {
    let person = call.person("uid")?.ok_or_else(|| CommandRequest::bad(call.texts, "uid"))?;
    let [phone, email] = [Input::Phone, Input::Email].map(|input| call.given(input.name()));
    if phone.is_none() && email.is_none() {
        return Err(CommandRequest::bad(call.texts, Input::Phone.name()));
    }
    let given = GivenContacts { phone, email };
    let set = given_contacts::set(&app, call.address, &call.viewer, person, &given, call.key.clone()).await;
    set.map(|()| DONE).map_err(|problem| call.refuse_person(&problem))
}

async fn change(app: &App, call: &CommandRequest, change: Change) -> Result<Option<String>, ApiError> {
    let person = call.person("uid")?.ok_or_else(|| CommandRequest::bad(call.texts, "uid"))?;
    let changed = admin::change(app, call.address, &call.viewer, person, change, call.key.clone()).await;
    changed.map_err(|problem| call.refuse_person(&problem))
}

/// A call whose answer has a link to this site.
pub struct LinkCall {
    call: CommandRequest,
    origin: String,
}

impl FromRequest<Web> for LinkCall {
    type Rejection = ApiError;

    async fn from_request(request: Request, web: &Web) -> Result<Self, ApiError> {
        let origin = origin(web, &request);
        Ok(Self { call: CommandRequest::from_request(request, web).await?, origin })
    }
}
