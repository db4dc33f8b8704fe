//! Phone numbers and e-mail addresses: proved by a link, and guarded by the present password.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use super::{impostors, own_account};
use crate::domain::ids::UserId;
use crate::domain::input::{Input, Reason};
use crate::domain::notifications::account_mail::AccountMail;
use crate::domain::people::contact::Verified;
use crate::domain::people::profile::OwnProfile;
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::domain::validation::phone_key;
use crate::domain::viewer::Viewer;
use crate::service::security_log::{self, Event, Outcome};
use crate::service::sign_in::throttle::{self, Source};
use crate::service::transaction::TicketTransaction;
use crate::service::{App, hex, random_hex};
use crate::store::Tx;
use crate::store::notifications::account_mails::Like;
use crate::store::notifications::{account_mails, outbox};
use crate::store::people::accounts;
use crate::store::people::preferences::{self, Own};
use crate::store::sign_in::{email_verifications, invitations};

const HOUR: i64 = 3600;
pub const LINK_HOURS: i64 = 24;
const LINK_SECONDS: i64 = LINK_HOURS * HOUR;
/// Mails of a kind to an address within an hour that one person causes, so that they do not use up
/// those of other people.
const MAILS_OF_A_PERSON: i64 = 3;
/// Mails of a kind to an address within an hour, from all people: no mailbox is filled.
const MAILS_TO_AN_ADDRESS: i64 = 20;

/// Changes a profile: `revise` makes it of the present one. A form has all fields, a program
/// perhaps only a few.
pub async fn change_profile(
    app: &App,
    source: &Source,
    viewer: &Viewer,
    current_password: String,
    revise: impl Fn(OwnProfile) -> OwnProfile + Send,
) -> Result<(), Problem> {
    let offered = app.site.offered(app.clock.now());
    let checked = |present: &OwnProfile| -> Result<OwnProfile, Problem> {
        accepted(revise(present.clone()).check(present, &offered), present)
    };
    let Own { profile: seen, .. } = preferences::own(&app.db, viewer.id).await?.ok_or(Problem::SignedOut)?;
    let proved = match changes_contacts(&seen, &checked(&seen)?) {
        true => Some(prove_presence(app, source, viewer.id, current_password).await?),
        false => None,
    };
    let mut transaction = TicketTransaction::begin(app).await?;
    let own = preferences::own_locked(&mut transaction.tx, viewer.id).await?.ok_or(Problem::SignedOut)?;
    let profile = checked(&own.profile)?;
    let is_contact = changes_contacts(&own.profile, &profile);
    if is_contact {
        // The profile may have changed since the password was found not to be needed, and the
        // password since it was checked.
        let checked = proved.ok_or_else(|| password_problem(Reason::Missing))?;
        if !accounts::holds_password(&mut transaction.tx, viewer.id, &checked).await? {
            return Err(password_problem(Reason::NotThePassword));
        }
    }
    if profile.nickname != own.profile.nickname {
        impostors::refuse(&mut transaction.tx, &app.site, (viewer.id, viewer.role), &profile.nickname)
            .await?;
    }
    set(&mut transaction, viewer.id, &own, &profile).await?;
    transaction.commit().await?;
    if is_contact {
        security_log::write(Event::ContactChange, Outcome::Done, Some(viewer.id), Some(source.address));
    }
    Ok(())
}

pub(crate) fn changes_contacts(present: &OwnProfile, wanted: &OwnProfile) -> bool {
    present.email != wanted.email || present.phone != wanted.phone
}

fn password_problem(reason: Reason) -> Problem {
    Problem::BadInput { input: Input::CurrentPassword, reason }
}

/// Checks the password, since a session or token may be stolen; returns the hash that it was
/// checked against.
async fn prove_presence(
    app: &App,
    source: &Source,
    person: UserId,
    password: String,
) -> Result<String, Problem> {
    if password.is_empty() {
        return Err(password_problem(Reason::Missing));
    }
    let account = accounts::account(&app.db, person).await?.ok_or(Problem::SignedOut)?;
    let attempt = throttle::begin_own(app, source, person).await?;
    if !app.passwords.matches(password, Some(account.password_hash.clone())).await? {
        security_log::write(Event::ContactChange, Outcome::Refused, Some(person), Some(source.address));
        return Err(password_problem(Reason::NotThePassword));
    }
    attempt.was_right(app).forgive_now(app).await?;
    Ok(account.password_hash)
}

