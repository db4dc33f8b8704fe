//! Form of one's own profile, and of the part of it that the other side of a ticket sees.

use leptos::prelude::*;

use crate::domain::input::Input;
use crate::domain::locale::Locale;
use crate::domain::people::contact::{ShownContact, Verified};
use crate::domain::people::profile::OwnProfile;
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::ui::components::made_for::MadeFor;
use crate::ui::components::refusal::Refusal;
use crate::ui::page_context::{self, FormState, texts};

pub const NAME: &str = "profile";

#[component]
pub fn ProfileForm(profile: OwnProfile, verified: Verified, refused: Option<FormState>) -> impl IntoView {
    let (words, contacts) = (texts().profile(), texts().contacts());
    let problem = refused.as_ref().map(|form| form.problem.clone());
    let bad = match &problem {
        Some(Problem::BadInput { input, .. }) => Some(*input),
        _ => None,
    };
    let typed = |input: Input, known: &str| match &refused {
        Some(form) => form.typed(input.name()).to_owned(),
        None => known.to_owned(),
    };
    let (nickname, phone) = (typed(Input::Nickname, &profile.nickname), typed(Input::Phone, &profile.phone));
    let (email, campus) = (typed(Input::Email, &profile.email), typed(Input::Campus, &profile.campus));
    let (locale, shown_contact) = match &refused {
        Some(form) => (
            Locale::from_tag(form.typed("language")).unwrap_or_default(),
            form.typed("shown_contact").parse().unwrap_or_default(),
        ),
        None => (profile.locale, profile.shown_contact),
    };
    // Hints describe the stored values, not typed ones.
    let hint = |known: &str, since: Option<Instant>, unverified: &'static str| match (known, since) {
        ("", _) => "",
        (_, Some(_)) => contacts.verified,
        (_, None) => unverified,
    };
    let phone_hint = hint(&profile.phone, verified.phone, contacts.phone_unverified);
    let email_hint = hint(&profile.email, verified.email, contacts.email_unverified);
    let campuses = page_context::with(|context| context.campuses.clone());
    let text = |input: Input,
                label: &'static str,
                kind: &'static str,
                autocomplete: &'static str,
                value: String,
                hint: &'static str| {
        let name = input.name();
        let hint_id = format!("{name}-hint");
        let described_by = (!hint.is_empty()).then(|| hint_id.clone());
        view! {
            <div class="field">
                <label class="field__label" for=name>{label}</label>
                <input
                    class="field__input"
                    data-width="medium"
                    id=name
                    name=name
                    type=kind
                    value=value
                    dir="auto"
                    autocomplete=autocomplete
                    required=input == Input::Nickname
                    aria-invalid=(bad == Some(input)).then_some("true")
                    aria-describedby=described_by
                />
                {(!hint.is_empty()).then(|| view! { <span class="field__hint" id=hint_id>{hint}</span> })}
            </div>
        }
    };
    let option = |name: String| {
        let selected = name == campus;
        view! { <option value=name.clone() selected=selected dir="auto">{name.clone()}</option> }
    };
    let language = |offered: Locale| {
        let word = match offered {
            Locale::ZhCn => "中文",
            Locale::En => "English",
        };
        view! { <option value=offered.tag() lang=offered.tag() selected=offered == locale>{word}</option> }
    };
    let shown = |offered: ShownContact| {
        view! {
            <option value=offered.name() selected=offered == shown_contact>{(words.shown)(offered)}</option>
        }
    };
    view! {
        <section class="panel" aria-labelledby="profile-title">
            <form class="form" method="post" action="/account/profile">
                <MadeFor/>
                <h2 class="form__title" id="profile-title">{words.title}</h2>
                {problem.map(|problem| view! { <Refusal problem/> })}
                {text(Input::Nickname, texts().account().nickname, "text", "nickname", nickname, "")}
                {text(Input::Phone, words.phone, "tel", "tel", phone, phone_hint)}
                {text(Input::Email, words.email, "email", "email", email, email_hint)}
                {text(
                    Input::CurrentPassword,
                    (texts().work().input)(Input::CurrentPassword),
                    "password",
                    "current-password",
                    String::new(),
                    contacts.current_hint,
                )}
                <div class="field">
                    <label class="field__label" for="campus">{texts().list().campus}</label>
                    <select class="field__input" data-width="short" id="campus" name=Input::Campus.name()>
                        <option value="">{words.no_campus}</option>
                        {campuses.into_iter().map(option).collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label class="field__label" for="language">{words.language}</label>
                    <select class="field__input" data-width="short" id="language" name="language">
                        {Locale::ALL.map(language).collect_view()}
                    </select>
                </div>
                <div class="field">
                    <label class="field__label" for="shown-contact">{words.shown_contact}</label>
                    <select
                        class="field__input"
                        data-width="medium"
                        id="shown-contact"
                        name="shown_contact"
                        aria-describedby="shown-contact-hint"
                    >
                        {ShownContact::ALL.map(shown).collect_view()}
                    </select>
                    <span class="field__hint" id="shown-contact-hint">{words.shown_contact_hint}</span>
                </div>
                <button class="button" data-kind="primary">{words.save}</button>
            </form>
        </section>
    }
}
