//! Page on which people who forgot their password ask for a link to set a new one.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::input::Input;
use crate::domain::local_path::sign_in_address;
use crate::domain::problem::Problem;
use crate::pages::PageTitle;
use crate::ui::components::field::{Field, Kind};
use crate::ui::page_context::{FormState, address, texts};

pub const PATH: &str = "/forgot";

#[component]
pub fn ForgotPage() -> impl IntoView {
    let words = texts().self_service();
    let refused = use_context::<FormState>();
    let content = match refused.is_none() && address().search == "?sent=1" {
        true => Either::Left(view! {
            <div class="message" data-kind="success" role="status"><p>{words.forgot_sent}</p></div>
        }),
        false => Either::Right(view! { <FromParameters refused/> }),
    };
    view! {
        <PageTitle title=words.forgot/>
        <main class="page" id="main" tabindex="-1" data-width="narrow">
            <h1 class="page__title">{words.forgot}</h1>
            {content}
            <p class="page__links"><a href=sign_in_address(None)>{words.back_to_sign_in}</a></p>
        </main>
    }
}

#[component]
fn FromParameters(refused: Option<FormState>) -> impl IntoView {
    let words = texts().self_service();
    let typed =
        refused.as_ref().map(|form| form.typed(Input::Username.name()).to_owned()).unwrap_or_default();
    let (error, message) = match refused.map(|form| form.problem) {
        Some(Problem::BadInput { reason, .. }) => (Some((texts().work().reason)(reason)), None),
        Some(Problem::TooManyTries { retry_after_seconds }) => {
            (None, Some((texts().problem().too_many_tries)(retry_after_seconds)))
        }
        Some(_) => (None, Some(texts().problem().broken.to_owned())),
        None => (None, None),
    };
    let login = Kind {
        name: Input::Username.name(),
        label: words.forgot_login,
        input_type: "text",
        autocomplete: "username",
    };
    view! {
        {message.map(|message| view! { <div class="message" data-kind="error" role="alert"><p>{message}</p></div> })}
        <p class="page__intro">{words.forgot_intro}</p>
        <form class="form" method="post" action=PATH>
            <Field kind=login value=typed error=error/>
            <button class="button" data-kind="primary">{words.forgot_submit}</button>
        </form>
    }
}
