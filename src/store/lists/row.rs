//! Tickets as lists read them. A whole page travels as one JSON text in one
//! row: drivers spend most of their time on rows and columns.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::ids::{TicketId, UserId};
use crate::domain::lists::sort::{Cursor, SortedBy};
use crate::domain::tickets::report::Warranty;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::{ContractTicket, Listed, Ticket};
use crate::domain::time::Instant;
use crate::store::columns::row;

pub const COLUMNS: &str = "id, user_id, technician_id, status, purchase_date, phone, \
    device_type, brand, description, image_url, fault_type, qq, campus, \
    created_at, assigned_at, completed_at";

/// Columns of a [`Ticket`] beyond [`COLUMNS`].
pub const MORE_COLUMNS: &str = "model, warranty, offered_to, version, changed_at, waiting_since";

row! {
    /// The fields stand in the order of [`COLUMNS`].
    #[derive(Deserialize)]
    pub struct ContractRow {
        id: i64,
        user_id: i64,
        technician_id: Option<i64>,
        status: Status,
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
}

impl From<ContractRow> for ContractTicket {
    fn from(row: ContractRow) -> Self {
        Self {
            id: TicketId(row.id),
            owner: UserId(row.user_id),
            technician: row.technician_id.map(UserId),
            status: row.status,
            purchase_date: row.purchase_date,
            phone: row.phone,
            device_type: row.device_type,
            brand: row.brand,
            description: row.description,
            image_url: row.image_url,
            fault_type: row.fault_type,
            qq: row.qq,
            campus: row.campus,
            created_at: Instant(row.created_at),
            assigned_at: row.assigned_at.map(Instant),
            completed_at: row.completed_at.map(Instant),
        }
    }
}

row! {
    /// The fields stand in the order of [`MORE_COLUMNS`].
    #[derive(Deserialize)]
    pub struct MoreRow {
        model: String,
        #[serde(deserialize_with = "warranty")]
        warranty: Warranty,
        offered_to: Option<i64>,
        version: i64,
        changed_at: i64,
        waiting_since: i64,
    }
}

fn warranty<'de, D: serde::Deserializer<'de>>(reader: D) -> Result<Warranty, D::Error> {
    String::deserialize(reader)?.parse().map_err(serde::de::Error::custom)
}

row! {
    pub struct TicketRow {
        contract: ContractRow,
        more: MoreRow,
    }
}

impl From<TicketRow> for Ticket {
    fn from(TicketRow { contract, more }: TicketRow) -> Self {
        Self {
            contract: contract.into(),
            model: more.model,
            warranty: more.warranty,
            offered_to: more.offered_to.map(UserId),
            version: more.version,
            changed_at: Instant(more.changed_at),
            waiting_since: Instant(more.waiting_since),
        }
    }
}

/// A row of a list page.
pub trait Row: DeserializeOwned {
    type Item;

    /// The columns that [`Self::values`] needs.
    const COLUMNS: &'static [&'static str];

    /// Values of a row, read from the table `page`; `array` is the function that makes arrays of
    /// JSON.
    fn values(array: &str) -> String;

    fn item(self) -> Self::Item;

    /// Cursor of an item in a list with this sort key.
    fn place(item: &Self::Item, by: SortedBy) -> Cursor;
}

impl Row for ContractRow {
    type Item = ContractTicket;

    const COLUMNS: &'static [&'static str] = &[COLUMNS];

    fn values(_: &str) -> String {
        COLUMNS.to_owned()
    }

    fn item(self) -> ContractTicket {
        self.into()
    }

    /// Cursor by number: the contract has no other order.
    fn place(ticket: &ContractTicket, _: SortedBy) -> Cursor {
        Cursor { at: None, id: ticket.id }
    }
}

/// A whole ticket, and the names of its people.
#[derive(Deserialize)]
pub struct ListedRow(ContractRow, MoreRow, Option<String>, Option<String>);

impl Row for ListedRow {
    type Item = Listed;

    const COLUMNS: &'static [&'static str] = &[COLUMNS, MORE_COLUMNS];

    fn values(array: &str) -> String {
        format!(
            "{array}({COLUMNS}), {array}({MORE_COLUMNS}), \
             (SELECT nickname FROM users WHERE users.id = page.user_id), \
             (SELECT nickname FROM users WHERE users.id = page.technician_id)"
        )
    }

    fn item(self) -> Listed {
        let Self(contract, more, owner_name, technician_name) = self;
        Listed {
            ticket: TicketRow { contract, more }.into(),
            owner_name: owner_name.unwrap_or_default(),
            technician_name,
        }
    }

    fn place(listed: &Listed, by: SortedBy) -> Cursor {
        listed.ticket.place(by)
    }
}
