//! Browser sessions: begun at sign-in, ended by sign-out, idleness or age.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::domain::ids::UserId;
use crate::domain::notifications::inbox::Counts;
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::domain::viewer::Viewer;
use crate::service::answers::{Bulky, Found};
use crate::service::notifications::inbox::COUNTED;
use crate::service::{App, hex, random_hex};
use crate::store::Tx;
use crate::store::changes::Generation;
use crate::store::sign_in::sessions;

const DAY: i64 = 24 * 3600;
pub const IDLE_LIMIT_SECONDS: i64 = 7 * DAY;
pub const ABSOLUTE_LIMIT_SECONDS: i64 = 30 * DAY;
/// Seconds between two records that a session was seen.
const TOUCH_EVERY_SECONDS: i64 = 300;
const TOUCH_PATIENCE: Duration = Duration::from_secs(1);

/// Session of a browser's request; `None` if not signed in.
#[derive(Clone)]
pub struct SessionState(pub Result<Option<Session>, Problem>);

/// A valid session, and for how long that may be relied upon.
#[derive(Clone)]
pub struct Session {
    pub viewer: Viewer,
    /// Counts for its pages.
    pub counts: Counts,
    /// The state of the database in which it was read, if known.
    pub as_of: Option<Generation>,
    /// Time until which it holds while nothing is written.
    pub until: Instant,
}

impl Bulky for Session {
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.viewer.nickname.len()
    }
}

/// Value of the cookie. The database only has its hash.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn from_cookie(text: &str) -> Option<Self> {
        let plain = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> String {
        hex(&Sha256::digest(&self.0))
    }
}

/// Begins a session, with a new secret: one from before the sign-in is worth nothing.
pub async fn begin(tx: &mut Tx, user: UserId, now: Instant) -> Result<Secret, Problem> {
    let secret = Secret(random_hex::<32>());
    sessions::delete_created_before(tx, now.minus(ABSOLUTE_LIMIT_SECONDS)).await?;
    sessions::insert(tx, &secret.hash(), user, now).await?;
    Ok(secret)
}

/// Finds a session for a read: it may have been read before, as with [all that is
/// kept](crate::service::answers).
pub async fn visit(app: &App, secret: &Secret) -> Result<Option<Session>, Problem> {
    let as_of = match app.answers.visits.find(app, secret.as_str(), "") {
        Found::Answer(visit) => return Ok(Some(visit)),
        Found::Nothing(as_of) => as_of,
    };
    let visit = visit_now(app, secret).await?.map(|visit| Session { as_of, ..visit });
    if let (Some(as_of), Some(visit)) = (as_of, &visit) {
        app.answers.visits.keep(as_of, secret.as_str(), "", visit.until, visit.clone());
    }
    Ok(visit)
}

/// Reads a session that is still valid.
pub async fn visit_now(app: &App, secret: &Secret) -> Result<Option<Session>, Problem> {
    let hash = secret.hash();
    let Some(session) = sessions::find(&app.db, &hash, COUNTED).await? else { return Ok(None) };
    let now = app.clock.now();
    let end = session.created_at.plus(ABSOLUTE_LIMIT_SECONDS);
    let alive = now < session.last_seen_at.plus(IDLE_LIMIT_SECONDS) && now < end && !session.account.disabled;
    if !alive {
        return Ok(None);
    }
    let mut seen_at = session.last_seen_at;
    if now >= seen_at.plus(TOUCH_EVERY_SECONDS) {
        touch(app, &hash, now).await;
        // After a failure, too: not tried again with every page.
        seen_at = now;
    }
    let until = end.min(seen_at.plus(TOUCH_EVERY_SECONDS));
    Ok(Some(Session { viewer: session.account.viewer, counts: session.counts, as_of: None, until }))
}

/// Records that a session was seen, if that can be done at once: its page does not wait for it, and
/// is none the worse without.
async fn touch(app: &App, hash: &str, now: Instant) {
    let touched = tokio::time::timeout(TOUCH_PATIENCE, async {
        let mut tx = app.db.begin().await?;
        sessions::touch(&mut tx, hash, now).await?;
        tx.commit().await
    });
    match touched.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "a session was not written down as seen"),
        Err(_) => tracing::warn!("a session was not written down as seen in time"),
    }
}

pub async fn end(app: &App, secret: &Secret) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    sessions::delete(&mut tx, &secret.hash()).await?;
    tx.commit().await?;
    Ok(())
}
