//! The security log: what it says, and what it never says.

use axum::http::StatusCode;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::viewer::Role;
use fixdesk::service::notifications::delivery;
use serde_json::json;

use crate::support::cast::{Actor, PASSWORD, TestApp};
use crate::support::log::{self, Line};
use crate::support::receivers::MailServer;
use crate::support::wire::{form, post_json, post_json_as};

const ADDRESS: &str = "203.0.113.9";
const WRONG: &str = "a wrong password";
const NEW: &str = "a new and longer password";

struct Scene {
    app: TestApp,
    server: MailServer,
    zhou: Actor,
    sun: Actor,
}

impl Scene {
    async fn open() -> Self {
        let server = MailServer::open().await;
        let app = TestApp::start_with(|site| {
            site.mailer = Some(server.mailer());
            site.open_registration = true;
        })
        .await;
        let zhou = Person {
            phone: "13912345678".to_owned(),
            email: "zhou@people.example".to_owned(),
            ..app.somebody("zhou", Role::User)
        };
        let id = app.add_person(zhou).await;
        let token = app.token_of(id).await;
        let sun = app.admin("sun").await;
        Self { app, server, zhou: Actor { id, name: "zhou".to_owned(), role: Role::User, token }, sun }
    }

    async fn submit(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) {
        self.app.send_from(ADDRESS, form(path, cookie, fields)).await;
    }

    async fn sign_in(&self, login: &str, password: &str) {
        let body = json!({ "username": login, "password": password });
        self.app.send_from(ADDRESS, post_json("/v1/user/login", &body)).await;
    }
}

/// Event, outcome, person and actor of the lines of the security log.
fn told(lines: &[Line]) -> Vec<[String; 4]> {
    let of = |line: &Line, name: &str| line.get(name).cloned().unwrap_or_default();
    lines
        .iter()
        .filter(|line| line.get("message").is_some_and(|message| message == "security"))
        .map(|line| ["event", "outcome", "person", "by"].map(|name| of(line, name)))
        .collect()
}

fn line(event: &str, outcome: &str, person: &str, by: &str) -> [String; 4] {
    [event, outcome, person, by].map(str::to_owned)
}

#[tokio::test]
async fn who_comes_in_and_who_is_refused_is_written_down() {
    let scene = Scene::open().await;
    let id = scene.zhou.id.to_string();

    let (_, lines) = log::during(async {
        scene.sign_in("zhou", PASSWORD).await;
        scene.sign_in("13912345678", WRONG).await;
        scene.sign_in("nobody@people.example", WRONG).await;
        for _ in 0..5 {
            scene.sign_in("zhou", WRONG).await;
        }
        scene.sign_in("zhou", PASSWORD).await;
        let cookie = scene.app.browser_of(&scene.zhou).await;
        scene.submit("/sign-out", &cookie, &[]).await;
    })
    .await;

    let wrong = line("sign_in", "refused", &id, "");
    let mut expected =
        vec![line("sign_in", "done", &id, ""), wrong.clone(), line("sign_in", "refused", "", "")];
    expected.extend(vec![wrong; 5]);
    expected.extend([line("sign_in", "throttled", &id, ""), line("sign_out", "done", &id, "")]);
    assert_eq!(told(&lines), expected);
    let addresses = lines.iter().filter(|line| line.get("address").is_some_and(|address| address == ADDRESS));
    assert_eq!(addresses.count(), expected.len());
}

