//! The people of the desk as an admin sees them, and how one looks for them.

use serde::{Deserialize, Serialize};

use super::duty::Duty;
use super::paging::Page;
use super::person::{Role, UserId};

/// How many people a page of the directory shows.
pub const PAGE_SIZE: u64 = 50;
const MAX_SEARCH_CHARS: usize = 64;

/// What an admin looks for: the beginning of a user name, a whole phone number,
/// e-mail address or id; nothing for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberQuery {
    pub search: String,
    pub page: u64,
}

impl MemberQuery {
    /// Reads an address leniently: what cannot be understood looks for nothing.
    pub fn parse(search: &str) -> Self {
        let mut query = Self { search: String::new(), page: 1 };
        for (name, value) in form_urlencoded::parse(search.trim_start_matches('?').as_bytes()) {
            match &*name {
                "q" => query.search = value.trim().chars().take(MAX_SEARCH_CHARS).collect(),
                "page" => {
                    query.page = value.parse().ok().filter(|page| (1..1_000_000).contains(page)).unwrap_or(1)
                }
                _ => {}
            }
        }
        query
    }

    pub fn to_search(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        if !self.search.is_empty() {
            out.append_pair("q", &self.search);
        }
        if self.page != 1 {
            out.append_pair("page", &self.page.to_string());
        }
        let search = out.finish();
        if search.is_empty() { search } else { format!("?{search}") }
    }

    pub fn with_page(&self, page: u64) -> Self {
        Self { page, ..self.clone() }
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
    /// Whether they have a password, and can sign in.
    pub has_password: bool,
    /// Counts where they are a technician.
    pub duty: Duty,
}

pub type Members = Page<Member>;

/// Why an admin cannot change somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Protected {
    /// Nobody takes away their own rights by mistake.
    #[error("one's own role and access are for another admin to change")]
    Oneself,
    /// Somebody must be left to steer the desk.
    #[error("the last admin stays")]
    LastAdmin,
}

/// What an admin wants of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Role(Role),
    Disable,
    Enable,
    /// A link to set a new password.
    Link,
}

/// Judges a change of somebody by an admin, who is somebody else or not, where
/// `admins` may come in.
pub const fn judge(change: Change, is_oneself: bool, present: Role, admins: u64) -> Result<(), Protected> {
    let takes_away = match change {
        Change::Role(role) => !matches!(role, Role::Admin),
        Change::Disable => true,
        Change::Enable | Change::Link => false,
    };
    match (takes_away || matches!(change, Change::Role(_)), is_oneself) {
        (true, true) => Err(Protected::Oneself),
        _ if takes_away && matches!(present, Role::Admin) && admins <= 1 => Err(Protected::LastAdmin),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        let query = MemberQuery { search: "陈 工".to_owned(), page: 3 };
        assert_eq!(MemberQuery::parse(&query.to_search()), query);
        assert_eq!(MemberQuery::parse("?page=x&q=").to_search(), "");
    }

    #[test]
    fn nobody_locks_themselves_or_everybody_out() {
        for change in [Change::Role(Role::User), Change::Role(Role::Technician), Change::Disable] {
            assert_eq!(judge(change, true, Role::Admin, 5), Err(Protected::Oneself));
            assert_eq!(judge(change, false, Role::Admin, 1), Err(Protected::LastAdmin));
            assert_eq!(judge(change, false, Role::Admin, 2), Ok(()));
            assert_eq!(judge(change, false, Role::User, 1), Ok(()));
        }
        assert_eq!(judge(Change::Role(Role::Admin), true, Role::Admin, 1), Err(Protected::Oneself));
        for change in [Change::Enable, Change::Link] {
            assert_eq!(judge(change, true, Role::Admin, 1), Ok(()));
        }
    }
}
