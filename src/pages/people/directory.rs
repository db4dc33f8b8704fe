//! Directory of people: admins search, invite and disable them.

use leptos::either::Either;
use leptos::prelude::*;

use crate::domain::ids::UserId;
use crate::domain::input::Input;
use crate::domain::people::admin::{Member, MemberQuery, Members};
use crate::domain::people::availability::Duty;
use crate::domain::problem::Problem;
use crate::domain::viewer::Role;
use crate::pages::PageTitle;
use crate::rpc;
use crate::ui::components::frame::PEOPLE;
use crate::ui::components::isolated::{isolated, marked};
use crate::ui::components::notice::{NoticePlacement, ProblemNotice};
use crate::ui::components::refusal::Refusal;
use crate::ui::components::ticket::target::FormKey;
use crate::ui::page_context::{self, AskedContact, FormState, MadeLink, address, parameter, texts};

/// Field that confirms the intended contact.
pub const SURE: &str = "sure";

/// Last parts of the addresses of forms in which something is typed or chosen.
pub const CONTACT: &str = "contact";
pub const ROLE: &str = "role";

/// Name of a form that changes a person, within the directory.
pub fn person_form(verb: &str, person: UserId) -> String {
    format!("{verb}-{person}")
}

#[component]
pub fn PeoplePage() -> impl IntoView {
    let words = texts().people();
    let query = MemberQuery::parse(&address().search);
    let refused = use_context::<FormState>();
    let search = query.to_search();
    view! {
        <PageTitle title=words.title/>
        <main class="page" id="main" tabindex="-1">
            <h1 class="page__title">{words.title}</h1>
            {use_context::<MadeLink>().map(|made| view! { <Link made/> })}
            {use_context::<AskedContact>().map(|asked| view! { <FromParameters asked/> })}
            {refused.clone().map(|form| view! { <Refusal problem=form.problem/> })}
            {(refused.is_none() && parameter("saved") == "1").then(|| view! {
                <div class="message" data-kind="success" role="status"><p>{texts().contacts().given}</p></div>
            })}
            {Suspend::new(async move {
                match rpc::list_people(search).await {
                    Ok(people) => Either::Left(view! { <People people query refused/> }),
                    Err(problem) => Either::Right(view! {
                        <ProblemNotice problem placement=NoticePlacement::Within here=address()/>
                    }),
                }
            })}
        </main>
    }
}

/// Link shown once: only a hash stays.
#[component]
fn Link(made: MadeLink) -> impl IntoView {
    let words = texts().people();
    let MadeLink { name, address, days } = made;
    view! {
        <div class="message" data-kind="success" role="status">
            <p>{isolated(&(words.link)(&marked(&name), days))}</p>
            <p><code>{address}</code></p>
        </div>
    }
}

/// Names the contact that an admin is about to set.
#[component]
fn FromParameters(asked: AskedContact) -> impl IntoView {
    let words = texts().contacts();
    let AskedContact { person, nickname, input, contact } = asked;
    let label = (texts().work().input)(input);
    let is_given = !contact.is_empty();
    let shown = if is_given { marked(&contact) } else { String::new() };
    view! {
        <form class="message form" role="alert" method="post" action=format!("{PEOPLE}/{person}/contact")>
            <FormKey form=person_form(CONTACT, person)/>
            <input type="hidden" name=input.name() value=contact/>
            <input type="hidden" name=SURE value="1"/>
            <p class="message__title">{isolated(&(words.ask)(label, &shown, &marked(&nickname)))}</p>
            {is_given.then(|| view! { <p>{words.ask_hint}</p> })}
            <p>
                <button class="button" data-kind="primary">{isolated(&(words.sure)(label, &shown))}</button>
                " "
                <a class="button" href=format!("{PEOPLE}?q={person}")>{words.cancel}</a>
            </p>
        </form>
    }
}

#[component]
fn People(people: Members, query: MemberQuery, refused: Option<FormState>) -> impl IntoView {
    let words = texts().people();
    let next = people.next();
    let search = query.search.as_ref().map(|search| search.text().to_owned()).unwrap_or_default();
    let row = |person: Member| {
        let refused = refused.clone();
        view! { <Row person refused/> }
    };
    let rows = match people.items.is_empty() {
        true => Either::Left(view! { <div class="notice"><p>{words.nobody}</p></div> }),
        false => Either::Right(view! {
            <ul class="people">
                {people.items.into_iter().map(row).collect_view()}
            </ul>
        }),
    };
    view! {
        <div class="people__tools">
            <form class="people__search" method="get" action=PEOPLE role="search">
                <div class="field">
                    <label class="field__label" for="people-search">{words.search}</label>
                    <input
                        class="field__input"
                        id="people-search"
                        name="q"
                        type="search"
                        value=search
                        dir="auto"
                        aria-describedby="people-search-hint"
                    />
                    <span class="field__hint" id="people-search-hint">{words.search_hint}</span>
                </div>
                <button class="button">{words.find}</button>
            </form>
            <Newcomer refused/>
        </div>
        {rows}
        {match query.search {
            Some(_) => Either::Left(next.map(|_| view! { <p class="people__more">{words.found_many}</p> })),
            None => Either::Right(view! { <Steps is_first=query.before.is_none() next/> }),
        }}
    }
}

