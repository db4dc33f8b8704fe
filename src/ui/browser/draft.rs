//! Draft of a report, kept in the browser: what was typed, never the photos. One for each person,
//! since a browser may be shared.

use std::cell::RefCell;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use web_sys::{Element, FormData, HtmlFormElement, HtmlInputElement, Storage, UrlSearchParams};

use crate::domain::ids::UserId;
use crate::domain::input::Input;
use crate::domain::tickets::report::Field;

pub struct Draft {
    /// Key in the browser's storage.
    name: String,
    /// The form as the server sent it.
    blank: RefCell<String>,
}

impl Draft {
    pub fn of(person: UserId) -> Self {
        Self { name: format!("report {person}"), blank: RefCell::default() }
    }

    /// Fills in the kept values, except where somebody has typed meanwhile. Returns `true` if any
    /// differs from the server's.
    pub fn restore(&self, form: &HtmlFormElement) -> bool {
        let Some(blank) = untouched(form) else { return false };
        self.blank.replace(String::from(blank.to_string()));
        let kept = storage().and_then(|storage| storage.get_item(&self.name).ok()?);
        let kept = kept.and_then(|kept| UrlSearchParams::new_with_str(&kept).ok());
        let (Some(kept), Some(now)) = (kept, typed(form)) else { return false };
        let mut differs = false;
        for field in Field::ALL {
            let name = field.name();
            let Some(value) = kept.get(name) else { continue };
            if Some(&value) != blank.get(name).as_ref() {
                differs = true;
                if now.get(name) == blank.get(name) {
                    fill_in(form, name, &value);
                }
            }
        }
        differs
    }

    /// Keeps the form, unless it says what the server sent.
    pub fn keep(&self, form: &HtmlFormElement) {
        let Some(now) = typed(form).map(|now| String::from(now.to_string())) else { return };
        if now == *self.blank.borrow() {
            self.forget();
        } else if let Some(storage) = storage() {
            // Without storage the report can still be sent.
            let _ = storage.set_item(&self.name, &now);
        }
    }

    pub fn forget(&self) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&self.name);
        }
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

/// Values of the form about the device and its owner.
fn typed(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    let fields = FormData::new_with_form(form).ok()?;
    for other in ["key", Input::Photos.name()] {
        fields.delete(other);
    }
    UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()
}

/// Values of the form before anybody typed: browsers fill forms in again by themselves.
fn untouched(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    let copy: HtmlFormElement = form.clone_node_with_deep(true).ok()?.unchecked_into();
    copy.reset();
    typed(&copy)
}

fn fill_in(form: &HtmlFormElement, name: &str, value: &str) {
    let Ok(Some(field)) = form.query_selector(&format!("[name={name}]")) else { return };
    value_holder(&field).set_value(value);
    if let Ok(Some(fold)) = field.closest("details") {
        let _ = fold.set_attribute("open", "");
    }
}

/// Inputs, text areas and selects all have a `value`, and that is all that is
/// asked of them here.
pub fn value_holder(field: &Element) -> &HtmlInputElement {
    field.unchecked_ref()
}
