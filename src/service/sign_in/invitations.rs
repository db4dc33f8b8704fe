//! Links by which people set a password: given by an admin, or mailed to who forgot theirs.

use sha2::{Digest, Sha256};

use super::throttle::{self, Source};
use super::{login, password_reset, passwords};
use crate::domain::ids::UserId;
use crate::domain::problem::Problem;
use crate::service::security_log::{self, Event, Outcome};
use crate::service::transaction::TicketTransaction;
use crate::service::{App, hex, random_hex};
use crate::store::people::{accounts, preferences};
use crate::store::sign_in::invitations;

/// Seconds for which a link that an admin makes is valid.
pub const LINK_SECONDS: i64 = 7 * 24 * 3600;
pub const LINK_DAYS: i64 = LINK_SECONDS / (24 * 3600);

/// Makes the link of this secret a person's; an earlier one is void.
pub(crate) async fn put(
    transaction: &mut TicketTransaction,
    person: UserId,
    secret: &str,
) -> Result<(), Problem> {
    let ends = transaction.now.plus(LINK_SECONDS);
    Ok(invitations::put(&mut transaction.tx, &hash(secret), person, ends).await?)
}

/// Makes a link for the mailbox of a person who forgot their password, `None` where the address is
/// not theirs any more. It leaves older links valid: the one who asks may be another person.
pub(crate) async fn mailed_link(app: &App, person: UserId, email: &str) -> Result<Option<String>, Problem> {
    let secret = random_hex::<32>();
    let mut transaction = TicketTransaction::begin(app).await?;
    let own = preferences::own_locked(&mut transaction.tx, person).await?;
    if !own.is_some_and(|own| own.profile.email == email && own.verified.email.is_some()) {
        return Ok(None);
    }
    let ends = transaction.now.plus(password_reset::LINK_SECONDS);
    invitations::add_mailed(&mut transaction.tx, &hash(&secret), person, ends).await?;
    transaction.commit().await?;
    security_log::write(Event::ResetSent, Outcome::Done, Some(person), None);
    Ok(Some(secret))
}

/// Page on which the holder of a link sets the password.
pub fn page_of(secret: &str) -> String {
    format!("/welcome/{secret}")
}

fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

/// Sets the password of a link's person, and ends the link, and the sessions and tokens from
/// before.
pub async fn use_link(
    app: &App,
    source: &Source,
    secret: &str,
    new: String,
    repeated: &str,
) -> Result<(), Problem> {
    let log = |outcome, person| {
        security_log::write(Event::LinkUsed, outcome, person, Some(source.address));
    };
    let Some(person) = holder(app, secret).await? else {
        log(Outcome::Refused, None);
        return Err(Problem::NotFound);
    };
    let names = accounts::names(&app.db, person).await?;
    passwords::check_new(&new, &names)?;
    if new != repeated {
        return Err(Problem::PasswordsDiffer);
    }
    let new_hash = app.passwords.hash(new).await?;
    let mut transaction = TicketTransaction::begin(app).await?;
    let person = invitations::take(&mut transaction.tx, &hash(secret), transaction.now)
        .await?
        .ok_or(Problem::NotFound)?;
    accounts::set_password(&mut transaction.tx, person, &new_hash).await?;
    login::end_of_old_password(&mut transaction, person).await?;
    // A known source, from which wrong tries by others block no sign-in.
    let username = names.first().map(String::as_str).unwrap_or_default();
    throttle::remember(&mut transaction.tx, source, (person, username), transaction.now).await?;
    transaction.commit().await?;
    log(Outcome::Done, Some(person));
    Ok(())
}

/// Returns `true` while a link is valid.
pub async fn is_good(app: &App, secret: &str) -> Result<bool, Problem> {
    Ok(holder(app, secret).await?.is_some())
}

/// Returns the person of a link, while it is valid.
async fn holder(app: &App, secret: &str) -> Result<Option<UserId>, Problem> {
    let mut transaction = TicketTransaction::begin(app).await?;
    Ok(invitations::find(&mut transaction.tx, &hash(secret), transaction.now).await?)
}
