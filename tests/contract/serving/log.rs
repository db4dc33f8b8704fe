//! A log that cannot be written costs lines, and nothing else.

use std::process::Stdio;

use super::program::Program;

const TALKATIVE: [(&str, &str); 1] = [("RUST_LOG", "trace")];

/// Serves and ends as if nothing were wrong.
fn works(mut program: Program) {
    for _ in 0..200 {
        let answer = program.ask("/healthz");
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }
    assert!(program.ask("/sign-in").starts_with("HTTP/1.1 200"));
    program.signal("TERM");
    assert_eq!(program.wait().0.code(), Some(0));
}

#[test]
fn a_full_device() {
    works(Program::start_as("exec \"$0\" serve 2>/dev/full", &TALKATIVE, Stdio::null()));
}

#[test]
fn no_device() {
    works(Program::start_as("exec \"$0\" serve 2>&-", &TALKATIVE, Stdio::null()));
}

#[test]
fn a_reader_who_is_gone() {
    let mut program = Program::start_as("exec \"$0\" serve", &TALKATIVE, Stdio::piped());
    drop(program.child.stderr.take());
    works(program);
}

#[test]
fn a_reader_who_does_not_read() {
    works(Program::start_as("exec \"$0\" serve", &TALKATIVE, Stdio::piped()));
}
