//! Tickets: who files what when, and how far each repair has come by the evening of the last day.

use super::calendar::{Calendar, DAY, HOUR, Moment};
use super::devices::Device;
use super::dice::{Dice, Subject};
use super::people::{self, Contact, Roster, TECHNICIAN};
use super::words;
use crate::domain::ids::TicketId;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::ContractTicket;
use crate::service::settings::Site;
use crate::store::people::accounts::SERIALS;

/// Tickets in the order of their ids and times.
pub struct Tickets<'a> {
    roster: &'a Roster<'a>,
    site: &'a Site,
    dice: Dice,
    /// Number of tickets before each day.
    filed: Vec<u64>,
    day: usize,
    /// Times of this day's tickets still to come, latest first.
    today: Vec<i64>,
    serial: i64,
    planned: std::iter::Peekable<std::vec::IntoIter<Planned>>,
}

/// Ticket that shows something with the demo accounts.
struct Planned {
    day: usize,
    owner: Owner,
    /// `None`: at random.
    course: Option<(Status, PlannedAssignee)>,
}

#[derive(Clone, Copy)]
enum Owner {
    DemoUser,
    DemoTechnician,
    Anybody,
}

/// Assignee of a planned ticket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PlannedAssignee {
    Nobody,
    DemoTechnician,
    Other,
}

/// Outcome of a ticket.
struct Course {
    status: Status,
    assigned: Option<Moment>,
    completed: Option<Moment>,
}

impl<'a> Tickets<'a> {
    pub fn new(roster: &'a Roster<'a>, site: &'a Site, total: u64) -> Self {
        Self {
            roster,
            site,
            dice: Dice::of(roster.seed, Subject::Tickets, 0),
            filed: roster.calendar.spread(total),
            day: 0,
            today: Vec::new(),
            serial: 0,
            planned: plan(roster.calendar.last()).into_iter().peekable(),
        }
    }

    /// Time of the next ticket.
    fn next_time(&mut self) -> Option<Moment> {
        while self.today.is_empty() {
            if self.day == self.calendar().last() {
                return None;
            }
            self.day += 1;
            if self.calendar().year(self.day) != self.calendar().year(self.day - 1) {
                self.serial = 0;
            }
            let count = self.filed[self.day + 1] - self.filed[self.day];
            self.today.extend((0..count).map(|_| time_of_day(&mut self.dice)));
            self.today.sort_unstable_by(|one, other| other.cmp(one));
        }
        self.today.pop().map(|second| Moment::of_day(self.day, second))
    }

    fn next_planned(&mut self) -> Option<Planned> {
        let day = self.day;
        self.planned.next_if(|planned| planned.day <= day)
    }

    fn ticket(&mut self, created: Moment) -> ContractTicket {
        self.serial += 1;
        let planned = self.next_planned();
        let owner = match planned.as_ref().map_or(Owner::Anybody, |planned| planned.owner) {
            Owner::DemoUser => self.roster.user(),
            Owner::DemoTechnician => TECHNICIAN,
            Owner::Anybody => self.owner(),
        };
        let device = if planned.is_some() { self.new_device() } else { self.device_of(owner) };
        let Contact { phone, qq, campus: home } = self.roster.contact(owner);
        let campus = if self.dice.chance(92) { home } else { self.dice.index(self.site.campuses.len()) };

        let hands = planned
            .as_ref()
            .and_then(|planned| planned.course)
            .map_or(PlannedAssignee::Other, |(_, hands)| hands);
        let course = match planned.and_then(|planned| planned.course) {
            Some((status, hands)) => self.given_course(created, status, hands),
            None => self.course(created),
        };
        let technician = course.assigned.map(|_| match hands {
            PlannedAssignee::DemoTechnician => TECHNICIAN,
            PlannedAssignee::Nobody | PlannedAssignee::Other => self.technician(campus, owner),
        });
        let fault = words::fault(&self.site.fault_types, device.model.family, &mut self.dice);
        let fault_type = self.site.fault_types.get(fault).cloned().unwrap_or_default();
        let (description, photo) = words::description(&fault_type, device.model.family, &mut self.dice);
        let photo = photo.filter(|_| self.dice.chance(35));
        let other_phone =
            self.dice.chance(4).then(|| people::phone(self.roster.seed, self.dice.below(1 << 32)));

        let calendar = self.calendar();
        ContractTicket {
            id: TicketId(i64::from(calendar.year(self.day)) * SERIALS + self.serial),
            owner: self.roster.id(owner),
            technician: technician.map(|index| self.roster.id(index)),
            status: course.status,
            purchase_date: device.purchase_date,
            phone: other_phone.unwrap_or(phone),
            device_type: self.site.device_types.get(device.kind).cloned().unwrap_or_default(),
            brand: device.model.name.to_owned(),
            description,
            image_url: photo.map(str::to_owned),
            fault_type,
            qq,
            campus: self.roster.campus(campus),
            created_at: calendar.instant(created),
            assigned_at: course.assigned.map(|moment| calendar.instant(moment)),
            completed_at: course.completed.map(|moment| calendar.instant(moment)),
        }
    }

