//! Every sentence a person reads, in every language.
//!
//! A language is one file of constants: a sentence that is missing or left
//! over does not compile. Sentences with something inside are plain functions.
//! Why no translation library: docs/decisions/0002-texts-are-a-struct.md.

mod en;
mod zh_cn;

use crate::domain::action::Action;
use crate::domain::details::{self, BadField, Field, Warranty};
use crate::domain::history::Kind;
use crate::domain::lifecycle::Refusal;
use crate::domain::locale::Locale;
use crate::domain::members::Protected;
use crate::domain::person::{BadPassword, Role};
use crate::domain::place::Place;
use crate::domain::problem::{Input, Problem};
use crate::domain::query::{BadValue, Reason};
use crate::domain::status::{List, Status};

pub const fn of(locale: Locale) -> Texts {
    Texts(locale)
}

/// The sentences of one language, a section at a time: a program that never
/// asks for a section, like the one in the browser, does not carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts(Locale);

impl Texts {
    pub const fn frame(self) -> &'static Frame {
        match self.0 {
            Locale::ZhCn => &zh_cn::FRAME,
            Locale::En => &en::FRAME,
        }
    }

    pub const fn list(self) -> &'static ListTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::LIST,
            Locale::En => &en::LIST,
        }
    }

    pub const fn ticket(self) -> &'static TicketTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::TICKET,
            Locale::En => &en::TICKET,
        }
    }

    pub const fn work(self) -> &'static WorkTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::WORK,
            Locale::En => &en::WORK,
        }
    }

    pub const fn people(self) -> &'static PeopleTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::PEOPLE,
            Locale::En => &en::PEOPLE,
        }
    }

    pub const fn sign_in(self) -> &'static SignIn {
        match self.0 {
            Locale::ZhCn => &zh_cn::SIGN_IN,
            Locale::En => &en::SIGN_IN,
        }
    }

    pub const fn account(self) -> &'static AccountTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::ACCOUNT,
            Locale::En => &en::ACCOUNT,
        }
    }

    pub const fn problem(self) -> &'static ProblemTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::PROBLEM,
            Locale::En => &en::PROBLEM,
        }
    }

    pub const fn api(self) -> &'static Api {
        match self.0 {
            Locale::ZhCn => &zh_cn::API,
            Locale::En => &en::API,
        }
    }

    pub const fn docs(self) -> &'static Docs {
        match self.0 {
            Locale::ZhCn => &zh_cn::DOCS,
            Locale::En => &en::DOCS,
        }
    }

    pub const fn role(self, role: Role) -> &'static str {
        match self.0 {
            Locale::ZhCn => zh_cn::role(role),
            Locale::En => en::role(role),
        }
    }

    pub const fn place(self, place: Place) -> &'static str {
        match self.0 {
            Locale::ZhCn => zh_cn::place(place),
            Locale::En => en::place(place),
        }
    }

    /// A ticket that waits says for whom: for any technician, or for its own.
    pub const fn status(self, status: Status, is_assigned: bool) -> &'static str {
        match self.0 {
            Locale::ZhCn => zh_cn::status(status, is_assigned),
            Locale::En => en::status(status, is_assigned),
        }
    }

    /// A refused value, named as the interface names it.
    pub fn bad_value(self, value: &BadValue) -> String {
        (self.api().value)(value.parameter.name(), &(self.problem().reason)(value.reason))
    }

    /// The same for what is told of a device.
    pub fn bad_field(self, bad: &BadField) -> String {
        (self.api().value)(bad.field.name(), &(self.work().reason)(bad.reason))
    }

    /// Why something was not done, for problems that are about tickets.
    pub fn refusal(self, problem: &Problem) -> Option<String> {
        let words = self.work();
        Some(match problem {
            Problem::Refused(refusal) => (words.refused)(*refusal),
            Problem::Protected(protected) => (self.people().protected)(*protected),
            Problem::Stale => words.stale.to_owned(),
            Problem::Twin { ticket } => (words.twin)(&ticket.to_string()),
            Problem::DeskClosed => words.desk_closed.to_owned(),
            Problem::TooManyOpen { limit } => (words.too_many_open)(*limit),
            Problem::TooManyThisWeek { limit } => (words.too_many_this_week)(*limit),
            Problem::TooManyJobs { limit } => (words.too_many_jobs)(*limit),
            Problem::KeyReused => words.key_reused.to_owned(),
            Problem::BadInput { input, reason } => {
                (self.list().named)((words.input)(*input), &(words.reason)(*reason))
            }
            Problem::BadFields(fields) => (words.to_correct)(fields.len()),
            _ => return None,
        })
    }
}

