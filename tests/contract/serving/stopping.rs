//! SIGTERM and SIGINT: the port closes at once, and the program ends in time.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::program::{HALF_A_FORM, LONG, OTHER_HALF, Program, hear};

/// Waits until nobody listens there any more.
fn wait_until_closed(program: &Program) -> Duration {
    let begun = Instant::now();
    while TcpStream::connect(program.address).is_ok() {
        assert!(begun.elapsed() < LONG, "the port stays open");
        std::thread::sleep(Duration::from_millis(5));
    }
    begun.elapsed()
}

#[test]
fn connections_without_a_request_keep_nothing_open() {
    let mut program = Program::start(&[("FIXDESK_STOP_SECONDS", "50")]);
    let half_a_head = program.say("GET /sign-in HTTP/1.1\r\nhost: de");
    let silent = program.connect();
    let kept_alive = program.say("GET /healthz HTTP/1.1\r\nhost: desk\r\n\r\n");
    std::thread::sleep(Duration::from_millis(500));

    program.signal("TERM");
    let (status, took) = program.wait();

    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!((hear(half_a_head), hear(silent)), (String::new(), String::new()));
    assert!(hear(kept_alive).starts_with("HTTP/1.1 204"));
}

#[test]
fn a_request_under_way_is_finished_while_the_port_is_closed() {
    let mut program = Program::start(&[("FIXDESK_STOP_SECONDS", "50")]);
    let mut form = program.say(HALF_A_FORM);
    std::thread::sleep(Duration::from_millis(300));

    program.signal("INT");
    wait_until_closed(&program);
    form.write_all(OTHER_HALF.as_bytes()).expect("is sent");
    let answer = hear(form);
    let (status, _) = program.wait();

    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_client_that_never_finishes_is_waited_for_no_longer_than_set() {
    let mut program = Program::start(&[("FIXDESK_STOP_SECONDS", "1")]);
    let form = program.say(HALF_A_FORM);
    std::thread::sleep(Duration::from_millis(300));

    program.signal("TERM");
    let (status, took) = program.wait();

    assert_eq!(status.code(), Some(0));
    assert!(took >= Duration::from_millis(900) && took < Duration::from_secs(15), "{took:?}");
    assert_eq!(hear(form), "");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut program = Program::start(&[("FIXDESK_STOP_SECONDS", "50")]);
    let _form = program.say(HALF_A_FORM);
    std::thread::sleep(Duration::from_millis(300));

    program.signal("TERM");
    wait_until_closed(&program);
    assert!(program.child.try_wait().expect("a child").is_none(), "it waits for the form");
    program.signal("TERM");
    let (status, took) = program.wait();

    assert_eq!(status.code(), Some(1));
    assert!(took < Duration::from_secs(15), "{took:?}");
}
