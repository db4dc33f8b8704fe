//! Preferences that people set themselves: read one by one where each counts.

use crate::domain::ids::{Named, UserId};
use crate::domain::locale::Locale;
use crate::domain::notifications::preferences::{Muted, NotificationPreferences};
use crate::domain::people::availability::Duty;
use crate::domain::people::contact::{Contact, ShownContact, Verified};
use crate::domain::people::profile::{Choices, OwnProfile};
use crate::domain::time::Instant;
use crate::domain::validation::{fold, phone_key};
use crate::domain::viewer::Role;
use crate::store::columns::{columns_of_text, row};
use crate::store::sql::Statement;
use crate::store::{Db, Tx, dialect, on_tx};

row! {
    pub(crate) struct VerifiedRow {
        phone_verified_at: Option<i64>,
        email_verified_at: Option<i64>,
    }
}

impl From<VerifiedRow> for Verified {
    fn from(row: VerifiedRow) -> Self {
        Self { phone: row.phone_verified_at.map(Instant), email: row.email_verified_at.map(Instant) }
    }
}

row! {
    pub(crate) struct ChoicesRow {
        language: String,
        shown_contact: ShownContact,
        notification_preferences: NotificationPreferencesRow,
        duty: DutyRow,
    }
}

impl From<ChoicesRow> for Choices {
    fn from(row: ChoicesRow) -> Self {
        Self {
            locale: Locale::from_tag(&row.language),
            shown_contact: row.shown_contact,
            notification_preferences: row.notification_preferences.into(),
            duty: row.duty.into(),
        }
    }
}

row! {
    struct NotificationPreferencesRow {
        mail_wanted: bool,
        muted: Muted,
    }
}

impl From<NotificationPreferencesRow> for NotificationPreferences {
    fn from(NotificationPreferencesRow { mail_wanted, muted }: NotificationPreferencesRow) -> Self {
        Self { mail_wanted, muted }
    }
}

row! {
    pub(crate) struct DutyRow {
        on_duty: bool,
        duty_campuses: Campuses,
        max_jobs: Option<i64>,
    }
}

impl From<DutyRow> for Duty {
    fn from(row: DutyRow) -> Self {
        let Campuses(campuses) = row.duty_campuses;
        Self { on_duty: row.on_duty, campuses, max_jobs: row.max_jobs.map(i64::unsigned_abs) }
    }
}

/// Campuses, stored as a JSON list.
#[derive(serde::Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Campuses(pub Vec<String>);

columns_of_text!(Campuses);

impl TryFrom<String> for Campuses {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text).map(Self)
    }
}

