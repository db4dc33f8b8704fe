//! Page of one's own account: profile and password.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::people::person::PASSWORD_MIN;
use crate::domain::people::profile::OwnAccount;
use crate::domain::problem::Problem;
use crate::domain::viewer::Viewer;
use crate::pages::PageTitle;
use crate::rpc;
use crate::ui::components::account::availability_form::{self, DutyForm};
use crate::ui::components::account::preferences_form::{self, NotificationPreferencesForm};
use crate::ui::components::account::profile_form::{self, ProfileForm};
use crate::ui::components::field::{Field, Kind};
use crate::ui::components::isolated::{isolated, marked};
use crate::ui::components::made_for::MadeFor;
use crate::ui::components::notice::{NoticePlacement, ProblemNotice};
use crate::ui::components::refusal::Refusal;
use crate::ui::page_context::{self, FormState, SelfService, address, texts};

/// Name of the form that asks for the link to confirm the e-mail.
const PROOF: &str = "proof";

#[component]
pub fn AccountPage() -> impl IntoView {
    let words = texts().account();
    let viewer = page_context::with(|context| context.viewer.clone());
    let content = match viewer {
        Some(viewer) => view! { <Who viewer/> <Own/> <ChangePassword/> }.into_any(),
        None => {
            view! { <ProblemNotice problem=Problem::SignedOut placement=NoticePlacement::Within here=address()/> }
                .into_any()
        }
    };
    view! {
        <PageTitle title=words.title/>
        <main class="page" id="main" tabindex="-1" data-width="narrow">
            <h1 class="page__title">{words.title}</h1>
            {content}
        </main>
    }
}

#[component]
fn Who(viewer: Viewer) -> impl IntoView {
    let words = texts().account();
    view! {
        <section class="panel" aria-labelledby="who">
            <h2 class="panel__title" id="who">{words.who}</h2>
            <dl class="facts">
                <dt>{words.nickname}</dt><dd><bdi>{viewer.nickname}</bdi></dd>
                <dt>{words.id}</dt><dd>{viewer.id.to_string()}</dd>
                <dt>{words.role}</dt><dd>{texts().role(viewer.role)}</dd>
            </dl>
        </section>
    }
}

/// Forms of the account; one may have been refused.
#[component]
fn Own() -> impl IntoView {
    let refused = |name: &str| use_context::<FormState>().filter(|form| form.form == name);
    let [profile_refused, wishes_refused, duty_refused, proof_refused] =
        [profile_form::NAME, preferences_form::NAME, availability_form::NAME, PROOF].map(refused);
    let sends_mails = expect_context::<SelfService>().forgotten;
    let sent = use_context::<FormState>().is_none() && address().search == "?sent=1";
    let saved = use_context::<FormState>().is_none() && address().search == "?saved=1";
    view! {
        {saved.then(|| view! {
            <div class="message" data-kind="success" role="status"><p>{texts().profile().saved}</p></div>
        })}
        {sent.then(|| view! {
            <div class="message" data-kind="success" role="status"><p>{texts().contacts().sent}</p></div>
        })}
        {Suspend::new(async move {
            match rpc::read_account().await {
                Ok(OwnAccount { profile, verified, email_refused, notification_preferences, duty, limit_of_site }) => Either::Left(view! {
                    {email_refused.map(|because| view! { <RefusedAddress email=profile.email.clone() because/> })}
                    {(sends_mails && !profile.email.is_empty() && verified.email.is_none())
                        .then(|| view! { <SendProof refused=proof_refused/> })}
                    <ProfileForm profile verified refused=profile_refused/>
                    {duty.map(|duty| view! { <DutyForm duty limit=limit_of_site refused=duty_refused/> })}
                    <NotificationPreferencesForm notification_preferences refused=wishes_refused/>
                }),
                Err(problem) => Either::Right(view! {
                    <ProblemNotice problem placement=NoticePlacement::Within here=address()/>
                }),
            }
        })}
    }
}

/// Notice that mails are refused: why, and what helps.
#[component]
fn RefusedAddress(email: String, because: String) -> impl IntoView {
    let words = texts().profile();
    view! {
        <form class="message form" data-kind="error" role="alert" method="post" action="/account/mail">
            <MadeFor/>
            <p>{isolated(&(words.refused)(&marked(&email), &marked(&because)))}</p>
            <button class="button">{words.try_again}</button>
        </form>
    }
}

/// Button that requests the confirming link again.
#[component]
fn SendProof(refused: Option<FormState>) -> impl IntoView {
    let words = texts().contacts();
    view! {
        <section class="panel" aria-labelledby="proof-title">
            <form class="form" method="post" action="/account/proof">
                <MadeFor/>
                <h2 class="form__title" id="proof-title">{words.title}</h2>
                {refused.map(|form| view! { <Refusal problem=form.problem/> })}
                <p class="field__hint">{words.email_unverified}</p>
                <button class="button">{words.send}</button>
            </form>
        </section>
    }
}

#[component]
fn ChangePassword() -> impl IntoView {
    let words = texts().account();
    let refused = use_context::<FormState>().filter(|form| form.form.is_empty());
    let problem = refused.map(|form| form.problem);
    let changed = problem.is_none() && address().search == "?changed=1";
    let Refused { current, new, repeat, other } = problem.map(Refused::of).unwrap_or_default();
    let kind = |name, label, autocomplete| Kind { name, label, input_type: "password", autocomplete };

    view! {
        {changed.then(|| view! { <div class="message" data-kind="success" role="status"><p>{words.changed}</p></div> })}
        {other.map(|text| view! { <div class="message" data-kind="error" role="alert"><p>{text}</p></div> })}
        <section class="panel" aria-labelledby="change">
            <form class="form" method="post" action="/account">
                <MadeFor/>
                <h2 class="form__title" id="change">{words.change}</h2>
                <Field kind=kind("current", words.current, "current-password") error=current/>
                <Field kind=kind("new", words.new, "new-password") hint=(words.new_hint)(PASSWORD_MIN) error=new/>
                <Field kind=kind("repeat", words.repeat, "new-password") error=repeat/>
                <p class="field__hint">{words.consequence}</p>
                <button class="button" data-kind="primary">{words.submit}</button>
            </form>
        </section>
    }
}

/// Reason of a refused change, at its field.
#[derive(Default)]
struct Refused {
    current: Option<String>,
    new: Option<String>,
    repeat: Option<String>,
    other: Option<String>,
}

impl Refused {
    fn of(problem: Problem) -> Self {
        let words = texts().account();
        let none = Self::default();
        match problem {
            Problem::WrongPassword => Self { current: Some(words.wrong_current.to_owned()), ..none },
            Problem::BadPassword(bad) => Self { new: Some((words.bad)(bad)), ..none },
            Problem::PasswordsDiffer => Self { repeat: Some(words.differ.to_owned()), ..none },
            Problem::TooManyTries { retry_after_seconds } => {
                Self { other: Some((texts().problem().too_many_tries)(retry_after_seconds)), ..none }
            }
            other => {
                let sentence = texts().refusal(&other);
                Self { other: Some(sentence.unwrap_or_else(|| texts().problem().broken.to_owned())), ..none }
            }
        }
    }
}
