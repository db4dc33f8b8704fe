//! Browser sessions, known by the hash of their secret.

use crate::domain::ids::UserId;
use crate::domain::notifications::inbox::Counts;
use crate::domain::time::Instant;
use crate::domain::viewer::Role;
use crate::store::columns::row;
use crate::store::lists::{Subject, push_waiting};
use crate::store::people::accounts::{Account, AccountRow};
use crate::store::sql::Statement;
use crate::store::{Db, Tx, dialect, on_tx};

/// A session, its account, and the counts for its pages.
pub struct Session {
    pub account: Account,
    pub created_at: Instant,
    pub last_seen_at: Instant,
    pub counts: Counts,
}

row! {
    struct SessionRow {
        created_at: i64,
        last_seen_at: i64,
        account: AccountRow,
        unread: i64,
        waiting: i64,
    }
}

const FIND: &str = "SELECT s.created_at, s.last_seen_at, u.id, u.role, u.nickname, u.disabled,
        u.password_hash, u.credentials_version";
const UNREAD: &str = ", (SELECT COUNT(*) FROM (
        SELECT id FROM notifications WHERE user_id = u.id AND read_at IS NULL LIMIT ";
const OF_SESSION: &str = " FROM sessions s
    JOIN users u ON u.id = s.user_id
    WHERE s.secret_hash = ";

/// Reads a session in one statement: every page begins with it. Counting ends at `most`.
pub async fn find(db: &Db, secret_hash: &str, most: i64) -> sqlx::Result<Option<Session>> {
    let mut sql = Statement::default();
    sql.push(FIND);
    sql.push(UNREAD).push_number(most).push(") AS counted) AS unread, CASE u.role");
    for role in Role::ALL {
        sql.push(" WHEN '").push(role.name()).push("' THEN (SELECT COUNT(*) FROM (SELECT id FROM (");
        push_waiting(&mut sql, Subject::Column("u.id"), role);
        sql.push(") AS waiting LIMIT ").push_number(most).push(") AS counted)");
    }
    sql.push(" END AS waiting").push(OF_SESSION).bind(secret_hash);
    let row: Option<SessionRow> = sql.fetch_optional(db).await?;
    Ok(row.map(|row| Session {
        account: row.account.into(),
        created_at: Instant(row.created_at),
        last_seen_at: Instant(row.last_seen_at),
        counts: Counts { unread: row.unread.unsigned_abs(), waiting: row.waiting.unsigned_abs() },
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

pub async fn delete_created_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    dialect::delete_free(tx, "sessions", "created_at < $1", time).await
}
