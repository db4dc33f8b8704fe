//! Rows as the drivers have them, read in one way whichever driver it is.

use sqlx::Row as _;
use sqlx::error::UnexpectedNullError;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::domain::notifications::account_mail::AccountMail;
use crate::domain::notifications::preferences::Muted;
use crate::domain::people::contact::ShownContact;
use crate::domain::photo::{MediaType, PhotoId};
use crate::domain::tickets::event::Kind;
use crate::domain::tickets::report::Warranty;
use crate::domain::tickets::status::Status;
use crate::domain::viewer::Role;

/// Row of a driver: its columns by their names. `None` stands for null.
pub(crate) trait Columns {
    fn integer(&self, name: &str) -> sqlx::Result<Option<i64>>;
    fn text(&self, name: &str) -> sqlx::Result<Option<String>>;
    fn truth(&self, name: &str) -> sqlx::Result<Option<bool>>;
}

macro_rules! columns_of_sqlx {
    ($($Row:ty),*) => {
        $(impl Columns for $Row {
            fn integer(&self, name: &str) -> sqlx::Result<Option<i64>> {
                self.try_get(name)
            }

            fn text(&self, name: &str) -> sqlx::Result<Option<String>> {
                self.try_get(name)
            }

            fn truth(&self, name: &str) -> sqlx::Result<Option<bool>> {
                self.try_get(name)
            }
        })*
    };
}
columns_of_sqlx!(SqliteRow, PgRow);

/// Value of one column.
pub(crate) trait Column: Sized {
    fn column(row: &impl Columns, name: &str) -> sqlx::Result<Option<Self>>;
}

impl Column for i64 {
    fn column(row: &impl Columns, name: &str) -> sqlx::Result<Option<Self>> {
        row.integer(name)
    }
}

impl Column for String {
    fn column(row: &impl Columns, name: &str) -> sqlx::Result<Option<Self>> {
        row.text(name)
    }
}

impl Column for bool {
    fn column(row: &impl Columns, name: &str) -> sqlx::Result<Option<Self>> {
        row.truth(name)
    }
}

/// Length of the side of a picture.
impl Column for u32 {
    fn column(row: &impl Columns, name: &str) -> sqlx::Result<Option<Self>> {
        let convert = |number: i64| number.try_into().map_err(|error| undecodable(name, error));
        row.integer(name)?.map(convert).transpose()
    }
}

/// Columns that are texts, and are read as what they say.
macro_rules! columns_of_text {
    ($($Type:ty),*) => {
        $(impl $crate::store::columns::Column for $Type {
            fn column(
                row: &impl $crate::store::columns::Columns,
                name: &str,
            ) -> sqlx::Result<Option<Self>> {
                use $crate::store::columns::{UnknownValue, undecodable};
                let convert = |text: String| text.try_into().map_err(|_| undecodable(name, UnknownValue));
                row.text(name)?.map(convert).transpose()
            }
        })*
    };
}
columns_of_text!(Role, Status, Warranty, Kind, PhotoId, MediaType, ShownContact, Muted, AccountMail);
pub(crate) use columns_of_text;

/// A later version, or somebody else, has written what this one cannot read.
#[derive(Debug, thiserror::Error)]
#[error("a value that this version does not know")]
pub(crate) struct UnknownValue;

/// Value that is read from a row: of one column, or of several where it is a [`row!`].
pub(crate) trait FromColumns: Sized {
    /// Reads the column `name`; a [`row!`] knows the names of its own.
    fn read(row: &impl Columns, name: &str) -> sqlx::Result<Self>;
}

impl<T: Column> FromColumns for T {
    fn read(row: &impl Columns, name: &str) -> sqlx::Result<Self> {
        T::column(row, name)?.ok_or_else(|| undecodable(name, UnexpectedNullError))
    }
}

impl<T: Column> FromColumns for Option<T> {
    fn read(row: &impl Columns, name: &str) -> sqlx::Result<Self> {
        T::column(row, name)
    }
}

/// Reason for an error. The driver does not print the texts of the desk's own conversions.
pub(super) fn cause_of(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::ColumnDecode { index, source }
            if source.is::<UnknownValue>() || source.to_string().starts_with("unprintable") =>
        {
            format!("the column {index} has a value that this version does not know")
        }
        _ => error.to_string(),
    }
}

/// A row that need not be readable, with its key, which must be.
impl<K: FromColumns, T: FromColumns> FromColumns for (K, Result<T, String>) {
    fn read(row: &impl Columns, _: &str) -> sqlx::Result<Self> {
        Ok((K::read(row, "")?, T::read(row, "").map_err(|error| cause_of(&error))))
    }
}

pub(crate) fn undecodable(
    column: &str,
    cause: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: cause.into() }
}

/// Defines the struct of a row that every driver can read. Its fields are named like columns;
/// one that is such a struct itself is read from columns of the same row.
macro_rules! row {
    (
        $(#[$of_row:meta])*
        $access:vis struct $Row:ident {
            $($(#[$of_field:meta])* $field_access:vis $field:ident: $Type:ty,)*
        }
    ) => {
        $(#[$of_row])*
        $access struct $Row {
            $($(#[$of_field])* $field_access $field: $Type,)*
        }

        impl $crate::store::columns::FromColumns for $Row {
            fn read(row: &impl $crate::store::columns::Columns, _: &str) -> sqlx::Result<Self> {
                Ok(Self {
                    $($field: $crate::store::columns::FromColumns::read(row, stringify!($field))?,)*
                })
            }
        }

        impl<'r, R: sqlx::Row + $crate::store::columns::Columns> sqlx::FromRow<'r, R> for $Row {
            fn from_row(row: &'r R) -> sqlx::Result<Self> {
                $crate::store::columns::FromColumns::read(row, "")
            }
        }
    };
}
pub(crate) use row;
