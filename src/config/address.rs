//! Addresses in settings: of web servers and of a mail server.

use std::net::{Ipv4Addr, Ipv6Addr};

const DEFAULT_PORTS: [(&str, u16); 2] = [("http", 80), ("https", 443)];

/// `https://desk.example:8443`: scheme, host and port.
pub(super) struct WebAddress<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<u16>,
}

impl<'a> WebAddress<'a> {
    /// Parses an address without a path.
    pub fn parse(text: &'a str) -> Result<Self, &'static str> {
        let (scheme, rest) = scheme_of(text)?;
        if rest.contains(['/', '?', '#']) {
            return Err("it must end with the host, without a slash or a path");
        }
        Self::at(scheme, rest)
    }

    /// Parses an address that may have a path.
    pub fn parse_with_path(text: &'a str) -> Result<Self, &'static str> {
        let (scheme, rest) = scheme_of(text)?;
        if rest.contains(['?', '#']) {
            return Err("it must not have a query");
        }
        let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%/".contains(c);
        if !path.chars().all(is_plain) || !is_percent_encoded(path) {
            return Err("its path must be percent-encoded");
        }
        Self::at(scheme, place)
    }

    fn at(scheme: &'a str, place: &'a str) -> Result<Self, &'static str> {
        if place.contains('@') {
            return Err("it must not have a user name");
        }
        let (host, port) = host_and_port(place)?;
        Ok(Self { scheme, host, port })
    }

    pub fn as_browsers_write_it(&self) -> Result<(), &'static str> {
        let Self { scheme, host, port } = self;
        if host.chars().any(|c| c.is_ascii_uppercase()) {
            return Err("browsers write hosts in small letters");
        }
        match port {
            Some(port) if DEFAULT_PORTS.contains(&(scheme, *port)) => {
                Err("browsers leave out the port that the scheme has anyway")
            }
            _ => Ok(()),
        }
    }
}

fn scheme_of(text: &str) -> Result<(&str, &str), &'static str> {
    match text.split_once("://") {
        None => Err("it must begin with https:// or http://"),
        Some((scheme, _)) if !matches!(scheme, "http" | "https") => {
            Err("it must begin with https:// or http://, in small letters")
        }
        Some(parts) => Ok(parts),
    }
}

/// Host and port of an address, without its user name; `None` if it has no scheme.
pub(super) fn place_of(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let place = rest.split(['/', '?', '#']).next()?;
    place.rsplit('@').next()
}

/// Splits `desk.example:8443`.
pub(super) fn host_and_port(place: &str) -> Result<(&str, Option<u16>), &'static str> {
    let colon = place.rfind(':').filter(|colon| !place[*colon..].contains(']'));
    let (host, port) = colon.map_or((place, None), |colon| (&place[..colon], Some(&place[colon + 1..])));
    let is_port = "its port must be a number from 1 to 65535";
    let port = port.map(|port| port_of(port).ok_or(is_port)).transpose()?;
    if !host.is_ascii() {
        Err("its host must be written in ASCII, like xn--fiqs8s.example")
    } else if !is_host(host) {
        Err("its host cannot be one")
    } else {
        Ok((host, port))
    }
}

/// Checks the parts of a mail server's address that the mail library takes as they are.
pub(super) fn check_mail_server(address: &str) -> Result<(), &'static str> {
    if address.contains(char::is_control) {
        return Err("it has a control character");
    }
    let Some((_, rest)) = address.split_once("://") else { return Ok(()) };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (place, greeting) = rest.split_once('/').unwrap_or((rest, ""));
    let (user, place) = place.rsplit_once('@').unwrap_or(("", place));
    if !is_percent_encoded(user) {
        return Err("its user name or password has a % that is no code: write it as %25");
    }
    host_and_port(place)?;
    let name = greeting.trim_matches('/');
    if greeting.is_empty() || is_host(name) || is_address_literal(name) {
        Ok(())
    } else {
        Err("its path must be the name that the desk greets with, like desk.example.edu")
    }
}

/// Returns `true` if two hex digits follow every percent sign.
fn is_percent_encoded(text: &str) -> bool {
    let is_code =
        |after: &str| after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    text.split('%').skip(1).all(is_code)
}

/// A port as everybody writes it: digits, the first of which is not zero.
fn port_of(text: &str) -> Option<u16> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_plain)
}

/// Returns `true` for names, and for IP addresses in canonical form.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok_and(|parsed| parsed.to_string() == address);
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.rsplit('.').next().is_some_and(is_numeric) {
        return host.parse::<Ipv4Addr>().is_ok_and(|parsed| parsed.to_string() == host);
    }
    name.split('.').all(is_label)
}

/// Returns `true` for `[192.0.2.7]` and `[IPv6:2001:db8::7]`, RFC 5321, 4.1.3.
fn is_address_literal(text: &str) -> bool {
    let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return false };
    match address.strip_prefix("IPv6:") {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => address.parse::<Ipv4Addr>().is_ok(),
    }
}

fn is_label(label: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !label.is_empty() && label.chars().all(is_plain) && !label.starts_with('-') && !label.ends_with('-')
}

/// Returns `true` if a host that ends with this label is read as an IPv4 address.
fn is_numeric(label: &str) -> bool {
    match label.strip_prefix("0x").or_else(|| label.strip_prefix("0X")) {
        Some(hex) => hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit()),
    }
}
