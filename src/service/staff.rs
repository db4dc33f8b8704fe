//! Who works at the desk, and what becomes of their jobs when they leave it.

use super::upkeep::orphan_jobs;
use super::work::Work;
use crate::domain::person::{Role, UserId};
use crate::domain::problem::Problem;
use crate::store::{email_verifications, invitations, known_sources, people, sessions};

/// Keeps somebody out from now on; what they had in hand goes back to nobody.
pub async fn disable(work: &mut Work, person: UserId) -> Result<(), Problem> {
    people::set_disabled(&mut work.tx, person, true).await?;
    sessions::delete_of_user(&mut work.tx, person).await?;
    invitations::delete_of_user(&mut work.tx, person).await?;
    email_verifications::delete_of_user(&mut work.tx, person).await?;
    known_sources::delete_of_user(&mut work.tx, person).await?;
    orphan_jobs(work, person).await
}

/// Whoever does not work at the desk any more has no jobs.
pub async fn set_role(work: &mut Work, person: UserId, role: Role) -> Result<(), Problem> {
    people::set_role(&mut work.tx, person, role).await?;
    if role == Role::User { orphan_jobs(work, person).await } else { Ok(()) }
}
