//! Canonical form of what people type, and the keys by which names are compared.
//!
//! Text is made canonical where it comes in and judged afterwards, so that lengths,
//! comparisons and both databases see the same characters. [`canonical`] and [`fold`]
//! bring the tables of Unicode along: the browser must not reach them. There,
//! [`tidy`] follows the browser's own normalization.

use std::collections::BTreeSet;

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization as _;
use unicode_script::{Script, UnicodeScript as _};

/// Canonical form of a text: composed (NFC), lines that end with LF, no blanks around it.
/// Empty if nothing in it can be seen.
pub fn canonical(typed: &str) -> String {
    tidy(&composed(typed))
}

/// The text in NFC.
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Does what [`canonical`] does to a text that is in NFC already.
pub fn tidy(composed: &str) -> String {
    let mut text = String::with_capacity(composed.len());
    let mut characters = composed.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\r' {
            characters.next_if_eq(&'\n');
        }
        text.push(if is_line_end(character) { '\n' } else { character });
    }
    let text = text.trim_matches(is_blank);
    if text.chars().all(is_unseen) { String::new() } else { text.to_owned() }
}

const fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Number of lines that a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    One,
    Many,
}

/// Returns `true` if a canonical text has no control characters and none that turn the
/// direction of the text around it. Texts of several lines may have tabs.
pub fn is_printable(text: &str, lines: Lines) -> bool {
    let is_layout = |character| lines == Lines::Many && matches!(character, '\n' | '\t');
    text.chars().all(|character| is_layout(character) || !is_forbidden(character))
}

/// Removes what [`is_printable`] refuses, for stored texts that cannot be typed again.
pub fn printable(text: &str, lines: Lines) -> String {
    let kept = |character: &char| is_printable(character.encode_utf8(&mut [0; 4]), lines);
    canonical(&canonical(text).chars().filter(kept).collect::<String>())
}

fn is_forbidden(character: char) -> bool {
    character.is_control() || is_bidi_control(character)
}

/// Returns `true` for the characters that change the direction of text without being seen.
pub const fn is_bidi_control(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Unicode's default ignorables, and characters that are drawn as nothing.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d159}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Returns `true` for combining accents.
const fn is_accent(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
    )
}

/// Characters that make no visible text by themselves. Forbidden ones are not among
/// them: they are refused, not taken for nothing.
fn is_unseen(character: char) -> bool {
    let is_nothing = character.is_whitespace() || is_invisible(character) || is_accent(character);
    is_nothing && !is_bidi_control(character)
}

/// Characters that mean nothing at the ends of a text. Variation selectors and tags are
/// kept: they belong to the emoji before them.
fn is_blank(character: char) -> bool {
    let is_part_of_emoji =
        matches!(character, '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}');
    let is_nothing = character.is_whitespace() || is_invisible(character);
    is_nothing && !is_part_of_emoji && !is_bidi_control(character)
}

/// Key for comparing names and logins: compatibility characters and letter case make no
/// difference (NFKC, full case folding).
pub fn fold(text: &str) -> String {
    let plain = canonical(text);
    if plain.is_ascii() {
        return plain.to_ascii_lowercase();
    }
    let mut folded = plain.clone();
    // Folding may need NFKC again, and the reverse: twice at most.
    loop {
        let compatible: String = folded.nfkc().collect();
        let next = canonical(&UniCase::unicode(compatible).to_folded_case().nfkc().collect::<String>());
        if next == folded {
            return folded;
        }
        // A lone accent, of which no letter is left.
        if next.is_empty() {
            return plain;
        }
        folded = next;
    }
}

/// Returns `true` if a text is a phone number as people write them: five digits at least.
pub fn is_phone(text: &str) -> bool {
    has_phone_characters(text) && text.chars().filter_map(digit).count() >= 5
}

fn has_phone_characters(text: &str) -> bool {
    text.chars().all(|character| {
        digit(character).is_some()
            || is_dash(character)
            || matches!(character, '+' | '＋' | '(' | ')' | '（' | '）')
            || (character.is_whitespace() && !is_line_end(character))
    })
}

/// Hyphens, dashes and the minus sign, also those of full width.
const fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// A decimal digit, also one of full width, as ASCII.
fn digit(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        '０'..='９' => char::from_digit(u32::from(character) - u32::from('０'), 10),
        _ => None,
    }
}

