//! `fixdesk check`: compares what is kept beside the tickets with them, the
//! counters of lists and the files of photos.

use super::Failure;
use super::desk::Desk;
use crate::config::Config;
use crate::domain::photo::PhotoId;
use crate::service::photos::owner;
use crate::service::photos::verify::{Comparison, compare};
use crate::store::lists::verify::{self, Miscount};

/// The most that anybody reads.
const SHOWN: usize = 20;

pub async fn run(config: &Config) -> Result<(), Failure> {
    let desk = Desk::open_with_any_photos(config).await?;
    let (counters, photos) = (check_counters(&desk).await, check_photos(&desk).await);
    desk.db.close().await;
    let found: Vec<String> = [counters, photos].into_iter().filter_map(Result::err).collect();
    if found.is_empty() { Ok(()) } else { Err(found.join("; ").into()) }
}

async fn check_counters(desk: &Desk) -> Result<(), String> {
    let wrong = verify::miscounts(&desk.db).await.map_err(|error| error.to_string())?;
    if wrong.is_empty() {
        println!("every counter agrees with the tickets");
        return Ok(());
    }
    for Miscount { counter, kept, counted } in wrong.iter().take(SHOWN) {
        println!("{counter}: {kept} kept, {counted} counted");
    }
    Err(format!("{} counters are wrong", wrong.len()))
}

async fn check_photos(desk: &Desk) -> Result<(), String> {
    let failed = |error: &dyn std::error::Error| error.to_string();
    owner::judge(&desk.db, &desk.photo_files).await.map_err(|error| failed(&error))?;
    let found = compare(&desk.db, &desk.photo_files).await.map_err(|error| failed(&error))?;
    let Comparison { photos, missing, damaged, unnamed, unclaimed } = &found;
    show(missing, "is missing");
    show(damaged, "is not as long as it was");
    if *unnamed > 0 {
        println!("{unnamed} files of photos that no ticket has");
    }
    if *unclaimed > 0 {
        println!("{unclaimed} files of photos are set aside in {}/unclaimed", desk.photo_files.place());
    }
    if found.is_fine() {
        println!("every photo has its files: {photos}");
        return Ok(());
    }
    Err(format!("{} of {photos} photos are lost", missing.len() + damaged.len()))
}

fn show(photos: &[PhotoId], what: &str) {
    for photo in photos.iter().take(SHOWN) {
        println!("the file of photo {photo} {what}");
    }
}