/// Saves the profile. A contact that is different, and not only spelt differently, is unverified: a new
/// address gets a link.
async fn set(
    transaction: &mut TicketTransaction,
    person: UserId,
    own: &Own,
    profile: &OwnProfile,
) -> Result<(), Problem> {
    save(transaction, person, own, profile, still_verified(own, profile)).await?;
    if profile.email == own.profile.email {
        return Ok(());
    }
    // Also those of admins: one may have been sent to the former address by hand.
    invitations::delete_of_user(&mut transaction.tx, person).await?;
    ask_for_proof(transaction, person, &profile.email).await
}

/// Verification of a profile's contacts that have not changed.
pub(crate) fn still_verified(Own { profile: present, verified, .. }: &Own, profile: &OwnProfile) -> Verified {
    Verified {
        phone: verified.phone.filter(|_| phone_key(&profile.phone) == phone_key(&present.phone)),
        email: verified.email.filter(|_| profile.email.eq_ignore_ascii_case(&present.email)),
    }
}

/// Saves a profile and the verification of its contacts. The former address is told of a new
/// contact, and links that verify it are void.
pub(crate) async fn save(
    transaction: &mut TicketTransaction,
    person: UserId,
    Own { profile: present, verified, .. }: &Own,
    profile: &OwnProfile,
    certain: Verified,
) -> Result<(), Problem> {
    preferences::set_profile(&mut transaction.tx, person, profile, certain).await?;
    let before = Mailbox { person, email: &present.email, is_verified: verified.email.is_some() };
    if profile.phone != present.phone {
        notify(transaction, before, AccountMail::PhoneChanged).await?;
    }
    if profile.email != present.email {
        notify(transaction, before, AccountMail::EmailChanged).await?;
        email_verifications::delete_of_user(&mut transaction.tx, person).await?;
    }
    Ok(())
}

/// Address that gets mails about an account.
#[derive(Clone, Copy)]
struct Mailbox<'a> {
    person: UserId,
    email: &'a str,
    is_verified: bool,
}

/// Tells the address of an account about a change. An unverified address may be a stranger's and
/// gets few of these mails.
async fn notify(
    transaction: &mut TicketTransaction,
    mailbox: Mailbox<'_>,
    mail: AccountMail,
) -> Result<(), Problem> {
    let Mailbox { person, email, is_verified } = mailbox;
    if is_verified {
        put(transaction, person, email, mail).await
    } else {
        put_few(transaction, person, email, mail).await
    }
}

/// Mails a person that their password has changed.
pub(crate) async fn notify_of_password(
    transaction: &mut TicketTransaction,
    person: UserId,
) -> Result<(), Problem> {
    let Some(Own { profile, verified, .. }) = preferences::own_locked(&mut transaction.tx, person).await?
    else {
        return Ok(());
    };
    let mailbox = Mailbox { person, email: &profile.email, is_verified: verified.email.is_some() };
    notify(transaction, mailbox, AccountMail::PasswordChanged).await
}

/// Sends a verification link to a person's address, where the site sends mails. Too many mails are
/// refused, with the seconds to wait.
pub(crate) async fn ask_for_proof(
    transaction: &mut TicketTransaction,
    person: UserId,
    email: &str,
) -> Result<(), Problem> {
    if !sends_to(transaction, email) {
        return Ok(());
    }
    if let Some(retry_after_seconds) = wait_for_mail(transaction, person, email, AccountMail::Verify).await? {
        return Err(Problem::TooManyMails { retry_after_seconds });
    }
    put(transaction, person, email, AccountMail::Verify).await
}

async fn put_few(
    transaction: &mut TicketTransaction,
    person: UserId,
    email: &str,
    mail: AccountMail,
) -> Result<(), Problem> {
    match sends_to(transaction, email) && wait_for_mail(transaction, person, email, mail).await?.is_none() {
        true => put(transaction, person, email, mail).await,
        false => Ok(()),
    }
}

