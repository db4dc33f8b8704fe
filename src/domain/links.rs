//! Web addresses in texts that people write.

use super::local_path::LocalPath;

/// A piece of a text; pieces keep the text's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// An address that begins with `http://` or `https://`.
    Link(&'a str),
}

const SCHEMES: [&str; 2] = ["https://", "http://"];

/// Splits a text into its pieces; joined again they are the text.
///
/// An address ends where Chinese, Japanese or Korean begins, since people leave no blank there,
/// before punctuation of the sentence around it, and where another address begins. An address whose
/// host is uncertain stays text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(start) = next_start(rest, from) {
        let length = length_of_address(&rest[start..]);
        if length == 0 {
            from = start + 1;
            continue;
        }
        if start > 0 {
            pieces.push(Piece::Text(&rest[..start]));
        }
        pieces.push(Piece::Link(&rest[start..start + length]));
        rest = &rest[start + length..];
        from = 0;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Returns `true` where an address may begin: not inside a longer word.
fn next_start(text: &str, from: usize) -> Option<usize> {
    let starts = text.char_indices().map(|(at, _)| at).skip_while(|at| *at < from);
    starts.into_iter().find(|&at| {
        let before = text[..at].chars().next_back();
        scheme_of(&text[at..]).is_some() && !before.is_some_and(|c| c.is_ascii_alphanumeric())
    })
}

fn scheme_of(text: &str) -> Option<&'static str> {
    SCHEMES
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)))
}

/// Length in bytes of the address that a text begins with; 0 where it has no certain host.
fn length_of_address(text: &str) -> usize {
    let Some(scheme) = scheme_of(text) else { return 0 };
    let after = &text[scheme.len()..];
    let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
    let end = start_of_another(&after[..end]).unwrap_or(end);
    let address = without_sentence(&after[..end]);
    let host = address.split(['/', '?', '#']).next().unwrap_or_default();
    let begins = host.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    // The name before an `@` looks like the host and is none.
    let is_certain = begins && !host.contains('@') && !host.ends_with(':');
    let is_cut = host.len() == address.len() && host_goes_on(&after[..end], &after[end..]);
    if is_certain && !is_cut { scheme.len() + address.len() } else { 0 }
}

