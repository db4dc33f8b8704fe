//! Self-registration, where the site is open to it.

use super::login::Token;
use super::sessions::{self, Secret};
use super::throttle::{self, Source};
use super::{passwords, tokens};
use crate::domain::people::contact::Verified;
use crate::domain::people::person::Person;
use crate::domain::people::profile::Choices;
use crate::domain::people::registration::Registration;
use crate::domain::problem::Problem;
use crate::domain::viewer::{Role, Viewer};
use crate::service::App;
use crate::service::people::{admin, contacts, impostors, own_account};
use crate::service::security_log::{self, Event, Outcome};
use crate::service::transaction::TicketTransaction;
use crate::store::people::accounts;

/// Self-registration form with its password.
pub struct Form {
    pub registration: Registration,
    pub password: String,
    pub repeated: String,
}

/// Adds a requester, and signs them in.
pub async fn register(app: &App, source: &Source, form: Form) -> Result<(Viewer, Secret), Problem> {
    let (mut transaction, viewer) = add(app, source, form).await?;
    let secret = sessions::begin(&mut transaction.tx, viewer.id, transaction.now).await?;
    transaction.commit().await?;
    log(&viewer, source);
    Ok((viewer, secret))
}

/// Adds a requester for a program; returns a token.
pub async fn register_by_token(app: &App, source: &Source, form: Form) -> Result<Token, Problem> {
    let (transaction, viewer) = add(app, source, form).await?;
    transaction.commit().await?;
    log(&viewer, source);
    let account = accounts::account(&app.db, viewer.id).await?.ok_or(Problem::SignedOut)?;
    Ok(Token { access_token: tokens::issue(app, &account)?, viewer })
}

fn log(newcomer: &Viewer, source: &Source) {
    security_log::write(Event::Registration, Outcome::Done, Some(newcomer.id), Some(source.address));
}

/// Adds a requester without committing yet. Phone and e-mail may be another person's: the answer
/// tells no one who is known here.
async fn add(app: &App, source: &Source, form: Form) -> Result<(TicketTransaction, Viewer), Problem> {
    if !app.site.open_registration {
        return Err(Problem::NotFound);
    }
    let Form { registration, password, repeated } = form;
    let checked = registration.check(&app.site.offered(app.clock.now()));
    let Registration { username, profile } =
        checked.map_err(|(input, reason)| Problem::BadInput { input, reason })?;
    own_account::check_email(&profile.email)?;
    let names = [&username, &profile.nickname, &profile.phone, &profile.email];
    passwords::check_new(&password, &names)?;
    if password != repeated {
        return Err(Problem::PasswordsDiffer);
    }
    throttle::let_in(app, source.address).await?;
    let password_hash = app.passwords.hash(password).await?;

    let mut transaction = TicketTransaction::begin(app).await?;
    let id = admin::id_for(&mut transaction, &username).await?;
    impostors::refuse(&mut transaction.tx, &app.site, (id, Role::User), &profile.nickname).await?;
    let person = Person {
        id,
        username,
        has_exact_name: false,
        role: Role::User,
        nickname: profile.nickname.clone(),
        phone: profile.phone.clone(),
        email: profile.email.clone(),
        campus: profile.campus.clone(),
        disabled: false,
        password_hash,
        created_at: transaction.now,
        verified: Verified::default(),
        choices: Choices { locale: Some(profile.locale), ..Choices::default() },
    };
    accounts::insert(&mut transaction.tx, &person).await?;
    throttle::remember(&mut transaction.tx, source, (id, &person.username), transaction.now).await?;
    contacts::ask_for_proof(&mut transaction, id, &person.email).await?;
    Ok((transaction, Viewer { id, role: person.role, nickname: person.nickname }))
}
