//! Uploads: permission is checked before they are read, and all together hold no more than there is room for.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::StatusCode;
use fixdesk::http::connections::{Limits, Patience, serve};
use fixdesk::service::settings::Site;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::program::LONG;
use crate::support::cast::{Actor, TestApp, ZH};
use crate::support::wire::form_with_files;

const MEGABYTE: usize = 1 << 20;
/// Room that the photos of one ticket may need.
const LENGTH: usize = 54 * MEGABYTE;

/// A desk on a port, and how to send it the beginning of a form.
struct Port {
    app: TestApp,
    address: SocketAddr,
}

impl Port {
    async fn open(change: impl FnOnce(&mut Site)) -> Self {
        let app = TestApp::start_with(change).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let limits = Limits { connections: 99, of_one_address: 99, patience: Patience::default() };
        let router = app.router.clone();
        tokio::spawn(serve(listener, router, limits, std::future::pending(), Duration::ZERO));
        Self { app, address }
    }

    /// Sends the head of a form of 54 MB, and of its body only this.
    async fn begin(&self, path: &str, who: &str, body: &str) -> TcpStream {
        self.announce(LENGTH, path, who, body).await
    }

    async fn announce(&self, length: usize, path: &str, who: &str, body: &str) -> TcpStream {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: desk\r\norigin: http://desk\r\n{who}\r\n\
             content-type: multipart/form-data; boundary=b\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        stream.write_all(head.as_bytes()).await.expect("is sent");
        stream
    }

    async fn cookie(&self, actor: &Actor) -> String {
        format!("cookie: {}", self.app.browser_of(actor).await)
    }
}

fn token(actor: &Actor) -> String {
    format!("authorization: Bearer {}", actor.token)
}

