//! `fixdesk check` and `photos`, and databases that are not there.

use super::{Folder, assert_refused};

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
    // An operator declares them lost, or moved to another store.
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
