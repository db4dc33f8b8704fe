//! Reset of a forgotten password, by a link in a mail.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use fixdesk::domain::input::Reason;
use fixdesk::domain::viewer::Role;
use fixdesk::service::notifications::delivery;

use crate::support::cast::{EN, PASSWORD, TestApp, ZH};
use crate::support::log;
use crate::support::receivers::{Mail, MailServer};
use crate::support::wire::{Reply, form};

const NEW: &str = "another long password";

/// A desk with a mail server, and people who have mailboxes.
async fn desk_with(server: &MailServer) -> TestApp {
    let app = TestApp::start_with(|site| site.mailer = Some(server.mailer())).await;
    for name in ["zhou", "chen"] {
        let mut person = app.somebody(name, Role::User);
        person.email = format!("{name}@people.example");
        app.add_person(person).await;
    }
    app
}

async fn ask(app: &TestApp, login: &str) -> Reply {
    app.submit("/forgot", "", &[("username", login)]).await
}

async fn deliver(app: &TestApp) -> usize {
    delivery::run_once(&app.app).await.expect("the outbox is there")
}

/// The path of the link in a mail.
fn link(mail: &Mail) -> String {
    let text = mail.part("text/plain");
    let secret = text.split("http://desk.example/welcome/").nth(1).expect("a link");
    format!("/welcome/{}", secret.split_whitespace().next().expect("a secret"))
}

async fn set_password(app: &TestApp, link: &str) -> Reply {
    app.submit(link, "", &[("new", NEW), ("repeat", NEW)]).await
}

#[tokio::test]
async fn a_site_without_mails_has_no_such_page() {
    let app = TestApp::start().await;

    assert_eq!(app.visit("/forgot", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&app, "zhou").await.status, StatusCode::NOT_FOUND);
    assert!(!app.visit("/sign-in", "").await.links_to("/forgot"));
}

