//! Whole databases in and out: `demo`, `export` and `import`, on SQLite and,
//! where `TEST_DATABASE_URL` names a server, on PostgreSQL and between both.

use std::io::Cursor;
use std::sync::atomic::{AtomicU64, Ordering};

use fixdesk::cli::import::{ImportError, Loaded};
use fixdesk::cli::{demo, export, import};
use fixdesk::config::Config;
use fixdesk::domain::person::{Person, Role, UserId};
use fixdesk::domain::status::Status;
use fixdesk::domain::ticket::{Dossier, Ticket, TicketId};
use fixdesk::domain::time::Instant;
use fixdesk::service::passwords;
use fixdesk::service::site::Site;
use fixdesk::store::counters::{self, Miscount};
use fixdesk::store::{self, Bulk, Db};
use indicatif::ProgressBar;
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A database of one test's own.
struct Desk {
    db: Db,
    site: Site,
    _folder: TempDir,
}

impl Desk {
    async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("desk.db").display());
        Self::open(&url, folder).await
    }

    /// `None` where there is no server.
    async fn on_postgres() -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);

        let server = std::env::var("TEST_DATABASE_URL").ok()?;
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let schema = format!("fixdesk_transfer_{}_{number}", std::process::id());
        let pool = sqlx::PgPool::connect(&server).await.expect("the server of TEST_DATABASE_URL");
        let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
        sqlx::query(create).execute(&pool).await.expect("a schema");
        pool.close().await;
        let joint = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{joint}options=-csearch_path%3D{schema}");
        Some(Self::open(&url, tempfile::tempdir().expect("a folder")).await)
    }

    async fn on_every_database() -> Vec<Self> {
        let mut desks = vec![Self::on_sqlite().await];
        desks.extend(Self::on_postgres().await);
        desks
    }

    async fn open(url: &str, folder: TempDir) -> Self {
        let db = store::connect(url).await.expect("a database");
        let site = Config::default().site().expect("the default settings");
        Self { db, site, _folder: folder }
    }

    async fn demo(&self, users: u64, technicians: u64, tickets: u64, seed: u64) {
        let arguments = demo::Arguments { users, technicians, tickets, seed };
        demo::fill(&self.db, &self.site, &arguments).await.expect("an empty database takes demo data");
    }

    async fn export(&self) -> String {
        let mut out = Vec::new();
        let bar = ProgressBar::hidden();
        export::write_everything(&self.db, self.site.zone, &mut out, &bar).await.expect("exports");
        String::from_utf8(out).expect("UTF-8")
    }

    async fn import(&self, file: impl Into<Vec<u8>>) -> Result<Loaded, ImportError> {
        import::load(&self.db, self.site.zone, Cursor::new(file.into()), &ProgressBar::hidden()).await
    }

    async fn insert(&self, people: &[Person], tickets: &[Ticket]) {
        let mut bulk = Bulk::begin(&self.db).await.expect("begins");
        bulk.insert_people(people).await.expect("people");
        bulk.insert_tickets(&dossiers(tickets)).await.expect("tickets");
        bulk.commit().await.expect("commits");
    }

    /// What counters say that counting does not.
    async fn miscounts(&self) -> Vec<Miscount> {
        counters::miscounts(&self.db).await.expect("counters")
    }

    async fn indexes(&self) -> Vec<String> {
        match &self.db {
            Db::Sqlite { read, .. } => sqlx::query_scalar(
                "SELECT sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY sql",
            )
            .fetch_all(read.pool())
            .await
            .expect("a catalogue"),
            Db::Postgres { read, .. } => sqlx::query_scalar(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
                 UNION ALL
                 SELECT tgname::text || ' ' || tgenabled::text FROM pg_trigger
                 WHERE tgrelid = 'tickets'::regclass AND NOT tgisinternal
                 UNION ALL
                 SELECT conname::text || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated::text
                 FROM pg_constraint WHERE conrelid = 'tickets'::regclass
                 ORDER BY 1",
            )
            .fetch_all(read.pool())
            .await
            .expect("a catalogue"),
        }
    }
}

