//! `fixdesk user`: adding, listing and changing the people who may sign in.

mod list;
mod password;

use std::sync::Arc;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{Failure, log};
use crate::config::Config;
use crate::domain::ids::UserId;
use crate::domain::people::contact::{ContactKind, Verified};
use crate::domain::people::person::{Person, check_username};
use crate::domain::people::profile::Choices;
use crate::domain::tickets::report::Field;
use crate::domain::validation::{Lines, canonical, fold, is_printable, phone_key};
use crate::domain::viewer::Role;
use crate::service::Clock;
use crate::service::notifications::mail_address::is_deliverable;
use crate::service::people::leaving;
use crate::service::security_log::{self, Event, Outcome};
use crate::service::settings::Site;
use crate::service::sign_in::{login, passwords};
use crate::service::transaction::TicketTransaction;
use crate::store::people::accounts;
use crate::store::{self, Db, Tx};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Add somebody; the password is asked for, or one line of standard input
    Add(Newcomer),
    /// List everybody, in the order of their ids
    List,
    /// Change what somebody may do
    SetRole {
        /// Their user name
        name: String,
        /// What they may do from now on
        #[arg(value_parser = role())]
        role: Role,
    },
    /// Change somebody's password; ends their sessions and tokens
    SetPassword {
        /// Their user name
        name: String,
    },
    /// Keep somebody out, at once
    Disable {
        /// Their user name
        name: String,
    },
    /// Let somebody in again
    Enable {
        /// Their user name
        name: String,
    },
}

#[derive(clap::Args)]
pub struct Newcomer {
    /// The user name to sign in with
    name: String,

    /// What they may do
    #[arg(long, value_parser = role())]
    role: Role,

    /// What others see [default: the user name]
    #[arg(long)]
    nickname: Option<String>,

    /// A phone number, to be reached by and to sign in with
    #[arg(long, default_value = "", hide_default_value = true)]
    phone: String,

    /// An e-mail address, likewise
    #[arg(long, default_value = "", hide_default_value = true)]
    email: String,

    /// One of the campuses of the settings
    #[arg(long, default_value = "", hide_default_value = true)]
    campus: String,
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::name)).try_map(|name| name.parse::<Role>())
}

pub async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    if matches!(command, Command::Add(_) | Command::List) {
        return obey(config, command).await;
    }
    // The security log has all changes of existing accounts.
    let log = log::start();
    let done = obey(config, command).await;
    log.flush();
    done
}

async fn obey(config: &Config, command: Command) -> Result<(), Failure> {
    let site = Arc::new(config.site()?);
    let db = store::open(&config.database_url).await?;
    let done = match command {
        Command::List => list::list(&db).await,
        Command::Add(newcomer) => add(&db, &site, newcomer).await,
        Command::SetRole { name, role } => set_role(&db, &site, &name, role).await,
        Command::SetPassword { name } => set_password(&db, &site, &name).await,
        Command::Disable { name } => disable(&db, &site, &name).await,
        Command::Enable { name } => enable(&db, &name).await,
    };
    db.close().await;
    done
}

async fn add(db: &Db, site: &Site, newcomer: Newcomer) -> Result<(), Failure> {
    let Newcomer { name, role, nickname, phone, email, campus } = newcomer;
    let name = check_username(&name)?;
    let nickname = nickname.map(|nickname| line("nickname", canonical(&nickname))).transpose()?;
    let phone = line("phone", Field::Phone.canonical(&phone))?;
    let email = line("email", canonical(&email))?;
    let campus = canonical(&campus);
    if !campus.is_empty() && !site.campuses.contains(&campus) {
        return Err(format!("there is no campus {campus:?}: use one of {}", site.campuses.join(", ")).into());
    }
    if !is_deliverable(&email) {
        return Err(format!("{email:?} is no e-mail address like chen@example.edu").into());
    }
    // Checked before the password, so that none is typed in vain.
    check_free(&mut db.begin().await?, &name).await?;
    let names = [&name, nickname.as_ref().unwrap_or(&name), &phone, &email];
    let password_hash = passwords::hash_now(&password::ask(&names)?)?;

    let created_at = Clock::of(db).await?.now();
    let mut tx = db.begin().await?;
    accounts::hold_name(&mut tx, &name).await?;
    check_free(&mut tx, &name).await?;
    let id = accounts::next_id(&mut tx, site.zone.local(created_at).year).await?;
    let nickname = nickname.filter(|nickname| !nickname.is_empty()).unwrap_or_else(|| name.clone());
    let person = Person {
        id,
        username: name,
        has_exact_name: false,
        role,
        nickname,
        phone,
        email,
        campus,
        disabled: false,
        password_hash,
        created_at,
        verified: Verified::since(created_at),
        choices: Choices::default(),
    };
    for (kind, contact, key) in [
        (ContactKind::Phone, &person.phone, phone_key(&person.phone)),
        (ContactKind::Email, &person.email, fold(&person.email)),
    ] {
        if !key.is_empty() && accounts::holds_contact_besides(&mut tx, id, kind, &key).await? {
            return Err(format!("{contact} signs somebody else in").into());
        }
    }
    accounts::insert(&mut tx, &person).await?;
    tx.commit().await?;
    println!("added {} with the id {id}", person.username);
    Ok(())
}

