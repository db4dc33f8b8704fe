//! Reading and changing of people.

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::preferences::{ChoicesRow, VerifiedRow, campuses_text, max_jobs};
use crate::domain::ids::UserId;
use crate::domain::locale::Locale;
use crate::domain::people::contact::ContactKind;
use crate::domain::people::person::{Keys, Login, Person};
use crate::domain::people::profile::Choices;
use crate::domain::time::Instant;
use crate::domain::validation::fold;
use crate::domain::viewer::{Role, Viewer};
use crate::store::columns::row;
use crate::store::sql::Statement;
use crate::store::{Db, Tx, dialect, on_tx};

/// An account now: its person, and whether they may sign in.
#[derive(Clone, Debug)]
pub struct Account {
    pub viewer: Viewer,
    pub disabled: bool,
    pub password_hash: String,
    pub credentials_version: i64,
}

row! {
    pub(crate) struct AccountRow {
        id: i64,
        role: Role,
        nickname: String,
        disabled: bool,
        password_hash: String,
        credentials_version: i64,
    }
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self {
            viewer: Viewer { id: UserId(row.id), role: row.role, nickname: row.nickname },
            disabled: row.disabled,
            password_hash: row.password_hash,
            credentials_version: row.credentials_version,
        }
    }
}

/// The fields of [`AccountRow`], for statements that read more than an account.
pub(crate) const ACCOUNT_COLUMNS: &str = "id, role, nickname, disabled, password_hash, credentials_version";

const ACCOUNT: &str =
    "SELECT id, role, nickname, disabled, password_hash, credentials_version FROM users WHERE id = $1";

pub async fn account(db: &Db, UserId(id): UserId) -> sqlx::Result<Option<Account>> {
    let row: Option<AccountRow> = Statement::of(ACCOUNT).value(id).fetch_optional(db).await?;
    Ok(row.map(Account::from))
}

/// One statement, so that an unknown name takes no longer.
const BY_LOGIN: &str = "SELECT id, role, nickname, disabled, password_hash, credentials_version,
        created_at AS since
    FROM users WHERE id = COALESCE(
        (SELECT id FROM users WHERE has_exact_name AND username = $1),
        (SELECT id FROM users WHERE NOT has_exact_name AND username_key = $2))
    UNION ALL
    SELECT id, role, nickname, disabled, password_hash, credentials_version, phone_verified_at
    FROM users WHERE phone_key = $3 AND phone_key <> '' AND phone_verified_at IS NOT NULL
    UNION ALL
    SELECT id, role, nickname, disabled, password_hash, credentials_version, email_verified_at
    FROM users WHERE email_key = $2 AND email_key <> '' AND email_verified_at IS NOT NULL
    LIMIT 100";

row! {
    struct FoundRow {
        account: AccountRow,
        since: i64,
    }
}

/// The person for whom a sign-in name stands: the first who had it as a user name, or for whom it was
/// verified as a phone number or e-mail address. A newcomer who takes it as a user name, or merely
/// enters it as a contact, takes it from nobody.
pub async fn account_by_login(db: &Db, login: &str) -> sqlx::Result<Option<Account>> {
    let Some(Login { exact, key, phone }) = Login::parse(login) else { return Ok(None) };
    let found: Vec<FoundRow> =
        Statement::of(BY_LOGIN).value(exact).value(key).value(phone).fetch_all(db).await?;
    let first = found.into_iter().min_by_key(|row| (row.since, row.account.id));
    Ok(first.map(|row| row.account.into()))
}

const PHONE_HOLDER: &str = "SELECT id FROM users
    WHERE phone_key = $2 AND phone_key <> '' AND phone_verified_at IS NOT NULL AND id <> $1 LIMIT 1";
const EMAIL_HOLDER: &str = "SELECT id FROM users
    WHERE email_key = $2 AND email_key <> '' AND email_verified_at IS NOT NULL AND id <> $1 LIMIT 1";

