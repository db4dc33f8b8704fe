use super::Failure;
use crate::config::Config;

#[derive(clap::Subcommand)]
pub enum Command {
    List,
}

pub async fn run(_config: &Config, _command: Command) -> Result<(), Failure> {
    Ok(())
}
