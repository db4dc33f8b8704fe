//! `fixdesk demo`: three school years at a repair desk, told from a seed.
//!
//! The same arguments and settings tell the same story on every machine and
//! day. Start with [`tickets`] for the plot, [`calendar`] for when things
//! happen, [`people`] for the cast, and [`words`] for what they say.

mod calendar;
mod complaints;
mod devices;
mod dice;
mod names;
mod people;
mod tickets;
mod timeline;
mod words;

use std::io::{self, Write as _};

use indicatif::ProgressBar;
use tokio::sync::mpsc;

use super::{Failure, progress};
use crate::config::Config;
use crate::domain::history::Event;
use crate::domain::person::Person;
use crate::domain::status::Status;
use crate::domain::ticket::Dossier;
use crate::domain::time::Instant;
use crate::service::site::Site;
use crate::service::{Clock, passwords};
use crate::store::{self, Bulk, Db, MAX_BATCH};

use calendar::{Calendar, DAY};
use dice::{Dice, Subject};
use people::{ADMINS, Roster};
use tickets::Tickets;

/// How many of the newest tickets have a history.
const WITH_HISTORY: u64 = 5_000;

pub const PASSWORD: &str = "fixdesk-demo";
/// Known to everyone, as the password is.
const SALT: &[u8; 16] = b"fixdesk-demodata";

#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// How many people file tickets
    #[arg(long, value_name = "N", default_value_t = 800, value_parser = clap::value_parser!(u64).range(1..=5_000_000))]
    pub users: u64,

    /// How many technicians work them
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub technicians: u64,

    /// How many tickets were filed
    #[arg(long, value_name = "N", default_value_t = 2_500, value_parser = clap::value_parser!(u64).range(0..=10_000_000))]
    pub tickets: u64,

    /// Another number tells another story
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

pub async fn run(config: &Config, arguments: Arguments) -> Result<(), Failure> {
    let site = config.site()?;
    let db = store::connect(&config.database_url).await?;
    let filled = fill(&db, &site, &arguments).await;
    db.close().await;
    filled?;
    Ok(introduce(&arguments)?)
}

/// Everything in one transaction, into a database that has nobody yet.
pub async fn fill(db: &Db, site: &Site, arguments: &Arguments) -> Result<(), Failure> {
    let mut bulk = Bulk::begin(db).await?;
    if bulk.found_anything() {
        bulk.abandon().await;
        return Err("the database already has people or tickets; demo data goes into an empty one".into());
    }
    let bar = progress::of_count(people_in(arguments) + arguments.tickets, "demo data");
    if let Err(failure) = insert_all(&mut bulk, site, arguments, &bar).await {
        bulk.abandon().await;
        return Err(failure);
    }
    progress::finishing(&bar, "building indexes");
    bulk.commit().await?;
    bar.finish_and_clear();
    Ok(())
}

async fn insert_all(
    bulk: &mut Bulk,
    site: &Site,
    arguments: &Arguments,
    bar: &ProgressBar,
) -> Result<(), Failure> {
    let (batches, mut told) = mpsc::channel(4);
    let teller = {
        let (site, arguments) = (site.clone(), arguments.clone());
        tokio::task::spawn_blocking(move || tell(&site, &arguments, &batches))
    };
    while let Some(batch) = told.recv().await {
        insert(bulk, batch, bar).await?;
    }
    teller.await?
}

async fn insert(bulk: &mut Bulk, batch: Batch, bar: &ProgressBar) -> sqlx::Result<()> {
    let rows = match batch {
        Batch::People(people) => {
            bulk.insert_people(&people).await?;
            people.len()
        }
        Batch::Tickets(tickets) => {
            bulk.insert_tickets(&tickets).await?;
            tickets.len()
        }
        Batch::Events(events) => {
            bulk.insert_events(&events).await?;
            0
        }
    };
    bar.inc(rows as u64);
    Ok(())
}

enum Batch {
    People(Vec<Person>),
    Tickets(Vec<Dossier>),
    Events(Vec<Event>),
}

/// Tells the story ahead of the database, a few batches at most.
fn tell(site: &Site, arguments: &Arguments, batches: &mpsc::Sender<Batch>) -> Result<(), Failure> {
    let now = Clock::System.now();
    let today = now.minus(now.0 % DAY);
    let hash = passwords::hash_with_salt(PASSWORD, SALT)?;
    let calendar = Calendar::new(site.zone, arguments.seed);
    let crowd = (arguments.technicians, arguments.users);
    let roster = Roster::new(&calendar, arguments.seed, crowd, &site.campuses, &hash);

    let people = (0..roster.len()).map(|index| roster.person(index));
    // Of older tickets only the outcome is known: ten million need no history.
    let old = arguments.tickets.saturating_sub(WITH_HISTORY);
    let mut tickets = Tickets::new(&roster, site, arguments.tickets);
    let still_waiting = |dossier: Dossier| patient(dossier, today);
    let outcomes = tickets.by_ref().take(usize::try_from(old)?).map(Dossier::of).map(still_waiting);
    let told = send(people, Batch::People, batches) && send(outcomes, Batch::Tickets, batches);
    let mut dice = Dice::of(arguments.seed, Subject::History, 0);
    let recent: Vec<(Dossier, Vec<Event>)> = tickets
        .map(|ticket| {
            timeline::tell(&ticket, roster.id(people::ADMIN), calendar.instant(calendar.end()), &mut dice)
        })
        .collect();
    let (dossiers, histories): (Vec<Dossier>, Vec<Vec<Event>>) = recent.into_iter().unzip();
    let told = told
        && send(dossiers.into_iter().map(still_waiting), Batch::Tickets, batches)
        && send(histories.into_iter().flatten(), Batch::Events, batches);
    // Nobody listens any more: the listener has an error of its own to report.
    let _ = told;
    Ok(())
}

/// The story ended long ago: confirmations that are asked for in it would all
/// lapse at once, before anybody has seen them.
fn patient(dossier: Dossier, today: Instant) -> Dossier {
    match dossier.ticket.status {
        Status::UserConfirming | Status::TechConfirming => Dossier { waiting_since: today, ..dossier },
        _ => dossier,
    }
}

/// Whether there still is a listener.
fn send<T>(
    things: impl Iterator<Item = T>,
    wrap: fn(Vec<T>) -> Batch,
    batches: &mpsc::Sender<Batch>,
) -> bool {
    let mut things = things.peekable();
    while things.peek().is_some() {
        let batch = things.by_ref().take(MAX_BATCH).collect();
        if batches.blocking_send(wrap(batch)).is_err() {
            return false;
        }
    }
    true
}

const fn people_in(arguments: &Arguments) -> u64 {
    ADMINS + arguments.technicians + arguments.users
}

fn introduce(arguments: &Arguments) -> io::Result<()> {
    let (people, tickets) = (people_in(arguments), arguments.tickets);
    let mut out = io::stdout().lock();
    writeln!(out, "The database now has {people} people and {tickets} tickets.\n")?;
    writeln!(out, "  {:<12}{:<14}sees", "user name", "password")?;
    for (name, sees) in [
        ("user", "the tickets they filed"),
        ("technician", "their jobs, and a few tickets of their own"),
        ("admin", "everything"),
    ] {
        writeln!(out, "  {name:<12}{PASSWORD:<14}{sees}")?;
    }
    writeln!(out, "\nThis is demo data, all of it made up; everybody else has the same password.")?;
    writeln!(out, "Do not put it where strangers can reach it.")
}
