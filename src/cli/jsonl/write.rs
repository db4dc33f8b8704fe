//! Printing of lines, keys in the order of the fields.

use std::io::{self, Write};

use serde::Serialize;

use crate::domain::locale::Locale;
use crate::domain::people::person::Person;
use crate::domain::people::profile::Choices;
use crate::domain::photo::Photo;
use crate::domain::tickets::event::{Change, Event};
use crate::domain::tickets::ticket::{ContractTicket, Ticket, TicketState};
use crate::domain::time::Instant;
use crate::domain::viewer::Role;
use crate::service::notifications::mail_address::is_deliverable;
use crate::service::settings::Zone;

#[derive(Serialize)]
struct PersonLine<'a> {
    kind: &'static str,
    id: i64,
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact_username: Option<bool>,
    role: Role,
    nickname: &'a str,
    phone: &'a str,
    email: &'a str,
    /// Marks an address older than the rules, to be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    unchecked_email: Option<bool>,
    campus: &'a str,
    disabled: bool,
    created_at: String,
    password_hash: Option<&'a str>,
    phone_verified: Option<Since>,
    email_verified: Option<Since>,
    language: Option<&'static str>,
    shown_contact: &'static str,
    mail_wanted: bool,
    muted: Vec<String>,
    on_duty: bool,
    duty_campuses: &'a [String],
    max_jobs: Option<u64>,
}

/// Time since when a contact is verified; `false` if it is not.
#[derive(Serialize)]
#[serde(untagged)]
enum Since {
    Time(String),
    Never(bool),
}

impl Since {
    fn of(verified: Option<Instant>, zone: Zone) -> Self {
        verified.map_or(Self::Never(false), |time| Self::Time(zone.rfc3339(time)))
    }
}

pub fn person(out: &mut impl Write, person: &Person, zone: Zone) -> io::Result<()> {
    let Person {
        id,
        username,
        has_exact_name,
        role,
        nickname,
        phone,
        email,
        campus,
        disabled,
        password_hash,
        created_at,
        verified,
        choices,
    } = person;
    let since =
        |contact: &str, verified: Option<Instant>| (!contact.is_empty()).then(|| Since::of(verified, zone));
    let Choices { locale, shown_contact, notification_preferences, duty } = choices;
    let line = PersonLine {
        kind: "user",
        id: id.0,
        username,
        exact_username: has_exact_name.then_some(true),
        role: *role,
        nickname,
        phone,
        email,
        unchecked_email: (!is_deliverable(email)).then_some(true),
        campus,
        disabled: *disabled,
        created_at: zone.rfc3339(*created_at),
        password_hash: Some(password_hash.as_str()).filter(|hash| !hash.is_empty()),
        phone_verified: since(phone, verified.phone),
        email_verified: since(email, verified.email),
        language: locale.map(Locale::tag),
        shown_contact: shown_contact.name(),
        mail_wanted: notification_preferences.mail_wanted,
        muted: notification_preferences.muted.iter().map(|mute| mute.to_string()).collect(),
        on_duty: duty.on_duty,
        duty_campuses: &duty.campuses,
        max_jobs: duty.max_jobs,
    };
    write_line(out, &line)
}

/// Line of a ticket: the contract's keys in order, then others.
#[derive(Serialize)]
struct TicketLine<'a> {
    kind: &'static str,
    id: i64,
    user_id: i64,
    machine_purchase_date: Option<&'a str>,
    user_phone: &'a str,
    device_type: &'a str,
    computer_brand: &'a str,
    repair_description: &'a str,
    repair_status: &'static str,
    repair_image_url: Option<&'a str>,
    fault_type: &'a str,
    qq_number: &'a str,
    campus: &'a str,
    assigned_technician_id: Option<i64>,
    assigned_time: Option<String>,
    completion_time: Option<String>,
    created_at: String,
    model: &'a str,
    warranty_status: &'static str,
    offered_to: Option<i64>,
    version: i64,
    changed_at: String,
    waiting_since: String,
}

