//! Sign-in by password, and changing it.

use super::sessions::{self, Secret};
use super::throttle::{self, RightTry, Source};
use super::{passwords, tokens};
use crate::domain::ids::UserId;
use crate::domain::problem::Problem;
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::people::contacts;
use crate::service::security_log::{self, Event, Outcome};
use crate::service::transaction::TicketTransaction;
use crate::store::Tx;
use crate::store::people::accounts::{self, Account};
use crate::store::sign_in::{invitations, known_sources, sessions as session_rows};

/// Login and password, as typed.
pub struct Credentials {
    /// A user name, phone number or e-mail address.
    pub login: String,
    pub password: String,
}

/// A new bearer token and its viewer.
pub struct Token {
    pub access_token: String,
    pub viewer: Viewer,
}

pub async fn issue_token(app: &App, source: &Source, credentials: Credentials) -> Result<Token, Problem> {
    let proof = prove(app, source, credentials).await?;
    let mut tx = app.db.begin().await?;
    admit(app, &mut tx, source, &proof).await?;
    let Proof { account, attempt, .. } = proof;
    let access_token = tokens::issue(app, &account)?;
    tx.commit().await?;
    attempt.settle();
    log_sign_in(source, Some(account.viewer.id), Outcome::Done);
    Ok(Token { access_token, viewer: account.viewer })
}

pub async fn sign_in(
    app: &App,
    source: &Source,
    credentials: Credentials,
) -> Result<(Viewer, Secret), Problem> {
    let proof = prove(app, source, credentials).await?;
    let mut tx = app.db.begin().await?;
    admit(app, &mut tx, source, &proof).await?;
    let Proof { account, attempt, .. } = proof;
    let secret = sessions::begin(&mut tx, account.viewer.id, app.clock.now()).await?;
    tx.commit().await?;
    attempt.settle();
    log_sign_in(source, Some(account.viewer.id), Outcome::Done);
    Ok((account.viewer, secret))
}

fn log_sign_in(source: &Source, person: Option<UserId>, outcome: Outcome) {
    security_log::write(Event::SignIn, outcome, person, Some(source.address));
}

/// A password that was right, and the try that it took.
struct Proof {
    account: Account,
    /// Typed name, phone number or e-mail address of the account.
    login: String,
    attempt: RightTry,
}

/// Checks credentials, with the same answer, after the same work, for a wrong password, an unknown
/// name and a disabled account.
async fn prove(app: &App, source: &Source, credentials: Credentials) -> Result<Proof, Problem> {
    let Credentials { login, password } = credentials;
    let login = login.trim();
    let account = accounts::account_by_login(&app.db, login).await?;
    let person = account.as_ref().map(|known| known.viewer.id);
    let attempt = throttle::begin(app, source, login, person).await;
    let attempt = attempt.inspect_err(|_| log_sign_in(source, person, Outcome::Throttled))?;

    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let matches = app.passwords.matches(password, hash).await?;
    match account.filter(|account| matches && !account.disabled) {
        Some(account) => Ok(Proof { account, login: login.to_owned(), attempt: attempt.was_right(app) }),
        None => {
            log_sign_in(source, person, Outcome::Refused);
            Err(Problem::WrongCredentials)
        }
    }
}

/// Signs a person in whose password is still the one that was right: checking it takes a while, in
/// which it may have been changed, or the account disabled.
async fn admit(app: &App, tx: &mut Tx, source: &Source, proof: &Proof) -> Result<(), Problem> {
    let Proof { account, login, attempt } = proof;
    let person = account.viewer.id;
    if !accounts::holds_password(tx, person, &account.password_hash).await? {
        log_sign_in(source, Some(person), Outcome::Refused);
        return Err(Problem::WrongCredentials);
    }
    attempt.forgive(tx).await?;
    throttle::remember(tx, source, (person, login), app.clock.now()).await
}

/// Fields of the form that changes one's own password.
pub struct PasswordChange {
    pub current: String,
    pub new: String,
    pub repeated: String,
}

/// Changes the password and ends every session and token; returns this browser's new session.
pub async fn change_password(
    app: &App,
    source: &Source,
    viewer: &Viewer,
    change: PasswordChange,
) -> Result<Secret, Problem> {
    let (mut transaction, _, attempt) = renew_password(app, source, viewer, change).await?;
    let secret = sessions::begin(&mut transaction.tx, viewer.id, transaction.now).await?;
    transaction.commit().await?;
    attempt.settle();
    security_log::write(Event::PasswordChange, Outcome::Done, Some(viewer.id), Some(source.address));
    Ok(secret)
}

/// Changes the password for a program; returns a token.
pub async fn change_password_by_token(
    app: &App,
    source: &Source,
    viewer: &Viewer,
    change: PasswordChange,
) -> Result<Token, Problem> {
    let (transaction, account, attempt) = renew_password(app, source, viewer, change).await?;
    let access_token = tokens::issue(app, &account)?;
    transaction.commit().await?;
    attempt.settle();
    security_log::write(Event::PasswordChange, Outcome::Done, Some(viewer.id), Some(source.address));
    Ok(Token { access_token, viewer: account.viewer })
}

/// Changes the password without committing yet.
async fn renew_password(
    app: &App,
    source: &Source,
    viewer: &Viewer,
    change: PasswordChange,
) -> Result<(TicketTransaction, Account, RightTry), Problem> {
    let names = accounts::names(&app.db, viewer.id).await?;
    passwords::check_new(&change.new, &names)?;
    if change.new != change.repeated {
        return Err(Problem::PasswordsDiffer);
    }
    let account = accounts::account(&app.db, viewer.id).await?.ok_or(Problem::SignedOut)?;
    let log = |outcome| {
        security_log::write(Event::PasswordChange, outcome, Some(viewer.id), Some(source.address));
    };
    let attempt =
        throttle::begin_own(app, source, viewer.id).await.inspect_err(|_| log(Outcome::Throttled))?;
    let checked = account.password_hash.clone();
    if !app.passwords.matches(change.current, Some(checked.clone())).await? {
        log(Outcome::Refused);
        return Err(Problem::WrongPassword);
    }
    let attempt = attempt.was_right(app);
    let new_hash = app.passwords.hash(change.new).await?;

    let mut transaction = TicketTransaction::begin(app).await?;
    attempt.forgive(&mut transaction.tx).await?;
    // The password may have changed since its check.
    let replaced = accounts::replace_password(&mut transaction.tx, viewer.id, &new_hash, &checked).await?;
    let credentials_version = replaced.ok_or(Problem::WrongPassword)?;
    end_of_old_password(&mut transaction, viewer.id).await?;
    let username = names.first().map(String::as_str).unwrap_or_default();
    throttle::remember(&mut transaction.tx, source, (viewer.id, username), transaction.now).await?;
    Ok((transaction, Account { credentials_version, ..account }, attempt))
}

/// Ends links and sessions of the old password, and mails the person.
pub async fn end_of_old_password(transaction: &mut TicketTransaction, person: UserId) -> Result<(), Problem> {
    invitations::delete_of_user(&mut transaction.tx, person).await?;
    session_rows::delete_of_user(&mut transaction.tx, person).await?;
    known_sources::delete_of_user(&mut transaction.tx, person).await?;
    contacts::notify_of_password(transaction, person).await
}
