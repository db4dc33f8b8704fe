//! Nicknames by which somebody would be taken for the desk or for an admin.

use super::site::Site;
use crate::domain::details::Reason;
use crate::domain::person::{Role, UserId};
use crate::domain::problem::{Input, Problem};
use crate::domain::validation::{fold, poses_as_staff};
use crate::store::{Tx, people};

/// Refuses a nickname that somebody may not give themselves. Admins may be called what
/// they are.
pub async fn refuse(
    tx: &mut Tx,
    site: &Site,
    (person, role): (UserId, Role),
    nickname: &str,
) -> Result<(), Problem> {
    if role == Role::Admin {
        return Ok(());
    }
    let key = fold(nickname);
    let is_desk = poses_as_staff(nickname) || key == fold(&site.name);
    if is_desk || people::is_called_as_an_admin(tx, person, &key).await? {
        return Err(Problem::BadInput { input: Input::Nickname, reason: Reason::LikeStaff });
    }
    Ok(())
}
