//! Parts of a long history: the latest entries, or those before a position.
//!
//! Positions are counted from 1, among the entries that a reader may see: event numbers would tell
//! how many hidden entries there are.

use std::ops::Range;

use crate::domain::ids::TicketId;
use crate::domain::lists::from_parameters::{self, FromParameters};
use crate::domain::lists::parameter::{Parameter, Reason};

/// Entries on a page: a usual ticket has far fewer.
pub const ENTRIES_OF_A_PAGE: usize = 50;
/// Most entries in one REST answer.
pub const ENTRIES_OF_AN_ANSWER: usize = 100;

/// Parameter in the address of a page.
pub const BEFORE: &str = "before";

/// A limited part of a history: before a position, or the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPart {
    pub before: Option<u64>,
    pub most: usize,
}

impl HistoryPart {
    pub const LATEST: Self = Self { before: None, most: ENTRIES_OF_A_PAGE };

    /// Reads the query of a page's address: an invalid position means the latest part.
    pub fn of_page(before: &str) -> Self {
        Self { before: from_parameters::page(before).ok(), ..Self::LATEST }
    }

    /// Returns the indexes, from 0, of the entries before the position; `None` for the latest.
    pub fn places(self) -> Option<Range<usize>> {
        let end = usize::try_from(self.before?).ok()?.saturating_sub(1);
        Some(end.saturating_sub(self.most)..end)
    }
}

/// Returns the `before` of the page after this part; `None` for the latest.
pub fn before_of_next(end: usize, total: usize) -> Option<usize> {
    let next_end = end + ENTRIES_OF_A_PAGE;
    (next_end < total).then_some(next_end + 1)
}

/// Parameters of `getHistory`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    pub ticket: Option<TicketId>,
    pub before: Option<u64>,
}

impl HistoryQuery {
    pub const PARAMETERS: [Parameter; 2] = [Parameter::Ticket, Parameter::Before];
}

impl FromParameters for HistoryQuery {
    fn read(&mut self, parameter: Parameter, typed: &str) -> Result<(), Reason> {
        match parameter {
            Parameter::Ticket => self.ticket = Some(TicketId(from_parameters::id(typed)?)),
            Parameter::Before => self.before = Some(from_parameters::page(typed)?),
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walking_back_shows_every_entry_once() {
        let total = 3 * ENTRIES_OF_A_PAGE + 7;
        let latest = total - ENTRIES_OF_A_PAGE..total;
        let mut places = Vec::from([latest]);
        while let Some(earlier) = places.last().map(|shown| shown.start).filter(|start| *start > 0) {
            let part = HistoryPart::of_page(&(earlier + 1).to_string());
            places.push(part.places().expect("not the latest"));
        }

        assert_eq!(places, [107..157, 57..107, 7..57, 0..7]);
    }

    #[test]
    fn walking_forth_ends_at_the_latest() {
        let total = 157;

        assert_eq!(before_of_next(7, total), Some(58));
        assert_eq!(HistoryPart::of_page("58").places(), Some(7..57));
        assert_eq!(before_of_next(107, total), None);
        assert_eq!(before_of_next(total, total), None);
    }

    #[test]
    fn what_is_no_place_is_the_latest_part() {
        for typed in ["", "0", "x", "-1", "99999999999999999999"] {
            assert_eq!(HistoryPart::of_page(typed).places(), None, "{typed}");
        }
        assert_eq!(HistoryPart::of_page("1").places(), Some(0..0));
    }
}