fn sends_to(transaction: &TicketTransaction, email: &str) -> bool {
    transaction.site.mailer.is_some() && !email.is_empty()
}

/// Seconds until a person may have another mail of a kind sent to an address; `None` where they may
/// now.
async fn wait_for_mail(
    transaction: &mut TicketTransaction,
    person: UserId,
    email: &str,
    mail: AccountMail,
) -> Result<Option<u64>, Problem> {
    let (since, like) = (transaction.now.minus(HOUR), Like { email, mail });
    account_mails::hold(&mut transaction.tx, email).await?;
    let tx = &mut transaction.tx;
    let of_person = account_mails::nth_latest_of_user(tx, person, like, since, MAILS_OF_A_PERSON).await?;
    let of_all = account_mails::nth_latest(tx, like, since, MAILS_TO_AN_ADDRESS).await?;
    let seconds = |blocking: Instant| (blocking.plus(HOUR).0 - transaction.now.0).max(1).unsigned_abs();
    Ok(of_person.max(of_all).map(seconds))
}

async fn put(
    transaction: &mut TicketTransaction,
    person: UserId,
    email: &str,
    mail: AccountMail,
) -> Result<(), Problem> {
    if !sends_to(transaction, email) {
        return Ok(());
    }
    let number = account_mails::insert(&mut transaction.tx, person, email, mail, transaction.now).await?;
    Ok(outbox::mail_about_account(&mut transaction.tx, person, number, transaction.now).await?)
}

/// Sends the verification link again.
pub async fn send_again(app: &App, viewer: &Viewer) -> Result<(), Problem> {
    if app.site.mailer.is_none() {
        return Err(Problem::NotFound);
    }
    let mut transaction = TicketTransaction::begin(app).await?;
    let own = preferences::own_locked(&mut transaction.tx, viewer.id).await?.ok_or(Problem::SignedOut)?;
    if own.verified.email.is_none() {
        ask_for_proof(&mut transaction, viewer.id, &own.profile.email).await?;
    }
    transaction.commit().await
}

/// Makes the secret of a link that verifies an address. It is made when the mail is sent: no stored
/// message proves anything.
pub(crate) async fn mailed_proof(app: &App, person: UserId, email: &str) -> Result<String, Problem> {
    let secret = random_hex::<32>();
    let mut tx = app.db.begin().await?;
    let ends = app.clock.now().plus(LINK_SECONDS);
    email_verifications::insert(&mut tx, &hash(&secret), person, email, ends).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Page on which the holder of a link verifies the address.
pub fn page_of(secret: &str) -> String {
    format!("/verify/{secret}")
}

fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

/// Verifies the address of a link, if its person still has it.
pub async fn use_link(app: &App, address: IpAddr, secret: &str) -> Result<(), Problem> {
    let mut transaction = TicketTransaction::begin(app).await?;
    let proved = email_verifications::take(&mut transaction.tx, &hash(secret), transaction.now).await?;
    let (person, email) = proved.ok_or(Problem::NotFound)?;
    // A profile that is saved at the same time must not restore the values it has read before.
    preferences::own_locked(&mut transaction.tx, person).await?;
    if !preferences::verify_email(&mut transaction.tx, person, &email, transaction.now).await? {
        return Err(Problem::NotFound);
    }
    email_verifications::delete_of_user(&mut transaction.tx, person).await?;
    transaction.commit().await?;
    security_log::write(Event::ContactProof, Outcome::Done, Some(person), Some(address));
    Ok(())
}

/// Forgets expired links and old mails.
pub(crate) async fn sweep(tx: &mut Tx, now: Instant) -> sqlx::Result<()> {
    email_verifications::forget_expired(tx, now).await?;
    // Longer than the outbox keeps messages.
    account_mails::forget_before(tx, now.minus(7 * 24 * HOUR)).await
}

/// Returns the checked profile, if mails can be sent to its address, where that is new.
pub(crate) fn accepted(
    checked: Result<OwnProfile, (Input, Reason)>,
    present: &OwnProfile,
) -> Result<OwnProfile, Problem> {
    let profile = checked.map_err(|(input, reason)| Problem::BadInput { input, reason })?;
    if profile.email != present.email {
        own_account::check_email(&profile.email)?;
    }
    Ok(profile)
}
