//! Forms of people: changes by admins, one's own profile, and links.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::account::taken_apart;
use super::shown_again::show_again;
use super::submitted::Sent;
use crate::domain::ids::UserId;
use crate::domain::input::Input;
use crate::domain::locale::Locale;
use crate::domain::notifications::preferences::{Mute, NotificationPreferences};
use crate::domain::people::admin::Change;
use crate::domain::people::availability::DutyForm;
use crate::domain::people::contact::GivenContacts;
use crate::domain::people::profile::OwnProfile;
use crate::domain::problem::Problem;
use crate::domain::viewer::Role;
use crate::http::Web;
use crate::http::base_url::origin;
use crate::http::middleware::client_address::client_address;
use crate::http::middleware::session;
use crate::http::web::render;
use crate::pages::people::directory::{CONTACT, ROLE, SURE, person_form};
use crate::service::people::admin::{self, Newcomer};
use crate::service::people::given_contacts::{self, Proposal};
use crate::service::people::{contacts, own_account};
use crate::service::sign_in::invitations::{self, LINK_DAYS};
use crate::ui::components::frame::PEOPLE;
use crate::ui::page_context::{AskedContact, FormState, MadeLink};

pub async fn add(State(web): State<Web>, sent: Sent) -> Response {
    let newcomer = Newcomer {
        username: sent.field(Input::Username.name()).to_owned(),
        nickname: sent.field("nickname").to_owned(),
        role: sent.field("role").parse().unwrap_or(Role::User),
    };
    let name = newcomer.username.clone();
    let added = admin::add(&web.app, sent.from, &sent.viewer, newcomer, sent.key()).await;
    answer(web, sent, "add", name, added.map(|(_, secret)| Some(secret))).await
}

pub async fn set_role(State(web): State<Web>, Path(person): Path<i64>, sent: Sent) -> Response {
    match sent.field("role").parse() {
        Ok(role) => change(web, person, sent, Change::Role(role)).await,
        Err(_) => refused(web, sent, &person_form(ROLE, UserId(person)), Problem::BadRequest).await,
    }
}

pub async fn disable(State(web): State<Web>, Path(person): Path<i64>, sent: Sent) -> Response {
    change(web, person, sent, Change::Disable).await
}

pub async fn enable(State(web): State<Web>, Path(person): Path<i64>, sent: Sent) -> Response {
    change(web, person, sent, Change::Enable).await
}

pub async fn make_link(State(web): State<Web>, Path(person): Path<i64>, sent: Sent) -> Response {
    change(web, person, sent, Change::Link).await
}

pub async fn try_address(State(web): State<Web>, Path(person): Path<i64>, sent: Sent) -> Response {
    change(web, person, sent, Change::TryAddress).await
}

/// Asks the admin to confirm the contact, then sets it.
pub async fn set_contact(State(web): State<Web>, Path(person): Path<i64>, mut sent: Sent) -> Response {
    let (input, given) = contact_in(&sent);
    let (app, person) = (&web.app, UserId(person));
    let form = person_form(CONTACT, person);
    if sent.field(SURE).is_empty() {
        return match given_contacts::propose(app, &sent.viewer, person, &given).await {
            Ok(proposal) => {
                sent.page.extensions_mut().insert(asked(person, input, proposal));
                render::render(web, sent.page, None, render::people_page).await
            }
            Err(problem) => refused(web, sent, &form, problem).await,
        };
    }
    match given_contacts::set(app, sent.from, &sent.viewer, person, &given, sent.key()).await {
        Ok(()) => Redirect::to(&format!("{PEOPLE}?q={person}&saved=1")).into_response(),
        Err(problem) => refused(web, sent, &form, problem).await,
    }
}

/// The single contact of the form.
fn contact_in(sent: &Sent) -> (Input, GivenContacts) {
    let is_phone = sent.fields.iter().any(|(name, _)| name == Input::Phone.name());
    let input = if is_phone { Input::Phone } else { Input::Email };
    let text = |of: Input| (input == of).then(|| sent.field(of.name()).to_owned());
    (input, GivenContacts { phone: text(Input::Phone), email: text(Input::Email) })
}

fn asked(person: UserId, input: Input, Proposal { nickname, phone, email }: Proposal) -> AskedContact {
    let contact = if input == Input::Phone { phone } else { email };
    AskedContact { person, nickname, input, contact }
}

async fn change(web: Web, person: i64, sent: Sent, change: Change) -> Response {
    let changed = admin::change(&web.app, sent.from, &sent.viewer, UserId(person), change, sent.key());
    let changed = changed.await;
    let form = person_form(verb_of(change), UserId(person));
    answer(web, sent, &form, person.to_string(), changed).await
}

/// Last part of the address that a change is sent to.
const fn verb_of(change: Change) -> &'static str {
    match change {
        Change::Role(_) => ROLE,
        Change::Disable => "disable",
        Change::Enable => "enable",
        Change::Link => "link",
        Change::TryAddress => "mail",
    }
}

