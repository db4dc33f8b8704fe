//! `fixdesk import`: accepted files, and errors of bad ones.

use fixdesk::cli::import::Loaded;
use fixdesk::service::sign_in::passwords;
use serde_json::{Value, json};

use super::{Desk, li, lines, ticket, with, without, zhou};

#[tokio::test]
async fn a_bad_file_is_refused_whole_and_the_line_is_named() {
    let file = |bad: Value| lines(&[li(), bad]);
    let wrong = |key: &str, value: Value| lines(&[li(), with(&ticket(), key, value)]);
    let event = |key: &str, value: Value| {
        let event = json!({
            "kind": "event", "ticket_id": 9, "number": 1, "at": "2024-06-10T12:00:00+08:00",
            "actor_id": 1, "what": "filed", "repair_status": "Pending",
        });
        lines(&[li(), with(&event, key, value)])
    };
    let id_range = "must be an integer from 1 to 9007199254740991";
    let time =
        "must be a time like 2024-06-10T12:00:00+08:00, or 2024-06-10 12:00:00 on the clock of the site";
    let cases: Vec<(String, String)> = vec![
        ("{\n".into(), "line 1: not JSON: EOF while parsing an object at column 1".into()),
        (lines(&[li()]) + "nonsense\n", "line 2: not JSON: expected ident at column 2".into()),
        (lines(&[li()]) + "{} {}\n", "line 2: not JSON: trailing characters at column 4".into()),
        (lines(&[li()]) + "\n \r\n[1]\n", "line 4: not a JSON object".into()),
        (file(json!({"kind": "note"})), "line 2: unknown kind \"note\": use \"user\", \"ticket\", \"deleted_ticket\", \"event\" or \"photo\"".into()),
        (file(json!({"id": 5})), "line 2: the key \"kind\" is missing".into()),
        (wrong("colour", json!(1)), "line 2: unknown key \"colour\"".into()),
        (file(without(&ticket(), "qq_number")), "line 2: the key \"qq_number\" is missing".into()),
        (file(without(&zhou(), "created_at")), "line 2: the key \"created_at\" is missing".into()),
        (
            lines(&[li()]) + &ticket().to_string().replacen("\"id\":", "\"id\":9,\"id\":", 1),
            "line 2: the key \"id\" is there twice".into(),
        ),
        (wrong("id", json!("10")), format!("line 2: id {id_range}")),
        (wrong("id", json!(0)), format!("line 2: id {id_range}")),
        (wrong("id", json!(-1)), format!("line 2: id {id_range}")),
        (wrong("id", json!(1.5)), format!("line 2: id {id_range}")),
        (wrong("id", json!(null)), format!("line 2: id {id_range}")),
        (wrong("id", json!(9_007_199_254_740_992_i64)), format!("line 2: id {id_range}")),
        (wrong("user_id", json!(0)), format!("line 2: user_id {id_range}")),
        (wrong("assigned_technician_id", json!("1")), format!("line 2: assigned_technician_id {id_range}")),
        (wrong("campus", json!(null)), "line 2: campus must be a text".into()),
        (wrong("campus", json!("江".repeat(256))), "line 2: campus must be at most 255 characters".into()),
        (wrong("fault_type", json!(["清灰"])), "line 2: fault_type must be a text".into()),
        (wrong("computer_brand", json!("a\0b")), "line 2: computer_brand must be a text without NUL characters".into()),
        (
            wrong("repair_status", json!("pending")),
            "line 2: repair_status must be Pending, Repairing, UserConfirming, TechConfirming, Done, Closed or Canceled".into(),
        ),
        (wrong("machine_purchase_date", json!("2024-02-30")), "line 2: machine_purchase_date must be a date like 2024-06-01".into()),
        (wrong("machine_purchase_date", json!("")), "line 2: machine_purchase_date must be a date like 2024-06-01".into()),
        (wrong("created_at", json!("2024-06-10")), format!("line 2: created_at {time}")),
        (wrong("assigned_time", json!("2024-06-10T25:00:00Z")), format!("line 2: assigned_time {time}")),
        (wrong("completion_time", json!(1_717_992_000)), "line 2: completion_time must be a text".into()),
        (file(with(&zhou(), "role", json!("Admin"))), "line 2: role must be user, technician or admin".into()),
        (file(with(&zhou(), "disabled", json!(0))), "line 2: disabled must be true or false".into()),
        (
            file(with(&zhou(), "username", json!("zhou yu"))),
            "line 2: username: a user name has 1 to 64 characters of one script, none of them blank, invisible or a control character".into(),
        ),
        (
            file(with(&zhou(), "email", json!("a..b@c.example"))),
            "line 2: email must be an e-mail address like chen@example.edu, or nothing; with unchecked_email it stays as it is"
                .into(),
        ),
        (file(with(&zhou(), "password", json!("short"))), "line 2: password: a password has at least 8 characters".into()),
        (
            file(with(&zhou(), "password_hash", json!("plain"))),
            "line 2: password_hash must be an argon2id hash that begins with $argon2id$".into(),
        ),
        (
            file(with(&with(&zhou(), "password_hash", json!(passwords::hash_now("x").expect("hashes"))), "password", json!("12345678"))),
            "line 2: password and password_hash cannot both be given".into(),
        ),
        (wrong("warranty_status", json!("perhaps")), "line 2: warranty_status must be valid or expired, or nothing".into()),
        (event("what", json!("exploded")), "line 2: what must be something that happens to tickets, like filed or accept".into()),
        (event("changes", json!([1])), "line 2: changes must be a list of objects with field, old and new".into()),
        (event("number", json!(0)), format!("line 2: number {id_range}")),
        (event("ticket_id", json!(99)), "line 2: there is no ticket 99, neither on an earlier line nor in the database".into()),
        (
            event("actor_id", json!(77)),
            "line 2: actor_id names user 77, whom neither an earlier line nor the database has".into(),
        ),
        // Checks by the database. Zhou, 1, and their ticket 9 are there already.
        (
            wrong("user_id", json!(77)),
            "line 2: user_id names user 77, whom neither an earlier line nor the database has".into(),
        ),
        (
            wrong("assigned_technician_id", json!(78)),
            "line 2: assigned_technician_id names user 78, whom neither an earlier line nor the database has".into(),
        ),
        (lines(&[with(&ticket(), "user_id", json!(2)), li()]), "line 1: user_id names user 2, whom neither an earlier line nor the database has".into()),
        (wrong("id", json!(9)), "line 2: the id 9 is already taken".into()),
        (lines(&[li(), ticket(), ticket()]), "line 3: the id 10 is already taken".into()),
        (file(with(&li(), "username", json!("wang"))), "line 2: the id 2 is already taken".into()),
        (file(with(&li(), "id", json!(3))), "line 2: the user name \"li\" is already taken".into()),
        (lines(&[with(&zhou(), "username", json!("wang"))]), "line 1: the id 1 is already taken".into()),
        (lines(&[with(&zhou(), "id", json!(3))]), "line 1: the user name \"zhou\" is already taken".into()),
        (lines(&[with(&li(), "username", json!("ZHOU"))]), "line 1: the user name \"ZHOU\" is already taken".into()),
    ];
    for desk in Desk::on_every_database().await {
        desk.import(lines(&[zhou(), with(&ticket(), "id", json!(9))])).await.expect("imports");
        let before = (desk.export().await, desk.miscounts().await, desk.indexes().await);

        for (file, reason) in &cases {
            let refused = desk.import(file.clone()).await.expect_err(reason);

            assert_eq!(&refused.to_string(), reason, "{file}");
        }
        assert_eq!((desk.export().await, desk.miscounts().await, desk.indexes().await), before);
    }
}

