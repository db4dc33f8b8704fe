//! Errors of fields, shown in the browser as the server shows them: the same rules, the same words,
//! the same places.

use leptos::prelude::*;
use web_sys::Element;
use web_sys::js_sys::JsString;

use super::draft::value_holder;
use crate::domain::tickets::report::{Field, Offered};
use crate::text::Texts;

/// Returns `true` for a field that was refused: it is judged as one types, others when one leaves them.
pub fn is_refused(field: &Element) -> bool {
    field.get_attribute("aria-invalid").is_some()
}

pub fn show_error(element: &Element, offered: &Offered, texts: Texts) {
    let Some(field) = element.get_attribute("name").and_then(|name| Field::named(&name)) else { return };
    let error = field.validate(&field.tidy(&composed(value_holder(element).value())), offered).err();
    let error = error.map(|reason| (texts.work().reason)(reason));
    // Nothing can be done about a page that is not as it was sent.
    let _ = show(element, field.name(), error.as_deref());
}

/// The text in NFC, made by the browser: the server's tables are too big to send.
fn composed(text: String) -> String {
    JsString::from(text).normalize("NFC").into()
}

fn show(element: &Element, name: &str, error: Option<&str>) -> Option<()> {
    let (error_id, hint_id) = (format!("{name}-error"), format!("{name}-hint"));
    if let Some(former) = document().get_element_by_id(&error_id) {
        former.remove();
    }
    let mut described_by = String::new();
    if let Some(error) = error {
        let label = element.parent_element()?.query_selector(".field__label").ok()??;
        // The words are the desk's own: nothing in them is markup.
        let sentence = format!(r#"<span class="field__error" id="{error_id}">{error}</span>"#);
        label.insert_adjacent_html("afterend", &sentence).ok()?;
        element.set_attribute("aria-invalid", "true").ok()?;
        described_by.push_str(&error_id);
    } else {
        element.remove_attribute("aria-invalid").ok()?;
    }
    if document().get_element_by_id(&hint_id).is_some() {
        described_by.push(' ');
        described_by.push_str(&hint_id);
    }
    match described_by.trim() {
        "" => element.remove_attribute("aria-describedby").ok(),
        ids => element.set_attribute("aria-describedby", ids).ok(),
    }
}
