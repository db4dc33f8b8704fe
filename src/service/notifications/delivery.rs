//! Delivery of notifications beyond the desk: mails, webhooks.
//!
//! A verb puts a message into the outbox, in its own transaction; here it is taken out and sent. A
//! server that takes a message has it for a while; if it does not report by then, the next one
//! sends it. So a crash loses nothing, and in the worst case something arrives twice, recognisably
//! the same.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::join_all;
use tokio::time::timeout;

use super::mailer::Hanging;
use super::webhook_client::Webhooks;
use super::{Trouble, mail, webhooks};
use crate::domain::problem::Problem;
use crate::service::sign_in::password_reset;
use crate::service::{App, background};
use crate::store::notifications::outbox::{self, Lane, Message, Receiver};
use crate::store::sign_in::password_resets;
use crate::store::tickets::events;

/// Most messages of a lane that are sent at a time.
const BATCH: i64 = 8;
/// Longest time for one message, with all reads for it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Seconds that a server has a message for: far more than its patience.
const LEASE: i64 = 300;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// Seconds to wait after the first failed try, the second and so on.
const BACK_OFF: [i64; 5] = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 24 * HOUR];
/// Age in seconds of untried messages that no receiver needs any more.
pub const KEPT: i64 = 48 * HOUR;

/// Result of one round of a lane.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sent {
    pub messages: usize,
    /// `true` if the receiver hangs: some were broken off, and none arrived.
    pub receiver_hangs: bool,
}

/// End of one attempt to deliver a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Arrived,
    Failed,
    Hung,
}

/// Sends some of the due messages of all lanes; returns their number. Any number of servers may do
/// it at the same time.
pub async fn run_once(app: &App) -> Result<usize, Problem> {
    let lanes = lanes_due(app).await?;
    let sent = join_all(lanes.iter().map(|lane| run_lane(app, lane))).await;
    sent.into_iter().map(|sent| Ok(sent?.messages)).sum()
}

/// Returns the lanes with messages due.
pub(crate) async fn lanes_due(app: &App) -> Result<Vec<Lane>, Problem> {
    let now = app.clock.now();
    if password_resets::is_any_due(&app.db, now).await? {
        let mut tx = app.db.begin().await?;
        password_reset::look_up(&mut tx, now).await?;
        tx.commit().await?;
    }
    let webhooks = app.site.webhooks.as_ref().map(Webhooks::urls).unwrap_or_default();
    Ok(outbox::lanes_due(&app.db, webhooks, now).await?)
}

/// Sends some of a lane's due messages.
pub(crate) async fn run_lane(app: &App, lane: &Lane) -> Result<Sent, Problem> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let messages = outbox::take(&mut tx, lane, now, now.plus(LEASE), BATCH).await?;
    tx.commit().await?;
    let done = join_all(messages.iter().map(|message| deliver(app, message))).await;
    let ended: Vec<Ended> = done.into_iter().collect::<Result<_, Problem>>()?;
    let receiver_hangs = ended.contains(&Ended::Hung) && !ended.contains(&Ended::Arrived);
    Ok(Sent { messages: messages.len(), receiver_hangs })
}

async fn deliver(app: &App, message: &Message) -> Result<Ended, Problem> {
    // A message that makes the server panic is tried again and given up like any other.
    let sent = AssertUnwindSafe(timeout(PATIENCE, send(app, message))).catch_unwind().await;
    let sent = match sent {
        Ok(sent) => sent.unwrap_or_else(|_| Err("no answer in time".into())),
        Err(panic) => Err(format!("panicked: {}", background::words(&*panic)).into()),
    };
    let ended = match &sent {
        Ok(()) => Ended::Arrived,
        Err(error) if error.is::<Hanging>() => Ended::Hung,
        Err(_) => Ended::Failed,
    };
    let mut tx = app.db.begin().await?;
    match (sent, wait_after(message.attempts)) {
        (Ok(()), _) => outbox::remove(&mut tx, message).await?,
        (Err(error), Some(wait)) => {
            let Message { ticket, number, attempts, .. } = message;
            tracing::warn!(%ticket, number, attempts, %error, "not delivered, will be tried again");
            outbox::put_off(&mut tx, message, app.clock.now().plus(wait)).await?;
        }
        (Err(error), None) => {
            let Message { to, ticket, number, .. } = message;
            tracing::error!(?to, %ticket, number, %error, "not delivered, given up");
            outbox::remove(&mut tx, message).await?;
        }
    }
    tx.commit().await?;
    Ok(ended)
}

/// Seconds to wait after that try; `None` where it was the last.
fn wait_after(attempts: i64) -> Option<i64> {
    let index = usize::try_from(attempts).ok()?.checked_sub(1)?;
    BACK_OFF.get(index).copied()
}

/// Sends a message, unless its subject is gone meanwhile, or switched off.
async fn send(app: &App, message: &Message) -> Result<(), Trouble> {
    if let (Receiver::Mailbox(user), true) = (&message.to, message.is_link()) {
        return mail::send_link(app, *user).await;
    }
    if let (Receiver::Mailbox(user), Some(number)) = (&message.to, message.account_mail()) {
        return mail::send_about_account(app, *user, number).await;
    }
    let Message { to, ticket, number, last, .. } = message;
    let mut events = events::between(&app.db, *ticket, *number, *last).await?.into_iter();
    let Some(first) = events.next() else { return Ok(()) };
    match to {
        Receiver::Mailbox(user) => {
            let others = events.filter(|event| (event.kind, event.actor) == (first.kind, first.actor));
            mail::send(app, *user, &first, others.collect()).await
        }
        Receiver::Webhook(url) => webhooks::send(app, url, first).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends() {
        let waits: Vec<Option<i64>> = (0..8).map(wait_after).collect();

        assert_eq!(waits[0], None);
        assert_eq!(waits[1..6], [60, 300, 1_800, 7_200, 86_400].map(Some));
        assert_eq!(waits[6..], [None, None]);
        assert!(BACK_OFF.iter().all(|wait| *wait < KEPT));
    }
}
