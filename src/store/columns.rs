//! Rows as the drivers have them, read in one way whichever driver it is.

use sqlx::Row as _;
use sqlx::error::UnexpectedNullError;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::domain::people::person::Role;

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

impl Column for Role {
    fn column(row: &impl Columns, name: &str) -> sqlx::Result<Option<Self>> {
        let parse = |text: String| {
            text.parse().map_err(|_| undecodable(name, "a value that this version does not know"))
        };
        row.text(name)?.map(parse).transpose()
    }
}

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
            $($(#[$of_field:meta])* $field:ident: $Type:ty,)*
        }
    ) => {
        $(#[$of_row])*
        $access struct $Row {
            $($(#[$of_field])* $field: $Type,)*
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