fn is_part(c: char) -> bool {
    let is_ascii_part =
        c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\\' | '`' | '{' | '}' | '|' | '^');
    is_ascii_part || (!c.is_ascii() && c.is_alphabetic() && !is_written_without_blanks(c))
}

/// Chinese, Japanese and Korean, which follow an address at once.
const fn is_written_without_blanks(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Place where another address begins: within the host, or behind the punctuation of a
/// list. Elsewhere it is part of a path or a query.
fn start_of_another(address: &str) -> Option<usize> {
    let host = address.find(['/', '?', '#']).unwrap_or(address.len());
    let begins = |at: &usize| *at > 0 && scheme_of(&address[*at..]).is_some();
    let mut starts = address.char_indices().map(|(at, _)| at).filter(begins);
    starts.find(|at| *at < host || address[..*at].ends_with([',', ';', '!', '(', ')', ']', '\'', '*', '~']))
}

/// Returns `true` if a host in Chinese, Japanese or Korean letters was cut in its middle:
/// there a dot or a hyphen stands before the letters or behind them.
fn host_goes_on(host: &str, rest: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() && is_written_without_blanks(c);
    let behind = rest.trim_start_matches(is_letter);
    let mut next = behind.chars();
    let is_joined = matches!(next.next(), Some('.' | '-')) && next.next().is_some_and(char::is_alphanumeric);
    behind.len() < rest.len() && (host.ends_with(['.', '-']) || is_joined)
}

/// Removes punctuation that closes the sentence and is no part of the address; a bracket that the
/// address has opened is its own.
fn without_sentence(address: &str) -> &str {
    let count = |wanted: u8| address.bytes().filter(|byte| *byte == wanted).count();
    let mut unopened_round = count(b')').saturating_sub(count(b'('));
    let mut unopened_square = count(b']').saturating_sub(count(b'['));
    let mut end = address.len();
    for byte in address.bytes().rev() {
        match byte {
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*' | b'_' | b'~' => {}
            b')' if unopened_round > 0 => unopened_round -= 1,
            b']' if unopened_square > 0 => unopened_square -= 1,
            _ => break,
        }
        end -= 1;
    }
    &address[..end]
}

/// Web address of a picture, named in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebAddress<'a> {
    /// A path of this site: shown.
    Here(&'a str),
    /// Another site: a link at most. Loading it would tell that site who reads the ticket.
    Elsewhere(&'a str),
}

/// Reads a stored text as an address; any other text stays a text.
pub fn web_address(text: &str) -> Option<WebAddress<'_>> {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        return Some(WebAddress::Elsewhere(text));
    }
    LocalPath::parse(text).map(|_| WebAddress::Here(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn links(text: &str) -> Vec<&str> {
        let link = |piece| if let Piece::Link(link) = piece { Some(link) } else { None };
        pieces(text).into_iter().filter_map(link).collect()
    }

    #[test]
    fn an_address_is_found_whole_and_without_its_sentence() {
        for (text, found) in [
            ("看 https://a.example/x?b=1&c=2#d 。", &["https://a.example/x?b=1&c=2#d"][..]),
            ("https://a.example/x。谢谢", &["https://a.example/x"]),
            ("见https://a.example谢谢", &["https://a.example"]),
            ("(see HTTP://a.example/y).", &["HTTP://a.example/y"]),
            ("https://a.example/y_(z), then", &["https://a.example/y_(z)"]),
            (
                "https://a.example/%E7%94%B5 http://b.example!",
                &["https://a.example/%E7%94%B5", "http://b.example"],
            ),
            ("http://[2001:db8::1]:80/x", &["http://[2001:db8::1]:80/x"]),
            ("\"https://a.example\"<https://b.example>", &["https://a.example", "https://b.example"]),
            ("https://a.example\nhttps://b.example", &["https://a.example", "https://b.example"]),
            ("https://https://a.example", &["https://a.example"]),
            ("https://a.example。", &["https://a.example"]),
            ("（https://a.example/x），", &["https://a.example/x"]),
            ("“https://a.example/x”’s", &["https://a.example/x"]),
            ("https://a.example/it's'", &["https://a.example/it's"]),
            ("[x](https://a.example/y_[1])", &["https://a.example/y_[1]"]),
            ("https://a.example/?u=https://b.example/x", &["https://a.example/?u=https://b.example/x"]),
            ("https://a.examplehttps://b.example", &["https://a.example", "https://b.example"]),
            (
                "https://a.example/x,https://b.example;http://c.example",
                &["https://a.example/x", "https://b.example", "http://c.example"],
            ),
            ("https://münchen.example/straße!", &["https://münchen.example/straße"]),
            ("https://пример.рф/путь", &["https://пример.рф/путь"]),
            ("https://a.example:8080谢谢", &["https://a.example:8080"]),
            ("https://a.example/维修", &["https://a.example/"]),
        ] {
            assert_eq!(links(text), found, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_of_the_web_stays_text() {
        for text in [
            "",
            "https://",
            "https://。",
            "http:// a.example",
            "xhttps://a.example",
            "javascript:alert(1)",
            "ftp://a.example",
            "data:text/html,x",
            "www.a.example",
            "a@b.example",
            "https:/a.example",
            "https://.",
            "https://例子.中国/x",
            "https://www.例子.中国/x",
            "https://www例子.com",
            "https://bank.example@evil.example/",
            "https://bank.example:x@evil.example",
            "ＨＴＴＰＳ://a.example",
        ] {
            assert_eq!(links(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn an_address_of_any_length_is_one_link() {
        let address = format!("https://a.example/{}", "x".repeat(4000));
        assert_eq!(links(&format!("({address})")), [address.as_str()]);
        assert_eq!(links(&"https://".repeat(500)), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "(\\PC|https?://|[ .,()例ü@]){0,40}") {
            let whole: String = pieces(&text)
                .into_iter()
                .map(|piece| match piece { Piece::Text(text) | Piece::Link(text) => text })
                .collect();
            prop_assert_eq!(whole, text);
        }
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(web_address("/demo/fan.svg"), Some(WebAddress::Here("/demo/fan.svg")));
        for remote in ["https://example.com/a.jpg", "HTTP://example.com"] {
            assert_eq!(web_address(remote), Some(WebAddress::Elsewhere(remote)));
        }
        let bad =
            ["javascript:alert(1)", "//evil.example", "data:text/html,x", "", "/\\evil", "/\t/evil.example"];
        for bad in bad {
            assert_eq!(web_address(bad), None, "{bad}");
        }
    }
}
