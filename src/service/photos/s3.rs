//! Buckets for photos instead of a folder, on S3 and servers of the same protocol.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as Sockets;
use hyper_util::rt::TokioExecutor;
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
    HttpService,
};
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, RetryConfig};

use crate::service::notifications::webhook_client::is_web_address;

const SCHEME: &str = "s3://";
/// Limit of one try: a photo on a slow line takes its time.
const PATIENCE: Duration = Duration::from_secs(30);
/// Few, since a reader waits.
const RETRIES: usize = 2;
const RETRIES_WITHIN: Duration = Duration::from_secs(20);

/// A bucket with its keys.
#[derive(Clone, Default)]
pub struct Bucket {
    pub name: String,
    /// Folder in the bucket, empty for all of it.
    pub folder: String,
    /// Address of the server; empty for Amazon's.
    pub endpoint: String,
    pub region: String,
    pub key_id: String,
    pub secret_key: String,
}

#[derive(Debug, thiserror::Error)]
pub enum BadBucket {
    #[error("photos are kept in a folder or in s3://BUCKET, and {0:?} is neither")]
    Address(String),
    #[error(
        "photos names the bucket {0:?}: a bucket has 3 to 63 small letters, digits, hyphens and single \
         dots, with a letter or digit at both ends"
    )]
    Name(String),
    #[error("s3_endpoint {0:?} is not an address like https://s3.example.edu")]
    Endpoint(String),
    #[error("photos in a bucket need s3_key_id and s3_secret_key")]
    NoKey,
    #[error("photos cannot be kept in this bucket: {0}")]
    Unfit(#[from] object_store::Error),
}

impl Bucket {
    /// Reads `s3://BUCKET` or `s3://BUCKET/FOLDER`.
    pub fn at(address: &str) -> Result<Self, BadBucket> {
        let place = address.strip_prefix(SCHEME).unwrap_or_default();
        let (name, folder) = place.split_once('/').unwrap_or((place, ""));
        if name.is_empty() {
            return Err(BadBucket::Address(address.to_owned()));
        }
        if !is_bucket_name(name) {
            return Err(BadBucket::Name(name.to_owned()));
        }
        let folder = folder.trim_matches('/').to_owned();
        Ok(Self { name: name.to_owned(), folder, ..Self::default() })
    }

    pub fn check(&self) -> Result<(), BadBucket> {
        self.prefix()?;
        if !self.endpoint.is_empty() && !is_web_address(&self.endpoint) {
            return Err(BadBucket::Endpoint(self.endpoint.clone()));
        }
        if self.key_id.is_empty() || self.secret_key.is_empty() { Err(BadBucket::NoKey) } else { Ok(()) }
    }

    pub(crate) fn open(&self) -> Result<Arc<dyn ObjectStore>, BadBucket> {
        self.check()?;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.name)
            .with_region(&self.region)
            .with_access_key_id(&self.key_id)
            .with_secret_access_key(&self.secret_key)
            .with_allow_http(self.endpoint.starts_with("http://"))
            .with_http_connector(Connector)
            // Some servers cannot delete several at once.
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: RETRIES_WITHIN,
                ..RetryConfig::default()
            });
        if !self.endpoint.is_empty() {
            builder = builder.with_endpoint(self.endpoint.trim_end_matches('/'));
        }
        Ok(Arc::new(PrefixStore::new(builder.build()?, self.prefix()?)))
    }

    fn prefix(&self) -> Result<Path, BadBucket> {
        Ok(Path::parse(&self.folder).map_err(object_store::Error::from)?)
    }
}

/// Returns `true` for names that S3 allows. They become part of an address, and with any other the
/// client would panic.
fn is_bucket_name(name: &str) -> bool {
    let is_end = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_inner = |byte: u8| is_end(byte) || matches!(byte, b'.' | b'-');
    let ends = [name.bytes().next(), name.bytes().next_back()];
    (3..=63).contains(&name.len())
        && name.bytes().all(is_inner)
        && ends.into_iter().flatten().all(is_end)
        && !name.contains("..")
}

/// Prints no key into logs.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{} at {:?}", self.name, self.folder, self.endpoint)
    }
}

/// Prints the address as the settings have it.
impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.name, self.folder)
    }
}

/// Client as webhooks have it, so that there is one way to speak TLS.
#[derive(Debug)]
struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let connector =
            HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        Ok(HttpClient::new(Requests(Client::builder(TokioExecutor::new()).build(connector))))
    }
}

#[derive(Debug)]
struct Requests(Client<HttpsConnector<Sockets>, HttpRequestBody>);

impl Requests {
    /// Reads the whole answer: it is a photo or a page of a list.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = self.0.request(request).await.map_err(|error| {
            let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
            HttpError::new(kind, error)
        })?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error))?;
        Ok(HttpResponse::from_parts(head, body.to_bytes().into()))
    }
}

#[async_trait::async_trait]
impl HttpService for Requests {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = tokio::time::timeout(PATIENCE, self.send(request)).await;
        answer.map_err(|error| HttpError::new(HttpErrorKind::Timeout, error))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_bucket_and_folder() {
        let place = |address: &str| Bucket::at(address).map(|bucket| (bucket.name, bucket.folder)).ok();
        let pair = |name: &str, folder: &str| Some((name.to_owned(), folder.to_owned()));

        assert_eq!(place("s3://desk"), pair("desk", ""));
        assert_eq!(place("s3://desk/"), pair("desk", ""));
        assert_eq!(place("s3://desk/repairs/photos/"), pair("desk", "repairs/photos"));
        for bad in ["s3://", "s3:///photos", "https://desk.example", "gs://desk"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_bucket_has_a_name_that_s3_allows() {
        let longest = "d".repeat(63);
        for good in ["desk", "desk.repairs-2", "3d2", &longest] {
            Bucket::at(&format!("s3://{good}")).expect(good);
        }
        let long = "d".repeat(64);
        for bad in
            [" desk", "de<sk", "desk?x", "bück", "Desk", "d_k", "de", "-desk", "desk.", "de..sk", &long]
        {
            let refused = Bucket::at(&format!("s3://{bad}")).expect_err(bad);
            assert!(matches!(refused, BadBucket::Name(_)), "{bad}");
        }
    }

    #[test]
    fn a_bucket_is_described_without_its_keys() {
        let keys = || ("AKIAEXAMPLE".to_owned(), "do not tell".to_owned());
        let (key_id, secret_key) = keys();
        let bucket = Bucket { name: "desk".to_owned(), key_id, secret_key, ..Bucket::default() };

        let described = format!("{bucket:?}");

        assert!(described.contains("desk") && !described.contains("tell") && !described.contains("AKIA"));
    }
}
