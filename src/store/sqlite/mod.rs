//! Reads of a SQLite file by rusqlite, which shares sqlx's copy of SQLite.
//!
//! Everything that writes, and whatever reads within a transaction, goes through sqlx. A
//! [`Statement`](super::sql::Statement) is read by [`SqliteReader`], where nobody has to wait for another
//! thread. Start reading at [`reader`].

mod failure;
mod reader;
mod row;

pub use reader::{Pace, SqliteReader};

pub(super) use failure::failure;