/// The digits and the plus of a phone number, as a telephone dials them.
pub fn dialled(phone: &str) -> String {
    let plus = |character| matches!(character, '+' | '＋').then_some('+');
    phone.chars().filter_map(|character| digit(character).or_else(|| plus(character))).collect()
}

/// Key for looking up phone numbers: the digits as dialled within China. A text that is
/// no phone number is its folded self.
pub fn phone_key(text: &str) -> String {
    let typed: String = text.chars().filter(|character| !is_bidi_control(*character)).collect();
    if !has_phone_characters(&typed) {
        return fold(text);
    }
    let digits: String = typed.chars().filter_map(digit).collect();
    let is_international = typed.trim_start().starts_with(['+', '＋']);
    match digits.strip_prefix("00").or(is_international.then_some(digits.as_str())) {
        Some(worldwide) => worldwide.strip_prefix("86").map_or(worldwide.to_owned(), within_china),
        // A mobile number with the code of the country and no plus before it.
        None if digits.len() == 13 && digits.starts_with("861") => digits[2..].to_owned(),
        None => digits,
    }
}

/// Area codes begin with 0 at home; mobile numbers begin with 1, and only Beijing's area
/// code does so, too.
fn within_china(number: &str) -> String {
    let is_mobile = number.starts_with('1') && !number.starts_with("10");
    let is_complete = is_mobile || number.is_empty() || number.starts_with('0');
    if is_complete { number.to_owned() } else { format!("0{number}") }
}

/// Returns `true` if a text has a character that is not visible.
pub fn has_invisible(text: &str) -> bool {
    text.chars().any(|character| is_invisible(character) || character.script() == Script::Unknown)
}

/// Scripts that are written together; any other may only stand alone.
const WRITTEN_TOGETHER: [&[Script]; 3] = [
    &[Script::Latin, Script::Han, Script::Hiragana, Script::Katakana],
    &[Script::Latin, Script::Han, Script::Bopomofo],
    &[Script::Latin, Script::Han, Script::Hangul],
];

/// Returns `true` if a text mixes scripts that are not written together, such as Latin
/// and Cyrillic, whose letters look alike.
pub fn mixes_scripts(text: &str) -> bool {
    let scripts: BTreeSet<&str> =
        text.chars().filter_map(own_script).map(|script| script.short_name()).collect();
    let fits = |together: &[Script]| {
        scripts.iter().all(|name| together.iter().any(|script| script.short_name() == *name))
    };
    scripts.len() > 1 && !WRITTEN_TOGETHER.into_iter().any(fits)
}

fn own_script(character: char) -> Option<Script> {
    let script = character.script();
    (!matches!(script, Script::Common | Script::Inherited)).then_some(script)
}

/// Words by which the desk and its admins are known, folded.
const STAFF_WORDS: [&str; 16] = [
    "admin",
    "admins",
    "administrator",
    "administrators",
    "fixdesk",
    "helpdesk",
    "moderator",
    "official",
    "operator",
    "root",
    "staff",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "webmaster",
];
const STAFF_NAMES: [&str; 15] = [
    "管理员",
    "管理員",
    "管理者",
    "系统管理",
    "客服",
    "报修台",
    "報修台",
    "报修系统",
    "维修台",
    "維修台",
    "官方",
    "网管",
    "網管",
    "服务台",
    "服務台",
];

/// Returns `true` if two names cannot be told apart by reading them: the same letters for the eye.
pub fn read_alike(one: &str, other: &str) -> bool {
    let letters = |read: String| at_a_glance(&letters_and_digits(&read));
    let (read, other_read) = (readings(one).map(letters), readings(other).map(letters));
    if read.iter().any(String::is_empty) {
        return fold(one) == fold(other);
    }
    read.iter().any(|read| other_read.contains(read))
}

/// Returns `true` if a nickname reads as if it were the desk or one of its admins.
pub fn poses_as_staff(nickname: &str) -> bool {
    let is_mixed = mixes_scripts(nickname);
    readings(nickname).iter().any(|read| reads_as_staff(read, is_mixed))
}

