//! `fixdesk check`: compares the counters of lists and the files of photos with the tickets.

use std::io::{self, Write as _};

use super::Failure;
use super::desk::Desk;
use crate::config::Config;
use crate::domain::photo::PhotoId;
use crate::service::photos::owner;
use crate::service::photos::verify::{Comparison, compare};
use crate::store::lists::verify::{self, Miscount};

/// Most lines that are read.
const SHOWN: usize = 20;

pub async fn run(config: &Config) -> Result<(), Failure> {
    let desk = Desk::open_with_any_photos(config).await?;
    let mut report = Vec::new();
    let (counters, photos) =
        (check_counters(&desk, &mut report).await, check_photos(&desk, &mut report).await);
    desk.db.close().await;
    let found: Vec<String> =
        [counters, photos, written(&report)].into_iter().filter_map(Result::err).collect();
    if found.is_empty() { Ok(()) } else { Err(found.join("; ").into()) }
}

/// Writes the lines to standard output; a closed pipe is no error.
fn written(report: &[String]) -> Result<(), String> {
    let mut out = io::stdout().lock();
    let mut lines = report.iter();
    match lines.try_for_each(|line| writeln!(out, "{line}")).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write what was found: {error}"))
        }
        _ => Ok(()),
    }
}

async fn check_counters(desk: &Desk, report: &mut Vec<String>) -> Result<(), String> {
    let wrong = verify::miscounts(&desk.db).await.map_err(|error| error.to_string())?;
    if wrong.is_empty() {
        report.push("every counter agrees with the tickets".to_owned());
        return Ok(());
    }
    let shown = wrong.iter().take(SHOWN);
    report.extend(
        shown.map(|Miscount { counter, kept, counted }| format!("{counter}: {kept} kept, {counted} counted")),
    );
    Err(format!("{} counters are wrong", wrong.len()))
}

async fn check_photos(desk: &Desk, report: &mut Vec<String>) -> Result<(), String> {
    let failed = |error: &dyn std::error::Error| error.to_string();
    owner::find(&desk.db, &desk.photo_files).await.map_err(|error| failed(&error))?;
    let found = compare(&desk.db, &desk.photo_files).await.map_err(|error| failed(&error))?;
    let Comparison { photos, missing, damaged, unnamed, unclaimed } = &found;
    report.extend(lines(missing, "is missing"));
    report.extend(lines(damaged, "is not as long as it was"));
    if *unnamed > 0 {
        report.push(format!("{unnamed} files of photos that no ticket has"));
    }
    if *unclaimed > 0 {
        let place = desk.photo_files.place();
        report.push(format!("{unclaimed} files of photos are set aside in {place}/unclaimed"));
    }
    if found.is_fine() {
        report.push(format!("every photo has its files: {photos}"));
        return Ok(());
    }
    Err(format!("{} of {photos} photos are lost", missing.len() + damaged.len()))
}

fn lines(photos: &[PhotoId], what: &str) -> impl Iterator<Item = String> {
    photos.iter().take(SHOWN).map(move |photo| format!("the file of photo {photo} {what}"))
}
