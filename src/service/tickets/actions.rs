//! Actions on tickets: one verb for all of them.

use super::view;
use crate::domain::access::{self, Opened};
use crate::domain::ids::{TicketId, UserId};
use crate::domain::input::{Input, Reason};
use crate::domain::problem::Problem;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::event::{Event, Kind};
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::{Ticket, TicketState};
use crate::domain::tickets::workflow::{Assignee, Refusal, Transition, action_towards, transition};
use crate::domain::validation::canonical;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::photos::images::Upload;
use crate::service::photos::ticket_photos::check_may_add;
use crate::service::photos::upload::{self, NewPhotos, PhotoChange, Prepared, with_prints};
use crate::service::transaction::{NewEvent, Request, TicketTransaction, check_words};
use crate::store::idempotency::Earlier;

/// Target of an action request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionTarget {
    Act(Action),
    /// A status, reached by the one action that leads there.
    Reach(Status),
    /// The end of the repair, as reported by either side.
    Complete,
}

impl ActionTarget {
    /// Returns `true` if a note may be required. Programs that name a status or completion know no notes.
    const fn asks_for_a_note(self) -> bool {
        matches!(self, Self::Act(_))
    }
}

/// A person's request to act on a ticket.
#[derive(Clone, Debug)]
pub struct ActionRequest {
    pub ticket: TicketId,
    pub target: ActionTarget,
    /// Version that was seen; `None` accepts any.
    pub seen: Option<i64>,
    /// A reason, or work that was done.
    pub note: String,
    /// Technician who gets the ticket or the offer.
    pub technician: Option<UserId>,
    /// Idempotency key: the request happens once.
    pub key: Option<String>,
}

/// Acts on a ticket; returns its status afterwards.
pub async fn act(app: &App, viewer: &Viewer, action_request: ActionRequest) -> Result<Status, Problem> {
    act_with_photos(app, viewer, action_request, Vec::new()).await
}

/// Acts on a ticket and adds photos: all of it happens or nothing.
pub async fn act_with_photos(
    app: &App,
    viewer: &Viewer,
    action_request: ActionRequest,
    uploads: Vec<Upload>,
) -> Result<Status, Problem> {
    let (uploads, prints) = with_prints(uploads).await?;
    let request = request_of(viewer, &action_request, &prints)?;
    upload::commit(
        app,
        uploads,
        &RequestedAction { viewer, action_request: &action_request, request: &request },
    )
    .await
}

/// An action with its request.
struct RequestedAction<'a> {
    viewer: &'a Viewer,
    action_request: &'a ActionRequest,
    request: &'a Request,
}

impl PhotoChange for RequestedAction<'_> {
    type Answer = Status;

    async fn prepare(&self, app: &App, photos: &NewPhotos) -> Result<Prepared<Status>, Problem> {
        let Self { viewer, action_request, request } = *self;
        let mut transaction = TicketTransaction::begin(app).await?;
        if let Some(earlier) = transaction.earlier(request).await? {
            return Ok(Prepared::Repeated(state_after(app, &mut transaction, viewer, &earlier).await?));
        }
        let opened = match transaction.open(viewer, action_request.ticket).await {
            // The loser of a race for a ticket may not see it any more, and learns no more than
            // about a number that does not exist.
            Err(Problem::NotFound)
                if action_request.target == ActionTarget::Act(Action::Take)
                    && access::technicians_only(viewer).is_ok() =>
            {
                return Err(Refusal::Taken.into());
            }
            opened => opened?,
        };
        if action_request.seen.is_some_and(|seen| seen != opened.ticket.version) {
            return Err(Problem::Stale);
        }
        let action = action_of(action_request.target, &opened)?;
        let event = carry_out(app, &mut transaction, viewer, opened, action, action_request).await?;
        transaction.remember_event(request, &event).await?;
        if !photos.is_empty() {
            let opened = transaction.open(viewer, action_request.ticket).await?;
            check_may_add(&opened)?;
            photos.record(&mut transaction, viewer, &opened.ticket).await?;
        }
        Ok(Prepared::Ready(transaction, event.state.status))
    }
}

/// Returns the status to which a request led when it first arrived. Requests from before an update
/// have no event: then the ticket's present status.
pub(crate) async fn state_after(
    app: &App,
    transaction: &mut TicketTransaction,
    viewer: &Viewer,
    earlier: &Earlier,
) -> Result<Status, Problem> {
    match transaction.event_of(earlier).await? {
        Some(event) => Ok(event.state.status),
        None => Ok(view::open(app, viewer, earlier.subject.ticket()).await?.facts.status),
    }
}

