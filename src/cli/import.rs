use super::Failure;
use crate::config::Config;

#[derive(clap::Args)]
pub struct Arguments {}

pub async fn run(_config: &Config, _arguments: Arguments) -> Result<(), Failure> {
    Ok(())
}
