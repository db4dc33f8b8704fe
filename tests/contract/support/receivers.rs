//! Receivers of what the server sends: a mail server and a web server, as real as the loopback allows.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use fixdesk::service::notifications::mailer::Mailer;
use fixdesk::service::notifications::webhook_client::Webhooks;
use quoted_printable::ParseMode;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Arrivals, and status codes of the next replies.
#[derive(Clone)]
struct Counter<T> {
    arrived: Arc<Mutex<Vec<T>>>,
    refusals: Arc<Mutex<VecDeque<u16>>>,
}

impl<T> Counter<T> {
    fn refusing(codes: &[u16]) -> Self {
        let refusals = Arc::new(Mutex::new(codes.iter().copied().collect()));
        Self { arrived: Arc::default(), refusals }
    }

    fn refusal(&self) -> Option<u16> {
        self.refusals.lock().expect("nobody has panicked").pop_front()
    }

    fn take_in(&self, thing: T) {
        self.arrived.lock().expect("nobody has panicked").push(thing);
    }

    fn take_out(&self) -> Vec<T> {
        std::mem::take(&mut *self.arrived.lock().expect("nobody has panicked"))
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// A port without listener.
pub async fn dead_port() -> SocketAddr {
    listen().await.1
}

/// A port that accepts and never answers.
pub async fn silent_port() -> SocketAddr {
    port_that_says("").await
}

/// A port that sends this and then nothing more.
pub async fn port_that_says(greeting: &'static str) -> SocketAddr {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(greeting.as_bytes()).await.expect("is sent");
            held.push(stream);
        }
    });
    address
}

pub fn mailer_of(address: SocketAddr) -> Mailer {
    Mailer::new(&format!("smtp://{address}"), "维修台 <desk@desk.example>").expect("are settings")
}

/// Mail server, as in RFC 5321.
pub struct MailServer {
    pub address: SocketAddr,
    counter: Counter<Mail>,
}

/// A mail as it came.
#[derive(Clone)]
pub struct Mail {
    pub to: Vec<String>,
    raw: String,
}

impl MailServer {
    pub async fn open() -> Self {
        Self::refusing(&[]).await
    }

    /// Server that answers these codes first, and then takes mails.
    pub async fn refusing(codes: &[u16]) -> Self {
        let (listener, address) = listen().await;
        let counter = Counter::refusing(codes);
        let taking = counter.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, taking.clone()));
            }
        });
        Self { address, counter }
    }

    pub fn mailer(&self) -> Mailer {
        mailer_of(self.address)
    }

    /// Takes the mails that have arrived, by recipient.
    pub fn mails(&self) -> Vec<Mail> {
        let mut mails = self.counter.take_out();
        mails.sort_by(|one, other| one.to.cmp(&other.to));
        mails
    }
}

async fn converse(stream: TcpStream, counter: Counter<Mail>) -> std::io::Result<()> {
    let (input, mut output) = stream.into_split();
    let mut lines = BufReader::new(input).lines();
    let mut to = Vec::new();
    output.write_all(b"220 mail.example ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match (verb, rest) {
            ("EHLO", _) => "250-mail.example\r\n250 8BITMIME".to_owned(),
            ("MAIL", _) => "250 go on".to_owned(),
            ("RCPT", rest) => match counter.refusal() {
                Some(code) => format!("{code} come back later"),
                None => {
                    to.push(rest.trim_start_matches("TO:<").trim_end_matches('>').to_owned());
                    "250 go on".to_owned()
                }
            },
            ("DATA", _) => {
                output.write_all(b"354 go on\r\n").await?;
                let mut raw = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push_str("\r\n");
                }
                counter.take_in(Mail { to: std::mem::take(&mut to), raw });
                "250 taken".to_owned()
            }
            ("QUIT", _) => {
                output.write_all(b"221 bye\r\n").await?;
                break;
            }
            _ => "500 what".to_owned(),
        };
        output.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

impl Mail {
    /// The header's value, unfolded and decoded; empty if there is none.
    pub fn header(&self, name: &str) -> String {
        let (head, _) = self.raw.split_once("\r\n\r\n").expect("a head");
        header_of(head, name)
    }

    /// The names of all headers of the head.
    pub fn header_names(&self) -> Vec<&str> {
        let (head, _) = self.raw.split_once("\r\n\r\n").expect("a head");
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.filter_map(|line| line.split_once(':')).map(|(name, _)| name).collect()
    }

    /// Text of the part of this type.
    pub fn part(&self, kind: &str) -> String {
        let content_type = self.header("Content-Type");
        let boundary = format!("--{}", content_type.split('"').nth(1).expect("a boundary"));
        let parts = self.raw.split(&boundary).skip(1);
        let mut found = parts.filter_map(|part| part.trim_start().split_once("\r\n\r\n"));
        let is_wanted = |head: &str| header_of(head, "Content-Type").starts_with(kind);
        let (head, body) = found.find(|(head, _)| is_wanted(head)).expect("a part");
        let bytes = match header_of(head, "Content-Transfer-Encoding").as_str() {
            "base64" => base64_of(&body.replace("\r\n", "")),
            "quoted-printable" => quoted_printable::decode(body, ParseMode::Strict).expect("is valid"),
            _ => body.as_bytes().to_vec(),
        };
        String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n")
    }
}

fn header_of(head: &str, name: &str) -> String {
    let unfolded = head.replace("\r\n ", " ");
    let mut lines = unfolded.split("\r\n").filter_map(|line| line.split_once(": "));
    let value = lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let words = value.unwrap_or_default().split(' ').map(|word| {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        match encoded {
            Some(encoded) => (true, String::from_utf8(base64_of(encoded)).expect("UTF-8")),
            None => (false, word.to_owned()),
        }
    });
    let mut text = String::new();
    let mut was_encoded = true;
    for (is_encoded, word) in words {
        // Between two encoded words there is nothing.
        if !(text.is_empty() || was_encoded && is_encoded) {
            text.push(' ');
        }
        text.push_str(&word);
        was_encoded = is_encoded;
    }
    text
}

fn base64_of(text: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text).expect("is valid")
}

/// Web server.
pub struct WebServer {
    address: SocketAddr,
    counter: Counter<ReceivedRequest>,
}

/// A request as it came.
#[derive(Clone)]
pub struct ReceivedRequest {
    pub headers: HeaderMap,
    pub body: String,
}

pub const WEBHOOK_SECRET: &str = "a secret of the webhooks, long enough";

impl WebServer {
    /// Server that answers these codes first, and takes later requests.
    pub async fn refusing(codes: &[u16]) -> Self {
        let (listener, address) = listen().await;
        let counter = Counter::refusing(codes);
        let taking = counter.clone();
        let hook = post(async move |headers: HeaderMap, body: String| {
            taking.take_in(ReceivedRequest { headers, body });
            taking
                .refusal()
                .map_or(StatusCode::NO_CONTENT, |code| StatusCode::from_u16(code).expect("a code"))
        });
        let router = Router::new().route("/hook", hook);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, counter }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub fn webhooks(&self) -> Webhooks {
        Webhooks::new(&[self.url()], WEBHOOK_SECRET).expect("are settings")
    }

    /// Takes the requests that came.
    pub fn told(&self) -> Vec<ReceivedRequest> {
        self.counter.take_out()
    }
}

impl ReceivedRequest {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("readable")).unwrap_or_default()
    }
}