/// Makes the request of what was sent, not of its meaning: the meaning of a status depends on the
/// ticket's state, and differs when the request comes again.
fn request_of(
    viewer: &Viewer,
    action_request: &ActionRequest,
    prints: &[String],
) -> Result<Request, Problem> {
    let ActionRequest { ticket, target, seen: _, note, technician, key } = action_request;
    let asked = match target {
        ActionTarget::Act(action) => ["act", action.name()],
        ActionTarget::Reach(status) => ["reach", status.name()],
        ActionTarget::Complete => ["complete", ""],
    };
    let named = technician.map(|person| person.to_string()).unwrap_or_default();
    let (ticket, note) = (ticket.to_string(), canonical(note));
    let asked =
        [asked[0], &ticket, asked[1], &note, &named].into_iter().chain(prints.iter().map(String::as_str));
    Request::new(viewer, key.clone(), &asked.collect::<Vec<_>>())
}

fn action_of(target: ActionTarget, &Opened { facts, relation, .. }: &Opened) -> Result<Action, Problem> {
    match target {
        ActionTarget::Act(action) => Ok(action),
        ActionTarget::Reach(status) => {
            let action = action_towards(facts, status, relation);
            Ok(action.ok_or(Refusal::WrongState(facts.status))?)
        }
        ActionTarget::Complete => {
            let candidates = [Action::Confirm, Action::ReportDone, Action::ReportFixed];
            let allowed = candidates.into_iter().find(|action| transition(facts, *action, relation).is_ok());
            // The refusal then has the reason.
            let otherwise = if relation.is_technician { Action::ReportDone } else { Action::Confirm };
            Ok(allowed.unwrap_or(otherwise))
        }
    }
}

/// Judges an action, checks it, performs it; returns the last event.
pub(crate) async fn carry_out(
    app: &App,
    transaction: &mut TicketTransaction,
    viewer: &Viewer,
    opened: Opened,
    action: Action,
    action_request: &ActionRequest,
) -> Result<Event, Problem> {
    let Opened { mut ticket, facts, relation, .. } = opened;
    let Transition { status, assignee, first } = transition(facts, action, relation)?;
    let note = check_words(
        Input::Note,
        &action_request.note,
        action.needs_a_note() && action_request.target.asks_for_a_note(),
    )?;
    if let Some(step) = first {
        let to = TicketState { status: transition(facts, step, relation)?.status, ..ticket.state() };
        let entry = NewEvent::acted(viewer, Kind::Acted(step), String::new());
        transaction.advance(&ticket, to, entry).await?;
        ticket.advance(to, transaction.now);
    }

    let before = ticket.state();
    let mut to = TicketState { status, ..before };
    match assignee {
        Assignee::Keep => {}
        Assignee::Clear => to.technician = None,
        Assignee::Actor => {
            transaction.check_may_take(app, viewer).await?;
            to.technician = Some(viewer.id);
        }
        Assignee::Named => {
            to.technician = Some(named(app, transaction, action, action_request.technician, &ticket).await?);
        }
    }
    // A technician who is full, or has left, does not get the ticket back: it waits for another.
    if action == Action::Reopen
        && let Some(technician) = to.technician
        && !transaction.takes_back(app, technician).await?
    {
        to = TicketState { status: Status::Pending, technician: None, offered_to: None };
    }
    to.offered_to = match action {
        Action::Offer => Some(named(app, transaction, action, action_request.technician, &ticket).await?),
        Action::Withdraw => None,
        // An offer ends when the ticket changes technician or is closed.
        _ if to.technician != before.technician || !status.is_open() => None,
        _ => before.offered_to,
    };
    transaction.advance(&ticket, to, NewEvent::acted(viewer, Kind::Acted(action), note)).await
}

async fn named(
    app: &App,
    transaction: &mut TicketTransaction,
    action: Action,
    person: Option<UserId>,
    ticket: &Ticket,
) -> Result<UserId, Problem> {
    let refuse = |reason| Problem::BadInput { input: Input::Technician, reason };
    let person = person.ok_or_else(|| refuse(Reason::Missing))?;
    if Some(person) == ticket.contract.technician {
        return Err(refuse(Reason::NotOffered));
    }
    transaction.receiver(app, action, person, ticket.contract.owner).await
}
