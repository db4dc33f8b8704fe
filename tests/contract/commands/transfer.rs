//! `fixdesk demo`, `export` and `import` as commands: files, pipes, exit codes.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;

use super::{Folder, assert_refused};

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
