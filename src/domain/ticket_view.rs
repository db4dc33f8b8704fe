//! One ticket as its page shows it to one person: what is not theirs to see or
//! do is not in it.

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::details::{Field, Offered, Warranty};
use super::history::{Change, Kind};
use super::photo::Thumbnail;
use super::status::Status;
use super::ticket::{Named, TicketCard};
use super::time::LocalTime;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    pub card: TicketCard,
    pub model: String,
    pub warranty: Warranty,
    /// What a form sends back, so that nobody acts on what they have not seen.
    pub version: i64,
    pub offered_to: Option<Named>,
    /// Whether how to reach the requester is shown.
    pub shows_contact: bool,
    /// What this person may do now.
    pub actions: Vec<Action>,
    /// What this person may correct now, and what there is to choose from.
    pub correctable: Vec<Field>,
    pub offered: Offered,
    pub may_talk: bool,
    /// Whether this person reads and writes the notes of the desk.
    pub is_behind_the_desk: bool,
    /// To whom the ticket can be given; empty for whoever gives none.
    pub colleagues: Vec<Named>,
    /// In the order in which they were added.
    pub photos: Vec<Thumbnail>,
    pub timeline: Vec<Entry>,
}

impl TicketView {
    /// The one thing that the ticket waits for, if it waits for this reader.
    pub fn next_action(&self) -> Option<Action> {
        let waits_for_a_technician = self.card.status == Status::Pending && self.card.technician.is_none();
        let candidates = [
            Some(Action::TakeOver),
            Some(Action::Confirm),
            Some(Action::Accept),
            Some(Action::ReportDone),
            Some(Action::Take),
            Some(Action::Assign).filter(|_| waits_for_a_technician),
        ];
        candidates.into_iter().flatten().find(|action| self.actions.contains(action))
    }
}

/// Something that happened, in the words of names and local times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub at: LocalTime,
    /// Nobody where the desk acted by itself.
    pub actor: Option<Named>,
    pub kind: Kind,
    pub note: String,
    pub changes: Vec<Change>,
    /// Who has the ticket afterwards.
    pub technician: Option<Named>,
    pub offered_to: Option<Named>,
}