#[tokio::test]
async fn an_address_from_before_the_rules_is_restored_from_the_desks_own_export() {
    let old = with(&with(&zhou(), "email", json!("zhou@b.")), "unchecked_email", json!(true));
    for desk in Desk::on_every_database().await {
        desk.import(lines(std::slice::from_ref(&old))).await.expect("imports");

        let exported = desk.export().await;
        assert!(exported.contains("\"email\":\"zhou@b.\",\"unchecked_email\":true"), "{exported}");
        let again = Desk::on_sqlite().await;
        again.import(exported.clone()).await.expect("imports");
        assert_eq!(again.export().await, exported);
    }
}

#[tokio::test]
async fn a_bad_line_far_into_a_file_is_found() {
    for desk in Desk::on_every_database().await {
        let mut file = lines(&[zhou()]);
        for id in 1..=3_500 {
            // The 2,345th ticket has the id of an earlier one.
            let id = if id == 2_345 { 1_999 } else { id };
            file += &lines(&[with(&ticket(), "id", json!(id))]);
        }

        let refused = desk.import(file).await.expect_err("an id twice");

        assert_eq!(refused.to_string(), "line 2346: the id 1999 is already taken");
        assert_eq!(desk.export().await, "");
    }
}

#[tokio::test]
async fn of_two_bad_lines_the_first_is_named() {
    for desk in Desk::on_every_database().await {
        let unknown_user = with(&ticket(), "user_id", json!(5));

        let refused =
            desk.import(lines(&[zhou(), unknown_user, json!({"kind": "note"})])).await.expect_err("two");

        assert!(refused.to_string().starts_with("line 2: user_id"), "{refused}");
    }
}

#[tokio::test]
async fn what_is_not_utf8_or_far_too_long_is_refused() {
    let desk = Desk::on_sqlite().await;
    let mut broken = lines(&[zhou()]).into_bytes();
    broken.extend(b"{\"kind\":\"\xff\"}\n");
    let endless = lines(&[zhou()]) + &" ".repeat((16 << 20) + 1);

    assert_eq!(desk.import(broken).await.expect_err("bytes").to_string(), "line 2: not UTF-8");
    assert_eq!(desk.import(endless).await.expect_err("long").to_string(), "line 2: longer than 16 MiB");
}

