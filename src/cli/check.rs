//! `fixdesk check`: whether what is kept beside the tickets agrees with them.

use super::Failure;
use crate::config::Config;
use crate::store::{self, counters};

/// The most that anybody reads.
const SHOWN: usize = 20;

pub async fn run(config: &Config) -> Result<(), Failure> {
    let db = store::connect(&config.database_url).await?;
    let wrong = counters::miscounts(&db).await;
    db.close().await;
    let wrong = wrong?;
    if wrong.is_empty() {
        println!("every counter agrees with the tickets");
        return Ok(());
    }
    for counters::Miscount { counter, kept, counted } in wrong.iter().take(SHOWN) {
        println!("{counter}: {kept} kept, {counted} counted");
    }
    Err(format!("{} counters are wrong", wrong.len()).into())
}
