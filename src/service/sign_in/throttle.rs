//! Throttle of failed sign-ins, registrations and requests for links.

use std::net::IpAddr;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::queue::Turn;
use crate::domain::ids::UserId;
use crate::domain::problem::Problem;
use crate::domain::time::Instant;
use crate::domain::validation::phone_key;
use crate::service::{App, hex};
use crate::store::sign_in::{attempts, known_sources};
use crate::store::{Db, Tx};

const WINDOW_SECONDS: i64 = 60;
const TRIES_OF_AN_ADDRESS: i64 = 10;
const TRIES_AT_A_NAME: i64 = 5;
const NEWCOMERS_OF_AN_ADDRESS: i64 = 10;

/// A try under way. It counts as failed unless the password [was right](Self::was_right).
pub struct Try {
    ids: Vec<i64>,
    turn: Option<Turn>,
}

/// A try with the right password, which does not count. Where the transaction that forgives it is not
/// committed, since the database failed or the client has hung up, it is forgiven afterwards.
pub struct RightTry {
    db: Db,
    ids: Vec<i64>,
    /// Held until the try is settled: until then it counts.
    _turn: Option<Turn>,
}

/// Address and browser of a try.
#[derive(Clone, Debug)]
pub struct Source {
    pub address: IpAddr,
    /// Secret by which a browser is known again; programs have none.
    pub browser: Option<String>,
}

impl Source {
    /// Hash of the browser together with a person. An unknown person is 0, so that as much is
    /// looked up for a name without an account.
    fn browser_mark(&self, person: Option<UserId>) -> String {
        let UserId(person) = person.unwrap_or(UserId(0));
        let browser = self.browser.as_ref().map_or_else(String::new, |secret| format!("browser {secret}"));
        digest(&format!("{browser} of {person}"))
    }

    /// Hash of the address together with a person and the login by which they signed in. Neighbours
    /// share an address: another login of the same person tells them nothing.
    fn address_mark(&self, person: Option<UserId>, login: &str) -> String {
        let UserId(person) = person.unwrap_or(UserId(0));
        let address = subject_of_address(self.address);
        digest(&format!("{address} of {person} as {}", spelling_of(login)))
    }
}

/// Lower-cases the typed login, ASCII only: look-alikes such as the Kelvin sign are counted with
/// the name itself, but do not make its source a known one.
fn spelling_of(login: &str) -> String {
    login.trim().to_ascii_lowercase()
}

/// Counts a try to sign in; too many are refused, with the seconds to wait.
///
/// Tries are counted by the typed name, whether or not it has an account: waiting tells nothing,
/// and two names of one person do not count together. A browser from which the person has signed in
/// before has a count of its own, and so has an address for the login by which they did, so that no
/// other can keep them out. In each case the database does the same work.
pub async fn begin(app: &App, source: &Source, login: &str, person: Option<UserId>) -> Result<Try, Problem> {
    let (browser, address) = (source.browser_mark(person), source.address_mark(person, login));
    let known = known_sources::find(&app.db, [&browser, &address]).await?;
    let name = subject_of_name(login);
    let from_address = subject_of_address(source.address);
    let name_there = (format!("{name} at {from_address}"), TRIES_AT_A_NAME);
    if source.browser.is_some() && known.contains(&browser) {
        let by_browser = format!("{name} by {browser}");
        let subjects =
            ["", " again", " once more"].map(|place| (format!("{by_browser}{place}"), TRIES_AT_A_NAME));
        return count(app, &subjects).await;
    }
    let turn = app.sign_ins.take_turn(&from_address).await?;
    let of_address = (from_address, TRIES_OF_AN_ADDRESS);
    let subjects = if known.contains(&address) {
        let known_there = (format!("{} known", name_there.0), TRIES_AT_A_NAME);
        [of_address, known_there, name_there]
    } else {
        [of_address, (name, TRIES_AT_A_NAME), name_there]
    };
    Ok(Try { turn: Some(turn), ..count(app, &subjects).await? })
}

/// Counts a try at one's own password during a session. A browser that the person has signed in
/// with has a count of its own: a stolen session elsewhere must not keep them from changing the
/// password that ends it.
pub async fn begin_own(app: &App, source: &Source, person: UserId) -> Result<Try, Problem> {
    let browser = source.browser_mark(Some(person));
    let known = known_sources::find(&app.db, [&browser, &browser]).await?;
    let subject = match source.browser.is_some() && known.contains(&browser) {
        true => format!("own {person} by {browser}"),
        false => format!("own {person}"),
    };
    count(app, &[(subject, TRIES_AT_A_NAME)]).await
}

/// Remembers a source from which a person has signed in by that login.
pub async fn remember(
    tx: &mut Tx,
    source: &Source,
    (person, login): (UserId, &str),
    now: Instant,
) -> Result<(), Problem> {
    if source.browser.is_some() {
        known_sources::put(tx, &source.browser_mark(Some(person)), person, now).await?;
    }
    Ok(known_sources::put(tx, &source.address_mark(Some(person), login), person, now).await?)
}

