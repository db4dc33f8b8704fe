//! Links by which people set a password, known by the hash of their secret.

use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::{Tx, dialect, on_tx};

const DELETE_OF_USER: &str = "DELETE FROM invitations WHERE user_id = $1";
const INSERT: &str = "INSERT INTO invitations (secret_hash, user_id, expires_at) VALUES ($1, $2, $3)";

/// Replaces the links of a person by a new one.
pub async fn put(
    tx: &mut Tx,
    secret_hash: &str,
    UserId(user): UserId,
    Instant(expires_at): Instant,
) -> sqlx::Result<()> {
    delete_of_user(tx, UserId(user)).await?;
    add(tx, secret_hash, UserId(user), Instant(expires_at)).await
}

/// Adds a link beside those of the person.
pub async fn add(
    tx: &mut Tx,
    secret_hash: &str,
    UserId(user): UserId,
    Instant(expires_at): Instant,
) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT)
        .bind(secret_hash)
        .bind(user)
        .bind(expires_at)
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

pub async fn forget_expired(tx: &mut Tx, Instant(now): Instant) -> sqlx::Result<()> {
    dialect::delete_free(tx, "invitations", "expires_at <= $1", now).await
}
