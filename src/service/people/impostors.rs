//! Nicknames that would pass for the desk or for an admin.

use crate::domain::ids::UserId;
use crate::domain::input::{Input, Reason};
use crate::domain::problem::Problem;
use crate::domain::validation::{poses_as_staff, read_alike};
use crate::domain::viewer::Role;
use crate::service::settings::Site;
use crate::store::Tx;
use crate::store::people::accounts;

/// Refuses a nickname that only the desk or an admin may have. Admins may be called what they are.
pub async fn refuse(
    tx: &mut Tx,
    site: &Site,
    (person, role): (UserId, Role),
    nickname: &str,
) -> Result<(), Problem> {
    if role == Role::Admin {
        return Ok(());
    }
    let is_desk = poses_as_staff(nickname) || read_alike(nickname, &site.name);
    let admins = accounts::names_of_admins(tx, person).await?;
    if is_desk || admins.iter().any(|name| read_alike(nickname, name)) {
        return Err(Problem::BadInput { input: Input::Nickname, reason: Reason::LikeStaff });
    }
    Ok(())
}
