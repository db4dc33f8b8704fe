//! Client that signs requests and sends them to the site's webhooks.

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use sha2::Sha256;

use crate::domain::time::Instant;
use crate::service::hex;

/// Bytes of a secret: a shorter one could be found by trying, with one signed request to compare.
const SECRET_MIN_BYTES: usize = 32;

/// Addresses of the requests, their signer and client.
#[derive(Clone, Debug)]
pub struct Webhooks {
    pub(super) urls: Vec<String>,
    signer: Hmac<Sha256>,
    pub(super) client: Client<HttpsConnector<HttpConnector>, String>,
}

#[derive(Debug, thiserror::Error)]
pub enum BadWebhooks {
    #[error("{0:?} in webhook_urls is not an address like https://example.edu/hook")]
    Url(String),
    #[error("webhook_urls has an address with a user name, which would not be sent")]
    UserName,
    #[error("webhook_secret is too short: it needs at least {SECRET_MIN_BYTES} bytes")]
    ShortSecret,
}

impl Webhooks {
    pub fn new(urls: &[String], secret: &str) -> Result<Self, BadWebhooks> {
        if let Some(bad) = urls.iter().find(|url| !is_web_address(url)) {
            return Err(BadWebhooks::Url(bad.clone()));
        }
        if urls.iter().any(|url| has_user_name(url)) {
            return Err(BadWebhooks::UserName);
        }
        Self::check_secret(secret)?;
        let connector =
            HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        Ok(Self {
            urls: urls.to_vec(),
            signer: Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length"),
            client: Client::builder(TokioExecutor::new()).build(connector),
        })
    }

    pub const fn check_secret(secret: &str) -> Result<(), BadWebhooks> {
        if secret.len() < SECRET_MIN_BYTES { Err(BadWebhooks::ShortSecret) } else { Ok(()) }
    }

    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// Signature of time and body: `sha256=` and hex digits.
    pub(super) fn sign(&self, Instant(now): Instant, body: &str) -> String {
        let mut signer = self.signer.clone();
        signer.update(format!("{now}.{body}").as_bytes());
        format!("sha256={}", hex(&signer.finalize().into_bytes()))
    }
}

pub(crate) fn is_web_address(url: &str) -> bool {
    let uri: Option<Uri> = url.parse().ok();
    uri.is_some_and(|uri| uri.host().is_some() && matches!(uri.scheme_str(), Some("http" | "https")))
}

fn has_user_name(url: &str) -> bool {
    let uri: Option<Uri> = url.parse().ok();
    uri.and_then(|uri| uri.authority().map(|authority| authority.as_str().contains('@'))).unwrap_or(false)
}
