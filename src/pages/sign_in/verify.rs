//! Page of the link that confirms an e-mail address. A button does it: programs that scan mails follow links.

use leptos::either::EitherOf3;
use leptos::prelude::*;

use crate::pages::PageTitle;
use crate::ui::page_context::{self, FormState, address, texts};

const ACCOUNT: &str = "/account";

#[component]
pub fn VerifyPage() -> impl IntoView {
    let words = texts().contacts();
    let here = address();
    let content = match (use_context::<FormState>(), here.search.as_str()) {
        (Some(_), _) => EitherOf3::A(view! {
            <div class="message" data-kind="error" role="alert"><p>{words.link_over}</p></div>
        }),
        (None, "?done=1") => EitherOf3::B(view! {
            <div class="message" data-kind="success" role="status"><p>{words.confirmed}</p></div>
        }),
        (None, _) => EitherOf3::C(view! {
            <p class="page__intro">{words.intro}</p>
            <form class="form" method="post" action=here.path>
                <button class="button" data-kind="primary">{words.confirm}</button>
            </form>
        }),
    };
    let is_signed_in = page_context::with(|context| context.viewer.is_some());
    view! {
        <PageTitle title=words.title/>
        <main class="page" id="main" tabindex="-1" data-width="narrow">
            <h1 class="page__title">{words.title}</h1>
            {content}
            {is_signed_in.then(|| view! { <p class="page__links"><a href=ACCOUNT>{words.to_account}</a></p> })}
        </main>
    }
}
