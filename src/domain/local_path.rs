//! Where to go back to after signing in: a path of this site, nothing else.

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
