//! Page of an unknown address.

use leptos::prelude::*;

use super::PageTitle;
use crate::domain::problem::Problem;
use crate::ui::components::notice::{NoticePlacement, ProblemNotice, problem_words};
use crate::ui::page_context::{FormState, address, texts};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    let title = texts().problem().not_found_title;
    view! {
        <PageTitle title/>
        <main class="page" id="main" tabindex="-1">
            <ProblemNotice problem=Problem::NotFound placement=NoticePlacement::Alone here=address()/>
        </main>
    }
}

/// Page shown when another could not begin.
#[component]
pub fn BrokenPage() -> impl IntoView {
    let problem = use_context::<FormState>().map_or(Problem::Unreachable, |form| form.problem);
    view! {
        <PageTitle title=problem_words(&problem).0/>
        <main class="page" id="main" tabindex="-1">
            <ProblemNotice problem placement=NoticePlacement::Alone here=address()/>
        </main>
    }
}
