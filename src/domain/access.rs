//! Permission to look at tickets and people: the one place that decides.
//!
//! Only this module makes a [`Permitted`] or [`PermittedPeople`], and the store takes nothing else:
//! an unchecked query does not compile. The store returns a single ticket as [`Unchecked`], and
//! only this module opens it.

use super::lists::query::TicketQuery;
use super::lists::sort::Start;
use super::people::directory::PeopleQuery;
use super::tickets::event::Kind;
use super::tickets::status::{List, Status};
use super::tickets::ticket::Ticket;
use super::tickets::workflow::{ActorRelation, Availability, TicketFacts};
use super::time::Instant;
use crate::domain::ids::UserId;
use crate::domain::viewer::{Role, Viewer};

/// A ticket query that its viewer may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permitted {
    query: TicketQuery,
    reach: Reach,
    /// Person whose turn it has to be, and in which role.
    waiting_for: Option<(UserId, Role)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Every ticket: the viewer is an admin.
    Everything,
    /// Tickets of the query, which names no other person.
    Named,
    /// A ticket by its number: only if this person filed it or is its technician now.
    Involving(UserId),
}

impl Permitted {
    pub const fn query(&self) -> &TicketQuery {
        &self.query
    }

    /// Returns the query for another page, which needs no new permission.
    #[must_use]
    pub fn from(&self, start: Start) -> Self {
        Self { query: self.query.with_start(start), ..self.clone() }
    }

    /// The person a ticket must belong to, beyond what the query says.
    pub const fn involving(&self) -> Option<UserId> {
        match self.reach {
            Reach::Involving(person) => Some(person),
            Reach::Everything | Reach::Named => None,
        }
    }

    /// The person who has to act next, if the query asks for what waits for them.
    pub const fn waiting_for(&self) -> Option<(UserId, Role)> {
        self.waiting_for
    }

    /// Returns `true` if the query alone decides which tickets are listed.
    pub fn is_everything(&self) -> bool {
        self.reach == Reach::Everything
    }

    /// Query whose empty answer means "not yours, or not there", for a viewer who must not learn
    /// which. It leaves the filters out: a ticket of one's own that is merely not on the list asked
    /// for is no secret.
    pub fn proof_of_involvement(&self) -> Option<Self> {
        self.involving()?;
        let bare = TicketQuery { ticket: self.query.ticket, ..TicketQuery::default() };
        Some(Self { query: bare, reach: self.reach, waiting_for: None })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not allowed")]
pub struct Denied;

/// Permits admins every query; others name themselves, a ticket or, as technicians, the pool.
pub fn permit(viewer: &Viewer, query: TicketQuery) -> Result<Permitted, Denied> {
    let reach =
        if viewer.is_admin() { Reach::Everything } else { reach_of_others(viewer.id, viewer.role, &query)? };
    let waiting_for = query.waiting.then_some((viewer.id, viewer.role));
    Ok(Permitted { query: query.with_composed_names(), reach, waiting_for })
}

/// Permits the lists that a person may read in any role, because they name no other person. Such a
/// list may be read together with its reader's role.
pub fn permit_own(me: UserId, query: &TicketQuery) -> Option<Permitted> {
    // Tickets that wait for a person depend on their role.
    if query.waiting {
        return None;
    }
    let reach = reach_of_others(me, Role::User, query).ok().filter(|reach| *reach == Reach::Named)?;
    Some(Permitted { query: query.clone().with_composed_names(), reach, waiting_for: None })
}

fn reach_of_others(me: UserId, role: Role, query: &TicketQuery) -> Result<Reach, Denied> {
    let only_me = |named: Option<UserId>| named.is_none_or(|person| person == me);
    let names_a_person = query.owner.is_some() || query.technician.is_some();

    if query.unassigned {
        let is_pool = query.list == List::Pending && !names_a_person && query.ticket.is_none();
        (is_pool && role == Role::Technician).then_some(Reach::Named).ok_or(Denied)
    } else if names_a_person {
        let allowed = only_me(query.owner) && only_me(query.technician);
        allowed.then_some(Reach::Named).ok_or(Denied)
    } else if query.waiting {
        Ok(Reach::Named)
    } else if query.ticket.is_some() {
        Ok(Reach::Involving(me))
    } else {
        Err(Denied)
    }
}

/// A query for people that its viewer may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermittedPeople {
    query: PeopleQuery,
    is_guess: bool,
}

impl PermittedPeople {
    const fn new(query: PeopleQuery) -> Self {
        Self { query, is_guess: false }
    }

    pub const fn query(&self) -> &PeopleQuery {
        &self.query
    }

    /// Refuses a person who asked for themselves by a contact that is not theirs: they learn no
    /// more than about any other person.
    pub const fn check_found(&self, total: u64) -> Result<(), Denied> {
        if self.is_guess && total == 0 { Err(Denied) } else { Ok(()) }
    }
}

/// Permits admins every query; anybody else must name themselves, by id or by details of their own
/// profile.
pub fn permit_people(viewer: &Viewer, query: PeopleQuery) -> Result<PermittedPeople, Denied> {
    if viewer.is_admin() || query.person == Some(viewer.id) {
        Ok(PermittedPeople::new(query))
    } else if query.person.is_none() && query.names_a_detail() {
        let query = PeopleQuery { person: Some(viewer.id), ..query };
        Ok(PermittedPeople { query, is_guess: true })
    } else {
        Err(Denied)
    }
}

/// Permits admins every technician's workload, and technicians their own.
pub fn permit_workloads(viewer: &Viewer, query: PeopleQuery) -> Result<PermittedPeople, Denied> {
    let names_nobody_else = query.person.is_none_or(|person| person == viewer.id);
    let person = match viewer.role {
        Role::Admin => query.person,
        Role::Technician if names_nobody_else => Some(viewer.id),
        Role::Technician | Role::User => return Err(Denied),
    };
    Ok(PermittedPeople::new(PeopleQuery { person, role: Some(Role::Technician), ..query }))
}

/// A ticket whose reader's permission has not been checked yet.
#[derive(Clone, Debug)]
pub struct Unchecked {
    ticket: Ticket,
    technician: Option<Availability>,
}

impl Unchecked {
    pub const fn new(ticket: Ticket, technician: Option<Availability>) -> Self {
        Self { ticket, technician }
    }

