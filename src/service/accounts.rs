//! Proving who one is, and changing the proof.

use std::net::IpAddr;

use super::mail_address::is_deliverable;
use super::sessions::{self, Secret};
use super::throttle::{self, Target};
use super::{App, tokens};
use crate::domain::details::Reason;
use crate::domain::duty::DutyForm;
use crate::domain::person::{Role, Viewer, check_new_password};
use crate::domain::policy;
use crate::domain::problem::{Input, Problem};
use crate::domain::profile::{OwnAccount, OwnProfile};
use crate::domain::wishes::Wishes;
use crate::store::people::{self, Account};
use crate::store::sessions as session_rows;
use crate::store::{Tx, choices, invitations, mail_refusals};

/// What somebody types to come in.
pub struct Credentials {
    /// A user name, phone number or e-mail address.
    pub login: String,
    pub password: String,
}

/// A new bearer token and whose it is.
pub struct Token {
    pub access_token: String,
    pub viewer: Viewer,
}

pub async fn issue_token(app: &App, address: IpAddr, credentials: Credentials) -> Result<Token, Problem> {
    let account = prove(app, address, credentials).await?;
    let access_token = tokens::issue(app, &account)?;
    Ok(Token { access_token, viewer: account.viewer })
}

pub async fn sign_in(
    app: &App,
    address: IpAddr,
    credentials: Credentials,
) -> Result<(Viewer, Secret), Problem> {
    let account = prove(app, address, credentials).await?;
    let mut tx = app.db.begin().await?;
    let secret = sessions::begin(&mut tx, account.viewer.id, app.clock.now()).await?;
    tx.commit().await?;
    Ok((account.viewer, secret))
}

/// The same answer, after the same work, for a wrong password, an unknown
/// name and a disabled account.
async fn prove(app: &App, address: IpAddr, credentials: Credentials) -> Result<Account, Problem> {
    let Credentials { login, password } = credentials;
    let login = login.trim();
    let account = people::account_by_login(&app.db, login).await?;
    let target = account.as_ref().map_or(Target::Name(login), |known| Target::Account(known.viewer.id));
    let attempt = throttle::begin(app, address, target).await?;

    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let matches = app.passwords.matches(password, hash).await?;
    let proven = account.filter(|account| matches && !account.disabled);
    let account = proven.ok_or(Problem::WrongCredentials)?;

    let mut tx = app.db.begin().await?;
    attempt.forgive(&mut tx).await?;
    tx.commit().await?;
    Ok(account)
}

/// What the viewer says of themselves, and what they have chosen.
pub async fn own(app: &App, viewer: &Viewer) -> Result<OwnAccount, Problem> {
    let (profile, chosen) = choices::own(&app.db, viewer.id).await?.ok_or(Problem::SignedOut)?;
    Ok(OwnAccount {
        email_refused: mail_refusals::of(&app.db, viewer.id).await?,
        profile,
        wishes: chosen.wishes,
        duty: (viewer.role == Role::Technician).then_some(chosen.duty),
        limit_of_site: app.site.limits.jobs,
    })
}

/// `revise` makes what is wanted of what holds now: a form says all of it, a
/// program perhaps only what it changes.
pub async fn change_profile(
    app: &App,
    viewer: &Viewer,
    revise: impl FnOnce(OwnProfile) -> OwnProfile + Send,
) -> Result<(), Problem> {
    let offered = app.site.offered(app.clock.now());
    let mut tx = app.db.begin().await?;
    let (present, _) = choices::own_in_turn(&mut tx, viewer.id).await?.ok_or(Problem::SignedOut)?;
    let checked = revise(present.clone()).check(&present, &offered);
    let profile = checked.map_err(|(input, reason)| Problem::BadInput { input, reason })?;
    if profile.email != present.email {
        check_email(&profile.email)?;
    }
    choices::set_profile(&mut tx, viewer.id, &profile).await?;
    Ok(tx.commit().await?)
}

