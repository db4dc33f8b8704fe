//! Identity of the file of a SQLite database.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::outage::NoConnection;

/// File that was opened, whatever has its name now. Connections go on with a file that was removed
/// or replaced: what they write then is gone with the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileIdentity {
    device: u64,
    inode: u64,
}

impl FileIdentity {
    /// `None` where there is no such file, as for a database in memory.
    pub fn of(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().map(|found| Self { device: found.dev(), inode: found.ino() })
    }

    /// Checks that the file still has its name. Fails with [`NoConnection::Replaced`].
    pub fn check(self, path: &str) -> Result<(), NoConnection> {
        if Self::of(Path::new(path)) == Some(self) {
            Ok(())
        } else {
            Err(NoConnection::Replaced { address: path.to_owned() })
        }
    }
}
