//! Maintenance: changes due by time alone, such as confirming old repairs and forgetting old rows.

use std::io;
use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;

use super::notifications::delivery;
use super::people::contacts;
use super::photos::sweep;
use super::transaction::{NewEvent, TicketTransaction};
use super::{App, background, unavailable};
use crate::domain::ids::TicketId;
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::TicketState;
use crate::domain::tickets::trash::KEPT_DAYS;
use crate::domain::time::Instant;
use crate::store::notifications::{inbox, outbox};
use crate::store::sign_in::{invitations, known_sources, revoked_tokens};
use crate::store::tickets::{hand_over_codes, record, trash};
use crate::store::{self, Tx, idempotency, probes};

const DAY: i64 = 24 * 3600;
/// Tickets completed in one go.
const BATCH: i64 = 100;
const KEYS_KEPT: i64 = DAY;
/// Seconds since the last sign-in from a source.
pub const SOURCES_KEPT: i64 = 180 * DAY;
const NOTIFICATIONS_KEPT: i64 = 90 * DAY;
pub const DELETED_KEPT: i64 = KEPT_DAYS * DAY;

/// Runs every step that is due in the database. A failed step keeps no other from running: it is logged with
/// its name, and the first failure is returned. Any number of nodes may run it at the same time.
pub async fn run(app: &App) -> Result<(), Problem> {
    let mut done = vec![
        step("clock", app.clock.follow(&app.db)).await,
        step("unconfirmed tickets", complete_unconfirmed(app)).await,
    ];
    for old in Old::ALL {
        done.push(step(old.name(), forget(app, old)).await);
    }
    done.into_iter().collect()
}

/// Sweeps photos that no ticket has, once a day. Apart from the rest, since a slow store of many
/// photos takes its time.
pub async fn sweep_photos(app: &App) -> Result<(), Problem> {
    step("photos", sweep::run(app)).await
}

/// Runs a step; a panic is a failure like any other.
async fn step(name: &'static str, work: impl Future<Output = Result<(), Problem>>) -> Result<(), Problem> {
    let ended = AssertUnwindSafe(work).catch_unwind().await;
    let done = ended.unwrap_or_else(|panic| {
        Err(unavailable(&io::Error::other(format!("panicked: {}", background::words(&*panic)))))
    });
    done.inspect_err(|problem| {
        tracing::error!(step = name, %problem, "a step of the maintenance failed and will be tried again");
    })
}

/// Rows needed no longer, each kind forgotten in a transaction of its own.
#[derive(Clone, Copy)]
enum Old {
    IdempotencyKeys,
    HandOverCodes,
    Invitations,
    Contacts,
    Sources,
    Tokens,
    Notifications,
    Messages,
    Probes,
    Tickets,
}

impl Old {
    const ALL: [Self; 10] = [
        Self::IdempotencyKeys,
        Self::HandOverCodes,
        Self::Invitations,
        Self::Contacts,
        Self::Sources,
        Self::Tokens,
        Self::Notifications,
        Self::Messages,
        Self::Probes,
        Self::Tickets,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::IdempotencyKeys => "old idempotency keys",
            Self::HandOverCodes => "old hand-over codes",
            Self::Invitations => "old invitations",
            Self::Contacts => "old proofs of contacts",
            Self::Sources => "old sources of sign-ins",
            Self::Tokens => "old revoked tokens",
            Self::Notifications => "old notifications",
            Self::Messages => "old messages",
            Self::Probes => "old probes",
            Self::Tickets => "old deleted tickets",
        }
    }
}

/// Deletes rows of a kind that are needed no longer. One node does it at a time.
async fn forget(app: &App, old: Old) -> Result<(), Problem> {
    let TicketTransaction { mut tx, now, .. } = TicketTransaction::begin(app).await?;
    if !store::is_first(&mut tx, "upkeep").await? {
        return Ok(());
    }
    match old {
        Old::IdempotencyKeys => idempotency::forget_before(&mut tx, now.minus(KEYS_KEPT)).await?,
        Old::HandOverCodes => hand_over_codes::forget_expired(&mut tx, now).await?,
        Old::Invitations => invitations::forget_expired(&mut tx, now).await?,
        Old::Contacts => contacts::sweep(&mut tx, now).await?,
        Old::Sources => known_sources::forget_before(&mut tx, now.minus(SOURCES_KEPT)).await?,
        Old::Tokens => revoked_tokens::forget_expired(&mut tx, now).await?,
        Old::Notifications => inbox::forget_before(&mut tx, now.minus(NOTIFICATIONS_KEPT)).await?,
        Old::Messages => outbox::forget_before(&mut tx, now.minus(delivery::KEPT)).await?,
        Old::Probes => probes::forget_before(&mut tx, now.minus(DAY)).await?,
        Old::Tickets => return forget_tickets(app, tx, now.minus(DELETED_KEPT)).await,
    }
    Ok(tx.commit().await?)
}

async fn forget_tickets(app: &App, mut tx: Tx, deleted_before: Instant) -> Result<(), Problem> {
    trash::hold_before(&mut tx, deleted_before).await?;
    // Photos first: the deleted tickets alone know which were theirs.
    let photos_gone = store::tickets::photos::forget_of_deleted_before(&mut tx, deleted_before).await?;
    trash::forget_before(&mut tx, deleted_before).await?;
    tx.commit().await?;
    Ok(app.photo_files.remove(&photos_gone).await?)
}

/// Completes tickets whose confirmation is overdue. One that cannot be completed keeps no other
/// waiting.
async fn complete_unconfirmed(app: &App) -> Result<(), Problem> {
    let days = i64::try_from(app.site.limits.confirmation_days).unwrap_or(i64::MAX / DAY);
    let (mut failed, mut done) = (0, Ok(()));
    loop {
        let due = app.clock.now().minus(days.saturating_mul(DAY));
        let tickets = record::unconfirmed_since(&app.db, due, BATCH, failed).await?;
        for ticket in &tickets {
            let completed = complete(app, *ticket, days * DAY).await;
            failed += i64::from(completed.is_err());
            done = done.and(completed);
        }
        if tickets.is_empty() {
            return done;
        }
    }
}

/// Completes a ticket once, by whichever node: it is judged anew while it is locked.
async fn complete(app: &App, id: TicketId, patience: i64) -> Result<(), Problem> {
    let mut work = TicketTransaction::begin(app).await?;
    let ticket = match work.find(id).await {
        Ok(unchecked) => unchecked.for_maintenance(),
        Err(Problem::NotFound) => return Ok(()),
        Err(problem) => return Err(problem),
    };
    let waits = matches!(ticket.contract.status, Status::UserConfirming | Status::TechConfirming);
    if !waits || ticket.waiting_since.plus(patience) > work.now {
        return Ok(());
    }
    let to = TicketState { status: Status::Done, offered_to: None, ..ticket.state() };
    let entry = NewEvent { actor: None, kind: Kind::AutoConfirmed, note: String::new(), changes: Vec::new() };
    work.advance(&ticket, to, entry).await?;
    work.commit().await
}
