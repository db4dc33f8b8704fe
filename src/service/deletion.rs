//! Taking a ticket away, and bringing it back within thirty days.

use super::App;
use super::work::{Entry, Work};
use crate::domain::history::Kind;
use crate::domain::person::Viewer;
use crate::domain::policy;
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketId;
use crate::store::{deleted_tickets, dossiers};

pub async fn delete(app: &App, viewer: &Viewer, ticket: TicketId) -> Result<(), Problem> {
    let mut work = Work::begin(app).await?;
    let dossier = work.open(viewer, ticket).await?.dossier;
    policy::admins_only(viewer)?;
    let entry = Entry::acted(viewer, Kind::Deleted, String::new());
    work.write_down(&dossier, dossier.standing(), entry).await?;
    if !deleted_tickets::take_away(&mut work.tx, &dossier, work.now).await? {
        return Err(Problem::Stale);
    }
    work.commit().await
}

pub async fn restore(app: &App, viewer: &Viewer, ticket: TicketId) -> Result<(), Problem> {
    policy::admins_only(viewer)?;
    let mut work = Work::begin(app).await?;
    let dossier = deleted_tickets::take_back(&mut work.tx, ticket).await?.ok_or(Problem::NotFound)?;
    dossiers::insert(&mut work.tx, &dossier).await?;
    let entry = Entry::acted(viewer, Kind::Restored, String::new());
    work.write_down(&dossier, dossier.standing(), entry).await?;
    work.commit().await
}
