//! Links by which people set a password, known by the hash of their secret.

use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::{Tx, dialect, on_tx};

const DELETE_OF_USER: &str = "DELETE FROM invitations WHERE user_id = $1";
const DELETE_MAILED: &str = "DELETE FROM invitations WHERE user_id = $1 AND is_mailed";
const INSERT: &str =
    "INSERT INTO invitations (secret_hash, user_id, expires_at, is_mailed) VALUES ($1, $2, $3, $4)";

/// Replaces the links of a person by a new one, which an admin hands out.
pub async fn put(tx: &mut Tx, secret_hash: &str, user: UserId, expires_at: Instant) -> sqlx::Result<()> {
    delete_of_user(tx, user).await?;
    insert(tx, secret_hash, user, expires_at, false).await
}

/// Adds a link that is mailed, beside those of the person.
pub async fn add_mailed(
    tx: &mut Tx,
    secret_hash: &str,
    user: UserId,
    expires_at: Instant,
) -> sqlx::Result<()> {
    insert(tx, secret_hash, user, expires_at, true).await
}

async fn insert(
    tx: &mut Tx,
    secret_hash: &str,
    UserId(user): UserId,
    Instant(expires_at): Instant,
    is_mailed: bool,
) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT)
        .bind(secret_hash)
        .bind(user)
        .bind(expires_at)
        .bind(is_mailed)
        .execute(conn)
        .await
        .map(|_| ()))
}

const FIND: &str = "SELECT user_id FROM invitations WHERE secret_hash = $1 AND expires_at > $2";

/// Person of a link, while it is valid.
pub async fn find(tx: &mut Tx, secret_hash: &str, Instant(now): Instant) -> sqlx::Result<Option<UserId>> {
    let id: Option<i64> =
        on_tx!(tx, |conn| sqlx::query_scalar(FIND).bind(secret_hash).bind(now).fetch_optional(conn).await?);
    Ok(id.map(UserId))
}

const TAKE: &str = "DELETE FROM invitations WHERE secret_hash = $1 AND expires_at > $2 RETURNING user_id";

/// Uses a link up: of two uses at once, one finds it.
pub async fn take(tx: &mut Tx, secret_hash: &str, Instant(now): Instant) -> sqlx::Result<Option<UserId>> {
    let user: Option<i64> = on_tx!(tx, |conn| {
        sqlx::query_scalar(TAKE).bind(secret_hash).bind(now).fetch_optional(conn).await?
    });
    Ok(user.map(UserId))
}

const COUNT: &str =
    "SELECT COUNT(*) FROM invitations WHERE user_id = $1 AND expires_at > $2 AND expires_at <= $3";

/// Number of a person's links that are valid now and end until `then`.
pub async fn count_ending(
    tx: &mut Tx,
    UserId(user): UserId,
    Instant(now): Instant,
    Instant(then): Instant,
) -> sqlx::Result<i64> {
    on_tx!(tx, |conn| sqlx::query_scalar(COUNT).bind(user).bind(now).bind(then).fetch_one(conn).await)
}

/// Deletes a person's links: a use, or another way in, ends them.
pub async fn delete_of_user(tx: &mut Tx, UserId(user): UserId) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OF_USER).bind(user).execute(conn).await.map(|_| ()))
}

/// Deletes the links that were mailed to a person.
pub async fn delete_mailed_of_user(tx: &mut Tx, UserId(user): UserId) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_MAILED).bind(user).execute(conn).await.map(|_| ()))
}

pub async fn forget_expired(tx: &mut Tx, Instant(now): Instant) -> sqlx::Result<()> {
    dialect::delete_free(tx, "invitations", "expires_at <= $1", now).await
}
