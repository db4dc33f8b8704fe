//! Page of the link by which somebody sets their own password.

use leptos::either::Either;
use leptos::prelude::*;

use super::forgot;
use crate::domain::people::person::PASSWORD_MIN;
use crate::domain::problem::Problem;
use crate::pages::PageTitle;
use crate::rpc;
use crate::ui::components::field::{Field, Kind};
use crate::ui::page_context::{FormState, SelfService, address, texts};

#[component]
pub fn WelcomePage() -> impl IntoView {
    let words = texts().people();
    let secret = address().path.trim_start_matches("/welcome/").to_owned();
    let refused = use_context::<FormState>().map(|form| form.problem);
    let asks_again = expect_context::<SelfService>().forgotten;
    view! {
        <PageTitle title=words.welcome/>
        <main class="page" id="main" tabindex="-1" data-width="narrow">
            <h1 class="page__title">{words.welcome}</h1>
            {Suspend::new(async move {
                match rpc::check_link(secret.clone()).await {
                    Ok(()) => Either::Left(view! { <SetPassword secret refused/> }),
                    Err(_) => Either::Right(view! {
                        <div class="message" data-kind="error" role="alert"><p>{words.link_over}</p></div>
                        {asks_again.then(|| view! {
                            <p class="page__links"><a href=forgot::PATH>{texts().self_service().forgot}</a></p>
                        })}
                    }),
                }
            })}
        </main>
    }
}

#[component]
fn SetPassword(secret: String, refused: Option<Problem>) -> impl IntoView {
    let (words, account) = (texts().people(), texts().account());
    let (new, repeat) = match refused {
        Some(Problem::BadPassword(bad)) => (Some((account.bad)(bad)), None),
        Some(Problem::PasswordsDiffer) => (None, Some(account.differ.to_owned())),
        _ => (None, None),
    };
    let kind = |name, label| Kind { name, label, input_type: "password", autocomplete: "new-password" };
    view! {
        <p class="page__intro">{words.welcome_hint}</p>
        <form class="form" method="post" action=format!("/welcome/{secret}")>
            <Field kind=kind("new", account.new) hint=(account.new_hint)(PASSWORD_MIN) error=new/>
            <Field kind=kind("repeat", account.repeat) error=repeat/>
            <button class="button" data-kind="primary">{words.set_password}</button>
        </form>
    }
}