pub fn ticket(out: &mut impl Write, ticket: &Ticket, zone: Zone) -> io::Result<()> {
    write_line(out, &ticket_line("ticket", ticket, zone))
}

#[derive(Serialize)]
struct DeletedTicketLine<'a> {
    #[serde(flatten)]
    ticket: TicketLine<'a>,
    deleted_at: String,
}

pub fn deleted_ticket(
    out: &mut impl Write,
    ticket: &Ticket,
    deleted_at: Instant,
    zone: Zone,
) -> io::Result<()> {
    let ticket = ticket_line("deleted_ticket", ticket, zone);
    write_line(out, &DeletedTicketLine { ticket, deleted_at: zone.rfc3339(deleted_at) })
}

fn ticket_line<'a>(kind: &'static str, ticket: &'a Ticket, zone: Zone) -> TicketLine<'a> {
    let Ticket { contract, model, warranty, offered_to, version, changed_at, waiting_since } = ticket;
    let ContractTicket {
        id,
        owner,
        technician,
        status,
        purchase_date,
        phone,
        device_type,
        brand,
        description,
        image_url,
        fault_type,
        qq,
        campus,
        created_at,
        assigned_at,
        completed_at,
    } = contract;
    TicketLine {
        kind,
        id: id.0,
        user_id: owner.0,
        machine_purchase_date: purchase_date.as_deref(),
        user_phone: phone,
        device_type,
        computer_brand: brand,
        repair_description: description,
        repair_status: status.name(),
        repair_image_url: image_url.as_deref(),
        fault_type,
        qq_number: qq,
        campus,
        assigned_technician_id: technician.map(|person| person.0),
        assigned_time: assigned_at.map(|time| zone.rfc3339(time)),
        completion_time: completed_at.map(|time| zone.rfc3339(time)),
        created_at: zone.rfc3339(*created_at),
        model,
        warranty_status: warranty.name(),
        offered_to: offered_to.map(|person| person.0),
        version: *version,
        changed_at: zone.rfc3339(*changed_at),
        waiting_since: zone.rfc3339(*waiting_since),
    }
}

#[derive(Serialize)]
struct EventLine<'a> {
    kind: &'static str,
    ticket_id: i64,
    number: i64,
    at: String,
    actor_id: Option<i64>,
    what: &'static str,
    note: &'a str,
    changes: &'a [Change],
    repair_status: &'static str,
    assigned_technician_id: Option<i64>,
    offered_to: Option<i64>,
}

pub fn event(out: &mut impl Write, event: &Event, zone: Zone) -> io::Result<()> {
    let Event { ticket, number, at, actor, kind, note, changes, state } = event;
    let TicketState { status, technician, offered_to } = state;
    let line = EventLine {
        kind: "event",
        ticket_id: ticket.0,
        number: *number,
        at: zone.rfc3339(*at),
        actor_id: actor.map(|person| person.0),
        what: kind.name(),
        note,
        changes,
        repair_status: status.name(),
        assigned_technician_id: technician.map(|person| person.0),
        offered_to: offered_to.map(|person| person.0),
    };
    write_line(out, &line)
}

#[derive(Serialize)]
struct PhotoLine<'a> {
    kind: &'static str,
    id: &'a str,
    ticket_id: i64,
    uploaded_by: i64,
    created_at: String,
    media_type: &'static str,
    width: u32,
    height: u32,
    bytes: u64,
}

pub fn photo(out: &mut impl Write, photo: &Photo, zone: Zone) -> io::Result<()> {
    let Photo { id, ticket, uploaded_by, created_at, media_type, width, height, bytes } = photo;
    let line = PhotoLine {
        kind: "photo",
        id: id.as_str(),
        ticket_id: ticket.0,
        uploaded_by: uploaded_by.0,
        created_at: zone.rfc3339(*created_at),
        media_type: media_type.name(),
        width: *width,
        height: *height,
        bytes: *bytes,
    };
    write_line(out, &line)
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
