//! Time as plain numbers: an instant is stored, a local time is shown.
//!
//! Turning one into the other needs the rules of a time zone, which only the
//! server carries; the browser prints what it was given.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub i64);

impl Instant {
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0 + seconds)
    }

    pub const fn minus(self, seconds: i64) -> Self {
        Self(self.0 - seconds)
    }
}

/// A date and time of day on the site's clock. Prints as `2024-06-10 12:00:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalTime {
    pub year: i32,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

impl LocalTime {
    /// The form of HTML's `datetime` attribute.
    pub fn machine_readable(self) -> String {
        self.to_string().replacen(' ', "T", 1)
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = *self;
        let Some([century, year]) = pairs_of(year) else {
            return write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
        };
        // A list prints many: the general formatter of numbers takes several times as long.
        let mut text = *b"0000-00-00 00:00:00";
        for (at, number) in
            [(0, century), (2, year), (5, month), (8, day), (11, hour), (14, minute), (17, second)]
        {
            text[at..at + 2].copy_from_slice(&[b'0' + number / 10 % 10, b'0' + number % 10]);
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// Century and year in it; `None` for years that have no four digits.
fn pairs_of(year: i32) -> Option<[u8; 2]> {
    let year = u16::try_from(year).ok().filter(|year| *year <= 9999)?;
    Some([(year / 100) as u8, (year % 100) as u8])
}

impl From<LocalTime> for String {
    fn from(time: LocalTime) -> Self {
        time.to_string()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time like 2024-06-10 12:00:00")]
pub struct BadTime;

impl FromStr for LocalTime {
    type Err = BadTime;

    fn from_str(text: &str) -> Result<Self, BadTime> {
        let (date, clock) = text.split_once(' ').ok_or(BadTime)?;
        let (year, month, day) = parse_date(date).ok_or(BadTime)?;
        let (hour, minute, second) = parse_clock(clock).ok_or(BadTime)?;
        Ok(Self { year, month, day, hour, minute, second })
    }
}

impl TryFrom<String> for LocalTime {
    type Error = BadTime;

    fn try_from(text: String) -> Result<Self, BadTime> {
        text.parse()
    }
}

/// A day of the site's calendar. Prints as `2024-06-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

impl Day {
    /// Next day of the calendar.
    pub const fn next(self) -> Self {
        let Self { year, month, day } = self;
        if day < days_in(year, month) {
            Self { year, month, day: day + 1 }
        } else if month < 12 {
            Self { year, month: month + 1, day: 1 }
        } else {
            Self { year: year + 1, month: 1, day: 1 }
        }
    }

    /// Midnight at its start.
    pub const fn begin(self) -> LocalTime {
        let Self { year, month, day } = self;
        LocalTime { year, month, day, hour: 0, minute: 0, second: 0 }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day } = self;
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = BadTime;

    fn from_str(text: &str) -> Result<Self, BadTime> {
        parse_date(text).map(|(year, month, day)| Self { year, month, day }).ok_or(BadTime)
    }
}

/// Days from the first to the last, both included; either may be open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

impl Span {
    pub const ANY: Self = Self { from: None, to: None };

    pub fn is_any(self) -> bool {
        self == Self::ANY
    }

    pub fn ends_before_it_begins(self) -> bool {
        self.from.zip(self.to).is_some_and(|(from, to)| to < from)
    }
}

/// Reads `YYYY-MM-DD`; a day that no calendar has is `None`.
pub fn parse_date(text: &str) -> Option<(i32, u8, u8)> {
    let mut parts = text.split('-');
    let year: i32 = digits(parts.next()?, 4)?;
    let month: u8 = digits(parts.next()?, 2)?;
    let day: u8 = digits(parts.next()?, 2)?;
    let whole = parts.next().is_none();
    (whole && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day))
        .then_some((year, month, day))
}

fn parse_clock(text: &str) -> Option<(u8, u8, u8)> {
    let mut parts = text.split(':');
    let hour: u8 = digits(parts.next()?, 2)?;
    let minute: u8 = digits(parts.next()?, 2)?;
    let second: u8 = digits(parts.next()?, 2)?;
    let whole = parts.next().is_none();
    (whole && hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

fn digits<N: FromStr>(text: &str, width: usize) -> Option<N> {
    let plain = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

const fn days_in(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn impossible_days_are_refused() {
        assert_eq!(parse_date("2024-02-29"), Some((2024, 2, 29)));
        assert_eq!(parse_date("2000-02-29"), Some((2000, 2, 29)));
        for bad in [
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-6-1",
            "2024-06-31",
            "",
            "2024-06-01-1",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_calendar_goes_on() {
        let next = |day: &str| day.parse::<Day>().expect("a day").next().to_string();
        assert_eq!(next("2024-02-28"), "2024-02-29");
        assert_eq!(next("2023-02-28"), "2023-03-01");
        assert_eq!(next("2024-12-31"), "2025-01-01");
    }

    proptest! {
        #[test]
        fn a_local_time_reads_back_as_printed(
            year in 1i32..=9999, month in 1u8..=12, day in 1u8..=28,
            hour in 0u8..24, minute in 0u8..60, second in 0u8..60,
        ) {
            let time = LocalTime { year, month, day, hour, minute, second };
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC*") {
            let _ = text.parse::<LocalTime>();
        }
    }
}
