//! Services: one verb for each thing that people do at the desk, the same for every interface.
//!
//! A verb asks the policy, reads or writes the store, and answers in domain types. `http` and `rpc`
//! only translate to and from these verbs; this is the only layer that sees both policy and store.

pub mod background;
pub mod blocking;
mod clock;
pub mod maintenance;
pub mod notifications;
pub mod people;
pub mod photos;
pub mod readiness;
pub mod security_log;
pub mod settings;
pub mod sign_in;
pub mod tickets;
pub mod transaction;

use std::sync::Arc;

use crate::domain::problem::Problem;
use crate::store::{self, Db};

use background::Background;
pub use clock::Clock;
use photos::files::PhotoFiles;
use photos::images::ImageProcessor;
use readiness::Readiness;
use settings::Site;
use sign_in::passwords::Passwords;
use sign_in::queue::SignInQueue;
use sign_in::tokens::TokenKeys;

/// State that every verb needs; cheap to clone.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub site: Arc<Site>,
    pub tokens: Arc<TokenKeys>,
    pub passwords: Passwords,
    pub sign_ins: SignInQueue,
    pub processor: ImageProcessor,
    pub photo_files: PhotoFiles,
    pub clock: Clock,
    pub background: Background,
    pub readiness: Readiness,
}

/// Logs the error, here and nowhere else; the person gets the incident number to ask about.
impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        if !store::is_away(&error) {
            return unavailable(&error);
        }
        let incident = random_hex::<6>();
        tracing::error!(request_id = %incident, %error, "the database did not answer");
        Self::NoDatabase { incident }
    }
}

pub(crate) fn unavailable(error: &dyn std::error::Error) -> Problem {
    let incident = random_hex::<6>();
    tracing::error!(request_id = %incident, %error, "the server could not answer");
    Problem::Unavailable { incident }
}

/// Unguessable bytes in hex.
pub(crate) fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    hex(&bytes)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
