//! Sort orders of a list, and the cursors where its pages begin.

use std::fmt;
use std::str::FromStr;

use super::parameter::MAX_INTEGER;
use crate::domain::ids::TicketId;

/// Key that a list is sorted by. Equal rows are sorted by their number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortKey {
    #[default]
    Number,
    Filed,
    /// Time of the last change.
    Changed,
    /// Time since when the next step is due.
    Waiting,
}

impl SortKey {
    pub const ALL: [Self; 4] = [Self::Number, Self::Filed, Self::Changed, Self::Waiting];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Filed => "filed",
            Self::Changed => "changed",
            Self::Waiting => "waiting",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Highest number or latest time first.
    #[default]
    Descending,
    Ascending,
}

impl Direction {
    pub const ALL: [Self; 2] = [Self::Descending, Self::Ascending];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Descending => "desc",
            Self::Ascending => "asc",
        }
    }

    pub const fn reversed(self) -> Self {
        match self {
            Self::Descending => Self::Ascending,
            Self::Ascending => Self::Descending,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Order {
    pub key: SortKey,
    pub direction: Direction,
}

/// Effective sort key of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortedBy {
    Number,
    Filed,
    Changed,
    Waiting,
    Assigned,
    Completed,
}

/// A row's place in an order: the time that it is sorted by, if it is one, and
/// its number.
///
/// A page that begins at a cursor has the same rows however many are filed before it meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    pub at: Option<i64>,
    pub id: TicketId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{at}.{}", self.id),
            None => self.id.fmt(f),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list")]
pub struct BadCursor;

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let value: Option<i64> = plain.then(|| digits.parse().ok()).flatten();
            value.filter(|value| value.unsigned_abs() <= MAX_INTEGER).ok_or(BadCursor)
        };
        let Some((at, id)) = text.split_once('.') else {
            return Ok(Self { at: None, id: TicketId(number(text)?) });
        };
        let at = match at.strip_prefix('-') {
            // A time before 1970.
            Some(digits) => -number(digits)?,
            None => number(at)?,
        };
        Ok(Self { at: Some(at), id: TicketId(number(id)?) })
    }
}

/// Start of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Start {
    /// Page by its number, counted from 1.
    Page(u64),
    /// Page whose first row follows this cursor.
    After(Cursor),
    /// Page whose last row precedes this cursor.
    Before(Cursor),
}

impl Start {
    pub const FIRST: Self = Self::Page(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_place_is_one_or_two_plain_numbers() {
        let place = |at, id| Ok(Cursor { at, id: TicketId(id) });
        assert_eq!("17.5".parse::<Cursor>(), place(Some(17), 5));
        assert_eq!("-17.5".parse::<Cursor>(), place(Some(-17), 5));
        assert_eq!("5".parse::<Cursor>(), place(None, 5));
        for bad in ["", ".", "5.", ".5", "-1", "5.-1", "1.2.3", "x", "9007199254740992", "1 "] {
            assert_eq!(bad.parse::<Cursor>(), Err(BadCursor), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_place_reads_back_from_its_text(at in proptest::option::of(-(1i64 << 53) + 1..1 << 53), id in 1i64..1 << 53) {
            let cursor = Cursor { at, id: TicketId(id) };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }
}
