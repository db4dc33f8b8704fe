//! Thread that reads lines into batches, a few ahead.

use std::io::{BufRead, Read as _};

use tokio::sync::mpsc;

use super::{ImportError, MAX_LINE_BYTES, Reason};
use crate::cli::jsonl::{self, Newcomer, Record};
use crate::domain::photo::Photo;
use crate::domain::tickets::event::Event;
use crate::domain::tickets::ticket::Ticket;
use crate::domain::time::Instant;
use crate::service::settings::Zone;
use crate::store::MAX_BATCH;

/// Mark that Windows editors put first.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Consecutive lines of one kind, and the bytes read so far.
pub struct Step {
    pub batch: Batch,
    pub bytes: u64,
}

pub enum Batch {
    People(Numbered<Newcomer>),
    Tickets(Numbered<Ticket>),
    DeletedTickets(Numbered<(Ticket, Instant)>),
    Events(Numbered<Event>),
    Photos(Numbered<Photo>),
}

/// Items and their line numbers.
pub struct Numbered<T> {
    pub lines: Vec<u64>,
    pub things: Vec<T>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { lines: Vec::new(), things: Vec::new() }
    }
}

impl<T> Numbered<T> {
    fn push(&mut self, line: u64, thing: T) {
        self.lines.push(line);
        self.things.push(thing);
    }
}

/// Lines read and not yet sent.
#[derive(Default)]
struct Pending {
    batch: Option<Batch>,
    bytes: u64,
}

pub type Steps = mpsc::Sender<Result<Step, ImportError>>;

pub fn read_all(mut input: impl BufRead, zone: Zone, steps: &Steps) {
    let mut pending = Pending::default();
    let read = read_lines(&mut input, zone, &mut pending, steps);
    // Earlier lines may be worse, and are reported first.
    pending.send(steps);
    if let Err(error) = read {
        let _ = steps.blocking_send(Err(error));
    }
}

fn read_lines(
    input: &mut impl BufRead,
    zone: Zone,
    pending: &mut Pending,
    steps: &Steps,
) -> Result<(), ImportError> {
    let mut text = Vec::new();
    for line in 1.. {
        text.clear();
        let length = input.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut text)?;
        if length == 0 || steps.is_closed() {
            break;
        }
        if length > MAX_LINE_BYTES {
            return Err(ImportError::Line { line, reason: Reason::TooLong });
        }
        pending.bytes += length as u64;
        let json = if line == 1 { text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text) } else { &text };
        let json = json.trim_ascii();
        if json.is_empty() {
            continue;
        }
        let record =
            jsonl::record(json, zone).map_err(|reason| ImportError::Line { line, reason: reason.into() })?;
        pending.add(line, record, steps);
    }
    Ok(())
}

impl Batch {
    const fn takes(&self, record: &Record) -> bool {
        matches!(
            (self, record),
            (Self::People(_), Record::Person(_))
                | (Self::Tickets(_), Record::Ticket(_))
                | (Self::DeletedTickets(_), Record::DeletedTicketRow(..))
                | (Self::Events(_), Record::Event(_))
                | (Self::Photos(_), Record::Photo(_))
        )
    }

    /// Adds a record of its kind; see [`Self::takes`].
    fn push(&mut self, line: u64, record: Record) {
        match (self, record) {
            (Self::People(people), Record::Person(person)) => people.push(line, person),
            (Self::Tickets(tickets), Record::Ticket(ticket)) => tickets.push(line, *ticket),
            (Self::DeletedTickets(tickets), Record::DeletedTicketRow(ticket, at)) => {
                tickets.push(line, (*ticket, at));
            }
            (Self::Events(events), Record::Event(event)) => events.push(line, event),
            (Self::Photos(photos), Record::Photo(photo)) => photos.push(line, photo),
            _ => {}
        }
    }

    fn of_kind(record: &Record) -> Self {
        match record {
            Record::Person(_) => Self::People(Numbered::default()),
            Record::Ticket(_) => Self::Tickets(Numbered::default()),
            Record::DeletedTicketRow(..) => Self::DeletedTickets(Numbered::default()),
            Record::Event(_) => Self::Events(Numbered::default()),
            Record::Photo(_) => Self::Photos(Numbered::default()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::People(people) => people.lines.len(),
            Self::Tickets(tickets) => tickets.lines.len(),
            Self::DeletedTickets(tickets) => tickets.lines.len(),
            Self::Events(events) => events.lines.len(),
            Self::Photos(photos) => photos.lines.len(),
        }
    }
}

impl Pending {
    fn add(&mut self, line: u64, record: Record, steps: &Steps) {
        if self.batch.as_ref().is_some_and(|batch| !batch.takes(&record)) {
            self.send(steps);
        }
        let batch = self.batch.get_or_insert_with(|| Batch::of_kind(&record));
        batch.push(line, record);
        if batch.len() == MAX_BATCH {
            self.send(steps);
        }
    }

    fn send(&mut self, steps: &Steps) {
        let Some(batch) = self.batch.take() else { return };
        // The receiver has failed: its error is the one to report.
        let _ = steps.blocking_send(Ok(Step { batch, bytes: self.bytes }));
    }
}