pub struct Frame {
    pub skip_to_content: &'static str,
    pub places: &'static str,
    pub waiting: &'static str,
    /// The other language, named in itself.
    pub other_language: &'static str,
    pub theme: &'static str,
    pub theme_system: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub account: &'static str,
    pub sign_in: &'static str,
    pub sign_out: &'static str,
    pub api_docs: &'static str,
    pub page_title: fn(page: &str, site: &str) -> String,
}

pub struct ListTexts {
    pub list: fn(List) -> &'static str,
    pub by_progress: &'static str,
    pub campus: &'static str,
    pub any_campus: &'static str,
    pub owner_id: &'static str,
    pub technician_id: &'static str,
    pub filter: &'static str,
    pub active_filters: &'static str,
    pub remove: &'static str,
    pub clear: &'static str,
    pub results: &'static str,
    pub tickets: &'static str,
    pub number: &'static str,
    pub what: &'static str,
    pub technician: &'static str,
    pub status: &'static str,
    pub filed: &'static str,
    pub nobody: &'static str,
    pub named: fn(label: &str, value: &str) -> String,
    pub count: fn(from: &str, to: &str, total: &str) -> String,
    pub total: fn(total: &str) -> String,
    pub total_people: fn(total: &str) -> String,
    pub bad_id: &'static str,
    pub loading: &'static str,
    pub pages: &'static str,
    pub page: fn(number: &str) -> String,
    pub first: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub last: &'static str,
    pub rows_a_page: &'static str,
    pub rows_label: &'static str,
    pub nothing_filed: &'static str,
    pub nothing_filed_hint: &'static str,
    pub nothing_assigned: &'static str,
    pub nothing_assigned_hint: &'static str,
    pub nothing_to_take: &'static str,
    pub nothing_to_take_hint: &'static str,
    pub nothing_at_all: &'static str,
    pub nothing_at_all_hint: &'static str,
    pub nothing_matches: fn(filters: &str) -> String,
    pub and: &'static str,
    pub drop: fn(filter: &str) -> String,
    pub clear_all: &'static str,
    pub past_the_end: fn(page: &str, last: &str) -> String,
    pub to_last_page: &'static str,
    pub to_first_page: &'static str,
    pub not_asked: &'static str,
    pub clear_and_show_all: &'static str,
    pub to_correct: fn(count: usize) -> String,
}

pub struct TicketTexts {
    pub back: fn(place: &str) -> String,
    pub number: fn(id: &str) -> String,
    pub filed: &'static str,
    pub story: &'static str,
    pub photo: &'static str,
    pub progress: &'static str,
    pub step_past: &'static str,
    pub step_next: &'static str,
    pub step_filed: &'static str,
    pub step_assigned: fn(technician: &str) -> String,
    pub contact: &'static str,
    pub owner: &'static str,
    pub phone: &'static str,
    pub qq: &'static str,
    pub campus: &'static str,
    pub technician: &'static str,
    pub device: &'static str,
    pub device_type: &'static str,
    pub brand: &'static str,
    pub purchased: &'static str,
    pub fault: &'static str,
    pub assigned: &'static str,
    pub completed: &'static str,
    pub not_yet: &'static str,
    pub unknown: &'static str,
    pub external: fn(address: &str) -> String,
    pub title: fn(id: &str) -> String,
}

/// What happens to tickets, and what keeps it from happening.
pub struct WorkTexts {
    pub file: &'static str,
    pub file_intro: &'static str,
    pub section_device: &'static str,
    pub more_about_device: &'static str,
    pub section_fault: &'static str,
    pub section_contact: &'static str,
    pub submit: &'static str,
    pub submit_anyway: &'static str,
    pub to_twin: &'static str,
    pub choose: &'static str,
    pub optional: &'static str,
    pub field: fn(Field) -> &'static str,
    pub hint: fn(Field) -> &'static str,
    pub warranty: fn(Warranty) -> &'static str,
    pub input: fn(Input) -> &'static str,
    pub reason: fn(details::Reason) -> String,
    pub to_correct: fn(count: usize) -> String,
    pub next: &'static str,
    /// Above what was typed into a form that is no longer there.
    pub typed: &'static str,
    pub nothing_to_do: &'static str,
    pub more: &'static str,
    /// The verb of a button.
    pub action: fn(Action) -> &'static str,
    /// What will happen, where that is not plain.
    pub consequence: fn(Action) -> &'static str,
    pub note_of: fn(Action) -> &'static str,
    pub receiver: &'static str,
    pub timeline: &'static str,
    pub happened: fn(kind: Kind, actor: &str, technician: &str, offered_to: &str) -> String,
    pub the_desk: &'static str,
    pub nobody: &'static str,
    pub changed: fn(field: &str, old: &str, new: &str) -> String,
    pub empty: &'static str,
    pub message: &'static str,
    pub message_hint: &'static str,
    pub send: &'static str,
    pub note: &'static str,
    pub note_hint: &'static str,
    pub save_note: &'static str,
    pub correct: &'static str,
    pub save: &'static str,
    pub contact_hidden: &'static str,
    pub code_title: &'static str,
    pub code_consequence: &'static str,
    pub code_make: &'static str,
    pub code_show: fn(code: &str, minutes: i64) -> String,
    pub code_enter: &'static str,
    pub code_hint: &'static str,
    pub refused: fn(Refusal) -> String,
    pub stale: &'static str,
    pub twin: fn(ticket: &str) -> String,
    pub desk_closed: &'static str,
    pub too_many_open: fn(u64) -> String,
    pub too_many_this_week: fn(u64) -> String,
    pub too_many_jobs: fn(u64) -> String,
    pub key_reused: &'static str,
    pub inbox: &'static str,
    pub inbox_empty: &'static str,
    pub inbox_unread: fn(count: &str) -> String,
    pub mark_all_read: &'static str,
    pub new: &'static str,
}

