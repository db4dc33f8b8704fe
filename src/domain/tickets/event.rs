//! Events of a ticket: append-only, and complete enough to rebuild it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::report::{Field, Warranty};
use super::status::Status;
use super::ticket::{ContractTicket, Ticket, TicketState};
use crate::domain::ids::{TicketId, UserId};
use crate::domain::time::Instant;

/// One entry of a ticket's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub ticket: TicketId,
    /// Counted from 1 in every ticket.
    pub number: i64,
    pub at: Instant,
    /// The actor; `None` where the desk acts by itself.
    pub actor: Option<UserId>,
    pub kind: Kind,
    /// A reason, a message, or a description of the work.
    pub note: String,
    pub changes: Vec<Change>,
    /// State of the ticket after the event.
    pub state: TicketState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    Filed,
    Corrected,
    Acted(Action),
    /// Message between requester and technician.
    Message,
    /// Note of the desk that its requester never sees.
    Note,
    /// A picture was added; the note says which one.
    Photo,
    /// Confirmation by the passage of time: the requester did not answer.
    AutoConfirmed,
    /// The technician left the desk.
    Unassigned,
    Deleted,
    Restored,
    /// Event whose row cannot be read. None is ever written.
    Unreadable,
}

impl Kind {
    /// Returns `true` for what a person may do again and again to one ticket; messages and notes are
    /// counted by themselves.
    pub const fn is_repeatable_change(self) -> bool {
        matches!(self, Self::Corrected | Self::Acted(_) | Self::Photo)
    }

    /// Kinds that are stored and are no actions.
    const OTHERS: [Self; 9] = [
        Self::Filed,
        Self::Corrected,
        Self::Message,
        Self::Note,
        Self::Photo,
        Self::AutoConfirmed,
        Self::Unassigned,
        Self::Deleted,
        Self::Restored,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::Corrected => "corrected",
            Self::Acted(action) => action.name(),
            Self::Message => "message",
            Self::Note => "note",
            Self::Photo => "photo",
            Self::AutoConfirmed => "lapsed",
            Self::Unassigned => "orphaned",
            Self::Deleted => "deleted",
            Self::Restored => "restored",
            Self::Unreadable => "unreadable",
        }
    }

    /// Returns `true` for events that only the desk's own people see: its notes, offers, deletions.
    pub const fn is_internal(self) -> bool {
        matches!(
            self,
            Self::Note | Self::Acted(Action::Offer | Action::Withdraw) | Self::Deleted | Self::Restored
        )
    }

    pub fn all() -> impl Iterator<Item = Self> {
        Self::OTHERS.into_iter().chain(Action::ALL.map(Self::Acted))
    }

    /// Returns `true` if the event changes the ticket; messages, notes and photos leave it as it is.
    pub const fn changes_the_ticket(self) -> bool {
        !matches!(
            self,
            Self::Message | Self::Note | Self::Photo | Self::Deleted | Self::Restored | Self::Unreadable
        )
    }
}

impl Kind {
    /// Returns `true` for messages, notes and photos: they often come one after the other, and
    /// several make one notice.
    pub const fn is_gathered(self) -> bool {
        matches!(self, Self::Message | Self::Note | Self::Photo)
    }

    /// Returns the offer only for the event that made it: any other may happen while an offer is
    /// open, and has nothing to do with it.
    pub const fn offered_to(self, offered_to: Option<UserId>) -> Option<UserId> {
        if matches!(self, Self::Acted(Action::Offer)) { offered_to } else { None }
    }

    /// Returns `true` where people have to give a reason, or to say what was done: an empty note
    /// then comes from a program that had none to give.
    pub const fn needs_a_note(self) -> bool {
        matches!(self, Self::Acted(action) if action.needs_a_note())
    }

    /// Returns the note as people read it; empty for photos, whose note is the name of a file.
    pub fn words(self, note: String) -> String {
        if self == Self::Photo { String::new() } else { note }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing that happens to tickets")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let other = Self::OTHERS.into_iter().find(|kind| kind.name() == text);
        other.or_else(|| text.parse().ok().map(Self::Acted)).ok_or(UnknownKind)
    }
}

impl TryFrom<String> for Kind {
    type Error = UnknownKind;

    fn try_from(text: String) -> Result<Self, UnknownKind> {
        text.parse()
    }
}

/// A detail before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub field: Field,
    pub old: String,
    pub new: String,
}

/// Rebuilds a ticket from all its events, in their order; `None` if the first is not its filing.
pub fn rebuild(events: &[Event]) -> Option<Ticket> {
    let (first, rest) = events.split_first()?;
    let owner = first.actor.filter(|_| first.kind == Kind::Filed)?;
    let mut ticket = blank(first.ticket, owner, first.at);
    for Change { field, new, .. } in &first.changes {
        ticket.set(*field, new);
    }
    for event in rest.iter().filter(|event| event.kind.changes_the_ticket()) {
        for Change { field, new, .. } in &event.changes {
            ticket.set(*field, new);
        }
        ticket.advance(event.state, event.at);
    }
    Some(ticket)
}

/// A ticket of which only id, requester and time of filing are known.
pub fn blank(id: TicketId, owner: UserId, at: Instant) -> Ticket {
    let contract = ContractTicket {
        id,
        owner,
        technician: None,
        status: Status::Pending,
        purchase_date: None,
        phone: String::new(),
        device_type: String::new(),
        brand: String::new(),
        description: String::new(),
        image_url: None,
        fault_type: String::new(),
        qq: String::new(),
        campus: String::new(),
        created_at: at,
        assigned_at: None,
        completed_at: None,
    };
    Ticket { warranty: Warranty::Unknown, ..Ticket::of(contract) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_name() {
        for kind in Kind::OTHERS.into_iter().chain(Action::ALL.map(Kind::Acted)) {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert_eq!("exploded".parse::<Kind>(), Err(UnknownKind));
    }

    #[test]
    fn a_ticket_is_rebuilt_from_what_happened() {
        let me = UserId(1);
        let state = |status, technician| TicketState { status, technician, offered_to: None };
        let event = |number, kind, changes, state| Event {
            ticket: TicketId(9),
            number,
            at: Instant(number * 100),
            actor: Some(me),
            kind,
            note: String::new(),
            changes,
            state,
        };
        let brand = Change { field: Field::Brand, old: String::new(), new: "华为".to_owned() };
        let technician = Some(UserId(2));

        let rebuilt = rebuild(&[
            event(1, Kind::Filed, vec![brand], state(Status::Pending, None)),
            event(2, Kind::Acted(Action::Take), Vec::new(), state(Status::Pending, technician)),
            event(3, Kind::Message, Vec::new(), state(Status::Pending, technician)),
            event(4, Kind::Acted(Action::Accept), Vec::new(), state(Status::Repairing, technician)),
        ])
        .expect("begins with the filing");

        assert_eq!(rebuilt.contract.brand, "华为");
        assert_eq!(rebuilt.state(), state(Status::Repairing, technician));
        assert_eq!(rebuilt.contract.assigned_at, Some(Instant(200)));
        assert_eq!((rebuilt.version, rebuilt.changed_at), (3, Instant(400)));
        assert_eq!(rebuild(&[]), None);
    }
}
