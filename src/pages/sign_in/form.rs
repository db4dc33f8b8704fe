//! Page of the sign-in.

use leptos::prelude::*;

use super::forgot;
use crate::domain::local_path::{LocalPath, register_address, sign_in_address};
use crate::domain::problem::Problem;
use crate::pages::PageTitle;
use crate::ui::components::field::{Field, Kind};
use crate::ui::page_context::{FormState, KEPT, KEPT_FORM, SelfService, USERNAME, address, texts};

#[component]
pub fn SignInPage() -> impl IntoView {
    let words = texts().sign_in();
    let refused = use_context::<FormState>();
    let ways: SelfService = expect_context();
    let onward = LocalPath::onward(&address().search);
    let action = sign_in_address(onward.as_ref().map(LocalPath::as_str));
    let message = refused.as_ref().map(|form| match &form.problem {
        Problem::TooManyTries { retry_after_seconds } => {
            (texts().problem().too_many_tries)(*retry_after_seconds)
        }
        Problem::SignedOut => words.waits.to_owned(),
        Problem::WrongCredentials if ways.forgotten => texts().self_service().wrong.to_owned(),
        Problem::WrongCredentials => words.wrong.to_owned(),
        Problem::NoDatabase { .. } => texts().problem().no_database.to_owned(),
        _ => texts().problem().broken.to_owned(),
    });
    let login = refused.as_ref().map(|form| form.typed(USERNAME).to_owned()).unwrap_or_default();
    let kept = refused.map(|form| form.typed).unwrap_or_default();
    let kept = kept.into_iter().filter(|(name, _)| name == KEPT_FORM || name.starts_with(KEPT));
    let kept: Vec<(String, String)> = kept.collect();
    let holds_form = !kept.is_empty();
    let account = Kind { name: USERNAME, label: words.login, input_type: "text", autocomplete: "username" };
    let password = Kind {
        name: "password",
        label: words.password,
        input_type: "password",
        autocomplete: "current-password",
    };

    view! {
        <PageTitle title=words.title/>
        <main class="page" id="main" tabindex="-1" data-width="narrow">
            <h1 class="page__title">{words.title}</h1>
            {(message.is_none() && address().search == "?welcome=1").then(|| view! {
                <div class="message" data-kind="success" role="status"><p>{texts().people().password_set}</p></div>
            })}
            {message.map(|message| view! { <div class="message" data-kind="error" role="alert"><p>{message}</p></div> })}
            <form class="form" method="post" action=action>
                {kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
                <Field kind=account value=login hint=words.login_hint error=None/>
                <Field kind=password error=None/>
                <button class="button" data-kind="primary">{words.submit}</button>
            </form>
            <OtherWays ways onward holds_form/>
        </main>
    }
}

/// Links for people who have nothing to sign in with. They open beside a page that holds a form, so
/// that its text is still there afterwards.
#[component]
fn OtherWays(ways: SelfService, onward: Option<LocalPath>, holds_form: bool) -> impl IntoView {
    let words = texts().self_service();
    let (target, rel) = (holds_form.then_some("_blank"), holds_form.then_some("noopener"));
    let way = move |address: String, text: &'static str| {
        view! {
            <a href=address target=target rel=rel>
                {text}
                {holds_form.then(|| view! { " " <span>{texts().sign_in().new_tab}</span> })}
            </a>
        }
    };
    let SelfService { registration, forgotten } = ways;
    let register = register_address(onward.as_ref().map(LocalPath::as_str));
    (registration || forgotten).then(|| {
        view! {
            <p class="page__links">
                {registration.then(|| way(register, words.to_register))}
                {forgotten.then(|| way(forgot::PATH.to_owned(), words.forgot))}
            </p>
        }
    })
}
