//! `fixdesk init`: a new desk, with nobody in it.

use super::Failure;
use super::desk::Desk;
use crate::config::Config;
use crate::store;

pub async fn run(config: &Config) -> Result<(), Failure> {
    if store::exists(&config.database_url).await? {
        return Err("there is a desk already; nothing was changed".into());
    }
    let desk = Desk::create(config).await?;
    desk.db.close().await;
    println!("a new desk is ready; `fixdesk user add NAME --role admin` lets the first admin in");
    Ok(())
}