#[tokio::test]
async fn files_written_by_hand_are_understood() {
    for desk in Desk::on_every_database().await {
        let zhou = json!({"kind": "user", "id": 1, "username": "zhou", "role": "user", "nickname": "周",
            "created_at": "2024-06-10 12:00:00", "password": "correct horse"});
        let mut short = ticket();
        for key in [
            "machine_purchase_date",
            "repair_image_url",
            "assigned_technician_id",
            "assigned_time",
            "completion_time",
        ] {
            short = without(&short, key);
        }
        let short = with(&short, "created_at", json!("2024-06-10T04:00:00Z"));
        // A byte order mark, line ends of Windows, blank lines, no last line end, a user after a ticket.
        let file = format!("\u{feff}{zhou}\r\n\r\n{short}\r\n\n{}", li());

        let loaded = desk.import(file).await.expect("imports");

        assert_eq!(loaded, Loaded { people: 2, tickets: 1, events: 0, photos: 0 });
        let exported = desk.export().await;
        let lines: Vec<&str> = exported.lines().collect();
        assert!(lines[0].starts_with(
            "{\"kind\":\"user\",\"id\":1,\"username\":\"zhou\",\"role\":\"user\",\"nickname\":\"周\",\"phone\":\"\",\"email\":\"\",\
             \"campus\":\"\",\"disabled\":false,\"created_at\":\"2024-06-10T12:00:00+08:00\",\"password_hash\":\"$argon2id$v=19$"
        ), "{}", lines[0]);
        assert!(lines[1].contains("\"password_hash\":null,"), "{}", lines[1]);
        assert_eq!(
            lines[2],
            "{\"kind\":\"ticket\",\"id\":10,\"user_id\":1,\"machine_purchase_date\":null,\"user_phone\":\"123456789\",\
             \"device_type\":\"笔记本\",\"computer_brand\":\"华为 MateBook\",\"repair_description\":\"风扇很响\",\
             \"repair_status\":\"Pending\",\"repair_image_url\":null,\"fault_type\":\"清灰\",\"qq_number\":\"123456\",\
             \"campus\":\"江安\",\"assigned_technician_id\":null,\"assigned_time\":null,\"completion_time\":null,\
             \"created_at\":\"2024-06-10T12:00:00+08:00\",\"model\":\"\",\"warranty_status\":\"\",\"offered_to\":null,\
             \"version\":1,\"changed_at\":\"2024-06-10T12:00:00+08:00\",\"waiting_since\":\"2024-06-10T12:00:00+08:00\"}"
        );
    }
}

#[tokio::test]
async fn a_warranty_is_understood_in_the_words_of_other_programs() {
    for desk in Desk::on_every_database().await {
        let words = ["under", "valid", "expired", "unknown", ""];
        let ticket = |(at, word): (usize, &&str)| {
            with(&with(&ticket(), "id", json!(10 + at)), "warranty_status", json!(word))
        };
        let file: Vec<Value> = [zhou()].into_iter().chain(words.iter().enumerate().map(ticket)).collect();

        desk.import(lines(&file)).await.expect("is understood");

        let exported = desk.export().await;
        let kept: Vec<Value> = exported
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|line| line["kind"] == "ticket")
            .map(|line| line["warranty_status"].clone())
            .collect();
        assert_eq!(kept, ["valid", "valid", "expired", "", ""]);
    }
}

#[tokio::test]
async fn an_empty_file_and_an_empty_database_are_fine() {
    for desk in Desk::on_every_database().await {
        assert_eq!(desk.import("").await.expect("imports"), Loaded::default());
        assert_eq!(desk.export().await, "");
    }
}

/// A file of which more comes when it is sent, and which ends with its sender.
struct Pipe(std::sync::mpsc::Receiver<String>);

impl std::io::Read for Pipe {
    fn read(&mut self, space: &mut [u8]) -> std::io::Result<usize> {
        let text = self.0.recv().unwrap_or_default();
        space[..text.len()].copy_from_slice(text.as_bytes());
        Ok(text.len())
    }
}

#[tokio::test]
async fn nobody_waits_while_a_file_is_read_and_passwords_are_hashed() {
    for desk in Desk::on_every_database().await {
        let (file, pipe) = std::sync::mpsc::channel();
        let (bar, input) = (indicatif::ProgressBar::hidden(), std::io::BufReader::new(Pipe(pipe)));
        file.send(lines(&[with(&without(&zhou(), "password_hash"), "password", json!("long enough"))]))
            .expect("is read");

        let others = async {
            // The first lines have come by now.
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            let written = desk.execute("DELETE FROM idempotency_keys");
            tokio::time::timeout(std::time::Duration::from_secs(5), written).await.expect("does not wait");
            drop(file);
        };
        let (loaded, ()) = tokio::join!(fixdesk::cli::import::load(&desk, input, &bar), others);

        assert_eq!(loaded.expect("imports").people, 1);
    }
}
