//! Registration without an admin, where the site allows it.

use axum::http::StatusCode;
use fixdesk::domain::input::Reason;
use fixdesk::domain::people::person::BadPassword;
use fixdesk::domain::viewer::Role;

use crate::support::cast::{EN, PASSWORD, TestApp, ZH};
use crate::support::wire::{Reply, form, with_header};

const WANG: [(&str, &str); 7] = [
    ("username", "wang"),
    ("nickname", "王同学"),
    ("phone", "13800000000"),
    ("email", ""),
    ("campus", "望江"),
    ("new", PASSWORD),
    ("repeat", PASSWORD),
];

async fn open_site() -> TestApp {
    TestApp::start_with(|site| site.open_registration = true).await
}

async fn register_with(app: &TestApp, changed: &[(&str, &str)]) -> Reply {
    let value = |name: &str| changed.iter().find(|(found, _)| *found == name).map(|(_, value)| *value);
    let fields = WANG.map(|(name, usual)| (name, value(name).unwrap_or(usual)));
    app.submit("/register", "", &fields).await
}

#[tokio::test]
async fn a_site_is_closed_unless_it_says_otherwise() {
    let app = TestApp::start().await;

    let page = app.visit("/register", "").await;
    let sent = register_with(&app, &[]).await;

    assert_eq!((page.status, sent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert!(sent.readable().contains(ZH.problem().not_found_title));
    assert!(!app.visit("/sign-in", "").await.links_to("/register"));
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM users").await, "0");
}

#[tokio::test]
async fn whoever_lets_themselves_in_is_a_requester_and_signed_in() {
    let app = open_site().await;
    assert!(app.visit("/sign-in", "").await.links_to("/register"));
    assert_eq!(app.visit("/register", "").await.status, StatusCode::OK);

    let reply = register_with(&app, &[("username", " wang "), ("role", "admin")]).await;

    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/my"));
    let cookie = reply.cookies().pop().expect("a session");
    assert_eq!(app.visit("/my", &cookie).await.status, StatusCode::OK);
    assert_eq!(app.visit("/register", &cookie).await.header("location"), "/my");
    let known =
        "SELECT role || ' ' || nickname || ' ' || phone || ' ' || campus || ' ' || language FROM users";
    assert_eq!(app.text(known).await, "user 王同学 13800000000 望江 zh-CN");
    assert_eq!(app.log_in("wang", PASSWORD).await.json()["role"], "user");
}

#[tokio::test]
async fn a_newcomer_goes_on_to_where_they_were_going() {
    let app = open_site().await;
    let page = app.visit("/sign-in?return_to=%2Ftickets%2Fnew", "").await;
    let address = "/register?return_to=%2Ftickets%2Fnew";
    assert!(page.links_to(address));
    assert!(app.visit(address, "").await.text.contains(&format!("action=\"{address}\"")));

    let reply = app.submit(address, "", &WANG).await;

    assert_eq!(reply.header("location"), "/tickets/new");
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost_but_passwords() {
    let app = open_site().await;
    app.user("zhou").await;
    let reason = ZH.work().reason;

    for (field, typed, error) in [
        ("username", "ZHOU", reason(Reason::Taken)),
        ("username", "a b", reason(Reason::NotAName)),
        ("username", "13900000000", reason(Reason::LikeAContact)),
        ("nickname", "", reason(Reason::Missing)),
        ("phone", "", reason(Reason::Missing)),
        ("phone", "abc", reason(Reason::NotAPhone)),
        ("email", "nowhere", reason(Reason::NotAnEmail)),
        ("campus", "火星", reason(Reason::NotOffered)),
        ("new", "short", (ZH.account().bad)(BadPassword::TooShort)),
        ("repeat", "another password", ZH.account().differ.to_owned()),
    ] {
        let reply = register_with(&app, &[(field, typed)]).await;

        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {typed}");
        assert_eq!(reply.text_of(&format!("{field}-error")), error, "{field}: {typed}");
        assert_eq!(reply.text.matches("aria-invalid=\"true\"").count(), 1, "{field}: {typed}");
        for (name, usual) in WANG.into_iter().take(4).filter(|(name, _)| *name != field) {
            assert!(usual.is_empty() || reply.text.contains(&format!("value=\"{usual}\"")), "{name}");
        }
        assert!(!reply.text.contains(PASSWORD), "{field}");
        assert!(reply.set_cookies().is_empty());
    }
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM users").await, "1");
}

#[tokio::test]
async fn a_phone_or_address_that_somebody_has_tells_nothing() {
    let app = open_site().await;
    let mut li = app.somebody("li", Role::User);
    (li.phone, li.email) = ("13800000000".to_owned(), "li@example.edu".to_owned());
    app.add_person(li).await;

    let reply = register_with(&app, &[("email", "LI@example.edu")]).await;

    assert_eq!(reply.header("location"), "/my");
    assert_eq!(app.log_in("li", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_who_want_one_name_at_once_do_not_both_get_it() {
    let app = open_site().await;

    let (one, other) = tokio::join!(register_with(&app, &[]), register_with(&app, &[("username", "Wang")]));

    let mut statuses = [one.status, other.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]);
}

#[tokio::test]
async fn one_address_lets_in_so_many_a_minute() {
    let app = open_site().await;
    let wang = |number: usize| {
        let name = format!("wang{number}");
        let fields =
            WANG.map(|(field, usual)| (field, if field == "username" { name.as_str() } else { usual }));
        with_header(form("/register", "", &fields), "accept-language", "en")
    };
    for number in 0..10 {
        assert_eq!(app.send(wang(number)).await.status, StatusCode::SEE_OTHER, "{number}");
    }

    let refused = app.send(wang(10)).await;
    let elsewhere = app.send_from("10.0.0.9", wang(11)).await;
    app.pass_seconds(60);
    let later = app.send(wang(10)).await;

    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert!(refused.readable().contains(&(EN.problem().too_many_tries)(60)));
    assert!(refused.text.contains("value=\"wang10\""));
    assert_eq!((elsewhere.status, later.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    // Sign-ins do not wait for registrations.
    assert_eq!(app.log_in("wang1", PASSWORD).await.status, StatusCode::OK);
}
