//! People of the demo. Each follows from their place in the order of joining, so that a million
//! need not be remembered.

use super::calendar::{Calendar, HOUR, Moment};
use super::dice::{Dice, Subject};
use super::names::{ADMIN_NICKNAMES, GIVEN, NET_NAMES, SURNAMES};
use crate::domain::ids::UserId;
use crate::domain::people::contact::Verified;
use crate::domain::people::person::Person;
use crate::domain::people::profile::Choices;
use crate::domain::viewer::Role;
use crate::store::people::accounts::SERIALS;

pub const ADMINS: u64 = 3;
/// Demo accounts: the first of each role.
pub const ADMIN: u64 = 0;
pub const TECHNICIAN: u64 = ADMINS;

pub struct Roster<'a> {
    pub calendar: &'a Calendar,
    pub seed: u64,
    pub technicians: u64,
    pub campuses: &'a [String],
    pub password_hash: &'a str,
    /// Number of people before each day.
    joined: Vec<u64>,
    /// Number of people before each day's year.
    before_year: Vec<u64>,
}

/// Contacts that a ticket repeats.
pub struct Contact {
    pub phone: String,
    pub qq: String,
    pub campus: usize,
}

impl<'a> Roster<'a> {
    pub fn new(
        calendar: &'a Calendar,
        seed: u64,
        (technicians, users): (u64, u64),
        campuses: &'a [String],
        password_hash: &'a str,
    ) -> Self {
        let staff = ADMINS + technicians;
        // The desk opens with staff, the demo's user and a first few.
        let first = (users * 15 / 100).max(1);
        let mut joined = calendar.spread(users - first);
        for before in &mut joined[1..] {
            *before += staff + first;
        }
        let mut before_year = vec![0; calendar.last() + 1];
        for day in 1..before_year.len() {
            let new = calendar.year(day) != calendar.year(day - 1);
            before_year[day] = if new { joined[day] } else { before_year[day - 1] };
        }
        Self { calendar, seed, technicians, campuses, password_hash, joined, before_year }
    }

    pub fn len(&self) -> u64 {
        *self.joined.last().expect("there are days")
    }

    /// The demo's user, the first after the staff.
    pub const fn user(&self) -> u64 {
        ADMINS + self.technicians
    }

    /// Requesters who had joined before this day.
    pub fn users_before(&self, day: usize) -> std::ops::Range<u64> {
        self.user()..self.joined[day]
    }

    pub fn id(&self, index: u64) -> UserId {
        let day = self.day(index);
        UserId(i64::from(self.calendar.year(day)) * SERIALS + signed(index - self.before_year[day]) + 1)
    }

    pub fn joined_at(&self, index: u64) -> Moment {
        let day = self.day(index);
        let (first, next) = (self.joined[day], self.joined[day + 1]);
        Moment::of_day(day, 9 * HOUR + 12 * HOUR * signed(index - first) / signed(next - first))
    }

    pub fn contact(&self, index: u64) -> Contact {
        let mut dice = Dice::of(self.seed, Subject::Person, index);
        let qq = if dice.chance(30) {
            dice.between(100_000_000, 999_999_999)
        } else {
            dice.between(1_000_000_000, 3_899_999_999)
        };
        // Technicians are spread evenly, so that every campus has one.
        let campus = if self.is_technician(index) {
            usize::try_from(index - TECHNICIAN).unwrap_or(0) % self.campuses.len().max(1)
        } else {
            dice.index(self.campuses.len())
        };
        Contact { phone: phone(self.seed, index), qq: qq.to_string(), campus }
    }

    pub fn campus(&self, number: usize) -> String {
        self.campuses.get(number).cloned().unwrap_or_default()
    }

    pub fn person(&self, index: u64) -> Person {
        let contact = self.contact(index);
        let mut dice = Dice::of(self.seed, Subject::Person, index.wrapping_add(1 << 40));
        let Naming { username, nickname } = self.naming(index, &mut dice);
        let reachable = dice.chance(70) || self.is_told(index);
        let created_at = self.calendar.instant(self.joined_at(index));
        Person {
            id: self.id(index),
            email: if reachable { format!("{username}@example.edu") } else { String::new() },
            username,
            has_exact_name: false,
            role: self.role(index),
            nickname,
            phone: contact.phone,
            campus: self.campus(contact.campus),
            disabled: dice.chance(2) && !self.is_told(index),
            password_hash: self.password_hash.to_owned(),
            created_at,
            verified: Verified::since(created_at),
            choices: Choices::default(),
        }
    }

    fn naming(&self, index: u64, dice: &mut Dice) -> Naming {
        let told = |username: &str, nickname: &str| Naming {
            username: username.to_owned(),
            nickname: nickname.to_owned(),
        };
        match index {
            ADMIN => return told("admin", ADMIN_NICKNAMES[0]),
            TECHNICIAN => return told("technician", "陈工"),
            _ if index == self.user() => return told("user", "周雨晴"),
            _ => {}
        }
        let (surname, surname_letters) = match index.checked_sub(TECHNICIAN) {
            Some(number) if self.is_technician(index) => {
                SURNAMES[usize::try_from(number).unwrap_or(0) % SURNAMES.len()]
            }
            _ => *dice.pick(&SURNAMES),
        };
        let (first, first_letters) = *dice.pick(&GIVEN);
        let (second, second_letters) = if dice.chance(75) { *dice.pick(&GIVEN) } else { ("", "") };
        // The index keeps namesakes apart.
        let username = format!("{surname_letters}{first_letters}{second_letters}{index:03}");
        let own_name = format!("{surname}{first}{second}");
        let nickname = match self.role(index) {
            Role::Admin => {
                ADMIN_NICKNAMES[usize::try_from(index).unwrap_or(0) % ADMIN_NICKNAMES.len()].to_owned()
            }
            Role::Technician if index - TECHNICIAN < SURNAMES.len() as u64 => format!("{surname}工"),
            Role::User if dice.chance(25) => (*dice.pick(&NET_NAMES)).to_owned(),
            Role::User if dice.chance(15) => format!("{surname}同学"),
            Role::Technician | Role::User => own_name,
        };
        Naming { username, nickname }
    }

    fn role(&self, index: u64) -> Role {
        if index < ADMINS {
            Role::Admin
        } else if self.is_technician(index) {
            Role::Technician
        } else {
            Role::User
        }
    }

    fn is_technician(&self, index: u64) -> bool {
        (TECHNICIAN..self.user()).contains(&index)
    }

    fn is_told(&self, index: u64) -> bool {
        index == ADMIN || index == TECHNICIAN || index == self.user()
    }

    fn day(&self, index: u64) -> usize {
        self.joined.partition_point(|before| *before <= index) - 1
    }
}

struct Naming {
    username: String,
    nickname: String,
}

/// Phone number that rings nowhere: no carrier has 154. Multiplying by a number without common
/// factors meets every number once.
pub fn phone(seed: u64, index: u64) -> String {
    let number = (seed % 9_973 + 1 + index).wrapping_mul(61_803_399) % 100_000_000;
    format!("154{number:08}")
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