/// Refuses an address that no mail could be sent to.
pub(super) fn check_email(email: &str) -> Result<(), Problem> {
    match is_deliverable(email) {
        true => Ok(()),
        false => Err(Problem::BadInput { input: Input::Email, reason: Reason::NotAnEmail }),
    }
}

/// Sends mails to one's address again, which was refused: its owner says that it is good.
pub async fn try_address_again(app: &App, viewer: &Viewer) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    mail_refusals::forget(&mut tx, viewer.id).await?;
    Ok(tx.commit().await?)
}

/// The same of what one wants to be told.
pub async fn change_wishes(
    app: &App,
    viewer: &Viewer,
    revise: impl FnOnce(Wishes) -> Wishes + Send,
) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let (_, present) = choices::own_in_turn(&mut tx, viewer.id).await?.ok_or(Problem::SignedOut)?;
    choices::set_wishes(&mut tx, viewer.id, &revise(present.wishes)).await?;
    Ok(tx.commit().await?)
}

/// The same of when, where and how much one works at the desk.
pub async fn change_duty(
    app: &App,
    viewer: &Viewer,
    revise: impl FnOnce(DutyForm) -> DutyForm + Send,
) -> Result<(), Problem> {
    policy::technicians_only(viewer)?;
    let mut tx = app.db.begin().await?;
    let (_, present) = choices::own_in_turn(&mut tx, viewer.id).await?.ok_or(Problem::SignedOut)?;
    let form = revise(DutyForm::of(present.duty.clone()));
    let checked = form.check(&present.duty, &app.site.campuses, app.site.limits.jobs);
    let duty = checked.map_err(|(input, reason)| Problem::BadInput { input, reason })?;
    choices::set_duty(&mut tx, viewer.id, &duty).await?;
    Ok(tx.commit().await?)
}

/// The fields of the form that changes one's own password.
pub struct PasswordChange {
    pub current: String,
    pub new: String,
    pub repeated: String,
}

/// Ends every other session and token; the answer is this browser's new session.
pub async fn change_password(
    app: &App,
    address: IpAddr,
    viewer: &Viewer,
    change: PasswordChange,
) -> Result<Secret, Problem> {
    let (mut tx, _) = renew_password(app, address, viewer, change).await?;
    let secret = sessions::begin(&mut tx, viewer.id, app.clock.now()).await?;
    tx.commit().await?;
    Ok(secret)
}

/// The same for a program: the answer is its new token.
pub async fn change_password_by_token(
    app: &App,
    address: IpAddr,
    viewer: &Viewer,
    change: PasswordChange,
) -> Result<Token, Problem> {
    let (tx, account) = renew_password(app, address, viewer, change).await?;
    let access_token = tokens::issue(app, &account)?;
    tx.commit().await?;
    Ok(Token { access_token, viewer: account.viewer })
}

/// What both have in common, not committed yet.
async fn renew_password(
    app: &App,
    address: IpAddr,
    viewer: &Viewer,
    change: PasswordChange,
) -> Result<(Tx, Account), Problem> {
    check_new_password(&change.new)?;
    if change.new != change.repeated {
        return Err(Problem::PasswordsDiffer);
    }
    let account = people::account(&app.db, viewer.id).await?.ok_or(Problem::SignedOut)?;
    let attempt = throttle::begin(app, address, Target::Account(viewer.id)).await?;
    let checked = account.password_hash.clone();
    if !app.passwords.matches(change.current, Some(checked.clone())).await? {
        return Err(Problem::WrongPassword);
    }
    let new_hash = app.passwords.hash(change.new).await?;

    let mut tx = app.db.begin().await?;
    attempt.forgive(&mut tx).await?;
    // Somebody else may have changed it since it was checked.
    let replaced = people::replace_password(&mut tx, viewer.id, &new_hash, &checked).await?;
    let credentials_version = replaced.ok_or(Problem::WrongPassword)?;
    invitations::delete_of_user(&mut tx, viewer.id).await?;
    session_rows::delete_of_user(&mut tx, viewer.id).await?;
    Ok((tx, Account { credentials_version, ..account }))
}
