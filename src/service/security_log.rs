//! The security log: sign-ins, refusals, and changes of access.
//!
//! Lines of the target `security` with the fields `event`, `outcome`, `person` and, where a request
//! caused it, `address`; `by` for acts on another person. They hold ids, never names, contacts,
//! passwords or tokens.

use std::net::IpAddr;

use tracing::field;

use crate::domain::ids::UserId;

/// Act or attempt that is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    SignIn,
    SignOut,
    Registration,
    Invitation,
    PasswordChange,
    ContactChange,
    /// An address was verified by its link, or a contact by an admin.
    ContactProof,
    /// A person who forgot their password asked for a link.
    ResetAsked,
    ResetSent,
    LinkMade,
    LinkUsed,
    RoleChange,
    Disabling,
    Enabling,
}

impl Event {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignOut => "sign_out",
            Self::Registration => "registration",
            Self::Invitation => "invitation",
            Self::PasswordChange => "password_change",
            Self::ContactChange => "contact_change",
            Self::ContactProof => "contact_proof",
            Self::ResetAsked => "reset_asked",
            Self::ResetSent => "reset_sent",
            Self::LinkMade => "link_made",
            Self::LinkUsed => "link_used",
            Self::RoleChange => "role_change",
            Self::Disabling => "disabling",
            Self::Enabling => "enabling",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused,
    /// Refused without a try: there were too many before.
    Throttled,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Throttled => "throttled",
        }
    }

    pub const fn of<T, E>(result: &Result<T, E>) -> Self {
        if result.is_ok() { Self::Done } else { Self::Refused }
    }
}

/// Logs an act of a person on their own account, or of an unknown person.
pub fn write(event: Event, outcome: Outcome, person: Option<UserId>, address: Option<IpAddr>) {
    line(event, outcome, [person, None], address);
}

/// Logs an act on another person's account; without an actor it was the command line.
pub fn write_about(
    event: Event,
    outcome: Outcome,
    person: Option<UserId>,
    by: Option<UserId>,
    address: Option<IpAddr>,
) {
    line(event, outcome, [person, by], address);
}

fn line(event: Event, outcome: Outcome, [person, by]: [Option<UserId>; 2], address: Option<IpAddr>) {
    let id = |person: Option<UserId>| person.map(|UserId(id)| id);
    let (event, address) = (event.name(), address.map(field::display));
    let (person, by) = (id(person), id(by));
    match outcome {
        Outcome::Done => {
            tracing::info!(target: "security", event, outcome = outcome.name(), person, by, address, "security");
        }
        Outcome::Refused | Outcome::Throttled => {
            tracing::warn!(target: "security", event, outcome = outcome.name(), person, by, address, "security");
        }
    }
}
