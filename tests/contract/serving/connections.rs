//! Clients that are slow, many, or still talking when they are answered.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::routing::{get, post};
use fixdesk::http::connections::{Limits, Patience, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::program::{HALF_A_FORM, LONG, Program};

const SOON: Duration = Duration::from_millis(300);
const HOUR: Duration = Duration::from_secs(3600);
/// Waits for everybody as long as they like.
const PATIENT: Patience =
    Patience { fresh: Duration::ZERO, head: HOUR, idle: HOUR, body: HOUR, answer: HOUR };
const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: desk\r\n\r\n";
const HALF_A_POST: &[u8] = b"POST /read HTTP/1.1\r\nhost: desk\r\ncontent-length: 100\r\n\r\nhalf";

/// A server with limits of a test's own.
async fn open(connections: usize, of_one_address: usize, patience: Patience) -> SocketAddr {
    let router = Router::new()
        .route("/", get(async || "hello"))
        .route("/large", get(async || vec![b'x'; 64 << 20]))
        .route("/read", post(async |body: String| body))
        .route("/refuse", post(async |_: Request| (StatusCode::FORBIDDEN, "not you")));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let limits = Limits { connections, of_one_address, patience };
    tokio::spawn(serve(listener, router, limits, std::future::pending(), Duration::ZERO));
    address
}

async fn say(address: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(bytes).await.expect("is sent");
    stream
}

/// Reads until the server closes the connection.
async fn hear(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(LONG, stream.read_to_end(&mut bytes)).await.expect("it closes in time");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The beginning of an answer on a connection that stays open.
async fn hear_some(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 1000];
    let read = timeout(LONG, stream.read(&mut bytes)).await.expect("it answers in time").unwrap_or(0);
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

#[tokio::test]
async fn half_a_head_is_not_waited_for_and_a_quiet_connection_is() {
    let address = open(9, 9, Patience { head: SOON, ..PATIENT }).await;
    let half = say(address, b"GET / HT").await;
    let mut quiet = say(address, GET).await;
    assert!(hear_some(&mut quiet).await.ends_with("hello"));

    assert_eq!(hear(half).await, "");
    quiet.write_all(GET).await.expect("is sent");
    assert!(hear_some(&mut quiet).await.ends_with("hello"));
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_not_waited_for_either() {
    let address = open(9, 9, Patience { head: SOON, ..PATIENT }).await;
    let mut stream = TcpStream::connect(address).await.expect("connects");
    let begun = Instant::now();
    while stream.write_all(b"x").await.is_ok() {
        assert!(begun.elapsed() < LONG, "it goes on");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_connection_without_requests_ends() {
    let address = open(9, 9, Patience { idle: SOON, ..PATIENT }).await;
    let silent = say(address, b"").await;
    let quiet = say(address, GET).await;

    assert_eq!(hear(silent).await, "");
    assert!(hear(quiet).await.ends_with("hello"));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered() {
    let address = open(9, 9, Patience { body: SOON, ..PATIENT }).await;

    let answer = hear(say(address, HALF_A_POST).await).await;

    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn an_answer_that_nobody_takes_ends() {
    let address = open(9, 9, Patience { answer: SOON, ..PATIENT }).await;
    let mut stream = say(address, b"GET /large HTTP/1.1\r\nhost: desk\r\n\r\n").await;

    sleep(Duration::from_secs(3)).await;
    let mut taken = 0;
    let mut bytes = vec![0; 1 << 20];
    while let Ok(more @ 1..) = timeout(LONG, stream.read(&mut bytes)).await.expect("ends in time") {
        taken += more;
    }

    assert!(taken < 64 << 20, "{taken}");
}

#[tokio::test]
async fn newcomers_take_the_places_of_the_quiet() {
    let address = open(10, 10, PATIENT).await;
    let mut silent = Vec::new();
    for _ in 0..30 {
        silent.push(say(address, b"G").await);
    }

    let mut newcomer = say(address, GET).await;

    assert!(hear_some(&mut newcomer).await.ends_with("hello"));
    assert_eq!(hear(silent.remove(0)).await, "");
}

#[tokio::test]
async fn whoever_finds_everybody_busy_is_told_to_come_back() {
    for (of_one_address, status) in [(9, "503 Service Unavailable"), (2, "429 Too Many Requests")] {
        let address = open(2, of_one_address, PATIENT).await;
        let busy = [say(address, HALF_A_POST).await, say(address, HALF_A_POST).await];
        sleep(SOON).await;

        let answer = hear(say(address, GET).await).await;

        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\nretry-after: 5\r\n")), "{answer}");
        drop(busy);
        sleep(SOON).await;
        assert!(hear_some(&mut say(address, GET).await).await.ends_with("hello"));
    }
}

#[tokio::test]
async fn whoever_is_refused_while_they_send_reads_why() {
    let address = open(9, 9, PATIENT).await;
    let head = "POST /refuse HTTP/1.1\r\nhost: desk\r\ncontent-length: 20000000\r\n\r\n";
    let mut stream = say(address, head.as_bytes()).await;

    // A client that sends all before it reads, like most.
    for _ in 0..20 {
        stream.write_all(&[b'x'; 1_000_000]).await.expect("is taken");
    }
    let answer = hear(stream).await;

    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(answer.contains("connection: close") && answer.ends_with("not you"), "{answer}");
}

/// A shell's limit of files, and more connections than that.
#[test]
fn a_crowd_that_says_nothing_shuts_nobody_out() {
    let program = Program::start_as("ulimit -n 200; exec \"$0\" serve", &[], std::process::Stdio::null());
    let crowd: Vec<_> = (0..400).map(|_| program.say("G")).collect();
    std::thread::sleep(SOON);

    for _ in 0..5 {
        assert!(program.ask("/sign-in").starts_with("HTTP/1.1 200"));
    }
    drop(crowd);
    let busy: Vec<_> = (0..60).map(|_| program.say(HALF_A_FORM)).collect();
    std::thread::sleep(SOON);
    let answer = program.ask("/healthz");
    assert!(answer.starts_with("HTTP/1.1 429") && answer.contains("retry-after: 5"), "{answer}");
    drop(busy);
}
