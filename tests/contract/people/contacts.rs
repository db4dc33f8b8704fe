//! Phone numbers and e-mail addresses: proof of ownership, and guarded changes.

use std::borrow::Cow;
use std::path::Path;

use axum::http::StatusCode;
use fixdesk::domain::ids::UserId;
use fixdesk::domain::input::{Input, Reason};
use fixdesk::domain::people::contact::Verified;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::viewer::Role;
use fixdesk::service::notifications::delivery;
use fixdesk::store;
use serde_json::json;
use sqlx::migrate::Migrator;

use crate::support::cast::{Actor, NOON, PASSWORD, TestApp, ZH};
use crate::support::databases::Database;
use crate::support::receivers::{Mail, MailServer};
use crate::support::wire::{Reply, post_json_as};
use crate::transfer::readable;

pub(super) const OLD: &str = "kate@people.example";

pub(super) const NEW: &str = "kate@new.example";

pub(super) const PHONE: &str = "13912345678";

/// A desk with a mail server, and Kate, who signs in by phone and e-mail.
pub(super) async fn desk_with(server: &MailServer) -> (TestApp, Actor) {
    let app = TestApp::start_with(|site| {
        site.mailer = Some(server.mailer());
        site.open_registration = true;
    })
    .await;
    let kate = Person { phone: PHONE.to_owned(), email: OLD.to_owned(), ..app.somebody("kate", Role::User) };
    let id = app.add_person(kate).await;
    let token = app.token_of(id).await;
    (app, Actor { id, name: "kate".to_owned(), role: Role::User, token })
}

pub(super) async fn deliver(app: &TestApp, server: &MailServer) -> Vec<Mail> {
    delivery::run_once(&app.app).await.expect("the outbox is there");
    server.mails()
}

pub(super) async fn set_contacts(
    app: &TestApp,
    actor: &Actor,
    phone: &str,
    email: &str,
    password: &str,
) -> Reply {
    let cookie = app.browser_of(actor).await;
    let fields = [("nickname", "Kate"), ("phone", phone), ("email", email), ("current_password", password)];
    app.submit("/account/profile", &cookie, &fields).await
}

/// The path of the link in a mail.
pub(super) fn link(mail: &Mail) -> String {
    let text = mail.part("text/plain");
    let secret = text.split("http://desk.example/verify/").nth(1).expect("a link");
    format!("/verify/{}", secret.split_whitespace().next().expect("a secret"))
}

pub(super) async fn uid_of(app: &TestApp, login: &str) -> Option<i64> {
    app.log_in(login, PASSWORD).await.json()["uid"].as_i64()
}

#[tokio::test]
async fn a_second_person_with_a_contact_ends_nobodys_sign_in_by_it() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    let bob = app.user("bob").await;

    let own = set_contacts(&app, &bob, PHONE, "KATE@people.example", PASSWORD).await;
    assert_eq!(own.header("location"), "/account?saved=1", "nobody learns whose it is");
    let newcomer = [
        ("username", "carl"),
        ("nickname", "Carl"),
        ("phone", PHONE),
        ("email", OLD),
        ("new", PASSWORD),
        ("repeat", PASSWORD),
    ];
    assert_eq!(app.submit("/register", "", &newcomer).await.header("location"), "/my");

    for login in [PHONE, OLD, "KATE@people.example"] {
        assert_eq!(uid_of(&app, login).await, Some(kate.id.0), "{login}");
    }
    // Nor does somebody who would have the number as a user name.
    let namesake = newcomer.map(|(name, value)| (name, if name == "username" { PHONE } else { value }));
    let refused = app.submit("/register", "", &namesake).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(uid_of(&app, PHONE).await, Some(kate.id.0));
    // Kate alone gets the link for whoever forgot a password.
    app.submit("/forgot", "", &[("username", OLD)]).await;
    let mails = deliver(&app, &server).await;
    let resets: Vec<String> =
        mails.iter().map(|mail| mail.part("text/plain")).filter(|text| text.contains("/welcome/")).collect();
    assert_eq!(resets.len(), 1);
    assert!(resets[0].contains(&(ZH.self_service().mail_asked)("kate")));
}

#[tokio::test]
async fn a_new_contact_needs_the_present_password() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    let told = |reason| {
        let words = ZH.work();
        (ZH.list().named)((words.input)(Input::CurrentPassword), &(words.reason)(reason))
    };

    for (phone, email) in [("13800000000", OLD), (PHONE, NEW), ("", OLD), (PHONE, "")] {
        for (password, reason) in [("", Reason::Missing), ("a wrong password", Reason::NotThePassword)] {
            let refused = set_contacts(&app, &kate, phone, email, password).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{phone} {email}");
            assert!(refused.readable().contains(&told(reason)), "{}", refused.readable());
            assert!(!refused.text.contains("a wrong password"));
        }
        app.pass_seconds(60);
    }
    let by_program = json!({ "email": NEW });
    let refused = app.send(post_json_as("/v1/user/profile", &by_program, &kate)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("current_password"));

    assert_eq!((uid_of(&app, OLD).await, uid_of(&app, PHONE).await), (Some(kate.id.0), Some(kate.id.0)));
    // Everything else is changed as before.
    assert_eq!(set_contacts(&app, &kate, PHONE, OLD, "").await.header("location"), "/account?saved=1");
    assert_eq!(server.mails().len(), 0);
}

