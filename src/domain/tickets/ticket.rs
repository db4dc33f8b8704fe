//! A repair ticket: one device, one fault, one requester.

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::report::{Field, Warranty};
use super::status::{ListSizes, Status};
use crate::domain::ids::{Named, TicketId, UserId};
use crate::domain::lists::sort::{Cursor, SortedBy};
use crate::domain::paging::Window;
use crate::domain::time::{Instant, LocalTime};

/// A ticket's contract fields, as stored: times are instants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractTicket {
    pub id: TicketId,
    pub owner: UserId,
    pub technician: Option<UserId>,
    pub status: Status,
    /// `YYYY-MM-DD`, as the owner gave it.
    pub purchase_date: Option<String>,
    pub phone: String,
    pub device_type: String,
    pub brand: String,
    pub description: String,
    pub image_url: Option<String>,
    pub fault_type: String,
    pub qq: String,
    pub campus: String,
    pub created_at: Instant,
    pub assigned_at: Option<Instant>,
    pub completed_at: Option<Instant>,
}

/// A stored ticket with all fields, without its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub contract: ContractTicket,
    pub model: String,
    pub warranty: Warranty,
    /// Colleague to whom its technician has offered the ticket.
    pub offered_to: Option<UserId>,
    /// Version, raised by every change: an action names the one that was seen.
    pub version: i64,
    pub changed_at: Instant,
    /// Time since when the present next step is due.
    pub waiting_since: Instant,
}

/// State of a ticket, changed by actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketState {
    pub status: Status,
    pub technician: Option<UserId>,
    pub offered_to: Option<UserId>,
}

impl Ticket {
    /// A ticket with no other facts than the contract's.
    pub fn of(contract: ContractTicket) -> Self {
        let moments = [Some(contract.created_at), contract.assigned_at, contract.completed_at];
        let changed_at = moments.into_iter().flatten().max().unwrap_or(contract.created_at);
        Self {
            contract,
            model: String::new(),
            warranty: Warranty::Unknown,
            offered_to: None,
            version: 1,
            changed_at,
            waiting_since: changed_at,
        }
    }

    pub const fn state(&self) -> TicketState {
        let ContractTicket { status, technician, .. } = self.contract;
        TicketState { status, technician, offered_to: self.offered_to }
    }

    /// Moves the ticket to a new state. New events and rebuilding from the history both use it, so
    /// that they agree.
    pub fn advance(&mut self, to: TicketState, now: Instant) {
        let from = self.state();
        if to.technician != from.technician {
            self.contract.assigned_at = to.technician.map(|_| now);
        }
        if to.status != from.status {
            self.contract.completed_at = (to.status == Status::Done).then_some(now);
        }
        // Confirmations stay due as before when the technician changes.
        let is_confirming = matches!(to.status, Status::UserConfirming | Status::TechConfirming);
        if to.status != from.status || (to.technician != from.technician && !is_confirming) {
            self.waiting_since = now;
        }
        self.contract.status = to.status;
        self.contract.technician = to.technician;
        self.offered_to = to.offered_to;
        self.touch(now);
    }

    /// Sets a detail. Empty optional details become `None`.
    pub fn set(&mut self, field: Field, value: &str) {
        let text = value.to_owned();
        let optional = (!value.is_empty()).then(|| text.clone());
        let contract = &mut self.contract;
        match field {
            Field::DeviceType => contract.device_type = text,
            Field::Brand => contract.brand = text,
            Field::Model => self.model = text,
            Field::PurchaseDate => contract.purchase_date = optional,
            Field::Warranty => self.warranty = value.parse().unwrap_or_default(),
            Field::FaultType => contract.fault_type = text,
            Field::Description => contract.description = text,
            Field::Campus => contract.campus = text,
            Field::Phone => contract.phone = text,
            Field::Contact => contract.qq = text,
            Field::Image => contract.image_url = optional,
        }
    }

    pub fn get(&self, field: Field) -> &str {
        let contract = &self.contract;
        match field {
            Field::DeviceType => &contract.device_type,
            Field::Brand => &contract.brand,
            Field::Model => &self.model,
            Field::PurchaseDate => contract.purchase_date.as_deref().unwrap_or_default(),
            Field::Warranty => self.warranty.name(),
            Field::FaultType => &contract.fault_type,
            Field::Description => &contract.description,
            Field::Campus => &contract.campus,
            Field::Phone => &contract.phone,
            Field::Contact => &contract.qq,
            Field::Image => contract.image_url.as_deref().unwrap_or_default(),
        }
    }

    /// Returns the ticket's cursor in a list with this sort key.
    pub fn place(&self, by: SortedBy) -> Cursor {
        let at = match by {
            SortedBy::Number => None,
            SortedBy::Filed => Some(self.contract.created_at),
            SortedBy::Changed => Some(self.changed_at),
            SortedBy::Waiting => Some(self.waiting_since),
            SortedBy::Assigned => self.contract.assigned_at,
            SortedBy::Completed => self.contract.completed_at,
        };
        Cursor { at: at.map(|Instant(time)| time), id: self.contract.id }
    }

    pub const fn touch(&mut self, now: Instant) {
        self.version += 1;
        self.changed_at = now;
    }
}

/// A ticket as a list reads it, with the names of its people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub ticket: Ticket,
    pub owner_name: String,
    pub technician_name: Option<String>,
}

/// A ticket as a page shows it: names beside ids, times of the site's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCard {
    pub id: TicketId,
    pub owner: Named,
    pub technician: Option<Named>,
    pub status: Status,
    pub purchase_date: Option<String>,
    pub phone: String,
    pub device_type: String,
    pub brand: String,
    pub description: String,
    pub image_url: Option<String>,
    pub fault_type: String,
    pub qq: String,
    pub campus: String,
    pub created: LocalTime,
    pub assigned: Option<LocalTime>,
    pub completed: Option<LocalTime>,
}

impl TicketCard {
    pub fn new(
        ticket: ContractTicket,
        named: impl Fn(UserId) -> Named,
        local: impl Fn(Instant) -> LocalTime,
    ) -> Self {
        Self {
            id: ticket.id,
            owner: named(ticket.owner),
            technician: ticket.technician.map(named),
            status: ticket.status,
            purchase_date: ticket.purchase_date,
            phone: ticket.phone,
            device_type: ticket.device_type,
            brand: ticket.brand,
            description: ticket.description,
            image_url: ticket.image_url,
            fault_type: ticket.fault_type,
            qq: ticket.qq,
            campus: ticket.campus,
            created: local(ticket.created_at),
            assigned: ticket.assigned_at.map(&local),
            completed: ticket.completed_at.map(local),
        }
    }
}

/// A row of a list page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRow {
    pub card: TicketCard,
    /// Action that is due from the reader, and the version that they see.
    pub next_action: Option<Action>,
    pub version: i64,
    /// Time that the list is sorted by, else the time of filing.
    pub time: LocalTime,
}

/// Content of a list page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub page: Window<BoardRow>,
    /// Cursors of the first and the last row, for links to the pages around.
    pub first: Option<String>,
    pub last: Option<String>,
    /// `None` where the list has no counter.
    pub sizes: Option<ListSizes>,
    /// Year on the site's clock: dates of this year are shown without it.
    pub this_year: i32,
}
