//! `fixdesk demo`.

use std::collections::BTreeMap;
use std::io::Read as _;

use fixdesk::cli::demo;
use fixdesk::domain::tickets::status::Status;
use serde_json::{Value, json};

use super::{Desk, lines, ticket, with, zhou};

#[tokio::test]
async fn the_same_seed_tells_the_same_story() {
    let mut exports = Vec::new();
    for desk in Desk::on_every_database().await {
        desk.demo(40, 3, 500, 1).await;
        exports.push(desk.export().await);
    }
    let other = Desk::on_sqlite().await;
    other.demo(40, 3, 500, 2).await;

    exports.push({
        let desk = Desk::on_sqlite().await;
        desk.demo(40, 3, 500, 1).await;
        desk.export().await
    });
    assert!(exports.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(other.export().await != exports[0]);
}

#[tokio::test]
async fn the_smallest_demo_is_a_demo_too() {
    for desk in Desk::on_every_database().await {
        desk.demo(1, 1, 0, 1).await;

        let exported = desk.export().await;
        assert_eq!(exported.lines().count(), 5);
        for name in ["user", "technician", "admin"] {
            assert!(exported.contains(&format!("\"username\":\"{name}\"")), "{name}");
        }
    }
}

#[tokio::test]
async fn demo_data_does_not_mix_with_what_is_there() {
    for desk in Desk::on_every_database().await {
        desk.import(lines(&[zhou()])).await.expect("imports");
        let before = (desk.export().await, desk.indexes().await);

        let arguments = demo::Arguments { users: 5, technicians: 1, tickets: 10, seed: 1 };
        let refused = demo::fill(&desk, &arguments).await.expect_err("somebody is there");

        assert!(refused.to_string().contains("already has people or tickets"), "{refused}");
        assert_eq!((desk.export().await, desk.indexes().await), before);
    }
}

#[tokio::test]
async fn totals_and_indexes_are_right_after_a_load() {
    for desk in Desk::on_every_database().await {
        let before = desk.indexes().await;

        desk.demo(50, 3, 1_500, 1).await;
        assert_eq!(desk.miscounts().await, []);
        assert_eq!(desk.indexes().await, before);

        let late = with(&ticket(), "user_id", json!(20230000001_i64));
        desk.import(lines(&[late])).await.expect("imports");
        assert_eq!(desk.miscounts().await, []);
        assert_eq!(desk.indexes().await, before);
    }
}

#[tokio::test]
async fn the_demo_accounts_have_something_of_everything() {
    let desk = Desk::on_sqlite().await;
    desk.demo(800, 12, 2_500, 1).await;
    let exported = desk.export().await;
    let tickets = tickets_of(&exported);
    let (user, technician) = (id_of(&exported, "user"), id_of(&exported, "technician"));
    let of = |key: &str, id: &Value| tickets.iter().filter(|line| &line[key] == id).collect::<Vec<_>>();

    let filed = of("user_id", &user);
    assert!(filed.len() >= 30, "{}", filed.len());
    let jobs = of("assigned_technician_id", &technician);
    assert!(jobs.len() >= 100, "{}", jobs.len());
    assert!(of("user_id", &technician).len() >= 3);
    for status in Status::ALL {
        assert!(filed.iter().any(|line| line["repair_status"] == status.name()), "{status}");
        assert!(
            status == Status::Canceled || jobs.iter().any(|line| line["repair_status"] == status.name()),
            "{status}"
        );
    }
    let waiting = |assigned: bool| {
        tickets.iter().any(|line| {
            line["repair_status"] == "Pending" && line["assigned_technician_id"].is_null() != assigned
        })
    };
    assert!(waiting(true) && waiting(false));
}

#[tokio::test]
async fn the_story_is_consistent() {
    let desk = Desk::on_sqlite().await;
    desk.demo(300, 6, 4_000, 3).await;
    let exported = desk.export().await;
    let tickets = tickets_of(&exported);
    let times: Vec<&str> = tickets.iter().map(|line| line["created_at"].as_str().expect("a time")).collect();

    assert!(times.is_sorted(), "ids rise with time");
    for line in &tickets {
        let created = line["created_at"].as_str().expect("a time");
        let assigned = line["assigned_time"].as_str();
        let completed = line["completion_time"].as_str();
        assert!(("2023-09-01".."2026-11-01").contains(&created), "{line}");
        assert_eq!(assigned.is_some(), line["assigned_technician_id"].is_number(), "{line}");
        assert_eq!(completed.is_some(), line["repair_status"] == "Done", "{line}");
        assert!(assigned.is_none_or(|time| created < time), "{line}");
        assert!(completed.is_none_or(|time| assigned.is_some_and(|assigned| assigned < time)), "{line}");
        for time in [assigned, completed].into_iter().flatten() {
            assert!(("10:00:00"..="20:00:00").contains(&&time[11..19]), "{line}");
            assert!(time < "2026-11-01T20:00:01", "{line}");
        }
        assert!(line["machine_purchase_date"].as_str().is_none_or(|date| date < created), "{line}");
        assert!(line["user_id"] != line["assigned_technician_id"], "{line}");
    }
}

fn tickets_of(exported: &str) -> Vec<Value> {
    let lines = exported.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|line| line["kind"] == "ticket").collect()
}

