//! Browser sessions: begun at sign-in, ended by sign-out, idleness or age.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::domain::ids::UserId;
use crate::domain::notifications::inbox::Counts;
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::domain::viewer::Viewer;
use crate::service::notifications::inbox::COUNTED;
use crate::service::{App, hex, random_hex};
use crate::store::Tx;
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

/// Who is at a browser.
#[derive(Clone)]
pub struct Session {
    pub viewer: Viewer,
    /// Counts for its pages.
    pub counts: Counts,
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

/// Reads a session that is still valid.
pub async fn resolve(app: &App, secret: &Secret) -> Result<Option<Session>, Problem> {
    let hash = secret.hash();
    let Some(session) = sessions::find(&app.db, &hash, COUNTED).await? else { return Ok(None) };
    let now = app.clock.now();
    let end = session.created_at.plus(ABSOLUTE_LIMIT_SECONDS);
    let alive = now < session.last_seen_at.plus(IDLE_LIMIT_SECONDS) && now < end && !session.account.disabled;
    if !alive {
        return Ok(None);
    }
    if now >= session.last_seen_at.plus(TOUCH_EVERY_SECONDS) {
        touch(app, &hash, now).await;
    }
    Ok(Some(Session { viewer: session.account.viewer, counts: session.counts }))
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
