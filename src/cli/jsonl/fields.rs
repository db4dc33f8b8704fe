//! Fields of a line, each taken out once and parsed.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::DateTime;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use super::Unreadable;
use crate::domain::lists::parameter::MAX_INTEGER;
use crate::domain::tickets::event::Change;
use crate::domain::tickets::report::Field;
use crate::domain::time::{Instant, LocalTime, parse_date};
use crate::domain::validation::{Lines, canonical, is_printable, printable};
use crate::service::notifications::mail_address::is_deliverable;
use crate::service::settings::Zone;
use crate::service::sign_in::passwords;

/// Limit of indexed texts, to fit PostgreSQL's indexes.
const MAX_INDEXED_CHARS: usize = 255;
/// Years 1 to 9999 on every clock: four digits.
const TIMES: std::ops::RangeInclusive<i64> = -62_135_510_400..=253_402_128_000;

/// Expected kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Expected {
    #[error("a text")]
    Text,
    #[error("a text without NUL characters")]
    TextWithoutNul,
    #[error("at most {MAX_INDEXED_CHARS} characters")]
    Short,
    #[error("one line without characters that nobody can see")]
    Printable,
    #[error("an integer from 1 to {MAX_INTEGER}")]
    Id,
    #[error("true or false")]
    Flag,
    #[error("user, technician or admin")]
    Role,
    #[error("Pending, Repairing, UserConfirming, TechConfirming, Done, Closed or Canceled")]
    Status,
    #[error("valid or expired, or nothing")]
    Warranty,
    #[error("something that happens to tickets, like filed or accept")]
    Happening,
    #[error("32 digits in hex")]
    PhotoId,
    #[error("image/jpeg or image/png")]
    MediaType,
    #[error("an integer from 1 to {}", u32::MAX)]
    Small,
    #[error("a list of objects with field, old and new")]
    Changes,
    #[error("a list of texts")]
    Texts,
    #[error("zh-CN or en")]
    Language,
    #[error("phone or email, or nothing")]
    Shown,
    #[error("a list of words like inbox.photos and mail.turn")]
    Mutes,
    #[error("a date like 2024-06-01")]
    Date,
    #[error("an e-mail address like chen@example.edu, or nothing; with unchecked_email it stays as it is")]
    Email,
    #[error("a time like 2024-06-10T12:00:00+08:00, or 2024-06-10 12:00:00 on the clock of the site")]
    Time,
    #[error("true or false, or a time")]
    Verified,
    #[error("an argon2id hash that begins with $argon2id$")]
    Hash,
}

