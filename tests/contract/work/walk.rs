//! Many people do at once whatever comes to their mind, and nothing breaks.

use std::collections::BTreeMap;

use fixdesk::domain::action::Action;
use fixdesk::domain::history::rebuild;
use fixdesk::domain::person::{Role, UserId, Viewer};
use fixdesk::domain::problem::Problem;
use fixdesk::domain::status::Status;
use fixdesk::domain::ticket::TicketId;
use fixdesk::service::actions::{self, Deed};
use fixdesk::service::conversation::say;
use fixdesk::service::filing::{Twins, file};
use fixdesk::service::{App, upkeep};
use fixdesk::store::counters;

use super::desk::{Desk, report};

const TICKETS: usize = 6;
const WALKERS: u64 = 6;
const STEPS: usize = 500;
const JOBS: u64 = 3;

/// `FIXDESK_SEED` repeats a walk that went wrong.
fn seed() -> u64 {
    let told = std::env::var("FIXDESK_SEED").ok().and_then(|text| text.parse().ok());
    told.unwrap_or_else(|| fastrand::u64(..))
}

struct Walker {
    app: App,
    people: Vec<Viewer>,
    tickets: Vec<TicketId>,
    dice: fastrand::Rng,
}

impl Walker {
    /// How many of the steps were allowed.
    async fn walk(mut self) -> usize {
        let mut allowed = 0;
        for _ in 0..STEPS {
            match self.step().await {
                Ok(()) => allowed += 1,
                Err(Problem::Unavailable { incident }) => panic!("the server broke: {incident}"),
                Err(_) => {}
            }
        }
        allowed
    }

    async fn step(&mut self) -> Result<(), Problem> {
        let viewer = self.people[self.dice.usize(..self.people.len())].clone();
        let ticket = self.tickets[self.dice.usize(..self.tickets.len())];
        match self.dice.u8(..20) {
            0 => upkeep::run(&self.app).await,
            1 | 2 => say(&self.app, &viewer, ticket, "在吗", None).await,
            _ => {
                let action = Action::ALL[self.dice.usize(..Action::ALL.len())];
                let technician = self.people[self.dice.usize(..self.people.len())].id;
                let deed = Deed {
                    ticket,
                    action,
                    seen: None,
                    note: "因为所以".to_owned(),
                    technician: Some(technician),
                    key: None,
                };
                actions::act(&self.app, &viewer, deed).await
            }
        }
    }
}

/// Two of each role; everybody has filed, technicians too.
async fn people(desk: &Desk) -> Vec<Viewer> {
    let li = desk.stage.user("li").await;
    let viewer = |id: UserId, role: Role| Viewer { id, role, nickname: String::new() };
    [&desk.zhou, &li, &desk.chen, &desk.gao, &desk.sun].map(|actor| viewer(actor.id, actor.role)).to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_people_do_at_once_the_desk_stays_in_order() {
    let seed = seed();
    println!("FIXDESK_SEED={seed}");
    let desk = Desk::open_with(|site| site.limits.jobs = JOBS).await;
    let people = people(&desk).await;
    let mut tickets = Vec::new();
    for index in 0..TICKETS {
        let owner = &people[index % 3];
        tickets.push(file(&desk.stage.app, owner, &report(), Twins::Allow, None).await.expect("is filed"));
    }

    let walks = (0..WALKERS).map(|number| {
        let walker = Walker {
            app: desk.stage.app.clone(),
            people: people.clone(),
            tickets: tickets.clone(),
            dice: fastrand::Rng::with_seed(seed ^ number),
        };
        tokio::spawn(walker.walk())
    });
    let mut allowed = 0;
    for walk in walks.collect::<Vec<_>>() {
        allowed += walk.await.expect("walks to the end");
    }

    assert!(allowed > TICKETS, "hardly anything was allowed: {allowed}");
    let mut jobs: BTreeMap<UserId, u64> = BTreeMap::new();
    for ticket in tickets {
        let (row, history) = (desk.row(ticket).await, desk.history(ticket).await);
        assert_eq!(rebuild(&history).as_ref(), Some(&row), "{ticket} is what its history says");
        let numbers: Vec<i64> = history.iter().map(|event| event.number).collect();
        assert!(numbers.iter().copied().eq(1..=history.len() as i64), "{ticket}: {numbers:?}");
        let status = row.ticket.status;
        assert!(
            status == Status::Pending || !status.is_open() || row.ticket.technician.is_some(),
            "{ticket}"
        );
        assert_ne!(row.ticket.technician, Some(row.ticket.owner), "{ticket}");
        if let Some(technician) = row.ticket.technician.filter(|_| status.is_open()) {
            *jobs.entry(technician).or_default() += 1;
        }
    }
    assert!(jobs.values().all(|jobs| *jobs <= JOBS), "{jobs:?}");
    let told_twice = "SELECT CAST(COUNT(*) AS TEXT) FROM (SELECT 1 FROM notifications
        GROUP BY user_id, ticket_id, event_number HAVING COUNT(*) > 1) AS twice";
    assert_eq!(desk.stage.text(told_twice).await, "0");
    assert_eq!(counters::miscounts(&desk.stage.app.db).await.expect("counters"), []);
}
