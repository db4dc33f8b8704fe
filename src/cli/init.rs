//! `fixdesk init`: a new desk, with nobody in it.

use super::Failure;
use super::desk::Desk;
use crate::config::Config;
use crate::service::photos::owner;
use crate::store;

pub async fn run(config: &Config) -> Result<(), Failure> {
    if store::exists(&config.database_url).await? {
        return Err("there is a desk already; nothing was changed".into());
    }
    store::connect(&config.database_url).await?.close().await;
    let desk = Desk::open_with_any_photos(config).await?;
    let checked = owner::check(&desk.db, &desk.photo_files).await;
    desk.db.close().await;
    println!("a new desk is ready; `fixdesk user add NAME --role admin` lets the first admin in");
    if let Err(refused) = checked {
        eprintln!("but {refused}");
    }
    Ok(())
}
