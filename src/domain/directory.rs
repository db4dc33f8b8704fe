//! The people of the desk as lists: who there is, and who does how much.

use super::duty::Duty;
use super::paging::DEFAULT_LIMIT;
use super::parameter::{Parameter, Reason};
use super::person::{Role, UserId};
use super::question::{Question, id, limit, page, role};
use super::ticket::Named;
use super::time::Instant;

/// Which people somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleQuery {
    pub person: Option<UserId>,
    pub role: Option<Role>,
    pub page: u64,
    pub limit: u64,
}

impl Default for PeopleQuery {
    fn default() -> Self {
        Self { person: None, role: None, page: 1, limit: DEFAULT_LIMIT }
    }
}

impl Question for PeopleQuery {
    fn read(&mut self, parameter: Parameter, typed: &str) -> Result<(), Reason> {
        match parameter {
            Parameter::Owner | Parameter::Technician => self.person = Some(UserId(id(typed)?)),
            Parameter::Role => self.role = Some(role(typed)?),
            Parameter::Page => self.page = page(typed)?,
            Parameter::Limit => self.limit = limit(typed)?,
            // People are not asked for by anything else.
            _ => {}
        }
        Ok(())
    }
}

impl PeopleQuery {
    /// Rows before the page. Cannot overflow: both factors are bounded by the parser.
    pub const fn offset(&self) -> u64 {
        (self.page - 1) * self.limit
    }
}

/// What is shown of a person: nothing that lets anybody sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub id: UserId,
    pub username: String,
    pub nickname: String,
    pub role: Role,
    pub phone: String,
    pub email: String,
    pub campus: String,
    pub disabled: bool,
    pub created_at: Instant,
}

/// How many tickets a technician has had done, and has in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    pub technician: Named,
    pub done: u64,
    pub open: u64,
    pub duty: Duty,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(search: &str, accepted: &[Parameter]) -> (PeopleQuery, Vec<(Parameter, Reason)>) {
        let (query, bad) = PeopleQuery::read_all(form_urlencoded::parse(search.as_bytes()), accepted);
        (query, bad.into_iter().map(|value| (value.parameter, value.reason)).collect())
    }

    #[test]
    fn people_are_asked_for_by_number_and_role() {
        let asked = PeopleQuery { person: Some(UserId(7)), role: Some(Role::Admin), page: 2, limit: 50 };
        assert_eq!(parse("uid=7&role=admin&page=2&limit=50&list=x", &Parameter::PEOPLE), (asked, vec![]));

        let technician = PeopleQuery { person: Some(UserId(7)), ..PeopleQuery::default() };
        assert_eq!(parse("tid=7&uid=8&role=x", &Parameter::WORKLOADS), (technician, vec![]));
        assert_eq!(parse("role=&uid=", &Parameter::PEOPLE), (PeopleQuery::default(), vec![]));
    }

    #[test]
    fn a_role_has_one_of_three_names() {
        for bad in ["root", "Admin", "users", "1"] {
            let (_, bad) = parse(&format!("role={bad}"), &Parameter::PEOPLE);
            assert_eq!(bad, [(Parameter::Role, Reason::NotARole)]);
        }
        let (_, bad) = parse("role=user&role=user", &Parameter::PEOPLE);
        assert_eq!(bad, [(Parameter::Role, Reason::Repeated)]);
    }
}
