//! The sections that every language fills in.

use super::*;

pub struct Frame {
    pub skip_to_content: &'static str,
    pub places: &'static str,
    pub waiting: &'static str,
    /// Short: it stands among the places of a phone.
    pub report: &'static str,
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
    pub waiting: &'static str,
    pub by_progress: &'static str,
    pub campus: &'static str,
    pub any: &'static str,
    pub device: &'static str,
    pub fault: &'static str,
    /// The first and the last day of a span.
    pub from: fn(time: &str) -> String,
    pub to: fn(time: &str) -> String,
    pub more_filters: &'static str,
    pub sort: &'static str,
    pub sort_key: fn(SortKey) -> &'static str,
    pub direction: fn(Direction) -> &'static str,
    /// What the times of a sorted list are.
    pub sorted_by: fn(SortedBy) -> &'static str,
    pub action: &'static str,
    pub more_than: fn(number: &str) -> String,
    pub export: &'static str,
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
    /// Around the ticket, in the list from which one came.
    pub way: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
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
    /// The label of a contact that is a number, and of any other.
    pub qq: &'static str,
    pub other_contact: &'static str,
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
    /// On a button that opens a photo on another site, and below it.
    pub open_photo: &'static str,
    pub open_photo_hint: &'static str,
    pub title: fn(id: &str) -> String,
}

/// What happens to tickets, and what keeps it from happening.
pub struct WorkTexts {
    /// Stands in the history where a client gave no note.
    pub reported_by_client: &'static str,
    pub file: &'static str,
    pub file_intro: &'static str,
    pub section_device: &'static str,
    pub more_about_device: &'static str,
    pub section_fault: &'static str,
    pub section_contact: &'static str,
    pub section_photos: &'static str,
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
    /// Before what happened while somebody wrote.
    pub meanwhile: &'static str,
    /// What a field is by now, where another value was typed.
    pub now: fn(&str) -> String,
    /// Above what was typed into a form that is no longer there.
    pub typed: &'static str,
    /// What an admin does to a row where there is no room for more.
    pub assign: &'static str,
    pub nothing_to_do: &'static str,
    pub more: &'static str,
    /// The verb of a button.
    pub action: fn(Action) -> &'static str,
    /// What will happen, where that is not plain.
    pub consequence: fn(Action) -> &'static str,
    pub note_of: fn(Action) -> &'static str,
    pub receiver: &'static str,
    /// What speaks against a receiver.
    pub off_duty: &'static str,
    pub other_campus: &'static str,
    pub full: &'static str,
    pub timeline: &'static str,
    /// Ways to the entries before and after those that are shown.
    pub earlier: fn(count: usize) -> String,
    pub later: fn(count: usize) -> String,
    pub happened: fn(kind: Kind, actor: &str, technician: &str, offered_to: &str) -> String,
    /// The same for several of a kind that are told as one.
    pub gathered: fn(kind: Kind, actor: &str, times: u64) -> String,
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
    pub choose_photos: &'static str,
    pub photos_hint: fn() -> String,
    /// The photos of a form that comes back: no browser keeps them.
    pub photos_again: fn(names: &str) -> String,
    pub photos_full: fn() -> String,
    pub add_photos: &'static str,
    pub photo: fn(number: usize, who: &str) -> String,
    pub bad_photos: &'static str,
    pub photo_progress: &'static str,
    pub photo_remove: &'static str,
    pub photo_retry: &'static str,
    pub filed_without: &'static str,
    pub added_without: &'static str,
    pub to_ticket: &'static str,
    pub draft_restored: &'static str,
    pub draft_discard: &'static str,
    pub flaw: fn(Flaw) -> String,
    pub correct: &'static str,
    pub save: &'static str,
    pub contact_hidden: &'static str,
    pub code_title: &'static str,
    pub code_consequence: &'static str,
    pub code_make: &'static str,
    pub code_show: fn(code: &str, minutes: i64) -> String,
    /// What the picture of a code is, for whoever does not see it.
    pub code_picture: &'static str,
    pub code_scan: &'static str,
    pub code_enter: &'static str,
    pub code_hint: &'static str,
    pub refused: fn(Refusal) -> String,
    pub stale: &'static str,
    pub twin: fn(ticket: &str) -> String,
    pub desk_closed: &'static str,
    pub too_many_open: fn(u64) -> String,
    pub too_many_this_week: fn(u64) -> String,
    pub too_many_jobs: fn(u64) -> String,
    pub hands_full: fn(u64) -> String,
    pub too_many_messages: fn(seconds: u64) -> String,
    pub key_reused: &'static str,
    pub inbox: &'static str,
    /// In place of the device, where a ticket is not its reader's to see any more.
    pub inbox_closed: &'static str,
    pub inbox_empty: &'static str,
    pub inbox_unread: fn(count: &str) -> String,
    pub mark_all_read: &'static str,
    pub new: &'static str,
}

