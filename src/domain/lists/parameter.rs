//! Parameters of addresses and of REST calls, and the reasons against their values.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The largest integer that every JSON reader holds exactly.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

// Read and written by name: serde's derived code for an enum takes much more room in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Parameter {
    Ticket,
    Owner,
    Technician,
    List,
    Status,
    Campus,
    Device,
    Fault,
    Unassigned,
    Waiting,
    FiledFrom,
    FiledTo,
    AssignedFrom,
    AssignedTo,
    CompletedFrom,
    CompletedTo,
    Role,
    Phone,
    Email,
    OpenId,
    Available,
    Sort,
    Direction,
    Page,
    After,
    Before,
    Limit,
}

impl Parameter {
    pub const ALL: [Self; 27] = [
        Self::Ticket,
        Self::Owner,
        Self::Technician,
        Self::List,
        Self::Status,
        Self::Campus,
        Self::Device,
        Self::Fault,
        Self::Unassigned,
        Self::Waiting,
        Self::FiledFrom,
        Self::FiledTo,
        Self::AssignedFrom,
        Self::AssignedTo,
        Self::CompletedFrom,
        Self::CompletedTo,
        Self::Role,
        Self::Phone,
        Self::Email,
        Self::OpenId,
        Self::Available,
        Self::Sort,
        Self::Direction,
        Self::Page,
        Self::After,
        Self::Before,
        Self::Limit,
    ];

    /// Parameters of `getTicket`.
    pub const CONTRACT: [Self; 6] =
        [Self::Ticket, Self::Owner, Self::Technician, Self::List, Self::Page, Self::Limit];

    /// Parameters of `getUser`.
    pub const PEOPLE: [Self; 9] = [
        Self::Owner,
        Self::Role,
        Self::Phone,
        Self::Email,
        Self::Campus,
        Self::OpenId,
        Self::Available,
        Self::Page,
        Self::Limit,
    ];

    /// Parameters that `getPool` understands.
    pub const POOL: [Self; 5] = [Self::Campus, Self::Device, Self::Fault, Self::Page, Self::Limit];

    /// Parameters of `getTechworks`.
    pub const WORKLOADS: [Self; 3] = [Self::Technician, Self::Page, Self::Limit];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ticket => "orderid",
            Self::Owner => "uid",
            Self::Technician => "tid",
            Self::List => "list",
            Self::Status => "status",
            Self::Campus => "campus",
            Self::Device => "device",
            Self::Fault => "fault",
            Self::Unassigned => "unassigned",
            Self::Waiting => "waiting",
            Self::FiledFrom => "filed_from",
            Self::FiledTo => "filed_to",
            Self::AssignedFrom => "assigned_from",
            Self::AssignedTo => "assigned_to",
            Self::CompletedFrom => "completed_from",
            Self::CompletedTo => "completed_to",
            Self::Role => "role",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::OpenId => "openid",
            Self::Available => "available",
            Self::Sort => "sort",
            Self::Direction => "dir",
            Self::Page => "page",
            Self::After => "after",
            Self::Before => "before",
            Self::Limit => "limit",
        }
    }

    /// Finds a parameter by name. The contract's own example calls `tid` `td`.
    pub fn named(name: &str) -> Option<Self> {
        let name = if name == "td" { "tid" } else { name };
        Self::ALL.into_iter().find(|parameter| parameter.name() == name)
    }
}

impl From<Parameter> for &'static str {
    fn from(parameter: Parameter) -> Self {
        parameter.name()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a parameter")]
pub struct UnknownParameter;

impl TryFrom<String> for Parameter {
    type Error = UnknownParameter;

    fn try_from(name: String) -> Result<Self, UnknownParameter> {
        Self::named(&name).ok_or(UnknownParameter)
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A refused value and the reason against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// Expected an integer from 1 to 2^53-1.
    NotAnInteger,
    /// Expected an integer from 1 to [`MAX_LIMIT`](crate::domain::paging::MAX_LIMIT).
    NotALimit,
    /// Expected a name of [`List`](crate::domain::tickets::status::List).
    NotAList,
    /// Not one of the names of [`Role`](crate::domain::viewer::Role).
    NotARole,
    /// Expected a name of [`Status`](crate::domain::tickets::status::Status).
    NotAStatus,
    /// Expected `yes`, or no value.
    NotAMark,
    /// Expected a day of the calendar, as `2024-06-10`.
    NotADay,
    /// A last day before the first.
    EndsBeforeItBegins,
    /// Expected a name of [`SortKey`](super::sort::SortKey).
    NotASortKey,
    /// Expected `asc` or `desc`.
    NotADirection,
    /// Expected a [`Cursor`](super::sort::Cursor) of a list in this order.
    NotAPlace,
    TooLong,
    Repeated,
    /// Query string and body disagree.
    Conflicting,
    /// A JSON value that is neither a number nor a string.
    NotAValue,
    /// A parameter that the desk does not know of people or tickets: leaving it out would answer
    /// more than was asked.
    NotSupported,
    /// Invisible characters, or nothing but those.
    Unprintable,
}

/// A refused value, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadValue {
    pub parameter: Parameter,
    pub typed: String,
    pub reason: Reason,
}
