//! Mails about accounts: to which address, and why.

use super::{Db, Tx, on_db, on_tx};
use crate::domain::account_mail::AccountMail;
use crate::domain::locale::Locale;
use crate::domain::person::UserId;
use crate::domain::time::Instant;
use crate::domain::validation::fold;

const INSERT: &str = "INSERT INTO account_mails (user_id, email, email_key, kind, created_at)
    VALUES ($1, $2, $3, $4, $5) RETURNING id";

/// The answer is the number by which the outbox knows it.
pub async fn insert(
    tx: &mut Tx,
    UserId(user): UserId,
    email: &str,
    mail: AccountMail,
    Instant(now): Instant,
) -> sqlx::Result<i64> {
    on_tx!(tx, |conn| sqlx::query_scalar(INSERT)
        .bind(user)
        .bind(email)
        .bind(fold(email))
        .bind(mail.name())
        .bind(now)
        .fetch_one(conn)
        .await)
}

const COUNT: &str = "SELECT COUNT(*) FROM account_mails
    WHERE email_key = $1 AND kind = $2 AND created_at > $3";

/// The number of mails of a kind to an address since then, whoever caused them.
pub async fn count_since(
    tx: &mut Tx,
    email: &str,
    mail: AccountMail,
    Instant(then): Instant,
) -> sqlx::Result<i64> {
    on_tx!(tx, |conn| sqlx::query_scalar(COUNT)
        .bind(fold(email))
        .bind(mail.name())
        .bind(then)
        .fetch_one(conn)
        .await)
}

/// A mail that is due, and what is to be said of the account.
pub struct Draft {
    pub mail: AccountMail,
    pub to: String,
    pub username: String,
    pub locale: Locale,
    /// `true` where the account still has this address, and has not proved it.
    pub is_to_be_proved: bool,
}

#[derive(sqlx::FromRow)]
struct DraftRow {
    #[sqlx(try_from = "String")]
    kind: AccountMail,
    email: String,
    username: String,
    language: String,
    is_to_be_proved: bool,
}

const FIND: &str = "SELECT m.kind, m.email, u.username, u.language,
        u.email = m.email AND u.email_verified_at IS NULL AND NOT u.disabled AS is_to_be_proved
    FROM account_mails m JOIN users u ON u.id = m.user_id
    WHERE m.id = $1";

pub async fn find(db: &Db, id: i64) -> sqlx::Result<Option<Draft>> {
    let row: Option<DraftRow> = on_db!(db, |conn| sqlx::query_as(FIND).bind(id).fetch_optional(conn).await?);
    Ok(row.map(|DraftRow { kind, email, username, language, is_to_be_proved }| Draft {
        mail: kind,
        to: email,
        username,
        locale: Locale::from_tag(&language).unwrap_or_default(),
        is_to_be_proved,
    }))
}

const DELETE_OLD: &str = "DELETE FROM account_mails WHERE created_at < $1";

pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OLD).bind(time).execute(conn).await.map(|_| ()))
}
