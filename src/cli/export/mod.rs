//! `fixdesk export`: everything in the database as JSON Lines, of one moment,
//! and in an archive with the photos beside them.

mod archive;
mod draft;

use std::collections::BTreeSet;
use std::fmt::{self, Display};
use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::archive::is_archive;
use super::desk::Desk;
use super::{Failure, jsonl, progress};
use crate::config::Config;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::photo::PhotoId;
use crate::service::photos::files::OutOfReach;
use crate::service::settings::Zone;
use crate::store::{self, Db, Rows, Tx};

pub use archive::write_archive;
use draft::Draft;

#[derive(clap::Args)]
pub struct Arguments {
    /// An archive with the photos, or lines without them; - is standard output
    #[arg(value_name = "FILE.tar|FILE|-")]
    pub file: PathBuf,
}

pub async fn run(config: &Config, arguments: Arguments) -> Result<(), Failure> {
    if is_archive(&arguments.file) {
        let desk = Desk::find(config).await?;
        let written = archive::to_file(&desk, &arguments.file).await;
        desk.db.close().await;
        return written;
    }
    let zone = config.site()?.zone;
    let db = store::open(&config.database_url).await?;
    let written = if arguments.file == Path::new("-") {
        to_stdout(&db, zone).await
    } else {
        to_file(&db, zone, &arguments.file).await
    };
    db.close().await;
    written
}

async fn to_stdout(db: &Db, zone: Zone) -> Result<(), Failure> {
    let bar =
        if io::stdout().is_terminal() { ProgressBar::hidden() } else { progress::of_count(0, "export") };
    match write_everything(db, zone, io::stdout(), &bar).await {
        // The reader has seen enough.
        Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written?.check(),
    }
}

async fn to_file(db: &Db, zone: Zone, path: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| format!("cannot write {}: {error}", path.display());
    let bar = progress::of_count(0, "export");
    if is_special(path) {
        let device = OpenOptions::new().write(true).open(path).map_err(failed)?;
        return write_everything(db, zone, device, &bar).await?.check();
    }
    let draft = Draft::beside(path).map_err(failed)?;
    // On interrupt, the draft is dropped, which removes it.
    let lost = tokio::select! {
        written = write_everything(db, zone, &draft.file, &bar) => written?,
        _ = tokio::signal::ctrl_c() => return Err("interrupted; nothing was written".into()),
    };
    draft.finish().map_err(failed)?;
    lost.check()
}

/// Returns `true` for pipes and devices: a file must not replace them.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Omissions of an export.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Rows that cannot be read.
    pub rows: Vec<BadRow>,
    /// Tickets among them, deleted ones too; history and photos go as well.
    pub tickets: BTreeSet<TicketId>,
    /// Photos whose file is not there, or not what it was.
    pub photos: BTreeSet<PhotoId>,
}

/// A row of the database that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    pub table: &'static str,
    pub id: String,
    pub cause: String,
}

impl Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, id, cause } = self;
        write!(f, "{table} {id}: {cause}")
    }
}

impl Lost {
    /// Prints all omissions to standard error, and fails if there are any: an incomplete file must
    /// be noticed.
    fn check(&self) -> Result<(), Failure> {
        let Self { rows, tickets: _, photos } = self;
        for row in rows {
            eprintln!("left out: {row}");
        }
        for photo in photos {
            eprintln!("left out: photo {photo}: its file is lost");
        }
        let mut lost = Vec::new();
        if let Some(first) = photos.first() {
            lost.push(format!("{} photos whose files are lost, {first} for one", photos.len()));
        }
        if let Some(BadRow { table, id, .. }) = rows.first() {
            lost.push(format!("{} rows that cannot be read, {table} {id} for one", rows.len()));
        }
        if lost.is_empty() {
            return Ok(());
        }
        Err(format!("the rest is written, without {}", lost.join(" and ")).into())
    }

