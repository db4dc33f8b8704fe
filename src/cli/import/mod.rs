//! `fixdesk import`: JSON Lines into the database, and photos of an archive
//! beside it, all or nothing.

mod archive;
mod loader;
mod prepare;
mod reader;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::thread;

use indicatif::ProgressBar;
use tokio::sync::mpsc;

use super::archive::{LINES, is_archive};
use super::desk::Desk;
use super::jsonl::Unreadable;
use super::{Failure, progress};
use crate::config::Config;
use crate::domain::person::UserId;
use crate::domain::photo::{MAX_PHOTOS, PhotoId};
use crate::domain::problem::Problem;
use crate::domain::ticket::TicketId;
use crate::service::photo_files::OutOfReach;
use crate::service::photo_owner::NotOurs;

pub use archive::{EntryFlaw, load_archive};
use loader::Loader;
use prepare::{Prepared, Preparer};
use reader::Step;

/// Far longer than any honest line, and short enough to hold.
const MAX_LINE_BYTES: usize = 16 << 20;
/// Batches that are read before the transaction begins: more than fifty thousand
/// lines at once are a whole desk, which moves while nobody works.
const AHEAD: usize = 64;

#[derive(clap::Args)]
pub struct Arguments {
    /// An archive, or lines; - is standard input
    #[arg(value_name = "FILE.tar|FILE|-")]
    pub file: PathBuf,
}

pub async fn run(config: &Config, arguments: Arguments) -> Result<(), Failure> {
    let file = &arguments.file;
    let loaded = if is_archive(file) {
        let input = File::open(file).map_err(unreadable(file))?;
        let desk = Desk::open(config).await?;
        let loaded = load_archive(&desk, input).await;
        desk.db.close().await;
        loaded
    } else {
        let (input, bar) = open(file)?;
        let desk = Desk::open(config).await?;
        let loaded = load(&desk, input, &bar).await;
        desk.db.close().await;
        loaded
    };
    let Loaded { people, tickets, events, photos } = loaded?;
    println!(
        "{people} people and {tickets} tickets imported, with {events} events of their history \
         and {photos} photos"
    );
    Ok(())
}

fn open(path: &Path) -> Result<(Box<dyn BufRead + Send>, ProgressBar), Failure> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::new(io::stdin())), progress::of_unknown("import")));
    }
    let file = File::open(path).map_err(unreadable(path))?;
    let length = file.metadata().map_err(unreadable(path))?.len();
    Ok((Box::new(BufReader::with_capacity(1 << 20, file)), progress::of_bytes(length, "import")))
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("cannot read {}: {error}", path.display())
}

/// How many of each there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    pub people: u64,
    pub tickets: u64,
    pub events: u64,
    pub photos: u64,
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
    #[error("a photo cannot be looked at: {0}")]
    Photo(Problem),
    #[error("{name} in the archive: {flaw}")]
    Entry { name: String, flaw: EntryFlaw },
    #[error("there is no {LINES} in the archive")]
    NoLines,
    #[error(transparent)]
    Photos(#[from] OutOfReach),
    #[error(transparent)]
    NotOurs(#[from] NotOurs),
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
    #[error("the photo {0} is there already")]
    PhotoTaken(PhotoId),
    #[error("ticket {0} has {MAX_PHOTOS} photos, and has no room for more")]
    TooManyPhotos(TicketId),
    #[error("the photo {0} is neither in the archive nor where the desk keeps its photos")]
    NoFile(PhotoId),
    #[error("the photo {0} has another type, size or length than this line says")]
    OtherFile(PhotoId),
    #[error("the database does not accept this {0}")]
    Refused(&'static str),
}

/// Loads everything in one transaction. An error leaves the database as it was.
pub async fn load(
    desk: &Desk,
    input: impl BufRead + Send + 'static,
    bar: &ProgressBar,
) -> Result<Loaded, ImportError> {
    let zone = desk.site.zone;
    let (send, batches) = mpsc::channel(4);
    // Not one of the runtime's threads: it may wait for standard input for
    // ever, and nothing should wait for it.
    let reader = thread::spawn(move || reader::read_all(input, zone, &send));

    let mut batches = PreparedBatches { batches, preparer: Preparer::new(desk) };
    let ahead = batches.read_ahead().await;

    let mut loader = Loader::begin(desk).await?;
    let inserted = insert_all(&mut loader, ahead, batches, bar).await;
    if let Err(error) = inserted.and_then(|()| reader.join().map_err(|_| ImportError::Reader)) {
        loader.abandon().await;
        return Err(error);
    }

    progress::finishing(bar, "building indexes");
    let loaded = loader.commit().await?;
    bar.finish_and_clear();
    Ok(loaded)
}

/// Batches as they come to the database.
struct PreparedBatches {
    batches: mpsc::Receiver<Result<Step, ImportError>>,
    preparer: Preparer,
}

/// A batch and how far in the file it reaches, or the error in its place.
type PreparedStep = Result<(Prepared, u64), ImportError>;

impl PreparedBatches {
    async fn next(&mut self) -> Option<PreparedStep> {
        match self.batches.recv().await? {
            Ok(Step { batch, bytes }) => Some(self.preparer.prepare(batch).await.map(|ready| (ready, bytes))),
            Err(error) => Some(Err(error)),
        }
    }

    /// Reads until the end, the first error, or [`AHEAD`]: up to there nobody waits for
    /// a slow file, for hashing or for photos, because nothing is written yet.
    async fn read_ahead(&mut self) -> Vec<PreparedStep> {
        let mut ahead = Vec::new();
        while ahead.len() < AHEAD
            && let Some(step) = self.next().await
        {
            let is_last = step.is_err();
            ahead.push(step);
            if is_last {
                break;
            }
        }
        ahead
    }
}

async fn insert_all(
    loader: &mut Loader,
    ahead: Vec<PreparedStep>,
    mut batches: PreparedBatches,
    bar: &ProgressBar,
) -> Result<(), ImportError> {
    for step in ahead {
        insert(loader, step, bar).await?;
    }
    while let Some(step) = batches.next().await {
        insert(loader, step, bar).await?;
    }
    Ok(())
}

async fn insert(loader: &mut Loader, step: PreparedStep, bar: &ProgressBar) -> Result<(), ImportError> {
    let (batch, bytes) = step?;
    loader.insert(batch).await?;
    let Loaded { people, tickets, events, photos } = loader.loaded();
    let lines = people + tickets + events + photos;
    bar.set_position(if bar.length().is_some() { bytes } else { lines });
    Ok(())
}
