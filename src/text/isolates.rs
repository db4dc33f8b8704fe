//! Isolation of typed text inside sentences of the desk: a name that is written from right
//! to left must not turn the words, numbers and punctuation around it.
//!
//! Isolate characters stand around it. A page and a mail in HTML show them as `<bdi>`
//! elements. Nothing that people type has these characters.

pub const BEGIN: char = '\u{2068}';
pub const END: char = '\u{2069}';

/// Marks typed text, before it is put into a sentence. Nothing stays nothing: sentences ask for it.
pub fn marked(typed: &str) -> String {
    if typed.is_empty() { String::new() } else { format!("{BEGIN}{typed}{END}") }
}

/// Marks typed text for places where no element can stand, such as an attribute, a title or
/// an option: only where it has letters that are written from right to left.
pub fn embedded(typed: &str) -> String {
    if typed.chars().any(is_right_to_left) { marked(typed) } else { typed.to_owned() }
}

/// Marks each part of a text that has several, separated by middle dots.
pub fn marked_parts(parts: &str) -> String {
    const BETWEEN: &str = " · ";
    parts.split(BETWEEN).map(marked).collect::<Vec<_>>().join(BETWEEN)
}

/// Returns `true` for characters of scripts that are written from right to left, and for a few
/// others: few ranges, since the browser loads them.
const fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{feff}' | '\u{10800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_from_right_to_left_is_marked_where_no_element_can_stand() {
        for typed in ["", "江安", "Ünal 5", "C++ (2)"] {
            assert_eq!(embedded(typed), typed);
        }
        for typed in ["שרה 5", "5 فاطمة", "a ݐ", "ﬡ"] {
            assert_eq!(embedded(typed), format!("\u{2068}{typed}\u{2069}"));
        }
    }

    #[test]
    fn each_part_is_marked() {
        assert_eq!(marked_parts("a · b"), "\u{2068}a\u{2069} · \u{2068}b\u{2069}");
    }
}
