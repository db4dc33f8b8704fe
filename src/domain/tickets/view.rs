//! A ticket's page for one person, without the parts that they may not see and the actions that
//! they may not do.

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::event::{Change, Event, Kind};
use super::report::{Field, Offered, Warranty};
use super::ticket::TicketCard;
use crate::domain::ids::{Named, TicketId};
use crate::domain::lists::page::ListPage;
use crate::domain::people::availability::Colleague;
use crate::domain::people::contact::Contact;
use crate::domain::photo::Thumbnail;
use crate::domain::time::LocalTime;

/// The list that led to the ticket, with its neighbours there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbours {
    pub place: ListPage,
    /// Address of the list.
    pub list: String,
    pub previous: Option<TicketId>,
    pub next: Option<TicketId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    pub card: TicketCard,
    pub neighbours: Option<Neighbours>,
    pub model: String,
    pub warranty: Warranty,
    /// Version that forms send back, so that no action follows an unseen change.
    pub version: i64,
    /// `true` if the reader sees the requester's contact.
    pub shows_contact: bool,
    /// Contacts that the two sides show to the reader.
    pub owner_contact: Option<Contact>,
    pub technician_contact: Option<Contact>,
    /// Action that is due from the reader.
    pub next_action: Option<Action>,
    /// Actions that the reader may do now.
    pub actions: Vec<Action>,
    /// Fields that the reader may correct now, and the choices for them.
    pub correctable: Vec<Field>,
    pub offered: Offered,
    pub may_talk: bool,
    /// `true` if the reader reads and writes internal notes.
    pub is_behind_the_desk: bool,
    /// Candidates for the ticket, the fittest first; empty for readers who assign nobody.
    pub colleagues: Vec<Colleague>,
    /// Photos in the order in which they were added.
    pub photos: Vec<Thumbnail>,
    /// Part of the history, and the numbers of entries before and after it.
    pub timeline: Vec<TimelineEntry>,
    pub earlier: usize,
    pub later: usize,
}

impl TicketView {
    /// Number of history entries that this reader may see.
    pub fn entries(&self) -> usize {
        self.earlier + self.timeline.len() + self.later
    }
}

/// Event of a ticket with people's names and local times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    pub at: LocalTime,
    /// The actor; `None` where the desk acted by itself.
    pub actor: Option<Named>,
    pub kind: Kind,
    /// Number of events of the kind that this entry stands for.
    pub times: u64,
    pub note: String,
    pub changes: Vec<Change>,
    /// Technician of the ticket after the event.
    pub technician: Option<Named>,
    /// Colleague to whom this very event offers the job.
    pub offered_to: Option<Named>,
}

impl TimelineEntry {
    /// Merges later events of the same kind into this entry, with as much of their words as a mail
    /// has room for. All of them are on the page that the mail links to.
    pub fn along_with(mut self, others: Vec<Event>) -> Self {
        self.times += others.len() as u64;
        for event in others {
            let words = event.kind.words(event.note);
            if self.note.len() + words.len() > BYTES_OF_GATHERED_WORDS {
                self.note.push_str("\n\n…");
                break;
            }
            if !words.is_empty() {
                self.note.push_str("\n\n");
                self.note.push_str(&words);
            }
        }
        self
    }
}

/// Room for several long messages, in a mail that servers do not refuse for its size.
const BYTES_OF_GATHERED_WORDS: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;
    use crate::domain::tickets::status::Status;
    use crate::domain::tickets::ticket::TicketState;
    use crate::domain::time::Instant;

    #[test]
    fn a_mail_of_many_messages_counts_them_all_and_has_no_more_words_than_fit() {
        let message = |number: i64| Event {
            ticket: TicketId(1),
            number,
            at: Instant(0),
            actor: Some(UserId(1)),
            kind: Kind::Message,
            note: "长".repeat(4000),
            changes: Vec::new(),
            state: TicketState { status: Status::Pending, technician: None, offered_to: None },
        };
        let first = TimelineEntry {
            at: "2024-06-10 12:00:00".parse().expect("a time"),
            actor: None,
            kind: Kind::Message,
            times: 1,
            note: "第一条".to_owned(),
            changes: Vec::new(),
            technician: None,
            offered_to: None,
        };

        let gathered = first.along_with((2..=1_500).map(message).collect());

        assert_eq!(gathered.times, 1_500);
        assert!(gathered.note.len() < BYTES_OF_GATHERED_WORDS + 16, "{}", gathered.note.len());
        assert!(gathered.note.starts_with("第一条\n\n长") && gathered.note.ends_with("长\n\n…"));
    }
}
