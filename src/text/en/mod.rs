//! English.

mod contacts;
mod self_service;
mod trash;
mod work;

use super::*;
use crate::domain::lists::parameter::MAX_INTEGER;
use crate::domain::paging::MAX_LIMIT;
use crate::domain::people::person::{PASSWORD_MAX_BYTES, PASSWORD_MIN};
use crate::domain::photo::{MAX_MEGABYTES, MAX_MEGAPIXELS, MAX_PHOTOS, MAX_SIDE};
pub use contacts::*;
pub use self_service::*;
pub use trash::*;
pub use work::*;

pub const FRAME: Frame = Frame {
    skip_to_content: "Skip to content",
    places: "Main",
    waiting: "waiting for you:",
    report: "Report",
    other_language: "中文",
    theme: "Theme",
    theme_system: "As the system",
    theme_light: "Light",
    theme_dark: "Dark",
    account: "Account and password",
    sign_in: "Sign in",
    sign_out: "Sign out",
    api_docs: "API",
    page_title: |page, site| format!("{page} · {site}"),
};

pub const LIST: ListTexts = ListTexts {
    list: |list| match list {
        List::All => "All",
        List::Pending => "Open",
        List::Done => "Done",
    },
    waiting: "For me",
    by_progress: "By progress",
    campus: "Campus",
    any: "All",
    device: "Device",
    fault: "Fault",
    from: |time| format!("{time} from"),
    to: |time| format!("{time} until"),
    more_filters: "More filters",
    sort: "Sort by",
    sort_key: |key| match key {
        SortKey::Number => "Number",
        SortKey::Filed => "Filed",
        SortKey::Changed => "Last change",
        SortKey::Waiting => "Waiting since",
    },
    direction: |direction| match direction {
        Direction::Descending => "newest first",
        Direction::Ascending => "oldest first",
    },
    sorted_by: |by| match by {
        SortedBy::Number | SortedBy::Filed => "Filed",
        SortedBy::Changed => "Changed",
        SortedBy::Waiting => "Waiting since",
        SortedBy::Assigned => "Assigned",
        SortedBy::Completed => "Done",
    },
    action: "Next step",
    more_than: |number| format!("more than {number}"),
    export: "Export",
    owner_id: "User id",
    technician_id: "Technician id",
    filter: "Filter",
    active_filters: "Active filters",
    remove: "Remove",
    clear: "Clear",
    results: "Results",
    tickets: "Tickets",
    number: "Number",
    what: "Device and problem",
    technician: "Technician",
    status: "Status",
    filed: "Filed",
    nobody: "Nobody yet",
    named: |label, value| format!("{label}: {value}"),
    count: |from, to, total| format!("{from}–{to} of {total}"),
    total: |total| format!("{total} tickets"),
    bad_id: "Type the number of a person, digits only, like 20240000017",
    loading: "Loading…",
    pages: "Pages",
    page: |number| format!("Page {number}"),
    first: "First",
    previous: "Previous",
    next: "Next",
    last: "Last",
    rows_a_page: "Rows a page",
    rows_label: "Rows",
    nothing_filed: "You have not filed a repair yet.",
    nothing_filed_hint: "Once the desk has registered one, you can follow it here.",
    nothing_assigned: "No ticket is assigned to you yet.",
    nothing_assigned_hint: "Once an admin assigns one, it appears here.",
    nothing_to_take: "No ticket waits for a technician.",
    nothing_to_take_hint: "Once somebody files a repair, you can take it here.",
    nothing_at_all: "There are no tickets yet.",
    nothing_at_all_hint: "Once somebody files a repair, it appears here.",
    nothing_matches: |filters| format!("No ticket matches {filters}."),
    and: ", ",
    drop: |filter| format!("Remove {filter}"),
    clear_all: "Clear all",
    past_the_end: |page, last| format!("There is no page {page}; the last one is {last}."),
    to_last_page: "To the last page",
    to_first_page: "To the first page",
    not_asked: "Nothing was looked up: a value above is not valid.",
    clear_and_show_all: "Clear the filters and look again",
    to_correct: |count| match count {
        1 => "One value needs correcting".to_owned(),
        _ => format!("{count} values need correcting"),
    },
};

