//! Copy of input read only once.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;

use crate::service::random_hex;

/// Makes a temporary file that vanishes when it is closed, however that happens. Its owner alone
/// can read it: it may have passwords.
pub fn nameless_file() -> io::Result<File> {
    let path = env::temp_dir().join(format!("fixdesk-import-{}", random_hex::<8>()));
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

/// Reader that also copies.
pub struct Copying<R> {
    pub from: R,
    pub to: File,
}

impl<R: Read> Read for Copying<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let length = self.from.read(space)?;
        self.to.write_all(&space[..length])?;
        Ok(length)
    }
}