/// Links to the newest and older people.
#[component]
fn Steps(is_first: bool, next: Option<UserId>) -> impl IntoView {
    let words = texts().list();
    let next = next.map(|before| MemberQuery { before: Some(before), ..MemberQuery::default() });
    let step = |text: &'static str, rel: Option<&'static str>, search: String| {
        let address = format!("{PEOPLE}{search}");
        view! { <li class="pager__item"><a class="pager__link" href=address rel=rel>{text}</a></li> }
    };
    (!is_first || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=words.pages>
                <ul class="pager__list">
                    {(!is_first).then(|| step(words.first, None, String::new()))}
                    {next.map(|query| step(words.next, Some("next"), query.to_search()))}
                </ul>
            </nav>
        }
    })
}

#[component]
fn Newcomer(refused: Option<FormState>) -> impl IntoView {
    const FORM: &str = "add";
    let words = texts().people();
    let refused = refused.filter(|form| form.form == FORM);
    let typed = |name: &str| refused.as_ref().map(|form| form.typed(name).to_owned()).unwrap_or_default();
    let is_bad = |input: Input| refused.as_ref().is_some_and(|form| blames(&form.problem, input));
    let role: Role = typed("role").parse().unwrap_or(Role::User);
    view! {
        <details class="fold panel" open=refused.is_some()>
            <summary>{words.add}</summary>
            <form class="form" method="post" action=PEOPLE>
                <FormKey form=FORM/>
                <div class="field">
                    <label class="field__label" for="new-username">{words.username}</label>
                    <input
                        class="field__input"
                        data-width="medium"
                        id="new-username"
                        name=Input::Username.name()
                        value=typed(Input::Username.name())
                        dir="auto"
                        autocapitalize="none"
                        autocomplete="off"
                        required
                        aria-invalid=is_bad(Input::Username).then_some("true")
                    />
                </div>
                <div class="field">
                    <label class="field__label" for="new-nickname">{texts().account().nickname}</label>
                    <input
                        class="field__input"
                        data-width="medium"
                        id="new-nickname"
                        name=Input::Nickname.name()
                        value=typed(Input::Nickname.name())
                        dir="auto"
                        autocomplete="off"
                        aria-invalid=is_bad(Input::Nickname).then_some("true")
                    />
                </div>
                <RoleField id="new-role".to_owned() role/>
                <p class="field__hint">{words.add_hint}</p>
                <button class="button" data-kind="primary">{words.add}</button>
            </form>
        </details>
    }
}

/// Returns `true` if a refusal is about this field.
fn blames(problem: &Problem, field: Input) -> bool {
    match problem {
        Problem::BadInput { input, .. } | Problem::ContactHeld { input } => *input == field,
        _ => false,
    }
}

/// Sets a contact of somebody else, or confirms the one they have. `refused` is the person's form
/// that was refused, for this contact or the other.
#[component]
fn ContactForm(person: UserId, input: Input, known: String, refused: Option<FormState>) -> impl IntoView {
    let words = texts().contacts();
    let name = input.name();
    let refused = refused.filter(|form| form.typed.iter().any(|(found, _)| found == name));
    let is_bad = refused.as_ref().is_some_and(|form| blames(&form.problem, input));
    let value = refused.map_or(known, |form| form.typed(name).to_owned());
    let (id, hint_id) = (format!("{name}-{person}"), format!("{name}-hint-{person}"));
    let kind = if input == Input::Phone { "tel" } else { "email" };
    view! {
        <form class="form" method="post" action=format!("{PEOPLE}/{person}/contact")>
            <FormKey form=format!("{name}-{person}")/>
            <div class="field">
                <label class="field__label" for=id.clone()>{(texts().work().input)(input)}</label>
                <input
                    class="field__input"
                    data-width="medium"
                    id=id
                    name=name
                    type=kind
                    value=value
                    dir="auto"
                    autocomplete="off"
                    aria-invalid=is_bad.then_some("true")
                    aria-describedby=hint_id.clone()
                />
                <span class="field__hint" id=hint_id>{words.give_hint}</span>
            </div>
            <button class="button">{words.give}</button>
        </form>
    }
}

