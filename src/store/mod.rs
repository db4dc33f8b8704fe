//! SQL, and nothing else: one file per group of tables.
//!
//! The store returns domain types and never decides: lists ask for a
//! [`Permitted`](crate::domain::policy::Permitted) query, which only the policy
//! makes. One SQL text serves both databases; [`on_db!`] compiles it once per
//! driver, and what differs is in [`dialect`].

mod connect;
mod dialect;
mod existing;
mod name_keys;
mod readers;
mod statement;
mod stored;
mod transfer;

pub mod account_mails;
pub mod changes;
pub mod choices;
pub mod counters;
pub mod deleted_tickets;
pub mod directory;
pub mod dossiers;
pub mod email_verifications;
pub mod events;
pub mod forgotten_passwords;
pub mod hand_over_codes;
pub mod idempotency;
pub mod inbox;
pub mod invitations;
pub mod known_sources;
pub mod mail_refusals;
pub mod members;
pub mod outbox;
pub mod people;
pub mod photos;
pub mod probes;
pub mod recent_messages;
pub mod revoked_tokens;
pub mod sessions;
pub mod sign_in_tries;
pub mod site;
pub mod tickets;

pub use connect::{ConnectError, connect};
pub use existing::{OpenError, exists, open};
pub use transfer::{Bulk, MAX_BATCH, events_after, is_empty, people_after, rows, snapshot, tickets_after};

use std::sync::Arc;

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use changes::Changes;
use readers::Readers;

/// The database. SQLite has one writer, so writes queue for one connection
/// instead of failing, and readers never wait for them.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite {
        read: Arc<Readers<Sqlite>>,
        write: SqlitePool,
        /// One connection that only looks whether others have written.
        watch: SqlitePool,
        changes: Arc<Changes>,
    },
    Postgres {
        read: Arc<Readers<Postgres>>,
        write: PgPool,
        changes: Arc<Changes>,
    },
}

/// A write transaction, and whoever must hear of it.
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>, Arc<Changes>),
    Postgres(Transaction<'static, Postgres>, Arc<Changes>),
}

impl Db {
    /// Begins to write. `IMMEDIATE` takes SQLite's lock now rather than fail
    /// at the first write after a read.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, changes, .. } => {
                Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?, Arc::clone(changes))
            }
            Self::Postgres { write, changes, .. } => Tx::Postgres(write.begin().await?, Arc::clone(changes)),
        })
    }

    pub const fn changes(&self) -> &Arc<Changes> {
        match self {
            Self::Sqlite { changes, .. } | Self::Postgres { changes, .. } => changes,
        }
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write, watch, .. } => {
                watch.close().await;
                read.close().await;
                write.close().await;
            }
            Self::Postgres { read, .. } => read.close().await,
        }
    }
}

impl Tx {
    /// Whoever is told that it is written finds it so.
    pub async fn commit(self) -> sqlx::Result<()> {
        let (done, changes) = match self {
            Self::Sqlite(tx, changes) => (tx.commit().await, changes),
            Self::Postgres(tx, changes) => (tx.commit().await, changes),
        };
        // Also where it failed: it may have come through all the same.
        changes.note();
        done
    }

    /// Waits until everything is undone; dropping does it some time later.
    pub async fn roll_back(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx, _) => tx.rollback().await,
            Self::Postgres(tx, _) => tx.rollback().await,
        }
    }
}

/// One expression that reads, compiled once per driver; it may name the driver.
/// It leaves by `?` where it fails: its connection is then not trusted any more.
macro_rules! on_db {
    ($db:expr, |$conn:ident| $body:expr) => {
        $crate::store::on_db!($db, |$conn: _Driver| $body)
    };
    ($db:expr, |$conn:ident: $Driver:ident| $body:expr) => {
        match $db {
            $crate::store::Db::Sqlite { read, .. } => {
                type $Driver = sqlx::Sqlite;
                $crate::store::on_db!(@ read, |$conn| $body)
            }
            $crate::store::Db::Postgres { read, .. } => {
                type $Driver = sqlx::Postgres;
                $crate::store::on_db!(@ read, |$conn| $body)
            }
        }
    };
    (@ $readers:ident, |$conn:ident| $body:expr) => {{
        let mut lent = $readers.lend().await?;
        let $conn = &mut *lent;
        let found = $body;
        lent.give_back();
        found
    }};
}
pub(crate) use on_db;

/// One expression that writes, compiled once per driver; it may name the driver.
macro_rules! on_tx {
    ($tx:expr, |$conn:ident: $Driver:ident| $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx, _) => {
                type $Driver = sqlx::Sqlite;
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx, _) => {
                type $Driver = sqlx::Postgres;
                let $conn = &mut **tx;
                $body
            }
        }
    };
    ($tx:expr, |$conn:ident| $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx, _) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx, _) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use on_tx;
