//! Moving a ticket through its life: one verb for every action.

use super::App;
use super::work::{Entry, Request, Work, check_words};
use crate::domain::action::Action;
use crate::domain::details::Reason;
use crate::domain::history::Kind;
use crate::domain::lifecycle::{Hands, Outcome, Refusal, action_towards, judge};
use crate::domain::person::{UserId, Viewer};
use crate::domain::policy::Opened;
use crate::domain::problem::{Input, Problem};
use crate::domain::status::Status;
use crate::domain::ticket::{Standing, TicketId};

/// What somebody wants to do to a ticket.
#[derive(Clone, Debug)]
pub struct Deed {
    pub ticket: TicketId,
    pub action: Action,
    /// The version that was seen; nothing for whoever takes it as it is.
    pub seen: Option<i64>,
    /// A reason, or what was done.
    pub note: String,
    /// To whom it is given or offered.
    pub technician: Option<UserId>,
    /// Names the request, so that it happens once.
    pub key: Option<String>,
}

pub async fn act(app: &App, viewer: &Viewer, deed: Deed) -> Result<(), Problem> {
    let request = request_of(viewer, &deed)?;
    let mut work = Work::begin(app).await?;
    if work.done_before(&request).await?.is_some() {
        return Ok(());
    }
    let opened = work.open(viewer, deed.ticket).await?;
    if deed.seen.is_some_and(|seen| seen != opened.dossier.version) {
        return Err(Problem::Stale);
    }
    carry_out(app, &mut work, viewer, opened, &deed).await?;
    work.remember(&request, deed.ticket).await?;
    work.commit().await
}

/// The action that leads to a state, for whoever names states instead.
pub async fn move_to(app: &App, viewer: &Viewer, wanted: Status, deed: Deed) -> Result<(), Problem> {
    let mut work = Work::begin(app).await?;
    let Opened { situation, relation, .. } = work.open(viewer, deed.ticket).await?;
    let action = action_towards(situation, wanted, relation);
    let action = action.ok_or(Refusal::WrongState(situation.status))?;
    drop(work);
    act(app, viewer, Deed { action, ..deed }).await
}

/// Says that a repair is done, as whichever of the two sides one is.
pub async fn complete(app: &App, viewer: &Viewer, deed: Deed) -> Result<(), Problem> {
    let mut work = Work::begin(app).await?;
    let Opened { situation, relation, .. } = work.open(viewer, deed.ticket).await?;
    drop(work);
    let candidates = [Action::Confirm, Action::ReportDone, Action::ReportFixed];
    let allowed = candidates.into_iter().find(|action| judge(situation, *action, relation).is_ok());
    // What is refused then says why.
    let otherwise = if relation.is_technician { Action::ReportDone } else { Action::Confirm };
    act(app, viewer, Deed { action: allowed.unwrap_or(otherwise), ..deed }).await
}

fn request_of(viewer: &Viewer, deed: &Deed) -> Result<Request, Problem> {
    let Deed { ticket, action, seen: _, note, technician, key } = deed;
    let named = technician.map(|person| person.to_string()).unwrap_or_default();
    Request::new(viewer, key.clone(), &["act", &ticket.to_string(), action.name(), note, &named])
}

/// Judged first, then checked, then done.
pub(super) async fn carry_out(
    app: &App,
    work: &mut Work,
    viewer: &Viewer,
    opened: Opened,
    deed: &Deed,
) -> Result<(), Problem> {
    let Opened { dossier, situation, relation, .. } = opened;
    let action = deed.action;
    let Outcome { status, hands } = judge(situation, action, relation)?;
    let note = check_words(Input::Note, &deed.note, action.needs_a_note())?;

    let before = dossier.standing();
    let mut to = Standing { status, ..before };
    match hands {
        Hands::AsBefore => {}
        Hands::Nobodys => to.technician = None,
        Hands::TheActors => {
            work.check_room(app, viewer.id).await?;
            to.technician = Some(viewer.id);
        }
        Hands::TheNamed => {
            to.technician = Some(named(app, work, deed, dossier.ticket.owner, before.technician).await?);
        }
    }
    // Whoever has their hands full gets nothing back: it waits for another.
    if action == Action::Reopen
        && let Some(technician) = to.technician
        && let Err(Problem::TooManyJobs { .. } | Problem::HandsFull { .. }) =
            work.check_room(app, technician).await
    {
        to = Standing { status: Status::Pending, technician: None, offered_to: None };
    }
    to.offered_to = match action {
        Action::Offer => Some(named(app, work, deed, dossier.ticket.owner, before.technician).await?),
        Action::Withdraw => None,
        // An offer ends with whoever made it, and with the job.
        _ if to.technician != before.technician || !status.is_open() => None,
        _ => before.offered_to,
    };
    work.advance(dossier, to, Entry::acted(viewer, Kind::Acted(action), note)).await?;
    Ok(())
}

async fn named(
    app: &App,
    work: &mut Work,
    deed: &Deed,
    owner: UserId,
    present: Option<UserId>,
) -> Result<UserId, Problem> {
    let refuse = |reason| Problem::BadInput { input: Input::Technician, reason };
    let person = deed.technician.ok_or_else(|| refuse(Reason::Missing))?;
    if Some(person) == present {
        return Err(refuse(Reason::NotOffered));
    }
    work.receiver(app, deed.action, person, owner).await
}
