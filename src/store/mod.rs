//! SQL, and nothing else: one file per group of tables.
//!
//! The store returns domain types and never decides: lists ask for a
//! [`Permitted`](crate::domain::policy::Permitted) query, which only the policy
//! makes. One SQL text serves both databases; [`on_db!`] compiles it once per
//! driver, and what differs is in [`dialect`].

mod connect;
mod dialect;
mod transfer;

pub mod deleted_tickets;
pub mod dossiers;
pub mod events;
pub mod hand_over_codes;
pub mod idempotency;
pub mod inbox;
pub mod people;
pub mod sessions;
pub mod sign_in_tries;
pub mod tickets;

pub use connect::{ConnectError, check_answers, connect};
pub use transfer::{Bulk, MAX_BATCH, events_after, people_after, rows, snapshot, tickets_after};

use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

/// The database. SQLite has one writer, so writes queue for one connection
/// instead of failing, and readers never wait for them.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

/// A write transaction.
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Begins to write. `IMMEDIATE` takes SQLite's lock now rather than fail
    /// at the first write after a read.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }

    /// Waits until everything is undone; dropping does it some time later.
    pub async fn roll_back(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await,
            Self::Postgres(tx) => tx.rollback().await,
        }
    }
}

/// One expression that reads, compiled once per driver; it may name the driver.
macro_rules! on_db {
    ($db:expr, |$pool:ident| $body:expr) => {
        match $db {
            $crate::store::Db::Sqlite { read: $pool, .. } => $body,
            $crate::store::Db::Postgres($pool) => $body,
        }
    };
    ($db:expr, |$pool:ident: $Driver:ident| $body:expr) => {
        match $db {
            $crate::store::Db::Sqlite { read: $pool, .. } => {
                type $Driver = sqlx::Sqlite;
                $body
            }
            $crate::store::Db::Postgres($pool) => {
                type $Driver = sqlx::Postgres;
                $body
            }
        }
    };
}
pub(crate) use on_db;

/// One expression that writes, compiled once per driver; it may name the driver.
macro_rules! on_tx {
    ($tx:expr, |$conn:ident: $Driver:ident| $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                type $Driver = sqlx::Sqlite;
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                type $Driver = sqlx::Postgres;
                let $conn = &mut **tx;
                $body
            }
        }
    };
    ($tx:expr, |$conn:ident| $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use on_tx;
