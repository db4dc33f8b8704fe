//! The lists of the desk, each at its own address.

use serde::{Deserialize, Serialize};

use super::person::{Role, UserId};
use super::query::{Parameter, TicketQuery};
use super::status::List;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Place {
    /// What I filed.
    My,
    /// What is assigned to me.
    Jobs,
    /// What nobody has yet, for a technician to take.
    Pool,
    /// Everything.
    All,
}

impl Place {
    pub const fn path(self) -> &'static str {
        match self {
            Self::My => "/my",
            Self::Jobs => "/jobs",
            Self::Pool => "/pool",
            Self::All => "/tickets",
        }
    }

    /// The places somebody of this role is offered, the first being home.
    pub const fn of(role: Role) -> &'static [Self] {
        match role {
            Role::User => &[Self::My],
            Role::Technician => &[Self::Jobs, Self::Pool, Self::My],
            Role::Admin => &[Self::All, Self::My],
        }
    }

    /// What the address of this place may say.
    pub const fn parameters(self) -> &'static [Parameter] {
        match self {
            Self::My | Self::Jobs => &[Parameter::List, Parameter::Page, Parameter::Limit],
            Self::Pool => &[Parameter::Campus, Parameter::Page, Parameter::Limit],
            Self::All => &[
                Parameter::List,
                Parameter::Campus,
                Parameter::Owner,
                Parameter::Technician,
                Parameter::Page,
                Parameter::Limit,
            ],
        }
    }

    /// The query as the contract would ask it: "my" and "assigned to me" spelt out.
    pub fn narrow(self, query: TicketQuery, me: UserId) -> TicketQuery {
        match self {
            Self::My => TicketQuery { owner: Some(me), ..query },
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
    fn everybody_starts_at_the_first_of_their_places() {
        for role in Role::ALL {
            assert_eq!(Place::of(role)[0].path(), role.home());
        }
    }

    #[test]
    fn the_address_of_a_personal_list_cannot_name_somebody_else() {
        for place in [Place::My, Place::Jobs] {
            let typed = "uid=5&tid=5&list=done";
            let query = TicketQuery::parse_search(typed, place.parameters()).expect("valid");

            let narrowed = place.narrow(query, UserId(1));
            assert!(narrowed.owner.is_none_or(|id| id == UserId(1)));
            assert!(narrowed.technician.is_none_or(|id| id == UserId(1)));
        }
    }
}
