//! `GET /v1/status/getTechworks`: what technicians do (docs/api.md).

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::domain::lists::parameter::Parameter;
use crate::domain::paging::Page;
use crate::domain::people::directory::{PeopleQuery, Workload};
use crate::domain::viewer::Viewer;
use crate::http::api::error::ApiError;
use crate::http::api::request::query::QueryRequest;
use crate::service::App;
use crate::service::people::directory;

/// Count what technicians have done and have in hand, the latest technician first.
///
/// Parameters are read as those of getTicket. An admin sees every technician; technicians see
/// themselves, with or without their `tid`.
#[utoipa::path(
    get,
    path = "/v1/status/getTechworks",
    tag = "people",
    security(("bearer" = [])),
    params(
        ("tid" = Option<i64>, Query, description = "The technician's id; `td` is an alias", minimum = 1, maximum = 9_007_199_254_740_991_i64),
        crate::http::api::schemas::PageParams,
    ),
    responses(
        (status = 200, description = "The technicians of one page; past the last page `data` is empty", body = GetTechworksReply),
        crate::http::api::schemas::LookupRefusal,
    ),
)]
pub async fn get_techworks(
    State(app): State<App>,
    viewer: Viewer,
    lookup: QueryRequest,
) -> Result<Json<GetTechworksReply>, ApiError> {
    let query: PeopleQuery = lookup.read(&Parameter::WORKLOADS)?;
    let request_type = if query.person.is_some() { "by_technician_id" } else { "all_technicians" };
    let page = directory::workloads(&app, &viewer, query)
        .await
        .map_err(|problem| ApiError::of(&problem, lookup.texts))?;
    Ok(Json(GetTechworksReply::new(request_type, page, app.site.limits.jobs)))
}

/// One page of technicians.
#[derive(Serialize, utoipa::ToSchema)]
pub struct GetTechworksReply {
    /// Always `success`.
    status: &'static str,
    /// Always `true`.
    success: bool,
    /// `by_technician_id` or `all_technicians`: what was asked.
    request_type: &'static str,
    data: Vec<TechworkReply>,
    page: u64,
    limit: u64,
    /// Number of technicians who match, over all pages.
    total: u64,
}

#[derive(Serialize, utoipa::ToSchema)]
pub struct TechworkReply {
    technician_id: i64,
    nickname: String,
    /// Their tickets that are `Done`.
    done: u64,
    /// Their tickets that are not finished.
    open: u64,
    /// `true` if they take jobs at present.
    on_duty: bool,
    /// Where; empty for every campus.
    campuses: Vec<String>,
    /// Most jobs at once; 0 stands for no limit.
    max_jobs: u64,
}

impl GetTechworksReply {
    fn new(request_type: &'static str, page: Page<Workload>, limit_of_site: u64) -> Self {
        Self {
            status: "success",
            success: true,
            request_type,
            page: page.number,
            limit: page.limit,
            total: page.total,
            data: page.items.into_iter().map(|work| TechworkReply::new(work, limit_of_site)).collect(),
        }
    }
}

impl TechworkReply {
    fn new(Workload { technician, done, open, duty }: Workload, limit_of_site: u64) -> Self {
        Self {
            technician_id: technician.id.0,
            nickname: technician.nickname,
            done,
            open,
            on_duty: duty.on_duty,
            max_jobs: duty.limit(limit_of_site),
            campuses: duty.campuses,
        }
    }
}
