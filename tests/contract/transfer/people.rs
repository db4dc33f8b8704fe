//! Choices of people, exported from one database and imported into another.

use fixdesk::domain::ids::UserId;
use fixdesk::domain::locale::Locale;
use fixdesk::domain::notifications::preferences::NotificationPreferences;
use fixdesk::domain::people::availability::Duty;
use fixdesk::domain::people::contact::ShownContact;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::people::profile::Choices;
use fixdesk::domain::viewer::Role;
use fixdesk::store::{self, Db};
use serde_json::{Value, json};

use super::{Desk, readable};
use crate::support::cast::TestApp;

async fn people(db: &Db) -> Vec<Person> {
    let mut tx = store::snapshot(db).await.expect("a snapshot");
    readable(store::people_after(&mut tx, UserId(0)).await.expect("people"))
}

/// Choices, none a default.
fn unusual() -> Choices {
    Choices {
        locale: Some(Locale::En),
        shown_contact: ShownContact::Email,
        notification_preferences: NotificationPreferences {
            mail_wanted: false,
            muted: "inbox.photos mail.turn".to_owned().try_into().expect("are mutes"),
        },
        duty: Duty {
            on_duty: false,
            campuses: vec!["望江".to_owned(), "\"华\\西\",".to_owned()],
            max_jobs: Some(3),
        },
    }
}

#[tokio::test]
async fn what_people_chose_goes_along_byte_for_byte() {
    let stage = TestApp::start().await;
    let chen = Person { choices: unusual(), ..stage.somebody("chen", Role::Technician) };
    for from in Desk::on_every_database().await {
        from.insert(&[stage.somebody("zhou", Role::User), chen.clone()], &[]).await;
        let exported = from.export().await;
        for to in Desk::on_every_database().await {
            to.import(exported.clone()).await.expect("imports");
            assert_eq!(to.export().await, exported);
            are_the_same(&to, &exported).await;
        }
    }
}

async fn are_the_same(desk: &Desk, exported: &str) {
    let choices: Vec<Choices> = people(&desk.db).await.into_iter().map(|person| person.choices).collect();
    assert_eq!(choices, [unusual(), Choices::default()]);
    let chen: Value = serde_json::from_str(exported.lines().next().expect("a line")).expect("JSON");
    let told = |key: &str| chen[key].clone();
    assert_eq!((told("language"), told("mail_wanted")), (json!("en"), json!(false)));
    assert_eq!(
        (told("shown_contact"), told("muted")),
        (json!("email"), json!(["inbox.photos", "mail.turn"]))
    );
    assert_eq!((told("on_duty"), told("max_jobs")), (json!(false), json!(3)));
    assert_eq!(told("duty_campuses"), json!(["望江", "\"华\\西\","]));
}

fn line(more: &Value) -> String {
    let mut line = json!({
        "kind": "user", "id": 1, "username": "zhou", "role": "technician", "nickname": "周雨晴",
        "created_at": "2024-06-01T08:00:00+08:00",
    });
    line.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    format!("{line}\n")
}

#[tokio::test]
async fn a_file_from_before_there_were_choices_is_read() {
    let desk = Desk::on_sqlite().await;

    desk.import(line(&json!({}))).await.expect("imports");

    assert_eq!(people(&desk.db).await[0].choices, Choices::default());
}

#[tokio::test]
async fn nothing_chosen_may_be_written_as_null_too() {
    let desk = Desk::on_sqlite().await;
    let nothing = json!({
        "language": null, "shown_contact": null, "mail_wanted": null, "muted": null, "on_duty": null,
        "duty_campuses": null, "max_jobs": null,
    });

    desk.import(line(&nothing)).await.expect("imports");

    assert_eq!(people(&desk.db).await[0].choices, Choices::default());
}

#[tokio::test]
async fn a_choice_that_there_is_not_is_named() {
    let desk = Desk::on_sqlite().await;
    let mutes = "muted must be a list of words like inbox.photos and mail.turn";
    for (key, value, reason) in [
        ("language", json!("fr"), "language must be zh-CN or en"),
        ("shown_contact", json!("qq"), "shown_contact must be phone or email, or nothing"),
        ("mail_wanted", json!(1), "mail_wanted must be true or false"),
        ("muted", json!("inbox.photos"), "muted must be a list of texts"),
        ("muted", json!(["inbox.turn"]), mutes),
        ("muted", json!([1]), "muted must be a text"),
        ("on_duty", json!("yes"), "on_duty must be true or false"),
        ("duty_campuses", json!(["x\0"]), "duty_campuses must be a text without NUL characters"),
        ("duty_campuses", json!(["x".repeat(256)]), "duty_campuses must be at most 255 characters"),
        ("max_jobs", json!(0), "max_jobs must be an integer from 1 to 9007199254740991"),
    ] {
        let refused = desk.import(line(&json!({ key: value }))).await.expect_err(key);

        assert_eq!(refused.to_string(), format!("line 1: {reason}"), "{key}");
    }
    assert_eq!(people(&desk.db).await, []);
}
