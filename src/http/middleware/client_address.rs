//! Client address of a request, to count failed tries.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::http::Web;

/// The most characters of a header that go into the log.
const LOGGED_CHARS: usize = 64;

pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<Web> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        Ok(Self(client_address(parts, web)))
    }
}

/// The address from which a request comes, as far as the proxy tells it.
pub fn client_address(parts: &Parts, web: &Web) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    if !web.app.site.behind_proxy {
        return peer;
    }
    match forwarded_address(&parts.headers) {
        ForwardedAddress::Address(address) => address,
        ForwardedAddress::Unknown => peer,
        ForwardedAddress::Unclear(entry) => {
            // Once a process: every request would say the same.
            web.unclear_address.call_once(|| {
                let entry: String = entry.chars().take(LOGGED_CHARS).collect();
                tracing::warn!(
                    entry,
                    "behind_proxy is set, but X-Forwarded-For names no address: all such clients count as one"
                );
            });
            peer
        }
    }
}

/// The client's address according to the proxy.
#[derive(Debug, PartialEq, Eq)]
enum ForwardedAddress {
    Address(IpAddr),
    /// The proxy itself does not know it.
    Unknown,
    /// An entry in no known form; empty where the header is missing.
    Unclear(String),
}

/// Reads the last entry, which our own proxy wrote; those before it are the client's claims.
fn forwarded_address(headers: &HeaderMap) -> ForwardedAddress {
    let Some(last) = headers.get_all("x-forwarded-for").iter().next_back() else {
        return ForwardedAddress::Unclear(String::new());
    };
    let text = String::from_utf8_lossy(last.as_bytes());
    let entry = text.rsplit(',').next().unwrap_or_default().trim().trim_matches('"');
    match address_of(entry) {
        Some(address) => ForwardedAddress::Address(address),
        None if entry.eq_ignore_ascii_case("unknown") => ForwardedAddress::Unknown,
        None => ForwardedAddress::Unclear(entry.to_owned()),
    }
}

/// An address, with or without the port and, for IPv6, the brackets and the zone.
fn address_of(entry: &str) -> Option<IpAddr> {
    if let Some(bracketed) = entry.strip_prefix('[') {
        let (address, port) = bracketed.split_once(']')?;
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return is_port.then(|| v6(address)).flatten();
    }
    entry.parse().ok().or_else(|| v6(entry)).or_else(|| {
        let (address, port) = entry.rsplit_once(':')?;
        is_port(port).then(|| address.parse().ok().map(IpAddr::V4)).flatten()
    })
}

fn v6(text: &str) -> Option<IpAddr> {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(lines: &[&str]) -> ForwardedAddress {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().expect("a value"));
        }
        forwarded_address(&headers)
    }

    fn address(text: &str) -> ForwardedAddress {
        ForwardedAddress::Address(text.parse().expect("an address"))
    }

    #[test]
    fn only_the_entry_of_the_own_proxy_is_believed() {
        assert_eq!(forwarded(&["10.0.0.1, 203.0.113.9"]), address("203.0.113.9"));
        assert_eq!(forwarded(&["203.0.113.9", "10.0.0.1,192.0.2.1"]), address("192.0.2.1"));
        assert_eq!(forwarded(&["203.0.113.9, unknown"]), ForwardedAddress::Unknown);
    }

    #[test]
    fn an_address_is_read_in_every_form_that_proxies_write() {
        for (entry, expected) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%25eth0]:80", "fe80::1"),
            ("::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ] {
            assert_eq!(forwarded(&[entry]), address(expected), "{entry}");
        }
        assert_eq!(forwarded(&["Unknown"]), ForwardedAddress::Unknown);
    }

    #[test]
    fn anything_else_is_unclear() {
        for entry in
            ["", "localhost", "203.0.113.9:", "203.0.113.9:x", "[::1", "[::1]x", "999.1.1.1", "_secret"]
        {
            assert_eq!(forwarded(&[entry]), ForwardedAddress::Unclear(entry.to_owned()), "{entry}");
        }
        assert_eq!(forwarded(&[]), ForwardedAddress::Unclear(String::new()));
    }
}
