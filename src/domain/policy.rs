//! Who may look at which tickets and people: the one place that decides.
//!
//! Only this module makes a [`Permitted`] or [`PermittedPeople`], and the store
//! asks for one: a query nobody judged does not compile. A single ticket comes out of the store
//! [`Sealed`], and only this module opens it.

use super::directory::PeopleQuery;
use super::lifecycle::{Availability, Relation, Situation};
use super::person::{Role, UserId, Viewer};
use super::query::TicketQuery;
use super::status::{List, Status};
use super::ticket::Dossier;
use super::time::Instant;

/// A query that its viewer may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permitted {
    query: TicketQuery,
    reach: Reach,
    /// Whose turn it has to be, and as what.
    waiting_for: Option<(UserId, Role)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// An admin's: nothing is hidden.
    Everything,
    /// The query itself names nobody but the viewer.
    Named,
    /// A ticket by its number: only if this person filed it or has it now.
    Involving(UserId),
}

impl Permitted {
    pub const fn query(&self) -> &TicketQuery {
        &self.query
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

    /// Whether nothing but the query decides which tickets there are.
    pub fn is_everything(&self) -> bool {
        self.reach == Reach::Everything
    }

    /// The question whose empty answer means "not yours, or not there", if
    /// this viewer must not learn which. It leaves the filters out: a ticket
    /// of one's own that is merely not on the list asked for is no secret.
    pub fn proof_of_involvement(&self) -> Option<Self> {
        self.involving()?;
        let bare = TicketQuery { ticket: self.query.ticket, ..TicketQuery::default() };
        Some(Self { query: bare, reach: self.reach, waiting_for: None })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not allowed")]
pub struct Denied;

/// Admins look at everything; everybody else names themselves or a ticket.
pub fn permit(viewer: &Viewer, query: TicketQuery) -> Result<Permitted, Denied> {
    let reach =
        if viewer.is_admin() { Reach::Everything } else { reach_of_others(viewer.id, viewer.role, &query)? };
    let waiting_for = query.waiting.then_some((viewer.id, viewer.role));
    Ok(Permitted { query, reach, waiting_for })
}

/// The lists that people may ask for whatever their role, because they name
/// nobody else. Such a list may be read together with its reader's role.
pub fn permit_own(me: UserId, query: &TicketQuery) -> Option<Permitted> {
    // What waits for somebody depends on their role.
    if query.waiting {
        return None;
    }
    let reach = reach_of_others(me, Role::User, query).ok().filter(|reach| *reach == Reach::Named)?;
    Some(Permitted { query: query.clone(), reach, waiting_for: None })
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
pub struct PermittedPeople(PeopleQuery);

impl PermittedPeople {
    pub const fn query(&self) -> &PeopleQuery {
        &self.0
    }
}

/// Admins look at everybody; everybody else names themselves.
pub fn permit_people(viewer: &Viewer, query: PeopleQuery) -> Result<PermittedPeople, Denied> {
    let may = viewer.is_admin() || query.person == Some(viewer.id);
    if may { Ok(PermittedPeople(query)) } else { Err(Denied) }
}

/// Admins look at every technician's work; technicians look at their own.
pub fn permit_workloads(viewer: &Viewer, query: PeopleQuery) -> Result<PermittedPeople, Denied> {
    let names_nobody_else = query.person.is_none_or(|person| person == viewer.id);
    let person = match viewer.role {
        Role::Admin => query.person,
        Role::Technician if names_nobody_else => Some(viewer.id),
        Role::Technician | Role::User => return Err(Denied),
    };
    Ok(PermittedPeople(PeopleQuery { person, role: Some(Role::Technician), ..query }))
}

/// A ticket about which nobody has been judged yet.
#[derive(Clone, Debug)]
pub struct Sealed {
    dossier: Dossier,
    technician: Option<Availability>,
}

impl Sealed {
    pub const fn new(dossier: Dossier, technician: Option<Availability>) -> Self {
        Self { dossier, technician }
    }

    /// For what the desk does by itself, on behalf of nobody.
    pub fn for_upkeep(self) -> Dossier {
        self.dossier
    }
}

/// A ticket for somebody who may see it, and how they stand to it.
#[derive(Clone, Debug)]
pub struct Opened {
    pub dossier: Dossier,
    pub situation: Situation,
    pub relation: Relation,
    /// Whoever may merely take a ticket does not learn yet how to reach its owner.
    pub shows_contact: bool,
}

/// A side of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Requester,
    Technician,
}

impl Opened {
    /// Whether this reader is shown what that side shows of its profile. Each
    /// side sees the other, admins see both; whoever left the desk is no side.
    pub const fn shows_profile_of(&self, side: Side) -> bool {
        let Relation { role, is_requester, is_technician, is_offered } = self.relation;
        let is_admin = matches!(role, Role::Admin);
        match side {
            Side::Requester => is_technician || is_offered || is_admin,
            Side::Technician => {
                (is_requester || is_admin) && matches!(self.situation.technician, Some(Availability::Enabled))
            }
        }
    }
}

/// Opens a ticket for its requester, its technician, the colleague it is offered
/// to and admins; one that waits for a technician, for every technician.
pub fn open(viewer: &Viewer, sealed: Sealed, now: Instant) -> Result<Opened, Denied> {
    let me = Some(viewer.id);
    let is_offered = sealed.dossier.offered_to == me;
    let is_assigned = sealed.dossier.ticket.technician == me;
    let opened = open_to(viewer, sealed, is_offered, now);

    let is_concerned = opened.relation.is_requester || is_assigned || is_offered || viewer.is_admin();
    let is_waiting = opened.situation.status == Status::Pending && opened.situation.technician.is_none();
    if is_concerned || (is_waiting && viewer.role == Role::Technician) {
        Ok(Opened { shows_contact: is_concerned, ..opened })
    } else {
        Err(Denied)
    }
}

/// Opens a ticket for a colleague who holds the code that its technician made.
pub fn open_to_receiver(viewer: &Viewer, sealed: Sealed, now: Instant) -> Result<Opened, Denied> {
    technicians_only(viewer)?;
    Ok(open_to(viewer, sealed, true, now))
}

/// How long after a repair its requester may say that it was none.
pub const REOPEN_WITHIN_SECONDS: i64 = 14 * 24 * 3600;

fn open_to(viewer: &Viewer, sealed: Sealed, is_offered: bool, now: Instant) -> Opened {
    let Sealed { dossier, technician } = sealed;
    let ticket = &dossier.ticket;
    let situation = Situation {
        status: ticket.status,
        technician,
        is_fresh: ticket.completed_at.is_some_and(|done| now < done.plus(REOPEN_WITHIN_SECONDS)),
        has_offer: dossier.offered_to.is_some(),
    };
    let relation = Relation {
        role: viewer.role,
        is_requester: ticket.owner == viewer.id,
        is_technician: ticket.technician == Some(viewer.id) && viewer.role != Role::User,
        is_offered,
    };
    Opened { dossier, situation, relation, shows_contact: true }
}

/// What is for admins alone.
pub const fn admins_only(viewer: &Viewer) -> Result<(), Denied> {
    if viewer.is_admin() { Ok(()) } else { Err(Denied) }
}

/// What is for technicians alone.
pub const fn technicians_only(viewer: &Viewer) -> Result<(), Denied> {
    if matches!(viewer.role, Role::Technician) { Ok(()) } else { Err(Denied) }
}

/// Who may be given tickets: whoever works at the desk, but not their own device.
pub const fn may_receive(role: Role, is_disabled: bool, is_requester: bool) -> bool {
    matches!(role, Role::Technician) && !is_disabled && !is_requester
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::history;
    use crate::domain::parameter::Parameter;
    use crate::domain::ticket::TicketId;

    const ME: UserId = UserId(1);
    const OTHER: UserId = UserId(2);

    fn viewer(role: Role) -> Viewer {
        Viewer { id: ME, role, nickname: String::new() }
    }

    /// What docs/api.md says, written a second time and in its own order.
    fn expected(role: Role, query: &TicketQuery) -> Result<Reach, Denied> {
        let (ticket, uid, tid) = (query.ticket, query.owner, query.technician);
        match (role, ticket, uid, tid) {
            (Role::Admin, ..) => Ok(Reach::Everything),
            // What nobody has yet is for technicians to take; docs/api.md does not know it.
            (Role::Technician, None, None, None) if query.unassigned && query.list == List::Pending => {
                Ok(Reach::Named)
            }
            _ if query.unassigned => Err(Denied),
            // What waits for oneself names nobody else.
            (_, _, None, None) if query.waiting => Ok(Reach::Named),
            (_, None, None, None) => Err(Denied),
            (_, Some(_), None, None) => Ok(Reach::Involving(ME)),
            (_, _, Some(ME), None | Some(ME)) | (_, _, None, Some(ME)) => Ok(Reach::Named),
            _ => Err(Denied),
        }
    }

    /// What narrows a list further decides nothing.
    fn everything_else() -> TicketQuery {
        let search = "status=Done&campus=x&device=x&fault=x&filed_from=2024-01-01&completed_to=2024-01-01\
                      &sort=changed&dir=asc&page=3&limit=50";
        TicketQuery::parse_search(search, &Parameter::ALL).expect("valid")
    }

    #[test]
    fn every_role_and_every_combination_of_parameters() {
        let people = [None, Some(ME), Some(OTHER)];
        let mut judged = 0;
        for role in Role::ALL {
            for ticket in [None, Some(TicketId(9))] {
                for owner in people {
                    for technician in people {
                        for list in List::ALL {
                            for (unassigned, waiting) in [(false, false), (true, false), (false, true)] {
                                for other in [TicketQuery::default(), everything_else()] {
                                    let query = TicketQuery {
                                        ticket,
                                        owner,
                                        technician,
                                        unassigned,
                                        waiting,
                                        list,
                                        ..other
                                    };
                                    let permitted = permit(&viewer(role), query.clone());
                                    if let Some(own) = permit_own(ME, &query) {
                                        let permitted = permitted.as_ref().expect("one's own");
                                        assert_eq!(own.query, permitted.query);
                                        assert_eq!(own.involving(), permitted.involving());
                                    }
                                    if let Ok(permitted) = &permitted {
                                        let whom = waiting.then_some((ME, role));
                                        assert_eq!(permitted.waiting_for(), whom);
                                    }
                                    let reach = permitted.map(|p| p.reach);
                                    assert_eq!(reach, expected(role, &query), "{role} {query:?}");
                                    judged += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(judged, 3 * 2 * 3 * 3 * 3 * 3 * 2);
    }

    #[test]
    fn a_list_of_ones_own_is_permitted_before_the_role_is_known() {
        let bare = TicketQuery::default();
        let mine = TicketQuery { owner: Some(ME), list: List::Done, ..bare.clone() };
        let jobs = TicketQuery { technician: Some(ME), ..bare.clone() };
        let foreign = TicketQuery { owner: Some(OTHER), ..mine.clone() };
        let by_number = TicketQuery { ticket: Some(TicketId(9)), ..bare.clone() };

        for own in [mine, jobs] {
            let permitted = permit_own(ME, &own).expect("names nobody else");
            assert_eq!((permitted.query(), permitted.involving()), (&own, None));
        }
        for other in [bare, foreign, by_number] {
            assert_eq!(permit_own(ME, &other), None, "{other:?}");
        }
    }

    #[test]
    fn a_ticket_by_number_must_involve_whoever_is_no_admin() {
        let by_number = TicketQuery { ticket: Some(TicketId(9)), ..TicketQuery::default() };

        let user = permit(&viewer(Role::User), by_number.clone()).expect("may ask");
        let admin = permit(&viewer(Role::Admin), by_number).expect("may ask");

        assert_eq!(user.involving(), Some(ME));
        assert_eq!(admin.involving(), None);
    }

    #[test]
    fn whoever_is_no_admin_looks_at_no_one_but_themselves() {
        let page_two_of = |person| PeopleQuery { person, page: 2, ..PeopleQuery::default() };
        let work_of = |person| PeopleQuery { role: Some(Role::Technician), ..page_two_of(person) };
        for (role, named, people, work) in [
            (Role::Admin, None, Some(None), Some(None)),
            (Role::Admin, Some(ME), Some(Some(ME)), Some(Some(ME))),
            (Role::Admin, Some(OTHER), Some(Some(OTHER)), Some(Some(OTHER))),
            (Role::Technician, None, None, Some(Some(ME))),
            (Role::Technician, Some(ME), Some(Some(ME)), Some(Some(ME))),
            (Role::Technician, Some(OTHER), None, None),
            (Role::User, None, None, None),
            (Role::User, Some(ME), Some(Some(ME)), None),
            (Role::User, Some(OTHER), None, None),
        ] {
            let query = page_two_of(named);
            let expected = people.map(|person| PermittedPeople(page_two_of(person))).ok_or(Denied);
            assert_eq!(permit_people(&viewer(role), query.clone()), expected, "{role} {named:?}");
            let expected = work.map(|person| PermittedPeople(work_of(person))).ok_or(Denied);
            assert_eq!(permit_workloads(&viewer(role), query), expected, "{role} {named:?}");
        }
    }

    #[test]
    fn a_ticket_opens_for_whoever_it_concerns() {
        let now = Instant(1_000);
        let third = UserId(3);
        let open_for = |role, change: &dyn Fn(&mut Dossier)| {
            let mut dossier = history::blank(TicketId(9), OTHER, now);
            change(&mut dossier);
            let technician = dossier.ticket.technician.map(|_| Availability::Enabled);
            open(&viewer(role), Sealed::new(dossier, technician), now).map(|opened| opened.shows_contact)
        };
        let mine = |dossier: &mut Dossier| dossier.ticket.owner = ME;
        let my_job = |dossier: &mut Dossier| dossier.ticket.technician = Some(ME);
        let offered = |dossier: &mut Dossier| {
            dossier.ticket.technician = Some(third);
            dossier.offered_to = Some(ME);
        };
        let a_colleagues = |dossier: &mut Dossier| dossier.ticket.technician = Some(third);
        let nobodys_any_more = |dossier: &mut Dossier| dossier.ticket.status = Status::Canceled;

        for role in Role::ALL {
            assert_eq!(open_for(role, &mine), Ok(true), "{role}");
            assert_eq!(open_for(role, &my_job), Ok(true), "{role}");
            assert_eq!(open_for(role, &offered), Ok(true), "{role}");
            let admins = if role == Role::Admin { Ok(true) } else { Err(Denied) };
            assert_eq!(open_for(role, &a_colleagues), admins, "{role}");
            assert_eq!(open_for(role, &nobodys_any_more), admins, "{role}");
        }
        assert_eq!(open_for(Role::User, &|_| {}), Err(Denied));
        assert_eq!(open_for(Role::Technician, &|_| {}), Ok(false));
        assert_eq!(open_for(Role::Admin, &|_| {}), Ok(true));
    }

    #[test]
    fn each_side_is_shown_the_others_contact() {
        let shown = |role, owner, technician, offered_to, availability| {
            let mut dossier = history::blank(TicketId(9), owner, Instant(0));
            dossier.ticket.technician = technician;
            dossier.offered_to = offered_to;
            let sealed = Sealed::new(dossier, technician.map(|_| availability));
            let opened = open(&viewer(role), sealed, Instant(0)).expect("may see it");
            [Side::Requester, Side::Technician].map(|side| opened.shows_profile_of(side))
        };
        let (works, third) = (Availability::Enabled, UserId(3));

        assert_eq!(shown(Role::User, ME, Some(OTHER), None, works), [false, true]);
        assert_eq!(shown(Role::User, ME, Some(OTHER), None, Availability::Gone), [false, false]);
        assert_eq!(shown(Role::User, ME, None, None, works), [false, false]);
        assert_eq!(shown(Role::Technician, OTHER, Some(ME), None, works), [true, false]);
        assert_eq!(shown(Role::Technician, OTHER, Some(third), Some(ME), works), [true, false]);
        assert_eq!(shown(Role::Technician, OTHER, None, None, works), [false, false]);
        assert_eq!(shown(Role::User, OTHER, Some(ME), None, Availability::Gone), [false, false]);
        assert_eq!(shown(Role::Admin, OTHER, Some(third), None, works), [true, true]);
    }

    #[test]
    fn a_repair_is_fresh_for_fourteen_days() {
        let fresh = |seconds| {
            let mut dossier = history::blank(TicketId(9), ME, Instant(0));
            dossier.ticket.completed_at = Some(Instant(100));
            let opened = open(&viewer(Role::User), Sealed::new(dossier, None), Instant(100 + seconds));
            opened.expect("is mine").situation.is_fresh
        };
        assert!(fresh(REOPEN_WITHIN_SECONDS - 1));
        assert!(!fresh(REOPEN_WITHIN_SECONDS));
    }

    #[test]
    fn absence_is_only_hidden_behind_a_bare_ticket_number() {
        let filtered = TicketQuery { ticket: Some(TicketId(9)), list: List::Done, ..TicketQuery::default() };
        let named = TicketQuery { owner: Some(ME), ..filtered.clone() };

        let proof = permit(&viewer(Role::User), filtered).expect("may ask").proof_of_involvement();
        assert_eq!(proof.map(|p| p.query.to_search()).as_deref(), Some("?orderid=9"));
        assert_eq!(permit(&viewer(Role::User), named).expect("may ask").proof_of_involvement(), None);
    }
}
