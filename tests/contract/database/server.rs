//! A PostgreSQL server of a test's own, which may go down.

use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub struct Server(TempDir);

impl Server {
    /// Nothing where the tests are not about PostgreSQL.
    pub fn start() -> Option<Self> {
        std::env::var_os("TEST_DATABASE_URL")?;
        let server = Self(tempfile::tempdir().expect("a folder"));
        server.pg("start");
        Some(server)
    }

    pub fn url(&self) -> String {
        self.pg("url")
    }

    pub fn down(&self) {
        self.pg("down");
    }

    pub fn up(&self) {
        self.pg("up");
    }

    fn pg(&self, command: &str) -> String {
        pg(command, self.0.path())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        pg("stop", self.0.path());
    }
}

fn pg(command: &str, folder: &Path) -> String {
    let output = Command::new("bin/pg").arg(command).arg(folder).stdin(Stdio::null()).output().expect("runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "bin/pg {command}: {complaint}");
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}
