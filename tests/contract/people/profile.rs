//! Profiles that people edit.

use axum::http::StatusCode;
use fixdesk::domain::input::{Input, Reason};
use fixdesk::domain::people::contact::Contact;
use fixdesk::domain::tickets::action::Action;
use serde_json::json;

use crate::support::cast::{Actor, PASSWORD, TestApp, ZH};
use crate::support::desk::Desk;
use crate::support::wire::{post_json, post_json_as};

const PROFILE: &str = "/v1/user/profile";
const FIELDS: [(&str, &str); 7] = [
    ("current_password", PASSWORD),
    ("nickname", "小周"),
    ("phone", "13900000000"),
    ("email", "zhou@example.edu"),
    ("campus", "望江"),
    ("language", "en"),
    ("shown_contact", "email"),
];

#[tokio::test]
async fn somebody_changes_how_they_are_called_and_reached() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;

    let saved = app.submit("/account/profile", &cookie, &FIELDS).await;

    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/account?saved=1"));
    let account = app.visit("/account?saved=1", &cookie).await;
    assert!(account.readable().contains(ZH.profile().saved));
    for value in ["小周", "13900000000", "zhou@example.edu"] {
        assert!(account.text.contains(&format!("value=\"{value}\"")), "{value}");
    }
    assert!(account.text.contains("<option value=\"email\" selected"));
    // A report begins with what is known.
    let report = app.visit("/tickets/new", &cookie).await;
    assert!(report.text.contains("value=\"13900000000\""));
    assert!(!account.text.contains(PASSWORD));
}

#[tokio::test]
async fn what_is_wrong_is_told_and_stays_as_typed() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;
    let fields = FIELDS.map(|(name, value)| (name, if name == "email" { "nowhere" } else { value }));

    let refused = app.submit("/account/profile", &cookie, &fields).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.readable().contains(&(ZH.work().reason)(Reason::NotAnEmail)));
    assert!(refused.text.contains("value=\"nowhere\"") && refused.text.contains("value=\"小周\""));
    assert!(refused.text.contains("<option value=\"email\" selected"));
    assert!(!refused.text.contains(PASSWORD));
    assert!(refused.text.contains("<option value=\"en\" lang=\"en\" selected"));
    assert!(!app.visit("/account", &cookie).await.text.contains("小周"));
}

#[tokio::test]
async fn nobody_shows_what_they_have_not_given() {
    let app = TestApp::start().await;
    let cookie = app.browser_of(&app.user("zhou").await).await;
    let fields = [("nickname", "小周"), ("shown_contact", "phone")];

    let refused = app.submit("/account/profile", &cookie, &fields).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = ZH.work();
    let told = (ZH.list().named)((words.input)(Input::Phone), &(words.reason)(Reason::Missing));
    assert!(refused.readable().contains(&told));
}

async fn shows(desk: &Desk, actor: &Actor, shown: &str) {
    let email = format!("{}@example.edu", actor.name);
    let fields = [
        ("current_password", PASSWORD),
        ("nickname", &*actor.name),
        ("phone", "13911112222"),
        ("email", &*email),
        ("shown_contact", shown),
    ];
    let cookie = desk.stage.browser_of(actor).await;
    let saved = desk.stage.submit("/account/profile", &cookie, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_other_side_of_a_ticket_sees_what_somebody_shows_of_themselves() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let page = format!("/tickets/{ticket}");
    let visit = async |actor: &Actor| desk.stage.visit(&page, &desk.stage.browser_of(actor).await).await.text;
    shows(&desk, &desk.chen, "").await;
    shows(&desk, &desk.zhou, "").await;
    for reader in [&desk.zhou, &desk.chen, &desk.sun] {
        let text = visit(reader).await;
        assert!(!text.contains("13911112222") && !text.contains("@example.edu"), "{}", reader.name);
        // The report's own contact does not depend on it.
        assert!(text.contains("13800000000"), "{}", reader.name);
    }

    shows(&desk, &desk.chen, "phone").await;
    shows(&desk, &desk.zhou, "email").await;

    let (chens, zhous) = ("tel:13911112222", "mailto:zhou@example.edu");
    for (reader, sees_chens, sees_zhous) in
        [(&desk.zhou, true, false), (&desk.chen, false, true), (&desk.sun, true, true)]
    {
        let text = visit(reader).await;
        assert_eq!((text.contains(chens), text.contains(zhous)), (sees_chens, sees_zhous), "{}", reader.name);
        assert!(!text.contains("chen@example.edu"), "{}", reader.name);
    }
    // A colleague who is asked to take over is of the technician's side.
    desk.gives(&desk.chen, ticket, Action::Offer, desk.gao.id).await;
    let text = visit(&desk.gao).await;
    assert!(text.contains(zhous) && !text.contains(chens));
}

#[tokio::test]
async fn whoever_may_merely_take_a_ticket_sees_nobodys_contact() {
    let desk = Desk::open().await;
    let ticket = desk.file(&desk.zhou).await;
    shows(&desk, &desk.zhou, "email").await;

    let before = desk.view(&desk.chen, ticket).await.expect("may be taken");
    desk.does(&desk.chen, ticket, Action::Take).await;
    let after = desk.view(&desk.chen, ticket).await.expect("is theirs");

    assert_eq!(before.owner_contact, None);
    assert_eq!(after.owner_contact, Some(Contact::Email("zhou@example.edu".to_owned())));
}

#[tokio::test]
async fn whoever_left_the_desk_is_reached_no_more() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    shows(&desk, &desk.chen, "phone").await;
    assert!(desk.view(&desk.zhou, ticket).await.expect("is hers").technician_contact.is_some());

    desk.stage.set_disabled(desk.chen.id, true).await;

    assert_eq!(desk.view(&desk.zhou, ticket).await.expect("is hers").technician_contact, None);
}

#[tokio::test]
async fn an_address_that_no_mail_server_takes_is_refused_wherever_it_is_given() {
    let app = TestApp::start_with(|site| site.open_registration = true).await;
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;

    let change =
        |email: &str| post_json_as(PROFILE, &json!({ "email": email, "current_password": PASSWORD }), &zhou);
    for bad in ["a@b.", "a..b@c.example", ".a@c.example", "周@example.edu", "a@1.1.1.1", "a@b..example"] {
        let fields = FIELDS.map(|(name, value)| (name, if name == "email" { bad } else { value }));
        let by_form = app.submit("/account/profile", &cookie, &fields).await;
        assert_eq!(by_form.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(by_form.readable().contains(&(ZH.work().reason)(Reason::NotAnEmail)), "{bad}");
        let by_call = app.send(change(bad)).await;
        assert_eq!(by_call.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(by_call.text.contains("email"), "{}", by_call.text);
        let registration = json!({
            "username": "wang", "nickname": "王", "phone": "13800000000", "email": bad, "password": PASSWORD,
        });
        let registered = app.send(post_json("/v1/user/register", &registration)).await;
        assert_eq!(registered.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let idn = app.send(change("zhou@例子.测试")).await;
    assert_eq!(idn.status, StatusCode::OK, "{}", idn.text);
}

#[tokio::test]
async fn an_address_of_old_stays_while_something_else_is_changed() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    app.execute("UPDATE users SET email = 'zhou@b.'").await;

    let renamed = app.send(post_json_as(PROFILE, &json!({ "nickname": "小周" }), &zhou)).await;

    assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text);
}
