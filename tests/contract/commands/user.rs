//! `fixdesk user`: people added, listed and changed at a terminal or by a script.

use super::{Folder, assert_refused};

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
fn nobody_is_added_with_an_address_that_no_mail_reaches() {
    let folder = Folder::with_desk();

    let refused = folder.run_with(
        "a long password\n",
        &["user", "add", "chen", "--role", "user", "--email", "chen@example."],
    );

    assert_refused(&refused, "\"chen@example.\" is no e-mail address like chen@example.edu");
}

#[test]
fn a_contact_that_signs_somebody_in_is_given_to_nobody_else() {
    let folder = Folder::with_desk();
    let add = |name: &str, phone: &str| {
        let password = "a good long password\n";
        folder.run_with(password, &["user", "add", name, "--role", "user", "--phone", phone])
    };
    let first = add("zhou", "13912345678");

    let second = add("li", "+86 139-1234-5678");

    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert_refused(&second, "+86 139-1234-5678 signs somebody else in");
    assert_eq!(folder.line_of("li"), "");
}