/// Renders the directory again; with a new link, which is shown only here.
async fn answer(
    web: Web,
    mut sent: Sent,
    form: &str,
    name: String,
    done: Result<Option<String>, Problem>,
) -> Response {
    match done {
        Ok(None) => Redirect::to(PEOPLE).into_response(),
        Ok(Some(secret)) => {
            let address = format!("{}{}", origin(&web, &sent.page), invitations::page_of(&secret));
            sent.page.extensions_mut().insert(MadeLink { name, address, days: LINK_DAYS });
            render::render(web, sent.page, None, render::people_page).await
        }
        Err(problem) => refused(web, sent, form, problem).await,
    }
}

/// Renders the directory again, with what was typed into one of its forms.
async fn refused(web: Web, sent: Sent, form: &str, problem: Problem) -> Response {
    let (page, state) = sent.refused(form, problem);
    show_again(web, page, state, render::people_page).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Passwords {
    new: String,
    repeat: String,
}

fn profile_in(sent: &Sent) -> OwnProfile {
    let text = |input: Input| sent.field(input.name()).to_owned();
    OwnProfile {
        nickname: text(Input::Nickname),
        phone: text(Input::Phone),
        email: text(Input::Email),
        campus: text(Input::Campus),
        locale: Locale::from_tag(sent.field("language")).unwrap_or_default(),
        shown_contact: sent.field("shown_contact").parse().unwrap_or_default(),
    }
}

/// Changes one's own profile.
pub async fn change_profile(State(web): State<Web>, mut sent: Sent) -> Response {
    let profile = profile_in(&sent);
    let password = sent.field(Input::CurrentPassword.name()).to_owned();
    // The page shown again has no password.
    sent.fields.retain(|(name, _)| name != Input::CurrentPassword.name());
    let revise = |_| profile.clone();
    let jar = CookieJar::from_headers(sent.page.headers());
    let source = session::source(&jar, sent.from, web.app.site.https);
    let saved = contacts::change_profile(&web.app, &source, &sent.viewer, password, revise).await;
    account_again(web, sent, "profile", saved).await
}

/// Mails to one's own refused address again.
pub async fn try_own_address(State(web): State<Web>, sent: Sent) -> Response {
    let tried = own_account::try_address_again(&web.app, &sent.viewer).await;
    account_again(web, sent, "mail", tried).await
}

/// Mutes all topics that are not ticked.
fn notification_preferences_in(sent: &Sent) -> NotificationPreferences {
    let is_ticked = |mute: &Mute| sent.all("told").any(|told| told == mute.to_string());
    NotificationPreferences {
        mail_wanted: sent.field("mail") == "wanted",
        muted: Mute::all().filter(|mute| !is_ticked(mute)).collect(),
    }
}

pub async fn change_preferences(State(web): State<Web>, sent: Sent) -> Response {
    let notification_preferences = notification_preferences_in(&sent);
    let saved = own_account::change_preferences(&web.app, &sent.viewer, |_| notification_preferences).await;
    account_again(web, sent, "wishes", saved).await
}

pub async fn change_availability(State(web): State<Web>, sent: Sent) -> Response {
    let form = DutyForm {
        on_duty: sent.field("duty") == "on",
        campuses: sent.all(Input::Campuses.name()).map(str::to_owned).collect(),
        max_jobs: sent.field(Input::MaxJobs.name()).to_owned(),
    };
    let saved = own_account::change_availability(&web.app, &sent.viewer, |_| form).await;
    account_again(web, sent, "duty", saved).await
}

/// Sends the link that confirms one's e-mail again.
pub async fn send_proof(State(web): State<Web>, sent: Sent) -> Response {
    match contacts::send_again(&web.app, &sent.viewer).await {
        Ok(()) => Redirect::to("/account?sent=1").into_response(),
        Err(problem) => account_again(web, sent, "proof", Err(problem)).await,
    }
}

/// Confirms the address by its link, signed in or not: the link proves access to the mailbox.
pub async fn confirm_email(State(web): State<Web>, Path(secret): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let address = client_address(&parts, &web);
    let page = Request::from_parts(parts, Body::empty());
    match contacts::use_link(&web.app, address, &secret).await {
        Ok(()) => Redirect::to(&format!("{}?done=1", contacts::page_of(&secret))).into_response(),
        Err(problem) => show_again(web, page, FormState::of(problem), render::verify_page).await,
    }
}

async fn account_again(web: Web, sent: Sent, form: &str, saved: Result<(), Problem>) -> Response {
    match saved {
        Ok(()) => Redirect::to("/account?saved=1").into_response(),
        Err(problem) => {
            let (page, state) = sent.refused(form, problem);
            show_again(web, page, state, render::account_page).await
        }
    }
}

/// Sets a password without a session: the link is the permission.
pub async fn use_link(State(web): State<Web>, Path(secret): Path<String>, request: Request) -> Response {
    let (page, jar, address, Passwords { new, repeat }) = match taken_apart(&web, request).await {
        Ok(parts) => parts,
        Err(refused) => return refused,
    };
    let https = web.app.site.https;
    let source = session::source(&jar, address, https);
    match invitations::use_link(&web.app, &source, &secret, new, &repeat).await {
        Ok(()) => {
            let jar = jar.add(session::browser_cookie(&source, https));
            (jar, Redirect::to("/sign-in?welcome=1")).into_response()
        }
        Err(problem) => show_again(web, page, FormState::of(problem), render::welcome_page).await,
    }
}
