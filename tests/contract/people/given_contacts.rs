//! Contacts that admins set and confirm for others.

use axum::http::StatusCode;
use fixdesk::domain::ids::UserId;
use fixdesk::domain::input::Reason;
use serde_json::json;

use super::contacts::{NEW, OLD, PHONE, deliver, desk_with, set_contacts, uid_of};
use crate::support::cast::{Actor, PASSWORD, TestApp, ZH};
use crate::support::receivers::MailServer;
use crate::support::wire::Reply;

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
    // After removal nobody sees it any more.
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

    let namesake = [("username", PHONE), ("nickname", "Carl"), ("role", "user")];
    let refused = app.submit("/people", &app.browser_of(&sun).await, &namesake).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.readable());
    assert!(refused.readable().contains((ZH.work().reason)(Reason::Taken).as_str()));

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

/// Path of a link to set a password, in a mail or an answer.
fn password_link(text: &str) -> String {
    let link = text.split("http://desk.example").find(|rest| rest.starts_with("/welcome/"));
    link.and_then(|link| link.split(|c: char| c.is_whitespace() || c == '"').next())
        .expect("a link")
        .to_owned()
}

#[tokio::test]
async fn a_new_address_ends_mailed_links_and_only_ones_own_ends_that_of_an_admin() {
    let server = MailServer::open().await;
    let (app, kate) = desk_with(&server).await;
    let sun = app.admin("sun").await;
    let made = password_link(&app.call(&sun, "link", &json!({ "uid": kate.id.0 })).await.text);
    app.submit("/forgot", "", &[("username", OLD)]).await;
    let mail = deliver(&app, &server).await.pop().expect("a mail");
    let mailed = password_link(&mail.part("text/plain"));
    assert_eq!(app.visit(&mailed, "").await.status, StatusCode::OK);

    give(&app, &sun, &kate, ("email", NEW)).await;

    assert_eq!(app.visit(&mailed, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.visit(&made, "").await.status, StatusCode::OK);
    set_contacts(&app, &kate, PHONE, OLD, PASSWORD).await;
    assert_eq!(app.visit(&made, "").await.status, StatusCode::NOT_FOUND);
}

/// Returns `true` if the fold is open that has the form sent to this address.
fn is_open(page: &Reply, action: &str) -> bool {
    let fold = page.text.split("<details").find(|fold| fold.contains(&format!("action=\"{action}\"")));
    fold.and_then(|fold| fold.split('>').next()).expect("a fold").contains(" open")
}

#[tokio::test]
async fn a_refused_contact_stays_in_its_field_beside_its_person() {
    let app = TestApp::start().await;
    let (sun, zhou, li) = (app.admin("sun").await, app.user("zhou").await, app.user("li").await);
    give(&app, &sun, &li, ("phone", PHONE)).await;
    let action = format!("/people/{}/contact", zhou.id);

    for (name, typed) in [("phone", "12"), ("phone", PHONE), ("email", "no address")] {
        for refused in give(&app, &sun, &zhou, (name, typed)).await {
            let id = format!("id=\"{name}-{}\"", zhou.id);
            let field = refused.text.split("<input").find(|tag| tag.contains(&id));
            let field = field.and_then(|field| field.split('>').next()).expect("the field");
            assert!(field.contains(&format!("value=\"{typed}\"")), "{field}");
            assert!(field.contains("aria-invalid=\"true\""), "{field}");
            assert_eq!(refused.text.matches("aria-invalid=\"true\"").count(), 1, "{typed}");
            assert!(is_open(&refused, &action), "{typed}");
            assert!(!refused.readable().contains("li同学"), "the page is about one person");
        }
    }
    let plain = app.visit(&format!("/people?q={}", zhou.id), &app.browser_of(&sun).await).await;
    assert!(!is_open(&plain, &action));
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