/// Returns `true` if a contact with this key is verified for another person. No admin verifies it
/// for yet another until the transaction ends.
pub async fn holds_contact_besides(
    tx: &mut Tx,
    UserId(person): UserId,
    kind: ContactKind,
    contact_key: &str,
) -> sqlx::Result<bool> {
    dialect::lock(tx, &format!("contact {contact_key}")).await?;
    let holder = match kind {
        ContactKind::Phone => PHONE_HOLDER,
        ContactKind::Email => EMAIL_HOLDER,
    };
    let id: Option<i64> = on_tx!(tx, |conn| {
        sqlx::query_scalar(holder).bind(person).bind(contact_key).fetch_optional(conn).await?
    });
    Ok(id.is_some())
}

const NAMES: &str = "SELECT username, nickname, phone, email FROM users WHERE id = $1";

row! {
    struct NamesRow {
        username: String,
        nickname: String,
        phone: String,
        email: String,
    }
}

/// Names and contacts of a person, the user name first: no password may be made of them.
pub async fn names(db: &Db, UserId(id): UserId) -> sqlx::Result<Vec<String>> {
    let row: Option<NamesRow> = Statement::of(NAMES).value(id).fetch_optional(db).await?;
    let all = |NamesRow { username, nickname, phone, email }| vec![username, nickname, phone, email];
    Ok(row.map(all).unwrap_or_default())
}

row! {
    struct NicknameRow {
        id: i64,
        nickname: String,
    }
}

/// The nicknames of these people, in no order.
pub async fn nicknames(db: &Db, ids: &[UserId]) -> sqlx::Result<Vec<(UserId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Statement::of("SELECT id, nickname FROM users WHERE id IN (");
    sql.bind_list(ids.iter().map(|id| id.0)).push(")");
    let rows: Vec<NicknameRow> = sql.fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (UserId(row.id), row.nickname)).collect())
}

#[derive(sqlx::FromRow)]
pub(crate) struct PersonRow {
    id: i64,
    username: String,
    has_exact_name: bool,
    #[sqlx(try_from = "String")]
    role: Role,
    nickname: String,
    phone: String,
    email: String,
    campus: String,
    disabled: bool,
    password_hash: String,
    created_at: i64,
    #[sqlx(flatten)]
    verified: VerifiedRow,
    #[sqlx(flatten)]
    choices: ChoicesRow,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self {
            id: UserId(row.id),
            username: row.username,
            has_exact_name: row.has_exact_name,
            role: row.role,
            nickname: row.nickname,
            phone: row.phone,
            email: row.email,
            campus: row.campus,
            disabled: row.disabled,
            password_hash: row.password_hash,
            created_at: Instant(row.created_at),
            verified: row.verified.into(),
            choices: row.choices.into(),
        }
    }
}

/// Serials of one year: 2024 numbers its people and tickets 20240000001 and up.
pub const SERIALS: i64 = 10_000_000;

/// Highest id of a year on SQLite; `next_number_of` reads the same on PostgreSQL.
const HIGHEST: &str = "SELECT COALESCE(MAX(id), $1) FROM users WHERE id > $1 AND id < $1 + $2";

/// Next free id of a year, reserved until the transaction ends.
pub async fn next_id(tx: &mut Tx, year: i32) -> sqlx::Result<UserId> {
    dialect::next_number(tx, "person", HIGHEST, i64::from(year) * SERIALS, SERIALS).await.map(UserId)
}

/// Locks a user name: no other transaction takes it until this one ends.
pub async fn hold_name(tx: &mut Tx, username: &str) -> sqlx::Result<()> {
    dialect::lock(tx, &format!("name {}", fold(username))).await
}

/// The fields of [`PersonRow`].
pub(crate) const PERSON_COLUMNS: &str = "id, username, has_exact_name, role, nickname, phone, email, campus, \
    disabled, password_hash, created_at, phone_verified_at, email_verified_at, language, shown_contact, \
    mail_wanted, muted, on_duty, duty_campuses, max_jobs";

