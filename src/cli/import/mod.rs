//! `fixdesk import`: JSON Lines into the database, all or nothing.

mod loader;
mod reader;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::thread;

use indicatif::ProgressBar;
use tokio::sync::mpsc;

use super::jsonl::Unreadable;
use super::{Failure, progress};
use crate::config::Config;
use crate::domain::person::UserId;
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketId;
use crate::service::site::Zone;
use crate::store::{self, Db};

use loader::Loader;
use reader::Step;

/// Far longer than any honest line, and short enough to hold.
const MAX_LINE_BYTES: usize = 16 << 20;

#[derive(clap::Args)]
pub struct Arguments {
    /// What to read; - is standard input
    #[arg(value_name = "FILE|-")]
    pub file: PathBuf,
}

pub async fn run(config: &Config, arguments: Arguments) -> Result<(), Failure> {
    let zone = config.site()?.zone;
    let (input, bar) = open(&arguments.file)?;
    let db = store::connect(&config.database_url).await?;
    let loaded = load(&db, zone, input, &bar).await;
    db.close().await;
    let Loaded { people, tickets, events } = loaded?;
    println!("{people} people and {tickets} tickets imported, with {events} events of their history");
    Ok(())
}

fn open(path: &Path) -> Result<(Box<dyn BufRead + Send>, ProgressBar), Failure> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::new(io::stdin())), progress::of_unknown("import")));
    }
    let failed = |error: io::Error| format!("cannot read {}: {error}", path.display());
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    Ok((Box::new(BufReader::with_capacity(1 << 20, file)), progress::of_bytes(length, "import")))
}

/// How many of each there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    pub people: u64,
    pub tickets: u64,
    pub events: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("line {line}: {reason}")]
    Line { line: u64, reason: Reason },
    #[error("cannot read the file: {0}")]
    Read(#[from] io::Error),
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("a password cannot be hashed: {0}")]
    Hash(#[from] Problem),
    #[error("reading ended too early")]
    Reader,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("longer than {} MiB", MAX_LINE_BYTES >> 20)]
    TooLong,
    #[error("the id {0} is already taken")]
    IdTaken(i64),
    #[error("the user name {0:?} is already taken")]
    UsernameTaken(String),
    #[error("{key} names user {id}, whom neither an earlier line nor the database has")]
    NoSuchUser { key: &'static str, id: UserId },
    #[error("there is no ticket {0}, neither on an earlier line nor in the database")]
    NoSuchTicket(TicketId),
    #[error("ticket {ticket} has an event {number} already")]
    NumberTaken { ticket: TicketId, number: i64 },
    #[error("the database does not accept this {0}")]
    Refused(&'static str),
}

/// Loads everything in one transaction. An error leaves the database as it was.
pub async fn load(
    db: &Db,
    zone: Zone,
    input: impl BufRead + Send + 'static,
    bar: &ProgressBar,
) -> Result<Loaded, ImportError> {
    let (send, batches) = mpsc::channel(4);
    // Not one of the runtime's threads: it may wait for standard input for
    // ever, and nothing should wait for it.
    let reader = thread::spawn(move || reader::read_all(input, zone, &send));

    let mut loader = Loader::begin(db).await?;
    let inserted = insert_all(&mut loader, batches, bar).await;
    if let Err(error) = inserted.and_then(|()| reader.join().map_err(|_| ImportError::Reader)) {
        loader.abandon().await;
        return Err(error);
    }

    progress::finishing(bar, "building indexes");
    let loaded = loader.commit().await?;
    bar.finish_and_clear();
    Ok(loaded)
}

async fn insert_all(
    loader: &mut Loader,
    mut batches: mpsc::Receiver<Result<Step, ImportError>>,
    bar: &ProgressBar,
) -> Result<(), ImportError> {
    while let Some(step) = batches.recv().await {
        let Step { batch, bytes } = step?;
        loader.insert(batch).await?;
        let Loaded { people, tickets, events } = loader.loaded();
        bar.set_position(if bar.length().is_some() { bytes } else { people + tickets + events });
    }
    Ok(())
}
