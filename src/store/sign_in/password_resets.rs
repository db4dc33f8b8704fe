//! Logins of people who forgot their password, until their accounts are looked up.

use crate::domain::ids::UserId;
use crate::domain::locale::Locale;
use crate::domain::people::person::Login;
use crate::domain::time::Instant;
use crate::store::columns::row;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, on_tx};

const INSERT: &str = "INSERT INTO forgotten_passwords (login, asked_at) VALUES ($1, $2)";

pub async fn insert(tx: &mut Tx, login: &str, Instant(now): Instant) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(INSERT).bind(login).bind(now).execute(conn).await.map(|_| ()))
}

const IS_ANY_DUE: &str = "SELECT EXISTS (SELECT 1 FROM forgotten_passwords WHERE asked_at <= $1) AS is_any";

/// Looking costs less than taking nothing, and is no write.
pub async fn is_any_due(db: &Db, Instant(now): Instant) -> sqlx::Result<bool> {
    let is_any: Option<bool> = Statement::of(IS_ANY_DUE).value(now).fetch_value(db, "is_any").await?;
    is_any.ok_or(sqlx::Error::RowNotFound)
}

const TAKE: &str = "DELETE FROM forgotten_passwords WHERE asked_at <= $1 RETURNING login";

/// Takes the logins typed so far, and forgets them.
pub async fn take(tx: &mut Tx, Instant(now): Instant) -> sqlx::Result<Vec<String>> {
    on_tx!(tx, |conn| sqlx::query_scalar(TAKE).bind(now).fetch_all(conn).await)
}

/// Most mails for one login: several people may have one address; many of them get no mail, and the
/// oldest accounts come first.
const MAILS: usize = 5;
const WHOM: &str = "SELECT id FROM users
    WHERE has_exact_name AND username = $1 AND email <> '' AND email <> refused_email
        AND email_verified_at IS NOT NULL AND NOT disabled
    UNION
    SELECT id FROM users
    WHERE NOT has_exact_name AND username_key = $2 AND email <> '' AND email <> refused_email
        AND email_verified_at IS NOT NULL AND NOT disabled
    UNION
    SELECT id FROM users
    WHERE email_key = $2 AND email_key <> '' AND email <> refused_email
        AND email_verified_at IS NOT NULL AND NOT disabled
    LIMIT 100";

/// Finds the people of a user name or e-mail address whose address is verified.
pub async fn whom(tx: &mut Tx, login: &str) -> sqlx::Result<Vec<UserId>> {
    let Some(Login { exact, key, phone: _ }) = Login::parse(login) else { return Ok(Vec::new()) };
    let mut ids: Vec<i64> =
        on_tx!(tx, |conn| sqlx::query_scalar(WHOM).bind(exact).bind(key).fetch_all(conn).await?);
    ids.sort_unstable();
    ids.truncate(MAILS);
    Ok(ids.into_iter().map(UserId).collect())
}

/// Recipient of a link.
pub struct Addressee {
    pub username: String,
    pub email: String,
    pub locale: Locale,
}

const ADDRESSEE: &str = "SELECT username, email, language FROM users
    WHERE id = $1 AND email <> '' AND email <> refused_email AND email_verified_at IS NOT NULL
        AND NOT disabled";

row! {
    struct AddresseeRow {
        username: String,
        email: String,
        language: String,
    }
}

/// Finds the recipient of a link, also if mails about tickets are unwanted: they asked for it.
pub async fn addressee(db: &Db, UserId(id): UserId) -> sqlx::Result<Option<Addressee>> {
    let row: Option<AddresseeRow> = Statement::of(ADDRESSEE).value(id).fetch_optional(db).await?;
    Ok(row.map(|AddresseeRow { username, email, language }| Addressee {
        username,
        email,
        locale: Locale::from_tag(&language).unwrap_or_default(),
    }))
}
