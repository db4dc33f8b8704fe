//! Browsers and addresses from which people have signed in, known by hashes.

use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, on_tx};

const FIND: &str = "SELECT source FROM known_sources WHERE source IN ($1, $2)";

/// Returns those of two sources that are known.
pub async fn find(db: &Db, [one, other]: [&str; 2]) -> sqlx::Result<Vec<String>> {
    Statement::of(FIND).value(one).value(other).fetch_column(db, "source").await
}

const PUT: &str = "INSERT INTO known_sources (source, user_id, seen_at) VALUES ($1, $2, $3)
    ON CONFLICT (source) DO UPDATE SET seen_at = excluded.seen_at";

pub async fn put(tx: &mut Tx, source: &str, UserId(user): UserId, Instant(now): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(PUT).bind(source).bind(user).bind(now).execute(conn).await.map(|_| ()))
}

const DELETE_OF_USER: &str = "DELETE FROM known_sources WHERE user_id = $1";

pub async fn delete_of_user(tx: &mut Tx, UserId(user): UserId) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OF_USER).bind(user).execute(conn).await.map(|_| ()))
}

const DELETE_OLD: &str = "DELETE FROM known_sources WHERE seen_at < $1";

pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OLD).bind(time).execute(conn).await.map(|_| ()))
}
