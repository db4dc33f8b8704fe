//! Photos in a bucket: a server that speaks S3's language as far as the desk
//! does, and that believes nobody whose signature it cannot make itself.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use fixdesk::domain::photo::{PhotoId, Size};
use fixdesk::domain::time::Instant;
use fixdesk::service::bucket::Bucket;
use fixdesk::service::photo_files::{PhotoFiles, PhotoPlace};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// When everything here was written: 2024-06-10 04:00 in UTC.
const WRITTEN_AT: Instant = Instant(1_717_992_000);

#[derive(Clone, Default)]
struct Shelf {
    files: Arc<Mutex<BTreeMap<String, Bytes>>>,
    /// How many of the next requests fail.
    failures: Arc<Mutex<u32>>,
}

impl Shelf {
    async fn open(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router =
            Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    fn names(&self) -> Vec<String> {
        self.files.lock().expect("nobody has panicked").keys().cloned().collect()
    }

    /// Only these pages of a list: one file each, so that a list has several.
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
    let dated =
        |bytes: Bytes| ([("last-modified", "Mon, 10 Jun 2024 04:00:00 GMT"), ("etag", "\"1\"")], bytes);
    let mut files = shelf.files.lock().expect("nobody has panicked");
    match method {
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

fn place(address: SocketAddr, secret: &str) -> PhotoPlace {
    PhotoPlace::Bucket(Bucket {
        endpoint: format!("http://{address}/"),
        region: "north".to_owned(),
        key_id: "AKIDEXAMPLE".to_owned(),
        secret_key: secret.to_owned(),
        ..Bucket::at("s3://desk/repairs").expect("an address")
    })
}

fn id(digit: char) -> PhotoId {
    digit.to_string().repeat(32).parse().expect("an id")
}

#[tokio::test]
async fn photos_are_kept_in_a_bucket_as_in_a_folder() {
    let shelf = Shelf::default();
    let files = PhotoFiles::open(&place(shelf.open().await, SECRET)).expect("opens");
    let (one, two) = (id('a'), id('b'));
    files.check_answers().await.expect("an empty bucket");

    files.write(&one, b"full".to_vec(), b"small".to_vec()).await.expect("written");
    files.write(&two, vec![7; 3 << 20], b"".to_vec()).await.expect("written");

    let names = |ids: &[&PhotoId]| -> Vec<String> {
        let both = |id: &&PhotoId| [format!("repairs/{id}"), format!("repairs/{id}-thumbnail")];
        ids.iter().flat_map(both).collect()
    };
    assert_eq!(shelf.names(), names(&[&one, &two]));
    assert_eq!(files.read(&one, Size::Full).await.expect("is there"), b"full");
    assert_eq!(files.read(&one, Size::Thumbnail).await.expect("is there"), b"small");
    assert_eq!(files.read(&two, Size::Full).await.expect("is there"), vec![7; 3 << 20]);
    assert_eq!(files.find(&id('c'), Size::Full).await.expect("answers"), None);

    shelf.files.lock().expect("nobody has panicked").insert("somebody/else".to_owned(), Bytes::new());
    let after = files.written_before(WRITTEN_AT.plus(1)).await.expect("lists");
    let before = files.written_before(WRITTEN_AT).await.expect("lists");
    assert_eq!((after, before), (vec![one.clone(), two.clone()], vec![]));

    let gone = BTreeSet::from([one, id('c')]);
    files.remove(&gone).await.expect("removed");
    assert_eq!(shelf.names(), [names(&[&two]), vec!["somebody/else".to_owned()]].concat());
}

#[tokio::test]
async fn a_server_that_stumbles_is_asked_again() {
    let shelf = Shelf::default();
    let files = PhotoFiles::open(&place(shelf.open().await, SECRET)).expect("opens");

    *shelf.failures.lock().expect("nobody has panicked") = 2;
    files.write(&id('a'), b"full".to_vec(), b"small".to_vec()).await.expect("written");

    assert_eq!(shelf.names().len(), 2);
}

#[tokio::test]
async fn a_wrong_key_is_an_error_that_does_not_tell_it() {
    let shelf = Shelf::default();
    let files = PhotoFiles::open(&place(shelf.open().await, "another secret")).expect("opens");

    let refused = files.find(&id('a'), Size::Full).await.expect_err("is refused").to_string();

    assert!(files.check_answers().await.is_err());
    assert!(refused.contains("the photos cannot be reached"), "{refused}");
    assert!(!refused.contains("another secret"), "{refused}");
}
