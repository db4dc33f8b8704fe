//! Links by which people prove that they read an address's mails, known by the hash of their secret.

use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::{Tx, on_tx};

const INSERT: &str =
    "INSERT INTO email_verifications (secret_hash, user_id, email, expires_at) VALUES ($1, $2, $3, $4)";

pub async fn insert(
    tx: &mut Tx,
    secret_hash: &str,
    UserId(user): UserId,
    email: &str,
    Instant(expires_at): Instant,
) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT)
        .bind(secret_hash)
        .bind(user)
        .bind(email)
        .bind(expires_at)
        .execute(conn)
        .await
        .map(|_| ()))
}

const TAKE: &str = "DELETE FROM email_verifications WHERE secret_hash = $1 AND expires_at > $2
    RETURNING user_id, email";

/// Uses a valid link up; returns its person and address.
pub async fn take(
    tx: &mut Tx,
    secret_hash: &str,
    Instant(now): Instant,
) -> sqlx::Result<Option<(UserId, String)>> {
    let row: Option<(i64, String)> =
        on_tx!(tx, |conn| sqlx::query_as(TAKE).bind(secret_hash).bind(now).fetch_optional(conn).await?);
    Ok(row.map(|(user, email)| (UserId(user), email)))
}

const DELETE_OF_USER: &str = "DELETE FROM email_verifications WHERE user_id = $1";

pub async fn delete_of_user(tx: &mut Tx, UserId(user): UserId) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OF_USER).bind(user).execute(conn).await.map(|_| ()))
}

const DELETE_OLD: &str = "DELETE FROM email_verifications WHERE expires_at <= $1";

pub async fn forget_expired(tx: &mut Tx, Instant(now): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OLD).bind(now).execute(conn).await.map(|_| ()))
}
