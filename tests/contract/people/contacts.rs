//! Phone numbers and e-mail addresses: whose they are is proved, and their change guarded.

use std::borrow::Cow;
use std::path::Path;

use axum::http::StatusCode;
use fixdesk::domain::people::contact::Verified;
use fixdesk::domain::people::person::{Person, Role, UserId};
use fixdesk::domain::problem::Input;
use fixdesk::domain::tickets::report::Reason;
use fixdesk::service::notifications::delivery;
use fixdesk::store;
use serde_json::json;
use sqlx::migrate::Migrator;

use crate::support::cast::{Actor, NOON, PASSWORD, TestApp, ZH, empty_database};
use crate::support::receivers::{Mail, MailServer};
use crate::support::wire::{Reply, post_json, post_json_as};
use crate::transfer::readable;

const OLD: &str = "kate@people.example";
const NEW: &str = "kate@new.example";
const PHONE: &str = "13912345678";

/// A desk with a mail server, and Kate, who signs in by phone and e-mail.
async fn desk_with(server: &MailServer) -> (TestApp, Actor) {
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

async fn deliver(app: &TestApp, server: &MailServer) -> Vec<Mail> {
    delivery::run_once(&app.app).await.expect("the outbox is there");
    server.mails()
}

async fn set_contacts(app: &TestApp, actor: &Actor, phone: &str, email: &str, password: &str) -> Reply {
    let cookie = app.browser_of(actor).await;
    let fields = [("nickname", "Kate"), ("phone", phone), ("email", email), ("current_password", password)];
    app.submit("/account/profile", &cookie, &fields).await
}

/// The path of the link in a mail.
fn link(mail: &Mail) -> String {
    let text = mail.part("text/plain");
    let secret = text.split("http://desk.example/verify/").nth(1).expect("a link");
    format!("/verify/{}", secret.split_whitespace().next().expect("a secret"))
}

async fn uid_of(app: &TestApp, login: &str) -> Option<i64> {
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
    // Kate alone gets the link for whoever forgot a password.
    app.submit("/forgot", "", &[("username", OLD)]).await;
    let mails = deliver(&app, &server).await;
    let resets: Vec<String> =
        mails.iter().map(|mail| mail.part("text/plain")).filter(|text| text.contains("/welcome/")).collect();
    assert_eq!(resets.len(), 1);
    assert!(resets[0].contains(&(ZH.doors().mail_asked)("kate")));
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

    // Programs that look into mails follow links; a person presses the button.
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
    // Even who knows the password gets no reset before the address is confirmed,
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

/// Sets a contact on the page and confirms the question that follows; returns both answers.
async fn give(app: &TestApp, admin: &Actor, person: &Actor, field: (&str, &str)) -> [Reply; 2] {
    let cookie = app.browser_of(admin).await;
    let path = format!("/people/{}/contact", person.id);
    let asked = app.submit(&path, &cookie, &[field]).await;
    let done = app.submit(&path, &cookie, &[field, ("sure", "1")]).await;
    [asked, done]
}

#[tokio::test]
async fn an_admin_confirms_the_number_that_somebody_gave() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    let sun = app.admin("sun").await;
    set_contacts(&app, &kate, "13800000000", OLD, PASSWORD).await;
    deliver(&app, &server).await;
    let (row, cookie) = (format!("/people?q={}", kate.id), app.browser_of(&sun).await);
    let unconfirmed = (ZH.contacts().unconfirmed)("13800000000");
    assert!(app.visit(&row, &cookie).await.readable().contains(&unconfirmed));

    let asked =
        app.submit(&format!("/people/{}/contact", kate.id), &cookie, &[("phone", "13800000000")]).await;

    assert_eq!(asked.status, StatusCode::OK);
    let question = (ZH.contacts().ask)("电话", "13800000000", "Kate");
    assert!(asked.readable().contains(&question), "{}", asked.readable());
    assert_eq!(uid_of(&app, "13800000000").await, None, "nothing is done before the answer");
    let [_, done] = give(&app, &sun, &kate, ("phone", "13800000000")).await;
    assert_eq!(done.header("location"), format!("{row}&saved=1"));
    let page = app.visit(done.header("location"), &cookie).await.readable();
    assert!(page.contains(ZH.contacts().given) && !page.contains(&unconfirmed), "{page}");
    assert_eq!(uid_of(&app, "13800000000").await, Some(kate.id.0));
    assert_eq!(deliver(&app, &server).await.len(), 0, "it is hers as before");
}

#[tokio::test]
async fn an_admin_sets_an_address_and_the_one_of_before_is_told() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    let sun = app.admin("sun").await;
    let cookie = app.browser_of(&kate).await;
    app.submit(
        "/account/profile",
        &cookie,
        &[("nickname", "Kate"), ("phone", PHONE), ("email", OLD), ("shown_contact", "email")],
    )
    .await;

    let [_, done] = give(&app, &sun, &kate, ("email", "Kate@new.example ")).await;

    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.readable());
    let mails = deliver(&app, &server).await;
    assert_eq!(
        mails.iter().map(|mail| mail.to.concat()).collect::<Vec<_>>(),
        [OLD],
        "nobody is asked for a proof"
    );
    assert!(!mails[0].part("text/plain").contains("new.example"));
    assert_eq!((uid_of(&app, NEW).await, uid_of(&app, OLD).await), (Some(kate.id.0), None));
    assert_eq!(uid_of(&app, PHONE).await, Some(kate.id.0), "the number stays as it is");
    // Taken away, it is shown to nobody any more.
    let [asked, done] = give(&app, &sun, &kate, ("email", "")).await;
    assert!(asked.readable().contains(&(ZH.contacts().ask)("邮箱", "", "Kate")), "{}", asked.readable());
    assert_eq!((done.status, uid_of(&app, NEW).await), (StatusCode::SEE_OTHER, None));
}

