//! Calls of people about themselves.

use axum::http::StatusCode;
use fixdesk::domain::tickets::action::Action;
use serde_json::{Value, json};

use crate::support::calls::{done, is_refused};
use crate::support::cast::{Actor, PASSWORD, TestApp};
use crate::support::desk::Desk;
use crate::support::wire::{get, post_json, with_body};

const NEW: &str = "a new and longer password";

#[tokio::test]
async fn somebody_reads_what_they_may_change() {
    let app = TestApp::start().await;
    let (zhou, chen) = (app.user("zhou").await, app.technician("chen").await);

    let own = app.get("/v1/status/getAccount", &zhou).await;

    let expected = json!({
        "status": "success", "success": true,
        "data": {
            "uid": zhou.id.0, "role": "user", "nickname": "zhou同学", "phone": "", "email": "",
            "phone_verified": false, "email_verified": false,
            "campus": "江安", "language": "zh-CN", "shown_contact": "",
            "wishes": { "mail": true, "muted": [] }, "duty": null,
        },
    });
    assert_eq!(own.json(), expected);
    assert_eq!(own.header("cache-control"), "no-store");
    let duty = json!({ "on_duty": true, "campuses": [], "max_jobs": null });
    assert_eq!(app.account(&chen).await["duty"], duty);
}

#[tokio::test]
async fn a_profile_is_changed_by_what_is_named_alone() {
    let app = TestApp::start().await;
    let (zhou, li) = (app.user("zhou").await, app.user("li").await);
    let before = app.account(&li).await;

    let all = json!({
        "nickname": " 小周 ", "phone": "13900000000", "email": "zhou@example.edu", "campus": "望江",
        "language": "en", "shown_contact": "email", "uid": li.id.0, "role": "admin", "else": [1], "current_password": PASSWORD,
    });
    assert_eq!(app.call(&zhou, "profile", &all).await.json(), done());
    let now = app.account(&zhou).await;
    for (name, value) in
        [("nickname", "小周"), ("phone", "13900000000"), ("campus", "望江"), ("role", "user")]
    {
        assert_eq!(now[name], value);
    }

    assert_eq!(
        app.call(&zhou, "profile", &json!({ "phone": null, "current_password": PASSWORD })).await.json(),
        done()
    );
    assert_eq!(app.call(&zhou, "profile", &json!({ "campus": "" })).await.json(), done());
    assert_eq!(app.call(&zhou, "profile", &json!({})).await.json(), done());
    let mut expected = now;
    expected["phone"] = json!("");
    expected["campus"] = json!("");
    assert_eq!(app.account(&zhou).await, expected);
    assert_eq!(app.account(&li).await, before, "nobody else is changed");
    assert_eq!(
        app.log_in("zhou@example.edu", PASSWORD).await.status,
        StatusCode::UNAUTHORIZED,
        "not confirmed"
    );
}

