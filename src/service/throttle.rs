//! How often somebody may be wrong about a password, or use another way in.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use super::{App, hex};
use crate::domain::person::UserId;
use crate::domain::problem::Problem;
use crate::store::{Tx, sign_in_tries};

const WINDOW_SECONDS: i64 = 60;
const TRIES_OF_AN_ADDRESS: i64 = 10;
const TRIES_AT_AN_ACCOUNT: i64 = 5;
const NEWCOMERS_OF_AN_ADDRESS: i64 = 10;

/// A try under way. It counts as failed unless it is [`forgiven`](Self::forgive).
pub struct Try {
    ids: Vec<i64>,
}

/// Whose password is being tried. A name nobody has is counted just like one
/// that somebody has, so waiting tells nothing.
pub enum Target<'a> {
    Account(UserId),
    Name(&'a str),
}

/// Counts a try, or says how long to wait before the next.
pub async fn begin(app: &App, address: IpAddr, target: Target<'_>) -> Result<Try, Problem> {
    let tries = [
        (subject_of_address(address), TRIES_OF_AN_ADDRESS),
        (subject_of_target(&target), TRIES_AT_AN_ACCOUNT),
    ];
    count(app, &tries).await
}

/// Counts somebody who lets themselves in, or says how long to wait. Whoever
/// came in counts as well: nobody needs many accounts.
pub async fn let_in(app: &App, address: IpAddr) -> Result<(), Problem> {
    let newcomers = [(format!("newcomer {}", subject_of_address(address)), NEWCOMERS_OF_AN_ADDRESS)];
    count(app, &newcomers).await.map(|_| ())
}

/// Counts somebody who asks for a link to set a password, whoever they name.
pub async fn ask_for_link(app: &App, address: IpAddr, name: &str) -> Result<(), Problem> {
    let asked = [
        (format!("forgetful {}", subject_of_address(address)), TRIES_OF_AN_ADDRESS),
        (format!("forgetful {}", subject_of_target(&Target::Name(name))), TRIES_AT_AN_ACCOUNT),
    ];
    count(app, &asked).await.map(|_| ())
}

/// Each subject with how often it may try.
async fn count(app: &App, subjects: &[(String, i64)]) -> Result<Try, Problem> {
    let now = app.clock.now();
    let since = now.minus(WINDOW_SECONDS);

    let mut tx = app.db.begin().await?;
    let mut wait = None;
    for (subject, most) in subjects {
        sign_in_tries::take_turns(&mut tx, subject).await?;
        if let Some(blocking) = sign_in_tries::nth_latest(&mut tx, subject, since, *most).await? {
            wait = wait.max(Some(blocking.plus(WINDOW_SECONDS).0 - now.0));
        }
    }
    if let Some(seconds) = wait {
        return Err(Problem::TooManyTries { retry_after_seconds: seconds.max(1).unsigned_abs() });
    }

    sign_in_tries::forget_until(&mut tx, since).await?;
    let mut ids = Vec::with_capacity(subjects.len());
    for (subject, _) in subjects {
        ids.push(sign_in_tries::record(&mut tx, subject, now).await?);
    }
    tx.commit().await?;
    Ok(Try { ids })
}

impl Try {
    /// Successes never count.
    pub async fn forgive(self, tx: &mut Tx) -> Result<(), Problem> {
        for id in self.ids {
            sign_in_tries::forget(tx, id).await?;
        }
        Ok(())
    }
}

/// A household or phone has a whole /64 of IPv6 addresses to itself.
fn subject_of_address(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("address {address}"),
        IpAddr::V6(address) => format!("address {:x}", address.to_bits() >> 64),
    }
}

fn subject_of_target(target: &Target) -> String {
    match target {
        Target::Account(id) => format!("account {id}"),
        // Hashed: people type passwords into the wrong field.
        Target::Name(name) => format!("name {}", hex(&Sha256::digest(name.to_lowercase()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_one_ipv6_network_count_together() {
        let subject = |text: &str| subject_of_address(text.parse().expect("an address"));

        assert_eq!(subject("2001:db8::1"), subject("2001:db8::ffff"));
        assert_ne!(subject("2001:db8::1"), subject("2001:db8:0:1::1"));
        assert_eq!(subject("::ffff:127.0.0.1"), subject("127.0.0.1"));
        assert_ne!(subject("10.0.0.1"), subject("10.0.0.2"));
    }
}
