//! What people have chosen for themselves, out of one database and into another.

use std::io::Cursor;

use fixdesk::cli::{export, import};
use fixdesk::domain::contact::ShownContact;
use fixdesk::domain::duty::Duty;
use fixdesk::domain::locale::Locale;
use fixdesk::domain::person::{Person, Role};
use fixdesk::domain::profile::Choices;
use fixdesk::domain::wishes::Wishes;
use fixdesk::service::site::Zone;
use fixdesk::store::{self, Db};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::cast::TestApp;

const ZONE: Zone = Zone(chrono_tz::Tz::Asia__Shanghai);

async fn export(db: &Db) -> String {
    let mut out = Vec::new();
    export::write_everything(db, ZONE, &mut out, &ProgressBar::hidden()).await.expect("exports");
    String::from_utf8(out).expect("UTF-8")
}

async fn import(db: &Db, file: String) -> Result<(), String> {
    let loaded = import::load(db, ZONE, Cursor::new(file.into_bytes()), &ProgressBar::hidden()).await;
    loaded.map(|_| ()).map_err(|error| error.to_string())
}

async fn people(db: &Db) -> Vec<Person> {
    let mut tx = store::snapshot(db).await.expect("a snapshot");
    store::people_after(&mut tx, fixdesk::domain::person::UserId(0)).await.expect("people")
}

/// What nobody is by default.
fn unusual() -> Choices {
    Choices {
        locale: Some(Locale::En),
        shown_contact: ShownContact::Email,
        wishes: Wishes {
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
    let (from, back) = (TestApp::start().await, TestApp::start().await);
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("desk.db").display());
    let between = store::connect(&url).await.expect("a database");
    from.user("zhou").await;
    from.add_person(Person { choices: unusual(), ..from.somebody("chen", Role::Technician) }).await;

    let exported = export(&from.app.db).await;
    import(&between, exported.clone()).await.expect("imports");
    import(&back.app.db, export(&between).await).await.expect("imports");

    assert!(export(&between).await == exported && export(&back.app.db).await == exported);
    let choices: Vec<Choices> = people(&back.app.db).await.into_iter().map(|person| person.choices).collect();
    assert_eq!(choices, [Choices::default(), unusual()]);
    let chen: Value = serde_json::from_str(exported.lines().nth(1).expect("a line")).expect("JSON");
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
    let app = TestApp::start().await;

    import(&app.app.db, line(&json!({}))).await.expect("imports");

    assert_eq!(people(&app.app.db).await[0].choices, Choices::default());
}

#[tokio::test]
async fn nothing_chosen_may_be_written_as_null_too() {
    let app = TestApp::start().await;
    let nothing = json!({
        "language": null, "shown_contact": null, "mail_wanted": null, "muted": null, "on_duty": null,
        "duty_campuses": null, "max_jobs": null,
    });

    import(&app.app.db, line(&nothing)).await.expect("imports");

    assert_eq!(people(&app.app.db).await[0].choices, Choices::default());
}

#[tokio::test]
async fn a_choice_that_there_is_not_is_named() {
    let app = TestApp::start().await;
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
        let refused = import(&app.app.db, line(&json!({ key: value }))).await;

        assert_eq!(refused, Err(format!("line 1: {reason}")), "{key}");
    }
    assert_eq!(people(&app.app.db).await, []);
}
