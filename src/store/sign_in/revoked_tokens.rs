//! Tokens revoked before their time, known by their `jti`.

use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::columns::row;
use crate::store::people::accounts::{Account, AccountRow};
use crate::store::sql::Statement;
use crate::store::{Db, Tx, dialect, on_tx};

/// The account of a token, and whether the token was revoked.
pub struct Bearer {
    pub account: Account,
    pub is_revoked: bool,
}

row! {
    pub(crate) struct BearerRow {
        account: AccountRow,
        is_revoked: bool,
    }
}

impl From<BearerRow> for Bearer {
    fn from(row: BearerRow) -> Self {
        Self { account: row.account.into(), is_revoked: row.is_revoked }
    }
}

const BEARER: &str = "SELECT id, role, nickname, disabled, password_hash, credentials_version,
        EXISTS (SELECT 1 FROM revoked_tokens WHERE token_id = $2) AS is_revoked
    FROM users WHERE id = $1";

/// Reads both in one statement: every REST call begins with it.
pub async fn bearer(db: &Db, UserId(id): UserId, token_id: &str) -> sqlx::Result<Option<Bearer>> {
    let row: Option<BearerRow> = Statement::of(BEARER).value(id).value(token_id).fetch_optional(db).await?;
    Ok(row.map(Bearer::from))
}

/// Revoking a token twice is no error: two calls may come at once.
const INSERT: &str =
    "INSERT INTO revoked_tokens (token_id, expires_at) VALUES ($1, $2) ON CONFLICT (token_id) DO NOTHING";

pub async fn insert(tx: &mut Tx, token_id: &str, Instant(expires_at): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT).bind(token_id).bind(expires_at).execute(conn).await.map(|_| ()))
}

pub async fn forget_expired(tx: &mut Tx, Instant(now): Instant) -> sqlx::Result<()> {
    dialect::delete_free(tx, "revoked_tokens", "expires_at <= $1", now).await
}
