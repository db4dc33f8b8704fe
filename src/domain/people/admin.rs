//! Directory of people for admins, and its search.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::availability::Duty;
use super::contact::Verified;
use crate::domain::ids::UserId;
use crate::domain::lists::parameter::MAX_INTEGER;
use crate::domain::validation::{Lines, fold, phone_key, printable};
use crate::domain::viewer::Role;

/// People on a page of the directory.
pub const PAGE_SIZE: usize = 50;
const MAX_SEARCH_CHARS: usize = 64;

/// Query of an admin for people: all of them, newest first and page by page, or the few whom a
/// search finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberQuery {
    pub search: Option<Search>,
    /// Last person of the page before.
    pub before: Option<UserId>,
}

/// Beginning of a user name, nickname, phone number or e-mail address, or a whole id. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search(String);

impl Search {
    fn parse(typed: &str) -> Option<Self> {
        // Names have none of the characters removed here.
        let text: String = printable(typed, Lines::One).chars().take(MAX_SEARCH_CHARS).collect();
        (!text.is_empty()).then_some(Self(text))
    }

    /// Beginning of a key of a name or an e-mail address.
    pub fn key(&self) -> String {
        fold(&self.0)
    }

    /// Beginning of a key of a phone number.
    pub fn phone_key(&self) -> String {
        phone_key(&self.0)
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// Returns the id that was searched for, if it is one.
    pub fn id(&self) -> Option<UserId> {
        id(&self.key())
    }
}

fn id(typed: &str) -> Option<UserId> {
    let number = typed.parse().ok().filter(|number| (1..=MAX_INTEGER).contains(number))?;
    i64::try_from(number).ok().map(UserId)
}

impl MemberQuery {
    /// Reads an address leniently: what cannot be understood counts as left out.
    pub fn parse(search: &str) -> Self {
        let mut query = Self::default();
        for (name, value) in form_urlencoded::parse(search.trim_start_matches('?').as_bytes()) {
            match &*name {
                "q" => query.search = Search::parse(&value),
                "before" => query.before = id(&value),
                _ => {}
            }
        }
        query
    }

    pub fn to_search(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        if let Some(search) = &self.search {
            out.append_pair("q", search.text());
        }
        if let Some(before) = self.before {
            out.append_pair("before", &before.to_string());
        }
        let search = out.finish();
        if search.is_empty() { search } else { format!("?{search}") }
    }
}

/// A person as the directory shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: UserId,
    pub username: String,
    pub nickname: String,
    pub role: Role,
    pub phone: String,
    pub email: String,
    pub campus: String,
    pub disabled: bool,
    /// `true` if they have a password and can sign in.
    pub has_password: bool,
    /// Refusal of the address, as in [`OwnAccount`](super::profile::OwnAccount).
    pub email_refused: Option<String>,
    pub verified: Verified,
    /// Relevant if they are a technician.
    pub duty: Duty,
}

/// A page of the directory, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    pub items: Vec<Member>,
    /// `true` if there are more than a page shows.
    pub has_more: bool,
}

impl Members {
    /// Makes a page from its rows, of which the query read one more than it shows.
    pub fn of(mut items: Vec<Member>) -> Self {
        let has_more = items.len() > PAGE_SIZE;
        items.truncate(PAGE_SIZE);
        Self { items, has_more }
    }

    /// Beginning of the next page, if there is one.
    pub fn next(&self) -> Option<UserId> {
        self.items.last().filter(|_| self.has_more).map(|last| last.id)
    }
}

/// Reason why an admin cannot change a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Protected {
    /// A change of one's own rights: only another admin makes it.
    #[error("one's own role and access are for another admin to change")]
    Oneself,
    /// The desk must keep an admin.
    #[error("the last admin stays")]
    LastAdmin,
    /// Own contacts are changed with one's own password.
    #[error("one's own contacts are changed in one's own account")]
    OwnContacts,
}

