//! Settings of one site: its name, its clock, its lists.

use chrono::{Datelike, LocalResult, NaiveDate, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use crate::domain::tickets::report::Offered;
use crate::domain::time::{Day, Instant, LocalTime};
use crate::service::notifications::mailer::Mailer;
use crate::service::notifications::webhook_client::Webhooks;

#[derive(Clone, Debug)]
pub struct Site {
    pub name: String,
    pub zone: Zone,
    pub campuses: Vec<String>,
    pub device_types: Vec<String>,
    pub fault_types: Vec<String>,
    /// `true` if people may file tickets.
    pub takes_tickets: bool,
    /// `true` if people may register themselves.
    pub open_registration: bool,
    pub limits: Limits,
    /// Address that people type, without a slash at its end; empty if it is not set.
    pub public_url: String,
    /// Client of the mail server, if mails are sent.
    pub mailer: Option<Mailer>,
    /// Client of webhooks, if there are any.
    pub webhooks: Option<Webhooks>,
    /// `true` if people reach the site by https: cookies and headers depend on it.
    pub https: bool,
    /// `true` if a proxy in front tells the address of the client.
    pub behind_proxy: bool,
    /// Origins whose scripts may call the API; none by default.
    pub cors_origins: Vec<String>,
    /// Bytes of uploads held at a time.
    pub upload_bytes: usize,
}

/// Limits for one person; 0 means unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Open tickets of a requester.
    pub open_tickets: u64,
    /// Tickets of a requester within seven days.
    pub weekly_tickets: u64,
    /// Open tickets of a technician.
    pub jobs: u64,
    /// Days after which a confirmation that is missing counts as given.
    pub confirmation_days: u64,
}

impl Site {
    /// Choices for a report that is filed now.
    pub fn offered(&self, now: Instant) -> Offered {
        Offered {
            campuses: self.campuses.clone(),
            device_types: self.device_types.clone(),
            fault_types: self.fault_types.clone(),
            today: self.zone.local(now),
        }
    }
}

/// The site's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub Tz);

impl Zone {
    /// Name as in `Asia/Shanghai`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    pub fn local(self, Instant(seconds): Instant) -> LocalTime {
        let time = self.at(seconds);
        LocalTime {
            year: time.year(),
            month: small(time.month()),
            day: small(time.day()),
            hour: small(time.hour()),
            minute: small(time.minute()),
            second: small(time.second()),
        }
    }

    /// Instant of a local time; of two, when clocks go back, the first; `None` for a time that
    /// clocks skip.
    pub fn instant(self, time: LocalTime) -> Option<Instant> {
        let date = NaiveDate::from_ymd_opt(time.year, time.month.into(), time.day.into())?;
        let clock = date.and_hms_opt(time.hour.into(), time.minute.into(), time.second.into())?;
        match self.0.from_local_datetime(&clock) {
            LocalResult::Single(found) | LocalResult::Ambiguous(found, _) => Some(Instant(found.timestamp())),
            LocalResult::None => None,
        }
    }

    /// First instant of a day, or of the next day that exists: clocks skip hours, and once or twice
    /// a whole day was skipped.
    pub fn start_of(self, day: Day) -> Instant {
        let midnight = day.begin();
        let first = (0..24).find_map(|hour| self.instant(LocalTime { hour, ..midnight }));
        first.unwrap_or_else(|| self.instant(day.next().begin()).unwrap_or(Instant(i64::MAX)))
    }

    /// Text such as `2024-06-10T12:00:00+08:00`: one instant, readable on the site.
    pub fn rfc3339(self, Instant(seconds): Instant) -> String {
        let time = self.at(seconds);
        let offset = time.offset().fix();
        // Clocks were off by seconds, too, before there were time zones.
        if offset.local_minus_utc() % 60 == 0 {
            time.with_timezone(&offset).to_rfc3339()
        } else {
            time.to_utc().to_rfc3339()
        }
    }

    fn at(self, seconds: i64) -> chrono::DateTime<Tz> {
        let utc = chrono::DateTime::<Utc>::from_timestamp(seconds, 0).unwrap_or_default();
        utc.with_timezone(&self.0)
    }
}

fn small(part: u32) -> u8 {
    u8::try_from(part).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHANGHAI: Zone = Zone(Tz::Asia__Shanghai);
    const BERLIN: Zone = Zone(Tz::Europe__Berlin);

    fn local(text: &str) -> LocalTime {
        text.parse().expect("a time")
    }

    #[test]
    fn an_instant_is_shown_on_the_clock_of_the_site() {
        let noon = Instant(1_717_992_000);

        assert_eq!(SHANGHAI.local(noon), local("2024-06-10 12:00:00"));
        assert_eq!(SHANGHAI.instant(local("2024-06-10 12:00:00")), Some(noon));
        assert_eq!(SHANGHAI.rfc3339(noon), "2024-06-10T12:00:00+08:00");
        assert_eq!(BERLIN.local(noon), local("2024-06-10 06:00:00"));
    }

    #[test]
    fn a_day_begins_when_it_can() {
        let apia = Zone(Tz::Pacific__Apia);
        let day = |text: &str| text.parse::<Day>().expect("a day");
        assert_eq!(SHANGHAI.rfc3339(SHANGHAI.start_of(day("2024-06-10"))), "2024-06-10T00:00:00+08:00");
        // Apia skipped this day.
        assert_eq!(apia.start_of(day("2011-12-30")), apia.start_of(day("2011-12-31")));
    }

    #[test]
    fn hours_that_clocks_skip_or_repeat_are_understood() {
        assert_eq!(BERLIN.instant(local("2024-03-31 02:30:00")), None);
        let first = BERLIN.instant(local("2024-10-27 02:30:00")).expect("both exist");
        assert_eq!(BERLIN.rfc3339(first), "2024-10-27T02:30:00+02:00");
    }
}
