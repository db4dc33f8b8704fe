//! The program as somebody at a terminal, or a script, meets it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder to work in, with a database of its own.
pub struct Folder(TempDir);

/// How a command ended, and what it said.
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A folder with a desk in which nobody is.
    fn with_desk() -> Self {
        let folder = Self::new();
        let made = folder.run(&["init"]);
        assert_eq!(made.code, Some(0), "{}", made.stderr);
        folder
    }

    /// A folder with Zhou, a user who has a password.
    fn with_zhou() -> Self {
        let folder = Self::with_desk();
        let added = folder
            .run_with("zhou's password\n", &["user", "add", "zhou", "--role", "user", "--campus", "江安"]);
        assert_eq!(added.code, Some(0), "{}", added.stderr);
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Nothing of the settings of whoever runs the tests.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fixdesk"));
        command.args(arguments).current_dir(self.0.path()).env_clear().env("DATABASE_URL", "sqlite:desk.db");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with("", arguments)
    }

    fn run_with(&self, stdin: &str, arguments: &[&str]) -> Outcome {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the program starts");
        // A command that asks for nothing may have ended already.
        let _ = child.stdin.take().expect("piped").write_all(stdin.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// The line about one person in an export.
    fn line_of(&self, name: &str) -> String {
        let exported = self.run(&["export", "-"]).stdout;
        let key = format!("\"username\":\"{name}\"");
        exported.lines().find(|line| line.contains(&key)).unwrap_or_default().to_owned()
    }
}

fn assert_refused(outcome: &Outcome, message: &str) {
    assert_eq!(outcome.code, Some(1), "{}", outcome.stdout);
    assert_eq!(outcome.stderr, format!("fixdesk: {message}\n"));
    assert_eq!(outcome.stdout, "");
}

#[test]
fn somebody_is_added_with_a_password_from_a_script() {
    let folder = Folder::with_desk();
    let arguments = [
        "user",
        "add",
        "chen",
        "--role",
        "technician",
        "--nickname",
        "陈工",
        "--phone",
        "15400000001",
        "--email",
        "chen@example.edu",
        "--campus",
        "望江",
    ];

    let added = folder.run_with("a long password\n", &arguments);

    assert_eq!(added.code, Some(0), "{}", added.stderr);
    assert!(added.stdout.starts_with("added chen with the id 20"), "{}", added.stdout);
    assert_eq!(added.stderr, "");
    let line = folder.line_of("chen");
    assert!(line.contains("\"role\":\"technician\",\"nickname\":\"陈工\",\"phone\":\"15400000001\",\"email\":\"chen@example.edu\",\"campus\":\"望江\",\"disabled\":false"), "{line}");
    assert!(line.contains("\"password_hash\":\"$argon2id$v=19$m=19456,t=2,p=1$"), "{line}");
    assert!(!line.contains("a long password"));
}

#[test]
fn people_are_numbered_by_the_year() {
    let folder = Folder::with_zhou();
    folder.run_with("li's password\n", &["user", "add", "li", "--role", "user"]);

    let ids: Vec<String> =
        folder.run(&["user", "list"]).stdout.lines().skip(1).map(|row| row[..11].to_owned()).collect();

    assert!(ids[0].ends_with("0000001") && ids[1].ends_with("0000002"), "{ids:?}");
}

#[test]
fn names_that_are_taken_wrong_or_unknown_are_told_apart() {
    let folder = Folder::with_zhou();
    let id = folder.run(&["user", "list"]).stdout.lines().nth(1).expect("zhou")[..11].to_owned();
    let wrong = "a user name has 1 to 64 characters of one script, none of them blank, invisible or a control character";

    let taken = folder.run_with("long enough\n", &["user", "add", "Zhou", "--role", "user"]);
    assert_refused(&taken, &format!("the user name \"Zhou\" is already taken, by the user with the id {id}"));
    assert_refused(&folder.run_with("long enough\n", &["user", "add", "zhou yu", "--role", "user"]), wrong);
    assert_refused(&folder.run_with("long enough\n", &["user", "add", "", "--role", "user"]), wrong);
    let elsewhere =
        folder.run_with("long enough\n", &["user", "add", "li", "--role", "user", "--campus", "北京"]);
    assert_refused(&elsewhere, "there is no campus \"北京\": use one of 江安, 望江, 华西");
    for command in ["set-password", "disable", "enable"] {
        let unknown = folder.run_with("long enough\n", &["user", command, "nobody"]);
        assert_refused(&unknown, "there is nobody with the user name \"nobody\"");
    }
    assert_refused(
        &folder.run(&["user", "set-role", "nobody", "admin"]),
        "there is nobody with the user name \"nobody\"",
    );
}

#[test]
fn a_role_is_one_of_three() {
    let folder = Folder::with_zhou();

    for arguments in [&["user", "add", "li", "--role", "boss"][..], &["user", "set-role", "zhou", "boss"]] {
        let refused = folder.run(arguments);

        assert_eq!(refused.code, Some(2));
        assert!(refused.stderr.contains("[possible values: user, technician, admin]"), "{}", refused.stderr);
    }
    assert_eq!(folder.run(&["user", "add", "li"]).code, Some(2));
}

#[test]
fn a_password_is_one_line_and_long_enough() {
    let folder = Folder::with_desk();
    let add = ["user", "add", "li", "--role", "user"];

    assert_refused(&folder.run_with("", &add), "no password on standard input: give it as one line");
    assert_refused(
        &folder.run_with("first line\nsecond line\n", &add),
        "standard input has more than one line: give the password alone",
    );
    assert_refused(&folder.run_with("short\n", &add), "a password has at least 8 characters");
    assert_refused(&folder.run_with(&"x".repeat(1025), &add), "a password has at most 1024 bytes");
    assert_refused(&folder.run_with(&"x".repeat(100_000), &add), "a password has at most 1024 bytes");
    assert_eq!(folder.line_of("li"), "");
}

#[test]
fn roles_passwords_and_standing_change() {
    let folder = Folder::with_zhou();
    let before = folder.line_of("zhou");

    assert_eq!(folder.run(&["user", "set-role", "zhou", "admin"]).stdout, "zhou is now: admin\n");
    assert!(folder.line_of("zhou").contains("\"role\":\"admin\""));
    assert_eq!(folder.run(&["user", "disable", "zhou"]).stdout, "zhou can no longer sign in\n");
    assert!(folder.line_of("zhou").contains("\"disabled\":true"));
    assert_eq!(folder.run(&["user", "enable", "ZHOU"]).stdout, "ZHOU can sign in again\n");
    assert!(folder.line_of("zhou").contains("\"disabled\":false"));
    let changed = folder.run_with("another password\n", &["user", "set-password", "zhou"]);
    assert_eq!(changed.stdout, "zhou has a new password and has to sign in again\n");
    let hash = |line: &str| line.split_once("\"password_hash\":").map(|(_, hash)| hash.to_owned());
    assert_ne!(hash(&folder.line_of("zhou")), hash(&before));
}

#[test]
fn what_a_command_changes_about_somebody_is_in_the_security_log() {
    let folder = Folder::with_zhou();

    for (arguments, event) in [
        (&["user", "set-role", "zhou", "technician"][..], "role_change"),
        (&["user", "set-password", "zhou"], "password_change"),
        (&["user", "disable", "zhou"], "disabling"),
        (&["user", "enable", "zhou"], "enabling"),
    ] {
        let told = folder.run_with("another password\n", arguments).stderr;
        assert!(told.contains(&format!("\"event\":\"{event}\"")), "{arguments:?}: {told}");
        assert!(told.contains("\"outcome\":\"done\""), "{arguments:?}: {told}");
    }
    assert_eq!(folder.run(&["user", "list"]).stderr, "");
}

#[tokio::test]
async fn a_new_password_or_a_disabled_account_ends_sessions() {
    use fixdesk::domain::time::Instant;
    use fixdesk::store;
    use fixdesk::store::people::accounts;
    use fixdesk::store::sign_in::sessions;

    for arguments in [["user", "set-password", "zhou"], ["user", "disable", "zhou"]] {
        let folder = Folder::with_zhou();
        let db =
            store::connect(&format!("sqlite:{}", folder.path("desk.db").display())).await.expect("opens");
        let mut tx = db.begin().await.expect("begins");
        let zhou = accounts::find_id(&mut tx, "zhou").await.expect("reads").expect("zhou");
        sessions::insert(&mut tx, "a hash", zhou, Instant(0)).await.expect("inserts");
        tx.commit().await.expect("commits");
        let version = accounts::account(&db, zhou).await.expect("reads").expect("zhou").credentials_version;

        let outcome = folder.run_with("another password\n", &arguments);

        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        assert!(sessions::find(&db, "a hash", 1).await.expect("reads").is_none(), "{arguments:?}");
        let after = accounts::account(&db, zhou).await.expect("reads").expect("zhou").credentials_version;
        assert!(after > version, "{arguments:?}");
        db.close().await;
    }
}

#[test]
fn the_list_stands_in_columns() {
    let folder = Folder::with_zhou();
    folder.run_with(
        "chen's password\n",
        &["user", "add", "chen", "--role", "technician", "--nickname", "陈工", "--phone", "154"],
    );
    folder.run(&["user", "disable", "chen"]);

    let rows = folder.run(&["user", "list"]).stdout;

    let year = &rows.lines().nth(1).expect("zhou")[..4];
    assert_eq!(
        rows,
        format!(
            "id           user name  role        nickname  campus  phone  e-mail  state\n\
         {year}0000001  zhou       user        zhou      江安\n\
         {year}0000002  chen       technician  陈工              154            disabled\n"
        )
    );
}

#[test]
fn demo_introduces_its_accounts_and_refuses_to_run_twice() {
    let folder = Folder::new();
    let demo = ["demo", "--users", "20", "--technicians", "2", "--tickets", "100"];

    let first = folder.run(&demo);
    let exported = folder.run(&["export", "-"]).stdout;
    let second = folder.run(&demo);

    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert_eq!(first.stderr, "", "no bar where nobody looks");
    assert!(
        first.stdout.starts_with("The database now has 25 people and 100 tickets.\n"),
        "{}",
        first.stdout
    );
    for account in ["user", "technician", "admin"] {
        assert!(first.stdout.contains(&format!("  {account:<12}fixdesk-demo")), "{}", first.stdout);
    }
    assert_refused(&second, "the database already has people or tickets; demo data goes into an empty one");
    assert_eq!(folder.run(&["export", "-"]).stdout, exported);
}

#[test]
fn demo_sizes_have_limits() {
    let folder = Folder::new();

    for arguments in
        [["demo", "--users", "0"], ["demo", "--tickets", "10000001"], ["demo", "--technicians", "0"]]
    {
        assert_eq!(folder.run(&arguments).code, Some(2), "{arguments:?}");
    }
}

#[test]
fn an_export_is_a_whole_file_of_its_owner_only() {
    let folder = Folder::with_zhou();
    std::fs::write(folder.path("desk.jsonl"), "an older export").expect("written");

    let exported = folder.run(&["export", "desk.jsonl"]);

    assert_eq!(exported.code, Some(0), "{}", exported.stderr);
    let text = std::fs::read_to_string(folder.path("desk.jsonl")).expect("there");
    assert_eq!(text, folder.run(&["export", "-"]).stdout);
    let mode = std::fs::metadata(folder.path("desk.jsonl")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let left = std::fs::read_dir(folder.0.path())
        .expect("a folder")
        .filter(|entry| entry.as_ref().expect("an entry").file_name().to_string_lossy().contains("draft"));
    assert_eq!(left.count(), 0);
}

#[test]
fn an_export_goes_into_a_device_without_replacing_it() {
    let folder = Folder::with_zhou();

    let exported = folder.run(&["export", "/dev/null"]);

    assert_eq!(exported.code, Some(0), "{}", exported.stderr);
    assert!(!std::fs::metadata("/dev/null").expect("there").is_file());
}

#[test]
fn an_export_that_cannot_be_written_says_so() {
    let folder = Folder::with_zhou();
    std::fs::create_dir(folder.path("folder")).expect("made");

    assert_eq!(folder.run(&["export", "missing/desk.jsonl"]).code, Some(1));
    assert_eq!(folder.run(&["export", "folder"]).code, Some(1));
}

#[tokio::test]
async fn an_export_names_what_it_leaves_out_and_ends_with_one() {
    let folder = Folder::with_zhou();
    let url = format!("sqlite://{}", folder.path("desk.db").display());
    let desk = sqlx::SqlitePool::connect(&url).await.expect("the database");
    sqlx::query("UPDATE users SET muted = 'all'").execute(&desk).await.expect("is changed");
    desk.close().await;

    for file in ["-", "desk.jsonl", "desk.tar"] {
        let exported = folder.run(&["export", file]);

        assert_eq!(exported.code, Some(1), "{}", exported.stderr);
        let said: Vec<&str> = exported.stderr.lines().collect();
        assert!(said[0].starts_with("left out: users 20") && said[0].contains("muted"), "{}", said[0]);
        let ends =
            said[1].starts_with("fixdesk: the rest is written, without 1 rows that cannot be read, users 20");
        assert!(ends, "{}", said[1]);
        assert!(file == "-" || folder.path(file).exists());
    }
    let listed = folder.run(&["user", "list"]);
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    assert!(listed.stderr.starts_with("left out: users 20"), "{}", listed.stderr);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let folder = Folder::new();
    folder.run(&["demo", "--users", "20", "--technicians", "2", "--tickets", "20000"]);

    for arguments in [&["export", "-"][..], &["user", "list"]] {
        let mut child = folder.command(arguments).spawn().expect("starts");
        let mut first = String::new();
        // Reading one line and closing the pipe: what `head -n 1` does.
        BufReader::with_capacity(16, child.stdout.take().expect("piped"))
            .read_line(&mut first)
            .expect("a line");
        let output = child.wait_with_output().expect("ends");

        assert!(!first.is_empty());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(output.stderr, b"", "{arguments:?}");
    }
}

#[test]
fn what_is_exported_can_be_piped_into_another_desk() {
    let (from, to) = (Folder::new(), Folder::with_desk());
    from.run(&["demo", "--users", "20", "--technicians", "2", "--tickets", "300"]);
    let exported = from.run(&["export", "-"]).stdout;

    let imported = to.run_with(&exported, &["import", "-"]);

    let events = exported.lines().filter(|line| line.starts_with("{\"kind\":\"event\"")).count();
    let told =
        format!("25 people and 300 tickets imported, with {events} events of their history and 0 photos\n");
    assert_eq!(imported.stdout, told, "{}", imported.stderr);
    assert_eq!(imported.stderr, "");
    assert!(to.run(&["export", "-"]).stdout == exported);
}

#[test]
fn an_archive_takes_a_desk_with_its_photos_elsewhere() {
    let (from, to) = (Folder::new(), Folder::with_desk());
    from.run(&["demo", "--users", "20", "--technicians", "2", "--tickets", "50"]);
    assert_eq!(from.run(&["export", "desk.tar"]).stderr, "");
    let archive = std::fs::read(from.path("desk.tar")).expect("written");
    std::fs::write(to.path("desk.tar"), &archive).expect("written");

    let imported = to.run(&["import", "desk.tar"]);

    let photos = std::fs::read_dir(to.path("photos")).expect("a folder").count() / 2;
    assert!(photos > 0);
    assert!(imported.stdout.ends_with(&format!(" and {photos} photos\n")), "{}", imported.stdout);
    assert_eq!(to.run(&["export", "again.tar"]).code, Some(0));
    assert!(std::fs::read(to.path("again.tar")).expect("written") == archive);
    let mode = std::fs::metadata(to.path("again.tar")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_refused(
        &to.run(&["export", "/dev/null/desk.tar"]),
        "cannot write /dev/null/desk.tar: Not a directory (os error 20)",
    );
}

#[test]
fn a_bad_file_is_refused_with_its_line() {
    let folder = Folder::with_desk();
    std::fs::write(folder.path("bad.jsonl"), "\n{\"kind\":\"user\"}\n").expect("written");

    assert_refused(&folder.run(&["import", "bad.jsonl"]), "line 2: the key \"id\" is missing");
    assert_refused(
        &folder.run(&["import", "none.jsonl"]),
        "cannot read none.jsonl: No such file or directory (os error 2)",
    );
    assert_eq!(folder.run(&["import", "."]).code, Some(1));
}

#[test]
fn only_serve_demo_and_init_make_a_database() {
    let (folder, file) = (Folder::new(), "desk.db");
    std::fs::write(folder.path("people.jsonl"), "").expect("written");

    for arguments in [
        &["check"][..],
        &["export", "-"],
        &["export", "desk.tar"],
        &["import", "people.jsonl"],
        &["user", "list"],
        &["user", "add", "li", "--role", "user"],
        &["photos", "adopt"],
        &["photos", "set-aside"],
    ] {
        let no_desk =
            "there is no desk in desk.db: is the address right? `fixdesk init` makes a new desk there";
        assert_refused(&folder.run_with("long enough\n", arguments), no_desk);
        assert!(!folder.path(file).exists(), "{arguments:?}");
        // Nor is an empty file a desk.
        std::fs::write(folder.path(file), "").expect("written");
        assert_refused(&folder.run_with("long enough\n", arguments), no_desk);
        assert_eq!(std::fs::read(folder.path(file)).expect("there"), b"", "{arguments:?}");
        std::fs::remove_file(folder.path(file)).expect("removed");
    }
    assert_eq!(folder.run(&["init"]).code, Some(0));
    assert_eq!(folder.run(&["check"]).code, Some(0));
    assert_refused(&folder.run(&["init"]), "there is a desk already; nothing was changed");
}

#[test]
fn photos_outlive_a_database_that_is_lost() {
    let folder = Folder::new();
    folder.run(&["demo", "--users", "20", "--technicians", "2", "--tickets", "50"]);
    let photos = || {
        let files = std::fs::read_dir(folder.path("photos")).expect("a folder");
        files.map(|file| file.expect("a file").path()).collect::<std::collections::BTreeSet<_>>()
    };
    let before = photos();
    assert!(before.len() > 10);
    for file in ["desk.db", "desk.db-wal", "desk.db-shm"] {
        let _ = std::fs::remove_file(folder.path(file));
    }

    let another = "the photos in photos belong to another database than this one. Check the settings for the \
        database and the photos. If they are right, `fixdesk photos adopt` makes these photos those of this \
        database";
    for command in ["serve", "demo"] {
        let refused = folder.run(&[command]);
        assert_eq!(refused.code, Some(1), "{command}: {}", refused.stderr);
        assert!(refused.stderr.ends_with(&format!("{another}\n")), "{command}: {}", refused.stderr);
        assert!(!folder.path("desk.db").exists(), "{command}");
    }
    let made = folder.run(&["init"]);
    assert_eq!((made.code, made.stderr), (Some(0), format!("but {another}\n")));
    let checked = folder.run(&["check"]);
    assert_eq!((checked.code, checked.stderr), (Some(1), format!("fixdesk: {another}\n")));
    assert_eq!(photos(), before);
    // Somebody says that they are gone for good, or have another home now.
    assert_eq!(folder.run(&["photos", "adopt"]).code, Some(0));
    assert_eq!(folder.run(&["check"]).code, Some(0));
    assert_eq!(photos(), before);
}

#[test]
fn check_sees_an_empty_thumbnail_and_a_report_that_cannot_be_written() {
    let folder = Folder::new();
    folder.run(&["demo", "--users", "20", "--technicians", "2", "--tickets", "50"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");

    let unwritten = folder.command(&["check"]).stdout(full).output().expect("it ends");
    let said = String::from_utf8(unwritten.stderr).expect("UTF-8");
    assert_eq!(unwritten.status.code(), Some(1), "{said}");
    assert!(said.starts_with("fixdesk: cannot write what was found"), "{said}");

    let mut files = std::fs::read_dir(folder.path("photos")).expect("a folder").flatten();
    let is_thumbnail = |name: &std::ffi::OsStr| name.to_string_lossy().ends_with("-thumbnail");
    let thumbnail = files.find(|file| is_thumbnail(&file.file_name())).expect("a thumbnail");
    std::fs::write(thumbnail.path(), "").expect("emptied");

    let checked = folder.run(&["check"]);
    assert_eq!(checked.code, Some(1), "{}", checked.stdout);
    assert!(checked.stdout.contains("is missing"), "{}", checked.stdout);
}

#[test]
fn a_mistyped_folder_of_photos_is_not_made() {
    let folder = Folder::new();
    folder.run(&["demo", "--users", "20", "--technicians", "2", "--tickets", "50"]);

    for command in ["serve", "check"] {
        let refused = folder.run(&[command, "--photos", "mistyped"]);
        assert_eq!(refused.code, Some(1), "{command}: {}", refused.stderr);
        assert!(refused.stderr.contains("mistyped"), "{command}: {}", refused.stderr);
        assert!(!folder.path("mistyped").exists(), "{command}");
    }
    assert_eq!(folder.run(&["check"]).code, Some(0));
}

#[test]
fn check_names_photos_that_are_lost() {
    let folder = Folder::new();
    folder.run(&["demo", "--users", "20", "--technicians", "2", "--tickets", "50"]);
    let files = std::fs::read_dir(folder.path("photos")).expect("a folder");
    let mut files: Vec<_> =
        files.map(|file| file.expect("a file").file_name().into_string().expect("text")).collect();
    files.sort();
    let photos = files.len() / 2;
    std::fs::remove_file(folder.path("photos").join(&files[0])).expect("removed");

    let checked = folder.run(&["check"]);

    assert_eq!(checked.stderr, format!("fixdesk: 1 of {photos} photos are lost\n"));
    assert_eq!(checked.code, Some(1));
    assert!(
        checked.stdout.contains(&format!("the file of photo {} is missing\n", files[0])),
        "{}",
        checked.stdout
    );
    let exported = folder.run(&["export", "desk.tar"]);
    assert_eq!(exported.code, Some(1), "{}", exported.stderr);
    assert!(folder.path("desk.tar").exists(), "the rest is written all the same");
}

#[test]
fn help_is_there_for_every_command() {
    let folder = Folder::new();

    for (arguments, mentions) in [
        (&["--help"][..], "Add, list and change the people who may sign in"),
        (&["demo", "--help"], "--technicians <N>"),
        (&["import", "--help"], "all or nothing"),
        (&["export", "--help"], "- is standard output"),
        (&["user", "--help"], "set-password"),
        (&["init", "--help"], "Make a new, empty database"),
        (&["photos", "--help"], "set-aside"),
        (&["user", "add", "--help"], "[possible values: user, technician, admin]"),
    ] {
        let help = folder.run(arguments);

        assert_eq!(help.code, Some(0), "{arguments:?}");
        assert!(help.stdout.contains(mentions), "{arguments:?}: {}", help.stdout);
    }
    assert!(!folder.path("desk.db").exists(), "asking for help leaves nothing behind");
}

#[tokio::test]
async fn check_names_the_counter_that_is_wrong() {
    let folder = Folder::new();
    let filled = folder.run(&["demo", "--tickets", "20"]);
    assert_eq!(filled.code, Some(0), "{}", filled.stderr);
    let checked = folder.run(&["check"]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    let photos = std::fs::read_dir(folder.path("photos")).expect("a folder").count() / 2;
    assert_eq!(
        checked.stdout,
        format!("every counter agrees with the tickets\nevery photo has its files: {photos}\n")
    );

    let url = format!("sqlite://{}", folder.path("desk.db").display());
    let desk = sqlx::SqlitePool::connect(&url).await.expect("the database");
    let wrong = "UPDATE ticket_totals SET tickets = tickets + 1 WHERE kind = 'campus' AND tickets > 0";
    let changed = sqlx::query(wrong).execute(&desk).await.expect("is changed").rows_affected();
    desk.close().await;
    let checked = folder.run(&["check"]);

    assert_eq!(checked.code, Some(1));
    assert_eq!(checked.stderr, format!("fixdesk: {changed} counters are wrong\n"));
    let wrong = checked.stdout.lines().filter(|line| line.starts_with("campus "));
    assert_eq!(wrong.count() as u64, changed, "{}", checked.stdout);
}

#[test]
fn a_setting_that_cannot_work_stops_every_command_before_anything_is_opened() {
    let folder = Folder::new();
    for (key, name, value) in [
        ("campuses", "FIXDESK_CAMPUSES", "江安,,望江"),
        ("fault_types", "FIXDESK_FAULT_TYPES", "清灰, 清灰"),
        ("public_url", "FIXDESK_PUBLIC_URL", "HTTPS://desk.example"),
        ("cors_origins", "FIXDESK_CORS_ORIGINS", "*"),
        ("cors_origins", "FIXDESK_CORS_ORIGINS", "https://app.example/"),
        ("cors_origins", "FIXDESK_CORS_ORIGINS", "null"),
        ("photos", "FIXDESK_PHOTOS", ""),
        ("secret", "FIXDESK_SECRET", "short"),
        ("secret", "FIXDESK_SECRET", " "),
    ] {
        for command in [&["serve"][..], &["init"], &["check"], &["user", "list"], &["export", "-"]] {
            let outcome = folder.command(command).env(name, value).output().expect("it ends");
            let said = String::from_utf8(outcome.stderr).expect("UTF-8");

            assert_eq!(outcome.status.code(), Some(1), "{name}={value} {command:?}");
            assert!(said.contains(key), "{name}={value}: {said}");
            assert!(!folder.path("desk.db").exists(), "{name}={value} {command:?}");
        }
    }
}

#[test]
fn blanks_between_the_choices_of_a_setting_are_none_of_them() {
    let folder = Folder::with_desk();
    let add = ["user", "add", "chen", "--role", "user", "--campus", "望江"];

    let mut child = folder
        .command(&add)
        .env("FIXDESK_CAMPUSES", "江安, 望江")
        .stdin(Stdio::piped())
        .spawn()
        .expect("starts");
    child.stdin.take().expect("piped").write_all(b"a long password\n").expect("is read");

    assert!(child.wait().expect("it ends").success());
}

#[test]
fn nobody_is_added_with_an_address_that_no_mail_reaches() {
    let folder = Folder::with_desk();

    let refused = folder.run_with(
        "a long password\n",
        &["user", "add", "chen", "--role", "user", "--email", "chen@example."],
    );

    assert_refused(&refused, "\"chen@example.\" is no e-mail address like chen@example.edu");
}
