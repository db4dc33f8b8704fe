//! A file until it gets its name.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// File that gets its name when it is whole. Readable by its owner alone: it holds password hashes.
pub struct Draft {
    pub file: File,
    draft: PathBuf,
    path: PathBuf,
}

impl Draft {
    pub fn beside(path: &Path) -> io::Result<Self> {
        // A link is followed: its target is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let Some(name) = path.file_name().filter(|_| !path.is_dir()) else {
            return Err(io::ErrorKind::IsADirectory.into());
        };
        let mut draft_name = std::ffi::OsString::from(".");
        draft_name.push(name);
        draft_name.push(format!(".{}.draft", std::process::id()));
        let draft = path.with_file_name(draft_name);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        Ok(Self { file, draft, path })
    }

    pub fn finish(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.draft, &self.path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a rename there is no draft to remove.
        let _ = fs::remove_file(&self.draft);
    }
}