#[tokio::test]
async fn a_link_by_mail_sets_a_new_password_once_and_ends_whatever_was_signed_in() {
    let server = MailServer::open().await;
    let app = desk_with(&server).await;
    app.execute("UPDATE users SET language = 'en' WHERE username = 'zhou'").await;
    let token =
        app.log_in("zhou", PASSWORD).await.json()["access_token"].as_str().expect("a token").to_owned();
    let session = app.submit("/sign-in", "", &[("username", "zhou"), ("password", PASSWORD)]).await;
    let cookie = session.cookies().pop().expect("a cookie");
    let refused = app.submit("/sign-in", "", &[("username", "zhou"), ("password", "who knows")]).await;
    assert!(refused.links_to("/forgot") && refused.readable().contains(ZH.self_service().wrong));
    assert_eq!(app.visit("/forgot", "").await.status, StatusCode::OK);

    let asked = ask(&app, " ZHOU ").await;
    assert_eq!((asked.status, asked.header("location")), (StatusCode::SEE_OTHER, "/forgot?sent=1"));
    assert!(app.visit("/forgot?sent=1", "").await.readable().contains(ZH.self_service().forgot_sent));
    assert_eq!(deliver(&app).await, 1);
    let mail = server.mails().pop().expect("a mail");
    let link = link(&mail);
    assert_eq!(set_password(&app, &link).await.header("location"), "/sign-in?welcome=1");

    assert_eq!(mail.to, ["zhou@people.example"]);
    assert_eq!(mail.header("Subject"), (EN.self_service().mail_subject)("Fixdesk"));
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.part("text/plain").contains(&(EN.self_service().mail_asked)("zhou")));
    assert!(mail.part("text/html").contains(&format!("<a href=\"http://desk.example{link}\">")));
    assert_eq!(app.visit("/my", &cookie).await.status, StatusCode::SEE_OTHER);
    let with_token = crate::support::wire::bearing("/v1/status/getTicket", &format!("Bearer {token}"));
    assert_eq!(app.send(with_token).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.log_in("zhou", NEW).await.status, StatusCode::OK);
    let used = app.visit(&link, "").await;
    assert_eq!((used.status, used.links_to("/forgot")), (StatusCode::NOT_FOUND, true));
    assert_eq!(set_password(&app, &link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_learns_who_is_known_here() {
    let server = MailServer::open().await;
    let app = desk_with(&server).await;
    app.add_person(app.somebody("unreachable", Role::User)).await;
    app.execute("UPDATE users SET disabled = NOT disabled WHERE username = 'chen'").await;
    let mut replies = BTreeSet::new();
    let mut statements = BTreeSet::new();

    for login in ["zhou", "zhou@people.example", "chen", "unreachable", "nobody", "nobody@people.example"] {
        let (reply, log) = log::during(ask(&app, login)).await;
        let all: Vec<String> = log.iter().filter_map(|line| line.get("summary").cloned()).collect();
        assert!(!all.is_empty(), "the log tells what the database was asked");
        statements.insert(all);
        replies.insert(format!("{} {:?} {}", reply.status, reply.headers, reply.text));
        app.pass_seconds(60);
    }

    assert_eq!(replies.len(), 1, "{replies:?}");
    assert_eq!(statements.len(), 1, "the database does the same for everybody: {statements:#?}");
    deliver(&app).await;
    let to: Vec<String> = server.mails().iter().map(|mail| mail.to.concat()).collect();
    assert_eq!(to, ["zhou@people.example"]);
}

#[tokio::test]
async fn a_link_is_good_for_an_hour() {
    let server = MailServer::open().await;
    let app = desk_with(&server).await;
    ask(&app, "zhou").await;
    deliver(&app).await;
    let link = link(&server.mails()[0]);

    app.pass_seconds(3599);
    assert_eq!(app.visit(&link, "").await.status, StatusCode::OK);
    app.pass_seconds(1);
    assert_eq!(app.visit(&link, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(set_password(&app, &link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_mail_that_is_refused_at_first_comes_later_with_a_link_that_works() {
    let server = MailServer::refusing(&[451]).await;
    let app = desk_with(&server).await;
    ask(&app, "zhou").await;
    deliver(&app).await;
    assert!(server.mails().is_empty());

    app.pass_seconds(60);
    deliver(&app).await;

    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(set_password(&app, &link(&mails[0])).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM invitations").await, "0");
}

#[tokio::test]
async fn everybody_with_an_address_gets_their_own_link_also_who_wants_no_other_mail() {
    let server = MailServer::open().await;
    let app = desk_with(&server).await;
    app.execute("UPDATE users SET email = 'Desk@people.example', email_key = 'desk@people.example', mail_wanted = NOT mail_wanted").await;

    ask(&app, "desk@PEOPLE.example").await;
    deliver(&app).await;

    let mails = server.mails();
    let texts: Vec<String> = mails.iter().map(|mail| mail.part("text/plain")).collect();
    assert_eq!(mails.len(), 2);
    for name in ["zhou", "chen"] {
        let asked = (ZH.self_service().mail_asked)(name);
        assert_eq!(texts.iter().filter(|text| text.contains(&asked)).count(), 1, "{name}");
    }
}

#[tokio::test]
async fn others_cannot_fill_a_mailbox_or_end_the_link_of_an_admin() {
    let server = MailServer::open().await;
    let app = desk_with(&server).await;
    let sun = app.admin("sun").await;
    let made = app.submit("/people/20240000001/link", &app.browser_of(&sun).await, &[]).await;
    let secret = made.text.split("/welcome/").nth(1).expect("a link");
    let of_admin = format!("/welcome/{}", secret.chars().take(64).collect::<String>());

    for round in 0..6 {
        ask(&app, if round % 2 == 0 { "zhou" } else { "zhou@people.example" }).await;
        deliver(&app).await;
        app.pass_seconds(61);
    }

    assert_eq!(server.mails().len(), 3);
    assert_eq!(app.visit(&of_admin, "").await.status, StatusCode::OK);
    app.pass_seconds(3600);
    ask(&app, "zhou").await;
    deliver(&app).await;
    let mail = server.mails().pop().expect("a mail after an hour");
    set_password(&app, &link(&mail)).await;
    assert_eq!(app.visit(&of_admin, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_password_that_is_changed_meanwhile_ends_the_link() {
    let server = MailServer::open().await;
    let app = desk_with(&server).await;
    ask(&app, "zhou").await;
    deliver(&app).await;
    let session = app.submit("/sign-in", "", &[("username", "zhou"), ("password", PASSWORD)]).await;

    let fields = [("current", PASSWORD), ("new", NEW), ("repeat", NEW)];
    let changed = app.submit("/account", &session.cookies()[0], &fields).await;

    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    assert_eq!(app.visit(&link(&server.mails()[0]), "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn one_address_and_one_name_have_so_many_tries_whoever_they_name() {
    let server = MailServer::open().await;
    let app = desk_with(&server).await;

    for _ in 0..5 {
        assert_eq!(ask(&app, "zhou").await.status, StatusCode::SEE_OTHER);
    }
    let same_name = app.send_from("10.0.0.9", form("/forgot", "", &[("username", "Zhou")])).await;
    for name in ["a", "b", "c", "d", "e"] {
        assert_eq!(ask(&app, name).await.status, StatusCode::SEE_OTHER);
    }
    let refused = ask(&app, "chen").await;

    assert_eq!(same_name.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert!(refused.text.contains("value=\"chen\""));
    // The password still signs in meanwhile.
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_cannot_be_a_name_is_said_beside_the_field() {
    let server = MailServer::open().await;
    let app = desk_with(&server).await;

    for (typed, reason) in [
        ("", Reason::Missing),
        ("a\0b", Reason::Unprintable),
        (&"x".repeat(300), Reason::TooLong { limit: 254 }),
    ] {
        let reply = ask(&app, typed).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(reply.text_of("username-error"), (ZH.work().reason)(reason));
    }
}
