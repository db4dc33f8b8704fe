//! Form of a technician's duty, campuses and job limit.

use leptos::prelude::*;

use crate::domain::input::Input;
use crate::domain::people::availability::Duty;
use crate::domain::problem::Problem;
use crate::ui::components::made_for::MadeFor;
use crate::ui::components::refusal::Refusal;
use crate::ui::page_context::{self, FormState, texts};

pub const NAME: &str = "duty";

/// `limit` is the site's; 0 stands for none.
#[component]
pub fn DutyForm(duty: Duty, limit: u64, refused: Option<FormState>) -> impl IntoView {
    let words = texts().profile();
    let (campuses_name, max_jobs_name) = (Input::Campuses.name(), Input::MaxJobs.name());
    let Duty { on_duty, campuses: chosen, max_jobs } = duty;
    let known = max_jobs.map(|count| count.to_string()).unwrap_or_default();
    // Typed values of a form that comes back, else the known ones.
    let (on_duty, chosen, max_jobs) = match &refused {
        Some(form) => {
            let chosen = form.all_typed(campuses_name).into_iter().map(str::to_owned).collect();
            (form.typed("duty") == "on", chosen, form.typed(max_jobs_name).to_owned())
        }
        None => (on_duty, chosen, known),
    };
    let problem = refused.map(|form| form.problem);
    let error = match &problem {
        Some(Problem::BadInput { input: Input::MaxJobs, reason }) => Some((texts().work().reason)(*reason)),
        _ => None,
    };
    let invalid = error.is_some().then_some("true");
    let described_by = if error.is_some() { "max-jobs-error max-jobs-hint" } else { "max-jobs-hint" };
    let campus = |name: String| {
        let checked = chosen.contains(&name);
        view! {
            <label class="field__check">
                <input type="checkbox" name=campuses_name value=name.clone() checked=checked/>
                <bdi>{name.clone()}</bdi>
            </label>
        }
    };
    view! {
        <section class="panel" aria-labelledby="duty-title">
            <form class="form" method="post" action="/account/duty">
                <MadeFor/>
                <h2 class="form__title" id="duty-title">{words.duty}</h2>
                {problem.map(|problem| view! { <Refusal problem/> })}
                <div class="field">
                    <label class="field__check">
                        <input type="checkbox" name="duty" value="on" checked=on_duty aria-describedby="duty-hint"/>
                        {words.on_duty}
                    </label>
                    <span class="field__hint" id="duty-hint">{words.on_duty_hint}</span>
                </div>
                <fieldset class="field" aria-describedby="campuses-hint">
                    <legend class="field__label">{(texts().work().input)(Input::Campuses)}</legend>
                    <div class="form__checks">
                        {page_context::with(|context| context.campuses.clone()).into_iter().map(campus).collect_view()}
                    </div>
                    <span class="field__hint" id="campuses-hint">{words.campuses_hint}</span>
                </fieldset>
                <div class="field">
                    <label class="field__label" for="max-jobs">{(texts().work().input)(Input::MaxJobs)}</label>
                    {error.map(|error| view! { <span class="field__error" id="max-jobs-error">{error}</span> })}
                    <input
                        class="field__input"
                        data-width="short"
                        id="max-jobs"
                        name=max_jobs_name
                        value=max_jobs
                        inputmode="numeric"
                        autocomplete="off"
                        aria-invalid=invalid
                        aria-describedby=described_by
                    />
                    <span class="field__hint" id="max-jobs-hint">{(words.max_jobs_hint)(limit)}</span>
                </div>
                <button class="button" data-kind="primary">{words.save_duty}</button>
            </form>
        </section>
    }
}
