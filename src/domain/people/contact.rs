//! Contacts that people show to the other side of a ticket.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::input::Input;
use crate::domain::time::Instant;

/// Part of a profile that its owner shows. The phone number of a report is shown in any case: it is
/// no matter of choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ShownContact {
    #[default]
    Nothing,
    Phone,
    Email,
}

impl ShownContact {
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Phone, Self::Email];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }

    /// Returns the contact shown by a person with this profile.
    pub fn of(self, phone: String, email: String) -> Option<Contact> {
        let contact = match self {
            Self::Nothing => return None,
            Self::Phone => Contact::Phone(phone),
            Self::Email => Contact::Email(email),
        };
        Some(contact).filter(|contact| !contact.text().is_empty())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing to show: use phone or email, or nothing")]
pub struct UnknownContact;

impl FromStr for ShownContact {
    type Err = UnknownContact;

    fn from_str(text: &str) -> Result<Self, UnknownContact> {
        Self::ALL.into_iter().find(|shown| shown.name() == text).ok_or(UnknownContact)
    }
}

impl TryFrom<String> for ShownContact {
    type Error = UnknownContact;

    fn try_from(text: String) -> Result<Self, UnknownContact> {
        text.parse()
    }
}

/// A phone number or an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Contact {
    Phone(String),
    Email(String),
}

impl Contact {
    pub fn text(&self) -> &str {
        match self {
            Self::Phone(text) | Self::Email(text) => text,
        }
    }
}

/// Kind of a contact with which a person may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    Phone,
    Email,
}

impl ContactKind {
    pub const fn input(self) -> Input {
        match self {
            Self::Phone => Input::Phone,
            Self::Email => Input::Email,
        }
    }
}

/// Contacts that an admin sets for a person. A field left out stays as it is; an empty text removes
/// the contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenContacts {
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// Times since when a phone number and an e-mail address are verified as a person's. Only a
/// verified contact signs in and receives links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub phone: Option<Instant>,
    pub email: Option<Instant>,
}

impl Verified {
    /// Both verified, as where an admin or an import has set them.
    pub const fn since(time: Instant) -> Self {
        Self { phone: Some(time), email: Some(time) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_show_what_they_chose_and_have() {
        let shows =
            |shown: ShownContact, phone: &str| shown.of(phone.to_owned(), "chen@example.edu".to_owned());

        assert_eq!(shows(ShownContact::Nothing, "13800000000"), None);
        assert_eq!(shows(ShownContact::Phone, "13800000000"), Some(Contact::Phone("13800000000".to_owned())));
        assert_eq!(shows(ShownContact::Email, ""), Some(Contact::Email("chen@example.edu".to_owned())));
        assert_eq!(shows(ShownContact::Phone, ""), None);
    }

    #[test]
    fn every_choice_reads_back_from_its_name() {
        for shown in ShownContact::ALL {
            assert_eq!(shown.name().parse(), Ok(shown));
        }
        assert_eq!("qq".parse::<ShownContact>(), Err(UnknownContact));
    }
}
