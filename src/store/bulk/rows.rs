//! Rows of a walk through a table.

use sqlx::{FromRow, Row};

/// Rows fetched at a time: a walk takes constant memory.
pub(in crate::store) const WALK_BATCH: i64 = 1_000;

/// Rows in the order of their keys, each with its own, and why it cannot be read where that is so.
pub type Rows<K, T> = Vec<(K, Result<T, String>)>;

/// Reads rows one by one: one that cannot be read keeps no other from being read. Their first
/// columns are the key.
pub(in crate::store) fn each<'r, R, K, T>(rows: &'r [R]) -> sqlx::Result<Rows<K, T>>
where
    R: Row,
    K: FromRow<'r, R>,
    T: FromRow<'r, R>,
{
    let read = |row| Ok((K::from_row(row)?, T::from_row(row).map_err(|error| cause_of(&error))));
    rows.iter().map(read).collect()
}

/// The driver does not print what conversions of the desk's own say.
fn cause_of(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::ColumnDecode { index, source } if source.to_string().starts_with("unprintable") => {
            format!("the column {index} has a value that this version does not know")
        }
        _ => error.to_string(),
    }
}
