use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use fixdesk::cli::{self, Cli, Failure};

/// Requests are made of many small pieces that live for moments: the system's
/// allocator took a sixth of a lookup (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // The exit code has to do without stderr.
            let _ = writeln!(std::io::stderr(), "fixdesk: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(cli::run(cli));
    // The exit does not wait for a picture in work.
    runtime.shutdown_background();
    ended
}
