//! The program as used at a terminal, or by a script.

mod check;
mod transfer;
mod user;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder to work in, with a database of its own.
pub struct Folder(TempDir);

/// Exit code and output of a command.
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A folder with a desk without people.
    pub fn with_desk() -> Self {
        let folder = Self::new();
        let made = folder.run(&["init"]);
        assert_eq!(made.code, Some(0), "{}", made.stderr);
        folder
    }

    /// A folder with Zhou, a user who has a password.
    pub fn with_zhou() -> Self {
        let folder = Self::with_desk();
        let added = folder
            .run_with("zhou's password\n", &["user", "add", "zhou", "--role", "user", "--campus", "江安"]);
        assert_eq!(added.code, Some(0), "{}", added.stderr);
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Command without the environment of the test run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fixdesk"));
        command.args(arguments).current_dir(self.0.path()).env_clear().env("DATABASE_URL", "sqlite:desk.db");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with("", arguments)
    }

    pub fn run_with(&self, stdin: &str, arguments: &[&str]) -> Outcome {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the program starts");
        // A command that asks for nothing may have ended already.
        let _ = child.stdin.take().expect("piped").write_all(stdin.as_bytes());
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// The line about one person in an export.
    pub fn line_of(&self, name: &str) -> String {
        let exported = self.run(&["export", "-"]).stdout;
        let key = format!("\"username\":\"{name}\"");
        exported.lines().find(|line| line.contains(&key)).unwrap_or_default().to_owned()
    }
}

pub fn assert_refused(outcome: &Outcome, message: &str) {
    assert_eq!(outcome.code, Some(1), "{}", outcome.stdout);
    assert_eq!(outcome.stderr, format!("fixdesk: {message}\n"));
    assert_eq!(outcome.stdout, "");
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
        ("photos", "FIXDESK_PHOTOS", "s3:// buck"),
        ("s3_region", "FIXDESK_S3_REGION", "a\nb"),
        ("s3_key_id", "FIXDESK_S3_KEY_ID", "a\nb"),
        ("s3_endpoint", "FIXDESK_S3_ENDPOINT", "http://127.0.0.1:99999"),
        ("webhook_secret", "FIXDESK_WEBHOOK_SECRET", "x"),
        ("mail_from", "FIXDESK_MAIL_FROM", "nonsense"),
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
