//! `GET /v1/status/getUser`: the people of the desk (docs/api.md).

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::domain::lists::parameter::Parameter;
use crate::domain::paging::Page;
use crate::domain::people::directory::{PeopleQuery, Profile};
use crate::domain::viewer::{Role, Viewer};
use crate::http::api::error::ApiError;
use crate::http::api::request::query::QueryRequest;
use crate::service::App;
use crate::service::people::directory;
use crate::service::settings::Zone;

/// Look people up, the latest first.
///
/// Parameters are read as those of getTicket. An admin may ask for everybody; others must name
/// themselves, by `uid` or by what stands in their own profile. `openid` and `available`, which the desk
/// does not know, are a 400.
#[utoipa::path(
    get,
    path = "/v1/status/getUser",
    tag = "people",
    security(("bearer" = [])),
    params(
        ("uid" = Option<i64>, Query, description = "The person's id", minimum = 1, maximum = 9_007_199_254_740_991_i64),
        ("role" = Option<String>, Query, description = "`user`, `technician` or `admin`; left out: any"),
        ("phone" = Option<String>, Query, description = "The person's phone number"),
        ("email" = Option<String>, Query, description = "The person's e-mail address"),
        ("campus" = Option<String>, Query, description = "The person's campus"),
        crate::http::api::schemas::PageParams,
    ),
    responses(
        (status = 200, description = "The people of one page; past the last page `data` is empty", body = GetUserReply),
        crate::http::api::schemas::LookupRefusal,
    ),
)]
pub async fn get_user(
    State(app): State<App>,
    viewer: Viewer,
    lookup: QueryRequest,
) -> Result<Json<GetUserReply>, ApiError> {
    let query: PeopleQuery = lookup.read(&Parameter::PEOPLE)?;
    let request_type = if query.person.is_some() { "by_user_id" } else { "all_users" };
    let page = directory::profiles(&app, &viewer, query)
        .await
        .map_err(|problem| ApiError::of(&problem, lookup.texts))?;
    Ok(Json(GetUserReply::new(request_type, page, app.site.zone)))
}

/// One page of people.
#[derive(Serialize, utoipa::ToSchema)]
pub struct GetUserReply {
    /// Always `success`.
    status: &'static str,
    /// Always `true`.
    success: bool,
    /// `by_user_id` or `all_users`.
    request_type: &'static str,
    data: Vec<UserReply>,
    page: u64,
    limit: u64,
    /// Number of people who match, over all pages.
    total: u64,
}

/// A person. Texts may be empty.
#[derive(Serialize, utoipa::ToSchema)]
pub struct UserReply {
    id: i64,
    username: String,
    nickname: String,
    #[schema(value_type = String, example = "user")]
    role: Role,
    phone: String,
    email: String,
    campus: String,
    /// `true` if the person cannot sign in.
    disabled: bool,
    /// `2024-06-10 12:00:00` on the site's clock.
    created_at: String,
}

impl GetUserReply {
    fn new(request_type: &'static str, page: Page<Profile>, zone: Zone) -> Self {
        Self {
            status: "success",
            success: true,
            request_type,
            page: page.number,
            limit: page.limit,
            total: page.total,
            data: page.items.into_iter().map(|profile| UserReply::new(profile, zone)).collect(),
        }
    }
}

impl UserReply {
    fn new(profile: Profile, zone: Zone) -> Self {
        Self {
            id: profile.id.0,
            username: profile.username,
            nickname: profile.nickname,
            role: profile.role,
            phone: profile.phone,
            email: profile.email,
            campus: profile.campus,
            disabled: profile.disabled,
            created_at: zone.local(profile.created_at).to_string(),
        }
    }
}
