//! Webhooks: signed requests that tell other programs about events.

use std::error::Error;
use std::iter::successors;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use sha2::Sha256;

use super::delivery::Trouble;
use crate::domain::tickets::event::Event;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::time::Instant;
use crate::service::settings::Zone;
use crate::service::{App, hex};
use crate::store::tickets::record;

const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a secret: a shorter one could be found by trying, with one signed request to compare.
const SECRET_MIN_BYTES: usize = 32;

/// Addresses of the requests, their signer and client.
#[derive(Clone, Debug)]
pub struct Webhooks {
    urls: Vec<String>,
    signer: Hmac<Sha256>,
    client: Client<HttpsConnector<HttpConnector>, String>,
}

#[derive(Debug, thiserror::Error)]
pub enum BadWebhooks {
    #[error("{0:?} in webhook_urls is not an address like https://example.edu/hook")]
    Url(String),
    #[error("webhook_urls has an address with a user name, which would not be sent")]
    UserName,
    #[error("webhook_secret is too short: it needs at least {SECRET_MIN_BYTES} bytes")]
    ShortSecret,
}

impl Webhooks {
    pub fn new(urls: &[String], secret: &str) -> Result<Self, BadWebhooks> {
        if let Some(bad) = urls.iter().find(|url| !is_web_address(url)) {
            return Err(BadWebhooks::Url(bad.clone()));
        }
        if urls.iter().any(|url| has_user_name(url)) {
            return Err(BadWebhooks::UserName);
        }
        if secret.len() < SECRET_MIN_BYTES {
            return Err(BadWebhooks::ShortSecret);
        }
        let connector =
            HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        Ok(Self {
            urls: urls.to_vec(),
            signer: Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length"),
            client: Client::builder(TokioExecutor::new()).build(connector),
        })
    }

    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// Signature of time and body: `sha256=` and hex digits.
    fn sign(&self, Instant(now): Instant, body: &str) -> String {
        let mut signer = self.signer.clone();
        signer.update(format!("{now}.{body}").as_bytes());
        format!("sha256={}", hex(&signer.finalize().into_bytes()))
    }
}

pub(crate) fn is_web_address(url: &str) -> bool {
    let uri: Option<Uri> = url.parse().ok();
    uri.is_some_and(|uri| uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https")))
}

fn has_user_name(url: &str) -> bool {
    let uri: Option<Uri> = url.parse().ok();
    uri.and_then(|uri| uri.authority().map(|authority| authority.as_str().contains('@'))).unwrap_or(false)
}

/// Sends an event; returns when the receiver has confirmed it, or when it is not to be sent any
/// more.
pub async fn send(app: &App, url: &str, event: Event) -> Result<(), Trouble> {
    let Some(webhooks) = &app.site.webhooks else { return Ok(()) };
    if !webhooks.urls.iter().any(|known| known == url) {
        return Ok(());
    }
    let ticket = record::find(&app.db, event.ticket).await?.map(|sealed| sealed.for_upkeep().ticket);
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
fn payload(event: Event, ticket: Option<Ticket>, zone: Zone) -> Value {
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
fn described(ticket: Ticket, zone: Zone) -> Value {
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