fn zhou() -> Value {
    json!({
        "kind": "user", "id": 1, "username": "zhou", "role": "user", "nickname": "周雨晴",
        "phone": "", "email": "", "campus": "江安", "disabled": false,
        "created_at": "2024-06-01T08:00:00+08:00", "password_hash": null,
    })
}

fn li() -> Value {
    with(&with(&zhou(), "id", json!(2)), "username", json!("li"))
}

/// A ticket that Zhou filed.
fn ticket() -> Value {
    json!({
        "kind": "ticket", "id": 10, "user_id": 1, "machine_purchase_date": "2024-06-01",
        "user_phone": "123456789", "device_type": "笔记本", "computer_brand": "华为 MateBook",
        "repair_description": "风扇很响", "repair_status": "Pending", "repair_image_url": null,
        "fault_type": "清灰", "qq_number": "123456", "campus": "江安", "assigned_technician_id": null,
        "assigned_time": null, "completion_time": null, "created_at": "2024-06-10T12:00:00+08:00",
    })
}

fn with(line: &Value, key: &str, value: Value) -> Value {
    let mut line = line.clone();
    line[key] = value;
    line
}

fn without(line: &Value, key: &str) -> Value {
    let mut line = line.clone();
    line.as_object_mut().expect("an object").remove(key);
    line
}