#[component]
fn RoleField(id: String, role: Role) -> impl IntoView {
    let option = move |offered: Role| {
        view! { <option value=offered.name() selected=offered == role>{texts().role(offered)}</option> }
    };
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{texts().account().role}</label>
            <select class="field__input" data-width="short" id=id name="role">
                {Role::ALL.map(option).collect_view()}
            </select>
        </div>
    }
}

/// `refused` is a form of the page that was refused, of this person or another.
#[component]
fn Row(person: Member, refused: Option<FormState>) -> impl IntoView {
    let words = texts().people();
    let Member {
        id,
        username,
        nickname,
        role,
        phone,
        email,
        campus,
        disabled,
        has_password,
        email_refused,
        verified,
        duty,
    } = person;
    let is_other = page_context::made_for() != Some(id);
    let refused_as = |verb: &str| refused.clone().filter(|form| form.form == person_form(verb, id));
    let (refused_contact, refused_role) = (refused_as(CONTACT), refused_as(ROLE));
    let is_open = refused_contact.is_some() || refused_role.is_some();
    let chosen = refused_role.and_then(|form| form.typed(ROLE).parse().ok()).unwrap_or(role);
    let contacts = [(Input::Phone, phone.clone()), (Input::Email, email.clone())];
    let contacts = contacts.map(|(input, known)| {
        let refused = refused_contact.clone();
        view! { <ContactForm person=id input known refused/> }
    });
    let told = |contact: String, is_certain: bool| match is_certain || contact.is_empty() {
        true => contact,
        false => (texts().contacts().unconfirmed)(&contact),
    };
    let (phone, email) = (told(phone, verified.phone.is_some()), told(email, verified.email.is_some()));
    let is_refused = email_refused.is_some();
    let Duty { on_duty, campuses, max_jobs } = if role == Role::Technician { duty } else { Duty::default() };
    let campuses: Vec<String> = campuses.iter().map(|campus| marked(campus)).collect();
    let serves = (!campuses.is_empty()).then(|| (words.serves)(&campuses.join(", ")));
    let known = [id.to_string(), username, phone, email, campus];
    let known = known.into_iter().filter(|text| !text.is_empty()).map(|text| marked(&text));
    let facts: Vec<String> = known.chain(serves).chain(max_jobs.map(words.max_jobs)).collect();
    let facts = facts.join(" · ");
    let below = |verb: &str| format!("{PEOPLE}/{id}/{verb}");
    let (access, hint, verb, kind) = match disabled {
        true => (words.enable, "", "enable", "plain"),
        false => (words.disable, words.disable_hint, "disable", "danger"),
    };
    view! {
        <li class="people__item">
            <div>
                <p class="people__name">
                    <strong><bdi>{nickname.clone()}</bdi></strong>
                    " · " {texts().role(role)}
                    {disabled.then(|| view! { " · " <span class="people__off">{words.disabled}</span> })}
                    {(!on_duty).then(|| view! { " · " {words.off_duty} })}
                    {(!has_password).then(|| view! { " · " {words.no_password} })}
                </p>
                <p class="people__facts">{isolated(&facts)}</p>
                {email_refused.map(|because| view! {
                    <p class="people__facts people__off">{isolated(&(words.mail_refused)(&marked(&because)))}</p>
                })}
            </div>
            <details class="fold" open=is_open>
                <summary>{isolated(&(words.change)(&marked(&nickname)))}</summary>
                <div class="people__forms">
                    <form class="form" method="post" action=below(ROLE)>
                        <FormKey form=person_form(ROLE, id)/>
                        <RoleField id=format!("role-{id}") role=chosen/>
                        <button class="button">{words.set_role}</button>
                    </form>
                    {is_other.then_some(contacts)}
                    <form class="form" method="post" action=below("link")>
                        <FormKey form=person_form("link", id)/>
                        <p class="field__hint">{words.make_link_hint}</p>
                        <button class="button">{words.make_link}</button>
                    </form>
                    {is_refused.then(|| view! {
                        <form class="form" method="post" action=below("mail")>
                            <FormKey form=person_form("mail", id)/>
                            <button class="button">{words.try_address}</button>
                        </form>
                    })}
                    <form class="form" method="post" action=below(verb)>
                        <FormKey form=person_form(verb, id)/>
                        {(!hint.is_empty()).then(|| view! { <p class="field__hint">{hint}</p> })}
                        <button class="button" data-kind=kind>{access}</button>
                    </form>
                </div>
            </details>
        </li>
    }
}