/// The keys and values of a line; each is taken out once.
pub struct Fields<'a> {
    zone: Zone,
    left: Vec<(Cow<'a, str>, Value)>,
    taken: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    pub fn parse(text: &'a str, zone: Zone) -> Result<Self, Unreadable> {
        let Pairs(left) = serde_json::from_str(text).map_err(|error| match error.classify() {
            Category::Data => Unreadable::NotAnObject,
            // The caller adds the number of the line.
            _ => Unreadable::NotJson(error.to_string().replace(" at line 1 column", " at column")),
        })?;
        Ok(Self { zone, left, taken: Vec::with_capacity(20) })
    }

    /// Takes a value; `null` counts as missing.
    fn optional(&mut self, key: &'static str) -> Option<Value> {
        self.take(key).filter(|value| !value.is_null())
    }

    pub fn required(&mut self, key: &'static str) -> Result<Value, Unreadable> {
        self.take(key).ok_or(Unreadable::MissingKey(key))
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.taken.push(key);
        let place = self.left.iter().position(|(name, _)| name == key)?;
        Some(self.left.swap_remove(place).1)
    }

    pub fn finish(self) -> Result<(), Unreadable> {
        match self.left.into_iter().next() {
            None => Ok(()),
            Some((key, _)) if self.taken.contains(&&*key) => Err(Unreadable::RepeatedKey(key.into_owned())),
            Some((key, _)) => Err(Unreadable::UnknownKey(key.into_owned())),
        }
    }

    pub fn id(&mut self, key: &'static str) -> Result<i64, Unreadable> {
        let value = self.required(key)?;
        id_of(&value).ok_or(Unreadable::Wrong(key, Expected::Id))
    }

    pub fn small(&mut self, key: &'static str) -> Result<u32, Unreadable> {
        u32::try_from(self.id(key)?).map_err(|_| Unreadable::Wrong(key, Expected::Small))
    }

    pub fn optional_id(&mut self, key: &'static str) -> Result<Option<i64>, Unreadable> {
        let value = self.optional(key);
        value.map(|value| id_of(&value).ok_or(Unreadable::Wrong(key, Expected::Id))).transpose()
    }

    pub fn text(&mut self, key: &'static str) -> Result<String, Unreadable> {
        text_of(key, self.required(key)?)
    }

    pub fn optional_text(&mut self, key: &'static str) -> Result<Option<String>, Unreadable> {
        self.optional(key).map(|value| text_of(key, value)).transpose()
    }

    /// A short text; empty if missing.
    pub fn short(&mut self, key: &'static str) -> Result<String, Unreadable> {
        short_of(key, self.optional_text(key)?.unwrap_or_default())
    }

    pub fn required_short(&mut self, key: &'static str) -> Result<String, Unreadable> {
        short_of(key, self.text(key)?)
    }

    /// A phone number, as forms read it; empty if missing.
    pub fn phone(&mut self, key: &'static str) -> Result<String, Unreadable> {
        let phone = self.optional_text(key)?.unwrap_or_default();
        short_of(key, Field::Phone.canonical(&phone))
    }

    /// An e-mail address; empty if missing.
    pub fn email(&mut self, key: &'static str) -> Result<String, Unreadable> {
        let email = self.short(key)?;
        if is_deliverable(&email) { Ok(email) } else { Err(Unreadable::Wrong(key, Expected::Email)) }
    }

    /// One-line text. Invisible characters are removed and not refused: its author cannot write it again.
    pub fn line(&mut self, key: &'static str) -> Result<String, Unreadable> {
        Ok(printable(&self.text(key)?, Lines::One))
    }

    pub fn optional_line(&mut self, key: &'static str) -> Result<Option<String>, Unreadable> {
        Ok(self.optional_text(key)?.map(|text| printable(&text, Lines::One)))
    }

    /// Several lines, as [`Self::line`].
    pub fn words(&mut self, key: &'static str) -> Result<String, Unreadable> {
        Ok(printable(&self.text(key)?, Lines::Many))
    }

    pub fn optional_words(&mut self, key: &'static str) -> Result<Option<String>, Unreadable> {
        Ok(self.optional_text(key)?.map(|text| printable(&text, Lines::Many)))
    }

    pub fn optional_flag(&mut self, key: &'static str) -> Result<Option<bool>, Unreadable> {
        let value = self.optional(key);
        value.map(|value| value.as_bool().ok_or(Unreadable::Wrong(key, Expected::Flag))).transpose()
    }

    /// Short texts; empty if missing.
    pub fn texts(&mut self, key: &'static str) -> Result<Vec<String>, Unreadable> {
        match self.optional(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                items.into_iter().map(|item| short_of(key, text_of(key, item)?)).collect()
            }
            Some(_) => Err(Unreadable::Wrong(key, Expected::Texts)),
        }
    }

    pub fn named<T: FromStr>(&mut self, key: &'static str, expected: Expected) -> Result<T, Unreadable> {
        self.text(key)?.parse().map_err(|_| Unreadable::Wrong(key, expected))
    }

    pub fn optional_named<T: FromStr>(
        &mut self,
        key: &'static str,
        expected: Expected,
    ) -> Result<Option<T>, Unreadable> {
        let text = self.optional_text(key)?;
        text.map(|text| text.parse().map_err(|_| Unreadable::Wrong(key, expected))).transpose()
    }

    pub fn changes(&mut self, key: &'static str) -> Result<Vec<Change>, Unreadable> {
        let value = self.optional(key);
        let changes = value.map(|value| {
            serde_json::from_value(value).ok().filter(|changes: &Vec<Change>| are_texts(changes))
        });
        let changes = changes.unwrap_or(Some(Vec::new())).ok_or(Unreadable::Wrong(key, Expected::Changes))?;
        Ok(changes.into_iter().map(seen).collect())
    }

    pub fn optional_date(&mut self, key: &'static str) -> Result<Option<String>, Unreadable> {
        match self.optional_text(key)? {
            Some(date) if parse_date(&date).is_none() => Err(Unreadable::Wrong(key, Expected::Date)),
            date => Ok(date),
        }
    }

    pub fn time(&mut self, key: &'static str) -> Result<Instant, Unreadable> {
        let text = self.text(key)?;
        time_of(&text, self.zone).ok_or(Unreadable::Wrong(key, Expected::Time))
    }

    pub fn optional_time(&mut self, key: &'static str) -> Result<Option<Instant>, Unreadable> {
        let text = self.optional_text(key)?;
        text.map(|text| time_of(&text, self.zone).ok_or(Unreadable::Wrong(key, Expected::Time))).transpose()
    }

    /// Time since when a contact is verified. If missing, from the start: an admin brings it.
    pub fn verified(&mut self, key: &'static str, from: Instant) -> Result<Option<Instant>, Unreadable> {
        match self.optional(key) {
            None | Some(Value::Bool(true)) => Ok(Some(from)),
            Some(Value::Bool(false)) => Ok(None),
            Some(Value::String(text)) => {
                let time = time_of(&text, self.zone).ok_or(Unreadable::Wrong(key, Expected::Verified))?;
                Ok(Some(time))
            }
            Some(_) => Err(Unreadable::Wrong(key, Expected::Verified)),
        }
    }

    pub fn hash(&mut self, key: &'static str) -> Result<String, Unreadable> {
        match self.optional_text(key)? {
            Some(hash) if !passwords::is_hash(&hash) => Err(Unreadable::Wrong(key, Expected::Hash)),
            hash => Ok(hash.unwrap_or_default()),
        }
    }
}