#[tokio::test]
async fn two_changes_at_once_are_both_made() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;

    let one = json!({ "phone": "13900000000", "current_password": PASSWORD });
    let two = json!({ "email": "zhou@example.edu", "current_password": PASSWORD });
    let (one, two) = tokio::join!(app.call(&zhou, "profile", &one), app.call(&zhou, "profile", &two));

    assert_eq!((one.json(), two.json()), (done(), done()));
    let now = app.account(&zhou).await;
    assert_eq!((&now["phone"], &now["email"]), (&json!("13900000000"), &json!("zhou@example.edu")));
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_changed() {
    let app = TestApp::start().await;
    let (zhou, chen) = (app.user("zhou").await, app.technician("chen").await);
    let before = app.people().await;
    let (bad, cannot) = (StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY);

    for (actor, verb, body, status, named) in [
        (&zhou, "profile", json!({ "nickname": "" }), cannot, "nickname"),
        (&zhou, "profile", json!({ "nickname": null, "phone": "13900000000" }), cannot, "nickname"),
        (&zhou, "profile", json!({ "nickname": "x".repeat(65) }), cannot, "nickname"),
        (&zhou, "profile", json!({ "nickname": "a\u{0}b" }), cannot, "nickname"),
        (&zhou, "profile", json!({ "nickname": ["x"] }), bad, "nickname"),
        (&zhou, "profile", json!({ "nickname": true }), bad, "nickname"),
        (&zhou, "profile", json!({ "phone": "x" }), cannot, "phone"),
        (&zhou, "profile", json!({ "phone": {} }), bad, "phone"),
        (&zhou, "profile", json!({ "phone": "13900000000" }), cannot, "current_password"),
        (
            &zhou,
            "profile",
            json!({ "email": "zhou@example.edu", "current_password": "x" }),
            cannot,
            "current_password",
        ),
        (
            &zhou,
            "profile",
            json!({ "email": "zhou@example.edu", "current_password": [] }),
            bad,
            "current_password",
        ),
        (&zhou, "profile", json!({ "email": "nowhere" }), cannot, "email"),
        (&zhou, "profile", json!({ "campus": "火星" }), cannot, "campus"),
        (&zhou, "profile", json!({ "language": "fr" }), bad, "language"),
        (&zhou, "profile", json!({ "language": null }), bad, "language"),
        (&zhou, "profile", json!({ "shown_contact": "qq" }), bad, "shown_contact"),
        (&zhou, "profile", json!({ "shown_contact": "phone" }), cannot, "phone"),
        (&zhou, "wishes", json!({ "mail": "yes" }), bad, "mail"),
        (&zhou, "wishes", json!({ "mail": null }), bad, "mail"),
        (&zhou, "wishes", json!({ "muted": ["inbox.turn"] }), bad, "muted"),
        (&zhou, "wishes", json!({ "mail": false, "muted": "mail.turn" }), bad, "muted"),
        (&chen, "duty", json!({ "on_duty": 0 }), bad, "on_duty"),
        (&chen, "duty", json!({ "campuses": "江安" }), bad, "campuses"),
        (&chen, "duty", json!({ "campuses": [1] }), bad, "campuses"),
        (&chen, "duty", json!({ "on_duty": false, "campuses": ["火星"] }), cannot, "campuses"),
        (&chen, "duty", json!({ "max_jobs": 0 }), cannot, "max_jobs"),
        (&chen, "duty", json!({ "max_jobs": 1.5 }), cannot, "max_jobs"),
        (&chen, "duty", json!({ "max_jobs": 1000 }), cannot, "max_jobs"),
        (&zhou, "password", json!({ "password": NEW }), cannot, "current"),
        (&zhou, "password", json!({ "current": PASSWORD }), cannot, "password"),
        (&zhou, "password", json!({ "current": PASSWORD, "password": "short" }), cannot, "password"),
        (&zhou, "password", json!({ "current": PASSWORD, "password": "x".repeat(1025) }), cannot, "password"),
        (&zhou, "password", json!({ "current": PASSWORD, "password": [NEW] }), bad, "password"),
        (&zhou, "read", json!({}), bad, "up_to"),
        (&zhou, "read", json!({ "up_to": "x" }), bad, "up_to"),
        (&zhou, "read", json!({ "up_to": -1 }), bad, "up_to"),
    ] {
        let reply = app.call(actor, verb, &body).await;
        let told = reply.json()["data"].as_str().unwrap_or_default().to_owned();
        assert_eq!(reply.status, status, "{verb} {body}: {told}");
        assert!(told.contains(named), "{verb} {body}: {told}");
    }
    for verb in ["profile", "wishes", "duty", "password", "read"] {
        for body in ["", "[]", "{", "\"x\""] {
            let request = crate::support::wire::post_json_as(&format!("/v1/user/{verb}"), &json!({}), &chen);
            assert_eq!(app.send(with_body(request, body)).await.status, bad, "{verb} {body}");
        }
    }
    let twice = crate::support::wire::post_json_as("/v1/user/profile", &json!({}), &zhou);
    let twice = app.send(with_body(twice, r#"{"phone":"13900000000","phone":"13911111111"}"#)).await;
    assert_eq!(twice.status, bad);
    assert_eq!(app.people().await, before);
}

#[tokio::test]
async fn somebody_chooses_what_they_are_told() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;

    let muted = json!({ "muted": ["mail.turn", "inbox.photos", "inbox.photos"] });
    assert_eq!(app.call(&zhou, "wishes", &muted).await.json(), done());
    assert_eq!(app.call(&zhou, "wishes", &json!({ "mail": false })).await.json(), done());
    let notification_preferences = json!({ "mail": false, "muted": ["inbox.photos", "mail.turn"] });
    assert_eq!(app.account(&zhou).await["wishes"], notification_preferences);

    assert_eq!(app.call(&zhou, "wishes", &json!({ "muted": [] })).await.json(), done());
    assert_eq!(app.account(&zhou).await["wishes"], json!({ "mail": false, "muted": [] }));
}

#[tokio::test]
async fn a_technician_says_when_where_and_how_much_they_work() {
    let app = TestApp::start_with(|site| site.limits.jobs = 8).await;
    let (zhou, chen, sun) = (app.user("zhou").await, app.technician("chen").await, app.admin("sun").await);

    let all = json!({ "on_duty": false, "campuses": ["望江", "江安"], "max_jobs": 3 });
    assert_eq!(app.call(&chen, "duty", &all).await.json(), done());
    let sorted = json!({ "on_duty": false, "campuses": ["江安", "望江"], "max_jobs": 3 });
    assert_eq!(app.account(&chen).await["duty"], sorted);
    assert_eq!(app.call(&chen, "duty", &json!({ "on_duty": true })).await.json(), done());
    let back = json!({ "on_duty": true, "campuses": ["江安", "望江"], "max_jobs": 3 });
    assert_eq!(app.account(&chen).await["duty"], back);
    let free = json!({ "campuses": null, "max_jobs": null });
    assert_eq!(app.call(&chen, "duty", &free).await.json(), done());
    let duty = json!({ "on_duty": true, "campuses": [], "max_jobs": null });
    assert_eq!(app.account(&chen).await["duty"], duty);

    for actor in [&zhou, &sun] {
        is_refused(&app.call(actor, "duty", &all).await, StatusCode::FORBIDDEN, "权限不足");
        assert_eq!(app.account(actor).await["duty"], Value::Null);
    }
    assert_eq!(
        app.call(&chen, "duty", &json!({ "max_jobs": 9 })).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_campus_that_the_site_gave_up_does_not_keep_a_technician_from_a_break() {
    let app = TestApp::start().await;
    let chen = app.technician("chen").await;
    app.execute("UPDATE users SET duty_campuses = '[\"火星\",\"江安\"]'").await;

    assert_eq!(app.call(&chen, "duty", &json!({ "on_duty": false })).await.json(), done());

    let duty = json!({ "on_duty": false, "campuses": ["江安", "火星"], "max_jobs": null });
    assert_eq!(app.account(&chen).await["duty"], duty, "what is left out stays");
}

#[tokio::test]
async fn a_new_password_ends_whatever_was_signed_in_and_answers_with_a_new_token() {
    let app = TestApp::start().await;
    let (zhou, li) = (app.user("zhou").await, app.user("li").await);
    let (cookie, other) = (app.browser_of(&zhou).await, app.token_of(zhou.id).await);

    let body = json!({ "current": PASSWORD, "password": NEW });
    let changed = app.call(&zhou, "password", &body).await;

    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let answer = changed.json();
    assert_eq!((&answer["uid"], &answer["expires_in"]), (&json!(zhou.id.0), &json!(3600)));
    let of = |token: &str| Actor {
        id: zhou.id,
        name: zhou.name.clone(),
        role: zhou.role,
        token: token.to_owned(),
    };
    let fresh = of(answer["access_token"].as_str().expect("a token"));
    assert_eq!(app.account(&fresh).await["uid"], zhou.id.0);
    for gone in [&zhou, &of(&other)] {
        let refused = app.get("/v1/status/getAccount", gone).await;
        assert_eq!(refused.json(), json!({ "error": "token_expired" }));
    }
    assert_eq!(app.visit("/my", &cookie).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.log_in("zhou", NEW).await.status, StatusCode::OK);
    assert_eq!(app.log_in("li", PASSWORD).await.status, StatusCode::OK);
    assert_eq!(app.account(&li).await["uid"], li.id.0);
}

#[tokio::test]
async fn a_stolen_token_does_not_find_out_the_password() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let guess = |current: &str| json!({ "current": current, "password": NEW });

    for _ in 0..5 {
        let wrong = app.call(&zhou, "password", &guess("who knows")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let blocked = app.call(&zhou, "password", &guess(PASSWORD)).await;

    assert_eq!((blocked.status, blocked.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    app.pass_seconds(60);
    assert_eq!(app.log_in("zhou", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn notices_are_listed_for_whoever_they_are_for_and_read_up_to_one() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    let inbox = async |actor: &Actor| desk.stage.get("/v1/status/getInbox", actor).await.json();
    desk.does(&desk.chen, ticket, Action::ReportDone).await;

    let first = inbox(&desk.zhou).await;

    let count = first["data"].as_array().expect("notices").len();
    assert_eq!(first["unread"], json!(count));
    let newest = &first["data"][0];
    for (name, value) in [
        ("order_id", json!(ticket.0)),
        ("kind", json!("report_done")),
        ("about", json!("华为 MateBook · 清灰")),
        ("note", json!("因为所以")),
        ("times", json!(1)),
        ("actor_id", json!(desk.chen.id.0)),
        ("created_at", json!("2024-06-10 12:00:00")),
        ("is_read", json!(false)),
    ] {
        assert_eq!(newest[name], value, "{name}");
    }
    assert!(newest["sentence"].as_str().expect("words").contains("chen同学"), "{newest}");
    assert_eq!(inbox(&desk.gao).await["unread"], json!(desk.unread(&desk.gao).await));

    let older = first["data"][count - 1]["id"].clone();
    let read = async |actor: &Actor, up_to: &Value| {
        desk.stage.call(actor, "read", &json!({ "up_to": up_to })).await.json()
    };
    assert_eq!(read(&desk.chen, &newest["id"]).await, done());
    assert_eq!(inbox(&desk.zhou).await, first, "nobody reads for somebody else");
    assert_eq!(read(&desk.zhou, &older).await, done());
    assert_eq!(inbox(&desk.zhou).await["unread"], json!(count - 1));
    assert_eq!(read(&desk.zhou, &newest["id"]).await, done());
    let all = inbox(&desk.zhou).await;
    assert_eq!((&all["unread"], &all["data"][0]["is_read"]), (&json!(0), &json!(true)));
}

#[tokio::test]
async fn a_token_is_asked_for_before_anything_is_read() {
    let app = TestApp::start().await;

    for path in ["getAccount", "getHistory", "getInbox", "getPhotos"] {
        let reply = app.send(get(&format!("/v1/status/{path}"))).await;
        assert_eq!(reply.json(), json!({ "error": "Unauthorized for no Authorization" }), "{path}");
    }
    for verb in ["profile", "wishes", "duty", "password", "read"] {
        let request = with_body(post_json(&format!("/v1/user/{verb}"), &json!({})), "no JSON");
        let reply = app.send(request).await;
        assert_eq!(reply.json(), json!({ "error": "Unauthorized for no Authorization" }), "{verb}");
        let cookie = app.browser_of(&app.user(verb).await).await;
        let by_cookie = crate::support::wire::form(&format!("/v1/user/{verb}"), &cookie, &[]);
        assert_eq!(app.send(by_cookie).await.status, StatusCode::UNAUTHORIZED, "{verb}");
    }
}
