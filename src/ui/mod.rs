//! The pages, for both sides: rendered on the server, hydrated in the browser.
//!
//! State lives in the address, then on the server, last in a signal. Every
//! form works without JavaScript and every place is a link. Same input, same
//! HTML on both sides: no clock, no locale of the machine, no `cfg` in a view.
//! [`App`] has the pages that come alive; sign-in and account stay as they are
//! sent ([`still_page`]). [`page_context`] is what every page is given.

mod components;
mod latest;
pub mod page_context;
pub mod pages;

use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::domain::place::Place;
use components::frame::Frame;
use page_context::{PageContext, Theme};
use pages::not_found::NotFoundPage;
use pages::ticket::TicketPage;
use pages::ticket_list::TicketListPage;

/// The document of every page of the application. Rendered on the server only.
pub fn shell(options: LeptosOptions) -> AnyView {
    let scripts = view! { <HydrationScripts options=options.clone()/> }.into_any();
    document(options, scripts, view! { <App/> }.into_any())
}

/// A document that nothing brings to life: plain forms and text need no
/// browser code. Rendered on the server only.
pub fn still_page(options: LeptosOptions, content: fn() -> AnyView) -> AnyView {
    provide_meta_context();
    page_context::provide_here();
    let body = view! { <Router><Frame>{content()}</Frame></Router> };
    document(options, ().into_any(), body.into_any())
}

/// Browsers keep pages alive for the back button, beyond a sign-out and out of
/// reach of headers: a revived page asks the server again.
const RELOAD_WHEN_REVIVED: &str =
    "addEventListener('pageshow',function(event){if(event.persisted)location.reload()})";

fn document(options: LeptosOptions, scripts: AnyView, body: AnyView) -> AnyView {
    let PageContext { locale, theme, .. } = use_context::<PageContext>().unwrap_or_default();
    let theme = (theme != Theme::System).then(|| theme.name());

    view! {
        <!DOCTYPE html>
        <html lang=locale.tag() data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <HashedStylesheet options=options.clone() id="style"/>
                <AutoReload options />
                <script nonce=leptos::nonce::use_nonce()>{RELOAD_WHEN_REVIVED}</script>
                {scripts}
                <MetaTags/>
            </head>
            <body>{body}</body>
        </html>
    }
    .into_any()
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    page_context::provide_shared();
    page_context::mark_hydrated();

    view! {
        <Router>
            <Frame>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/my") view=|| view! { <TicketListPage place=Place::My/> } ssr=SsrMode::Async/>
                    <Route path=path!("/jobs") view=|| view! { <TicketListPage place=Place::Jobs/> } ssr=SsrMode::Async/>
                    <Route path=path!("/tickets") view=|| view! { <TicketListPage place=Place::All/> } ssr=SsrMode::Async/>
                    <Route path=path!("/tickets/:id") view=TicketPage ssr=SsrMode::Async/>
                </Routes>
            </Frame>
        </Router>
    }
}
