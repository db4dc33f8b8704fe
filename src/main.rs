use std::process::ExitCode;

use clap::Parser as _;
use fixdesk::cli::{self, Cli};

/// Requests are made of many small pieces that live for moments: the system's
/// allocator took a sixth of a lookup (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
