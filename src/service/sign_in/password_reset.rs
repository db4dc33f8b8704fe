//! New passwords for people who forgot theirs, by a link to the mailbox they gave.
//!
//! The request is answered before any account is looked up, so that neither the answer nor its
//! duration tells which accounts exist. The server that sends mails looks up the accounts of a
//! name, and makes the link while it sends it: no stored message lets anybody in.

use std::net::IpAddr;

use super::throttle;
use crate::domain::people::registration::check_login;
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::service::App;
use crate::service::security_log::{self, Event, Outcome};
use crate::store::Tx;
use crate::store::notifications::outbox;
use crate::store::sign_in::{invitations, password_resets};

pub const LINK_MINUTES: i64 = 60;
pub(crate) const LINK_SECONDS: i64 = LINK_MINUTES * 60;
/// Limit, so that no mailbox is filled by others.
const LINKS_AT_A_TIME: i64 = 3;

pub async fn ask(app: &App, address: IpAddr, typed: &str) -> Result<(), Problem> {
    if app.site.mailer.is_none() {
        return Err(Problem::NotFound);
    }
    let login = check_login(typed).map_err(|(input, reason)| Problem::BadInput { input, reason })?;
    let log = |outcome| security_log::write(Event::ResetAsked, outcome, None, Some(address));
    throttle::ask_for_link(app, address, &login).await.inspect_err(|_| log(Outcome::Throttled))?;
    let mut tx = app.db.begin().await?;
    password_resets::insert(&mut tx, &login, app.clock.now()).await?;
    tx.commit().await?;
    log(Outcome::Done);
    Ok(())
}

/// Queues a mail for every person whom a typed login stands for.
pub(crate) async fn look_up(tx: &mut Tx, now: Instant) -> Result<(), Problem> {
    for login in password_resets::take(tx, now).await? {
        for person in password_resets::whom(tx, &login).await? {
            if invitations::count_ending(tx, person, now, now.plus(LINK_SECONDS)).await? < LINKS_AT_A_TIME {
                outbox::mail_link(tx, person, now).await?;
            }
        }
    }
    Ok(())
}
