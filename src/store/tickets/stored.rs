//! Stored forms of columns with JSON. They are types of their own: the domain may rename its
//! fields, and rows that were written years ago still read back. A form never changes; a new one
//! gets a new number beside the old.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{TicketId, UserId};
use crate::domain::tickets::event::Change;
use crate::domain::tickets::report::{Field, Warranty};
use crate::domain::tickets::ticket::{ContractTicket, Ticket};
use crate::domain::time::Instant;

/// Reason why a stored form cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("not the stored form of a ticket: {0}")]
    Json(#[from] serde_json::Error),
    #[error("stored in form {0}, which this version does not know")]
    Form(u32),
    #[error("{0:?} is no value of {1}")]
    Value(String, &'static str),
}

/// The number of a stored form; the first one was written without it.
#[derive(Deserialize)]
struct Tag {
    #[serde(default = "first")]
    form: u32,
}

const fn first() -> u32 {
    1
}

/// A whole ticket.
#[derive(Serialize, Deserialize)]
struct StoredTicketV1 {
    #[serde(default = "first")]
    form: u32,
    ticket: StoredContractV1,
    model: String,
    warranty: String,
    offered_to: Option<i64>,
    version: i64,
    changed_at: i64,
    waiting_since: i64,
}

/// The part of a ticket that the contract knows.
#[derive(Serialize, Deserialize)]
struct StoredContractV1 {
    id: i64,
    owner: i64,
    technician: Option<i64>,
    status: String,
    purchase_date: Option<String>,
    phone: String,
    device_type: String,
    brand: String,
    description: String,
    image_url: Option<String>,
    fault_type: String,
    qq: String,
    campus: String,
    created_at: i64,
    assigned_at: Option<i64>,
    completed_at: Option<i64>,
}

/// A corrected detail; an event has a list of them.
#[derive(Serialize, Deserialize)]
struct StoredChangeV1 {
    field: String,
    old: String,
    new: String,
}

const WARRANTIES: [(&str, Warranty); 3] =
    [("Unknown", Warranty::Unknown), ("Valid", Warranty::Valid), ("Expired", Warranty::Expired)];

const FIELDS: [(&str, Field); 11] = [
    ("DeviceType", Field::DeviceType),
    ("Brand", Field::Brand),
    ("Model", Field::Model),
    ("PurchaseDate", Field::PurchaseDate),
    ("Warranty", Field::Warranty),
    ("FaultType", Field::FaultType),
    ("Description", Field::Description),
    ("Campus", Field::Campus),
    ("Phone", Field::Phone),
    ("Contact", Field::Contact),
    ("Image", Field::Image),
];

fn name_of<T: Copy + PartialEq>(names: &[(&'static str, T)], value: T) -> String {
    let found = names.iter().find(|(_, named)| *named == value);
    found.map(|(name, _)| (*name).to_owned()).unwrap_or_default()
}

fn named<T: Copy>(names: &[(&'static str, T)], name: String, what: &'static str) -> Result<T, Unreadable> {
    let found = names.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value).ok_or(Unreadable::Value(name, what))
}

/// Writes a ticket in the newest form.
pub fn ticket_text(ticket: &Ticket) -> sqlx::Result<String> {
    let stored = StoredTicketV1::from(ticket);
    serde_json::to_string(&stored).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Reads a ticket in any form.
pub fn ticket_of(text: &str) -> Result<Ticket, Unreadable> {
    match serde_json::from_str::<Tag>(text)?.form {
        1 => serde_json::from_str::<StoredTicketV1>(text)?.try_into(),
        other => Err(Unreadable::Form(other)),
    }
}

/// Writes the changes of an event.
pub fn changes_text(changes: &[Change]) -> sqlx::Result<String> {
    let stored = |Change { field, old, new }: &Change| StoredChangeV1 {
        field: name_of(&FIELDS, *field),
        old: old.clone(),
        new: new.clone(),
    };
    let stored: Vec<StoredChangeV1> = changes.iter().map(stored).collect();
    serde_json::to_string(&stored).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Reads the changes of an event.
pub fn changes_of(text: &str) -> Result<Vec<Change>, Unreadable> {
    let change = |StoredChangeV1 { field, old, new }| {
        Ok(Change { field: named(&FIELDS, field, "a field")?, old, new })
    };
    serde_json::from_str::<Vec<StoredChangeV1>>(text)?.into_iter().map(change).collect()
}

impl From<&Ticket> for StoredTicketV1 {
    fn from(ticket: &Ticket) -> Self {
        let Ticket { contract, model, warranty, offered_to, version, changed_at, waiting_since } = ticket;
        Self {
            form: 1,
            ticket: contract.into(),
            model: model.clone(),
            warranty: name_of(&WARRANTIES, *warranty),
            offered_to: offered_to.map(|person| person.0),
            version: *version,
            changed_at: changed_at.0,
            waiting_since: waiting_since.0,
        }
    }
}

impl From<&ContractTicket> for StoredContractV1 {
    fn from(ticket: &ContractTicket) -> Self {
        let ContractTicket {
            id,
            owner,
            technician,
            status,
            purchase_date,
            phone,
            device_type,
            brand,
            description,
            image_url,
            fault_type,
            qq,
            campus,
            created_at,
            assigned_at,
            completed_at,
        } = ticket;
        Self {
            id: id.0,
            owner: owner.0,
            technician: technician.map(|person| person.0),
            status: status.name().to_owned(),
            purchase_date: purchase_date.clone(),
            phone: phone.clone(),
            device_type: device_type.clone(),
            brand: brand.clone(),
            description: description.clone(),
            image_url: image_url.clone(),
            fault_type: fault_type.clone(),
            qq: qq.clone(),
            campus: campus.clone(),
            created_at: created_at.0,
            assigned_at: assigned_at.map(|time| time.0),
            completed_at: completed_at.map(|time| time.0),
        }
    }
}

impl TryFrom<StoredTicketV1> for Ticket {
    type Error = Unreadable;

    fn try_from(stored: StoredTicketV1) -> Result<Self, Unreadable> {
        Ok(Self {
            contract: stored.ticket.try_into()?,
            model: stored.model,
            warranty: named(&WARRANTIES, stored.warranty, "a warranty")?,
            offered_to: stored.offered_to.map(UserId),
            version: stored.version,
            changed_at: Instant(stored.changed_at),
            waiting_since: Instant(stored.waiting_since),
        })
    }
}

impl TryFrom<StoredContractV1> for ContractTicket {
    type Error = Unreadable;

    fn try_from(stored: StoredContractV1) -> Result<Self, Unreadable> {
        let status = stored.status.parse().map_err(|_| Unreadable::Value(stored.status, "a status"))?;
        Ok(Self {
            id: TicketId(stored.id),
            owner: UserId(stored.owner),
            technician: stored.technician.map(UserId),
            status,
            purchase_date: stored.purchase_date,
            phone: stored.phone,
            device_type: stored.device_type,
            brand: stored.brand,
            description: stored.description,
            image_url: stored.image_url,
            fault_type: stored.fault_type,
            qq: stored.qq,
            campus: stored.campus,
            created_at: Instant(stored.created_at),
            assigned_at: stored.assigned_at.map(Instant),
            completed_at: stored.completed_at.map(Instant),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tickets::status::Status;

    /// Written before forms had numbers.
    const FIRST_TICKET: &str = include_str!("stored/ticket_v1.json");
    const FIRST_CHANGES: &str = include_str!("stored/changes_v1.json");

    fn first_ticket() -> Ticket {
        let contract = ContractTicket {
            id: TicketId(20_240_000_007),
            owner: UserId(20_240_000_001),
            technician: Some(UserId(20_240_000_002)),
            status: Status::UserConfirming,
            purchase_date: Some("2022-09-01".to_owned()),
            phone: "13800000000".to_owned(),
            device_type: "笔记本".to_owned(),
            brand: "华为 MateBook".to_owned(),
            description: "风扇很响\n\"尤其\"晚上".to_owned(),
            image_url: Some("https://example.edu/a.jpg".to_owned()),
            fault_type: "清灰".to_owned(),
            qq: "123456".to_owned(),
            campus: "江安".to_owned(),
            created_at: Instant(1_717_992_000),
            assigned_at: Some(Instant(1_717_995_600)),
            completed_at: None,
        };
        Ticket {
            contract,
            model: "14s".to_owned(),
            warranty: Warranty::Expired,
            offered_to: Some(UserId(20_240_000_003)),
            version: 5,
            changed_at: Instant(1_718_000_000),
            waiting_since: Instant(1_717_999_999),
        }
    }

    #[test]
    fn a_ticket_of_the_first_form_still_reads() {
        assert_eq!(ticket_of(FIRST_TICKET).expect("reads"), first_ticket());
    }

    #[test]
    fn what_is_written_today_has_the_number_of_its_form_and_reads_back() {
        let text = ticket_text(&first_ticket()).expect("writes");

        let first = FIRST_TICKET.trim().strip_prefix('{').expect("an object");
        assert_eq!(text, format!("{{\"form\":1,{first}"));
        for warranty in Warranty::ALL {
            for status in Status::ALL {
                let mut ticket = first_ticket();
                ticket.warranty = warranty;
                ticket.contract.status = status;
                assert_eq!(ticket_of(&ticket_text(&ticket).expect("writes")).expect("reads"), ticket);
            }
        }
    }

    #[test]
    fn changes_of_the_first_form_still_read_and_are_written_alike() {
        let changes = changes_of(FIRST_CHANGES).expect("reads");

        assert_eq!(changes.iter().map(|change| change.field).collect::<Vec<_>>(), Field::ALL);
        assert_eq!((changes[1].old.as_str(), changes[1].new.as_str()), ("华为", "华为 MateBook"));
        assert_eq!(changes_text(&changes).expect("writes"), FIRST_CHANGES.trim());
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let why = |text: &str| ticket_of(text).expect_err("is refused").to_string();

        assert_eq!(why("{\"form\":2}"), "stored in form 2, which this version does not know");
        assert!(why("{}").starts_with("not the stored form of a ticket: missing field"), "{}", why("{}"));
        assert!(why("half {").starts_with("not the stored form of a ticket"));
        let unknown = FIRST_TICKET.replace("UserConfirming", "Lost");
        assert_eq!(why(&unknown), "\"Lost\" is no value of a status");
    }
}
