//! Accounts as admins change them, and the links by which people set passwords.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use crate::domain::access;
use crate::domain::ids::UserId;
use crate::domain::input::{Input, Reason};
use crate::domain::people::admin::{Change, MemberQuery, Members, check_change};
use crate::domain::people::contact::{ContactKind, Verified};
use crate::domain::people::person::{Person, check_username};
use crate::domain::people::profile::{Choices, check_nickname};
use crate::domain::problem::Problem;
use crate::domain::validation::{canonical, phone_key};
use crate::domain::viewer::{Role, Viewer};
use crate::service::security_log::{self, Event, Outcome};
use crate::service::sign_in::throttle::{self, Source};
use crate::service::sign_in::{login, password_reset, passwords};
use crate::service::tickets::unassign;
use crate::service::transaction::{Request, TicketTransaction};
use crate::service::{App, hex, random_hex};
use crate::store;
use crate::store::notifications::mail_refusals;
use crate::store::people::{accounts, preferences};
use crate::store::sign_in::invitations;

pub const LINK_SECONDS: i64 = 7 * 24 * 3600;
pub const LINK_DAYS: i64 = LINK_SECONDS / (24 * 3600);

pub async fn list(app: &App, viewer: &Viewer, query: &MemberQuery) -> Result<Members, Problem> {
    access::admins_only(viewer)?;
    Ok(match &query.search {
        Some(search) => store::people::admin::search(&app.db, search).await?,
        None => store::people::admin::page(&app.db, query.before).await?,
    })
}

/// A person to be added.
pub struct Newcomer {
    pub username: String,
    pub nickname: String,
    pub role: Role,
}

/// Adds a person who cannot sign in yet; returns their id and the secret of their link.
pub async fn add(
    app: &App,
    address: IpAddr,
    viewer: &Viewer,
    newcomer: Newcomer,
    key: Option<String>,
) -> Result<(UserId, String), Problem> {
    let added = add_now(app, viewer, newcomer, key).await;
    let person = added.as_ref().ok().map(|(id, _)| *id);
    let outcome = Outcome::of(&added);
    security_log::write_about(Event::Invitation, outcome, person, Some(viewer.id), Some(address));
    added
}

async fn add_now(
    app: &App,
    viewer: &Viewer,
    newcomer: Newcomer,
    key: Option<String>,
) -> Result<(UserId, String), Problem> {
    access::admins_only(viewer)?;
    let Newcomer { username, nickname, role } = newcomer;
    let username = check_username(&username)
        .map_err(|_| Problem::BadInput { input: Input::Username, reason: Reason::NotAName })?;
    let nickname = match canonical(&nickname).as_str() {
        "" => username.clone(),
        typed => check_nickname(typed).map_err(|(input, reason)| Problem::BadInput { input, reason })?,
    };
    let request = Request::new(viewer, key, &["add", &username, &nickname, role.name()])?;
    let mut transaction = TicketTransaction::begin(app).await?;
    if let Some((id, at)) = transaction.done_to_before(&request).await? {
        return Ok((id, request.secret(&app.tokens, at)?));
    }
    let id = id_for(&mut transaction, &username).await?;
    if accounts::holds_contact_besides(&mut transaction.tx, id, ContactKind::Phone, &phone_key(&username))
        .await?
    {
        return Err(Problem::BadInput { input: Input::Username, reason: Reason::Taken });
    }
    let person = Person {
        id,
        username,
        has_exact_name: false,
        role,
        nickname,
        phone: String::new(),
        email: String::new(),
        campus: String::new(),
        disabled: false,
        password_hash: String::new(),
        created_at: transaction.now,
        verified: Verified::default(),
        choices: Choices::default(),
    };
    accounts::insert(&mut transaction.tx, &person).await?;
    let secret = request.secret(&app.tokens, transaction.now)?;
    put_link(&mut transaction, id, &secret).await?;
    transaction.remember(&request, id).await?;
    transaction.commit().await?;
    Ok((id, secret))
}

/// Reserves an id for a person with a new user name. No other transaction gets either until this
/// one ends.
pub(crate) async fn id_for(transaction: &mut TicketTransaction, username: &str) -> Result<UserId, Problem> {
    accounts::hold_name(&mut transaction.tx, username).await?;
    let id =
        accounts::next_id(&mut transaction.tx, transaction.site.zone.local(transaction.now).year).await?;
    match accounts::find_id(&mut transaction.tx, username).await? {
        Some(_) => Err(Problem::BadInput { input: Input::Username, reason: Reason::Taken }),
        None => Ok(id),
    }
}

/// Changes a person's access; returns a link's secret, if asked for.
pub async fn change(
    app: &App,
    address: IpAddr,
    viewer: &Viewer,
    person: UserId,
    change: Change,
    key: Option<String>,
) -> Result<Option<String>, Problem> {
    let changed = unassign::until_settled(|| change_now(app, viewer, person, change, key.clone())).await;
    if let Some(event) = event_of(change) {
        security_log::write_about(event, Outcome::of(&changed), Some(person), Some(viewer.id), Some(address));
    }
    changed
}

const fn event_of(change: Change) -> Option<Event> {
    match change {
        Change::Role(_) => Some(Event::RoleChange),
        Change::Disable => Some(Event::Disabling),
        Change::Enable => Some(Event::Enabling),
        Change::Link => Some(Event::LinkMade),
        Change::TryAddress => None,
    }
}

async fn change_now(
    app: &App,
    viewer: &Viewer,
    person: UserId,
    change: Change,
    key: Option<String>,
) -> Result<Option<String>, Problem> {
    access::admins_only(viewer)?;
    let request = Request::new(viewer, key, &[&change.to_string(), &person.to_string()])?;
    let link_of = |at| (change == Change::Link).then(|| request.secret(&app.tokens, at)).transpose();
    let mut transaction = TicketTransaction::begin(app).await?;
    if let Some((_, at)) = transaction.done_to_before(&request).await? {
        return link_of(at);
    }
    let admins = match change {
        // Two admins who remove each other at once would leave nobody. Other changes wait for nobody.
        Change::Role(_) | Change::Disable => {
            accounts::count_admins_locked(&mut transaction.tx).await?.unsigned_abs()
        }
        Change::Enable | Change::Link | Change::TryAddress => u64::MAX,
    };
    let (role, is_disabled) =
        accounts::account_status(&mut transaction.tx, person).await?.ok_or(Problem::NotFound)?;
    check_change(change, person == viewer.id, (!is_disabled).then_some(role), admins)?;
    let secret = link_of(transaction.now)?;
    match change {
        Change::Role(role) => unassign::set_role(&mut transaction, person, role).await?,
        Change::Disable => unassign::disable(&mut transaction, person).await?,
        Change::Enable => accounts::set_disabled(&mut transaction.tx, person, false).await?,
        Change::TryAddress => mail_refusals::forget(&mut transaction.tx, person).await?,
        Change::Link => {}
    }
    if let Some(secret) = &secret {
        put_link(&mut transaction, person, secret).await?;
    }
    transaction.remember(&request, person).await?;
    transaction.commit().await?;
    Ok(secret)
}

async fn put_link(transaction: &mut TicketTransaction, person: UserId, secret: &str) -> Result<(), Problem> {
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