    /// Writes readable rows, and notes the others; `name` names a row.
    fn write<K, T>(
        &mut self,
        table: &'static str,
        rows: Rows<K, T>,
        name: impl Fn(&K) -> String,
        mut write: impl FnMut(&T) -> io::Result<()>,
    ) -> io::Result<()> {
        for (key, row) in rows {
            match row {
                Ok(row) => write(&row)?,
                Err(cause) => self.rows.push(BadRow { table, id: name(&key), cause }),
            }
        }
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("cannot read the database: {0}")]
    Read(#[from] sqlx::Error),
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
    #[error(transparent)]
    Photos(#[from] OutOfReach),
}

/// Writes all but the photos.
pub async fn write_everything(
    db: &Db,
    zone: Zone,
    out: impl Write,
    bar: &ProgressBar,
) -> Result<Lost, ExportError> {
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let mut tx = store::snapshot(db).await?;
    bar.set_length(store::rows(&mut tx).await?);
    let mut lost = Lost::default();
    write_lines(&mut tx, zone, &mut out, bar, &mut lost).await?;
    out.flush()?;
    bar.finish_and_clear();
    Ok(lost)
}

/// Finds unreadable tickets, deleted ones too.
async fn unreadable_tickets(tx: &mut Tx) -> sqlx::Result<BTreeSet<TicketId>> {
    let (mut unreadable, mut last) = (BTreeSet::new(), TicketId(0));
    loop {
        let tickets = store::tickets::trash::after(tx, last).await?;
        let Some((id, _)) = tickets.last() else { break };
        last = *id;
        unreadable.extend(unreadable_among(&tickets));
    }
    last = TicketId(0);
    loop {
        let tickets = store::tickets_after(tx, last).await?;
        let Some((id, _)) = tickets.last() else { return Ok(unreadable) };
        last = *id;
        unreadable.extend(unreadable_among(&tickets));
    }
}

fn unreadable_among<T>(tickets: &Rows<TicketId, T>) -> impl Iterator<Item = TicketId> {
    tickets.iter().filter(|(_, ticket)| ticket.is_err()).map(|(id, _)| *id)
}

/// Writes people, then tickets, by id, then their events. Unreadable rows are left out and noted.
async fn write_lines(
    tx: &mut Tx,
    zone: Zone,
    out: &mut impl Write,
    bar: &ProgressBar,
    lost: &mut Lost,
) -> Result<(), ExportError> {
    let mut last = UserId(0);
    loop {
        let people = store::people_after(tx, last).await?;
        let Some((id, _)) = people.last() else { break };
        last = *id;
        bar.inc(people.len() as u64);
        lost.write("users", people, UserId::to_string, |person| jsonl::person(out, person, zone))?;
    }
    let mut last = TicketId(0);
    loop {
        let tickets = store::tickets_after(tx, last).await?;
        let Some((id, _)) = tickets.last() else { break };
        last = *id;
        bar.inc(tickets.len() as u64);
        lost.tickets.extend(unreadable_among(&tickets));
        lost.write("tickets", tickets, TicketId::to_string, |ticket| jsonl::ticket(out, ticket, zone))?;
    }
    let mut last = TicketId(0);
    loop {
        let tickets = store::tickets::trash::after(tx, last).await?;
        let Some((id, _)) = tickets.last() else { break };
        last = *id;
        bar.inc(tickets.len() as u64);
        lost.tickets.extend(unreadable_among(&tickets));
        lost.write("deleted_tickets", tickets, TicketId::to_string, |(ticket, deleted_at)| {
            jsonl::deleted_ticket(out, ticket, *deleted_at, zone)
        })?;
    }
    let mut last = (TicketId(0), 0);
    loop {
        let mut events = store::events_after(tx, last).await?;
        let Some((place, _)) = events.last() else { break };
        last = *place;
        bar.inc(events.len() as u64);
        events.retain(|((ticket, _), _)| !lost.tickets.contains(ticket));
        let name = |(ticket, number): &(TicketId, i64)| format!("{ticket}.{number}");
        lost.write("ticket_events", events, name, |event| jsonl::event(out, event, zone))?;
    }
    Ok(())
}