#[tokio::test]
async fn what_changes_who_may_come_in_is_written_down_without_names_and_secrets() {
    let scene = Scene::open().await;
    let Scene { app, server, zhou, sun } = &scene;
    let (id, admin) = (zhou.id.to_string(), sun.id.to_string());
    let about = |verb: &str, actor: &Actor| {
        let body = json!({ "uid": zhou.id.0, "role": "technician" });
        post_json_as(&format!("/v1/user/{verb}"), &body, actor)
    };
    let mut secrets = vec![
        PASSWORD.to_owned(),
        WRONG.to_owned(),
        NEW.to_owned(),
        "zhou".to_owned(),
        "sun".to_owned(),
        "13912345678".to_owned(),
        "13800000000".to_owned(),
        "people.example".to_owned(),
        zhou.token.clone(),
        sun.token.clone(),
    ];

    let ((), lines) = log::during(async {
        app.send_from(ADDRESS, about("role", zhou)).await;
        for verb in ["role", "link", "disable", "enable"] {
            let reply = app.send_from(ADDRESS, about(verb, sun)).await;
            assert_eq!(reply.status, StatusCode::OK, "{verb}");
            secrets.extend(
                reply.json()["link"].as_str().and_then(|link| link.rsplit('/').next()).map(str::to_owned),
            );
        }
        let cookie = app.browser_of(zhou).await;
        let contacts = |password| {
            [
                ("nickname", "周"),
                ("phone", "13800000000"),
                ("email", "zhou@people.example"),
                ("current_password", password),
            ]
        };
        scene.submit("/account/profile", &cookie, &contacts(WRONG)).await;
        scene.submit("/account/profile", &cookie, &contacts(PASSWORD)).await;
        scene.submit("/account", &cookie, &[("current", WRONG), ("new", NEW), ("repeat", NEW)]).await;
        scene.submit("/account", &cookie, &[("current", PASSWORD), ("new", NEW), ("repeat", NEW)]).await;
        scene.submit("/forgot", "", &[("username", "zhou@people.example")]).await;
        delivery::run_once(&app.app).await.expect("runs");
        let reset = server
            .mails()
            .into_iter()
            .map(|mail| mail.part("text/plain"))
            .find(|text| text.contains("/welcome/"));
        let reset = reset.expect("a mail");
        let secret =
            reset.split("/welcome/").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a link");
        secrets.push(secret.to_owned());
        let link = format!("/welcome/{secret}");
        scene.submit(&link, "", &[("new", PASSWORD), ("repeat", PASSWORD)]).await;
        scene.submit(&link, "", &[("new", PASSWORD), ("repeat", PASSWORD)]).await;
    })
    .await;

    let own = |event, outcome| line(event, outcome, &id, "");
    assert_eq!(
        told(&lines),
        [
            line("role_change", "refused", &id, &id),
            line("role_change", "done", &id, &admin),
            line("link_made", "done", &id, &admin),
            line("disabling", "done", &id, &admin),
            line("enabling", "done", &id, &admin),
            own("contact_change", "refused"),
            own("contact_change", "done"),
            own("password_change", "refused"),
            own("password_change", "done"),
            line("reset_asked", "done", "", ""),
            own("reset_sent", "done"),
            own("link_used", "done"),
            line("link_used", "refused", "", ""),
        ]
    );
    for line in lines.iter().filter(|line| line.get("message").is_some_and(|message| message == "security")) {
        for secret in &secrets {
            assert!(!line.values().any(|value| value.contains(secret)), "{secret}: {line:?}");
        }
    }
}

#[tokio::test]
async fn contacts_that_an_admin_sets_or_confirms_are_written_down() {
    let scene = Scene::open().await;
    let Scene { app, zhou, sun, .. } = &scene;
    let (id, admin) = (zhou.id.to_string(), sun.id.to_string());
    let secrets = ["13800000000", "new.example"];

    let ((), lines) = log::during(async {
        for (actor, body) in [
            (zhou, json!({ "uid": zhou.id.0, "phone": "13800000000" })),
            (sun, json!({ "uid": zhou.id.0, "phone": "13800000000" })),
            (sun, json!({ "uid": zhou.id.0, "phone": "13800000000" })),
            (sun, json!({ "uid": zhou.id.0, "email": "zhou@new.example" })),
            (sun, json!({ "uid": zhou.id.0, "email": "no address" })),
        ] {
            app.send_from(ADDRESS, post_json_as("/v1/user/contact", &body, actor)).await;
        }
    })
    .await;

    let by = |event, outcome, by: &str| line(event, outcome, &id, by);
    assert_eq!(
        told(&lines),
        [
            by("contact_change", "refused", &id),
            by("contact_change", "done", &admin),
            by("contact_proof", "done", &admin),
            by("contact_change", "done", &admin),
            by("contact_change", "refused", &admin),
        ]
    );
    let security =
        lines.iter().filter(|line| line.get("message").is_some_and(|message| message == "security"));
    for line in security {
        assert!(!line.values().any(|value| secrets.iter().any(|secret| value.contains(secret))), "{line:?}");
    }
}
