//! Detection of pages that a person opens, not a prefetch or script.

use axum::extract::Request;
use axum::http::{HeaderMap, Method};

/// Headers by which browsers say that they fetch ahead, before anybody looks.
const FETCHED_AHEAD: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/// Returns `true` if a person navigates to this page. Requests without such headers, as all on
/// plain http, count as one.
pub fn is_by_a_person(request: &Request) -> bool {
    let headers = request.headers();
    request.method() == Method::GET
        && !is_fetched_ahead(headers)
        && said(headers, "sec-fetch-mode").is_none_or(|mode| mode == "navigate")
        && said(headers, "sec-fetch-dest").is_none_or(|destination| destination == "document")
        && is_own_or_followed(headers)
}

fn is_fetched_ahead(headers: &HeaderMap) -> bool {
    let ahead = |value: &str| ["prefetch", "prerender", "preview"].iter().any(|word| value.contains(word));
    FETCHED_AHEAD.into_iter().filter_map(|name| said(headers, name)).any(|value| ahead(&value))
}

/// Returns `false` if another site began the navigation by itself; following a link, as in webmail, counts.
fn is_own_or_followed(headers: &HeaderMap) -> bool {
    let is_own = said(headers, "sec-fetch-site").is_none_or(|site| matches!(&*site, "same-origin" | "none"));
    is_own || said(headers, "sec-fetch-user").is_some_and(|user| user == "?1")
}

/// Lowercase value of a header; one that is no text counts as empty.
fn said(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn judged(method: Method, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri("/tickets/1");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        is_by_a_person(&request.body(Body::empty()).expect("a request"))
    }

    #[test]
    fn a_page_is_opened_by_a_person_or_it_is_not() {
        let navigation = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        let with = |more: &[(&'static str, &'static str)]| [&navigation, more].concat();

        assert!(judged(Method::GET, &[]), "a browser on plain http");
        for site in ["none", "same-origin"] {
            assert!(judged(Method::GET, &with(&[("sec-fetch-site", site)])), "{site}");
        }
        let followed = [("sec-fetch-site", "cross-site"), ("sec-fetch-user", "?1")];
        assert!(judged(Method::GET, &with(&followed)), "a link in a mailbox");

        assert!(!judged(Method::HEAD, &[]));
        for site in ["cross-site", "same-site"] {
            assert!(!judged(Method::GET, &with(&[("sec-fetch-site", site)])), "sent here by another site");
        }
        for (name, value) in [
            ("sec-purpose", "prefetch;prerender"),
            ("sec-purpose", "prefetch"),
            ("purpose", "Prefetch"),
            ("x-moz", "prefetch"),
            ("x-purpose", "preview"),
        ] {
            assert!(!judged(Method::GET, &with(&[(name, value)])), "{name}: {value}");
        }
        assert!(!judged(Method::GET, &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")]), "a script");
        let frame =
            [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe"), ("sec-fetch-site", "none")];
        assert!(!judged(Method::GET, &frame));
        assert!(!judged(Method::GET, &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]));
    }
}
