//! Every role with every combination of what it may ask.

use super::*;
use crate::domain::ids::TicketId;
use crate::domain::lists::parameter::Parameter;
use crate::domain::tickets::event;

const ME: UserId = UserId(1);
const OTHER: UserId = UserId(2);

fn viewer(role: Role) -> Viewer {
    Viewer { id: ME, role, nickname: String::new() }
}

/// Rules of docs/api.md, written a second time and in their own order.
fn expected(role: Role, query: &TicketQuery) -> Result<Reach, Denied> {
    let (ticket, uid, tid) = (query.ticket, query.owner, query.technician);
    match (role, ticket, uid, tid) {
        (Role::Admin, ..) => Ok(Reach::Everything),
        // Tickets without a technician are for technicians to take; docs/api.md does not know them.
        (Role::Technician, None, None, None) if query.unassigned && query.list == List::Pending => {
            Ok(Reach::Named)
        }
        _ if query.unassigned => Err(Denied),
        // A query for one's own waiting tickets names nobody else.
        (_, _, None, None) if query.waiting => Ok(Reach::Named),
        (_, None, None, None) => Err(Denied),
        (_, Some(_), None, None) => Ok(Reach::Involving(ME)),
        (_, _, Some(ME), None | Some(ME)) | (_, _, None, Some(ME)) => Ok(Reach::Named),
        _ => Err(Denied),
    }
}

/// A query of all filters that decide nothing.
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
        let expected = people.map(|person| PermittedPeople::new(page_two_of(person))).ok_or(Denied);
        assert_eq!(permit_people(&viewer(role), query.clone()), expected, "{role} {named:?}");
        let expected = work.map(|person| PermittedPeople::new(work_of(person))).ok_or(Denied);
        assert_eq!(permit_workloads(&viewer(role), query), expected, "{role} {named:?}");
    }
}

#[test]
fn whoever_is_no_admin_finds_nobody_by_a_detail_but_themselves() {
    let by_phone = PeopleQuery { phone: Some("13800000000".to_owned()), ..PeopleQuery::default() };
    let of_other = PeopleQuery { person: Some(OTHER), ..by_phone.clone() };

    for role in [Role::User, Role::Technician] {
        let permitted = permit_people(&viewer(role), by_phone.clone()).expect("may ask");
        assert_eq!(permitted.query().person, Some(ME));
        assert_eq!((permitted.check_found(1), permitted.check_found(0)), (Ok(()), Err(Denied)));
        assert_eq!(permit_people(&viewer(role), of_other.clone()), Err(Denied));
    }
    let admin = permit_people(&viewer(Role::Admin), by_phone).expect("may ask");
    assert_eq!((admin.query().person, admin.check_found(0)), (None, Ok(())));
}

#[test]
fn a_ticket_opens_for_whoever_it_concerns() {
    let now = Instant(1_000);
    let third = UserId(3);
    let open_for = |role, change: &dyn Fn(&mut Ticket)| {
        let mut ticket = event::blank(TicketId(9), OTHER, now);
        change(&mut ticket);
        let technician = ticket.contract.technician.map(|_| Availability::Enabled);
        open(&viewer(role), Unchecked::new(ticket, technician), now).map(|opened| opened.shows_contact)
    };
    let mine = |ticket: &mut Ticket| ticket.contract.owner = ME;
    let my_job = |ticket: &mut Ticket| ticket.contract.technician = Some(ME);
    let offered = |ticket: &mut Ticket| {
        ticket.contract.technician = Some(third);
        ticket.offered_to = Some(ME);
    };
    let a_colleagues = |ticket: &mut Ticket| ticket.contract.technician = Some(third);
    let nobodys_any_more = |ticket: &mut Ticket| ticket.contract.status = Status::Canceled;

    for role in Role::ALL {
        assert_eq!(open_for(role, &mine), Ok(true), "{role}");
        assert_eq!(open_for(role, &my_job), Ok(true), "{role}");
        // An offer to somebody who has left the desk meanwhile is none.
        let colleagues = if role == Role::User { Err(Denied) } else { Ok(true) };
        assert_eq!(open_for(role, &offered), colleagues, "{role}");
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
        let mut ticket = event::blank(TicketId(9), owner, Instant(0));
        ticket.contract.technician = technician;
        ticket.offered_to = offered_to;
        let unchecked = Unchecked::new(ticket, technician.map(|_| availability));
        let opened = open(&viewer(role), unchecked, Instant(0)).expect("may see it");
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
        let mut ticket = event::blank(TicketId(9), ME, Instant(0));
        ticket.contract.completed_at = Some(Instant(100));
        let opened = open(&viewer(Role::User), Unchecked::new(ticket, None), Instant(100 + seconds));
        opened.expect("is mine").facts.is_fresh
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