fn id_of(exported: &str, username: &str) -> Value {
    let lines = exported.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.into_iter().find(|line| line["username"] == username).expect("somebody")["id"].clone()
}

#[tokio::test]
async fn the_newest_tickets_have_photos_and_some_are_on_offer() {
    let desk = Desk::on_sqlite().await;
    desk.demo(800, 12, 2_500, 1).await;
    let lines = everything(&desk.archive().await);
    let of = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).collect::<Vec<_>>();
    let told = |name: &str| of("user").into_iter().find(|line| line["username"] == name).expect("somebody");
    let (user, technician) = (&told("user")["id"], &told("technician")["id"]);

    let photos = of("photo");
    assert!((60..400).contains(&photos.len()), "{}", photos.len());
    let mut numbers = BTreeMap::new();
    for photo in &photos {
        *numbers.entry(photo["ticket_id"].to_string()).or_insert(0) += 1;
        let is_told = |line: &&Value| line["what"] == "photo" && line["note"] == photo["id"];
        let event = of("event").into_iter().find(is_told).expect("an event");
        assert_eq!(
            (&event["ticket_id"], &event["actor_id"], &event["at"]),
            (&photo["ticket_id"], &photo["uploaded_by"], &photo["created_at"])
        );
    }
    assert!(numbers.values().all(|count| (1..=3).contains(count)), "{numbers:?}");
    let tickets = of("ticket");
    let has_photos = |line: &&Value| numbers.contains_key(&line["id"].to_string());
    for (key, id) in [("user_id", user), ("assigned_technician_id", technician)] {
        assert!(tickets.iter().copied().filter(has_photos).any(|line| &line[key] == id), "{key}");
    }

    let offers: Vec<_> = tickets.iter().filter(|line| !line["offered_to"].is_null()).collect();
    assert!(offers.iter().any(|line| &line["offered_to"] == technician), "{offers:?}");
    for line in offers {
        let mut history = of("event").into_iter().filter(|event| event["ticket_id"] == line["id"]);
        let last = history.next_back().expect("a history");
        assert_eq!((&last["what"], &last["offered_to"]), (&json!("offer"), &line["offered_to"]));
        assert_ne!(line["offered_to"], line["assigned_technician_id"], "{line}");
        assert_ne!(line["offered_to"], line["user_id"], "{line}");
    }
}

#[tokio::test]
async fn the_same_seed_takes_the_same_photos() {
    let mut archives = Vec::new();
    for desk in [Desk::on_sqlite().await].into_iter().chain(Desk::on_every_database().await) {
        desk.demo(40, 3, 300, 1).await;
        archives.push(desk.archive().await);
        let copy = Desk::on_sqlite().await;
        copy.unpack(&archives[0]).await.expect("imports");
        assert!(copy.archive().await == archives[0]);
    }
    let other = Desk::on_sqlite().await;
    other.demo(40, 3, 300, 2).await;

    assert!(archives.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(other.archive().await != archives[0]);
}

/// The lines of an archive.
fn everything(archive: &[u8]) -> Vec<Value> {
    let mut archive = tar::Archive::new(archive);
    let entries = archive.entries().expect("reads").map(|entry| entry.expect("reads"));
    let mut lines = entries
        .into_iter()
        .find(|entry| entry.path().expect("a name").ends_with("desk.jsonl"))
        .expect("lines");
    let mut text = String::new();
    lines.read_to_string(&mut text).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}
