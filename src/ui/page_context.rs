//! Context of a page, known before its data: viewer, language and address.
//!
//! The server decides it once a request. An island is given the [`PageContext`]
//! among its props and provides it again, so both sides render the same.

use std::fmt;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::domain::ids::UserId;
use crate::domain::input::Input;
use crate::domain::locale::Locale;
use crate::domain::notifications::inbox::Counts;
use crate::domain::problem::Problem;
use crate::domain::viewer::Viewer;
use crate::text::{self, Texts};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageContext {
    pub locale: Locale,
    pub theme: Theme,
    pub site: String,
    pub campuses: Vec<String>,
    pub viewer: Option<Viewer>,
    /// Numbers of the tickets and notices that wait for the viewer.
    pub counts: Counts,
    /// Idempotency key of the page's forms.
    pub form_key: String,
}

/// Choices of the filters. Only on the server.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub devices: Vec<String>,
    pub faults: Vec<String>,
}

/// Field of a form, and parameter of an island's call: the person whose page it is on.
pub const MADE_FOR: &str = "made_for";

/// Field of the sign-in: the address of a form that was sent with an expired session.
pub const KEPT_FORM: &str = "kept-form";

/// Field of the sign-in: user name or contact.
pub const USERNAME: &str = "username";

/// Prefix of the waiting form's fields in the sign-in form.
pub const KEPT: &str = "kept.";

/// Parameter and form field: the list one came from.
pub const FROM: &str = "from";

/// Query with the list in [`FROM`].
pub fn from(list: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair(FROM, list).finish();
    format!("?{query}")
}

/// Address of the list from which one came to this page; empty where none is named.
pub fn came_from() -> String {
    parameter(FROM)
}

/// A parameter of the address of this page; empty where it is not given.
pub fn parameter(wanted: &str) -> String {
    let Address { search, .. } = address();
    let mut pairs = form_urlencoded::parse(search.trim_start_matches('?').as_bytes());
    pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The address of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    pub path: String,
    /// Empty, or beginning with `?`.
    pub search: String,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, search } = self;
        write!(f, "{path}{search}")
    }
}

/// A form that was refused: why, and what had been typed.
#[derive(Clone, Debug, PartialEq)]
pub struct FormState {
    pub problem: Problem,
    /// The name of the form, on pages that have several.
    pub form: String,
    pub typed: Vec<(String, String)>,
}

impl FormState {
    /// A refusal after which nothing that was typed is shown again.
    pub const fn of(problem: Problem) -> Self {
        Self { problem, form: String::new(), typed: Vec::new() }
    }

    /// Typed value of a field; empty where there is none.
    pub fn typed(&self, name: &str) -> &str {
        let found = self.typed.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Typed values of a field that has any number of them.
    pub fn all_typed(&self, name: &str) -> Vec<&str> {
        self.typed.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str()).collect()
    }
}

/// A hand-over code, on the only page that ever shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeCode {
    pub code: String,
    pub minutes: i64,
    /// QR image of the code: its side in dots, and the path of the dark ones.
    pub qr_image: Option<(usize, String)>,
}

/// A link to set a password, on the only page that ever shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeLink {
    pub name: String,
    pub address: String,
    pub days: i64,
}

/// A contact of a person that an admin has yet to confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedContact {
    pub person: UserId,
    pub nickname: String,
    pub input: Input,
    /// Empty to remove it.
    pub contact: String,
}

/// The ways in beside the sign-in that this site has. Only on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfService {
    pub registration: bool,
    /// A link by mail for a forgotten password.
    pub forgotten: bool,
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

/// The context of this page, or one part of it.
pub fn with<T>(read: impl FnOnce(&PageContext) -> T) -> T {
    with_context(read).expect("the server provides it to pages, and islands to themselves")
}

/// The person whose page this is.
pub fn made_for() -> Option<UserId> {
    with(|context| context.viewer.as_ref().map(|viewer| viewer.id))
}

/// The address that was asked for, as it was written. Only on the server: under
/// an island it may change.
pub fn address() -> Address {
    expect_context()
}

pub fn locale() -> Locale {
    with(|context| context.locale)
}

/// The sentences of this page's language.
pub fn texts() -> Texts {
    text::of(locale())
}

/// The document's title: the page, then the site.
pub fn document_title(page: &str) -> String {
    with(|context| (text::of(context.locale).frame().page_title)(page, &context.site))
}