/// Counts a registration, or refuses it with the seconds to wait. Successful ones count as well:
/// no one needs many accounts.
pub async fn let_in(app: &App, address: IpAddr) -> Result<(), Problem> {
    let newcomers = [(format!("newcomer {}", subject_of_address(address)), NEWCOMERS_OF_AN_ADDRESS)];
    count(app, &newcomers).await.map(|_| ())
}

/// Counts a request for a link to set a password, whichever name it has.
pub async fn ask_for_link(app: &App, address: IpAddr, name: &str) -> Result<(), Problem> {
    let asked = [
        (format!("forgetful {}", subject_of_address(address)), TRIES_OF_AN_ADDRESS),
        (format!("forgetful {}", subject_of_name(name)), TRIES_AT_A_NAME),
    ];
    count(app, &asked).await.map(|_| ())
}

/// Counts a try for each subject, up to its limit.
async fn count(app: &App, subjects: &[(String, i64)]) -> Result<Try, Problem> {
    let now = app.clock.now();
    let since = now.minus(WINDOW_SECONDS);

    let mut tx = app.db.begin().await?;
    let mut wait = None;
    for (subject, most) in subjects {
        attempts::lock(&mut tx, subject).await?;
        if let Some(blocking) = attempts::nth_latest(&mut tx, subject, since, *most).await? {
            wait = wait.max(Some(blocking.plus(WINDOW_SECONDS).0 - now.0));
        }
    }
    if let Some(seconds) = wait {
        return Err(Problem::TooManyTries { retry_after_seconds: seconds.max(1).unsigned_abs() });
    }

    attempts::forget_until(&mut tx, since).await?;
    let mut ids = Vec::with_capacity(subjects.len());
    for (subject, _) in subjects {
        ids.push(attempts::record(&mut tx, subject, now).await?);
    }
    tx.commit().await?;
    Ok(Try { ids, turn: None })
}

impl Try {
    pub fn was_right(self, app: &App) -> RightTry {
        RightTry { db: app.db.clone(), ids: self.ids, _turn: self.turn }
    }
}

impl RightTry {
    /// Takes the try back, once the transaction is committed; then it is [`settled`](Self::settle).
    pub async fn forgive(&self, tx: &mut Tx) -> Result<(), Problem> {
        Ok(forget_all(tx, &self.ids).await?)
    }

    /// Notes that the transaction is committed.
    pub fn settle(mut self) {
        self.ids.clear();
    }

    pub async fn forgive_now(self, app: &App) -> Result<(), Problem> {
        let mut tx = app.db.begin().await?;
        self.forgive(&mut tx).await?;
        tx.commit().await?;
        self.settle();
        Ok(())
    }
}

impl Drop for RightTry {
    fn drop(&mut self) {
        let ids = std::mem::take(&mut self.ids);
        // Without a runtime the server has ended.
        if let (false, Ok(runtime)) = (ids.is_empty(), Handle::try_current()) {
            runtime.spawn(forgive_later(self.db.clone(), ids));
        }
    }
}

/// Pauses before each try to forgive, in seconds: together less than a try counts.
const PAUSES: [u64; 5] = [0, 1, 5, 15, 30];

async fn forgive_later(db: Db, ids: Vec<i64>) {
    for seconds in PAUSES {
        sleep(Duration::from_secs(seconds)).await;
        let forgiven = async {
            let mut tx = db.begin().await?;
            forget_all(&mut tx, &ids).await?;
            tx.commit().await
        };
        match forgiven.await {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "a right password still counts as a wrong one"),
        }
    }
}

async fn forget_all(tx: &mut Tx, ids: &[i64]) -> sqlx::Result<()> {
    for id in ids {
        attempts::forget(tx, *id).await?;
    }
    Ok(())
}

/// Subject of an address. A household or phone has a whole /64 of IPv6 to itself.
fn subject_of_address(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("address {address}"),
        IpAddr::V6(address) => format!("address {:x}", address.to_bits() >> 64),
    }
}

/// Subject of a login in all its spellings. Hashed: people type passwords into the wrong field.
fn subject_of_name(login: &str) -> String {
    format!("name {}", digest(&phone_key(login)))
}

fn digest(text: &str) -> String {
    hex(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_by_one_login_alone() {
        let address = "10.0.0.1".parse().expect("an address");
        let mark = |login: &str| Source { address, browser: None }.address_mark(Some(UserId(7)), login);

        assert_eq!(mark("kate"), mark(" Kate "));
        for other in ["\u{212a}ate", "13912345678", "kate@people.example"] {
            assert_ne!(mark("kate"), mark(other));
        }
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_together() {
        let subject = |text: &str| subject_of_address(text.parse().expect("an address"));

        assert_eq!(subject("2001:db8::1"), subject("2001:db8::ffff"));
        assert_ne!(subject("2001:db8::1"), subject("2001:db8:0:1::1"));
        assert_eq!(subject("::ffff:127.0.0.1"), subject("127.0.0.1"));
        assert_ne!(subject("10.0.0.1"), subject("10.0.0.2"));
    }
}
