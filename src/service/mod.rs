//! What people do at the desk: one verb each, the same for every door.
//!
//! A verb asks the policy, reads or writes the store, and answers in domain
//! types. `http` and `rpc` only translate to and from these verbs; this is the
//! only layer that sees both policy and store.

pub mod accounts;
pub mod actions;
pub mod answers;
pub mod background;
pub mod bucket;
mod clock;
pub mod contacts;
pub mod conversation;
pub mod darkroom;
pub mod deletion;
pub mod delivery;
pub mod directory;
pub mod dossiers;
pub mod filing;
pub mod forgotten;
pub mod given_contacts;
pub mod hand_over;
mod image_header;
mod impostors;
pub mod inbox;
pub mod lanes;
mod letter;
pub mod listing;
pub mod mail;
pub mod mail_address;
pub mod members;
pub mod new_photos;
pub mod passwords;
pub mod photo_check;
pub mod photo_files;
pub mod photo_owner;
pub mod photo_sweep;
pub mod photos;
pub mod qr;
pub mod readiness;
pub mod registration;
pub mod security_log;
pub mod sessions;
pub mod site;
pub mod staff;
pub mod throttle;
pub mod tickets;
pub mod tokens;
pub mod turns;
pub mod upkeep;
pub mod webhooks;
pub mod work;

use std::sync::Arc;

use crate::domain::problem::Problem;
use crate::store::{self, Db};

use answers::Answers;
use background::Background;
pub use clock::Clock;
use darkroom::Darkroom;
use passwords::Passwords;
use photo_files::PhotoFiles;
use readiness::Readiness;
use site::Site;
use tokens::TokenKeys;

/// Everything a verb needs; cheap to clone.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub site: Arc<Site>,
    pub tokens: Arc<TokenKeys>,
    pub passwords: Passwords,
    pub darkroom: Darkroom,
    pub photo_files: PhotoFiles,
    pub answers: Answers,
    pub clock: Clock,
    pub background: Background,
    pub readiness: Readiness,
}

/// Logged here and nowhere else; the person gets the number to ask about.
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
