//! Transitions of a ticket, when they may happen and by whom: the one table that decides.
//!
//! [`transition`] takes facts about the ticket, an action and the actor's relation to the ticket, and
//! returns the outcome or the refusal. Pages ask the same function which buttons to show.

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::report::Field;
use super::status::Status;
use crate::domain::viewer::Role;

/// Relation of a person to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActorRelation {
    pub role: Role,
    pub is_requester: bool,
    /// `true` if they are its technician, and still work at the desk.
    pub is_technician: bool,
    /// `true` if its technician has offered it to them.
    pub is_offered: bool,
}

impl ActorRelation {
    const fn is_admin(self) -> bool {
        matches!(self.role, Role::Admin)
    }

    /// Returns `true` for requester, technician and admins: they write messages and add photos.
    pub const fn may_talk(self) -> bool {
        self.is_requester || self.is_technician || self.is_admin()
    }

    /// Returns `true` for people who read and write internal notes.
    pub const fn is_behind_the_desk(self) -> bool {
        !self.is_requester && (self.is_technician || self.is_offered || self.is_admin())
    }
}

/// Facts about a ticket that decide about an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketFacts {
    pub status: Status,
    /// `None` without a technician. Else tells if the technician can work.
    pub technician: Option<Availability>,
    /// `true` while its requester may still report that it was not repaired.
    pub is_fresh: bool,
    /// `true` while its technician's offer is open.
    pub has_offer: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    Enabled,
    /// Disabled, or no longer a technician.
    Gone,
}

/// Result of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    pub status: Status,
    pub assignee: Assignee,
    /// Step that the action includes: the same person takes it first, and the history shows both.
    pub first: Option<Action>,
}

/// Assignee of a ticket after an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assignee {
    Keep,
    Actor,
    /// The technician whom the action names.
    Named,
    Clear,
}

/// Reason why an action does not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// Another person's action.
    #[error("not for this person to do")]
    NotYours,
    /// One person would give both confirmations.
    #[error("nobody repairs their own device for the desk")]
    OwnDevice,
    #[error("somebody has it already")]
    Taken,
    #[error("not in this state")]
    WrongState(Status),
    #[error("the time to reopen it is over")]
    TooLate,
    #[error("there is no offer")]
    NoOffer,
}

/// Decides by the table. The actor is judged first: without permission, no state is told.
pub fn transition(facts: TicketFacts, action: Action, actor: ActorRelation) -> Result<Transition, Refusal> {
    use Status::{Canceled, Closed, Done, Pending, Repairing, TechConfirming, UserConfirming};

    let TicketFacts { status, technician, is_fresh, has_offer } = facts;
    let ActorRelation { role, is_requester, is_technician, is_offered } = actor;
    let wrong_state = Err(Refusal::WrongState(status));
    let is_both_sides = is_requester && is_technician;
    let only_for = |allowed: bool| if allowed { Ok(()) } else { Err(Refusal::NotYours) };
    let becomes = |status: Status, assignee: Assignee| Ok(Transition { status, assignee, first: None });

    match action {
        Action::Take => {
            only_for(role == Role::Technician)?;
            match (status, technician) {
                _ if is_requester => Err(Refusal::OwnDevice),
                (Pending, None) => becomes(Pending, Assignee::Actor),
                (Pending, Some(_)) => Err(Refusal::Taken),
                _ => wrong_state,
            }
        }
        Action::Assign => {
            only_for(role == Role::Admin)?;
            if status.is_open() { becomes(status, Assignee::Named) } else { wrong_state }
        }
        Action::Accept | Action::Decline => {
            only_for(is_technician)?;
            match (status, action) {
                (Pending, Action::Accept) => becomes(Repairing, Assignee::Keep),
                (Pending, _) => becomes(Pending, Assignee::Clear),
                _ => wrong_state,
            }
        }
        Action::ReportDone => {
            only_for(is_technician)?;
            let report = Transition { status: UserConfirming, assignee: Assignee::Keep, first: None };
            match status {
                Repairing => Ok(report),
                // Programs without an `accept` report a repair directly.
                Pending => Ok(Transition { first: Some(Action::Accept), ..report }),
                _ => wrong_state,
            }
        }
        Action::ReportFixed => {
            only_for(is_requester)?;
            if status == Repairing { becomes(TechConfirming, Assignee::Keep) } else { wrong_state }
        }
        Action::Confirm | Action::NotFixed => {
            let answer = if action == Action::Confirm { Done } else { Repairing };
            match status {
                UserConfirming | TechConfirming if is_both_sides => Err(Refusal::OwnDevice),
                UserConfirming if is_requester => becomes(answer, Assignee::Keep),
                TechConfirming if is_technician => becomes(answer, Assignee::Keep),
                UserConfirming | TechConfirming => Err(Refusal::NotYours),
                _ => only_for(is_requester || is_technician).and(wrong_state),
            }
        }
        Action::Cancel => {
            only_for(is_requester)?;
            if status.is_open() { becomes(Canceled, Assignee::Keep) } else { wrong_state }
        }
        Action::Close => {
            only_for(is_technician || role == Role::Admin)?;
            if status.is_open() { becomes(Closed, Assignee::Keep) } else { wrong_state }
        }
        Action::Reopen => {
            only_for(is_requester || role == Role::Admin)?;
            match status {
                Done | Closed | Canceled if role == Role::Admin => reopened(technician),
                Done if is_fresh => reopened(technician),
                Done => Err(Refusal::TooLate),
                Closed | Canceled => Err(Refusal::NotYours),
                _ => wrong_state,
            }
        }
        Action::Offer => {
            only_for(is_technician)?;
            if status.is_open() { becomes(status, Assignee::Keep) } else { wrong_state }
        }
        Action::Withdraw => {
            only_for(is_technician)?;
            if has_offer { becomes(status, Assignee::Keep) } else { Err(Refusal::NoOffer) }
        }
        Action::TakeOver => {
            only_for(is_offered && role == Role::Technician)?;
            match status.is_open() {
                _ if is_requester => Err(Refusal::OwnDevice),
                true => becomes(status, Assignee::Actor),
                false => wrong_state,
            }
        }
    }
}

