//! Addresses of the web in what people write.

/// A piece of a text, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// An address that begins with `http://` or `https://`.
    Link(&'a str),
}

const SCHEMES: [&str; 2] = ["https://", "http://"];

/// The pieces of a text; put together again they are the text.
///
/// An address ends where Chinese begins, since nobody leaves a blank there, and
/// before punctuation that belongs to the sentence around it.
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

/// Length in bytes of the address that a text begins with; 0 where it has no host.
fn length_of_address(text: &str) -> usize {
    let scheme = scheme_of(text).map_or(0, str::len);
    let is_part =
        |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\\' | '`' | '{' | '}' | '|' | '^');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let address = without_sentence(&text[..end]);
    let host_begins = address.as_bytes().get(scheme).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'[');
    if host_begins { address.len() } else { 0 }
}

/// Without what closes the sentence and not the address; a bracket that the
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
            ("https://https://a.example", &["https://https://a.example"]),
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
        ] {
            assert_eq!(links(text), Vec::<&str>::new(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "(\\PC|https?://|[ .,()]){0,40}") {
            let whole: String = pieces(&text)
                .into_iter()
                .map(|piece| match piece { Piece::Text(text) | Piece::Link(text) => text })
                .collect();
            prop_assert_eq!(whole, text);
        }
    }
}
