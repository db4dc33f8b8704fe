//! `GET /v1/status/getConfig`: what is particular to this site (docs/api.md).

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::domain::viewer::Viewer;
use crate::http::middleware::language::Language;
use crate::service::App;
use crate::service::settings::{Limits, Site};
use crate::text::{self, Texts};

/// Tell what is particular to this site, to whoever is let in.
#[utoipa::path(
    get,
    path = "/v1/status/getConfig",
    tag = "lookups",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The site's settings", body = GetConfigReply),
        (status = 401, description = "No token, or one that is invalid or expired", body = crate::http::api::schemas::UnauthorizedReply),
        (status = 500, description = "The server could not answer; `data` has a request id", body = crate::http::api::schemas::ErrorReply),
    ),
)]
pub async fn get_config(
    State(app): State<App>,
    _: Viewer,
    Language(locale): Language,
) -> Json<GetConfigReply> {
    let configs = NamedConfigReply::all(&app, text::of(locale));
    Json(GetConfigReply { status: "success", success: true, data: ConfigReply::new(&app.site), configs })
}

/// Tell the same under the name that older programs call.
#[utoipa::path(
    get,
    path = "/v1/conf/get",
    tag = "lookups",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The site's settings, as getConfig tells them", body = GetConfigReply),
        (status = 401, description = "No token, or one that is invalid or expired", body = crate::http::api::schemas::UnauthorizedReply),
        (status = 500, description = "The server could not answer; `data` has a request id", body = crate::http::api::schemas::ErrorReply),
    ),
)]
pub async fn conf_get(app: State<App>, viewer: Viewer, language: Language) -> Json<GetConfigReply> {
    get_config(app, viewer, language).await
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct GetConfigReply {
    /// Always `success`.
    status: &'static str,
    /// Always `true`.
    success: bool,
    data: ConfigReply,
    configs: Vec<NamedConfigReply>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct ConfigReply {
    site_name: String,
    /// The zone of all times, such as `Asia/Shanghai`.
    time_zone: &'static str,
    campuses: Vec<String>,
    device_types: Vec<String>,
    fault_types: Vec<String>,
    /// `true` if new tickets are taken.
    takes_tickets: bool,
    limits: LimitsReply,
}

/// A setting by the name that older programs know.
#[derive(Serialize, utoipa::ToSchema)]
pub struct NamedConfigReply {
    /// `Global_Flag`, `Global_Year`, `Global_Tips`, `Rest_Msg` or `Submit_Tips`.
    #[schema(value_type = String, example = "Global_Flag")]
    name: &'static str,
    /// The meaning, in the language of `Accept-Language`.
    #[schema(value_type = String)]
    info: &'static str,
    /// May be empty.
    #[schema(example = "1")]
    data: String,
}

impl NamedConfigReply {
    fn all(app: &App, texts: Texts) -> Vec<Self> {
        let words = texts.api();
        let is_open = app.site.takes_tickets;
        let closed = texts.work().desk_closed;
        let year = app.site.zone.local(app.clock.now()).year;
        // The desk has no notices of its own: those are empty.
        let told = [
            ("Global_Flag", words.conf_flag, if is_open { "1" } else { "" }.to_owned()),
            ("Global_Year", words.conf_year, year.to_string()),
            ("Global_Tips", words.conf_tips, String::new()),
            ("Rest_Msg", words.conf_rest, if is_open { "" } else { closed }.to_owned()),
            ("Submit_Tips", words.conf_submit, String::new()),
        ];
        told.into_iter().map(|(name, info, data)| Self { name, info, data }).collect()
    }
}

/// Limits for one person; 0 means unlimited.
#[derive(Serialize, utoipa::ToSchema)]
pub struct LimitsReply {
    /// Open tickets of a requester.
    open_tickets: u64,
    /// Tickets of a requester within seven days.
    weekly_tickets: u64,
    /// Open tickets of a technician.
    jobs: u64,
    /// Days after which a confirmation that is missing counts as given.
    confirmation_days: u64,
}

impl ConfigReply {
    /// The pattern names every setting: a new one is told or kept on purpose.
    fn new(site: &Site) -> Self {
        let Site {
            name,
            zone,
            campuses,
            device_types,
            fault_types,
            takes_tickets,
            limits: Limits { open_tickets, weekly_tickets, jobs, confirmation_days },
            open_registration: _,
            https: _,
            behind_proxy: _,
            public_url: _,
            mailer: _,
            webhooks: _,
            cors_origins: _,
            upload_bytes: _,
        } = site;
        Self {
            site_name: name.clone(),
            time_zone: zone.name(),
            campuses: campuses.clone(),
            device_types: device_types.clone(),
            fault_types: fault_types.clone(),
            takes_tickets: *takes_tickets,
            limits: LimitsReply {
                open_tickets: *open_tickets,
                weekly_tickets: *weekly_tickets,
                jobs: *jobs,
                confirmation_days: *confirmation_days,
            },
        }
    }
}