pub(crate) fn campuses_text(duty: &Duty) -> sqlx::Result<String> {
    serde_json::to_string(&duty.campuses).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Job limit as both databases store it.
pub(crate) fn max_jobs(duty: &Duty) -> Option<i64> {
    duty.max_jobs.map(|count| i64::try_from(count).unwrap_or(i64::MAX))
}

const OWN: &str = "SELECT nickname, phone, email, campus, phone_verified_at, email_verified_at,
        language, shown_contact, mail_wanted, muted, on_duty, duty_campuses, max_jobs,
        CASE WHEN email = refused_email AND email <> '' THEN refused_because END AS email_refused
    FROM users WHERE id = $1";

row! {
    struct OwnRow {
        nickname: String,
        phone: String,
        email: String,
        campus: String,
        email_refused: Option<String>,
        verified: VerifiedRow,
        choices: ChoicesRow,
    }
}

/// Settings that people change themselves, and their verified contacts.
pub struct Own {
    pub profile: OwnProfile,
    pub verified: Verified,
    /// Words of the mail server, see [`OwnAccount`](crate::domain::people::profile::OwnAccount).
    pub email_refused: Option<String>,
    pub choices: Choices,
}

impl From<OwnRow> for Own {
    fn from(OwnRow { nickname, phone, email, campus, email_refused, verified, choices }: OwnRow) -> Self {
        let choices = Choices::from(choices);
        let (locale, shown_contact) = (choices.locale.unwrap_or_default(), choices.shown_contact);
        let profile = OwnProfile { nickname, phone, email, campus, locale, shown_contact };
        Self { profile, verified: verified.into(), email_refused, choices }
    }
}

/// Reads a person's profile and preferences.
pub async fn own(db: &Db, UserId(id): UserId) -> sqlx::Result<Option<Own>> {
    let row: Option<OwnRow> = Statement::of(OWN).value(id).fetch_optional(db).await?;
    Ok(row.map(Into::into))
}

/// Reads [`Own`], which no other transaction changes until this one ends.
pub async fn own_locked(tx: &mut Tx, UserId(id): UserId) -> sqlx::Result<Option<Own>> {
    dialect::lock(tx, &format!("choices {id}")).await?;
    let row: Option<OwnRow> = on_tx!(tx, |conn| sqlx::query_as(OWN).bind(id).fetch_optional(conn).await?);
    Ok(row.map(Into::into))
}

const SET_PROFILE: &str = "UPDATE users
    SET nickname = $2, phone = $3, email = $4, campus = $5, language = $6, shown_contact = $7,
        phone_verified_at = $8, email_verified_at = $9,
        nickname_key = $10, phone_key = $11, email_key = $12
    WHERE id = $1";

pub async fn set_profile(
    tx: &mut Tx,
    UserId(id): UserId,
    profile: &OwnProfile,
    verified: Verified,
) -> sqlx::Result<()> {
    let OwnProfile { nickname, phone, email, campus, locale, shown_contact } = profile;
    on_tx!(tx, |conn| sqlx::query(SET_PROFILE)
        .bind(id)
        .bind(nickname)
        .bind(phone)
        .bind(email)
        .bind(campus)
        .bind(locale.tag())
        .bind(shown_contact.name())
        .bind(verified.phone.map(|Instant(time)| time))
        .bind(verified.email.map(|Instant(time)| time))
        .bind(fold(nickname))
        .bind(phone_key(phone))
        .bind(fold(email))
        .execute(conn)
        .await
        .map(|_| ()))
}

const VERIFY_EMAIL: &str = "UPDATE users
    SET email_verified_at = $3, refused_email = '', refused_because = ''
    WHERE id = $1 AND email = $2 AND email_verified_at IS NULL AND NOT disabled";

/// Verifies an address: its person reads mails there, whatever a server said before. Returns
/// `false` where the address is no longer theirs, or was verified before.
pub async fn verify_email(
    tx: &mut Tx,
    UserId(id): UserId,
    email: &str,
    Instant(now): Instant,
) -> sqlx::Result<bool> {
    let rows = on_tx!(tx, |conn| sqlx::query(VERIFY_EMAIL)
        .bind(id)
        .bind(email)
        .bind(now)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(rows > 0)
}

const NOTIFICATION_PREFERENCES: &str = "SELECT mail_wanted, muted FROM users WHERE id = $1";

/// Reads a person's notification preferences.
pub async fn notification_preferences(
    tx: &mut Tx,
    UserId(id): UserId,
) -> sqlx::Result<NotificationPreferences> {
    let row: Option<NotificationPreferencesRow> =
        on_tx!(tx, |conn| sqlx::query_as(NOTIFICATION_PREFERENCES).bind(id).fetch_optional(conn).await?);
    Ok(row.map(NotificationPreferences::from).unwrap_or_default())
}

const SET_NOTIFICATION_PREFERENCES: &str = "UPDATE users SET mail_wanted = $2, muted = $3 WHERE id = $1";

pub async fn set_notification_preferences(
    tx: &mut Tx,
    UserId(id): UserId,
    notification_preferences: &NotificationPreferences,
) -> sqlx::Result<()> {
    let NotificationPreferences { mail_wanted, muted } = notification_preferences;
    on_tx!(tx, |conn| sqlx::query(SET_NOTIFICATION_PREFERENCES)
        .bind(id)
        .bind(mail_wanted)
        .bind(muted.to_string())
        .execute(conn)
        .await
        .map(|_| ()))
}

const DUTY: &str = "SELECT on_duty, duty_campuses, max_jobs FROM users WHERE id = $1";

/// Reads a technician's availability.
pub async fn duty(tx: &mut Tx, UserId(id): UserId) -> sqlx::Result<Duty> {
    let row: Option<DutyRow> = on_tx!(tx, |conn| sqlx::query_as(DUTY).bind(id).fetch_optional(conn).await?);
    Ok(row.map(Duty::from).unwrap_or_default())
}

const SET_DUTY: &str = "UPDATE users SET on_duty = $2, duty_campuses = $3, max_jobs = $4 WHERE id = $1";

pub async fn set_duty(tx: &mut Tx, UserId(id): UserId, duty: &Duty) -> sqlx::Result<()> {
    let campuses = campuses_text(duty)?;
    on_tx!(tx, |conn| sqlx::query(SET_DUTY)
        .bind(id)
        .bind(duty.on_duty)
        .bind(campuses)
        .bind(max_jobs(duty))
        .execute(conn)
        .await
        .map(|_| ()))
}

const TECHNICIANS: &str = "SELECT id, nickname, on_duty, duty_campuses, max_jobs,
        (SELECT COUNT(*) FROM tickets t
         WHERE t.technician_id = users.id AND t.progress = 'pending' AND t.id > 0) AS jobs
    FROM users WHERE role = $1 AND id > 0 AND NOT disabled ORDER BY id LIMIT $2";

row! {
    struct TechnicianRow {
        id: i64,
        nickname: String,
        duty: DutyRow,
        jobs: i64,
    }
}

/// A technician, and the number of their open jobs.
pub struct Technician {
    pub who: Named,
    pub duty: Duty,
    pub jobs: u64,
}

/// Enabled technicians, in the order of their ids.
pub async fn technicians(db: &Db, most: i64) -> sqlx::Result<Vec<Technician>> {
    let role = Role::Technician.name();
    let rows: Vec<TechnicianRow> = Statement::of(TECHNICIANS).value(role).value(most).fetch_all(db).await?;
    let technician = |row: TechnicianRow| Technician {
        who: Named { id: UserId(row.id), nickname: row.nickname },
        duty: row.duty.into(),
        jobs: row.jobs.unsigned_abs(),
    };
    Ok(rows.into_iter().map(technician).collect())
}

/// Contacts that people show to the other side of a ticket, in no order. The policy decides to
/// whom.
pub async fn shown_contacts(db: &Db, ids: &[UserId]) -> sqlx::Result<Vec<(UserId, Contact)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Statement::of("SELECT id, shown_contact, phone, email FROM users WHERE id IN (");
    sql.bind_list(ids.iter().map(|id| id.0)).push(")");
    let rows: Vec<ShownRow> = sql.fetch_all(db).await?;
    let shown = |row: ShownRow| Some((UserId(row.id), row.shown_contact.of(row.phone, row.email)?));
    Ok(rows.into_iter().filter_map(shown).collect())
}

row! {
    struct ShownRow {
        id: i64,
        shown_contact: ShownContact,
        phone: String,
        email: String,
    }
}
