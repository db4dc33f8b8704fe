//! The lines of a transfer file (docs/data.md): [`write`] prints them, [`read`]
//! understands them, [`fields`] takes one apart.

mod fields;
mod read;
mod write;

use crate::domain::people::person::Person;
use crate::domain::photo::Photo;
use crate::domain::tickets::event::Event;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::time::Instant;

pub use fields::Expected;
pub use read::{Unreadable, record};
pub use write::{deleted_ticket, event, person, photo, ticket};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    Person(Newcomer),
    Ticket(Box<Ticket>),
    DeletedTicketRow(Box<Ticket>, Instant),
    Event(Event),
    Photo(Photo),
}

/// A person as read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// No hash if there is a password.
    pub person: Person,
    pub password: Option<String>,
}
