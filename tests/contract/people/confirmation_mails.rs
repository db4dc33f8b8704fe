//! Confirmation mails: links that prove an address, and how many of them are sent.

use axum::http::StatusCode;
use fixdesk::service::notifications::delivery;
use serde_json::json;

use super::contacts::{NEW, OLD, PHONE, deliver, desk_with, link, set_contacts, uid_of};
use crate::support::cast::{Actor, PASSWORD, TestApp, ZH};
use crate::support::receivers::MailServer;
use crate::support::wire::{post_json, post_json_as};

#[tokio::test]
async fn a_new_address_is_confirmed_by_a_link_and_the_old_one_is_told() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    let cookie = app.browser_of(&kate).await;

    assert_eq!(set_contacts(&app, &kate, PHONE, NEW, PASSWORD).await.status, StatusCode::SEE_OTHER);
    let mails = deliver(&app, &server).await;

    let to: Vec<String> = mails.iter().map(|mail| mail.to.concat()).collect();
    assert_eq!(to, [NEW, OLD]);
    let (proof, news) = (&mails[0], &mails[1]);
    assert_eq!(news.header("Subject"), (ZH.contacts().changed_subject)("Fixdesk"));
    assert!(news.part("text/plain").contains(ZH.contacts().changed_not_you));
    assert!(!news.part("text/plain").contains(NEW), "the new address is no matter of the old one");
    let account = app.visit("/account", &cookie).await;
    assert!(account.readable().contains(ZH.contacts().email_unverified));
    assert!(account.text.contains("action=\"/account/proof\""));
    assert_eq!((uid_of(&app, NEW).await, uid_of(&app, OLD).await), (None, None));

    // Mail scanners follow links; a person presses the button.
    let link = link(proof);
    let page = app.visit(&link, "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains(&format!("action=\"{link}\"")));
    assert_eq!(uid_of(&app, NEW).await, None);
    let confirmed = app.submit(&link, "", &[]).await;
    assert_eq!(confirmed.header("location"), format!("{link}?done=1"));
    assert!(app.visit(confirmed.header("location"), "").await.readable().contains(ZH.contacts().confirmed));

    assert_eq!(uid_of(&app, NEW).await, Some(kate.id.0));
    let account = app.visit("/account", &cookie).await;
    assert!(account.readable().contains(ZH.contacts().verified) && !account.text.contains("/account/proof"));
    let again = app.submit(&link, "", &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.readable().contains(ZH.contacts().link_over));
}

#[tokio::test]
async fn a_stolen_session_gets_no_link_to_a_mailbox_of_its_own() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    // Even with the password, an unconfirmed address gets no reset.
    set_contacts(&app, &kate, PHONE, NEW, PASSWORD).await;
    deliver(&app, &server).await;

    for login in ["kate", NEW, OLD] {
        app.submit("/forgot", "", &[("username", login)]).await;
    }

    assert_eq!(deliver(&app, &server).await.len(), 0);
}

