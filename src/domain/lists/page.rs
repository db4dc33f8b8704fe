//! The desk's lists, each at its own address.

use serde::{Deserialize, Serialize};

use super::parameter::Parameter;
use super::query::TicketQuery;
use crate::domain::ids::UserId;
use crate::domain::tickets::status::List;
use crate::domain::viewer::Role;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ListPage {
    /// Tickets that the viewer filed.
    My,
    /// Tickets that are assigned to the viewer.
    Jobs,
    /// Tickets without a technician, for one to take.
    Pool,
    /// Pushes the number of all tickets.
    All,
}

impl ListPage {
    pub const fn path(self) -> &'static str {
        match self {
            Self::My => "/my",
            Self::Jobs => "/jobs",
            Self::Pool => "/pool",
            Self::All => "/tickets",
        }
    }

    pub const ALL: [Self; 4] = [Self::My, Self::Jobs, Self::Pool, Self::All];

    /// Returns the list at an address, and its query there.
    pub fn at(address: &str) -> Option<(Self, TicketQuery)> {
        let (path, search) = address.split_once('?').unwrap_or((address, ""));
        let place = Self::ALL.into_iter().find(|place| place.path() == path)?;
        Some((place, TicketQuery::parse_search(search, place.parameters()).ok()?))
    }

    /// Returns the places that a role is offered, the first being home.
    pub const fn of(role: Role) -> &'static [Self] {
        match role {
            Role::User => &[Self::My],
            Role::Technician => &[Self::Jobs, Self::Pool, Self::My],
            Role::Admin => &[Self::All, Self::My],
        }
    }

    /// Returns the first page of a person in this role.
    pub const fn home(role: Role) -> Self {
        Self::of(role)[0]
    }

    /// Parameters that the address of this place accepts.
    pub const fn parameters(self) -> &'static [Parameter] {
        use Parameter::{
            After, AssignedFrom, AssignedTo, Before, Campus, CompletedFrom, CompletedTo, Device, Direction,
            Fault, FiledFrom, FiledTo, Limit, List, Owner, Page, Sort, Status, Technician, Unassigned,
            Waiting,
        };
        match self {
            Self::My | Self::Jobs => &[List, Status, Waiting, Sort, Direction, Page, After, Before, Limit],
            Self::Pool => &[Campus, Device, Fault, Sort, Direction, Page, After, Before, Limit],
            Self::All => &[
                List,
                Status,
                Campus,
                Device,
                Fault,
                Owner,
                Technician,
                Unassigned,
                FiledFrom,
                FiledTo,
                AssignedFrom,
                AssignedTo,
                CompletedFrom,
                CompletedTo,
                Waiting,
                Sort,
                Direction,
                Page,
                After,
                Before,
                Limit,
            ],
        }
    }

    /// Returns the query as the contract asks it: "my" and "assigned to me" spelt out. A
    /// technician's turn may also come by a colleague's offer.
    pub fn narrow(self, query: TicketQuery, me: UserId) -> TicketQuery {
        match self {
            Self::My => TicketQuery { owner: Some(me), ..query },
            Self::Jobs if query.waiting => query,
            Self::Jobs => TicketQuery { technician: Some(me), ..query },
            Self::Pool => TicketQuery { unassigned: true, list: List::Pending, ..query },
            Self::All => query,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_a_list_or_none() {
        let (place, query) = ListPage::at("/tickets?list=done&page=2").expect("is a list");
        assert_eq!((place, query.to_search().as_str()), (ListPage::All, "?list=done&page=2"));
        assert!(ListPage::at("/my").is_some());
        for none in ["", "/", "/people", "/tickets/5", "/my?list=x", "https://example.com/my"] {
            assert_eq!(ListPage::at(none), None, "{none}");
        }
    }

    #[test]
    fn the_address_of_a_personal_list_cannot_name_somebody_else() {
        for place in [ListPage::My, ListPage::Jobs] {
            let typed = "uid=5&tid=5&list=done";
            let query = TicketQuery::parse_search(typed, place.parameters()).expect("valid");

            let narrowed = place.narrow(query, UserId(1));
            assert!(narrowed.owner.is_none_or(|id| id == UserId(1)));
            assert!(narrowed.technician.is_none_or(|id| id == UserId(1)));
        }
    }
}
