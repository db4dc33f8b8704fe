//! Page to report a repair: short, made for phones first.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::ids::TicketId;
use crate::domain::input::Input;
use crate::domain::problem::Problem;
use crate::domain::tickets::report::{Blank, Draft, Field};
use crate::pages::PageTitle;
use crate::rpc;
use crate::ui::components::island_hooks::{DraftNote, Live, LiveAids};
use crate::ui::components::notice::{NoticePlacement, ProblemNotice};
use crate::ui::components::refusal::Refusal;
use crate::ui::components::ticket::actions::Overtaken;
use crate::ui::components::ticket::photos::{ChosenPhotos, PhotosField};
use crate::ui::components::ticket::report_field::{Report, ReportField};
use crate::ui::components::ticket::target::FormKey;
use crate::ui::islands::BringToLife;
use crate::ui::page_context::{FormState, address, texts};

/// Optional fields, folded away.
const OPTIONAL: [Field; 3] = [Field::Model, Field::PurchaseDate, Field::Warranty];

#[component]
pub fn NewTicketPage() -> impl IntoView {
    let words = texts().work();
    let refused = use_context::<FormState>();
    view! {
        <PageTitle title=words.file/>
        <main class="page" id="main" tabindex="-1" data-width="narrow">
            <h1 class="page__title">{words.file}</h1>
            {Suspend::new(async move {
                match rpc::blank_report().await {
                    Ok(blank) => Either::Left(view! {
                        <p class="page__intro">{words.file_intro}</p>
                        <BringToLife/>
                        <Live today=blank.offered.today keeps_draft=true there=0>
                            <ReportForm blank refused/>
                        </Live>
                    }),
                    Err(problem) => Either::Right(view! {
                        {refused.map(|form| view! { <section class="panel form"><Overtaken form/></section> })}
                        <ProblemNotice problem placement=NoticePlacement::Within here=address()/>
                    }),
                }
            })}
        </main>
    }
}

#[component]
fn ReportForm(blank: Blank, refused: Option<FormState>) -> impl IntoView {
    let words = texts().work();
    let Blank { offered, known } = blank;
    let chosen = refused.clone();
    let draft = refused.as_ref().map_or(known, |form| Draft::of(form.typed.clone()));
    let problem = refused.map(|form| form.problem);
    let duplicate = match &problem {
        Some(Problem::Duplicate { ticket }) => Some(*ticket),
        _ => None,
    };
    let bad = match &problem {
        Some(Problem::BadFields(fields)) => fields.clone(),
        _ => Vec::new(),
    };
    let report = Report { offered, draft, bad, present: None };
    let opened = OPTIONAL.iter().any(|field| report.is_bad(*field) || !report.draft.get(*field).is_empty());
    let ask = |field: Field| {
        let report = report.clone();
        view! { <ReportField field report/> }
    };
    view! {
        <DraftNote/>
        {problem.map(|problem| view! { <Refusal problem/> })}
        <form class="form" method="post" action="/tickets/new" enctype="multipart/form-data">
            <FormKey form="new"/>
            {duplicate.map(|ticket| view! { <Duplicate ticket/> })}
            <fieldset class="form__section">
                <legend class="form__legend">{words.section_device}</legend>
                {ask(Field::DeviceType)}
                {ask(Field::Brand)}
                <details class="fold form__more" open=opened>
                    <summary>{words.more_about_device}</summary>
                    <div class="form__section">{OPTIONAL.map(ask).collect_view()}</div>
                </details>
            </fieldset>
            <fieldset class="form__section">
                <legend class="form__legend">{words.section_fault}</legend>
                {ask(Field::FaultType)}
                {ask(Field::Description)}
            </fieldset>
            <fieldset class="form__section">
                <legend class="form__legend">{words.section_contact}</legend>
                {ask(Field::Campus)}
                {ask(Field::Phone)}
                {ask(Field::Contact)}
            </fieldset>
            <fieldset class="form__section">
                <legend class="form__legend">{words.section_photos}</legend>
                <PhotosField id=Input::Photos.name() refused=chosen is_required=false/>
                <ChosenPhotos/>
            </fieldset>
            <LiveAids unsent=words.filed_without/>
            <button class="button" data-kind="primary">{words.submit}</button>
        </form>
    }
}

/// Question about a likely duplicate: the open ticket, or another?
#[component]
fn Duplicate(ticket: TicketId) -> impl IntoView {
    let words = texts().work();
    view! {
        <div class="form__actions">
            <a class="button" data-kind="primary" href=format!("/tickets/{ticket}")>{words.to_twin}</a>
            <button class="button" name="twin" value="allow">{words.submit_anyway}</button>
        </div>
    }
}