/// What a form says while it is sent from the browser: few words, because they
/// are loaded with it.
pub struct FormTexts {
    /// A form that was sent with an expired session has come back.
    pub kept: &'static str,
    /// A form was opened as one person and sent while another is signed in.
    pub other_person: &'static str,
    pub sending: &'static str,
    pub photo_preparing: &'static str,
    pub photo_ready: &'static str,
    pub photo_sending: &'static str,
    pub photo_sent: &'static str,
}

/// The directory of people, and the links that let them in.
pub struct PeopleTexts {
    pub mail_refused: fn(because: &str) -> String,
    pub try_address: &'static str,
    pub title: &'static str,
    pub search: &'static str,
    pub search_hint: &'static str,
    pub found_many: &'static str,
    pub find: &'static str,
    pub nobody: &'static str,
    pub username: &'static str,
    pub disabled: &'static str,
    pub no_password: &'static str,
    pub off_duty: &'static str,
    pub serves: fn(campuses: &str) -> String,
    pub max_jobs: fn(u64) -> String,
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

/// What mails say beside what happened.
pub struct MailTexts {
    /// One a ticket: mail programs show mails of one subject as one conversation.
    pub subject: fn(site: &str, ticket: &str) -> String,
    pub open: &'static str,
    pub footer: &'static str,
}

/// What one says of oneself.
pub struct ProfileTexts {
    /// A mail server takes no mails for this address, in its own words.
    pub refused: fn(email: &str, because: &str) -> String,
    pub try_again: &'static str,
    pub title: &'static str,
    pub phone: &'static str,
    pub email: &'static str,
    pub no_campus: &'static str,
    pub language: &'static str,
    pub shown_contact: &'static str,
    pub shown_contact_hint: &'static str,
    pub shown: fn(ShownContact) -> &'static str,
    pub save: &'static str,
    pub saved: &'static str,
    pub wishes: &'static str,
    pub mail_wanted: &'static str,
    pub topic: fn(Topic) -> &'static str,
    pub channel: fn(Channel) -> &'static str,
    pub wishes_hint: &'static str,
    pub save_wishes: &'static str,
    pub duty: &'static str,
    pub on_duty: &'static str,
    pub on_duty_hint: &'static str,
    pub campuses_hint: &'static str,
    /// The most that the site allows; 0 stands for no limit.
    pub max_jobs_hint: fn(limit: u64) -> String,
    pub save_duty: &'static str,
}

pub struct SignIn {
    pub title: &'static str,
    pub login: &'static str,
    pub login_hint: &'static str,
    pub password: &'static str,
    pub submit: &'static str,
    pub wrong: &'static str,
    /// Above the form, where another was sent with an expired session.
    pub waits: &'static str,
}

/// Taking tickets away, and bringing them back.
pub struct DeletedTexts {
    pub title: &'static str,
    pub nothing: &'static str,
    pub deleted_by: fn(who: &str, when: &str) -> String,
    pub kept_until: fn(when: &str) -> String,
    /// Instead of what the ticket was about.
    pub unreadable: &'static str,
    pub restore: &'static str,
    pub restore_this: fn(ticket: &str) -> String,
    pub gone: &'static str,
    pub delete: &'static str,
    pub consequence: fn(days: i64) -> String,
}

/// The ways in beside the sign-in.
pub struct DoorTexts {
    pub to_sign_in: &'static str,
    pub to_register: &'static str,
    pub register: &'static str,
    pub username_hint: &'static str,
    pub contact_hint: &'static str,
    pub repeat: &'static str,
    pub back_to_sign_in: &'static str,
    /// A sign-in that was refused, where a link by mail helps.
    pub wrong: &'static str,
    pub forgot: &'static str,
    pub forgot_intro: &'static str,
    pub forgot_login: &'static str,
    pub forgot_submit: &'static str,
    /// The same whoever was named.
    pub forgot_sent: &'static str,
    pub mail_subject: fn(site: &str) -> String,
    pub mail_asked: fn(username: &str) -> String,
    pub mail_link: &'static str,
    pub mail_limits: fn(minutes: i64) -> String,
    pub mail_ignore: &'static str,
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
    pub other_person_title: &'static str,
    pub other_person: &'static str,
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
    pub body_no_form: &'static str,
    pub no_such_ticket: &'static str,
    pub no_such_person: &'static str,
    pub no_such_photo: &'static str,
    /// A link to set a password that is used up, or never was one.
    pub no_such_link: &'static str,
    /// What settings mean that older programs know by name.
    pub conf_flag: &'static str,
    pub conf_year: &'static str,
    pub conf_tips: &'static str,
    pub conf_rest: &'static str,
    pub conf_submit: &'static str,
    /// A member of a ticket that no call sets.
    pub never_set: &'static str,
    pub login_fields: &'static str,
    pub wrong_credentials: &'static str,
    pub foreign_origin: &'static str,
    pub broken: fn(incident: &str) -> String,
    pub value: fn(parameter: &str, reason: &str) -> String,
}

/// Pages that explain the REST interface.
pub struct Docs {
    pub title: &'static str,
    /// Title of the page of a tag of the document.
    pub group: fn(tag: &str) -> Option<&'static str>,
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
