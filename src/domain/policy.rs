//! Who may look at which tickets: the one place that decides.
//!
//! Only this module makes a [`Permitted`], and the store asks for one: a
//! query nobody judged does not compile.

use super::person::{UserId, Viewer};
use super::query::TicketQuery;

/// A query that its viewer may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permitted {
    query: TicketQuery,
    reach: Reach,
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

    /// The question whose empty answer means "not yours, or not there", if
    /// this viewer must not learn which. It leaves the filters out: a ticket
    /// of one's own that is merely not on the list asked for is no secret.
    pub fn proof_of_involvement(&self) -> Option<Self> {
        self.involving()?;
        let bare = TicketQuery { ticket: self.query.ticket, ..TicketQuery::default() };
        Some(Self { query: bare, reach: self.reach })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not allowed")]
pub struct Denied;

/// Admins look at everything; everybody else names themselves or a ticket.
pub fn permit(viewer: &Viewer, query: TicketQuery) -> Result<Permitted, Denied> {
    let reach = if viewer.is_admin() { Reach::Everything } else { reach_of_others(viewer.id, &query)? };
    Ok(Permitted { query, reach })
}

fn reach_of_others(me: UserId, query: &TicketQuery) -> Result<Reach, Denied> {
    let only_me = |named: Option<UserId>| named.is_none_or(|person| person == me);
    let names_a_person = query.owner.is_some() || query.technician.is_some();

    if names_a_person {
        let allowed = only_me(query.owner) && only_me(query.technician);
        allowed.then_some(Reach::Named).ok_or(Denied)
    } else if query.ticket.is_some() {
        Ok(Reach::Involving(me))
    } else {
        Err(Denied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::Role;
    use crate::domain::status::List;
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
            (_, None, None, None) => Err(Denied),
            (_, Some(_), None, None) => Ok(Reach::Involving(ME)),
            (_, _, Some(ME), None | Some(ME)) | (_, _, None, Some(ME)) => Ok(Reach::Named),
            _ => Err(Denied),
        }
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
                            for campus in [None, Some("江安".to_owned())] {
                                for (page, limit) in [(1, 10), (3, 50)] {
                                    let campus = campus.clone();
                                    let query =
                                        TicketQuery { ticket, owner, technician, list, campus, page, limit };
                                    let reach = permit(&viewer(role), query.clone()).map(|p| p.reach);
                                    assert_eq!(reach, expected(role, &query), "{role} {query:?}");
                                    judged += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(judged, 3 * 2 * 3 * 3 * 3 * 2 * 2);
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
    fn absence_is_only_hidden_behind_a_bare_ticket_number() {
        let filtered =
            TicketQuery { ticket: Some(TicketId(9)), list: List::Done, page: 2, ..TicketQuery::default() };
        let named = TicketQuery { owner: Some(ME), ..filtered.clone() };

        let proof = permit(&viewer(Role::User), filtered).expect("may ask").proof_of_involvement();
        assert_eq!(proof.map(|p| p.query.to_search()).as_deref(), Some("?orderid=9"));
        assert_eq!(permit(&viewer(Role::User), named).expect("may ask").proof_of_involvement(), None);
    }
}
