//! Leaving the desk: a disabled or changed technician's jobs go back to nobody.

use crate::domain::people::person::{Role, UserId};
use crate::domain::problem::Problem;
use crate::service::maintenance::orphan_jobs;
use crate::service::transaction::Work;
use crate::store::people::accounts;
use crate::store::sign_in::{email_verifications, invitations, known_sources, sessions};
use crate::store::tickets::record;

/// Attempts to find all jobs of a person at rest: nobody is given jobs more often meanwhile.
const TRIES: usize = 10;

/// Keeps somebody out from now on; what they had in hand goes back to nobody.
/// [`Problem::Stale`] where they got a job meanwhile: the same succeeds in a new transaction.
pub async fn disable(work: &mut Work, person: UserId) -> Result<(), Problem> {
    hold_hands(work, person).await?;
    accounts::set_disabled(&mut work.tx, person, true).await?;
    sessions::delete_of_user(&mut work.tx, person).await?;
    invitations::delete_of_user(&mut work.tx, person).await?;
    email_verifications::delete_of_user(&mut work.tx, person).await?;
    known_sources::delete_of_user(&mut work.tx, person).await?;
    orphan_jobs(work, person).await
}

/// Gives somebody a role. Whoever does not work at the desk any more has no jobs;
/// [`Problem::Stale`] as for [`disable`].
pub async fn set_role(work: &mut Work, person: UserId, role: Role) -> Result<(), Problem> {
    hold_hands(work, person).await?;
    accounts::set_role(&mut work.tx, person, role).await?;
    if role == Role::User { orphan_jobs(work, person).await } else { Ok(()) }
}

/// Keeps somebody from getting jobs, and what they have in hand from everybody else. In the
/// order of whoever gives a job: the tickets, then the person. So either of the two is
/// first, and the other sees what it has done.
async fn hold_hands(work: &mut Work, person: UserId) -> Result<(), Problem> {
    let held = record::jobs(&mut work.tx, person).await?;
    for ticket in &held {
        record::hold(&mut work.tx, *ticket).await?;
    }
    record::hold_jobs(&mut work.tx, person).await?;
    let jobs = record::jobs(&mut work.tx, person).await?;
    // To hold one more now would be the other order.
    if jobs.iter().all(|job| held.contains(job)) { Ok(()) } else { Err(Problem::Stale) }
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
