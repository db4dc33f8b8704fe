//! Languages, and how dates and numbers look in them.

use serde::{Deserialize, Serialize};

use super::time::LocalTime;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    ZhCn,
    En,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The language tag of `lang` attributes and of the preference cookie.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(tag))
    }

    /// Picks the supported language that an `Accept-Language` header prefers; Chinese if none fits.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best = (Self::default(), 0.0);
        for range in accept_language.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(Some(1.0), |q| q.trim().parse::<f32>().ok())
                .unwrap_or(0.0);
            // The first of equal ranges wins, as browsers order them.
            if let Some(locale) = Self::of_language(tag)
                && quality > best.1
            {
                best = (locale, quality);
            }
        }
        best.0
    }

    fn of_language(tag: &str) -> Option<Self> {
        let language = tag.split('-').next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// Formats a day for lists; the year is left out where it is `this_year`.
    pub fn short_date(self, time: LocalTime, this_year: i32) -> String {
        let LocalTime { year, month, day, .. } = time;
        match self {
            _ if year != this_year => self.date(time),
            Self::ZhCn => format!("{month:02}-{day:02}"),
            Self::En => format!("{day} {}", month_name(month)),
        }
    }

    fn date(self, time: LocalTime) -> String {
        let LocalTime { year, month, day, .. } = time;
        match self {
            Self::ZhCn => format!("{year:04}-{month:02}-{day:02}"),
            Self::En => format!("{day} {} {year}", month_name(month)),
        }
    }

    pub fn full_time(self, time: LocalTime) -> String {
        let LocalTime { hour, minute, .. } = time;
        let comma = if self == Self::En { "," } else { "" };
        format!("{}{comma} {hour:02}:{minute:02}", self.date(time))
    }

    /// Formats a count with commas between its thousands; both languages write them alike.
    pub fn number(self, value: u64) -> String {
        let digits = value.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    }
}

const fn month_name(month: u8) -> &'static str {
    match month {
        1 => "Jan",
        2 => "Feb",
        3 => "Mar",
        4 => "Apr",
        5 => "May",
        6 => "Jun",
        7 => "Jul",
        8 => "Aug",
        9 => "Sep",
        10 => "Oct",
        11 => "Nov",
        _ => "Dec",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_asked_for_most_wins() {
        for (header, locale) in [
            ("", Locale::ZhCn),
            ("*", Locale::ZhCn),
            ("fr-FR,fr;q=0.9", Locale::ZhCn),
            ("en-US,en;q=0.9", Locale::En),
            ("zh-TW,zh;q=0.8,en;q=0.5", Locale::ZhCn),
            ("fr, en;q=0.4, zh;q=0.3", Locale::En),
            ("en;q=0, zh;q=0.1", Locale::ZhCn),
            ("en;q=x", Locale::ZhCn),
            ("EN", Locale::En),
        ] {
            assert_eq!(Locale::negotiate(header), locale, "{header}");
        }
    }

    #[test]
    fn dates_and_numbers_look_as_people_write_them() {
        let time: LocalTime = "2024-06-05 08:03:09".parse().expect("a time");

        assert_eq!(Locale::ZhCn.full_time(time), "2024-06-05 08:03");
        assert_eq!(Locale::En.full_time(time), "5 Jun 2024, 08:03");
        assert_eq!(Locale::ZhCn.short_date(time, 2024), "06-05");
        assert_eq!(Locale::ZhCn.short_date(time, 2025), "2024-06-05");
        assert_eq!(Locale::En.short_date(time, 2024), "5 Jun");
        assert_eq!(Locale::En.number(0), "0");
        assert_eq!(Locale::En.number(1_234_567), "1,234,567");
    }
}
