//! Islands, the interactive parts of pages, one file each.
//!
//! An island is rendered on the server with its page and is given everything it knows as props,
//! which travel in the page as JSON: it asks for nothing again when the browser takes it over. It
//! provides its own [`PageContext`](super::page_context::PageContext); beyond that only values
//! reach it. A page that has one also has [`BringToLife`].

pub mod report_form;
pub mod ticket_list;

use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// Loads the code of the islands after the page. Preloaded, as by leptos, it would delay the text
/// on a slow network.
#[component]
pub fn BringToLife() -> impl IntoView {
    const AT_ONCE: &str = "\tidle(() => {";
    const LATER: &str = "\taddEventListener('load', () => setTimeout(begin));\n\tconst begin = (() => {";

    let options = expect_context::<LeptosOptions>();
    let html = view! { <HydrationScripts options islands=true/> }.to_html();
    let script = html.find("<script").map_or(html.as_str(), |start| &html[start..]);
    InertElement::new(script.replace(AT_ONCE, LATER))
}

/// Marks hydration, for tests and styles.
fn announce() {
    when_hydrated(Box::new(|| {}));
}

/// Runs `begin` in the browser, then marks hydration, for tests and styles.
fn when_hydrated(begin: Box<dyn FnOnce()>) {
    let mut begin = Some(begin);
    Effect::new(move || {
        if let Some(begin) = begin.take() {
            begin();
        }
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}
