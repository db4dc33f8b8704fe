//! Lines into batches, ahead of the database by a few.

use std::io::{BufRead, Read as _};

use tokio::sync::mpsc;

use super::{ImportError, MAX_LINE_BYTES, Reason};
use crate::cli::jsonl::{self, Newcomer, Record};
use crate::domain::ticket::Ticket;
use crate::service::site::Zone;
use crate::store::MAX_BATCH;

/// What editors on Windows put before a text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Some lines of one kind that follow each other, and how far they reach.
pub struct Step {
    pub batch: Batch,
    pub bytes: u64,
}

pub enum Batch {
    People(Numbered<Newcomer>),
    Tickets(Numbered<Ticket>),
}

/// Things and the lines they are from.
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

/// What was read and has not been sent; one of the two is empty.
#[derive(Default)]
struct Pending {
    people: Numbered<Newcomer>,
    tickets: Numbered<Ticket>,
    bytes: u64,
}

pub type Steps = mpsc::Sender<Result<Step, ImportError>>;

pub fn read_all(mut input: impl BufRead, zone: Zone, steps: &Steps) {
    let mut pending = Pending::default();
    let read = read_lines(&mut input, zone, &mut pending, steps);
    // The lines before a bad one may be worse, and are told of first.
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

impl Pending {
    fn add(&mut self, line: u64, record: Record, steps: &Steps) {
        match record {
            Record::Person(person) => {
                if !self.tickets.things.is_empty() {
                    self.send(steps);
                }
                self.people.push(line, person);
            }
            Record::Ticket(ticket) => {
                if !self.people.things.is_empty() {
                    self.send(steps);
                }
                self.tickets.push(line, ticket);
            }
        }
        if self.people.things.len() + self.tickets.things.len() == MAX_BATCH {
            self.send(steps);
        }
    }

    fn send(&mut self, steps: &Steps) {
        let people = std::mem::take(&mut self.people);
        let tickets = std::mem::take(&mut self.tickets);
        let batch = if people.things.is_empty() { Batch::Tickets(tickets) } else { Batch::People(people) };
        // Nobody listens after an error: theirs is the one to report.
        let _ = steps.blocking_send(Ok(Step { batch, bytes: self.bytes }));
    }
}