#[tokio::test]
async fn a_link_is_good_for_a_day_and_for_the_address_it_was_sent_to() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    set_contacts(&app, &kate, PHONE, NEW, PASSWORD).await;
    let first = link(&deliver(&app, &server).await[0]);
    set_contacts(&app, &kate, PHONE, "kate@third.example", PASSWORD).await;
    let third = link(
        &deliver(&app, &server)
            .await
            .iter()
            .find(|mail| mail.to == ["kate@third.example"])
            .expect("a mail")
            .clone(),
    );

    assert_eq!(app.submit(&first, "", &[]).await.status, StatusCode::NOT_FOUND, "of the address of before");
    app.pass_seconds(24 * 3600);
    assert_eq!(app.submit(&third, "", &[]).await.status, StatusCode::NOT_FOUND, "too late");

    let cookie = app.browser_of(&kate).await;
    let asked = app.submit("/account/proof", &cookie, &[]).await;
    assert_eq!(asked.header("location"), "/account?sent=1");
    assert!(app.visit("/account?sent=1", &cookie).await.readable().contains(ZH.contacts().sent));
    let fourth = link(&deliver(&app, &server).await[0]);
    let secret = fourth.strip_prefix("/verify/").expect("a secret");
    let by_program = app.send(post_json("/v1/user/verify", &json!({ "secret": secret }))).await;
    assert_eq!(by_program.status, StatusCode::OK, "{}", by_program.text);
    assert_eq!(uid_of(&app, "kate@third.example").await, Some(kate.id.0));
    let kate = Actor { token: app.token_of(kate.id).await, ..kate };
    let account = app.get("/v1/status/getAccount", &kate).await.json()["data"].clone();
    assert_eq!((&account["email_verified"], &account["phone_verified"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn whoever_is_kept_out_confirms_nothing() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    let sun = app.admin("sun").await;
    set_contacts(&app, &kate, PHONE, NEW, PASSWORD).await;
    let link = link(&deliver(&app, &server).await[0]);

    app.submit(&format!("/people/{}/disable", kate.id), &app.browser_of(&sun).await, &[]).await;

    assert_eq!(app.submit(&link, "", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_uses_up_the_mails_to_an_address_of_somebody_else() {
    let server = MailServer::open().await;
    let (app, _) = desk_with(&server).await;
    let (mallory, wang) = (app.user("mallory").await, app.user("wang").await);
    let email = "wang@people.example";
    assert_eq!(set_contacts(&app, &mallory, "", email, PASSWORD).await.status, StatusCode::SEE_OTHER);
    let cookie = app.browser_of(&mallory).await;
    let again = async || app.submit("/account/proof", &cookie, &[]).await;
    assert_eq!([again().await.status, again().await.status], [StatusCode::SEE_OTHER; 2]);
    app.pass_seconds(60);

    let refused = again().await;
    let by_program = app.send(post_json_as("/v1/user/sendProof", &json!({}), &mallory)).await;
    let changed = set_contacts(&app, &wang, "", email, PASSWORD).await;

    let words = (ZH.contacts().too_many_mails)(59);
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3540"));
    assert!(refused.readable().contains(&words), "{}", refused.readable());
    assert_eq!((by_program.status, by_program.header("retry-after")), (refused.status, "3540"));
    assert_eq!(by_program.json()["data"], json!(words));
    assert_eq!(changed.header("location"), "/account?saved=1");
    while delivery::run_once(&app.app).await.expect("runs") > 0 {}
    let asked = (ZH.contacts().mail_asked)("wang");
    assert!(server.mails().iter().any(|mail| mail.part("text/plain").contains(&asked)));
}

#[tokio::test]
async fn nobodys_mailbox_is_filled_by_links_to_confirm() {
    const MOST: usize = 20;
    let server = MailServer::open().await;
    let (app, _) = desk_with(&server).await;
    let mut statuses = Vec::new();
    let mut people = Vec::new();
    for number in 0..8 {
        let person = app.user(&format!("user{number}")).await;
        let email = if number % 2 == 0 { "victim@people.example" } else { "VICTIM@people.example" };
        statuses.push(set_contacts(&app, &person, "", email, PASSWORD).await.status);
        let cookie = app.browser_of(&person).await;
        for _ in 0..3 {
            app.submit("/account/proof", &cookie, &[]).await;
        }
        people.push(person);
        while delivery::run_once(&app.app).await.expect("runs") > 0 {}
    }

    let mails = server.mails();
    let proofs = mails.iter().filter(|mail| mail.part("text/plain").contains("/verify/")).count();
    assert_eq!((proofs, mails.len()), (MOST, MOST));
    assert_eq!(statuses[..7], [StatusCode::SEE_OTHER; 7]);
    assert_eq!(statuses[7], StatusCode::TOO_MANY_REQUESTS, "whoever is late is told, and nothing is saved");
    let kept = format!("SELECT email FROM users WHERE id = {}", people[7].id);
    assert_eq!(app.text(&kept).await, "");
    let newcomer = [
        ("username", "carl"),
        ("nickname", "Carl"),
        ("email", "victim@people.example"),
        ("new", PASSWORD),
        ("repeat", PASSWORD),
    ];
    let refused = app.submit("/register", "", &newcomer).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.readable().contains(&(ZH.contacts().too_many_mails)(60)), "{}", refused.readable());

    app.pass_seconds(3601);
    app.submit("/account/proof", &app.browser_of(&people[0]).await, &[]).await;
    assert_eq!(deliver(&app, &server).await.len(), 1);
}

#[tokio::test]
async fn news_of_changes_goes_as_rarely_to_an_address_that_is_not_certain() {
    let server = MailServer::open().await;
    let (app, _) = desk_with(&server).await;
    let bob = app.user("bob").await;
    set_contacts(&app, &bob, "", "victim@people.example", PASSWORD).await;
    for number in 0..6 {
        set_contacts(&app, &bob, &format!("1380000000{number}"), "victim@people.example", PASSWORD).await;
    }

    while delivery::run_once(&app.app).await.expect("runs") > 0 {}

    assert_eq!(server.mails().len(), 1 + 3);
}

#[tokio::test]
async fn a_newcomer_confirms_the_address_they_gave() {
    let server = MailServer::open().await;
    let (app, _) = desk_with(&server).await;
    let fields = [
        ("username", "wang"),
        ("nickname", "王同学"),
        ("email", "wang@people.example"),
        ("new", PASSWORD),
        ("repeat", PASSWORD),
    ];
    app.submit("/register", "", &fields).await;
    assert_eq!(uid_of(&app, "wang@people.example").await, None);

    let link = link(&deliver(&app, &server).await[0]);
    app.submit(&link, "", &[]).await;

    assert!(uid_of(&app, "wang@people.example").await.is_some());
}

#[tokio::test]
async fn a_desk_without_mails_asks_nobody_to_confirm() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let saved = set_contacts(&app, &zhou, "", NEW, PASSWORD).await;

    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let cookie = app.browser_of(&zhou).await;
    assert!(!app.visit("/account", &cookie).await.text.contains("/account/proof"));
    assert_eq!(app.submit("/account/proof", &cookie, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM outbox").await, "0");
}