pub const TICKET: TicketTexts = TicketTexts {
    back: |place| format!("Back to {}", place.to_ascii_lowercase()),
    way: "The list",
    previous: "Previous",
    next: "Next",
    number: |id| format!("Number {id}"),
    filed: "Filed",
    story: "Problem",
    photo: "Photo from the report",
    progress: "Progress",
    step_past: "Done: ",
    step_next: "To come: ",
    step_filed: "Filed",
    step_assigned: |technician| format!("Assigned to {technician}"),
    contact: "Contact",
    owner: "Filed by",
    phone: "Phone",
    qq: "QQ",
    other_contact: "Other",
    campus: "Campus",
    technician: "Technician",
    device: "Device",
    device_type: "Type",
    brand: "Brand",
    purchased: "Purchased",
    fault: "Fault",
    assigned: "Assigned",
    completed: "Completed",
    not_yet: "Not yet",
    unknown: "Not given",
    external: |address| format!("Address of the photo: {address}"),
    open_photo: "Open the photo elsewhere",
    open_photo_hint: "The photo is on another site, which learns that somebody looked at it once you open it.",
    title: |id| format!("Ticket {id}"),
};

pub const SIGN_IN: SignIn = SignIn {
    title: "Sign in",
    login: "Account",
    login_hint: "User name, phone number or e-mail",
    password: "Password",
    submit: "Sign in",
    wrong: "The account or the password is wrong. Check capitals and try again; an admin can reset a forgotten password.",
    waits: "You were signed out, so nothing was sent yet. Once you have signed in, what you wrote is back in its form for you to send. Photos have to be chosen again.",
    new_tab: "(in a new tab)",
};

pub const ACCOUNT: AccountTexts = AccountTexts {
    title: "Account and password",
    who: "Account",
    nickname: "Nickname",
    id: "Id",
    role: "Role",
    change: "Change the password",
    current: "Current password",
    new: "New password",
    new_hint: |minimum| format!("At least {minimum} characters; a sentence is fine"),
    repeat: "New password again",
    consequence: "Other devices are signed out and API tokens end.",
    submit: "Change password",
    changed: "The password is changed. Other devices are signed out.",
    wrong_current: "That is not the current password: type it again",
    differ: "The two new passwords are not the same",
    bad: |bad| match bad {
        BadPassword::TooShort => format!("Too short: use at least {PASSWORD_MIN} characters"),
        BadPassword::Blank => "Only blanks: use other characters, too".to_owned(),
        BadPassword::Common => "Everybody tries this one first: choose another".to_owned(),
        BadPassword::LikeAName => {
            "Too much like your name, phone number or e-mail: choose another".to_owned()
        }
        BadPassword::TooLong => format!("Too long: use at most {PASSWORD_MAX_BYTES} bytes"),
    },
};

