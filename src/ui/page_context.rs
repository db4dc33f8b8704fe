//! What a page knows before it asks for its data: who looks at it, and in which
//! language.
//!
//! The server decides it once a request and writes it into the page, so both
//! sides render the same.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::domain::locale::Locale;
use crate::domain::person::Viewer;
use crate::domain::problem::Problem;
use crate::text::{self, Texts};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageContext {
    pub locale: Locale,
    pub theme: Theme,
    pub site: String,
    pub campuses: Vec<String>,
    pub viewer: Option<Viewer>,
}

/// A form that was refused: why, and what had been typed. Only for pages that
/// stay as the server sent them.
#[derive(Clone, Debug, PartialEq)]
pub struct FormState {
    pub problem: Problem,
    pub login: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// For a page that stays as the server sends it.
pub fn provide_here() {
    provide_context(StoredValue::new(use_context::<PageContext>().unwrap_or_default()));
}

/// Hands the context from the server's render over to the browser's.
pub fn provide_shared() {
    let context = SharedValue::new(|| use_context::<PageContext>().unwrap_or_default()).into_inner();
    provide_context(StoredValue::new(context));
}

/// The context of this page, or one part of it.
pub fn with<T>(read: impl FnOnce(&PageContext) -> T) -> T {
    expect_context::<StoredValue<PageContext>>().with_value(read)
}

pub fn locale() -> Locale {
    with(|context| context.locale)
}

/// The sentences of this page's language.
pub fn texts() -> Texts {
    text::of(locale())
}

/// Tells tests and styles that the page is alive.
pub fn mark_hydrated() {
    Effect::new(|| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}
