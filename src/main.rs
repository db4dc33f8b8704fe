use std::process::ExitCode;

use clap::Parser as _;
use fixdesk::cli::{self, Cli};

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("fixdesk: {failure}");
            ExitCode::FAILURE
        }
    }
}
