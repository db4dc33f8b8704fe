//! `fixdesk photos`: decisions of an operator on photo files.

use super::Failure;
use super::desk::Desk;
use crate::config::Config;
use crate::service::Clock;
use crate::service::photos::owner;
use crate::service::photos::sweep::{Limit, sweep};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Make the photos where the settings say those of this database, whosever they were
    Adopt,
    /// Move all photos aside that no ticket has; the desk keeps them for 30 days
    SetAside,
}

pub async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    let desk = Desk::open_with_any_photos(config).await?;
    let done = match command {
        Command::Adopt => adopt(&desk).await,
        Command::SetAside => set_aside(&desk).await,
    };
    desk.db.close().await;
    done
}

async fn adopt(desk: &Desk) -> Result<(), Failure> {
    owner::adopt(&desk.db, &desk.photo_files).await?;
    println!("the photos in {} are those of this database now", desk.photo_files.place());
    Ok(())
}

async fn set_aside(desk: &Desk) -> Result<(), Failure> {
    owner::check(&desk.db, &desk.photo_files).await?;
    let moved = sweep(&desk.db, &desk.photo_files, Clock::of(&desk.db).await?.now(), Limit::None).await?;
    println!("{moved} photos moved to {}/unclaimed", desk.photo_files.place());
    Ok(())
}
