//! Leaving the desk: a disabled or former technician's tickets are unassigned.

use crate::domain::ids::{TicketId, UserId};
use crate::domain::problem::Problem;
use crate::domain::viewer::Role;
use crate::service::tickets::unassign::unassign;
use crate::service::transaction::TicketTransaction;
use crate::store::people::accounts;
use crate::store::sign_in::{email_verifications, invitations, known_sources, sessions};
use crate::store::tickets::record;

/// Attempts to find a person's jobs unchanged: no one gets new jobs more often meanwhile.
const TRIES: usize = 40;

/// Disables a person, and unassigns their tickets. [`Problem::Stale`] if they got a job meanwhile:
/// the same succeeds in a new transaction.
pub async fn disable(transaction: &mut TicketTransaction, person: UserId) -> Result<(), Problem> {
    let jobs = hold_jobs(transaction, person).await?;
    accounts::set_disabled(&mut transaction.tx, person, true).await?;
    sessions::delete_of_user(&mut transaction.tx, person).await?;
    invitations::delete_of_user(&mut transaction.tx, person).await?;
    email_verifications::delete_of_user(&mut transaction.tx, person).await?;
    known_sources::delete_of_user(&mut transaction.tx, person).await?;
    unassign_all(transaction, jobs).await
}

/// Sets a person's role. A technician who becomes a requester has no jobs any more;
/// [`Problem::Stale`] as for [`disable`].
pub async fn set_role(
    transaction: &mut TicketTransaction,
    person: UserId,
    role: Role,
) -> Result<(), Problem> {
    let jobs = hold_jobs(transaction, person).await?;
    accounts::set_role(&mut transaction.tx, person, role).await?;
    if role == Role::User { unassign_all(transaction, jobs).await } else { Ok(()) }
}

/// Keeps a person from getting jobs, and returns their jobs, locked. The order of locks is that of
/// assigning: the tickets, then the person. So one transaction is first, and the other sees its
/// changes.
async fn hold_jobs(transaction: &mut TicketTransaction, person: UserId) -> Result<Vec<TicketId>, Problem> {
    let held = record::jobs(&mut transaction.tx, person).await?;
    for ticket in &held {
        record::hold(&mut transaction.tx, *ticket).await?;
    }
    record::hold_jobs(&mut transaction.tx, person).await?;
    let jobs = record::jobs(&mut transaction.tx, person).await?;
    // Another lock now would break the order.
    if jobs.iter().all(|job| held.contains(job)) { Ok(jobs) } else { Err(Problem::Stale) }
}

async fn unassign_all(transaction: &mut TicketTransaction, jobs: Vec<TicketId>) -> Result<(), Problem> {
    for id in jobs {
        let job = transaction.find(id).await?.for_maintenance();
        unassign(transaction, job).await?;
    }
    Ok(())
}

/// Repeats a change of a person until they get no job while it is made.
pub async fn until_settled<T, F>(change: impl Fn() -> F) -> Result<T, Problem>
where
    F: Future<Output = Result<T, Problem>> + Send,
{
    for _ in 1..TRIES {
        match change().await {
            Err(Problem::Stale) => {}
            settled => return settled,
        }
    }
    change().await
}
