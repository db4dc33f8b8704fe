//! Forms by the addresses they are sent to: the page each stands on, and its name there.

use axum::http::Uri;
use leptos::prelude::AnyView;

use crate::domain::ids::UserId;
use crate::http::web::render;
use crate::pages::people::directory::person_form;
use crate::ui::components::frame::PEOPLE;
use crate::ui::components::ticket::form_names::NEW;

/// A form of a page.
pub struct FormAddress {
    /// Address of the page that has the form, without the list it was opened from.
    pub page: String,
    /// Tells the form from the others of its page.
    pub form: String,
    /// Renders the page.
    pub view: fn() -> AnyView,
}

impl FormAddress {
    /// Finds a form by the path it is sent to. `action` is its field of that name: what it
    /// does, where one path takes several.
    pub fn of(path: &str, action: &str) -> Option<Self> {
        let mut segments = path.split('/').skip(1);
        let parts = [segments.next(), segments.next(), segments.next(), segments.next()];
        if let [Some("people"), Some(person), Some(verb), None] = parts {
            return Self::of_person(person, verb);
        }
        let (page, form, view): (String, &str, fn() -> AnyView) = match parts {
            [Some("tickets"), Some("new"), None, None] => (path.to_owned(), NEW, render::new_ticket_page),
            [Some("tickets"), Some(_), Some(form @ "restore"), None] => {
                ("/tickets/deleted".to_owned(), form, render::deleted_page)
            }
            [Some("tickets"), Some(ticket), Some("act"), None] => {
                (format!("/tickets/{ticket}"), action, render::ticket_page)
            }
            [Some("tickets"), Some(ticket), Some(form), None] => {
                (format!("/tickets/{ticket}"), form, render::ticket_page)
            }
            [Some(form @ "take-over"), None, None, None] => (path.to_owned(), form, render::take_over_page),
            [Some("inbox"), None, None, None] => (path.to_owned(), "", render::inbox_page),
            [Some("people"), None, None, None] => (path.to_owned(), "add", render::people_page),
            [Some("account"), None, None, None] => (path.to_owned(), "", render::account_page),
            [Some("account"), Some(form), None, None] => ("/account".to_owned(), form, render::account_page),
            _ => return None,
        };
        Some(Self { page, form: form.to_owned(), view })
    }

    /// Form that changes a person. Its page is a search that finds them: on other pages of the
    /// directory they may not be.
    fn of_person(person: &str, verb: &str) -> Option<Self> {
        let person = UserId(person.parse().ok()?);
        let page = format!("{PEOPLE}?q={person}");
        Some(Self { page, form: person_form(verb, person), view: render::people_page })
    }
}

/// Address of the page that has the form sent to an address; any other stays as it is.
pub fn page_of(form: &Uri) -> Uri {
    let page = FormAddress::of(form.path(), "").filter(|found| found.page != form.path());
    page.and_then(|found| found.page.parse().ok()).unwrap_or_else(|| form.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_belongs_to_the_page_above_it() {
        for (path, page, form) in [
            ("/tickets/5/act", "/tickets/5", "cancel"),
            ("/tickets/5/message", "/tickets/5", "message"),
            ("/tickets/5/photos", "/tickets/5", "photos"),
            ("/tickets/5/delete", "/tickets/5", "delete"),
            ("/tickets/5/restore", "/tickets/deleted", "restore"),
            ("/people/5/role", "/people?q=5", "role-5"),
            ("/people/5/contact", "/people?q=5", "contact-5"),
            ("/people", "/people", "add"),
            ("/account/profile", "/account", "profile"),
            ("/tickets/new", "/tickets/new", "new"),
            ("/take-over", "/take-over", "take-over"),
            ("/inbox", "/inbox", ""),
        ] {
            let found = FormAddress::of(path, "cancel").expect("a form");
            assert_eq!((&*found.page, &*found.form), (page, form), "{path}");
            assert_eq!(page_of(&path.parse().expect("an address")).to_string(), page);
        }
        for path in [
            "/",
            "/my",
            "/tickets",
            "/tickets/5",
            "/sign-in",
            "/a/b/c/d",
            "//evil.example/x",
            "/people/x&y/role",
        ] {
            assert!(FormAddress::of(path, "").is_none(), "{path}");
        }
        assert_eq!(page_of(&"/my?page=2".parse().expect("an address")).to_string(), "/my?page=2");
    }
}