    /// Owner: most file now and then, a few for a whole floor.
    fn owner(&mut self) -> u64 {
        let users = self.roster.users_before(self.day);
        let mut owner = users.start;
        for _ in 0..40 {
            owner = users.start + self.dice.below(users.end - users.start);
            let eagerness = match Dice::of(self.roster.seed, Subject::Diligence, owner).below(40) {
                0 => 18,
                1..=5 => 6,
                _ => 1,
            };
            // The demo's user has a plan instead.
            if owner != self.roster.user() && self.dice.below(18) < eagerness {
                break;
            }
        }
        owner
    }

    /// Technician, mostly of the campus; some have more tickets.
    fn technician(&mut self, campus: usize, owner: u64) -> u64 {
        let (all, campuses) = (self.roster.technicians, self.site.campuses.len().max(1) as u64);
        let here = (campus as u64..all).step_by(campuses as usize).count() as u64;
        let mut technician = TECHNICIAN;
        for _ in 0..40 {
            let number = if here > 0 && self.dice.chance(88) {
                campus as u64 + campuses * self.dice.below(here)
            } else {
                self.dice.below(all)
            };
            technician = TECHNICIAN + number;
            let diligence = match number {
                0 => 6,
                _ => 1 + Dice::of(self.roster.seed, Subject::Diligence, technician).below(5),
            };
            if technician != owner && self.dice.below(6) < diligence {
                break;
            }
        }
        technician
    }

    /// Device: people have one or two for years, some bring a friend's.
    fn device_of(&mut self, owner: u64) -> Device {
        let number = match self.dice.below(100) {
            0..55 => 0,
            55..80 => 1,
            _ => return self.new_device(),
        };
        let mut dice = Dice::of(self.roster.seed, Subject::Device, owner * 2 + number);
        Device::owned_on(self.roster.joined_at(owner).day(), &self.site.device_types, &mut dice)
    }

    fn new_device(&mut self) -> Device {
        Device::owned_on(Moment::of_day(self.day, 0).day(), &self.site.device_types, &mut self.dice)
    }

    /// Steps of a repair until the demo ends.
    fn course(&mut self, created: Moment) -> Course {
        let end = self.calendar().end();
        let dice = &mut self.dice;
        let happens = |moment: Moment| Some(moment).filter(|moment| *moment <= end);
        let fate = dice.below(100);
        let assigned = after(created, [(45, 20 * HOUR), (35, 5 * DAY), (20, 21 * DAY)], dice);

        if fate < 5 {
            // Withdrawn, as often before as after somebody took it.
            let canceled = after(created, [(60, DAY), (30, 5 * DAY), (10, 12 * DAY)], dice);
            let assigned = happens(assigned).filter(|assigned| *assigned < canceled);
            let status = if happens(canceled).is_some() { Status::Canceled } else { Status::Pending };
            return Course { status, assigned, completed: None };
        }
        let Some(assigned) = happens(assigned) else {
            return Course { status: Status::Pending, assigned: None, completed: None };
        };
        let open = |status| Course { status, assigned: Some(assigned), completed: None };

        let begun = after(assigned, [(45, 3 * HOUR), (35, 4 * DAY), (20, 14 * DAY)], dice);
        if fate < 10 {
            let closed = after(begun, [(50, 2 * DAY), (50, 10 * DAY)], dice);
            return open(if happens(closed).is_some() { Status::Closed } else { Status::Pending });
        }
        let repaired = after(begun, [(35, 6 * HOUR), (35, 7 * DAY), (30, 35 * DAY)], dice);
        let confirmed = after(repaired, [(35, 20 * HOUR), (35, 7 * DAY), (30, 45 * DAY)], dice);
        let waits_for = if dice.chance(75) { Status::UserConfirming } else { Status::TechConfirming };
        if happens(begun).is_none() {
            open(Status::Pending)
        } else if happens(repaired).is_none() {
            open(Status::Repairing)
        } else if happens(confirmed).is_none() {
            open(waits_for)
        } else {
            Course { status: Status::Done, assigned: Some(assigned), completed: Some(confirmed) }
        }
    }

