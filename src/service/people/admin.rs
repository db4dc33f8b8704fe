//! Accounts as admins change them.

use std::net::IpAddr;

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
use crate::service::App;
use crate::service::people::leaving;
use crate::service::security_log::{self, Event, Outcome};
use crate::service::sign_in::invitations;
use crate::service::transaction::{Request, TicketTransaction};
use crate::store;
use crate::store::notifications::mail_refusals;
use crate::store::people::accounts;

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
    invitations::put(&mut transaction, id, &secret).await?;
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
    let changed = leaving::until_settled(|| change_now(app, viewer, person, change, key.clone())).await;
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
        Change::Role(role) => leaving::set_role(&mut transaction, person, role).await?,
        Change::Disable => leaving::disable(&mut transaction, person).await?,
        Change::Enable => accounts::set_disabled(&mut transaction.tx, person, false).await?,
        Change::TryAddress => mail_refusals::forget(&mut transaction.tx, person).await?,
        Change::Link => {}
    }
    if let Some(secret) = &secret {
        invitations::put(&mut transaction, person, secret).await?;
    }
    transaction.remember(&request, person).await?;
    transaction.commit().await?;
    Ok(secret)
}
