//! Webhooks: programs told by signed requests.

use std::time::Duration;

use fixdesk::domain::tickets::action::Action;
use fixdesk::service::maintenance;
use fixdesk::service::notifications::webhook_client::Webhooks;
use fixdesk::service::notifications::{delivery, lanes};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::support::desk::Desk;
use crate::support::receivers::{MailServer, ReceivedRequest, WEBHOOK_SECRET, WebServer, silent_port};

fn is_signed(told: &ReceivedRequest) -> bool {
    let mut signer = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()).expect("a key");
    signer.update(format!("{}.{}", told.header("x-fixdesk-timestamp"), told.body).as_bytes());
    let hex: String = signer.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    told.header("x-fixdesk-signature") == format!("sha256={hex}")
}

#[tokio::test]
async fn a_program_is_told_of_everything_by_signed_requests() {
    let server = WebServer::refusing(&[]).await;
    let desk = Desk::with_webhook(&server).await;
    let ticket = desk.file(&desk.zhou).await;

    desk.deliver().await;
    desk.says(&desk.zhou, ticket, "什么时候?").await;
    desk.notes(&desk.sun, ticket, "小心").await;
    while desk.deliver().await > 0 {}

    let told = server.told();
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(is_signed));
    assert_eq!(told[0].header("x-fixdesk-delivery"), format!("{ticket}.1"));
    assert_eq!(told[0].header("content-type"), "application/json");
    let bodies: Vec<Value> =
        told.iter().map(|told| serde_json::from_str(&told.body).expect("JSON")).collect();
    let path = format!("/v1/status/getTicket?orderid={ticket}");
    let by_rest = desk.stage.get(&path, &desk.zhou).await.json()["data"][0].clone();
    let filed = json!({
        "event": format!("{ticket}.1"), "number": 1, "kind": "filed", "at": "2024-06-10T12:00:00+08:00",
        "actor_id": desk.zhou.id.0, "note": "", "ticket": by_rest,
    });
    assert_eq!(bodies[0], filed);
    let find = |kind: &str| bodies.iter().find(|body| body["kind"] == kind).expect("is told");
    assert_eq!(find("message")["note"], "什么时候?");
    assert_eq!(find("note")["note"], Value::Null);
}

#[tokio::test]
async fn a_request_that_fails_or_is_sent_elsewhere_is_made_again() {
    let server = WebServer::refusing(&[500, 307]).await;
    let desk = Desk::with_webhook(&server).await;
    desk.file(&desk.zhou).await;

    desk.deliver().await;
    assert_eq!((desk.deliver().await, server.told().len()), (0, 1));
    desk.stage.pass_seconds(60);
    desk.deliver().await;
    assert_eq!((desk.on_their_way().await.as_str(), server.told().len()), ("1", 1));
    desk.stage.pass_seconds(300);
    desk.deliver().await;

    let told = server.told();
    assert_eq!((desk.on_their_way().await.as_str(), told.len()), ("0", 1));
    assert!(is_signed(&told[0]));
}

#[tokio::test]
async fn an_address_that_was_taken_out_of_the_settings_is_told_nothing() {
    let (old, new) = (WebServer::refusing(&[]).await, WebServer::refusing(&[]).await);
    let desk = Desk::with_webhook(&new).await;
    desk.file(&desk.zhou).await;
    desk.stage.execute(&format!("UPDATE outbox SET url = '{}'", old.url())).await;

    desk.deliver().await;
    assert_eq!(desk.on_their_way().await, "1");
    desk.stage.pass_seconds(delivery::KEPT + 1);
    maintenance::run(&desk.stage.app).await.expect("keeps what is due");

    assert_eq!(desk.on_their_way().await, "0");
    assert!(old.told().is_empty() && new.told().is_empty());
}

#[tokio::test]
async fn a_webhook_that_hangs_delays_neither_mails_nor_other_webhooks() {
    let (mails, other) = (MailServer::open().await, WebServer::refusing(&[]).await);
    let hanging = format!("http://{}/hook", silent_port().await);
    let hooks = Webhooks::new(&[hanging, other.url()], WEBHOOK_SECRET).expect("are settings");
    let desk = Desk::open_with(|site| {
        site.mailer = Some(mails.mailer());
        site.webhooks = Some(hooks);
    })
    .await;
    desk.give_everybody_a_mailbox().await;
    // More than are sent at a time, and due before the mail is.
    for _ in 0..30 {
        desk.file(&desk.zhou).await;
    }
    desk.stage.pass_seconds(1);
    let ticket = desk.file(&desk.zhou).await;
    desk.does(&desk.chen, ticket, Action::Take).await;

    let begun = Instant::now();
    let (stop, stopped) = watch::channel(());
    let app = desk.stage.app.clone();
    let sending = tokio::spawn(async move { lanes::keep_delivering(&app, stopped).await });
    let (mut mailed, mut told) = (0, 0);
    while (mailed, told) != (1, 32) {
        assert!(begun.elapsed() < Duration::from_secs(9), "{mailed} mails and {told} requests");
        sleep(Duration::from_millis(20)).await;
        mailed += mails.mails().len();
        told += other.told().len();
    }

    // A hanging request is waited for as long as one try.
    drop(stop);
    sending.await.expect("has not panicked");
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(desk.on_their_way().await, "32");
}