/// Returns the action that is due from this person, if there is one.
pub fn next_action(facts: TicketFacts, actor: ActorRelation) -> Option<Action> {
    let waits_for_a_technician = facts.status == Status::Pending && facts.technician.is_none();
    let candidates = [
        Some(Action::TakeOver),
        Some(Action::Confirm),
        Some(Action::Accept),
        Some(Action::ReportDone),
        Some(Action::Take),
        Some(Action::Assign).filter(|_| waits_for_a_technician),
    ];
    candidates.into_iter().flatten().find(|action| transition(facts, *action, actor).is_ok())
}

/// Returns the fields that this person may correct now.
pub const fn correctable(facts: TicketFacts, actor: ActorRelation) -> &'static [Field] {
    let waits = matches!(facts.status, Status::Pending) && facts.technician.is_none();
    if actor.is_requester && waits {
        &Field::ALL
    } else if (actor.is_technician || actor.is_admin()) && facts.status.is_open() {
        &Field::CORRECTABLE
    } else {
        &[]
    }
}

/// Returns the action by which a person reaches the state they name. One who names their own
/// confirmation after the other side's confirms: the ticket is done.
pub fn action_towards(facts: TicketFacts, wanted: Status, actor: ActorRelation) -> Option<Action> {
    let candidates: &[Action] = match wanted {
        Status::Pending => &[Action::Decline, Action::Reopen],
        Status::Repairing => &[Action::Accept, Action::NotFixed, Action::Reopen],
        Status::UserConfirming => &[Action::ReportDone, Action::Confirm],
        Status::TechConfirming => &[Action::ReportFixed, Action::Confirm],
        Status::Done => &[Action::Confirm],
        Status::Closed => &[Action::Close],
        Status::Canceled => &[Action::Cancel],
    };
    let leads_there = |action: &&Action| {
        let is_second = **action == Action::Confirm && facts.status != wanted;
        transition(facts, **action, actor).is_ok_and(|transition| transition.status == wanted || is_second)
    };
    candidates.iter().find(leads_there).copied()
}

fn reopened(technician: Option<Availability>) -> Result<Transition, Refusal> {
    Ok(match technician {
        Some(Availability::Enabled) => {
            Transition { status: Status::Repairing, assignee: Assignee::Keep, first: None }
        }
        Some(Availability::Gone) | None => {
            Transition { status: Status::Pending, assignee: Assignee::Clear, first: None }
        }
    })
}

#[cfg(test)]
mod tests;