fn line(option: &str, text: String) -> Result<String, Failure> {
    if is_printable(&text, Lines::One) {
        Ok(text)
    } else {
        Err(format!("{option} has characters that nobody can see").into())
    }
}

async fn set_role(db: &Db, site: &Arc<Site>, name: &str, role: Role) -> Result<(), Failure> {
    let id = find(&mut db.begin().await?, name).await?;
    let set = || async {
        let mut work = begin(db, site).await?;
        leaving::set_role(&mut work, id, role).await?;
        work.commit().await
    };
    let changed = leaving::until_settled(set).await;
    log(Event::RoleChange, id, Outcome::of(&changed));
    changed?;
    println!("{name} is now: {role}");
    Ok(())
}

async fn set_password(db: &Db, site: &Arc<Site>, name: &str) -> Result<(), Failure> {
    let id = find(&mut db.begin().await?, name).await?;
    let hash = passwords::hash_now(&password::ask(&accounts::names(db, id).await?)?)?;

    let mut work = begin(db, site).await?;
    let id = find(&mut work.tx, name).await?;
    accounts::set_password(&mut work.tx, id, &hash).await?;
    login::end_of_old_password(&mut work, id).await?;
    work.commit().await?;
    log(Event::PasswordChange, id, Outcome::Done);
    println!("{name} has a new password and has to sign in again");
    Ok(())
}

async fn disable(db: &Db, site: &Arc<Site>, name: &str) -> Result<(), Failure> {
    let id = find(&mut db.begin().await?, name).await?;
    let disabled = || async {
        let mut work = begin(db, site).await?;
        leaving::disable(&mut work, id).await?;
        work.commit().await
    };
    let changed = leaving::until_settled(disabled).await;
    log(Event::Disabling, id, Outcome::of(&changed));
    changed?;
    println!("{name} can no longer sign in");
    Ok(())
}

async fn enable(db: &Db, name: &str) -> Result<(), Failure> {
    let mut tx = db.begin().await?;
    let id = find(&mut tx, name).await?;
    accounts::set_disabled(&mut tx, id, false).await?;
    tx.commit().await?;
    log(Event::Enabling, id, Outcome::Done);
    println!("{name} can sign in again");
    Ok(())
}

fn log(event: Event, person: UserId, outcome: Outcome) {
    security_log::write_about(event, outcome, Some(person), None, None);
}

async fn begin(db: &Db, site: &Arc<Site>) -> sqlx::Result<TicketTransaction> {
    let now = Clock::of(db).await?.now();
    Ok(TicketTransaction { tx: db.begin().await?, now, site: Arc::clone(site) })
}

async fn find(tx: &mut Tx, name: &str) -> Result<UserId, Failure> {
    let id = accounts::find_id(tx, name).await?;
    id.ok_or_else(|| format!("there is nobody with the user name {name:?}").into())
}

async fn check_free(tx: &mut Tx, name: &str) -> Result<(), Failure> {
    match accounts::find_id(tx, name).await? {
        Some(id) => {
            Err(format!("the user name {name:?} is already taken, by the user with the id {id}").into())
        }
        None => Ok(()),
    }
}