/// The directory of people, and the links that let them in.
pub struct PeopleTexts {
    pub title: &'static str,
    pub search: &'static str,
    pub search_hint: &'static str,
    pub find: &'static str,
    pub nobody: &'static str,
    pub username: &'static str,
    pub disabled: &'static str,
    pub no_password: &'static str,
    pub change: fn(name: &str) -> String,
    pub set_role: &'static str,
    pub disable: &'static str,
    pub disable_hint: &'static str,
    pub enable: &'static str,
    pub make_link: &'static str,
    pub make_link_hint: &'static str,
    pub link: fn(name: &str, days: i64) -> String,
    pub add: &'static str,
    pub add_hint: &'static str,
    pub protected: fn(Protected) -> String,
    pub welcome: &'static str,
    pub welcome_hint: &'static str,
    pub link_over: &'static str,
    pub set_password: &'static str,
    pub password_set: &'static str,
}

pub struct SignIn {
    pub title: &'static str,
    pub login: &'static str,
    pub login_hint: &'static str,
    pub password: &'static str,
    pub submit: &'static str,
    pub wrong: &'static str,
}

pub struct AccountTexts {
    pub title: &'static str,
    pub who: &'static str,
    pub nickname: &'static str,
    pub id: &'static str,
    pub role: &'static str,
    pub change: &'static str,
    pub current: &'static str,
    pub new: &'static str,
    pub new_hint: fn(minimum: usize) -> String,
    pub repeat: &'static str,
    pub consequence: &'static str,
    pub submit: &'static str,
    pub changed: &'static str,
    pub wrong_current: &'static str,
    pub differ: &'static str,
    pub bad: fn(BadPassword) -> String,
}

pub struct ProblemTexts {
    pub denied_title: &'static str,
    pub denied: &'static str,
    pub not_found_title: &'static str,
    pub not_found: &'static str,
    pub broken_title: &'static str,
    pub broken: &'static str,
    pub unreachable_title: &'static str,
    pub unreachable: &'static str,
    pub signed_out_title: &'static str,
    pub signed_out: &'static str,
    pub bad_request: &'static str,
    pub retry: &'static str,
    pub home: fn(place: &str) -> String,
    pub start: &'static str,
    pub incident: &'static str,
    pub too_many_tries: fn(seconds: u64) -> String,
    pub reason: fn(Reason) -> String,
}

/// What the REST interface answers in words.
pub struct Api {
    pub denied: &'static str,
    pub no_such_address: &'static str,
    pub method_not_allowed: &'static str,
    pub body_too_large: &'static str,
    pub body_no_object: &'static str,
    pub bad_value: &'static str,
    pub no_such_ticket: &'static str,
    /// What stands in the history where a client gave no note.
    pub reported_by_client: &'static str,
    pub login_fields: &'static str,
    pub wrong_credentials: &'static str,
    pub foreign_origin: &'static str,
    pub broken: fn(incident: &str) -> String,
    pub value: fn(parameter: &str, reason: &str) -> String,
}

/// The page that explains the REST interface.
pub struct Docs {
    pub title: &'static str,
    pub contents: &'static str,
    pub document: &'static str,
    pub parameters: &'static str,
    pub body: &'static str,
    pub responses: &'static str,
    pub fields: fn(schema: &str) -> String,
    pub name: &'static str,
    pub kind: &'static str,
    pub meaning: &'static str,
    pub status: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_value_is_named_in_every_language() {
        use crate::domain::query::Parameter;

        let value =
            BadValue { parameter: Parameter::Owner, typed: "x".to_owned(), reason: Reason::NotAnInteger };
        for locale in Locale::ALL {
            assert!(of(locale).bad_value(&value).contains("uid"));
        }
    }

    #[test]
    fn every_status_has_its_own_word() {
        for locale in Locale::ALL {
            let mut words = Status::ALL.map(|status| of(locale).status(status, false)).to_vec();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), Status::ALL.len());
        }
    }
}
