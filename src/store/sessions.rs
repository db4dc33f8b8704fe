//! Browser sessions, known by the hash of their secret.

use super::people::{Account, AccountRow};
use super::{Db, Tx, on_db, on_tx};
use crate::domain::person::UserId;
use crate::domain::time::Instant;

/// A session and whose it is.
pub struct Session {
    pub account: Account,
    pub created_at: Instant,
    pub last_seen_at: Instant,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    created_at: i64,
    last_seen_at: i64,
    #[sqlx(flatten)]
    account: AccountRow,
}

const FIND: &str = "SELECT s.created_at, s.last_seen_at, u.id, u.role, u.nickname, u.disabled,
        u.password_hash, u.credentials_version
    FROM sessions s
    JOIN users u ON u.id = s.user_id
    WHERE s.secret_hash = $1";

pub async fn find(db: &Db, secret_hash: &str) -> sqlx::Result<Option<Session>> {
    let row: Option<SessionRow> =
        on_db!(db, |conn| sqlx::query_as(FIND).bind(secret_hash).fetch_optional(conn).await?);
    Ok(row.map(|row| Session {
        account: row.account.into(),
        created_at: Instant(row.created_at),
        last_seen_at: Instant(row.last_seen_at),
    }))
}

const INSERT: &str =
    "INSERT INTO sessions (secret_hash, user_id, created_at, last_seen_at) VALUES ($1, $2, $3, $3)";

pub async fn insert(
    tx: &mut Tx,
    secret_hash: &str,
    UserId(user): UserId,
    Instant(now): Instant,
) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT)
        .bind(secret_hash)
        .bind(user)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

const TOUCH: &str = "UPDATE sessions SET last_seen_at = $2 WHERE secret_hash = $1";

pub async fn touch(tx: &mut Tx, secret_hash: &str, Instant(now): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(TOUCH).bind(secret_hash).bind(now).execute(conn).await.map(|_| ()))
}

const DELETE: &str = "DELETE FROM sessions WHERE secret_hash = $1";

pub async fn delete(tx: &mut Tx, secret_hash: &str) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE).bind(secret_hash).execute(conn).await.map(|_| ()))
}

const DELETE_OF_USER: &str = "DELETE FROM sessions WHERE user_id = $1";

pub async fn delete_of_user(tx: &mut Tx, UserId(user): UserId) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OF_USER).bind(user).execute(conn).await.map(|_| ()))
}

const DELETE_OLD: &str = "DELETE FROM sessions WHERE created_at < $1";

pub async fn delete_created_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OLD).bind(time).execute(conn).await.map(|_| ()))
}
