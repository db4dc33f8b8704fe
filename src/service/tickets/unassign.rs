//! Leaving the desk: a disabled or changed technician's jobs go back to nobody.

use crate::domain::ids::{TicketId, UserId};
use crate::domain::notifications::preferences::Topic;
use crate::domain::problem::Problem;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::{Dossier, Standing};
use crate::domain::viewer::Role;
use crate::service::transaction::{Entry, Work};
use crate::store::people::accounts;
use crate::store::sign_in::{email_verifications, invitations, known_sources, sessions};
use crate::store::tickets::record;

/// Attempts to find all jobs of a person at rest: nobody is given jobs more often meanwhile.
const TRIES: usize = 10;

/// Keeps somebody out from now on; what they had in hand goes back to nobody.
/// [`Problem::Stale`] where they got a job meanwhile: the same succeeds in a new transaction.
pub async fn disable(work: &mut Work, person: UserId) -> Result<(), Problem> {
    let jobs = hold_jobs(work, person).await?;
    accounts::set_disabled(&mut work.tx, person, true).await?;
    sessions::delete_of_user(&mut work.tx, person).await?;
    invitations::delete_of_user(&mut work.tx, person).await?;
    email_verifications::delete_of_user(&mut work.tx, person).await?;
    known_sources::delete_of_user(&mut work.tx, person).await?;
    unassign_all(work, jobs).await
}

/// Gives somebody a role. A person who leaves the desk by it has no jobs any more;
/// [`Problem::Stale`] as for [`disable`].
pub async fn set_role(work: &mut Work, person: UserId, role: Role) -> Result<(), Problem> {
    let jobs = hold_jobs(work, person).await?;
    accounts::set_role(&mut work.tx, person, role).await?;
    if role == Role::User { unassign_all(work, jobs).await } else { Ok(()) }
}

/// Keeps somebody from getting jobs, and returns their jobs, held. Locks in the order of those who
/// give a job: the tickets, then the person. So one of the two is first, and the other sees what
/// it has done.
async fn hold_jobs(work: &mut Work, person: UserId) -> Result<Vec<TicketId>, Problem> {
    let held = record::jobs(&mut work.tx, person).await?;
    for ticket in &held {
        record::hold(&mut work.tx, *ticket).await?;
    }
    record::hold_jobs(&mut work.tx, person).await?;
    let jobs = record::jobs(&mut work.tx, person).await?;
    // To hold one more now would be the other order.
    if jobs.iter().all(|job| held.contains(job)) { Ok(jobs) } else { Err(Problem::Stale) }
}

async fn unassign_all(work: &mut Work, jobs: Vec<TicketId>) -> Result<(), Problem> {
    for id in jobs {
        let job = work.find(id).await?.for_upkeep();
        unassign(work, job).await?;
    }
    Ok(())
}

/// Gives a ticket back to nobody, and tells the admins.
pub async fn unassign(work: &mut Work, dossier: Dossier) -> Result<(), Problem> {
    let to = Standing { status: Status::Pending, technician: None, offered_to: None };
    let entry = Entry { actor: None, kind: Kind::Orphaned, note: String::new(), changes: Vec::new() };
    let event = work.advance(dossier, to, entry).await?;
    for admin in accounts::admins(&mut work.tx).await? {
        work.tell(admin, Topic::Turn, &event).await?;
    }
    Ok(())
}

/// Repeats a change of somebody until they get no job while it is made.
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
