//! Mails about accounts, with their address and reason.

use crate::domain::ids::UserId;
use crate::domain::locale::Locale;
use crate::domain::notifications::account_mail::AccountMail;
use crate::domain::time::Instant;
use crate::domain::validation::fold;
use crate::store::columns::row;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, dialect, on_tx};

const INSERT: &str = "INSERT INTO account_mails (user_id, email, email_key, kind, created_at)
    VALUES ($1, $2, $3, $4, $5) RETURNING id";

/// Returns the number by which the outbox knows the mail.
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

/// Mails of a kind to an address.
#[derive(Clone, Copy)]
pub struct Like<'a> {
    pub email: &'a str,
    pub mail: AccountMail,
}

/// Lets one transaction at a time count the mails to an address and send another.
pub async fn hold(tx: &mut Tx, email: &str) -> sqlx::Result<()> {
    dialect::lock(tx, &format!("mails to {}", fold(email))).await
}

const NTH_LATEST: &str = "SELECT created_at FROM account_mails
    WHERE email_key = $1 AND kind = $2 AND created_at > $3
    ORDER BY created_at DESC LIMIT 1 OFFSET $4";
const NTH_LATEST_OF_USER: &str = "SELECT created_at FROM account_mails
    WHERE email_key = $1 AND kind = $2 AND created_at > $3 AND user_id = $5
    ORDER BY created_at DESC LIMIT 1 OFFSET $4";

/// Time of the `nth` latest mail after `since`, counted from 1, about any account.
pub async fn nth_latest(
    tx: &mut Tx,
    Like { email, mail }: Like<'_>,
    Instant(since): Instant,
    nth: i64,
) -> sqlx::Result<Option<Instant>> {
    let time: Option<i64> = on_tx!(tx, |conn| sqlx::query_scalar(NTH_LATEST)
        .bind(fold(email))
        .bind(mail.name())
        .bind(since)
        .bind(nth - 1)
        .fetch_optional(conn)
        .await?);
    Ok(time.map(Instant))
}

/// Time of the `nth` latest mail about one person's account.
pub async fn nth_latest_of_user(
    tx: &mut Tx,
    UserId(user): UserId,
    Like { email, mail }: Like<'_>,
    Instant(since): Instant,
    nth: i64,
) -> sqlx::Result<Option<Instant>> {
    let time: Option<i64> = on_tx!(tx, |conn| sqlx::query_scalar(NTH_LATEST_OF_USER)
        .bind(fold(email))
        .bind(mail.name())
        .bind(since)
        .bind(nth - 1)
        .bind(user)
        .fetch_optional(conn)
        .await?);
    Ok(time.map(Instant))
}

/// A mail that is due, with the facts of its account.
pub struct Draft {
    pub mail: AccountMail,
    pub to: String,
    pub username: String,
    pub locale: Locale,
    /// `true` where the account still has this address, and it is unverified.
    pub is_to_be_proved: bool,
    /// `true` where the mail server takes no mails at this address.
    pub is_refused: bool,
}

row! {
    struct DraftRow {
        kind: AccountMail,
        email: String,
        username: String,
        language: String,
        is_to_be_proved: bool,
        is_refused: bool,
    }
}

const FIND: &str = "SELECT m.kind, m.email, u.username, u.language,
        u.email = m.email AND u.email_verified_at IS NULL AND NOT u.disabled AS is_to_be_proved,
        m.email = u.refused_email AS is_refused
    FROM account_mails m JOIN users u ON u.id = m.user_id
    WHERE m.id = $1";

pub async fn find(db: &Db, id: i64) -> sqlx::Result<Option<Draft>> {
    let row: Option<DraftRow> = Statement::of(FIND).value(id).fetch_optional(db).await?;
    Ok(row.map(|DraftRow { kind, email, username, language, is_to_be_proved, is_refused }| Draft {
        mail: kind,
        to: email,
        username,
        locale: Locale::from_tag(&language).unwrap_or_default(),
        is_to_be_proved,
        is_refused,
    }))
}

const DELETE_OLD: &str = "DELETE FROM account_mails WHERE created_at < $1";

pub async fn forget_before(tx: &mut Tx, Instant(time): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(DELETE_OLD).bind(time).execute(conn).await.map(|_| ()))
}
