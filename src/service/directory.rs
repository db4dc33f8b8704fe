//! The people of the desk as lists, for whoever may look at them.

use super::App;
use crate::domain::directory::{PeopleQuery, Profile, Workload};
use crate::domain::paging::Page;
use crate::domain::person::Viewer;
use crate::domain::policy;
use crate::domain::problem::Problem;
use crate::store::directory;

pub async fn profiles(app: &App, viewer: &Viewer, query: PeopleQuery) -> Result<Page<Profile>, Problem> {
    let permitted = policy::permit_people(viewer, query)?;
    let page = directory::profiles(&app.db, &permitted).await?;
    permitted.check_found(page.total)?;
    Ok(page)
}

/// How much technicians have done, and have to do.
pub async fn workloads(app: &App, viewer: &Viewer, query: PeopleQuery) -> Result<Page<Workload>, Problem> {
    let permitted = policy::permit_workloads(viewer, query)?;
    Ok(directory::workloads(&app.db, &permitted).await?)
}
