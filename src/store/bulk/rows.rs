//! Rows of a walk through a table.

use sqlx::{FromRow, Row};

use crate::store::columns::cause_of;

/// Rows fetched at a time: a walk takes constant memory.
pub(in crate::store) const WALK_BATCH: i64 = 1_000;

/// Rows in the order of their keys: each key with its row, or the reason why that cannot be read.
pub type Rows<K, T> = Vec<(K, Result<T, String>)>;

/// Reads rows one by one: an unreadable one keeps no other from being read. Their first columns are
/// the key.
pub(in crate::store) fn each<'r, R, K, T>(rows: &'r [R]) -> sqlx::Result<Rows<K, T>>
where
    R: Row,
    K: FromRow<'r, R>,
    T: FromRow<'r, R>,
{
    let read = |row| Ok((K::from_row(row)?, T::from_row(row).map_err(|error| cause_of(&error))));
    rows.iter().map(read).collect()
}