    /// Course that leads to this outcome.
    fn given_course(&mut self, created: Moment, status: Status, hands: PlannedAssignee) -> Course {
        let end = self.calendar().end();
        let soon =
            |from: Moment, dice: &mut Dice| from.plus(dice.between(HOUR, 8 * HOUR)).when_open(dice).min(end);
        let assigned = (hands != PlannedAssignee::Nobody).then(|| soon(created, &mut self.dice));
        let completed =
            assigned.filter(|_| status == Status::Done).map(|assigned| soon(assigned, &mut self.dice));
        Course { status, assigned, completed }
    }

    const fn calendar(&self) -> &'a Calendar {
        self.roster.calendar
    }
}

impl Iterator for Tickets<'_> {
    type Item = ContractTicket;

    fn next(&mut self) -> Option<ContractTicket> {
        let created = self.next_time()?;
        Some(self.ticket(created))
    }
}

/// Plan: many kinds in the last weeks, one every forty days before.
fn plan(last: usize) -> Vec<Planned> {
    use Status::{Canceled, Closed, Done, Pending, Repairing, TechConfirming, UserConfirming};

    let demo = |ago: usize, owner: Owner, status: Status, hands: PlannedAssignee| Planned {
        day: last - ago,
        owner,
        course: Some((status, hands)),
    };
    let mut plan: Vec<Planned> = (1..)
        .map(|number| number * 40)
        .take_while(|day| *day + 30 < last)
        .map(|day| Planned { day, owner: Owner::DemoUser, course: None })
        .collect();
    plan.extend([
        demo(1, Owner::DemoUser, Pending, PlannedAssignee::Nobody),
        demo(3, Owner::DemoUser, Pending, PlannedAssignee::DemoTechnician),
        demo(4, Owner::Anybody, Pending, PlannedAssignee::DemoTechnician),
        demo(5, Owner::DemoUser, Repairing, PlannedAssignee::DemoTechnician),
        demo(6, Owner::DemoTechnician, Repairing, PlannedAssignee::Other),
        demo(8, Owner::DemoUser, UserConfirming, PlannedAssignee::DemoTechnician),
        demo(10, Owner::Anybody, TechConfirming, PlannedAssignee::DemoTechnician),
        demo(11, Owner::DemoUser, TechConfirming, PlannedAssignee::DemoTechnician),
        demo(14, Owner::DemoUser, Canceled, PlannedAssignee::Nobody),
        demo(17, Owner::DemoUser, Closed, PlannedAssignee::Other),
        demo(21, Owner::DemoUser, Done, PlannedAssignee::DemoTechnician),
        demo(60, Owner::DemoTechnician, Done, PlannedAssignee::Other),
        demo(230, Owner::DemoTechnician, Done, PlannedAssignee::Other),
        demo(500, Owner::DemoTechnician, Done, PlannedAssignee::Other),
        demo(800, Owner::DemoTechnician, Canceled, PlannedAssignee::Nobody),
    ]);
    plan.sort_by_key(|planned| planned.day);
    plan
}

/// Later time when the desk is open. The steps weigh the longest waits.
fn after<const N: usize>(from: Moment, steps: [(u64, i64); N], dice: &mut Dice) -> Moment {
    let (_, longest) = *dice.weighted(&steps, |(often, _)| *often);
    from.plus(dice.between(20 * 60, longest)).when_open(dice)
}

/// Time of a report, between getting up and lights out.
fn time_of_day(dice: &mut Dice) -> i64 {
    const HOURS: [(i64, u64); 16] = [
        (8, 3),
        (9, 6),
        (10, 8),
        (11, 7),
        (12, 8),
        (13, 6),
        (14, 7),
        (15, 7),
        (16, 8),
        (17, 7),
        (18, 7),
        (19, 9),
        (20, 10),
        (21, 10),
        (22, 8),
        (23, 3),
    ];
    let (hour, _) = *dice.weighted(&HOURS, |(_, often)| *often);
    hour * HOUR + dice.between(0, HOUR - 1)
}
