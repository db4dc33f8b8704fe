//! Changes of people by admins.

use axum::http::StatusCode;
use fixdesk::domain::people::admin::Protected;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::status::Status;
use serde_json::{Value, json};

use crate::support::calls::{done, is_refused};
use crate::support::cast::{Actor, PASSWORD, TestApp, ZH};
use crate::support::desk::Desk;
use crate::support::wire::{Reply, post_json, post_json_as, with_body, with_header};

const VERBS: [&str; 6] = ["create", "role", "disable", "enable", "link", "contact"];
const WEEK: i64 = 7 * 24 * 3600;

fn path_of(reply: &Reply) -> String {
    let link = reply.json()["link"].as_str().expect("a link").to_owned();
    link.strip_prefix("http://desk.example").expect("of this site").to_owned()
}

async fn set_password(app: &TestApp, link: &str, password: &str) -> StatusCode {
    app.submit(link, "", &[("new", password), ("repeat", password)]).await.status
}

#[tokio::test]
async fn a_newcomer_is_added_and_comes_in_by_the_link() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    let added = app.call(&sun, "create", &json!({ "username": "wang", "role": "technician" })).await;

    let answer = added.json();
    let uid = answer["uid"].as_i64().expect("an id");
    let expected = json!({
        "success": true, "status": "success", "uid": uid, "link": answer["link"], "expires_in": WEEK,
    });
    assert_eq!(answer, expected);
    assert_eq!(app.log_in("wang", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(set_password(&app, &path_of(&added), PASSWORD).await, StatusCode::SEE_OTHER);
    let here = app.log_in("wang", PASSWORD).await.json();
    assert_eq!(
        (&here["uid"], &here["role"], &here["nickname"]),
        (&json!(uid), &json!("technician"), &json!("wang"))
    );
    let plain = app.call(&sun, "create", &json!({ "username": "wu", "nickname": " 吴同学 " })).await.json();
    let found = app.get(&format!("/v1/status/getUser?uid={}", plain["uid"]), &sun).await.json();
    assert_eq!(
        (&found["data"][0]["role"], &found["data"][0]["nickname"]),
        (&json!("user"), &json!("吴同学"))
    );
}

#[tokio::test]
async fn an_address_that_an_admin_sets_leaves_the_invitation() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let added = app.call(&sun, "create", &json!({ "username": "wang" })).await;

    let contact = json!({ "uid": added.json()["uid"], "email": "wang@people.example" });
    assert_eq!(app.call(&sun, "contact", &contact).await.json(), done());

    assert_eq!(set_password(&app, &path_of(&added), PASSWORD).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_newcomer_who_cannot_be_is_refused_by_name() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    app.user("zhou").await;
    let before = app.people().await;
    let (bad, cannot) = (StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY);

    for (body, status, named) in [
        (json!({}), cannot, "username"),
        (json!({ "username": "ZHOU" }), cannot, "username"),
        (json!({ "username": "a b" }), cannot, "username"),
        (json!({ "username": "x".repeat(65) }), cannot, "username"),
        (json!({ "username": ["wang"] }), bad, "username"),
        (json!({ "username": "wang", "nickname": "x".repeat(65) }), cannot, "nickname"),
        (json!({ "username": "wang", "nickname": "a\u{0}" }), cannot, "nickname"),
        (json!({ "username": "wang", "role": "root" }), bad, "role"),
        (json!({ "username": "wang", "role": true }), bad, "role"),
    ] {
        let reply = app.call(&sun, "create", &body).await;
        let told = reply.json()["data"].as_str().unwrap_or_default().to_owned();
        assert_eq!(reply.status, status, "{body}: {told}");
        assert!(told.contains(named), "{body}: {told}");
    }
    assert_eq!(app.people().await, before);
}

#[tokio::test]
async fn nobody_but_an_admin_changes_people_or_learns_who_there_is() {
    let app = TestApp::start().await;
    let (zhou, chen) = (app.user("zhou").await, app.technician("chen").await);
    let sun = app.admin("sun").await;
    let before = app.people().await;

    for actor in [&zhou, &chen] {
        for verb in VERBS {
            for uid in [zhou.id.0, sun.id.0, 1] {
                let body = json!({ "uid": uid, "role": "admin", "username": "wang", "phone": "13900000000" });
                is_refused(&app.call(actor, verb, &body).await, StatusCode::FORBIDDEN, "权限不足");
            }
        }
    }
    for verb in VERBS {
        let request = with_body(post_json(&format!("/v1/user/{verb}"), &json!({})), "no JSON");
        let reply = app.send(request).await;
        assert_eq!(reply.json(), json!({ "error": "Unauthorized for no Authorization" }), "{verb}");
    }
    assert_eq!(app.people().await, before);
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM invitations").await, "0");
}

#[tokio::test]
async fn a_call_about_nobody_says_so() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    for verb in ["role", "disable", "enable", "link"] {
        let missing = app.call(&sun, verb, &json!({ "uid": 1, "role": "user" })).await;
        is_refused(&missing, StatusCode::NOT_FOUND, ZH.api().no_such_person);
        for uid in [json!(0), json!("x"), json!(""), json!(-5), Value::Null] {
            let bad = app.call(&sun, verb, &json!({ "uid": uid, "role": "user" })).await;
            assert_eq!(bad.status, StatusCode::BAD_REQUEST, "{verb} {uid}");
            assert!(bad.text.contains("uid"), "{}", bad.text);
        }
    }
    let roleless = app.call(&sun, "role", &json!({ "uid": sun.id.0 })).await;
    assert_eq!(roleless.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_new_role_and_a_closed_door_count_at_once() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let app = &desk.stage;
    let about = |role: &str| json!({ "uid": desk.chen.id.0, "role": role });

    assert_eq!(app.call(&desk.sun, "role", &about("admin")).await.json(), done());
    assert_eq!(app.get("/v1/status/getUser", &desk.chen).await.status, StatusCode::OK);
    assert_eq!(app.call(&desk.sun, "role", &about("technician")).await.json(), done());
    assert_eq!(app.get("/v1/status/getUser", &desk.chen).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.status(ticket).await, Status::Repairing);

    let browser = app.browser_of(&desk.chen).await;
    assert_eq!(app.call(&desk.sun, "disable", &about("")).await.json(), done());
    let refused = app.get("/v1/status/getAccount", &desk.chen).await;
    assert_eq!(refused.json(), json!({ "error": "Unauthorized for invalid token" }));
    assert_eq!(app.visit("/jobs", &browser).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.status(ticket).await, Status::Pending);
    desk.does(&desk.gao, ticket, Action::Take).await;
    assert_eq!(app.call(&desk.sun, "enable", &about("")).await.json(), done());
    assert_eq!(app.log_in("chen", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn no_admin_takes_their_own_rights_or_the_last_ones() {
    let app = TestApp::start().await;
    let (sun, qian) = (app.admin("sun").await, app.admin("qian").await);
    let (own, role) =
        (json!({ "uid": sun.id.0, "role": "user" }), json!({ "uid": qian.id.0, "role": "user" }));
    let oneself = (ZH.people().protected)(Protected::Oneself);

    for (verb, body) in
        [("role", &own), ("disable", &own), ("role", &json!({ "uid": sun.id.0, "role": "admin" }))]
    {
        is_refused(&app.call(&sun, verb, body).await, StatusCode::CONFLICT, &oneself);
    }
    let (one, other) = tokio::join!(app.call(&sun, "role", &role), app.call(&qian, "disable", &own));
    let admins =
        app.text("SELECT CAST(COUNT(*) AS TEXT) FROM users WHERE role = 'admin' AND NOT disabled").await;
    assert_eq!(admins, "1", "{} {}", one.text, other.text);
    // The one who is left may still reset passwords.
    let left = if one.status == StatusCode::OK { &sun } else { &qian };
    assert_eq!(app.call(left, "link", &json!({ "uid": left.id.0 })).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_sets_a_new_password_once_and_the_next_one_ends_it() {
    let app = TestApp::start().await;
    let (sun, zhou) = (app.admin("sun").await, app.user("zhou").await);
    let about = json!({ "uid": zhou.id.0 });

    let first = app.call(&sun, "link", &about).await;
    let second = app.call(&sun, "link", &about).await;

    assert_eq!(second.json()["expires_in"], json!(WEEK));
    assert_ne!(path_of(&first), path_of(&second));
    assert_eq!(app.account(&zhou).await["uid"], zhou.id.0, "until it is used nothing ends");
    assert_eq!(set_password(&app, &path_of(&first), "another password").await, StatusCode::NOT_FOUND);
    assert_eq!(set_password(&app, &path_of(&second), "another password").await, StatusCode::SEE_OTHER);
    assert_eq!(set_password(&app, &path_of(&second), "a third password").await, StatusCode::NOT_FOUND);
    assert_eq!(app.log_in("zhou", "another password").await.status, StatusCode::OK);
    let kept = app.text("SELECT CAST(COUNT(*) AS TEXT) FROM invitations").await;
    assert_eq!(kept, "0");
}

#[tokio::test]
async fn the_same_key_happens_once_and_has_the_same_answer() {
    let app = TestApp::start().await;
    let (sun, qian, zhou) = (app.admin("sun").await, app.admin("qian").await, app.user("zhou").await);
    let (wang, about) = (json!({ "username": "wang" }), json!({ "uid": zhou.id.0 }));

    let (one, two) =
        tokio::join!(app.call_once(&sun, "create", &wang, "k1"), app.call_once(&sun, "create", &wang, "k1"));
    assert_eq!((one.status, one.text.as_str()), (StatusCode::OK, two.text.as_str()));
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM users WHERE username = 'wang'").await, "1");
    assert_eq!(set_password(&app, &path_of(&two), PASSWORD).await, StatusCode::SEE_OTHER);

    let first = app.call_once(&sun, "link", &about, "k2").await;
    assert_eq!(first.text, app.call_once(&sun, "link", &about, "k2").await.text);
    let elsewhere = app.another_node().await.call_once(&sun, "link", &about, "k2").await;
    assert_eq!(first.text, elsewhere.text, "another process knows it, too");
    assert_ne!(first.text, app.call_once(&qian, "link", &about, "k2").await.text, "keys are one's own");

    // A repeated old call does not undo changes since.
    assert_eq!(app.call_once(&sun, "disable", &about, "k3").await.json(), done());
    assert_eq!(app.call(&sun, "enable", &about).await.json(), done());
    assert_eq!(app.call_once(&sun, "disable", &about, "k3").await.json(), done());
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);

    for (verb, body) in [
        ("enable", about.clone()),
        ("disable", json!({ "uid": qian.id.0 })),
        ("role", json!({ "uid": zhou.id.0, "role": "admin" })),
        ("create", json!({ "username": "li" })),
        ("link", about),
    ] {
        let reused = app.call_once(&sun, verb, &body, "k3").await;
        is_refused(&reused, StatusCode::UNPROCESSABLE_ENTITY, ZH.work().key_reused);
    }
    let long = app.call_once(&sun, "create", &json!({ "username": "li" }), &"k".repeat(256)).await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST);
    let strange = post_json_as("/v1/user/create", &json!({ "username": "li" }), &sun);
    let mut strange = with_header(strange, "idempotency-key", "k");
    strange.headers_mut().insert("idempotency-key", "é".parse().expect("a value"));
    assert_eq!(app.send(strange).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM users WHERE username = 'li'").await, "0");
}

#[tokio::test]
async fn a_link_that_ended_is_not_made_again_by_its_key() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let sun = app.admin("sun").await;
    let about = json!({ "uid": zhou.id.0 });

    let old = path_of(&app.call_once(&sun, "link", &about, "k").await);
    app.pass_seconds(WEEK);
    fixdesk::service::maintenance::run(&app.app).await.expect("runs");
    let sun = Actor { token: app.token_of(sun.id).await, ..sun };
    let new = path_of(&app.call_once(&sun, "link", &about, "k").await);

    assert_ne!(old, new);
    assert_eq!(set_password(&app, &old, PASSWORD).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_secret_is_told_to_anybody_and_nobodys_phone_to_others() {
    let app = TestApp::start().await;
    let (sun, zhou) = (app.admin("sun").await, app.user("zhou").await);
    let chen = app.technician("chen").await;
    app.call(
        &chen,
        "profile",
        &json!({ "phone": "13911112222", "email": "chen@example.edu", "current_password": PASSWORD }),
    )
    .await;
    let link = path_of(&app.call(&sun, "link", &json!({ "uid": chen.id.0 })).await);
    let secret = link.trim_start_matches("/welcome/").to_owned();

    for actor in [&zhou, &chen, &sun] {
        for path in ["getAccount", "getInbox", "getUser", "getTechworks", "getConfig", "getTicket"] {
            for uid in [zhou.id, chen.id] {
                let reply = app.get(&format!("/v1/status/{path}?uid={uid}&tid={uid}"), actor).await;
                for hidden in ["argon2", &secret, &actor.token] {
                    assert!(!reply.text.contains(hidden), "{path} tells {}", actor.name);
                }
                let is_told = actor.id == chen.id || actor.id == sun.id;
                assert!(is_told || !reply.text.contains("13911112222"), "{path} tells {}", actor.name);
            }
        }
    }
    assert_eq!(
        app.text(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM invitations WHERE secret_hash = '{secret}'"))
            .await,
        "0"
    );
}

#[tokio::test]
async fn contacts_of_somebody_else_are_set_and_confirmed() {
    let app = TestApp::start().await;
    let (sun, zhou, li) = (app.admin("sun").await, app.user("zhou").await, app.user("li").await);
    let about = |actor: &Actor, phone: &str, email: &str| json!({ "uid": actor.id.0, "phone": phone, "email": email });
    let both = about(&zhou, "139 0000 0001", "Zhou@people.example");

    let respelt = about(&zhou, "\u{202a}139 0000 0001\u{202c}", " Zhou@people.example");

    assert_eq!(app.call_once(&sun, "contact", &both, "k").await.json(), done());
    assert_eq!(app.call_once(&sun, "contact", &respelt, "k").await.json(), done());

    let account = app.account(&zhou).await;
    assert_eq!((&account["phone_verified"], &account["email_verified"]), (&json!(true), &json!(true)));
    for login in ["13900000001", "zhou@people.example"] {
        assert_eq!(app.log_in(login, PASSWORD).await.json()["uid"], zhou.id.0, "{login}");
    }
    let held = app.call(&sun, "contact", &json!({ "uid": li.id.0, "phone": "13900000001" })).await;
    is_refused(&held, StatusCode::CONFLICT, &(ZH.api().value)("phone", ZH.contacts().held));
    let own = app.call(&sun, "contact", &about(&sun, "13900000002", "")).await;
    is_refused(&own, StatusCode::CONFLICT, &(ZH.people().protected)(Protected::OwnContacts));
    let missing = app.call(&sun, "contact", &json!({ "uid": 1, "phone": "13900000002" })).await;
    is_refused(&missing, StatusCode::NOT_FOUND, ZH.api().no_such_person);
    for (body, status, named) in [
        (json!({ "uid": li.id.0 }), 400, "phone"),
        (json!({ "phone": "13900000002" }), 400, "uid"),
        (json!({ "uid": li.id.0, "phone": "x" }), 422, "phone"),
        (json!({ "uid": li.id.0, "email": "a@b." }), 422, "email"),
        (json!({ "uid": li.id.0, "email": ["a@people.example"] }), 400, "email"),
    ] {
        let reply = app.call(&sun, "contact", &body).await;
        assert_eq!(reply.status.as_u16(), status, "{body}: {}", reply.text);
        assert!(reply.text.contains(named), "{body}: {}", reply.text);
    }

    // A member that is left out stays, and an empty text takes the contact away.
    assert_eq!(app.call(&sun, "contact", &json!({ "uid": zhou.id.0, "phone": "" })).await.json(), done());
    let account = app.account(&zhou).await;
    assert_eq!((&account["phone"], &account["email"]), (&json!(""), &json!("Zhou@people.example")));
    assert_eq!(account["email_verified"], true);
}