pub async fn insert(tx: &mut Tx, person: &Person) -> sqlx::Result<()> {
    let (one, campuses) = (std::slice::from_ref(person), [campuses_text(&person.choices.duty)?]);
    on_tx!(tx, |conn: Driver| insert_statement::<Driver>(one, &campuses)
        .build()
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Inserts people. `campuses` has the [`campuses_text`] of each.
pub(crate) fn insert_statement<DB: Database>(people: &[Person], campuses: &[String]) -> QueryBuilder<DB>
where
    for<'q> i64: Encode<'q, DB> + Type<DB>,
    for<'q> bool: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
    for<'q> Option<i64>: Encode<'q, DB>,
{
    let mut sql = QueryBuilder::new("INSERT INTO users (");
    sql.push(PERSON_COLUMNS).push(", username_key, nickname_key, phone_key, email_key) ");
    sql.push_values(people.iter().zip(campuses), |mut row, (person, campuses)| {
        let Choices { locale, shown_contact, notification_preferences, duty } = &person.choices;
        let Keys { username, nickname, phone, email } = Keys::of(person);
        row.push_bind(person.id.0)
            .push_bind(person.username.as_str())
            .push_bind(person.has_exact_name)
            .push_bind(person.role.name())
            .push_bind(person.nickname.as_str())
            .push_bind(person.phone.as_str())
            .push_bind(person.email.as_str())
            .push_bind(person.campus.as_str())
            .push_bind(person.disabled)
            .push_bind(person.password_hash.as_str())
            .push_bind(person.created_at.0)
            .push_bind(person.verified.phone.map(|Instant(time)| time))
            .push_bind(person.verified.email.map(|Instant(time)| time))
            .push_bind(locale.map_or("", Locale::tag))
            .push_bind(shown_contact.name())
            .push_bind(notification_preferences.mail_wanted)
            .push_bind(notification_preferences.muted.to_string())
            .push_bind(duty.on_duty)
            .push_bind(campuses.as_str())
            .push_bind(max_jobs(duty))
            .push_bind(username)
            .push_bind(nickname)
            .push_bind(phone)
            .push_bind(email);
    });
    sql
}

const BY_ID: &str = "SELECT id FROM users WHERE id = $1";

pub async fn exists(tx: &mut Tx, UserId(id): UserId) -> sqlx::Result<bool> {
    let found: Option<i64> =
        on_tx!(tx, |conn| sqlx::query_scalar(BY_ID).bind(id).fetch_optional(conn).await?);
    Ok(found.is_some())
}

row! {
    /// Contacts and campus of a person.
    pub struct Contact {
        pub phone: String,
        pub email: String,
        pub campus: String,
    }
}

const CONTACT: &str = "SELECT phone, email, campus FROM users WHERE id = $1";

pub async fn contact(db: &Db, UserId(id): UserId) -> sqlx::Result<Option<Contact>> {
    Statement::of(CONTACT).value(id).fetch_optional(db).await
}

/// Address and language of a person's mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    pub email: String,
    pub locale: Locale,
}

const MAILBOX: &str = "SELECT email, language FROM users
    WHERE id = $1 AND email <> '' AND email <> refused_email AND mail_wanted AND NOT disabled";

row! {
    struct MailboxRow {
        email: String,
        language: String,
    }
}

/// Mailbox of a person; `None` if they have no address, or a refused one, want no mails, or are
/// disabled.
pub async fn mailbox(db: &Db, UserId(id): UserId) -> sqlx::Result<Option<Mailbox>> {
    let row: Option<MailboxRow> = Statement::of(MAILBOX).value(id).fetch_optional(db).await?;
    let locale = |tag: &str| Locale::from_tag(tag).unwrap_or_default();
    Ok(row.map(|row| Mailbox { locale: locale(&row.language), email: row.email }))
}

const STANDING: &str = "SELECT role, disabled FROM users WHERE id = $1";

/// Present role of a person, and whether they are disabled.
pub async fn account_status(tx: &mut Tx, UserId(id): UserId) -> sqlx::Result<Option<(Role, bool)>> {
    let row: Option<StandingRow> =
        on_tx!(tx, |conn| sqlx::query_as(STANDING).bind(id).fetch_optional(conn).await?);
    Ok(row.map(|row| (row.role, row.disabled)))
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    #[sqlx(try_from = "String")]
    role: Role,
    disabled: bool,
}

const COUNT_ADMINS: &str = "SELECT COUNT(*) FROM users WHERE role = 'admin' AND id > 0 AND NOT disabled";

/// Counts the enabled admins; their number is locked until the transaction ends.
pub async fn count_admins_locked(tx: &mut Tx) -> sqlx::Result<i64> {
    dialect::lock(tx, "admins").await?;
    on_tx!(tx, |conn| sqlx::query_scalar(COUNT_ADMINS).fetch_one(conn).await)
}

const ADMINS: &str = "SELECT id FROM users WHERE role = 'admin' AND id > 0 AND NOT disabled ORDER BY id";

pub async fn admins(tx: &mut Tx) -> sqlx::Result<Vec<UserId>> {
    let ids: Vec<i64> = on_tx!(tx, |conn| sqlx::query_scalar(ADMINS).fetch_all(conn).await?);
    Ok(ids.into_iter().map(UserId).collect())
}

const BY_NAME: &str = "SELECT COALESCE(
    (SELECT id FROM users WHERE has_exact_name AND username = $1),
    (SELECT id FROM users WHERE NOT has_exact_name AND username_key = $2))";

