//! Return addresses of the sign-in: a path of this site, nothing else.

use std::fmt;

/// A path beginning with one slash. Browsers read `//host` and `/\host` as
/// another site, and drop tabs and line ends before they look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('/')?;
        let leaves = rest.starts_with('/') || text.contains('\\');
        let plain = text.bytes().all(|byte| (0x21..0x7f).contains(&byte));
        (!leaves && plain && text.len() <= 2048).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the return address from the query of the sign-in page. It stays in the address, so
    /// that every link back to that page keeps it.
    pub fn onward(search: &str) -> Option<Self> {
        let mut pairs = form_urlencoded::parse(search.trim_start_matches('?').as_bytes());
        pairs.find(|(name, _)| name == RETURN_TO).and_then(|(_, path)| Self::parse(&path))
    }
}

/// Parameter and form field of the return address.
pub const RETURN_TO: &str = "return_to";

/// Sign-in page's address, with a return address.
pub fn sign_in_address(onward: Option<&str>) -> String {
    going_on("/sign-in", onward)
}

/// Registration page's address, with a return address.
pub fn register_address(onward: Option<&str>) -> String {
    going_on("/register", onward)
}

fn going_on(page: &str, onward: Option<&str>) -> String {
    let Some(onward) = onward else { return page.to_owned() };
    let query = form_urlencoded::Serializer::new(String::new()).append_pair(RETURN_TO, onward).finish();
    format!("{page}?{query}")
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_goes_on_to_where_one_was_going() {
        let here = "/tickets?campus=%E6%B1%9F&list=done";

        let address = sign_in_address(Some(here));
        let search = address.strip_prefix("/sign-in").expect("is the page");
        assert_eq!(LocalPath::onward(search).as_ref().map(LocalPath::as_str), Some(here));

        assert_eq!(LocalPath::onward(""), None);
        assert_eq!(LocalPath::onward("?return_to="), None);
        assert_eq!(LocalPath::onward("?return_to=https://evil.example"), None);
        assert_eq!(sign_in_address(None), "/sign-in");
        assert_eq!(register_address(Some("/my?page=2")), "/register?return_to=%2Fmy%3Fpage%3D2");
    }

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for good in ["/", "/my", "/tickets?list=done&campus=%E6%B1%9F", "/a//b"] {
            assert!(LocalPath::parse(good).is_some(), "{good}");
        }
        let bad = [
            "",
            "my",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:x",
            "/\t/evil.example",
            "/a\nSet-Cookie: x",
            "/江安",
            " /my",
        ];
        for bad in bad {
            assert!(LocalPath::parse(bad).is_none(), "{bad:?}");
        }
    }
}
