//! What the desk does by itself as time passes.

use super::work::{Entry, Work};
use super::{App, contacts, delivery, photo_sweep};
use crate::domain::deleted::KEPT_DAYS;
use crate::domain::history::Kind;
use crate::domain::person::UserId;
use crate::domain::problem::Problem;
use crate::domain::status::Status;
use crate::domain::ticket::{Dossier, Standing, TicketId};
use crate::domain::wishes::Topic;
use crate::store::{
    self, deleted_tickets, dossiers, hand_over_codes, idempotency, inbox, invitations, known_sources, outbox,
    people, probes, revoked_tokens,
};

const DAY: i64 = 24 * 3600;
/// How many tickets are completed in one go.
const BATCH: i64 = 100;
const KEYS_KEPT: i64 = DAY;
/// Since somebody last came in from there.
pub const SOURCES_KEPT: i64 = 180 * DAY;
const NOTIFICATIONS_KEPT: i64 = 90 * DAY;
pub const DELETED_KEPT: i64 = KEPT_DAYS * DAY;

/// Everything that is due. Any number of nodes may do it at the same time.
pub async fn run(app: &App) -> Result<(), Problem> {
    app.clock.follow(&app.db).await?;
    complete_unconfirmed(app).await?;
    forget_old(app).await?;
    photo_sweep::run(app).await
}

/// Removes what nobody needs any more. One node does it at a time.
async fn forget_old(app: &App) -> Result<(), Problem> {
    let Work { mut tx, now, .. } = Work::begin(app).await?;
    if !store::is_first(&mut tx, "upkeep").await? {
        return Ok(());
    }
    idempotency::forget_before(&mut tx, now.minus(KEYS_KEPT)).await?;
    hand_over_codes::forget_expired(&mut tx, now).await?;
    invitations::forget_expired(&mut tx, now).await?;
    contacts::sweep(&mut tx, now).await?;
    known_sources::forget_before(&mut tx, now.minus(SOURCES_KEPT)).await?;
    revoked_tokens::forget_expired(&mut tx, now).await?;
    inbox::forget_before(&mut tx, now.minus(NOTIFICATIONS_KEPT)).await?;
    outbox::forget_before(&mut tx, now.minus(delivery::KEPT)).await?;
    probes::forget_before(&mut tx, now.minus(DAY)).await?;
    deleted_tickets::hold_before(&mut tx, now.minus(DELETED_KEPT)).await?;
    // Before the tickets: only they know which photos were theirs.
    let photos_gone = store::photos::forget_of_deleted_before(&mut tx, now.minus(DELETED_KEPT)).await?;
    deleted_tickets::forget_before(&mut tx, now.minus(DELETED_KEPT)).await?;
    tx.commit().await?;
    Ok(app.photo_files.remove(&photos_gone).await?)
}

/// Confirmations that nobody gave in time count as given.
async fn complete_unconfirmed(app: &App) -> Result<(), Problem> {
    let days = i64::try_from(app.site.limits.confirmation_days).unwrap_or(i64::MAX / DAY);
    loop {
        let due = app.clock.now().minus(days.saturating_mul(DAY));
        let tickets = dossiers::unconfirmed_since(&app.db, due, BATCH).await?;
        for ticket in &tickets {
            complete(app, *ticket, days * DAY).await?;
        }
        if tickets.is_empty() {
            return Ok(());
        }
    }
}

/// Once, whoever comes first: the ticket is judged anew while it is held.
async fn complete(app: &App, id: TicketId, patience: i64) -> Result<(), Problem> {
    let mut work = Work::begin(app).await?;
    let dossier = match work.find(id).await {
        Ok(sealed) => sealed.for_upkeep(),
        Err(Problem::NotFound) => return Ok(()),
        Err(problem) => return Err(problem),
    };
    let waits = matches!(dossier.ticket.status, Status::UserConfirming | Status::TechConfirming);
    if !waits || dossier.waiting_since.plus(patience) > work.now {
        return Ok(());
    }
    let to = Standing { status: Status::Done, offered_to: None, ..dossier.standing() };
    let entry = Entry { actor: None, kind: Kind::Lapsed, note: String::new(), changes: Vec::new() };
    work.advance(dossier, to, entry).await?;
    work.commit().await
}

/// Gives back whatever somebody who leaves the desk has in hand, and tells the
/// admins. Part of the change that makes them leave.
pub async fn orphan_jobs(work: &mut Work, technician: UserId) -> Result<(), Problem> {
    let mut jobs = Vec::new();
    // All turns are taken before anything is counted anew: else two who take
    // them crosswise wait for each other.
    for id in dossiers::jobs(&mut work.tx, technician).await? {
        jobs.push(work.find(id).await?.for_upkeep());
    }
    // Some may have become another's before their turn was taken.
    jobs.retain(|job| job.ticket.technician == Some(technician));
    for job in jobs {
        orphan(work, job).await?;
    }
    Ok(())
}

/// Gives a ticket back to nobody, and tells the admins.
pub async fn orphan(work: &mut Work, dossier: Dossier) -> Result<(), Problem> {
    let to = Standing { status: Status::Pending, technician: None, offered_to: None };
    let entry = Entry { actor: None, kind: Kind::Orphaned, note: String::new(), changes: Vec::new() };
    let event = work.advance(dossier, to, entry).await?;
    for admin in people::admins(&mut work.tx).await? {
        work.tell(admin, Topic::Turn, &event).await?;
    }
    Ok(())
}