/// Finds the person with this user name, or a name that reads like it.
pub async fn find_id(tx: &mut Tx, username: &str) -> sqlx::Result<Option<UserId>> {
    let Some(Login { exact, key, phone: _ }) = Login::parse(username) else { return Ok(None) };
    let id: Option<i64> =
        on_tx!(tx, |conn| sqlx::query_scalar(BY_NAME).bind(exact).bind(key).fetch_one(conn).await?);
    Ok(id.map(UserId))
}

const NAMES_OF_ADMINS: &str = "SELECT nickname FROM users
    WHERE role = 'admin' AND id > 0 AND NOT disabled AND id <> $1
    UNION SELECT username FROM users WHERE role = 'admin' AND id > 0 AND NOT disabled AND id <> $1";

/// Names by which admins are known, except those of this person.
pub async fn names_of_admins(tx: &mut Tx, UserId(id): UserId) -> sqlx::Result<Vec<String>> {
    on_tx!(tx, |conn| sqlx::query_scalar(NAMES_OF_ADMINS).bind(id).fetch_all(conn).await)
}

const SET_ROLE: &str = "UPDATE users SET role = $2 WHERE id = $1";

pub async fn set_role(tx: &mut Tx, UserId(id): UserId, role: Role) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(SET_ROLE).bind(id).bind(role.name()).execute(conn).await.map(|_| ()))
}

const SET_DISABLED: &str = "UPDATE users
    SET disabled = $2, credentials_version = credentials_version + 1
    WHERE id = $1 AND disabled <> $2";

/// Disables or enables a person, whose earlier tokens are void for good.
pub async fn set_disabled(tx: &mut Tx, UserId(id): UserId, disabled: bool) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(SET_DISABLED).bind(id).bind(disabled).execute(conn).await.map(|_| ()))
}

const SET_PASSWORD: &str = "UPDATE users
    SET password_hash = $2, credentials_version = credentials_version + 1
    WHERE id = $1";

/// Sets a password. Earlier tokens are void.
pub async fn set_password(tx: &mut Tx, UserId(id): UserId, password_hash: &str) -> sqlx::Result<()> {
    on_tx!(tx, |conn| sqlx::query(SET_PASSWORD).bind(id).bind(password_hash).execute(conn).await.map(|_| ()))
}

/// Returns `true` if the checked password is still the person's, and they are enabled. Neither
/// changes until the transaction ends.
pub async fn holds_password(tx: &mut Tx, UserId(id): UserId, checked: &str) -> sqlx::Result<bool> {
    let found: Option<i64> = on_tx!(tx, |conn: Driver| {
        let mut sql = QueryBuilder::<Driver>::new("SELECT id FROM users WHERE id = ");
        sql.push_bind(id).push(" AND password_hash = ").push_bind(checked).push(" AND NOT disabled");
        sql.push(<Driver as dialect::Dialect>::HOLDING);
        sql.build_query_scalar().fetch_optional(conn).await?
    });
    Ok(found.is_some())
}

const REPLACE_PASSWORD: &str = "UPDATE users
    SET password_hash = $2, credentials_version = credentials_version + 1
    WHERE id = $1 AND password_hash = $3
    RETURNING credentials_version";

/// Replaces a checked password; returns the new version of the credentials, `None` where the
/// password is no longer the person's.
pub async fn replace_password(
    tx: &mut Tx,
    UserId(id): UserId,
    new: &str,
    checked: &str,
) -> sqlx::Result<Option<i64>> {
    on_tx!(tx, |conn| {
        sqlx::query_scalar(REPLACE_PASSWORD).bind(id).bind(new).bind(checked).fetch_optional(conn).await
    })
}
