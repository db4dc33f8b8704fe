//! Lanes of delivery: mails, and each webhook, are sent in parallel, so that a receiver that hangs
//! delays no other. The messages for one that hangs are put off together, or each batch would wait
//! for it anew.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

use super::delivery::{self, Sent};
use crate::domain::problem::Problem;
use crate::service::App;
use crate::store::notifications::outbox::Lane;

/// Name of this work among that of the [background](crate::service::background).
pub const NAME: &str = "deliveries";
/// Time without a look at the outbox after which deliveries are late.
pub const PATIENCE: Duration = Duration::from_secs(120);
const EVERY: Duration = Duration::from_secs(3);
/// Pause of a lane whose receiver hangs: tried messages are tried again after it, too.
const PAUSE: Duration = Duration::from_secs(60);
/// Limit beyond which a sending lane is stuck: more than any sending takes.
const STUCK: Duration = Duration::from_secs(180);

/// Sends due messages, every few seconds, until the end of `stop`. Those under way then are
/// finished, or they would be sent again.
pub async fn keep_delivering(app: &App, mut stop: watch::Receiver<()>) {
    let mut lanes = Lanes::default();
    loop {
        match delivery::lanes_due(app).await {
            Ok(due) => {
                due.into_iter().for_each(|lane| lanes.begin(app, lane));
                if !lanes.is_any_stuck() {
                    app.background.succeeded(NAME);
                }
            }
            // Logged where they arose.
            Err(Problem::Unavailable { .. } | Problem::NoDatabase { .. }) => {}
            Err(problem) => tracing::error!(%problem, "nothing can be delivered"),
        }
        tokio::select! {
            biased;
            _ = stop.changed() => break,
            () = lanes.one_has_sent() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
    while lanes.running.join_next().await.is_some() {}
}

/// Lanes that are sending. Dropping it breaks them off.
#[derive(Default)]
struct Lanes {
    running: JoinSet<Sent>,
    begun: HashMap<Id, (Lane, Instant)>,
    paused_until: HashMap<Lane, Instant>,
}

impl Lanes {
    /// Lets a lane send, unless it is sending or paused.
    fn begin(&mut self, app: &App, lane: Lane) {
        let is_paused = self.paused_until.get(&lane).is_some_and(|until| Instant::now() < *until);
        if is_paused || self.begun.values().any(|(running, _)| *running == lane) {
            return;
        }
        let (app, sending) = (app.clone(), lane.clone());
        let task = self.running.spawn(async move {
            // Failures are logged where they arise, and tried again.
            delivery::run_lane(&app, &sending).await.unwrap_or_default()
        });
        self.begun.insert(task.id(), (lane, Instant::now()));
    }

    /// Returns when a lane has sent something: more may be due.
    async fn one_has_sent(&mut self) {
        loop {
            let Some(ended) = self.running.join_next_with_id().await else {
                return std::future::pending().await;
            };
            let id = match &ended {
                Ok((id, _)) => *id,
                Err(error) => error.id(),
            };
            let lane = self.begun.remove(&id).map(|(lane, _)| lane);
            match ended {
                Ok((_, Sent { messages: 0, .. })) => {}
                Ok((_, sent)) => {
                    if let Some(lane) = lane.filter(|_| sent.receiver_hangs) {
                        self.pause(lane);
                    }
                    return;
                }
                Err(error) => tracing::error!(?lane, %error, "a lane broke off and will begin again"),
            }
        }
    }

    fn pause(&mut self, lane: Lane) {
        let seconds = PAUSE.as_secs();
        tracing::warn!(?lane, seconds, "the receiver hangs: whatever waits for it is put off together");
        self.paused_until.insert(lane, Instant::now() + PAUSE);
    }

    fn is_any_stuck(&self) -> bool {
        self.begun.values().any(|(_, begun)| begun.elapsed() > STUCK)
    }
}
