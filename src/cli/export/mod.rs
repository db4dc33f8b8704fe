//! `fixdesk export`: everything in the database as JSON Lines, of one moment,
//! and in an archive with the photos beside them.

mod archive;
mod draft;

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use super::archive::is_archive;
use super::desk::Desk;
use super::{Failure, jsonl, progress};
use crate::config::Config;
use crate::domain::person::UserId;
use crate::domain::photo::PhotoId;
use crate::domain::ticket::TicketId;
use crate::service::photo_files::OutOfReach;
use crate::service::site::Zone;
use crate::store::{self, Db, Tx};

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
        let desk = Desk::open(config).await?;
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
        // Whoever was reading has seen enough.
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
    // Interrupted, the draft is dropped and with it removed.
    let lost = tokio::select! {
        written = write_everything(db, zone, &draft.file, &bar) => written?,
        _ = tokio::signal::ctrl_c() => return Err("interrupted; nothing was written".into()),
    };
    draft.finish().map_err(failed)?;
    lost.check()
}

/// A pipe or a device is written to; it must not be replaced by a file.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Omissions of an export.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Deleted tickets whose record cannot be read; history and photos go with them.
    pub tickets: BTreeSet<TicketId>,
    /// Photos whose file is not there, or not what it was.
    pub photos: BTreeSet<PhotoId>,
}

impl Lost {
    /// Fails if anything was left out: whoever relies on the file has to know.
    fn check(&self) -> Result<(), Failure> {
        let Self { tickets, photos } = self;
        let mut lost = Vec::new();
        if let Some(first) = photos.first() {
            lost.push(format!("{} photos whose files are lost, {first} for one", photos.len()));
        }
        if let Some(first) = tickets.first() {
            lost.push(format!("{} deleted tickets that cannot be read, {first} for one", tickets.len()));
        }
        if lost.is_empty() {
            return Ok(());
        }
        Err(format!("the rest is written, without {}", lost.join(" and ")).into())
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

/// Everything but the photos.
pub async fn write_everything(
    db: &Db,
    zone: Zone,
    out: impl Write,
    bar: &ProgressBar,
) -> Result<Lost, ExportError> {
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let mut tx = store::snapshot(db).await?;
    bar.set_length(store::rows(&mut tx).await?);
    let lost = Lost { tickets: unreadable_tickets(&mut tx).await?, ..Lost::default() };
    write_lines(&mut tx, zone, &mut out, bar, &lost).await?;
    out.flush()?;
    bar.finish_and_clear();
    Ok(lost)
}

async fn unreadable_tickets(tx: &mut Tx) -> sqlx::Result<BTreeSet<TicketId>> {
    let (mut unreadable, mut last) = (BTreeSet::new(), TicketId(0));
    loop {
        let tickets = store::deleted_tickets::after(tx, last).await?;
        let Some(ticket) = tickets.last() else { return Ok(unreadable) };
        last = ticket.mark.ticket;
        let bad = tickets.iter().filter(|kept| kept.dossier.is_err());
        unreadable.extend(bad.map(|kept| kept.mark.ticket));
    }
}

/// People, then tickets, in the order of their ids, then what happened to them.
async fn write_lines(
    tx: &mut Tx,
    zone: Zone,
    out: &mut impl Write,
    bar: &ProgressBar,
    lost: &Lost,
) -> Result<(), ExportError> {
    let mut last = UserId(0);
    loop {
        let people = store::people_after(tx, last).await?;
        let Some(person) = people.last() else { break };
        last = person.id;
        people.iter().try_for_each(|person| jsonl::person(out, person, zone))?;
        bar.inc(people.len() as u64);
    }
    let mut last = TicketId(0);
    loop {
        let tickets = store::tickets_after(tx, last).await?;
        let Some(ticket) = tickets.last() else { break };
        last = ticket.ticket.id;
        tickets.iter().try_for_each(|ticket| jsonl::ticket(out, ticket, zone))?;
        bar.inc(tickets.len() as u64);
    }
    let mut last = TicketId(0);
    loop {
        let tickets = store::deleted_tickets::after(tx, last).await?;
        let Some(ticket) = tickets.last() else { break };
        last = ticket.mark.ticket;
        let mut readable = tickets.iter().filter_map(|kept| Some((kept.dossier.as_ref().ok()?, kept.mark)));
        readable.try_for_each(|(ticket, mark)| jsonl::deleted_ticket(out, ticket, mark.deleted_at, zone))?;
        bar.inc(tickets.len() as u64);
    }
    let mut last = (TicketId(0), 0);
    loop {
        let events = store::events_after(tx, last).await?;
        let Some(event) = events.last() else { break };
        last = (event.ticket, event.number);
        let mut told = events.iter().filter(|event| !lost.tickets.contains(&event.ticket));
        told.try_for_each(|event| jsonl::event(out, event, zone))?;
        bar.inc(events.len() as u64);
    }
    Ok(())
}
