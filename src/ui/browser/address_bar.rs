//! The address bar under an island that changes in place, and the form beside it.
//!
//! Links, GET forms and the back button stay what they are without JavaScript.
//! These are the rules by which a browser follows them, for those that lead to
//! another view of the same page; all others are left to the browser.

use leptos::ev::{self, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Element, FormData, HtmlAnchorElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement,
    UrlSearchParams,
};

/// Selector of links that are not meant to lead elsewhere.
const LINK: &str = "a[href]:not([target], [download], [rel~=external])";

/// The query of the link that was clicked, if it leads to this path and nothing
/// is special about the click.
pub fn followed(click: &MouseEvent, path: &str) -> Option<String> {
    let is_modified = click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key();
    let target: Element = click.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest(LINK).ok()??.dyn_into().ok()?;
    let leads_here = link.pathname() == path && link.host() == location().host().ok()?;
    let is_plain = click.button() == 0 && !is_modified && link.hash().is_empty();
    (leads_here && is_plain).then(|| link.search())
}

/// The query that a form was sent with, if it asks for this path.
pub fn submitted(event: &SubmitEvent, path: &str) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let leads_here = form.method() == "get" && form.get_attribute("action")? == path;
    let fields = FormData::new_with_form(&form).ok()?;
    let query = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    leads_here.then(|| format!("?{}", query.to_string()))
}

/// Writes another address of this page down, to be reloaded, shared and gone
/// back to.
pub fn write(path: &str, search: &str) {
    // A link to the present address adds no history entry.
    if location().search().is_ok_and(|current| current == search) {
        return;
    }
    if let Ok(history) = window().history() {
        // Browsers refuse a hundred in half a minute; the list follows all the same.
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&format!("{path}{search}")));
    }
}

/// Passes on the query of the address after each step back or forward.
pub fn on_return(tell: impl Fn(String) + 'static) {
    window_event_listener(ev::popstate, move |_| tell(location().search().unwrap_or_default()));
}

/// Writes what the address says into a field of a form, or nothing.
pub fn fill_in(form: &str, name: &str, value: Option<&str>) {
    let found = document().query_selector(&format!("{form} [name={name}]"));
    let Ok(Some(field)) = found else { return };
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        match input.type_().as_str() {
            "checkbox" => input.set_checked(value.is_some()),
            kind => {
                input.set_disabled(kind == "hidden" && value.is_none());
                input.set_value(value.unwrap_or_default());
            }
        }
    } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        select.set_value(value.unwrap_or_default());
    }
}

pub fn set_disabled(option: &str, is_disabled: bool) {
    if let Ok(Some(option)) = document().query_selector(option) {
        let _ = option.toggle_attribute_with_force("disabled", is_disabled);
    }
}
