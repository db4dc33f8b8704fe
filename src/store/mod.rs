//! SQL, and nothing else: one file per group of tables.
//!
//! The store returns domain types and never decides: lists ask for a
//! [`Permitted`](crate::domain::access::Permitted) query, which only the policy
//! makes. One SQL text serves both databases: a [`Statement`](sql::Statement) reads, [`on_tx!`]
//! compiles what is part of a transaction once per driver, and what differs is in [`dialect`].

mod bulk;
mod columns;
mod connect;
mod dialect;
mod existing;
mod file_identity;
pub mod notifications;
mod outage;
pub mod people;
mod pool;
pub mod sign_in;
mod sql;
mod sqlite;
pub mod tickets;

pub mod clock;
pub mod idempotency;
pub mod lists;
pub mod probes;
pub mod site;

pub use bulk::load::{Bulk, MAX_BATCH, is_empty};
pub use bulk::rows::Rows;
pub use bulk::walk::{events_after, people_after, rows, snapshot, tickets_after};
pub use connect::{ConnectError, connect};
pub use dialect::is_first;
pub use existing::{OpenError, exists, open};
pub use outage::is_away;

use std::path::Path;
use std::sync::Arc;

use sqlx::{Postgres, Sqlite};

use pool::{Lent, Pool};
use sqlite::SqliteReader;

/// The database. Readers and writers have connections of their own: writers who wait
/// for each other keep nobody from reading. SQLite has a single writer, so writes
/// queue for one connection instead of failing; a [`Statement`](sql::Statement) reads its file without sqlx.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite { direct: Arc<SqliteReader>, read: Arc<Pool<Sqlite>>, write: Arc<Pool<Sqlite>> },
    Postgres { read: Arc<Pool<Postgres>>, write: Arc<Pool<Postgres>> },
}

/// A write transaction. Dropped, it is undone.
pub enum Tx {
    Sqlite(Lent<Sqlite>),
    Postgres(Lent<Postgres>),
}

impl Db {
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.lend().await?),
            Self::Postgres { write, .. } => Tx::Postgres(write.lend().await?),
        })
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { read, .. } => Some(Path::new(read.address())),
            Self::Postgres { .. } => None,
        }
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite { direct, read, write } => {
                direct.close().await;
                read.close().await;
                write.close().await;
            }
            Self::Postgres { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

impl Tx {
    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(lent) => lent.give_back().await,
            Self::Postgres(lent) => lent.give_back().await,
        }
    }

    /// Waits until everything is undone; dropping does it some time later.
    pub async fn roll_back(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(lent) => lent.roll_back().await,
            Self::Postgres(lent) => lent.roll_back().await,
        }
    }
}

/// One expression that writes, compiled once per driver; it may name the driver.
macro_rules! on_tx {
    ($tx:expr, |$conn:ident| $body:expr) => {
        $crate::store::on_tx!($tx, |$conn: _Driver| $body)
    };
    ($tx:expr, |$conn:ident: $Driver:ident| $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(lent) => {
                type $Driver = sqlx::Sqlite;
                $crate::store::on_tx!(@ lent, |$conn| $body)
            }
            $crate::store::Tx::Postgres(lent) => {
                type $Driver = sqlx::Postgres;
                $crate::store::on_tx!(@ lent, |$conn| $body)
            }
        }
    };
    (@ $lent:ident, |$conn:ident| $body:expr) => {{
        let patience = $lent.patience();
        let $conn = &mut **$lent;
        let done = $crate::store::pool::within(patience, async { Ok::<_, sqlx::Error>($body) }).await;
        done.map_err(|error| $lent.named(error))?
    }};
}
pub(crate) use on_tx;
