//! Lanes of delivery: mails, and each webhook, are sent one beside the other, so
//! that a receiver that hangs delays nobody else.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

use super::{App, delivery};
use crate::domain::problem::Problem;
use crate::store::outbox::Lane;

/// The name of this work among that of the [background](super::background).
pub const NAME: &str = "deliveries";
/// The time without a look at the outbox after which deliveries are late.
pub const PATIENCE: Duration = Duration::from_secs(120);
const EVERY: Duration = Duration::from_secs(3);
/// More than any sending takes: whatever runs for longer is stuck.
const STUCK: Duration = Duration::from_secs(180);

/// Sends what there is to send, every few seconds, until told to stop by the end
/// of `stop`. Whatever is under way then is finished, or it would be sent again.
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
            // Logged where it failed.
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

/// Lanes that are sending. Dropped, they are broken off.
#[derive(Default)]
struct Lanes {
    running: JoinSet<usize>,
    begun: HashMap<Id, (Lane, Instant)>,
}

impl Lanes {
    /// Lets a lane send, unless it is at it.
    fn begin(&mut self, app: &App, lane: Lane) {
        if self.begun.values().any(|(running, _)| *running == lane) {
            return;
        }
        let (app, sending) = (app.clone(), lane.clone());
        let task = self.running.spawn(async move {
            // What fails is logged where it failed and tried again.
            delivery::run_lane(&app, &sending).await.unwrap_or_default()
        });
        self.begun.insert(task.id(), (lane, Instant::now()));
    }

    /// Returns when a lane has sent something: it may have more.
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
                Ok((_, 0)) => {}
                Ok(_) => return,
                Err(error) => tracing::error!(?lane, %error, "a lane broke off and will begin again"),
            }
        }
    }

    fn is_any_stuck(&self) -> bool {
        self.begun.values().any(|(_, begun)| begun.elapsed() > STUCK)
    }
}