pub const PROBLEM: ProblemTexts = ProblemTexts {
    denied_title: "You may not look at this",
    denied: "The list of all tickets is for admins.",
    not_found_title: "There is no such page",
    not_found: "The address may be mistyped, or the ticket is not yours.",
    broken_title: "Something broke",
    broken: "The server could not finish this and has noted it. Try again; if it stays, tell an admin the number below.",
    no_database_title: "The desk is not available at the moment",
    no_database: "Its database does not answer right now. Try again in a few seconds.",
    unreachable_title: "The server cannot be reached",
    unreachable: "Check the network and try again.",
    signed_out_title: "You are signed out",
    signed_out: "Sign in again; you will come back to this page.",
    other_person_title: "Somebody else is signed in",
    other_person: "This page was opened by another account. Nothing was sent.",
    bad_request: "The request cannot be understood.",
    retry: "Try again",
    home: |place| format!("To {}", place.to_ascii_lowercase()),
    start: "To the start",
    incident: "Request id",
    too_many_tries: |seconds| format!("Too many tries. Wait {seconds} s and try again."),
    uploads_under_way: |seconds| {
        format!("Other photos of yours are still being sent. Wait {seconds} s and try again.")
    },
    busy: |seconds| format!("The server is busy just now. Wait {seconds} s and try again."),
    reason: |reason| match reason {
        Reason::NotAnInteger => format!("must be an integer from 1 to {MAX_INTEGER}"),
        Reason::NotALimit => format!("must be an integer from 1 to {MAX_LIMIT}"),
        Reason::NotAList => "must be pending, done or all".to_owned(),
        Reason::NotARole => "must be user, technician or admin".to_owned(),
        Reason::NotAStatus => "must be one of the states, such as Pending or Done".to_owned(),
        Reason::NotAMark => "must be yes, or left out".to_owned(),
        Reason::NotADay => "must be a day of the calendar, like 2024-06-10".to_owned(),
        Reason::EndsBeforeItBegins => "must not be before the first day".to_owned(),
        Reason::NotASortKey => "must be number, filed, changed or waiting".to_owned(),
        Reason::NotADirection => "must be asc or desc".to_owned(),
        Reason::NotAPlace => "must be a place that this list has a link to".to_owned(),
        Reason::TooLong => "is too long".to_owned(),
        Reason::Repeated => "is given more than once".to_owned(),
        Reason::Conflicting => "differs between the query and the body".to_owned(),
        Reason::NotSupported => "is not supported here".to_owned(),
        Reason::Unprintable => "has characters that nobody can see".to_owned(),
        Reason::NotAValue => "must be a number or a string".to_owned(),
    },
};

pub const API: Api = Api {
    // The contract has one text for this, whatever the language.
    denied: "权限不足",
    no_such_address: "there is nothing at this address",
    method_not_allowed: "this address does not take that method",
    body_too_large: "the body is too large",
    body_no_object: "the body is not a JSON object",
    bad_value: "is missing or not valid",
    before_files: "must be the number of a ticket and come before the files",
    body_no_form: "the body is not a form with files (multipart/form-data)",
    no_such_ticket: "there is no such ticket",
    no_such_person: "there is no such person",
    no_such_photo: "there is no such photo",
    no_such_link: "this link is used up, out of date or none at all",
    conf_flag: "Takes reports: 1, or empty while it does not",
    conf_year: "The present year",
    conf_tips: "Notice on the first page",
    conf_rest: "What is said while no reports are taken",
    conf_submit: "Notice before a report",
    never_set: "cannot be set by this call",
    login_fields: "the body needs the strings username and password",
    wrong_credentials: "the account or the password is wrong",
    foreign_origin: "the request comes from another site",
    broken: |incident| format!("the server could not answer; request id {incident}"),
    no_database: |incident| {
        format!("the database does not answer, try again in a few seconds; request id {incident}")
    },
    value: |parameter, reason| format!("{parameter} {reason}"),
};

pub const DOCS: Docs = Docs {
    title: "REST interface",
    group: |tag| {
        Some(match tag {
            "sign-in" => "Sign-in",
            "lookups" => "Looking up tickets",
            "tickets" => "Filing and moving tickets",
            "photos" => "Photos",
            "account" => "One's own account",
            "people" => "People",
            _ => return None,
        })
    },
    contents: "Contents",
    document: "OpenAPI 3.1 document",
    parameters: "Parameters",
    body: "Request body",
    responses: "Responses",
    fields: |schema| format!("Fields of {schema}"),
    name: "Name",
    kind: "Type",
    meaning: "Meaning",
    status: "Status",
};

pub const fn role(role: Role) -> &'static str {
    match role {
        Role::User => "User",
        Role::Technician => "Technician",
        Role::Admin => "Admin",
    }
}

pub const fn place(place: ListPage) -> &'static str {
    match place {
        ListPage::My => "My repairs",
        ListPage::Jobs => "My jobs",
        ListPage::Pool => "To take",
        ListPage::All => "All tickets",
    }
}

pub const fn status(status: Status, is_assigned: bool) -> &'static str {
    match status {
        Status::Pending if is_assigned => "Waiting to begin",
        Status::Pending => "Waiting for a technician",
        Status::Repairing => "In repair",
        Status::UserConfirming => "Waiting for the requester",
        Status::TechConfirming => "Waiting for the technician",
        Status::Done => "Done",
        Status::Closed => "Closed",
        Status::Canceled => "Canceled",
    }
}
