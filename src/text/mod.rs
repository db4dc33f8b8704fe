//! Every sentence a person reads, in every language.
//!
//! A language is one file of constants: a sentence that is missing or left
//! over does not compile. Sentences with something inside are plain functions.
//! Why no translation library: docs/decisions/0002-texts-are-a-struct.md.

mod account;
mod en;
mod history;
mod interface;
pub mod isolates;
mod sections;
mod zh_cn;

pub use history::name_of;

use crate::domain::input::{self, Input};
use crate::domain::lists::page::ListPage;
use crate::domain::lists::parameter::{BadValue, Reason};
use crate::domain::lists::sort::{Direction, SortKey, SortedBy};
use crate::domain::locale::Locale;
use crate::domain::notifications::account_mail::AccountMail;
use crate::domain::notifications::preferences::{Channel, Topic};
use crate::domain::people::admin::Protected;
use crate::domain::people::contact::ShownContact;
use crate::domain::people::person::BadPassword;
use crate::domain::photo::Flaw;
use crate::domain::problem::Problem;
use crate::domain::tickets::action::Action;
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::report::{BadField, Field, Warranty};
use crate::domain::tickets::status::{List, Status};
use crate::domain::tickets::workflow::Refusal;
use crate::domain::viewer::Role;

pub use account::*;
pub use interface::*;
pub use sections::*;

pub const fn of(locale: Locale) -> Texts {
    Texts(locale)
}

/// The sentences of one language, a section at a time: a program that never
/// asks for a section, like the one in the browser, does not carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts(Locale);

impl Texts {
    pub const fn locale(self) -> Locale {
        self.0
    }

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

    pub const fn form(self) -> &'static FormTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::FORM,
            Locale::En => &en::FORM,
        }
    }

    pub const fn people(self) -> &'static PeopleTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::PEOPLE,
            Locale::En => &en::PEOPLE,
        }
    }

    pub const fn mail(self) -> &'static MailTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::MAIL,
            Locale::En => &en::MAIL,
        }
    }

    pub const fn profile(self) -> &'static ProfileTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::PROFILE,
            Locale::En => &en::PROFILE,
        }
    }

    pub const fn sign_in(self) -> &'static SignIn {
        match self.0 {
            Locale::ZhCn => &zh_cn::SIGN_IN,
            Locale::En => &en::SIGN_IN,
        }
    }

    pub const fn trash(self) -> &'static TrashTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::TRASH,
            Locale::En => &en::TRASH,
        }
    }

    pub const fn self_service(self) -> &'static SelfServiceTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::SELF_SERVICE,
            Locale::En => &en::SELF_SERVICE,
        }
    }

    pub const fn contacts(self) -> &'static ContactTexts {
        match self.0 {
            Locale::ZhCn => &zh_cn::CONTACTS,
            Locale::En => &en::CONTACTS,
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

    pub const fn place(self, place: ListPage) -> &'static str {
        match self.0 {
            Locale::ZhCn => zh_cn::place(place),
            Locale::En => en::place(place),
        }
    }

    /// Name of a status; `Pending` says whether a technician has it.
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

    /// A refused detail of a device, named as the interface names it.
    pub fn bad_field(self, bad: &BadField) -> String {
        (self.api().value)(bad.field.name(), &(self.work().reason)(bad.reason))
    }

    /// Why something was not done, for problems that meet forms.
    pub fn refusal(self, problem: &Problem) -> Option<String> {
        let words = self.work();
        Some(match problem {
            Problem::Refused(refusal) => (words.refused)(*refusal),
            Problem::Protected(protected) => (self.people().protected)(*protected),
            Problem::Stale => words.stale.to_owned(),
            Problem::OtherPerson => self.form().other_person.to_owned(),
            Problem::SignedOut => self.form().kept.to_owned(),
            Problem::Duplicate { ticket } => (words.duplicate)(&ticket.to_string()),
            Problem::DeskClosed => words.desk_closed.to_owned(),
            Problem::TooManyOpen { limit } => (words.too_many_open)(*limit),
            Problem::TooManyThisWeek { limit } => (words.too_many_this_week)(*limit),
            Problem::TooManyJobs { limit } => (words.too_many_jobs)(*limit),
            Problem::HandsFull { limit } => (words.hands_full)(*limit),
            Problem::TooManyMessages { retry_after_seconds } => {
                (words.too_many_messages)(*retry_after_seconds)
            }
            Problem::TooManyChanges { retry_after_seconds } => (words.too_many_changes)(*retry_after_seconds),
            Problem::ContactHeld { input } => {
                (self.list().named)((words.input)(*input), self.contacts().held)
            }
            Problem::TooManyMails { retry_after_seconds } => {
                (self.contacts().too_many_mails)(retry_after_seconds.div_ceil(60))
            }
            Problem::TooManyTries { retry_after_seconds } => {
                (self.problem().too_many_tries)(*retry_after_seconds)
            }
            Problem::KeyReused => words.key_reused.to_owned(),
            Problem::NoDatabase { .. } => self.problem().no_database.to_owned(),
            Problem::BadInput { input, reason } => {
                (self.list().named)((words.input)(*input), &(words.reason)(*reason))
            }
            Problem::BadFields(fields) => (words.to_correct)(fields.len()),
            Problem::BadPhotos(_) => words.bad_photos.to_owned(),
            Problem::UploadsUnderWay { retry_after_seconds } => {
                (self.problem().uploads_under_way)(*retry_after_seconds)
            }
            Problem::Busy { retry_after_seconds } => (self.problem().busy)(*retry_after_seconds),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_value_is_named_in_every_language() {
        use crate::domain::lists::parameter::Parameter;

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
