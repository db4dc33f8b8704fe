//! `fixdesk init`: a new, empty desk.

use super::Failure;
use crate::config::Config;
use crate::service::photos::files::PhotoFiles;
use crate::service::photos::owner;
use crate::store;

pub async fn run(config: &Config) -> Result<(), Failure> {
    if store::exists(&config.database_url).await? {
        return Err("there is a desk already; nothing was changed".into());
    }
    let photo_files = PhotoFiles::open(&config.photo_place()?)?;
    let db = store::connect(&config.database_url).await?;
    let checked = owner::check(&db, &photo_files).await;
    db.close().await;
    println!("a new desk is ready; `fixdesk user add NAME --role admin` lets the first admin in");
    if let Err(refused) = checked {
        eprintln!("but {refused}");
    }
    Ok(())
}