/// Change that an admin makes to a person's access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Role(Role),
    Disable,
    Enable,
    /// A link to set a new password.
    Link,
    /// Mails are sent again, to an address that was refused.
    TryAddress,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(role) => write!(f, "role {role}"),
            Self::Disable => f.write_str("disable"),
            Self::Enable => f.write_str("enable"),
            Self::Link => f.write_str("link"),
            Self::TryAddress => f.write_str("mail"),
        }
    }
}

/// Judges a change of a person by an admin, perhaps of the admin's own account, where `admins` are
/// enabled. `present` is the person's role, `None` while they are disabled.
pub const fn check_change(
    change: Change,
    is_oneself: bool,
    present: Option<Role>,
    admins: u64,
) -> Result<(), Protected> {
    let takes_away = match change {
        Change::Role(role) => !matches!(role, Role::Admin),
        Change::Disable => true,
        Change::Enable | Change::Link | Change::TryAddress => false,
    };
    match (takes_away || matches!(change, Change::Role(_)), is_oneself) {
        (true, true) => Err(Protected::Oneself),
        _ if takes_away && matches!(present, Some(Role::Admin)) && admins <= 1 => Err(Protected::LastAdmin),
        _ => Ok(()),
    }
}

/// Judges contacts that an admin sets for a person, perhaps for themselves.
pub const fn check_contacts(is_oneself: bool) -> Result<(), Protected> {
    if is_oneself { Err(Protected::OwnContacts) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        for search in ["", "?q=%E9%99%88+%E5%B7%A5", "?before=7", "?q=a&before=7"] {
            assert_eq!(MemberQuery::parse(search).to_search(), search);
        }
        for search in ["?before=x&q=", "?q=+++&page=3", "?before=0", "?before=-1", "?q=%00"] {
            assert_eq!(MemberQuery::parse(search), MemberQuery::default(), "{search}");
        }
    }

    #[test]
    fn a_number_may_be_somebodys_id() {
        let id = |typed: &str| Search::parse(typed).and_then(|search| search.id());
        assert_eq!(id(" 20240000001 "), Some(UserId(20_240_000_001)));
        assert_eq!(id("２０２４００００００１"), Some(UserId(20_240_000_001)));
        for none in ["0", "-1", "1.5", "zhou", "9007199254740992", "99999999999999999999"] {
            assert_eq!(id(none), None, "{none}");
        }
    }

    #[test]
    fn a_page_ends_where_the_next_begins() {
        let member = |id: usize| Member {
            id: UserId(i64::try_from(id).expect("small")),
            username: String::new(),
            nickname: String::new(),
            role: Role::User,
            phone: String::new(),
            email: String::new(),
            campus: String::new(),
            disabled: false,
            has_password: true,
            email_refused: None,
            verified: Verified::default(),
            duty: Duty::default(),
        };
        let page = |rows: usize| Members::of((1..=rows).rev().map(member).collect());

        assert_eq!(page(0).next(), None);
        assert_eq!(page(PAGE_SIZE).next(), None);
        let first = page(PAGE_SIZE + 1);
        assert_eq!((first.items.len(), first.next()), (PAGE_SIZE, Some(UserId(2))));
    }

    #[test]
    fn nobody_locks_themselves_or_everybody_out() {
        for change in [Change::Role(Role::User), Change::Role(Role::Technician), Change::Disable] {
            assert_eq!(check_change(change, true, Some(Role::Admin), 5), Err(Protected::Oneself));
            assert_eq!(check_change(change, false, Some(Role::Admin), 1), Err(Protected::LastAdmin));
            assert_eq!(check_change(change, false, None, 1), Ok(()), "who is kept out already");
            assert_eq!(check_change(change, false, Some(Role::Admin), 2), Ok(()));
            assert_eq!(check_change(change, false, Some(Role::User), 1), Ok(()));
        }
        assert_eq!(
            check_change(Change::Role(Role::Admin), true, Some(Role::Admin), 1),
            Err(Protected::Oneself)
        );
        for change in [Change::Enable, Change::Link, Change::TryAddress] {
            assert_eq!(check_change(change, true, Some(Role::Admin), 1), Ok(()));
        }
    }
}