fn field(name: &str, value: &str) -> String {
    format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

/// The head of a file, and nothing of what is in it.
fn file() -> String {
    "--b\r\ncontent-disposition: form-data; name=\"photos\"; filename=\"a.jpg\"\r\n\r\n".to_owned()
}

/// A whole report, up to its first photo.
fn report() -> String {
    let fields = [
        ("device_type", "笔记本"),
        ("brand", "华为"),
        ("fault_type", "清灰"),
        ("description", "风扇很响"),
        ("campus", "江安"),
        ("phone", "13800000000"),
    ];
    fields.map(|(name, value)| field(name, value)).concat() + &file()
}

/// Reads the answer, which comes although the form never ends.
async fn hear(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(LONG, stream.read_to_end(&mut bytes)).await.expect("it answers");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns `true` while the server waits for the rest of the form.
async fn is_awaited(stream: &mut TcpStream) -> bool {
    timeout(Duration::from_millis(300), stream.read(&mut [0])).await.is_err()
}

/// Begins this form again and again until its files are waited for.
async fn wait_for_room(port: &Port, path: &str, who: &str, body: &str) {
    let begun = Instant::now();
    while !is_awaited(&mut port.begin(path, who, body).await).await {
        assert!(begun.elapsed() < LONG, "the room is never free again");
    }
}

fn assert_answers(answer: &str, status: StatusCode) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {}", status.as_str())), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn photos_of_a_ticket_that_is_not_ones_own_are_not_read() {
    let port = Port::open(|_| {}).await;
    let (zhou, li) = (port.app.user("zhou").await, port.app.user("li").await);
    let ticket = port.app.ticket(&zhou, |_| {}).await;
    let cookie = port.cookie(&li).await;

    for path in [
        format!("/tickets/{ticket}/photos"),
        "/tickets/5/photos".to_owned(),
        "/tickets/no-number/photos".to_owned(),
    ] {
        // No byte of the body has come.
        assert_answers(&hear(port.begin(&path, &cookie, "").await).await, StatusCode::NOT_FOUND);
    }
    // Text before the files is read, so as not to lose it.
    let report = field("note", "风扇换了") + &file();
    let answer = hear(port.begin(&format!("/tickets/{ticket}/act"), &cookie, &report).await).await;
    assert_answers(&answer, StatusCode::NOT_FOUND);
    for id in [ticket.to_string(), "5".to_owned()] {
        let body = field("order_id", &id) + &file();
        let answer = hear(port.begin("/v1/ticket/photos", &token(&li), &body).await).await;
        assert_answers(&answer, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn photos_of_a_ticket_that_is_not_named_yet_are_not_read() {
    let port = Port::open(|_| {}).await;
    let zhou = port.app.user("zhou").await;
    port.app.ticket(&zhou, |_| {}).await;

    for before in [String::new(), field("order_id", ""), field("order_id", "x"), field("note", "1")] {
        let answer = hear(port.begin("/v1/ticket/photos", &token(&zhou), &(before + &file())).await).await;
        assert_answers(&answer, StatusCode::BAD_REQUEST);
        assert!(answer.contains(&(ZH.api().value)("order_id", ZH.api().before_files)), "{answer}");
    }
}

#[tokio::test]
async fn photos_that_may_be_sent_are_waited_for() {
    let port = Port::open(|_| {}).await;
    let zhou = port.app.user("zhou").await;
    let ticket = port.app.ticket(&zhou, |_| {}).await;

    for (path, who, body) in [
        (format!("/tickets/{ticket}/photos"), port.cookie(&zhou).await, file()),
        ("/v1/ticket/photos".to_owned(), token(&zhou), field("order_id", &ticket.to_string()) + &file()),
    ] {
        let mut stream = port.begin(&path, &who, &body).await;
        assert!(is_awaited(&mut stream).await, "{path}");
        drop(stream);
        sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn a_report_that_cannot_be_filed_comes_back_before_its_photos_are_read() {
    let port = Port::open(|site| site.limits.open_tickets = 1).await;
    let zhou = port.app.user("zhou").await;
    let cookie = port.cookie(&zhou).await;
    port.app.ticket(&zhou, |_| {}).await;

    let answer = hear(port.begin("/tickets/new", &cookie, &report()).await).await;

    assert_answers(&answer, StatusCode::CONFLICT);
    assert!(answer.contains("风扇很响"), "what was typed is still there");
}

#[tokio::test]
async fn a_key_that_cannot_be_kept_is_refused_before_anything_is_read() {
    let port = Port::open(|_| {}).await;
    let zhou = port.app.user("zhou").await;
    let who = format!("{}\r\nidempotency-key: {}", token(&zhou), "x".repeat(256));

    let answer = hear(port.begin("/v1/ticket/photos", &who, "").await).await;

    assert_answers(&answer, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn uploads_beyond_the_room_are_sent_away_and_come_again_later() {
    let port = Port::open(|site| site.upload_bytes = 64 * MEGABYTE).await;
    let mut uploads = Vec::new();
    for name in ["zhou", "li"] {
        let person = port.app.user(name).await;
        let ticket = port.app.ticket(&person, |_| {}).await;
        uploads.push((format!("/tickets/{ticket}/photos"), port.cookie(&person).await));
    }
    let [(his, he), (hers, she)] = &uploads[..] else { unreachable!("two") };
    let mut under_way = port.begin(his, he, &file()).await;
    // Six files' worth is not needed: at most 10 MB of each is held.
    let mut megabytes = vec![b'x'; 9 * MEGABYTE];
    megabytes.extend_from_slice(format!("\r\n{}", file()).as_bytes());
    for _ in 0..4 {
        under_way.write_all(&megabytes).await.expect("is taken");
    }
    sleep(Duration::from_millis(500)).await;

    let busy = hear(port.begin(hers, she, "").await).await;
    assert_answers(&busy, StatusCode::SERVICE_UNAVAILABLE);
    let again = hear(port.begin(his, he, "").await).await;
    assert_answers(&again, StatusCode::TOO_MANY_REQUESTS);
    for refused in [busy, again] {
        assert!(refused.contains("retry-after: 10"), "{refused}");
    }

    drop(under_way);
    wait_for_room(&port, hers, she, &file()).await;
}

#[tokio::test]
async fn a_third_upload_of_one_person_comes_again_later() {
    let port = Port::open(|_| {}).await;
    let (zhou, li) = (port.app.user("zhou").await, port.app.user("li").await);
    let (his, hers) = (port.app.ticket(&zhou, |_| {}).await, port.app.ticket(&li, |_| {}).await);
    let (path, cookie) = (format!("/tickets/{his}/photos"), port.cookie(&zhou).await);
    let begun = file() + &"x".repeat(1000);
    let one = port.begin(&path, &cookie, &begun).await;
    let _two = port.begin(&path, &cookie, &begun).await;
    sleep(Duration::from_millis(500)).await;

    let third = hear(port.begin(&path, &cookie, &begun).await).await;
    let body = field("order_id", &his.to_string()) + &begun;
    let call = hear(port.begin("/v1/ticket/photos", &token(&zhou), &body).await).await;
    let (path_of_hers, her) = (format!("/tickets/{hers}/photos"), port.cookie(&li).await);
    let mut of_another = port.begin(&path_of_hers, &her, &begun).await;

    for refused in [third, call] {
        assert_answers(&refused, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.contains("retry-after: 10"), "{refused}");
    }
    assert!(is_awaited(&mut of_another).await);
    drop(one);
    wait_for_room(&port, &path, &cookie, &begun).await;
}

#[tokio::test]
async fn a_call_that_announces_more_than_photos_may_have_is_not_read() {
    let port = Port::open(|_| {}).await;
    let zhou = port.app.user("zhou").await;

    let answer = hear(port.announce(600 * MEGABYTE, "/v1/ticket/photos", &token(&zhou), "").await).await;

    assert_answers(&answer, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_form_whose_sender_leaves_is_no_failure_of_the_server() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let ticket = app.ticket(&zhou, |_| {}).await;

    for cookie in [String::new(), app.browser_of(&zhou).await] {
        let mut form = form_with_files(&format!("/tickets/{ticket}/photos"), &cookie, &[], &[]);
        let left = io::Error::from(io::ErrorKind::ConnectionReset);
        *form.body_mut() = Body::from_stream(futures::stream::iter([Ok("--between"), Err(left)]));

        assert_eq!(app.send(form).await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn photos_that_come_before_the_fields_are_read_as_before() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let cookie = app.browser_of(&zhou).await;

    let sent = form_with_files("/tickets/new", &cookie, &[], &[("photos", "a.jpg", b"no picture")]);
    let reply = app.send(sent).await;

    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
}
