//! Lists of people, for viewers who may see them.

use crate::domain::access;
use crate::domain::paging::Page;
use crate::domain::people::directory::{PeopleQuery, Profile, Workload};
use crate::domain::problem::Problem;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::store::people::directory;

pub async fn profiles(app: &App, viewer: &Viewer, query: PeopleQuery) -> Result<Page<Profile>, Problem> {
    let permitted = access::permit_people(viewer, query)?;
    let page = directory::profiles(&app.db, &permitted).await?;
    permitted.check_found(page.total)?;
    Ok(page)
}

/// Numbers of tickets that technicians have done, and have open.
pub async fn workloads(app: &App, viewer: &Viewer, query: PeopleQuery) -> Result<Page<Workload>, Problem> {
    let permitted = access::permit_workloads(viewer, query)?;
    Ok(directory::workloads(&app.db, &permitted).await?)
}
