//! Passwords that are guessed first, and therefore refused.

use crate::domain::people::person::{BadPassword, PASSWORD_MIN, check_new_password};
use crate::domain::validation::{composed, fold, has_invisible, phone_key};

/// Common passwords, folded and in order, one a line: the most frequent of eight characters and more
/// in the list that comes with Django (BSD licence), some of this trade, and words of four to seven
/// letters that people lengthen by digits and signs.
const COMMON: &str = include_str!("common.txt");
/// Fewest different characters: less is a pattern.
const MIN_DIFFERENT: usize = 3;
/// Fewest digits of a password without letters: fewer are a date or a phone number.
const MIN_DIGITS_ALONE: usize = 12;
/// Characters of a password beside the name of its owner.
const MIN_BESIDE_A_NAME: usize = 6;
/// Shorter names are in many good passwords.
const MIN_NAME: usize = 3;

/// Judges a new password of a person with these names: user name, nickname, phone number and e-mail
/// address.
pub fn check_new(password: &str, names: &[impl AsRef<str>]) -> Result<(), BadPassword> {
    let password = composed(password);
    check_new_password(&password)?;
    let shown = visible(&password);
    if 2 * shown.chars().count() < password.chars().count() {
        return Err(BadPassword::Blank);
    }
    let folded = fold(&shown);
    if names.iter().any(|name| is_like_one(&folded, name.as_ref())) {
        return Err(BadPassword::LikeAName);
    }
    let unit = repeated_unit(&folded);
    let is_short_again = unit.len() < folded.len() && unit.chars().count() < PASSWORD_MIN;
    let is_guessed = is_short_again || is_few_digits(&folded) || is_pattern(&folded) || is_pattern(&unit);
    if is_guessed || is_common(&unit) { Err(BadPassword::Common) } else { Ok(()) }
}

/// Returns `true` for too few digits with only signs beside them. The code of a country makes a
/// phone number no longer.
fn is_few_digits(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| c.is_numeric()).collect();
    let has_no_letter = text.chars().all(|c| c.is_numeric() || c.is_ascii_punctuation());
    has_no_letter && phone_key(&digits).chars().count() < MIN_DIGITS_ALONE
}

/// Returns `true` if a password is like a name, the digits of a phone number, or the mailbox of an address.
fn is_like_one(password: &str, name: &str) -> bool {
    let folded = fold(&visible(name));
    let mailbox = folded.split_once('@').map(|(mailbox, _)| mailbox);
    let digits = phone_key(name);
    let bare = letters_and_digits(password);
    let is_like =
        |name: &str| is_like_a_name(password, name) || is_like_a_name(&bare, &letters_and_digits(name));
    let is_number = !digits.is_empty() && phone_key(password) == digits;
    is_number || [Some(folded.as_str()), Some(&digits), mailbox].into_iter().flatten().any(is_like)
}

/// Removes signs, which do not hide a name.
fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Returns `false` for blanks, controls, and invisible characters.
fn is_visible(c: char) -> bool {
    !(c.is_whitespace() || c.is_control() || has_invisible(c.encode_utf8(&mut [0; 4])))
}

fn visible(text: &str) -> String {
    text.chars().filter(|c| is_visible(*c)).collect()
}

/// Detects a few characters again and again, or a run of the alphabet.
fn is_pattern(text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut different = text.clone();
    different.sort_unstable();
    different.dedup();
    let step = |by: i64| {
        text.windows(2).all(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])) == by)
    };
    different.len() < MIN_DIFFERENT || step(1) || step(-1)
}

/// Shortest part that a text repeats from its beginning to its end; all of it where there is none.
fn repeated_unit(text: &str) -> String {
    let text: Vec<char> = text.chars().collect();
    let repeats = |size: &usize| {
        text.len().is_multiple_of(*size) && text.chunks(*size).all(|part| *part == text[..*size])
    };
    let size = (1..=text.len() / 2).find(repeats).unwrap_or(text.len());
    text[..size].iter().collect()
}

/// Finds common words, also in a year or signs, and with digits and signs for letters.
fn is_common(text: &str) -> bool {
    let is_beside = |c: char| c.is_ascii_digit() || c.is_ascii_punctuation();
    let (before, after) = (text.trim_end_matches(is_beside), text.trim_start_matches(is_beside));
    let words = [text, before, after, text.trim_matches(is_beside)];
    words.into_iter().any(|word| is_in_list(word) || is_in_list(&in_letters(word)))
}

