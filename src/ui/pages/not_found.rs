//! An address that nothing stands at.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::domain::problem::Problem;
use crate::ui::components::notice::{ProblemNotice, Standing, problem_words};
use crate::ui::page_context::{self, FormState, texts};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    let title = texts().problem().not_found_title;
    view! {
        <PageTitle title/>
        <main class="page" id="main" tabindex="-1">
            <ProblemNotice problem=Problem::NotFound standing=Standing::Alone/>
        </main>
    }
}

/// Shown in place of a page that could not even begin.
#[component]
pub fn BrokenPage() -> impl IntoView {
    let problem = use_context::<FormState>().map_or(Problem::Unreachable, |form| form.problem);
    view! {
        <PageTitle title=problem_words(&problem).0/>
        <main class="page" id="main" tabindex="-1">
            <ProblemNotice problem standing=Standing::Alone/>
        </main>
    }
}

/// The document's title: the page, then the site. The server writes it when the
/// page is already gone, so what it said last is kept for then.
#[component]
pub fn PageTitle(#[prop(into)] title: Signal<String>) -> impl IntoView {
    let site = page_context::with(|context| context.site.clone());
    let page_title = texts().frame().page_title;
    let first = title.get_untracked();
    let text = move || {
        let title = title.try_get().unwrap_or_else(|| first.clone());
        page_title(&title, &site)
    };
    view! { <Title text/> }
}
