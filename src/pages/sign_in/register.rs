//! Page of the self-registration.

use leptos::prelude::*;

use crate::domain::input::Input;
use crate::domain::local_path::{LocalPath, register_address, sign_in_address};
use crate::domain::people::person::PASSWORD_MIN;
use crate::domain::problem::Problem;
use crate::pages::PageTitle;
use crate::ui::components::field::{Field, Kind};
use crate::ui::page_context::{self, FormState, address, texts};

#[component]
pub fn RegisterPage() -> impl IntoView {
    let words = texts().self_service();
    let refused = use_context::<FormState>();
    let onward = LocalPath::onward(&address().search);
    let onward = onward.as_ref().map(LocalPath::as_str);
    view! {
        <PageTitle title=words.register/>
        <main class="page" id="main" tabindex="-1" data-width="narrow">
            <h1 class="page__title">{words.register}</h1>
            {refused.as_ref().and_then(|form| message(&form.problem)).map(|message| view! {
                <div class="message" data-kind="error" role="alert"><p>{message}</p></div>
            })}
            <Questions action=register_address(onward) refused/>
            <p class="page__links"><a href=sign_in_address(onward)>{words.to_sign_in}</a></p>
        </main>
    }
}

/// Reason of a refusal that concerns no single field.
fn message(problem: &Problem) -> Option<String> {
    match problem {
        Problem::BadInput { .. } | Problem::BadPassword(_) | Problem::PasswordsDiffer => None,
        Problem::TooManyTries { retry_after_seconds } => {
            Some((texts().problem().too_many_tries)(*retry_after_seconds))
        }
        Problem::TooManyMails { .. } => texts().refusal(problem),
        _ => Some(texts().problem().broken.to_owned()),
    }
}

#[component]
fn Questions(action: String, refused: Option<FormState>) -> impl IntoView {
    let (words, profile, account) = (texts().self_service(), texts().profile(), texts().account());
    let problem = refused.as_ref().map(|form| form.problem.clone());
    let typed =
        |input: Input| refused.as_ref().map(|form| form.typed(input.name()).to_owned()).unwrap_or_default();
    let error = |asked: Input| match &problem {
        Some(Problem::BadInput { input, reason }) if *input == asked => {
            Some((texts().work().reason)(*reason))
        }
        _ => None,
    };
    let (new, repeat) = match &problem {
        Some(Problem::BadPassword(bad)) => (Some((account.bad)(*bad)), None),
        Some(Problem::PasswordsDiffer) => (None, Some(account.differ.to_owned())),
        _ => (None, None),
    };
    let kind = |input: Input, label, input_type, autocomplete| Kind {
        name: input.name(),
        label,
        input_type,
        autocomplete,
    };
    let password = |name, label| Kind { name, label, input_type: "password", autocomplete: "new-password" };
    let username = kind(Input::Username, texts().people().username, "text", "username");
    let nickname = kind(Input::Nickname, account.nickname, "text", "nickname");
    let phone = kind(Input::Phone, profile.phone, "tel", "tel");
    let email = kind(Input::Email, profile.email, "email", "email");
    view! {
        <form class="form" method="post" action=action>
            <Field kind=username value=typed(Input::Username) hint=words.username_hint error=error(Input::Username)/>
            <Field kind=nickname value=typed(Input::Nickname) error=error(Input::Nickname)/>
            <Field
                kind=phone
                value=typed(Input::Phone)
                hint=words.contact_hint
                error=error(Input::Phone)
                is_required=false
            />
            <Field kind=email value=typed(Input::Email) error=error(Input::Email) is_required=false/>
            <Campus chosen=typed(Input::Campus) error=error(Input::Campus)/>
            <Field kind=password("new", texts().sign_in().password) hint=(account.new_hint)(PASSWORD_MIN) error=new/>
            <Field kind=password("repeat", words.repeat) error=repeat/>
            <button class="button" data-kind="primary">{words.register}</button>
        </form>
    }
}

#[component]
fn Campus(chosen: String, error: Option<String>) -> impl IntoView {
    let name = Input::Campus.name();
    let campuses = page_context::with(|context| context.campuses.clone());
    let is_bad = error.is_some().then_some("true");
    let described_by = error.is_some().then_some("campus-error");
    let option = |campus: String| {
        let selected = campus == chosen;
        view! { <option value=campus.clone() selected=selected dir="auto">{campus.clone()}</option> }
    };
    view! {
        <div class="field">
            <label class="field__label" for=name>{texts().list().campus}</label>
            {error.map(|error| view! { <span class="field__error" id="campus-error">{error}</span> })}
            <select
                class="field__input"
                data-width="short"
                id=name
                name=name
                aria-invalid=is_bad
                aria-describedby=described_by
            >
                <option value="">{texts().profile().no_campus}</option>
                {campuses.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}