/// Change with its values read as [`Fields::line`] and [`Fields::words`] do.
fn seen(Change { field, old, new }: Change) -> Change {
    let seen = |text: String| printable(&text, field.lines());
    Change { field, old: seen(old), new: seen(new) }
}

fn are_texts(changes: &[Change]) -> bool {
    changes.iter().all(|change| !change.old.contains('\0') && !change.new.contains('\0'))
}

fn id_of(value: &Value) -> Option<i64> {
    let id = value.as_u64().filter(|id| (1..=MAX_INTEGER).contains(id))?;
    i64::try_from(id).ok()
}

fn text_of(key: &'static str, value: Value) -> Result<String, Unreadable> {
    match value {
        // PostgreSQL cannot keep them, so neither database does.
        Value::String(text) if text.contains('\0') => Err(Unreadable::Wrong(key, Expected::TextWithoutNul)),
        Value::String(text) => Ok(text),
        _ => Err(Unreadable::Wrong(key, Expected::Text)),
    }
}

fn short_of(key: &'static str, text: String) -> Result<String, Unreadable> {
    let text = canonical(&text);
    if !is_printable(&text, Lines::One) {
        Err(Unreadable::Wrong(key, Expected::Printable))
    } else if text.chars().count() > MAX_INDEXED_CHARS {
        Err(Unreadable::Wrong(key, Expected::Short))
    } else {
        Ok(text)
    }
}

/// Time of a text. Fractions of a second are cut off.
fn time_of(text: &str, zone: Zone) -> Option<Instant> {
    let time = match DateTime::parse_from_rfc3339(text) {
        Ok(time) => Instant(time.timestamp()),
        Err(_) => zone.instant(text.parse::<LocalTime>().ok()?)?,
    };
    TIMES.contains(&time.0).then_some(time)
}

/// JSON object as written, with duplicate keys.
struct Pairs<'a>(Vec<(Cow<'a, str>, Value)>);

#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::with_capacity(20);
                while let Some((Key(key), value)) = map.next_entry()? {
                    pairs.push((key, value));
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;

    const SHANGHAI: Zone = Zone(Tz::Asia__Shanghai);
    const NOON: Instant = Instant(1_717_992_000);

    #[test]
    fn times_are_read_with_any_offset_or_on_the_clock_of_the_site() {
        for text in [
            "2024-06-10T12:00:00+08:00",
            "2024-06-10T04:00:00Z",
            "2024-06-10T04:00:00.999Z",
            "2024-06-09T21:30:00-06:30",
            "2024-06-10 12:00:00",
        ] {
            assert_eq!(time_of(text, SHANGHAI), Some(NOON), "{text}");
        }
        for text in
            ["", "2024-06-10", "2024-06-10T12:00:00", "2024-02-30 12:00:00", "0000-12-31T00:00:00Z", "12:00"]
        {
            assert_eq!(time_of(text, SHANGHAI), None, "{text}");
        }
    }

    #[test]
    fn a_time_that_clocks_skip_is_refused() {
        assert_eq!(time_of("2024-03-31 02:30:00", Zone(Tz::Europe__Berlin)), None);
    }

    #[test]
    fn a_phone_is_read_as_a_form_reads_it() {
        let line = "{\"phone\":\"\u{202d}138 0000 0000\u{202c}\"}";
        let mut fields = Fields::parse(line, SHANGHAI).expect("an object");

        assert_eq!(fields.phone("phone").expect("a phone"), "138 0000 0000");
    }
}