#[tokio::test]
async fn a_stolen_session_does_not_find_out_the_password_by_a_profile() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    for _ in 0..5 {
        set_contacts(&app, &kate, PHONE, NEW, "a wrong password").await;
    }

    let blocked = set_contacts(&app, &kate, PHONE, NEW, PASSWORD).await;

    assert_eq!((blocked.status, blocked.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert_eq!(uid_of(&app, OLD).await, Some(kate.id.0), "who knows the password comes in");
}

#[tokio::test]
async fn an_address_that_was_refused_gets_no_mails_about_the_account() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    app.execute("UPDATE users SET refused_email = email, refused_because = '550' WHERE username = 'kate'")
        .await;

    set_contacts(&app, &kate, PHONE, NEW, PASSWORD).await;

    let mails = deliver(&app, &server).await;
    let to: Vec<String> = mails.iter().map(|mail| mail.to.concat()).collect();
    assert_eq!(to, [NEW], "the old one is told nothing");
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM outbox").await, "0");
}

#[tokio::test]
async fn a_new_phone_number_or_password_is_told_by_mail() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    let words = ZH.contacts();
    let told = async |sentence: String| {
        let mails = deliver(&app, &server).await;
        assert_eq!(mails.iter().map(|mail| mail.to.concat()).collect::<Vec<_>>(), [OLD], "{sentence}");
        assert!(mails[0].part("text/plain").contains(&sentence), "{}", mails[0].part("text/plain"));
    };
    use fixdesk::domain::notifications::account_mail::AccountMail::{PasswordChanged, PhoneChanged};

    set_contacts(&app, &kate, "13800000000", OLD, PASSWORD).await;
    told((words.changed)(PhoneChanged, "kate")).await;
    assert_eq!(uid_of(&app, "13800000000").await, None, "whose it is, an admin has to say");
    assert_eq!(uid_of(&app, PHONE).await, None);

    let new = "a new and longer password";
    let fields = [("current", PASSWORD), ("new", new), ("repeat", new)];
    app.submit("/account", &app.browser_of(&kate).await, &fields).await;
    told((words.changed)(PasswordChanged, "kate")).await;

    app.submit("/forgot", "", &[("username", "kate")]).await;
    let reset = deliver(&app, &server).await.pop().expect("a mail").part("text/plain");
    let secret = reset.split("/welcome/").nth(1).and_then(|rest| rest.split_whitespace().next());
    let link = format!("/welcome/{}", secret.expect("a secret"));
    let set = app.submit(&link, "", &[("new", PASSWORD), ("repeat", PASSWORD)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);
    told((words.changed)(PasswordChanged, "kate")).await;
}

/// Inserts one person with both contacts, two who share one of each kind, and one without any.
macro_rules! insert_people {
    ($pool:expr) => {
        for (id, phone, email) in [
            (1_i64, "13900000001", "one@example.edu"),
            (2, "13900000002", "two@example.edu"),
            (3, "13900000002", "three@example.edu"),
            (4, "", "Two@example.edu"),
            (5, "", ""),
        ] {
            sqlx::query(
                "INSERT INTO users (id, username, role, nickname, phone, email, campus, password_hash, created_at)
                 VALUES ($1, $2, 'user', 'x', $3, $4, '', '', 7)",
            )
            .bind(id)
            .bind(format!("user{id}"))
            .bind(phone)
            .bind(email)
            .execute($pool)
            .await
            .expect("is accepted");
        }
    };
}

/// The database as it was before contacts were proved.
async fn migrate_until_13(url: &str) {
    let kind = if url.starts_with("sqlite:") { "sqlite" } else { "postgres" };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind);
    let mut migrator = Migrator::new(folder).await.expect("migrations");
    let before: Vec<_> = migrator.migrations.iter().filter(|one| one.version < 14).cloned().collect();
    migrator.migrations = Cow::Owned(before);
    if kind == "sqlite" {
        let options: sqlx::sqlite::SqliteConnectOptions = url.parse().expect("an address");
        let pool = sqlx::SqlitePool::connect_with(options.create_if_missing(true)).await.expect("opens");
        migrator.run(&pool).await.expect("runs");
        insert_people!(&pool);
        pool.close().await;
    } else {
        let pool = sqlx::PgPool::connect(url).await.expect("opens");
        migrator.run(&pool).await.expect("runs");
        insert_people!(&pool);
        pool.close().await;
    }
}

#[tokio::test]
async fn contacts_that_one_person_alone_has_today_count_as_proved() {
    let database = Database::empty().await;
    migrate_until_13(&database.url).await;

    let db = store::connect(&database.url).await.expect("is brought up to date");

    let mut tx = store::snapshot(&db).await.expect("a snapshot");
    let people = readable(store::people_after(&mut tx, UserId(0)).await.expect("people"));
    let proved: Vec<(bool, bool)> = people
        .iter()
        .map(|Person { verified: Verified { phone, email }, .. }| (phone.is_some(), email.is_some()))
        .collect();
    let none = (false, false);
    assert_eq!(proved, [(true, true), none, (false, true), none, none]);
    assert!(NOON.0 > 7 && people[0].verified.phone == Some(people[0].created_at));
}

#[tokio::test]
async fn an_address_that_is_proved_is_good_again_whatever_a_mail_server_said_before() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    set_contacts(&app, &kate, PHONE, NEW, PASSWORD).await;
    let proof = deliver(&app, &server).await.into_iter().find(|mail| mail.to == [NEW]).expect("a mail");
    app.execute("UPDATE users SET refused_email = email, refused_because = '550 full'").await;
    let cookie = app.browser_of(&kate).await;
    assert!(app.visit("/account", &cookie).await.readable().contains("550 full"));

    app.submit(&link(&proof), "", &[]).await;

    assert!(!app.visit("/account", &cookie).await.readable().contains("550 full"));
}