#[tokio::test]
async fn a_contact_that_is_certain_for_somebody_is_given_to_nobody_else() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    let (sun, bob) = (app.admin("sun").await, app.user("bob").await);
    set_contacts(&app, &bob, PHONE, "KATE@people.example", PASSWORD).await;

    for (field, label) in [(("phone", "+86 139-1234-5678"), "电话"), (("email", OLD), "邮箱")] {
        for refused in give(&app, &sun, &bob, field).await {
            let told = (ZH.list().named)(label, ZH.contacts().held);
            assert_eq!(refused.status, StatusCode::CONFLICT);
            assert!(refused.readable().contains(&told), "{}", refused.readable());
        }
    }
    assert_eq!((uid_of(&app, PHONE).await, uid_of(&app, OLD).await), (Some(kate.id.0), Some(kate.id.0)));

    // Taken away from her, it is his.
    give(&app, &sun, &kate, ("phone", "")).await;
    let [_, done] = give(&app, &sun, &bob, ("phone", PHONE)).await;
    assert_eq!((done.status, uid_of(&app, PHONE).await), (StatusCode::SEE_OTHER, Some(bob.id.0)));
}

#[tokio::test]
async fn two_admins_give_one_number_to_one_person_only() {
    let app = TestApp::start().await;
    let (sun, qian) = (app.admin("sun").await, app.admin("qian").await);
    let (bob, carl) = (app.user("bob").await, app.user("carl").await);

    let ([_, one], [_, other]) =
        tokio::join!(give(&app, &sun, &bob, ("phone", PHONE)), give(&app, &qian, &carl, ("phone", PHONE)));

    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
}

#[tokio::test]
async fn contacts_are_for_admins_to_set_and_never_their_own() {
    let app = TestApp::start().await;
    let (sun, zhou, chen) = (app.admin("sun").await, app.user("zhou").await, app.technician("chen").await);

    for actor in [&zhou, &chen] {
        for reply in give(&app, actor, &zhou, ("phone", PHONE)).await {
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", actor.name);
        }
    }
    for reply in give(&app, &sun, &sun, ("phone", PHONE)).await {
        assert_eq!(reply.status, StatusCode::CONFLICT);
    }
    for (field, status) in [(("phone", "12"), 422), (("email", "no address"), 422), (("email", "a@b."), 422)]
    {
        for reply in give(&app, &sun, &zhou, field).await {
            assert_eq!(reply.status.as_u16(), status, "{field:?}");
        }
    }
    let nobody = Actor { id: UserId(1), token: String::new(), ..zhou };
    for reply in give(&app, &sun, &nobody, ("phone", PHONE)).await {
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
    }
    let row = format!("/people?q={}", sun.id);
    let own = app.visit(&row, &app.browser_of(&sun).await).await;
    assert!(!own.text.contains("/contact\""), "there is no form for oneself");
    assert_eq!(uid_of(&app, PHONE).await, None);
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

/// Somebody alone with both contacts, two who share one of each kind, and somebody without any.
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
    let (url, _folder) = empty_database().await;
    migrate_until_13(&url).await;

    let db = store::connect(&url).await.expect("is brought up to date");

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
