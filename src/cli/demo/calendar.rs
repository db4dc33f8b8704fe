//! Calendar of the demo's three school years, on the site's clock.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::dice::{Dice, Subject};
use crate::domain::time::{Instant, LocalTime};
use crate::service::settings::Zone;

const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2023, 9, 1).expect("a day");
/// Last day of the demo, which ends in its evening.
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day");

pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 24 * HOUR;
const OPENS: i64 = 10 * HOUR;
const CLOSES: i64 = 20 * HOUR;

/// Seconds on the site's clock since the first day began. Only the end makes them instants, so that
/// the demo is the same in every time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    pub const fn of_day(day: usize, second: i64) -> Self {
        Self(day as i64 * DAY + second)
    }

    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0 + seconds)
    }

    /// This moment if the desk is open then, else soon after it opens again.
    pub fn when_open(self, dice: &mut Dice) -> Self {
        let midnight = self.day() * DAY;
        let opening = match self.0 - midnight {
            second if second < OPENS => midnight + OPENS,
            second if second > CLOSES => midnight + DAY + OPENS,
            _ => return self,
        };
        Self(opening + dice.between(0, 90 * 60))
    }
}

pub struct Calendar {
    days: Vec<Day>,
}

struct Day {
    date: NaiveDate,
    midnight: i64,
    /// Weight of the day in what happens.
    load: u64,
}

impl Calendar {
    pub fn new(zone: Zone, seed: u64) -> Self {
        let mut dice = Dice::of(seed, Subject::Calendar, 0);
        let mut midnight = 0;
        let days = FIRST_DAY.iter_days().take_while(|date| *date <= LAST_DAY).map(|date| {
            midnight = start_of(date, zone).unwrap_or(midnight + DAY);
            Day { date, midnight, load: load_of(date) * (50 + dice.below(101)) }
        });
        Self { days: days.collect() }
    }

    /// End of the demo.
    pub const fn end(&self) -> Moment {
        Moment::of_day(self.last(), CLOSES)
    }

    pub const fn last(&self) -> usize {
        self.days.len() - 1
    }

    pub fn instant(&self, moment: Moment) -> Instant {
        let day = usize::try_from(moment.day()).unwrap_or(0).min(self.last());
        Instant(self.days[day].midnight + moment.0 - day as i64 * DAY)
    }

    pub fn year(&self, day: usize) -> i32 {
        self.days[day].date.year()
    }

    /// Spreads a number of things over the days after the first and before the last, more on busy
    /// ones; returns the sum before each day.
    pub fn spread(&self, total: u64) -> Vec<u64> {
        let last = self.last();
        let load = |day: usize| if day == 0 || day == last { 0 } else { u128::from(self.days[day].load) };
        let whole: u128 = (0..=last).map(load).sum();
        let mut before = 0;
        let mut spread = Vec::with_capacity(last + 2);
        for day in 0..=last {
            spread.push(share(total, before, whole));
            before += load(day);
        }
        spread.push(total);
        spread
    }
}

fn share(total: u64, part: u128, whole: u128) -> u64 {
    u64::try_from(u128::from(total) * part / whole).expect("a part of the total")
}

/// `YYYY-MM-DD` some days from the first day on, or before it.
pub fn date_of(day: i64) -> NaiveDate {
    let days = Days::new(day.unsigned_abs());
    if day < 0 { FIRST_DAY - days } else { FIRST_DAY + days }
}

pub fn day_of(date: NaiveDate) -> i64 {
    (date - FIRST_DAY).num_days()
}

/// Start of a day, from noon: it always exists.
fn start_of(date: NaiveDate, zone: Zone) -> Option<i64> {
    let month = u8::try_from(date.month()).ok()?;
    let day = u8::try_from(date.day()).ok()?;
    let noon = LocalTime { year: date.year(), month, day, hour: 12, minute: 0, second: 0 };
    zone.instant(noon).map(|Instant(noon)| noon - DAY / 2)
}

/// Load of a day: high as terms begin, low in holidays, rising with time.
fn load_of(date: NaiveDate) -> u64 {
    let season = match (date.month(), date.day()) {
        (9, 1..=25) => 22,
        (2, 24..) | (3, 1..=16) => 18,
        (10, 1..=7) => 3,
        (5, 1..=5) => 4,
        (1, 13..) | (2, _) => 1,
        (7, 6..) | (8, _) => 2,
        _ => 10,
    };
    let weekday = if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) { 6 } else { 10 };
    let fame = match date.year() {
        2023 => 8,
        2024 => 10,
        2025 => 12,
        _ => 14,
    };
    season * weekday * fame
}
