//! A server that speaks as much S3 as the desk does, and checks every signature by making it itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use fixdesk::service::photos::files::{PhotoFiles, PhotoPlace};
use fixdesk::service::photos::s3::Bucket;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::sync::watch;

const COPY_SOURCE: &str = "x-amz-copy-source";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

#[derive(Clone)]
pub struct Shelf {
    files: Arc<Mutex<BTreeMap<String, Bytes>>>,
    /// Number of coming failures.
    failures: Arc<Mutex<u32>>,
    /// Makes uploads hang.
    is_closed: watch::Sender<bool>,
    /// Number of hanging uploads.
    waiting: watch::Sender<usize>,
}

impl Default for Shelf {
    fn default() -> Self {
        let (is_closed, waiting) = (watch::Sender::new(false), watch::Sender::new(0));
        Self { files: Arc::default(), failures: Arc::default(), is_closed, waiting }
    }
}

impl Shelf {
    /// A client of the desk.
    pub async fn photo_files(&self) -> PhotoFiles {
        PhotoFiles::open(&place(self.serve().await, SECRET)).expect("opens")
    }

    /// Makes uploads hang from now on; downloads do not.
    pub fn close(&self) {
        self.is_closed.send_replace(true);
    }

    pub fn open(&self) {
        self.is_closed.send_replace(false);
    }

    /// Waits for hanging files.
    pub async fn has_waiting(&self, files: usize) {
        self.waiting.subscribe().wait_for(|waiting| *waiting >= files).await.expect("is not dropped");
    }

    pub fn fail(&self, requests: u32) {
        *self.failures.lock().expect("nobody has panicked") = requests;
    }

    pub fn put(&self, name: &str, content: &'static [u8]) {
        let content = Bytes::from_static(content);
        self.files.lock().expect("nobody has panicked").insert(name.to_owned(), content);
    }

    async fn is_open(&self) {
        self.waiting.send_modify(|waiting| *waiting += 1);
        self.is_closed.subscribe().wait_for(|closed| !closed).await.expect("is not dropped");
        self.waiting.send_modify(|waiting| *waiting -= 1);
    }

    pub async fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router =
            Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    pub fn names(&self) -> Vec<String> {
        self.files.lock().expect("nobody has panicked").keys().cloned().collect()
    }

    /// Pages of one file each, so that every list has several.
    fn list(&self, after: Option<&String>, prefix: &str) -> String {
        let files = self.files.lock().expect("nobody has panicked");
        let mut left = files
            .iter()
            .filter(|(name, _)| name.starts_with(prefix) && after.is_none_or(|after| *name > after));
        let Some((name, bytes)) = left.next() else {
            return "<ListBucketResult></ListBucketResult>".to_owned();
        };
        let more = left
            .next()
            .map_or_else(String::new, |_| format!("<NextContinuationToken>{name}</NextContinuationToken>"));
        format!(
            "<ListBucketResult>{more}<Contents><Key>{name}</Key><Size>{}</Size>\
             <LastModified>2024-06-10T04:00:00.000Z</LastModified></Contents></ListBucketResult>",
            bytes.len()
        )
    }
}

async fn answer(
    State(shelf): State<Shelf>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    {
        let mut failures = shelf.failures.lock().expect("nobody has panicked");
        if *failures > 0 {
            *failures -= 1;
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
    if !is_signed(&method, &uri, &headers, &body) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(name) = uri.path().strip_prefix("/desk").map(|name| name.trim_start_matches('/').to_owned())
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if method == Method::GET && name.is_empty() {
        let query: BTreeMap<_, _> =
            form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let prefix = query.get("prefix").map(String::as_str).unwrap_or_default();
        return shelf.list(query.get("continuation-token"), prefix).into_response();
    }
    if method == Method::PUT {
        shelf.is_open().await;
    }
    let dated =
        |bytes: Bytes| ([("last-modified", "Mon, 10 Jun 2024 04:00:00 GMT"), ("etag", "\"1\"")], bytes);
    let mut files = shelf.files.lock().expect("nobody has panicked");
    match method {
        Method::PUT if headers.contains_key(COPY_SOURCE) => {
            let source = headers[COPY_SOURCE].to_str().unwrap_or_default().trim_start_matches("desk/");
            match files.get(source).cloned() {
                Some(copied) => {
                    files.insert(name, copied);
                    "<CopyObjectResult><ETag>\"1\"</ETag></CopyObjectResult>".into_response()
                }
                None => StatusCode::NOT_FOUND.into_response(),
            }
        }
        Method::PUT => {
            files.insert(name, body);
            [("etag", "\"1\"")].into_response()
        }
        Method::GET | Method::HEAD => files
            .get(&name)
            .cloned()
            .map_or(StatusCode::NOT_FOUND.into_response(), |bytes| dated(bytes).into_response()),
        Method::DELETE => {
            files.remove(&name);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// Signature Version 4, as its specification has it.
fn is_signed(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (authorization, time) = (header("authorization"), header("x-amz-date"));
    let Some(told) = authorization.strip_prefix("AWS4-HMAC-SHA256 ") else { return false };
    let part = |name: &str| {
        told.split(", ").find_map(|part| part.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
    };
    let Some(day) = time.get(..8) else { return false };
    let scope = format!("{day}/north/s3/aws4_request");
    if part("Credential") != format!("AKIDEXAMPLE/{scope}") {
        return false;
    }

    let hash = hex(&Sha256::digest(body));
    let signed: String =
        part("SignedHeaders").split(';').map(|name| format!("{name}:{}\n", header(name).trim())).collect();
    let mut query: Vec<&str> = uri.query().unwrap_or_default().split('&').collect();
    query.sort_unstable();
    let request =
        format!("{method}\n{}\n{}\n{signed}\n{}\n{hash}", uri.path(), query.join("&"), part("SignedHeaders"));
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(request)));
    let key = [day, "north", "s3", "aws4_request", &text]
        .into_iter()
        .fold(format!("AWS4{SECRET}").into_bytes(), |key, part| mac(&key, part));
    header("x-amz-content-sha256") == hash && part("Signature") == hex(&key)
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn place(address: SocketAddr, secret: &str) -> PhotoPlace {
    PhotoPlace::Bucket(Bucket {
        endpoint: format!("http://{address}/"),
        region: "north".to_owned(),
        key_id: "AKIDEXAMPLE".to_owned(),
        secret_key: secret.to_owned(),
        ..Bucket::at("s3://desk/repairs").expect("an address")
    })
}
