//! One ticket as its page shows it to one person: what is not theirs to see or
//! do is not in it.

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::details::{Field, Warranty};
use super::history::{Change, Kind};
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
    /// What this person may correct now.
    pub correctable: Vec<Field>,
    pub may_talk: bool,
    /// Whether this person reads and writes the notes of the desk.
    pub is_behind_the_desk: bool,
    /// To whom the ticket can be given; empty for whoever gives none.
    pub colleagues: Vec<Named>,
    pub timeline: Vec<Entry>,
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
