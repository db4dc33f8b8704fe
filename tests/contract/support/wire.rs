//! Requests as clients send them, and answers as they read them.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, Request, StatusCode};
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::support::cast::Actor;

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// Text of the body; else empty.
    pub text: String,
}

impl Reply {
    /// The body as JSON; `null` if it is something else.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The header's value; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("readable")).unwrap_or_default()
    }

    /// The cookies it sets, with their attributes; not the one by which a browser is known again.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.all_cookies().into_iter().filter(|cookie| !is_of_browser(cookie)).collect()
    }

    /// The cookie by which a browser is known again, with its attributes.
    pub fn browser_cookie(&self) -> Option<&str> {
        self.all_cookies().into_iter().find(|cookie| is_of_browser(cookie))
    }

    fn all_cookies(&self) -> Vec<&str> {
        let values = self.headers.get_all(SET_COOKIE).iter();
        values.map(|value| value.to_str().expect("readable")).collect()
    }

    /// `name=value` of the cookies it sets.
    pub fn cookies(&self) -> Vec<String> {
        let pair = |cookie: &str| cookie.split(';').next().expect("a pair").to_owned();
        self.set_cookies().into_iter().map(pair).collect()
    }

    /// Visible text of a page, without its scripts.
    pub fn readable(&self) -> String {
        readable(&self.text)
    }

    /// The text of the element with this id; empty if there is none.
    pub fn text_of(&self, id: &str) -> String {
        let found =
            self.text.split_once(&format!("id=\"{id}\"")).and_then(|(_, after)| after.split_once('>'));
        found.map(|(_, inside)| readable(inside.split("</").next().unwrap_or_default())).unwrap_or_default()
    }

    /// The addresses of the page's links, and what they say.
    pub fn links(&self) -> Vec<(String, String)> {
        let anchors = self.text.split("<a ").skip(1);
        anchors
            .filter_map(|anchor| {
                let (tag, after) = anchor.split_once('>')?;
                let address = tag.split_once("href=\"")?.1.split('"').next()?;
                let inside = after.split("</a>").next()?;
                Some((address.replace("&amp;", "&"), readable(inside)))
            })
            .collect()
    }

    /// Returns `true` if it links to this address.
    pub fn links_to(&self, address: &str) -> bool {
        self.links().iter().any(|(found, _)| found == address)
    }

    /// The numbers of the tickets that a list shows, in its order.
    pub fn rows(&self) -> Vec<i64> {
        let links = self.links();
        let row = |(address, says): &(String, String)| {
            let number = address.strip_prefix("/tickets/")?.split('?').next()?;
            (number == says).then(|| number.parse().ok()).flatten()
        };
        links.iter().filter_map(row).collect()
    }
}

fn is_of_browser(cookie: &str) -> bool {
    cookie.trim_start_matches("__Host-").starts_with("fixdesk_browser=")
}

fn readable(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag_and_after)) = rest.split_once('<') {
        text.push_str(before);
        let end = match tag_and_after {
            script if script.starts_with("script") => "</script>",
            comment if comment.starts_with("!--") => "-->",
            _ => ">",
        };
        let (tag, after) = tag_and_after.split_once(end).unwrap_or((tag_and_after, ""));
        // Comments and names stand between the pieces of one sentence.
        let is_inside = tag.starts_with('!') || ["bdi", "/bdi"].contains(&tag);
        if !is_inside {
            text.push(' ');
        }
        rest = after;
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Refusal of the REST interface.
pub fn refusal(what: &str) -> Value {
    json!({ "status": "error", "success": false, "request_type": "", "data": what })
}

/// Refusal of a call that changes something: the sentence stands twice.
pub fn call_refusal(what: &str) -> Value {
    json!({ "status": "error", "success": false, "request_type": "", "data": what, "message": what })
}

pub fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

pub fn get_as(path: &str, actor: &Actor) -> Request<Body> {
    bearing(path, &format!("Bearer {}", actor.token))
}

pub fn bearing(path: &str, authorization: &str) -> Request<Body> {
    let request = Request::get(path).header(AUTHORIZATION, authorization);
    request.body(Body::empty()).expect("a request")
}

pub fn post_json(path: &str, body: &Value) -> Request<Body> {
    let request = Request::post(path).header(CONTENT_TYPE, "application/json");
    request.body(Body::from(body.to_string())).expect("a request")
}

/// POST with a token.
pub fn post_json_as(path: &str, body: &Value, actor: &Actor) -> Request<Body> {
    with_header(post_json(path, body), AUTHORIZATION.as_str(), &format!("Bearer {}", actor.token))
}

/// A form, sent from a page of this site.
pub fn form(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Request<Body> {
    with_header(unproven_form(path, cookie, fields), "sec-fetch-site", "same-origin")
}

/// A form with files, sent from a page of this site: fields, then files, each
/// with the name of its field, its own name and what is in it.
pub fn form_with_files(
    path: &str,
    cookie: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Request<Body> {
    const BOUNDARY: &str = "between-the-parts";
    let mut body = Vec::new();
    let mut part = |head: String, content: &[u8]| {
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    for (name, value) in fields {
        part(format!("name=\"{name}\""), value.as_bytes());
    }
    for (name, file, content) in files {
        // Browsers go by the ending of the name, and anybody can say anything.
        part(format!("name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: image/jpeg"), content);
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    Request::post(path)
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header(COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header("accept-language", "zh-CN")
        .body(in_pieces(body))
        .expect("a request")
}

/// Body as networks bring it: one piece, then more when polled.
fn in_pieces(body: Vec<u8>) -> Body {
    let pieces: Vec<Vec<u8>> = body.chunks(64 * 1024).map(<[u8]>::to_vec).collect();
    let stream = futures::stream::iter(pieces).enumerate().then(async |(index, piece)| {
        if index > 0 {
            tokio::task::yield_now().await;
        }
        Ok::<_, Infallible>(piece)
    });
    Body::from_stream(stream)
}

/// A form without proof of where it comes from.
pub fn unproven_form(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    Request::post(path)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, cookie)
        .body(Body::from(body.finish()))
        .expect("a request")
}

pub fn with_header(mut request: Request<Body>, name: &str, value: &str) -> Request<Body> {
    let name: HeaderName = name.parse().expect("a name");
    request.headers_mut().insert(name, value.parse().expect("a value"));
    request
}

pub fn with_method(mut request: Request<Body>, method: &str) -> Request<Body> {
    *request.method_mut() = method.parse().expect("a method");
    request
}

pub fn with_body(mut request: Request<Body>, body: impl Into<Body>) -> Request<Body> {
    *request.body_mut() = body.into();
    request
}
