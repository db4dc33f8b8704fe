//! Parsing of a line, or its first flaw.

use serde_json::Value;

use super::fields::{Expected, Fields};
use super::{Newcomer, Record};
use crate::domain::ids::{TicketId, UserId};
use crate::domain::locale::Locale;
use crate::domain::notifications::preferences::{Muted, NotificationPreferences};
use crate::domain::people::availability::Duty;
use crate::domain::people::contact::Verified;
use crate::domain::people::person::{BadPassword, BadUsername, Person, check_exact_username, check_username};
use crate::domain::people::profile::Choices;
use crate::domain::photo::Photo;
use crate::domain::tickets::event::Event;
use crate::domain::tickets::ticket::{ContractTicket, Ticket, TicketState};
use crate::service::settings::Zone;
use crate::service::sign_in::passwords::check_new;

/// Reason why a line cannot be read, for the person who has the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("not UTF-8")]
    NotUtf8,
    #[error("not JSON: {0}")]
    NotJson(String),
    #[error("not a JSON object")]
    NotAnObject,
    #[error("unknown kind {0:?}: use \"user\", \"ticket\", \"deleted_ticket\", \"event\" or \"photo\"")]
    UnknownKind(String),
    #[error("unknown key {0:?}")]
    UnknownKey(String),
    #[error("the key {0:?} is there twice")]
    RepeatedKey(String),
    #[error("the key {0:?} is missing")]
    MissingKey(&'static str),
    #[error("{0} must be {1}")]
    Wrong(&'static str, Expected),
    #[error("username: {0}")]
    Username(#[from] BadUsername),
    #[error("password: {0}")]
    Password(#[from] BadPassword),
    #[error("password and password_hash cannot both be given")]
    TwoPasswords,
}

/// Parses a line; times without an offset are of this zone.
pub fn record(line: &[u8], zone: Zone) -> Result<Record, Unreadable> {
    let text = std::str::from_utf8(line).map_err(|_| Unreadable::NotUtf8)?;
    let mut fields = Fields::parse(text, zone)?;
    let record = match fields.required("kind")? {
        Value::String(kind) if kind == "user" => Record::Person(read_person(&mut fields)?),
        Value::String(kind) if kind == "ticket" => Record::Ticket(Box::new(read_ticket(&mut fields)?)),
        Value::String(kind) if kind == "deleted_ticket" => {
            Record::DeletedTicketRow(Box::new(read_ticket(&mut fields)?), fields.time("deleted_at")?)
        }
        Value::String(kind) if kind == "photo" => Record::Photo(read_photo(&mut fields)?),
        Value::String(kind) if kind == "event" => Record::Event(read_event(&mut fields)?),
        Value::String(kind) => return Err(Unreadable::UnknownKind(kind)),
        _ => return Err(Unreadable::Wrong("kind", Expected::Text)),
    };
    fields.finish()?;
    Ok(record)
}

fn read_person(fields: &mut Fields) -> Result<Newcomer, Unreadable> {
    let id = UserId(fields.id("id")?);
    let has_exact_name = fields.optional_flag("exact_username")?.unwrap_or(false);
    let username = read_username(fields.text("username")?, has_exact_name)?;
    let nickname = Some(fields.required_short("nickname")?).filter(|nickname| !nickname.is_empty());
    let created_at = fields.time("created_at")?;
    let (phone, email) = (fields.phone("phone")?, read_email(fields)?);
    let verified = Verified {
        phone: fields.verified("phone_verified", created_at)?.filter(|_| !phone.is_empty()),
        email: fields.verified("email_verified", created_at)?.filter(|_| !email.is_empty()),
    };
    let person = Person {
        id,
        nickname: nickname.unwrap_or_else(|| username.clone()),
        username,
        has_exact_name,
        role: fields.named("role", Expected::Role)?,
        phone,
        email,
        campus: fields.short("campus")?,
        disabled: fields.optional_flag("disabled")?.unwrap_or(false),
        created_at,
        password_hash: fields.hash("password_hash")?,
        verified,
        choices: read_choices(fields)?,
    };
    let password = fields.optional_text("password")?;
    match &password {
        Some(_) if !person.password_hash.is_empty() => return Err(Unreadable::TwoPasswords),
        Some(password) => {
            let names = [&person.username, &person.nickname, &person.phone, &person.email];
            check_new(password, &names)?;
        }
        None => {}
    }
    Ok(Newcomer { person, password })
}

/// Accepts addresses older than the rules, so that a desk can be restored: mails to them are
/// refused later, and their owners learn of it.
fn read_email(fields: &mut Fields) -> Result<String, Unreadable> {
    match fields.optional_flag("unchecked_email")? {
        Some(true) => fields.short("email"),
        Some(false) | None => fields.email("email"),
    }
}

/// Checks a name; exact ones may be older than today's rules.
fn read_username(typed: String, is_exact: bool) -> Result<String, BadUsername> {
    if is_exact { check_exact_username(&typed).map(|()| typed) } else { check_username(&typed) }
}

/// Reads choices; a missing one is the default.
fn read_choices(fields: &mut Fields) -> Result<Choices, Unreadable> {
    let usual = Choices::default();
    let language = fields.optional_text("language")?;
    let tag = |tag: String| Locale::from_tag(&tag).ok_or(Unreadable::Wrong("language", Expected::Language));
    let muted = fields.texts("muted")?;
    let muted: Result<Muted, _> = muted.iter().map(|name| name.parse()).collect();
    let max_jobs = fields.optional_id("max_jobs")?.map(i64::unsigned_abs);
    Ok(Choices {
        locale: language.map(tag).transpose()?,
        shown_contact: fields.optional_named("shown_contact", Expected::Shown)?.unwrap_or_default(),
        notification_preferences: NotificationPreferences {
            mail_wanted: fields
                .optional_flag("mail_wanted")?
                .unwrap_or(usual.notification_preferences.mail_wanted),
            muted: muted.map_err(|_| Unreadable::Wrong("muted", Expected::Mutes))?,
        },
        duty: Duty {
            on_duty: fields.optional_flag("on_duty")?.unwrap_or(usual.duty.on_duty),
            campuses: fields.texts("duty_campuses")?,
            max_jobs,
        },
    })
}

/// Reads a ticket; non-contract keys are optional.
fn read_ticket(fields: &mut Fields) -> Result<Ticket, Unreadable> {
    let plain = Ticket::of(read_contract(fields)?);
    Ok(Ticket {
        model: fields.optional_line("model")?.unwrap_or_default(),
        warranty: fields.optional_named("warranty_status", Expected::Warranty)?.unwrap_or_default(),
        offered_to: fields.optional_id("offered_to")?.map(UserId),
        version: fields.optional_id("version")?.unwrap_or(plain.version),
        changed_at: fields.optional_time("changed_at")?.unwrap_or(plain.changed_at),
        waiting_since: fields.optional_time("waiting_since")?.unwrap_or(plain.waiting_since),
        contract: plain.contract,
    })
}

fn read_event(fields: &mut Fields) -> Result<Event, Unreadable> {
    Ok(Event {
        ticket: TicketId(fields.id("ticket_id")?),
        number: fields.id("number")?,
        at: fields.time("at")?,
        actor: fields.optional_id("actor_id")?.map(UserId),
        kind: fields.named("what", Expected::Happening)?,
        note: fields.optional_words("note")?.unwrap_or_default(),
        changes: fields.changes("changes")?,
        state: TicketState {
            status: fields.named("repair_status", Expected::Status)?,
            technician: fields.optional_id("assigned_technician_id")?.map(UserId),
            offered_to: fields.optional_id("offered_to")?.map(UserId),
        },
    })
}

fn read_photo(fields: &mut Fields) -> Result<Photo, Unreadable> {
    Ok(Photo {
        id: fields.named("id", Expected::PhotoId)?,
        ticket: TicketId(fields.id("ticket_id")?),
        uploaded_by: UserId(fields.id("uploaded_by")?),
        created_at: fields.time("created_at")?,
        media_type: fields.named("media_type", Expected::MediaType)?,
        width: fields.small("width")?,
        height: fields.small("height")?,
        bytes: fields.id("bytes")?.unsigned_abs(),
    })
}

fn read_contract(fields: &mut Fields) -> Result<ContractTicket, Unreadable> {
    Ok(ContractTicket {
        id: TicketId(fields.id("id")?),
        owner: UserId(fields.id("user_id")?),
        technician: fields.optional_id("assigned_technician_id")?.map(UserId),
        status: fields.named("repair_status", Expected::Status)?,
        purchase_date: fields.optional_date("machine_purchase_date")?,
        phone: fields.line("user_phone")?,
        device_type: fields.line("device_type")?,
        brand: fields.line("computer_brand")?,
        description: fields.words("repair_description")?,
        image_url: fields.optional_line("repair_image_url")?,
        fault_type: fields.line("fault_type")?,
        qq: fields.line("qq_number")?,
        campus: fields.required_short("campus")?,
        created_at: fields.time("created_at")?,
        assigned_at: fields.optional_time("assigned_time")?,
        completed_at: fields.optional_time("completion_time")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;

    #[test]
    fn keys_are_judged_by_name_and_number() {
        let reason =
            |line: &str| record(line.as_bytes(), Zone(Tz::Asia__Shanghai)).expect_err("refused").to_string();

        assert_eq!(reason("{}"), "the key \"kind\" is missing");
        assert_eq!(reason("[1]"), "not a JSON object");
        assert_eq!(reason("{\"kind\":1}"), "kind must be a text");
        assert_eq!(
            reason("{\"kind\":\"note\"}"),
            "unknown kind \"note\": use \"user\", \"ticket\", \"deleted_ticket\", \"event\" or \"photo\""
        );
        assert_eq!(reason("{\"kind\":\"user\",\"kind\":\"user\"}"), "the key \"id\" is missing");
        assert_eq!(reason("{\"kind\":}"), "not JSON: expected value at column 9");
    }
}
