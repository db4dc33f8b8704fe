//! Imports that are killed halfway, as by a power cut or an impatient operator.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fixdesk::domain::photo::PhotoId;
use fixdesk::store;

use crate::commands::{Folder, Outcome};
use crate::support::databases::Database;

/// Moments of a load at which it is killed.
const MOMENTS: u32 = 8;
const DEMO: [&str; 7] = ["demo", "--users", "300", "--technicians", "3", "--tickets", "2000"];

/// A desk of the real program, on SQLite or on PostgreSQL.
struct Site {
    folder: Folder,
    database: Database,
}

impl Site {
    async fn new() -> Self {
        Self { folder: Folder::new(), database: Database::empty().await }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.folder.command(arguments);
        command.env("DATABASE_URL", &self.database.url).env("FIXDESK_PHOTOS", self.folder.path("photos"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let output = self.command(arguments).output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn succeeds(&self, arguments: &[&str]) -> String {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, Some(0), "{arguments:?}: {}", outcome.stderr);
        outcome.stdout
    }

    fn is_killed_after(&self, wait: Duration, arguments: &[&str]) {
        let mut command = self.command(arguments);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        std::thread::sleep(wait);
        child.kill().expect("is killed, or has ended");
        child.wait().expect("has ended");
    }

    fn photos(&self) -> BTreeSet<PhotoId> {
        let files = std::fs::read_dir(self.folder.path("photos")).into_iter().flatten();
        let names = files.map(|file| file.expect("a file").file_name().into_string().expect("text"));
        names.filter_map(|name| name.parse().ok()).collect()
    }

    /// Photos that neither a ticket nor a load that was killed says anything of.
    async fn photos_of_nobody(&self) -> Vec<PhotoId> {
        let db = store::connect(&self.database.url).await.expect("opens");
        let photos: Vec<PhotoId> = self.photos().into_iter().collect();
        let mut explained = store::tickets::photos::expected(&db).await.expect("reads");
        for some in photos.chunks(500) {
            explained.extend(store::tickets::photos::known(&db, some).await.expect("reads"));
        }
        db.close().await;
        photos.into_iter().filter(|photo| !explained.contains(photo)).collect()
    }
}

/// Duration of a command that nobody kills.
fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_load_leaves_nothing_or_all_and_can_be_done_again() {
    let source = Site::new().await;
    let took = timed(|| drop(source.succeeds(&DEMO)));
    let whole = source.succeeds(&["export", "-"]);
    source.succeeds(&["export", "desk.tar"]);
    let archive = source.folder.path("desk.tar");
    let import = ["import", archive.to_str().expect("text")];
    assert!(source.photos().len() > 20);

    let mut site = Site::new().await;
    for moment in 1..=MOMENTS {
        site.is_killed_after(took * moment / (MOMENTS + 1), &DEMO);
        // Killed at once, it has not even made a database.
        let exported = site.run(&["export", "-"]);
        let is_new = exported.stderr.contains("there is no desk");
        assert!(is_new || exported.code == Some(0), "{moment}: {}", exported.stderr);
        assert!(exported.stdout.is_empty() || exported.stdout == whole, "{moment}");
        if !is_new {
            assert_eq!(site.photos_of_nobody().await, [], "{moment}");
        }
        if exported.stdout == whole {
            site = Site::new().await;
        }
    }
    site.succeeds(&DEMO);
    assert!(site.succeeds(&["export", "-"]) == whole);
    site.succeeds(&["check"]);

    let empty = async || {
        let site = Site::new().await;
        site.succeeds(&["init"]);
        site
    };
    let other = empty().await;
    let took = timed(|| drop(other.succeeds(&import)));
    let mut site = empty().await;
    for moment in 1..=MOMENTS {
        site.is_killed_after(took * moment / (MOMENTS + 1), &import);
        let exported = site.succeeds(&["export", "-"]);
        assert!(exported.is_empty() || exported == whole, "{moment}");
        assert_eq!(site.photos_of_nobody().await, [], "{moment}");
        if exported == whole {
            site = empty().await;
        }
    }
    site.succeeds(&import);
    assert!(site.succeeds(&["export", "-"]) == whole);
    site.succeeds(&["check"]);
}
