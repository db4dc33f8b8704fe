//! A ticket whose technician leaves: it waits for another.

use crate::domain::notifications::preferences::Topic;
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::{Ticket, TicketState};
use crate::service::transaction::{NewEvent, TicketTransaction};
use crate::store::people::accounts;

/// Removes a ticket's technician, and notifies admins.
pub async fn unassign(transaction: &mut TicketTransaction, ticket: Ticket) -> Result<(), Problem> {
    let to = TicketState { status: Status::Pending, technician: None, offered_to: None };
    let entry = NewEvent { actor: None, kind: Kind::Unassigned, note: String::new(), changes: Vec::new() };
    let event = transaction.advance(&ticket, to, entry).await?;
    for admin in accounts::admins(&mut transaction.tx).await? {
        transaction.notify(admin, Topic::Turn, &event).await?;
    }
    Ok(())
}