fn lines(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[tokio::test]
async fn an_export_reads_back_byte_for_byte_on_either_database() {
    let original = Desk::on_sqlite().await;
    original.demo(60, 5, 2_100, 7).await;
    let exported = original.export().await;

    for copy in Desk::on_every_database().await {
        let loaded = copy.import(exported.clone()).await.expect("imports");

        assert_eq!((loaded.people, loaded.tickets), (68, 2_100));
        assert!(loaded.events > 2_100, "{loaded:?}");
        assert!(copy.export().await == exported);
        // And back again.
        let again = Desk::on_sqlite().await;
        again.import(copy.export().await).await.expect("imports");
        assert!(again.export().await == exported);
    }
}

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
        let refused = demo::fill(&desk.db, &desk.site, &arguments).await.expect_err("somebody is there");

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

fn tickets_of(exported: &str) -> Vec<Value> {
    let lines = exported.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.filter(|line| line["kind"] == "ticket").collect()
}

fn id_of(exported: &str, username: &str) -> Value {
    let lines = exported.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.into_iter().find(|line| line["username"] == username).expect("somebody")["id"].clone()
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
        (file(json!({"kind": "note"})), "line 2: unknown kind \"note\": use \"user\", \"ticket\" or \"event\"".into()),
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
            "line 2: username: a user name has 1 to 64 characters, none of them blank or a control character".into(),
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
        // What only the database knows. Zhou, 1, and their ticket 9 are there already.
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

        assert_eq!(loaded, Loaded { people: 2, tickets: 1, events: 0 });
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
async fn an_empty_file_and_an_empty_database_are_fine() {
    for desk in Desk::on_every_database().await {
        assert_eq!(desk.import("").await.expect("imports"), Loaded::default());
        assert_eq!(desk.export().await, "");
    }
}

/// Any text that both databases keep.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let any = any::<char>().prop_filter("no NUL", |c| *c != '\0');
    proptest::collection::vec(any, 0..longest).prop_map(|chars| chars.into_iter().collect())
}

fn time() -> impl Strategy<Value = Instant> {
    prop_oneof![
        (-62_135_510_400_i64..=253_402_128_000).prop_map(Instant),
        (0_i64..=4_000_000_000).prop_map(Instant),
    ]
}

fn id() -> impl Strategy<Value = i64> {
    prop_oneof![1_i64..=9_007_199_254_740_991, 1_i64..=100]
}

prop_compose! {
    fn any_person()(
        id in id(), username in "[\\p{L}\\p{N}\\p{S}]{0,40}", role in proptest::sample::select(&Role::ALL[..]),
        nickname in text(40), phone in text(40), email in text(40), campus in text(40),
        disabled in any::<bool>(), has_password in any::<bool>(), created_at in time(),
    ) -> Person {
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$Zml4ZGVzay1kZW1vZGF0YQ$9LW0y8J24rbhhACnChXoWAsnGAGexTvnfyyiat6Tr0M";
        Person {
            id: UserId(id), username, role, nickname, phone, email, campus, disabled,
            password_hash: if has_password { hash.to_owned() } else { String::new() },
            created_at, choices: Default::default(),
        }
    }
}

prop_compose! {
    fn any_texts()(
        phone in text(20), device_type in text(20), brand in text(20), description in text(200),
        fault_type in text(20), qq in text(20), campus in text(20), image_url in proptest::option::of(text(60)),
    ) -> ([String; 7], Option<String>) {
        ([phone, device_type, brand, description, fault_type, qq, campus], image_url)
    }
}

prop_compose! {
    /// Owner and technician are to be taken from the people.
    fn any_ticket()(
        id in id(), owner in any::<proptest::sample::Index>(), technician in proptest::option::of(any::<proptest::sample::Index>()),
        status in proptest::sample::select(&Status::ALL[..]),
        purchase in proptest::option::of((1900_u16..2100, 1_u8..=12, 1_u8..=28)),
        texts in any_texts(),
        created_at in time(), assigned_at in proptest::option::of(time()), completed_at in proptest::option::of(time()),
    ) -> (Ticket, proptest::sample::Index, Option<proptest::sample::Index>) {
        let ([phone, device_type, brand, description, fault_type, qq, campus], image_url) = texts;
        let purchase_date = purchase.map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"));
        let ticket = Ticket {
            id: TicketId(id), owner: UserId(1), technician: None, status, purchase_date, phone, device_type, brand,
            description, image_url, fault_type, qq, campus, created_at, assigned_at, completed_at,
        };
        (ticket, owner, technician)
    }
}

/// People and tickets as a database may hold them.
fn any_desk() -> impl Strategy<Value = (Vec<Person>, Vec<Ticket>)> {
    let people = proptest::collection::vec(any_person(), 1..6);
    let tickets = proptest::collection::vec(any_ticket(), 0..12);
    (people, tickets).prop_map(|(mut people, tickets)| {
        people.sort_by_key(|person| person.id);
        people.dedup_by_key(|person| person.id);
        for (number, person) in people.iter_mut().enumerate() {
            person.username.insert_str(0, &format!("{number}."));
        }
        let mut tickets: Vec<Ticket> = tickets
            .into_iter()
            .map(|(ticket, owner, technician)| Ticket {
                owner: owner.get(&people).id,
                technician: technician.map(|index| index.get(&people).id),
                ..ticket
            })
            .collect();
        tickets.sort_by_key(|ticket| ticket.id);
        tickets.dedup_by_key(|ticket| ticket.id);
        (people, tickets)
    })
}

fn dossiers(tickets: &[Ticket]) -> Vec<Dossier> {
    tickets.iter().cloned().map(Dossier::of).collect()
}

async fn contents(db: &Db) -> (Vec<Person>, Vec<Dossier>) {
    let mut tx = store::snapshot(db).await.expect("a snapshot");
    let people = store::people_after(&mut tx, UserId(0)).await.expect("people");
    let tickets = store::tickets_after(&mut tx, TicketId(0)).await.expect("tickets");
    (people, tickets)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_database_holds_comes_back_the_same((people, tickets) in any_desk()) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let original = Desk::on_sqlite().await;
            original.insert(&people, &tickets).await;
            let exported = original.export().await;

            for copy in Desk::on_every_database().await {
                copy.import(exported.clone()).await.expect("imports");

                assert_eq!(contents(&copy.db).await, (people.clone(), dossiers(&tickets)));
                assert_eq!(copy.export().await, exported);
                assert_eq!(copy.miscounts().await, []);
            }
        });
    }
}
