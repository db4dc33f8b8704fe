//! An address that nothing stands at.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::domain::problem::Problem;
use crate::ui::components::notice::{ProblemNotice, Standing};
use crate::ui::page_context::{self, texts};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    let title = texts().problem.not_found_title;
    view! {
        <PageTitle title/>
        <main class="page" id="main" tabindex="-1">
            <ProblemNotice problem=Problem::NotFound standing=Standing::Alone/>
        </main>
    }
}

/// The document's title: the page, then the site.
#[component]
pub fn PageTitle(#[prop(into)] title: Signal<String>) -> impl IntoView {
    let site = page_context::with(|context| context.site.clone());
    let page_title = texts().frame.page_title;
    view! { <Title text=move || page_title(&title.read(), &site)/> }
}