/// Replaces the digits and signs that people write for letters.
fn in_letters(word: &str) -> String {
    let letter = |c| match c {
        '4' | '@' => 'a',
        '$' => 's',
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        other => other,
    };
    word.chars().map(letter).collect()
}

fn is_in_list(word: &str) -> bool {
    // The list is sorted by bytes: halved until the line is found.
    let (mut start, mut end) = (0, COMMON.len());
    while start < end {
        let middle = start + (end - start) / 2;
        let line_start = COMMON[..middle].rfind('\n').map_or(0, |at| at + 1);
        let line_end = COMMON[middle..].find('\n').map_or(COMMON.len(), |at| middle + at);
        match COMMON[line_start..line_end].cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => start = line_end + 1,
            std::cmp::Ordering::Greater => end = line_start,
        }
    }
    false
}

/// Returns `true` if too little is left without the name.
fn is_like_a_name(password: &str, name: &str) -> bool {
    if name.is_empty() || !password.contains(name) {
        return false;
    }
    let left = password.replace(name, "").chars().count();
    left == 0 || (name.chars().count() >= MIN_NAME && left < MIN_BESIDE_A_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: [&str; 0] = [];

    #[test]
    fn the_list_is_in_order_and_all_of_it_is_found() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() > 3_000 && lines.is_sorted(), "{}", lines.len());
        assert!(lines.iter().all(|line| is_in_list(line)));
        assert!(!is_in_list("") && !is_in_list("correct horse"));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in [
            "password",
            "PassWord",
            "12345678",
            "ｐａｓｓｗｏｒｄ",
            "football99",
            "princess2024!",
            "iloveyou!!",
            "qwertyuiop",
            "aaaaaaaa",
            "abababab",
            "efghijkl",
            "98765432",
            "woaini1314",
            "123password",
            "!!iloveyou!!",
            "2024princess",
            "abcabcabc",
            "k3j9k3j9",
            "football football",
            "1qaz2wsx",
            "19900101",
            "20261201",
            "2026-12-01",
            "13800138000",
            "138-0013-8000",
            "+86 138 0013 8000",
            "１９９００１０１",
            "01234567890",
            "mima1234",
            "Welcome2026",
            "@dmin2026",
            "p4ssword",
            "pa$$word",
            "P@ssw0rd!",
            "$ecret123",
        ] {
            assert_eq!(check_new(common, &NOBODY), Err(BadPassword::Common), "{common}");
        }
        for good in ["k3j9x2qpk3j9x2qp", "fixdesk-demo", "830417295066", "7pm welcome", "admin is at lunch"] {
            assert_eq!(check_new(good, &NOBODY), Ok(()), "{good}");
        }
    }

    #[test]
    fn blanks_are_no_password() {
        for blank in [
            "        ",
            "\u{3000}\u{a0}\u{3000}\u{a0}\u{3000}\u{a0}\u{3000}\u{a0}",
            "a        ",
            "\u{3164}\u{200b}\u{2800}\u{ad}\u{3164}\u{200b}\u{2800}\u{ad}",
        ] {
            assert_eq!(check_new(blank, &NOBODY), Err(BadPassword::Blank), "{blank:?}");
        }
        assert_eq!(check_new("  short ", &NOBODY), Ok(()));
        assert_eq!(check_new("       ", &NOBODY), Err(BadPassword::TooShort));
    }

    #[test]
    fn nobody_is_let_in_by_their_own_name() {
        let names = ["zhangwei", "张伟", "13800001234", "+86 139-0000-5678", "z.wei@example.edu"];
        for bad in [
            "zhangwei",
            "ZhangWei1",
            "zhangwei2024",
            "2024zhangwei",
            "zhangweizhangwei",
            "张伟张伟张伟张伟",
            "13800001234",
            "z.wei@example.edu",
            "z.wei1234",
            "13900005678",
            "zhang-wei-1",
            "138-0000-1234",
            "+86 138 0000 1234",
            "z-wei-12345",
        ] {
            assert_eq!(check_new(bad, &names), Err(BadPassword::LikeAName), "{bad}");
        }
        for good in ["zhangwei fixes fans", "a long enough password", "张伟喜欢修风扇和电脑"] {
            assert_eq!(check_new(good, &names), Ok(()), "{good}");
        }
    }

    #[test]
    fn lengths_count_composed_characters() {
        assert_eq!(check_new("u\u{308}bung\u{e9}e", &NOBODY), Err(BadPassword::TooShort));
        assert_eq!(check_new(&"x1y ".repeat(257), &NOBODY), Err(BadPassword::TooLong));
    }
}
