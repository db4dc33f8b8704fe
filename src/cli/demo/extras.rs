//! Extras of the newest tickets: photos, and offers to colleagues. The demo accounts have some of each.

use super::dice::{Dice, Subject};
use super::people::{Roster, TECHNICIAN};
use super::photos::{Album, Shot};
use crate::domain::ids::UserId;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::ContractTicket;

/// Percentage of repairs on offer.
const OFFERS: u64 = 20;

pub struct Extras<'a> {
    roster: &'a Roster<'a>,
    album: &'a Album,
    /// The demo's technician has been offered a ticket.
    is_asked: bool,
}

#[derive(Default)]
pub struct Extra {
    pub photos: Vec<Shot>,
    /// Colleague who was asked to take over.
    pub offered_to: Option<UserId>,
}

impl<'a> Extras<'a> {
    pub const fn new(roster: &'a Roster<'a>, album: &'a Album) -> Self {
        Self { roster, album, is_asked: false }
    }

    pub fn of(&mut self, ticket: &ContractTicket) -> Extra {
        // One filed by the demo's user, in the demo technician's hands.
        let must_have = ticket.status == Status::Repairing
            && ticket.owner == self.roster.id(self.roster.user())
            && ticket.technician == Some(self.roster.id(TECHNICIAN));
        Extra {
            photos: self.album.of(ticket, self.roster.seed, must_have),
            offered_to: self.offered_to(ticket),
        }
    }

    fn offered_to(&mut self, ticket: &ContractTicket) -> Option<UserId> {
        let technician = ticket.technician.filter(|_| ticket.status == Status::Repairing)?;
        let is_free = |id: UserId| id != technician && id != ticket.owner;
        let told = self.roster.id(TECHNICIAN);
        if !self.is_asked && is_free(told) {
            self.is_asked = true;
            return Some(told);
        }
        let mut dice = Dice::of(self.roster.seed, Subject::Offers, ticket.id.0.unsigned_abs());
        if !dice.chance(OFFERS) {
            return None;
        }
        let colleague = self.roster.person(TECHNICIAN + dice.below(self.roster.technicians));
        Some(colleague.id).filter(|id| is_free(*id) && !colleague.disabled)
    }
}
