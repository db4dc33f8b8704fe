//! The document around a page: head, style, frame, and two scripts of a line each.

use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};

use crate::ui::components::frame::Frame;
use crate::ui::page_context::{self, Theme};

/// Script that reloads pages revived by the back button: browsers keep them beyond a sign-out and
/// out of reach of headers.
const RELOAD_WHEN_REVIVED: &str =
    "addEventListener('pageshow',function(event){if(event.persisted)location.reload()})";

/// Script that removes kept drafts at a sign-out: they are not for the next person.
const FORGET_WHEN_LEAVING: &str = "addEventListener('submit',function(event){\
if(event.target.getAttribute('action')==='/sign-out')try{localStorage.clear()}catch{}})";

/// The document around a page.
pub fn document(page: impl FnOnce() -> AnyView + Send + 'static) -> AnyView {
    provide_meta_context();
    let options = expect_context::<LeptosOptions>();
    let (locale, theme) = page_context::with(|context| (context.locale, context.theme));
    let theme = (theme != Theme::System).then(|| theme.name());

    view! {
        <!DOCTYPE html>
        <html lang=locale.tag() data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                // A page that is painted while it is still read moves when the rest comes.
                // Browsers that do not know this link do without.
                <link rel="expect" href="#end" blocking="render"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <HashedStylesheet options=options.clone() id="style"/>
                <AutoReload options/>
                <script nonce=leptos::nonce::use_nonce()>{RELOAD_WHEN_REVIVED}</script>
                <script nonce=leptos::nonce::use_nonce()>{FORGET_WHEN_LEAVING}</script>
                <MetaTags/>
            </head>
            <body>
                <Frame>{page()}</Frame>
                <div id="end" hidden></div>
            </body>
        </html>
    }
    .into_any()
}
