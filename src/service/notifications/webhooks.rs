//! Webhooks: signed requests that tell other programs about events.

use std::error::Error;
use std::iter::successors;
use std::time::Duration;

use http::Request;
use serde_json::{Value, json};

use super::Trouble;
use crate::domain::tickets::event::Event;
use crate::domain::tickets::ticket::ContractTicket;
use crate::service::App;
use crate::service::settings::Zone;
use crate::store::tickets::record;

const PATIENCE: Duration = Duration::from_secs(10);

/// Sends an event; returns when the receiver has confirmed it, or when it is not to be sent any
/// more.
pub async fn send(app: &App, url: &str, event: Event) -> Result<(), Trouble> {
    let Some(webhooks) = &app.site.webhooks else { return Ok(()) };
    if !webhooks.urls.iter().any(|known| known == url) {
        return Ok(());
    }
    let ticket =
        record::find(&app.db, event.ticket).await?.map(|unchecked| unchecked.for_maintenance().contract);
    let (ticket_id, number, now) = (event.ticket, event.number, app.clock.now());
    let body = payload(event, ticket, app.site.zone).to_string();
    let request = Request::post(url)
        .header("content-type", "application/json")
        .header("user-agent", "Fixdesk")
        .header("x-fixdesk-delivery", format!("{ticket_id}.{number}"))
        .header("x-fixdesk-timestamp", now.0)
        .header("x-fixdesk-signature", webhooks.sign(now, &body))
        .body(body)?;
    let answer = tokio::time::timeout(PATIENCE, webhooks.client.request(request)).await?;
    let answer = answer.map_err(|error| with_causes(&error))?;
    // A redirect counts as failure: an admin has chosen the address.
    if answer.status().is_success() { Ok(()) } else { Err(answer.status().to_string().into()) }
}

/// Error with causes: the client's own text says only that it failed.
fn with_causes(error: &dyn Error) -> String {
    let causes = successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Body of a request. The ticket is as it is now; internal notes are left out.
fn payload(event: Event, ticket: Option<ContractTicket>, zone: Zone) -> Value {
    json!({
        "event": format!("{}.{}", event.ticket, event.number),
        "number": event.number,
        "kind": event.kind.name(),
        "at": zone.rfc3339(event.at),
        "actor_id": event.actor.map(|person| person.0),
        "note": (!event.kind.is_internal()).then(|| event.kind.words(event.note)),
        "ticket": ticket.map(|ticket| described(ticket, zone)),
    })
}

/// Ticket in the names of the REST interface, docs/api.md.
fn described(ticket: ContractTicket, zone: Zone) -> Value {
    json!({
        "id": ticket.id.0,
        "user_id": ticket.owner.0,
        "machine_purchase_date": ticket.purchase_date,
        "user_phone": ticket.phone,
        "device_type": ticket.device_type,
        "computer_brand": ticket.brand,
        "repair_description": ticket.description,
        "repair_status": ticket.status,
        "repair_image_url": ticket.image_url,
        "fault_type": ticket.fault_type,
        "qq_number": ticket.qq,
        "campus": ticket.campus,
        "assigned_technician_id": ticket.technician.map(|person| person.0),
        "assigned_time": ticket.assigned_at.map(|time| zone.local(time).to_string()),
        "completion_time": ticket.completed_at.map(|time| zone.local(time).to_string()),
    })
}
