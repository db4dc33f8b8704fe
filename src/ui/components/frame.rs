//! Frame around every page: name, places, and what is one's own.

use leptos::prelude::*;

use super::icon::{Icon, Shape};
use crate::domain::lists::page::ListPage;
use crate::domain::locale::Locale;
use crate::domain::viewer::{Role, Viewer};
use crate::ui::page_context::{self, FormState, KEPT, KEPT_FORM, Theme, USERNAME, address, texts};

/// Address of the directory of people.
pub const PEOPLE: &str = "/people";

const NEW_TICKET: &str = "/tickets/new";

#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let (site, viewer) = page_context::with(|context| (context.site.clone(), context.viewer.clone()));
    let home = viewer.as_ref().map_or("/sign-in", |viewer| ListPage::home(viewer.role).path());

    view! {
        <a class="skip-link" href="#main">{texts().frame().skip_to_content}</a>
        <header class="top-bar">
            <a class="top-bar__brand" href=home>
                <Logo/>
                <span class="top-bar__name">{site.clone()}</span>
            </a>
            {viewer.clone().map(|viewer| view! { <Places viewer/> })}
            <div class="top-bar__controls">
                <LanguageSwitch/>
                <ThemeMenu/>
                {viewer.map(|viewer| view! { <InboxLink/> <AccountMenu viewer/> })}
            </div>
        </header>
        {children()}
        <footer class="page__foot">
            <span>{site}</span>
            <a href="/api/docs">{texts().frame().api_docs}</a>
        </footer>
    }
}

#[component]
fn Logo() -> impl IntoView {
    view! {
        <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
            <path
                d="M7 5h18a3 3 0 0 1 3 3v4.5a3.5 3.5 0 0 0 0 7V24a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3v-4.5a3.5 3.5 0 0 0 0-7V8a3 3 0 0 1 3-3Z"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
            />
            <circle cx="16" cy="16" r="5" fill="none" stroke="currentColor" stroke-width="2"/>
            <path d="M16 11a5 5 0 0 1 0 10Z" fill="currentColor"/>
        </svg>
    }
}

#[component]
fn Places(viewer: Viewer) -> impl IntoView {
    let path = address().path;
    let waiting = page_context::with(|context| context.counts.waiting);
    let places = ListPage::of(viewer.role);
    let home = ListPage::home(viewer.role);
    let item = |&place: &ListPage| {
        let current = (path == place.path()).then_some("page");
        view! {
            <li class="places__item">
                <a class="places__link" href=place.path() aria-current=current>
                    {texts().place(place)}
                    {(waiting > 0 && place == home).then(|| view! { <Waiting count=waiting/> })}
                </a>
            </li>
        }
    };
    let is_at = |place: &str| (path == place).then_some("page");
    view! {
        <nav class="places" aria-label=texts().frame().places>
            <ul class="places__list">
                {places.iter().take(1).map(item).collect_view()}
                {viewer.is_admin().then(|| view! {
                    <li class="places__item">
                        <a class="places__link" href=PEOPLE aria-current=is_at(PEOPLE)>
                            {texts().people().title}
                        </a>
                    </li>
                })}
                {places.iter().skip(1).map(item).collect_view()}
                <li class="places__item" data-kind="action">
                    <a class="places__link" href=NEW_TICKET aria-current=is_at(NEW_TICKET)>{texts().frame().report}</a>
                </li>
            </ul>
        </nav>
    }
}

/// Number of tickets that wait for the reader.
#[component]
fn Waiting(count: u64) -> impl IntoView {
    let frame = texts().frame();
    view! {
        <span class="count">
            <span class="visually-hidden">{frame.waiting} " "</span>
            {up_to_a_hundred(count)}
        </span>
    }
}

/// Number of at most two digits, else `99+`.
pub fn up_to_a_hundred(count: u64) -> String {
    if count < 100 { count.to_string() } else { "99+".to_owned() }
}

#[component]
fn InboxLink() -> impl IntoView {
    let unread = page_context::with(|context| context.counts.unread);
    view! {
        <a class="menu__button" href="/inbox">
            <Icon shape=Shape::Bell/>
            <span class="visually-hidden">{texts().work().inbox}</span>
            {(unread > 0).then(|| view! {
                <span class="count">
                    {up_to_a_hundred(unread)}
                    <span class="visually-hidden">" " {texts().work().new}</span>
                </span>
            })}
        </a>
    }
}

/// Address to which a choice of language or theme is sent: the sign-in page keeps the form that
/// waits in it.
fn preferences() -> String {
    if kept_fields().is_empty() { "/preferences".to_owned() } else { address().to_string() }
}

/// Fields of the form that waits in this sign-in page, with what was typed to sign in.
fn kept_fields() -> Vec<(String, String)> {
    let form = use_context::<FormState>().filter(|form| !form.typed(KEPT_FORM).is_empty());
    let is_kept = |name: &str| name == KEPT_FORM || name == USERNAME || name.starts_with(KEPT);
    let fields = form.map(|form| form.typed).unwrap_or_default();
    fields.into_iter().filter(|(name, _)| is_kept(name)).collect()
}

#[component]
fn KeptFields() -> impl IntoView {
    let field = |(name, value)| view! { <input type="hidden" name=name value=value/> };
    kept_fields().into_iter().map(field).collect_view()
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let other = match page_context::locale() {
        Locale::ZhCn => Locale::En,
        Locale::En => Locale::ZhCn,
    };
    view! {
        <form class="menu" method="post" action=preferences()>
            <KeptFields/>
            <button class="menu__button" name="lang" value=other.tag() lang=other.tag()>
                {texts().frame().other_language}
            </button>
        </form>
    }
}

#[component]
fn ThemeMenu() -> impl IntoView {
    let frame = texts().frame();
    let current = page_context::with(|context| context.theme);
    let item = |theme: Theme| {
        let name = match theme {
            Theme::System => frame.theme_system,
            Theme::Light => frame.theme_light,
            Theme::Dark => frame.theme_dark,
        };
        view! {
            <button class="menu__item" name="theme" value=theme.name() aria-pressed=(theme == current).to_string()>
                <Icon shape=Shape::Check/>
                {name}
            </button>
        }
    };
    view! {
        <details class="menu" name="menu">
            <summary class="menu__button">
                <Icon shape=Shape::Contrast/>
                <span class="menu__label" data-narrow="hide">{frame.theme}</span>
            </summary>
            <form class="menu__panel" method="post" action=preferences()>
                <KeptFields/>
                {Theme::ALL.map(item).collect_view()}
            </form>
        </details>
    }
}

#[component]
fn AccountMenu(viewer: Viewer) -> impl IntoView {
    let Viewer { nickname, role, .. } = viewer;
    view! {
        <details class="menu" name="menu">
            <summary class="menu__button">
                <span class="visually-hidden">{texts().frame().account}</span>
                <span class="menu__label"><bdi>{nickname.clone()}</bdi></span>
                <Icon shape=Shape::Down/>
            </summary>
            <div class="menu__panel">
                <p class="menu__note"><bdi>{nickname}</bdi> " · " {texts().role(role)}</p>
                <a class="menu__item" href="/account">{texts().frame().account}</a>
                {(role == Role::Technician).then(|| view! {
                    <a class="menu__item" href="/take-over">{texts().work().code_enter}</a>
                })}
                <form method="post" action="/sign-out">
                    <button class="menu__item">{texts().frame().sign_out}</button>
                </form>
            </div>
        </details>
    }
}