fn reads_as_staff(read: &str, is_mixed: bool) -> bool {
    let mut words = read.split(|character: char| !character.is_alphanumeric());
    let squeezed = letters_and_digits(read);
    let is_staff = |word: &str| {
        let seen = at_a_glance(without_number(word));
        STAFF_WORDS.into_iter().any(|staff| is_same_word(&seen, &at_a_glance(staff), is_mixed))
    };
    words.any(is_staff) || is_staff(&squeezed) || STAFF_NAMES.into_iter().any(|name| squeezed.contains(name))
}

/// Compares a word with one of the staff. Where scripts are mixed, a foreign letter among Latin ones
/// may stand for any: no table has all that look alike.
fn is_same_word(seen: &str, staff: &str, is_mixed: bool) -> bool {
    if !is_mixed {
        return seen == staff;
    }
    let equal = seen.chars().zip(staff.chars()).filter(|(one, other)| one == other).count();
    let length = staff.chars().count();
    let fits = |(one, other): (char, char)| one == other || is_foreign(one);
    seen.chars().count() == length && 2 * equal > length && seen.chars().zip(staff.chars()).all(fits)
}

/// Returns `true` for letters of a script that is not written together with Latin.
fn is_foreign(letter: char) -> bool {
    own_script(letter).is_some_and(|script| !WRITTEN_TOGETHER.into_iter().any(|set| set.contains(&script)))
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect()
}

/// Both ways to read a text: upright strokes are letters, or stand between words.
fn readings(text: &str) -> [String; 2] {
    let folded = fold(text);
    [as_read(&folded.replace('|', "i")), as_read(&folded.replace(['!', '|'], " "))]
}

fn without_number(word: &str) -> &str {
    word.trim_end_matches(char::is_numeric)
}

/// Latin letters without what the eye hardly tells apart: only to compare them with others.
fn at_a_glance(letters: &str) -> String {
    letters.replace('l', "i").replace("rn", "m").replace("vv", "w")
}

/// The Latin letters that a folded text is read as.
fn as_read(folded: &str) -> String {
    let bare = folded.nfd().filter(|character| !is_invisible(*character) && !is_accent(*character));
    let read: String = bare.map(look_alike).collect();
    // Digits inside of words stand for letters; those behind them count.
    let mut letters = String::with_capacity(read.len());
    let characters: Vec<char> = read.chars().collect();
    for (at, character) in characters.iter().enumerate() {
        let goes_on = characters[at..]
            .iter()
            .take_while(|next| next.is_alphanumeric())
            .any(|next| next.is_alphabetic());
        letters.push(if goes_on { letter_of(*character) } else { *character });
    }
    letters
}

const fn letter_of(digit: char) -> char {
    match digit {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// The Latin letter that a Greek or Cyrillic one looks like, or one in small capitals or on a dark
/// circle or square.
const fn look_alike(character: char) -> char {
    match character {
        'а' | 'α' | 'ɑ' | 'ᴀ' | '@' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ԁ' | 'ᴅ' => 'd',
        'е' | 'ε' | 'ᴇ' => 'e',
        'ꜰ' => 'f',
        'ɢ' => 'g',
        'һ' | 'ʜ' => 'h',
        'і' | 'ι' | 'ı' | 'ɪ' | '!' => 'i',
        'ј' | 'ᴊ' => 'j',
        'к' | 'κ' | 'ᴋ' => 'k',
        'ʟ' => 'l',
        'м' | 'ᴍ' => 'm',
        'п' | 'ո' | 'η' | 'ɴ' => 'n',
        'о' | 'ο' | 'ᴏ' => 'o',
        'р' | 'ρ' | 'ᴘ' => 'p',
        'г' | 'ʀ' => 'r',
        'ѕ' | 'ꜱ' | '$' => 's',
        'т' | 'τ' | 'ᴛ' => 't',
        'ᴜ' => 'u',
        'ѵ' | 'ν' | 'ᴠ' => 'v',
        'ԝ' | 'ω' | 'ᴡ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'ʏ' => 'y',
        'ᴢ' => 'z',
        '\u{1f150}'..='\u{1f169}' => nth_letter(character as u32 - 0x1f150),
        '\u{1f170}'..='\u{1f189}' => nth_letter(character as u32 - 0x1f170),
        other => other,
    }
}

const fn nth_letter(nth: u32) -> char {
    match char::from_u32('a' as u32 + nth) {
        Some(letter) => letter,
        None => 'a',
    }
}

#[cfg(test)]
mod tests;
