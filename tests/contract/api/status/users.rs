//! `GET /v1/status/getUser`: people, for those who may see them.

use axum::http::StatusCode;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::viewer::Role;
use serde_json::{Value, json};

use crate::support::cast::{Actor, TestApp};
use crate::support::wire::{Reply, refusal};

async fn ask(app: &TestApp, actor: &Actor, query: &str) -> Reply {
    app.get(&format!("/v1/status/getUser?{query}"), actor).await
}

fn ids(reply: &Reply) -> Vec<i64> {
    let data = reply.json()["data"].as_array().cloned().unwrap_or_default();
    data.iter().map(|person| person["id"].as_i64().expect("an id")).collect()
}

#[tokio::test]
async fn a_person_is_told_whole_but_for_what_lets_them_sign_in() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let zhou = Person {
        phone: "13800000000".to_owned(),
        email: "zhou@example.com".to_owned(),
        disabled: true,
        ..app.somebody("zhou", Role::User)
    };
    let zhou = app.add_person(zhou).await;

    let reply = ask(&app, &sun, &format!("uid={zhou}")).await;

    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        reply.json(),
        json!({
            "status": "success",
            "success": true,
            "request_type": "by_user_id",
            "data": [{
                "id": zhou.0,
                "username": "zhou",
                "nickname": "zhou同学",
                "role": "user",
                "phone": "13800000000",
                "email": "zhou@example.com",
                "campus": "江安",
                "disabled": true,
                "created_at": "2024-06-10 12:00:00",
            }],
            "page": 1,
            "limit": 10,
            "total": 1,
        })
    );
}

#[tokio::test]
async fn an_admin_sees_everybody_the_latest_first_a_page_at_a_time() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let (zhou, chen, gao) =
        (app.user("zhou").await, app.technician("chen").await, app.technician("gao").await);
    let found = async |query: &str| {
        let reply = ask(&app, &sun, query).await;
        (reply.json()["request_type"].clone(), ids(&reply), reply.json()["total"].clone())
    };
    let all = |ids: &[&Actor], total: i64| -> (Value, Vec<i64>, Value) {
        (json!("all_users"), ids.iter().map(|actor| actor.id.0).collect(), json!(total))
    };

    assert_eq!(found("").await, all(&[&gao, &chen, &zhou, &sun], 4));
    assert_eq!(found("limit=3").await, all(&[&gao, &chen, &zhou], 4));
    assert_eq!(found("limit=3&page=2").await, all(&[&sun], 4));
    assert_eq!(found("limit=3&page=9").await, all(&[], 4));
    assert_eq!(found("page=9007199254740991&limit=100").await, all(&[], 4));
    assert_eq!(found("role=technician").await, all(&[&gao, &chen], 2));
    assert_eq!(found("role=technician&limit=1&page=2").await, all(&[&chen], 2));
    let one = |ids: Vec<i64>| (json!("by_user_id"), ids.clone(), json!(ids.len()));
    assert_eq!(found(&format!("uid={}", zhou.id)).await, one(vec![zhou.id.0]));
    assert_eq!(found(&format!("uid={}&role=user", zhou.id)).await, one(vec![zhou.id.0]));
    assert_eq!(found(&format!("uid={}&role=admin", zhou.id)).await, one(vec![]));
    assert_eq!(found("uid=1").await, one(vec![]));
}

#[tokio::test]
async fn everybody_else_sees_themselves() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    for actor in [app.user("zhou").await, app.technician("chen").await] {
        let own = ask(&app, &actor, &format!("uid={}", actor.id)).await;
        assert_eq!((own.status, ids(&own)), (StatusCode::OK, vec![actor.id.0]));

        let (foreign, missing) = (format!("uid={}", sun.id), "uid=1".to_owned());
        for query in ["", "role=user", "role=technician", "page=2", &foreign, &missing] {
            let reply = ask(&app, &actor, query).await;
            assert_eq!((reply.status, reply.json()), (StatusCode::FORBIDDEN, refusal("权限不足")), "{query}");
        }
    }
}

/// Zhou and Li at two campuses, each with a phone number and an address of their own.
async fn two_with_contacts(app: &TestApp) -> [Actor; 2] {
    let mut people = Vec::new();
    for (name, phone, campus) in [("zhou", "13800000000", "江安"), ("li", "13900000000", "望江")] {
        let person = Person {
            phone: phone.to_owned(),
            email: format!("{name}@example.com"),
            campus: campus.to_owned(),
            ..app.somebody(name, Role::User)
        };
        let id = app.add_person(person).await;
        let token = app.token_of(id).await;
        people.push(Actor { id, name: name.to_owned(), role: Role::User, token });
    }
    people.try_into().ok().expect("two")
}

#[tokio::test]
async fn an_admin_finds_people_by_what_stands_in_their_profile() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let [zhou, li] = two_with_contacts(&app).await;

    for (query, expected) in [
        ("phone=13800000000".to_owned(), vec![zhou.id.0]),
        ("email=Li@Example.com".to_owned(), vec![li.id.0]),
        ("campus=%E6%9C%9B%E6%B1%9F".to_owned(), vec![li.id.0]),
        ("campus=%E6%B1%9F%E5%AE%89&role=user".to_owned(), vec![zhou.id.0]),
        (format!("uid={}&phone=13900000000", zhou.id), vec![]),
        ("phone=13800000000&email=li%40example.com".to_owned(), vec![]),
        ("phone=1380000000".to_owned(), vec![]),
        ("phone=%25&email=%25".to_owned(), vec![]),
        ("phone=%2B86+138-0000-0000".to_owned(), vec![zhou.id.0]),
        // Dashes do not match people without a number.
        ("phone=---".to_owned(), vec![]),
    ] {
        let reply = ask(&app, &sun, &query).await;
        assert_eq!((reply.status, ids(&reply)), (StatusCode::OK, expected.clone()), "{query}");
        assert_eq!(reply.json()["total"], expected.len(), "{query}");
    }
}

#[tokio::test]
async fn everybody_else_finds_themselves_by_what_is_theirs_and_learns_of_nobody_else() {
    let app = TestApp::start().await;
    let [zhou, li] = two_with_contacts(&app).await;

    for query in ["phone=13800000000", "email=zhou%40example.com", "campus=%E6%B1%9F%E5%AE%89"] {
        let own = ask(&app, &zhou, query).await;
        assert_eq!((own.status, ids(&own)), (StatusCode::OK, vec![zhou.id.0]), "{query}");
        let refused = ask(&app, &li, query).await;
        assert_eq!((refused.status, refused.json()), (StatusCode::FORBIDDEN, refusal("权限不足")), "{query}");
    }
    let (there, nowhere) = (ask(&app, &zhou, "phone=13900000000").await, ask(&app, &zhou, "phone=1").await);
    assert_eq!((there.status, &there.text), (nowhere.status, &nowhere.text));
}

#[tokio::test]
async fn a_new_role_counts_at_once() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    app.set_role(sun.id, Role::Technician).await;

    assert_eq!(ask(&app, &sun, "").await.status, StatusCode::FORBIDDEN);
}
