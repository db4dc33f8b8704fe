//! Contacts of other people, as an admin gives them: verified from then on.

use std::net::IpAddr;

use super::contacts;
use crate::domain::access;
use crate::domain::ids::UserId;
use crate::domain::people::admin::check_contacts;
use crate::domain::people::contact::{ContactKind, GivenContacts, ShownContact, Verified};
use crate::domain::people::profile::OwnProfile;
use crate::domain::problem::Problem;
use crate::domain::tickets::report::Field;
use crate::domain::validation::{canonical, fold, phone_key};
use crate::domain::viewer::Viewer;
use crate::service::App;
use crate::service::security_log::{self, Event, Outcome};
use crate::service::transaction::{Request, TicketTransaction};
use crate::store::people::accounts;
use crate::store::people::preferences::{self, Own};
use crate::store::sign_in::invitations;

/// A permitted change of contacts.
pub struct Proposal {
    pub nickname: String,
    pub phone: String,
    pub email: String,
}

/// Checks the effect of [`set`], so that an admin is asked about the contact as it will be stored.
pub async fn propose(
    app: &App,
    viewer: &Viewer,
    person: UserId,
    given: &GivenContacts,
) -> Result<Proposal, Problem> {
    check_may_set(viewer, person)?;
    let mut transaction = TicketTransaction::begin(app).await?;
    let (_, OwnProfile { nickname, phone, email, .. }) = wanted(app, &mut transaction, person, given).await?;
    Ok(Proposal { nickname, phone, email })
}

/// Sets contacts of another person, or verifies those they have.
pub async fn set(
    app: &App,
    address: IpAddr,
    viewer: &Viewer,
    person: UserId,
    given: &GivenContacts,
    key: Option<String>,
) -> Result<(), Problem> {
    let set = set_now(app, viewer, person, given, key).await;
    let event = match set {
        Ok(Done::Before) => return Ok(()),
        Ok(Done::Confirmed) => Event::ContactProof,
        Ok(Done::Changed) | Err(_) => Event::ContactChange,
    };
    security_log::write_about(event, Outcome::of(&set), Some(person), Some(viewer.id), Some(address));
    set.map(|_| ())
}

/// Effect of a call.
enum Done {
    /// The call was a repeated one.
    Before,
    Confirmed,
    Changed,
}

async fn set_now(
    app: &App,
    viewer: &Viewer,
    person: UserId,
    given: &GivenContacts,
    key: Option<String>,
) -> Result<Done, Problem> {
    check_may_set(viewer, person)?;
    let part = |given: Option<String>| given.map_or_else(String::new, |given| format!("={given}"));
    let phone = part(given.phone.as_deref().map(|typed| Field::Phone.canonical(typed)));
    let email = part(given.email.as_deref().map(canonical));
    let parts = ["contact", &person.to_string(), &phone, &email];
    let request = Request::new(viewer, key, &parts)?;
    let mut transaction = TicketTransaction::begin(app).await?;
    if transaction.done_to_before(&request).await?.is_some() {
        return Ok(Done::Before);
    }
    let (own, profile) = wanted(app, &mut transaction, person, given).await?;
    let verified = verified(&transaction, &own, &profile, given);
    contacts::save(&mut transaction, person, &own, &profile, verified).await?;
    if profile.email != own.profile.email {
        // The link of an admin stays: it was perhaps handed out a moment ago.
        invitations::delete_mailed_of_user(&mut transaction.tx, person).await?;
    }
    transaction.remember(&request, person).await?;
    transaction.commit().await?;
    Ok(if contacts::changes_contacts(&own.profile, &profile) { Done::Changed } else { Done::Confirmed })
}

fn check_may_set(viewer: &Viewer, person: UserId) -> Result<(), Problem> {
    access::admins_only(viewer)?;
    Ok(check_contacts(person == viewer.id)?)
}

/// Returns the profile as it is, and as it will be.
async fn wanted(
    app: &App,
    transaction: &mut TicketTransaction,
    person: UserId,
    given: &GivenContacts,
) -> Result<(Own, OwnProfile), Problem> {
    let own = preferences::own_locked(&mut transaction.tx, person).await?.ok_or(Problem::NotFound)?;
    let profile = checked(app, &own.profile, given)?;
    if given.phone.is_some() && (own.verified.phone.is_none() || profile.phone != own.profile.phone) {
        refuse_held(transaction, person, ContactKind::Phone, &phone_key(&profile.phone)).await?;
    }
    if given.email.is_some() && (own.verified.email.is_none() || profile.email != own.profile.email) {
        refuse_held(transaction, person, ContactKind::Email, &fold(&profile.email)).await?;
    }
    Ok((own, profile))
}

fn checked(app: &App, present: &OwnProfile, given: &GivenContacts) -> Result<OwnProfile, Problem> {
    let phone = given.phone.clone().unwrap_or_else(|| present.phone.clone());
    let email = given.email.clone().unwrap_or_else(|| present.email.clone());
    let shows_nothing = match present.shown_contact {
        ShownContact::Nothing => true,
        ShownContact::Phone => phone.trim().is_empty(),
        ShownContact::Email => email.trim().is_empty(),
    };
    let shown_contact = if shows_nothing { ShownContact::Nothing } else { present.shown_contact };
    let wanted = OwnProfile { phone, email, shown_contact, ..present.clone() };
    contacts::accepted(wanted.check_contacts(present, &app.site.offered(app.clock.now())), present)
}

/// Refuses a contact that is verified for another person: the first holder keeps it.
async fn refuse_held(
    transaction: &mut TicketTransaction,
    person: UserId,
    kind: ContactKind,
    contact_key: &str,
) -> Result<(), Problem> {
    if contact_key.is_empty() {
        return Ok(());
    }
    match accounts::holds_contact_besides(&mut transaction.tx, person, kind, contact_key).await? {
        true => Err(Problem::ContactHeld { input: kind.input() }),
        false => Ok(()),
    }
}

/// Verification times afterwards: now for given contacts, unchanged for the others.
fn verified(
    transaction: &TicketTransaction,
    own: &Own,
    profile: &OwnProfile,
    given: &GivenContacts,
) -> Verified {
    let kept = contacts::still_verified(own, profile);
    let phone = given.phone.as_ref().filter(|_| !profile.phone.is_empty()).map(|_| transaction.now);
    let email = given.email.as_ref().filter(|_| !profile.email.is_empty()).map(|_| transaction.now);
    Verified { phone: kept.phone.or(phone), email: kept.email.or(email) }
}
