//! Source of a new password: never an argument, which every user of the machine could read.

use std::io::{self, IsTerminal as _, Read as _};

use super::Failure;
use crate::domain::people::person::PASSWORD_MAX_BYTES;
use crate::service::sign_in::passwords::check_new;

/// Reads it twice from a terminal; else exactly one line, for scripts. It must not be like one of `names`.
pub fn ask(names: &[impl AsRef<str>]) -> Result<String, Failure> {
    let password =
        if io::stdin().is_terminal() { typed_twice(names)? } else { only_line(io::stdin().lock())? };
    check_new(&password, names)?;
    Ok(password)
}

fn typed_twice(names: &[impl AsRef<str>]) -> Result<String, Failure> {
    let password = rpassword::prompt_password("New password: ")?;
    check_new(&password, names)?;
    if rpassword::prompt_password("Once more: ")? != password {
        return Err("the two passwords differ".into());
    }
    Ok(password)
}

fn only_line(input: impl io::Read) -> Result<String, Failure> {
    let mut text = String::new();
    // One byte above the limit, so that excess is noticed.
    input
        .take(PASSWORD_MAX_BYTES as u64 + 3)
        .read_to_string(&mut text)
        .map_err(|error| format!("cannot read the password from standard input: {error}"))?;
    let line = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if text.is_empty() {
        Err("no password on standard input: give it as one line".into())
    } else if line.contains('\n') {
        Err("standard input has more than one line: give the password alone".into())
    } else {
        Ok(line.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_from_a_script_is_exactly_one_line() {
        for good in ["a password", "a password\n", "a password\r\n"] {
            assert_eq!(only_line(good.as_bytes()).expect("one line"), "a password");
        }
        for bad in ["", "a password\n\n", "a password\nanother"] {
            assert!(only_line(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }
}
