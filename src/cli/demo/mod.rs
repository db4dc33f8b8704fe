//! `fixdesk demo`: three school years at a repair desk, made from a seed.
//!
//! Data depend on arguments and settings alone, whatever the machine and day. Start with
//! [`tickets`] for what happens, [`calendar`] for when, [`people`] for who, and [`words`] for what
//! they write.

mod calendar;
mod complaints;
mod devices;
mod dice;
mod extras;
mod names;
mod people;
mod photos;
mod pictures;
mod tickets;
mod timeline;
mod words;

use std::io::{self, Write as _};
use std::sync::Arc;

use indicatif::ProgressBar;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::desk::Desk;
use super::{Failure, progress};
use crate::config::Config;
use crate::domain::people::person::Person;
use crate::domain::photo::PhotoId;
use crate::domain::tickets::event::Event;
use crate::domain::tickets::status::Status;
use crate::domain::tickets::ticket::{ContractTicket, Ticket};
use crate::domain::time::Instant;
use crate::service::Clock;
use crate::service::settings::Site;
use crate::service::sign_in::passwords;
use crate::store::{self, Bulk, MAX_BATCH};

use calendar::{Calendar, DAY};
use dice::{Dice, Subject};
use extras::{Extra, Extras};
use people::{ADMINS, Roster};
use photos::{Album, Shot};
use tickets::Tickets;
use timeline::Scene;

/// How many of the newest tickets have a history.
const WITH_HISTORY: u64 = 5_000;
/// How many of these may have photos, or be on offer to a colleague.
const IN_DETAIL: u64 = 300;

const NOT_EMPTY: &str = "the database already has people or tickets; demo data goes into an empty one";

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
    let desk = Desk::create(config).await?;
    let filled = fill(&desk, &arguments).await;
    desk.db.close().await;
    filled?;
    Ok(introduce(&arguments)?)
}

/// Fills an empty database in one transaction.
pub async fn fill(desk: &Desk, arguments: &Arguments) -> Result<(), Failure> {
    if !store::is_empty(&desk.db).await? {
        return Err(NOT_EMPTY.into());
    }
    let album = Arc::new(Album::develop().await?);
    store_photos(desk, &album, arguments).await?;
    let mut bulk = Bulk::begin(&desk.db).await?;
    if bulk.found_anything() {
        bulk.abandon().await;
        return Err(NOT_EMPTY.into());
    }
    let bar = progress::of_count(people_in(arguments) + arguments.tickets, "demo data");
    if let Err(failure) = insert_all(&mut bulk, Story::begin(desk, &album, arguments), &bar).await {
        bulk.abandon().await;
        return Err(failure);
    }
    progress::finishing(&bar, "building indexes");
    bulk.commit().await?;
    bar.finish_and_clear();
    Ok(())
}

/// Demo data while it is made: the same each time.
struct Story {
    produced: mpsc::Receiver<Batch>,
    generator: JoinHandle<Result<(), Failure>>,
}

impl Story {
    fn begin(desk: &Desk, album: &Arc<Album>, arguments: &Arguments) -> Self {
        let (batches, produced) = mpsc::channel(4);
        let (site, arguments, album) = (desk.site.clone(), arguments.clone(), Arc::clone(album));
        let generator = tokio::task::spawn_blocking(move || generate(&site, &arguments, &album, &batches));
        Self { produced, generator }
    }
}

/// Stores all photos before the transaction begins: nothing names a photo without its file, and
/// nobody waits for a slow store. The data is made once more for that: it need not be held.
async fn store_photos(desk: &Desk, album: &Arc<Album>, arguments: &Arguments) -> Result<(), Failure> {
    let now = Clock::of(&desk.db).await?.now();
    let mut story = Story::begin(desk, album, arguments);
    while let Some(batch) = story.produced.recv().await {
        if let Batch::Photos(shots) = batch {
            let ids: Vec<PhotoId> = shots.iter().map(|shot| shot.photo.id.clone()).collect();
            // If this is killed, only the record says what these files are.
            store::tickets::photos::expect(&desk.db, &ids, now).await?;
            album.print(&shots, &desk.photo_files).await?;
        }
    }
    story.generator.await?
}

async fn insert_all(bulk: &mut Bulk, mut story: Story, bar: &ProgressBar) -> Result<(), Failure> {
    while let Some(batch) = story.produced.recv().await {
        insert(bulk, batch, bar).await?;
    }
    story.generator.await?
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
        Batch::Photos(shots) => {
            for Shot { photo, .. } in &shots {
                bulk.insert_photo(photo).await?;
            }
            0
        }
    };
    bar.inc(rows as u64);
    Ok(())
}

enum Batch {
    People(Vec<Person>),
    Tickets(Vec<Ticket>),
    Events(Vec<Event>),
    Photos(Vec<Shot>),
}

/// Makes the data ahead of the database, a few batches at most.
fn generate(
    site: &Site,
    arguments: &Arguments,
    album: &Album,
    batches: &mpsc::Sender<Batch>,
) -> Result<(), Failure> {
    let now = Clock::System.now();
    let today = now.minus(now.0 % DAY);
    let hash = passwords::hash_with_salt(PASSWORD, SALT)?;
    let calendar = Calendar::new(site.zone, arguments.seed);
    let crowd = (arguments.technicians, arguments.users);
    let roster = Roster::new(&calendar, arguments.seed, crowd, &site.campuses, &hash);

    let people = (0..roster.len()).map(|index| roster.person(index));
    // Older tickets have only an outcome: ten million need no history.
    let old = arguments.tickets.saturating_sub(WITH_HISTORY);
    let mut tickets = Tickets::new(&roster, site, arguments.tickets);
    let still_waiting = |ticket: Ticket| patient(ticket, today);
    let outcomes = tickets.by_ref().take(usize::try_from(old)?).map(Ticket::of).map(still_waiting);
    let produced = send(people, Batch::People, batches) && send(outcomes, Batch::Tickets, batches);
    let recent: Vec<ContractTicket> = tickets.collect();
    let mut extras = Extras::new(&roster, album);
    let (mut tickets, mut histories, mut shots) = (Vec::new(), Vec::new(), Vec::new());
    let mut dice = Dice::of(arguments.seed, Subject::History, 0);
    let in_detail = recent.len().saturating_sub(IN_DETAIL as usize);
    for (number, contract) in recent.iter().enumerate() {
        let Extra { photos, offered_to } =
            if number < in_detail { Extra::default() } else { extras.of(contract) };
        let (admin, end) = (roster.id(people::ADMIN), calendar.instant(calendar.end()));
        let scene = Scene { admin, end, photos: &photos, offered_to };
        let (ticket, history) = timeline::generate(contract, &scene, &mut dice);
        tickets.push(ticket);
        histories.push(history);
        shots.extend(photos);
    }
    let produced = produced
        && send(tickets.into_iter().map(still_waiting), Batch::Tickets, batches)
        && send(histories.into_iter().flatten(), Batch::Events, batches)
        && send(shots.into_iter(), Batch::Photos, batches);
    // A receiver that has gone reports an error of its own.
    let _ = produced;
    Ok(())
}

/// Restarts the wait of confirmations: the demo ended long ago, and all would lapse at once, before
/// anybody saw them.
fn patient(ticket: Ticket, today: Instant) -> Ticket {
    match ticket.contract.status {
        Status::UserConfirming | Status::TechConfirming => Ticket { waiting_since: today, ..ticket },
        _ => ticket,
    }
}

/// Returns `false` if none receives.
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
