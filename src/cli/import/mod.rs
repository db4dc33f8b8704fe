//! `fixdesk import`: JSON Lines into the database, and photos of an archive
//! beside it, all or nothing.

mod archive;
mod copy;
mod loader;
mod prepare;
mod reader;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread;

use indicatif::ProgressBar;
use tokio::sync::mpsc;

use super::archive::{LINES, is_archive};
use super::desk::Desk;
use super::jsonl::Unreadable;
use super::{Failure, progress};
use crate::config::Config;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::photo::{MAX_PHOTOS, PhotoId};
use crate::domain::problem::Problem;
use crate::service::photos::files::OutOfReach;
use crate::service::photos::owner::NotOurs;
use crate::service::settings::Zone;

pub use archive::{EntryFlaw, load_archive};
use copy::Copying;
use loader::Loader;
use prepare::Preparer;
use reader::Step;

/// Far longer than any honest line, and short enough to hold.
const MAX_LINE_BYTES: usize = 16 << 20;
/// Bytes that are read from a file at once.
const BUFFER: usize = 1 << 20;

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
        load_lines(config, file).await?
    };
    let Loaded { people, tickets, events, photos } = loaded?;
    println!(
        "{people} people and {tickets} tickets imported, with {events} events of their history \
         and {photos} photos"
    );
    Ok(())
}

async fn load_lines(config: &Config, path: &Path) -> Result<Result<Loaded, ImportError>, Failure> {
    let input = if path == Path::new("-") { None } else { Some(File::open(path).map_err(unreadable(path))?) };
    let is_file = input.as_ref().is_some_and(|input| input.metadata().is_ok_and(|found| found.is_file()));
    let desk = Desk::open(config).await?;
    let loaded = match input {
        Some(file) if is_file => {
            let bar = progress::of_bytes(file.metadata().map_err(unreadable(path))?.len(), "import");
            let first = BufReader::with_capacity(BUFFER, file.try_clone().map_err(unreadable(path))?);
            load_twice_read(&desk, first, move || beginning_at(file, 0), &bar).await
        }
        Some(pipe) => load(&desk, BufReader::new(pipe), &progress::of_unknown("import")).await,
        None => load(&desk, BufReader::new(io::stdin()), &progress::of_unknown("import")).await,
    };
    desk.db.close().await;
    Ok(loaded)
}

fn beginning_at(mut file: File, start: u64) -> io::Result<BufReader<File>> {
    file.seek(SeekFrom::Start(start))?;
    Ok(BufReader::with_capacity(BUFFER, file))
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> String {
    move |error| format!("cannot read {}: {error}", path.display())
}

/// Numbers of loaded records.
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

/// Loads input that can be read only once, as standard input, by copying it during preparation.
pub async fn load(
    desk: &Desk,
    input: impl BufRead + Send + 'static,
    bar: &ProgressBar,
) -> Result<Loaded, ImportError> {
    let copy = copy::nameless_file()?;
    let first = BufReader::with_capacity(BUFFER, Copying { from: input, to: copy.try_clone()? });
    load_twice_read(desk, first, move || beginning_at(copy, 0), bar).await
}

/// Loads everything in one transaction. An error leaves the database as it was.
///
/// The lines are read twice, from one place: first for slow work, while no transaction is open,
/// then for the database.
async fn load_twice_read<First, Second>(
    desk: &Desk,
    first: First,
    again: impl FnOnce() -> io::Result<Second>,
    bar: &ProgressBar,
) -> Result<Loaded, ImportError>
where
    First: BufRead + Send + 'static,
    Second: BufRead + Send + 'static,
{
    let zone = desk.site.zone;
    let mut preparer = Preparer::new(desk);
    prepare_all(&mut preparer, Reading::begin(first, zone), bar).await?;

    let mut reading = Reading::begin(again()?, zone);
    let mut loader = Loader::begin(desk).await?;
    let inserted = insert_all(&mut loader, preparer, &mut reading, bar).await;
    if let Err(error) = inserted.and(reading.end()) {
        loader.abandon().await;
        return Err(error);
    }

    progress::finishing(bar, "building indexes");
    let loaded = loader.commit().await?;
    bar.finish_and_clear();
    Ok(loaded)
}

/// Lines read by a thread, a few batches ahead.
struct Reading {
    batches: mpsc::Receiver<Result<Step, ImportError>>,
    reader: thread::JoinHandle<()>,
}

impl Reading {
    /// Starts a thread, not a runtime task: it may wait for standard input for ever, and nothing
    /// should wait for it.
    fn begin(input: impl BufRead + Send + 'static, zone: Zone) -> Self {
        let (send, batches) = mpsc::channel(4);
        Self { batches, reader: thread::spawn(move || reader::read_all(input, zone, &send)) }
    }

    /// Joins the reader, done after the last batch or an error.
    fn end(self) -> Result<(), ImportError> {
        drop(self.batches);
        self.reader.join().map_err(|_| ImportError::Reader)
    }
}

/// Prepares up to the first bad line: earlier ones may be worse, and the database refuses first.
async fn prepare_all(
    preparer: &mut Preparer,
    mut reading: Reading,
    bar: &ProgressBar,
) -> Result<(), ImportError> {
    while let Some(step) = reading.batches.recv().await {
        match step {
            Ok(Step { batch, bytes }) => {
                preparer.prepare(batch).await?;
                if bar.length().is_some() {
                    bar.set_position(bytes);
                }
            }
            Err(ImportError::Line { .. }) => break,
            Err(error) => return Err(error),
        }
    }
    reading.end()
}

async fn insert_all(
    loader: &mut Loader,
    mut preparer: Preparer,
    reading: &mut Reading,
    bar: &ProgressBar,
) -> Result<(), ImportError> {
    while let Some(step) = reading.batches.recv().await {
        let Step { batch, bytes } = step?;
        loader.insert(preparer.finish(batch)).await?;
        let Loaded { people, tickets, events, photos } = loader.loaded();
        let lines = people + tickets + events + photos;
        bar.set_position(if bar.length().is_some() { bytes } else { lines });
    }
    Ok(())
}