    /// Returns the ticket for maintenance, which acts for no person.
    pub fn for_maintenance(self) -> Ticket {
        self.ticket
    }
}

/// A ticket opened for a reader, with the facts about both.
#[derive(Clone, Debug)]
pub struct Opened {
    pub ticket: Ticket,
    pub facts: TicketFacts,
    pub relation: ActorRelation,
    /// `false` for a technician who may merely take the ticket: they do not see its requester's
    /// contact yet.
    pub shows_contact: bool,
}

/// A side of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Requester,
    Technician,
}

impl Opened {
    /// Returns `true` if this reader sees events of this kind. Internal events are for the desk;
    /// messages between requester and technician are for these two and for admins.
    pub const fn shows(&self, kind: Kind) -> bool {
        (self.relation.is_behind_the_desk() || !kind.is_internal())
            && (self.shows_contact || !matches!(kind, Kind::Message))
    }

    /// Kinds of events that this reader does not see.
    pub fn hidden_kinds(&self) -> Vec<Kind> {
        Kind::all().filter(|kind| !self.shows(*kind)).collect()
    }

    /// Returns `true` if this reader sees the contact that a side shows of its profile. Each side
    /// sees the other, admins see both; people who left the desk are no side.
    pub const fn shows_profile_of(&self, side: Side) -> bool {
        let ActorRelation { role, is_requester, is_technician, is_offered } = self.relation;
        let is_admin = matches!(role, Role::Admin);
        match side {
            Side::Requester => is_technician || is_offered || is_admin,
            Side::Technician => {
                (is_requester || is_admin) && matches!(self.facts.technician, Some(Availability::Enabled))
            }
        }
    }
}

/// Opens a ticket for its requester, its technician, the colleague it is offered
/// to and admins; one that waits for a technician, for every technician.
pub fn open(viewer: &Viewer, unchecked: Unchecked, now: Instant) -> Result<Opened, Denied> {
    let me = Some(viewer.id);
    let is_offered = unchecked.ticket.offered_to == me && viewer.role != Role::User;
    let is_assigned = unchecked.ticket.contract.technician == me;
    let opened = open_to(viewer, unchecked, is_offered, now);

    let is_concerned = opened.relation.is_requester || is_assigned || is_offered || viewer.is_admin();
    let is_waiting = opened.facts.status == Status::Pending && opened.facts.technician.is_none();
    if is_concerned || (is_waiting && viewer.role == Role::Technician) {
        Ok(Opened { shows_contact: is_concerned, ..opened })
    } else {
        Err(Denied)
    }
}

/// Opens a ticket for a colleague who holds the code that its technician made.
pub fn open_to_receiver(viewer: &Viewer, unchecked: Unchecked, now: Instant) -> Result<Opened, Denied> {
    technicians_only(viewer)?;
    Ok(open_to(viewer, unchecked, true, now))
}

/// Seconds after a repair within which its requester may say that it was none.
pub const REOPEN_WITHIN_SECONDS: i64 = 14 * 24 * 3600;

fn open_to(viewer: &Viewer, unchecked: Unchecked, is_offered: bool, now: Instant) -> Opened {
    let Unchecked { ticket, technician } = unchecked;
    let id = &ticket.contract;
    let facts = TicketFacts {
        status: id.status,
        technician,
        is_fresh: id.completed_at.is_some_and(|done| now < done.plus(REOPEN_WITHIN_SECONDS)),
        has_offer: ticket.offered_to.is_some(),
    };
    let relation = ActorRelation {
        role: viewer.role,
        is_requester: id.owner == viewer.id,
        is_technician: id.technician == Some(viewer.id) && viewer.role != Role::User,
        is_offered,
    };
    Opened { ticket, facts, relation, shows_contact: true }
}

/// The person who is signed in now is not the one whose page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherPerson;

/// Checks that a request comes from a page made for the person who is signed in: browsers are
/// shared, and tabs stay open. A page that names no person is from before pages did.
pub fn same_person(viewer: &Viewer, made_for: Option<UserId>) -> Result<(), OtherPerson> {
    if made_for.is_none_or(|person| person == viewer.id) { Ok(()) } else { Err(OtherPerson) }
}

/// Permits admins alone.
pub const fn admins_only(viewer: &Viewer) -> Result<(), Denied> {
    if viewer.is_admin() { Ok(()) } else { Err(Denied) }
}

/// Permits technicians alone.
pub const fn technicians_only(viewer: &Viewer) -> Result<(), Denied> {
    if matches!(viewer.role, Role::Technician) { Ok(()) } else { Err(Denied) }
}

/// Returns `true` if a person may be given a ticket: an enabled technician who is not its
/// requester.
pub const fn may_receive(role: Role, is_disabled: bool, is_requester: bool) -> bool {
    matches!(role, Role::Technician) && !is_disabled && !is_requester
}

#[cfg(test)]
mod tests;
