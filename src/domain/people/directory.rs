//! Lists of people: the directory, and the workloads of technicians.

use super::availability::Duty;
use crate::domain::ids::{Named, UserId};
use crate::domain::lists::from_parameters::{FromParameters, id, limit, page, role};
use crate::domain::lists::parameter::{Parameter, Reason};
use crate::domain::paging::DEFAULT_LIMIT;
use crate::domain::tickets::report::Field;
use crate::domain::time::Instant;
use crate::domain::validation::{Lines, canonical, is_printable};
use crate::domain::viewer::Role;

/// Characters of the longest part of a profile: an e-mail address.
const MAX_DETAIL_CHARS: usize = 254;

/// Query for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleQuery {
    pub person: Option<UserId>,
    pub role: Option<Role>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub campus: Option<String>,
    pub page: u64,
    pub limit: u64,
}

impl Default for PeopleQuery {
    fn default() -> Self {
        Self {
            person: None,
            role: None,
            phone: None,
            email: None,
            campus: None,
            page: 1,
            limit: DEFAULT_LIMIT,
        }
    }
}

impl FromParameters for PeopleQuery {
    fn read(&mut self, parameter: Parameter, typed: &str) -> Result<(), Reason> {
        match parameter {
            Parameter::Owner | Parameter::Technician => self.person = Some(UserId(id(typed)?)),
            Parameter::Role => self.role = Some(role(typed)?),
            Parameter::Phone => self.phone = Some(detail(&Field::Phone.canonical(typed))?),
            Parameter::Email => self.email = Some(detail(typed)?),
            Parameter::Campus => self.campus = Some(detail(typed)?),
            // Known to other programs; the desk has neither.
            Parameter::OpenId | Parameter::Available => return Err(Reason::NotSupported),
            Parameter::Page => self.page = page(typed)?,
            Parameter::Limit => self.limit = limit(typed)?,
            // Parameters of tickets, not of people.
            _ => {}
        }
        Ok(())
    }
}

/// Reads a detail of a profile: no longer than a profile has it, and readable.
fn detail(typed: &str) -> Result<String, Reason> {
    let detail = canonical(typed);
    if detail.is_empty() || !is_printable(&detail, Lines::One) {
        Err(Reason::Unprintable)
    } else if detail.chars().count() > MAX_DETAIL_CHARS {
        Err(Reason::TooLong)
    } else {
        Ok(detail)
    }
}

impl PeopleQuery {
    /// Returns `true` if the query names details of a profile.
    pub const fn names_a_detail(&self) -> bool {
        self.phone.is_some() || self.email.is_some() || self.campus.is_some()
    }

    /// Rows before the page. Cannot overflow: both factors are bounded by the parser.
    pub const fn offset(&self) -> u64 {
        (self.page - 1) * self.limit
    }
}

/// A person as the directory shows them: without secrets that let them sign in.
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

/// Numbers of a technician's tickets that are done, and that are open.
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
        let asked = PeopleQuery {
            person: Some(UserId(7)),
            role: Some(Role::Admin),
            page: 2,
            limit: 50,
            ..PeopleQuery::default()
        };
        assert_eq!(parse("uid=7&role=admin&page=2&limit=50&list=x", &Parameter::PEOPLE), (asked, vec![]));

        let technician = PeopleQuery { person: Some(UserId(7)), ..PeopleQuery::default() };
        assert_eq!(parse("tid=7&uid=8&role=x", &Parameter::WORKLOADS), (technician, vec![]));
        assert_eq!(parse("role=&uid=", &Parameter::PEOPLE), (PeopleQuery::default(), vec![]));
    }

    #[test]
    fn people_are_asked_for_by_what_stands_in_their_profile_and_by_nothing_unknown() {
        let asked = PeopleQuery {
            phone: Some("138".to_owned()),
            email: Some("a@example.edu".to_owned()),
            campus: Some("江安".to_owned()),
            ..PeopleQuery::default()
        };
        let search = "phone=138&email=a%40example.edu&campus=%E6%B1%9F%E5%AE%89&colour=red";
        assert_eq!(parse(search, &Parameter::PEOPLE), (asked.clone(), vec![]));
        let copied = search.replace("138", "%E2%80%AD138%E2%80%AC");
        assert_eq!(parse(&copied, &Parameter::PEOPLE), (asked, vec![]));

        for (search, bad) in [
            ("openid=x", (Parameter::OpenId, Reason::NotSupported)),
            ("available=1", (Parameter::Available, Reason::NotSupported)),
            ("phone=%00", (Parameter::Phone, Reason::Unprintable)),
            ("campus=%20", (Parameter::Campus, Reason::Unprintable)),
            ("campus=%E2%80%8B", (Parameter::Campus, Reason::Unprintable)),
            ("email=%E2%80%AEa%40example.edu", (Parameter::Email, Reason::Unprintable)),
        ] {
            assert_eq!(parse(search, &Parameter::PEOPLE).1, [bad], "{search}");
        }
        assert_eq!(parse("openid=&available=", &Parameter::PEOPLE), (PeopleQuery::default(), vec![]));
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
