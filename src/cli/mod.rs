//! The command line: one file or folder a subcommand.

mod archive;
pub mod check;
pub mod demo;
pub mod desk;
pub mod export;
pub mod import;
pub mod init;
pub mod jsonl;
mod log;
pub mod photos;
pub mod progress;
pub mod serve;
pub mod user;

use clap::{Parser, Subcommand};

use crate::config::{Config, Flags};

/// A repair-ticket desk: people file repairs of their devices, technicians
/// work them, admins see everything.
#[derive(Parser)]
#[command(name = "fixdesk", version, about, long_about = None, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten, next_help_heading = "Settings (flag, environment or TOML file, in this order)")]
    flags: Flags,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and the REST interface; makes the database the first time
    Serve,
    /// Make a new, empty database
    Init,
    /// Fill a new or empty database with believable data to try things out
    Demo(demo::Arguments),
    /// Load what was exported, all or nothing
    Import(import::Arguments),
    /// Write everything as JSON Lines, or as an archive with the photos
    Export(export::Arguments),
    /// Compare what is kept beside the tickets with them: counters, and the files of photos
    Check,
    /// Decide about the files of photos
    #[command(subcommand)]
    Photos(photos::Command),
    /// Add, list and change the people who may sign in
    #[command(subcommand)]
    User(user::Command),
}

/// Error of a command, as printed on the terminal.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

pub async fn run(cli: Cli) -> Result<(), Failure> {
    let config = Config::load(&cli.flags)?;
    match cli.command {
        Command::Serve => serve::run(config).await,
        Command::Demo(arguments) => demo::run(&config, arguments).await,
        Command::Import(arguments) => import::run(&config, arguments).await,
        Command::Export(arguments) => export::run(&config, arguments).await,
        Command::Init => init::run(&config).await,
        Command::Check => check::run(&config).await,
        Command::Photos(command) => photos::run(&config, command).await,
        Command::User(command) => user::run(&config, command).await,
    }
}
