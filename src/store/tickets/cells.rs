//! The columns of a ticket, each with its value: inserted, updated and copied from one list.

use crate::domain::tickets::ticket::{ContractTicket, Ticket};

/// Value of a column; `None` is NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    Number(Option<i64>),
    Text(Option<&'a str>),
}

impl<'a> Cell<'a> {
    const fn number(value: i64) -> Self {
        Self::Number(Some(value))
    }

    const fn text(value: &'a str) -> Self {
        Self::Text(Some(value))
    }
}

/// Number of columns.
pub(crate) const WIDTH: usize = 22;

/// Columns and values of a ticket, in the order in which the lists read them.
pub(crate) fn cells(ticket: &Ticket) -> [(&'static str, Cell<'_>); WIDTH] {
    let Ticket { contract, model, warranty, offered_to, version, changed_at, waiting_since } = ticket;
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
    } = contract;
    [
        ("id", Cell::number(id.0)),
        ("user_id", Cell::number(owner.0)),
        ("technician_id", Cell::Number(technician.map(|person| person.0))),
        ("status", Cell::text(status.name())),
        ("purchase_date", Cell::Text(purchase_date.as_deref())),
        ("phone", Cell::text(phone)),
        ("device_type", Cell::text(device_type)),
        ("brand", Cell::text(brand)),
        ("description", Cell::text(description)),
        ("image_url", Cell::Text(image_url.as_deref())),
        ("fault_type", Cell::text(fault_type)),
        ("qq", Cell::text(qq)),
        ("campus", Cell::text(campus)),
        ("created_at", Cell::number(created_at.0)),
        ("assigned_at", Cell::Number(assigned_at.map(|time| time.0))),
        ("completed_at", Cell::Number(completed_at.map(|time| time.0))),
        ("model", Cell::text(model)),
        ("warranty", Cell::text(warranty.name())),
        ("offered_to", Cell::Number(offered_to.map(|person| person.0))),
        ("version", Cell::number(*version)),
        ("changed_at", Cell::number(changed_at.0)),
        ("waiting_since", Cell::number(waiting_since.0)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{TicketId, UserId};
    use crate::domain::tickets::event::blank;
    use crate::domain::time::Instant;
    use crate::store::lists::{COLUMNS, MORE_COLUMNS};

    #[test]
    fn what_is_written_is_what_lists_read() {
        let ticket = blank(TicketId(1), UserId(2), Instant(3));

        let written: Vec<&str> = cells(&ticket).map(|(column, _)| column).into();

        let read = format!("{COLUMNS}, {MORE_COLUMNS}");
        assert_eq!(written, read.split(',').map(str::trim).collect::<Vec<_>>());
    }
}
