//! Which part of a long history is shown: the latest entries, or those before.
//!
//! Places are counted from 1, among the entries that a reader may see: numbers of
//! events would tell how many there are of those that they may not.

use std::ops::Range;

use super::parameter::{Parameter, Reason};
use super::question::{self, Question};
use super::ticket::TicketId;

/// Entries that a page shows: a usual ticket has far fewer.
pub const ENTRIES_OF_A_PAGE: usize = 50;
/// Entries that one answer of the interface has at most.
pub const ENTRIES_OF_AN_ANSWER: usize = 100;

/// The name of the parameter in the address of a page.
pub const BEFORE: &str = "before";

/// At most so many entries, that come before a place or are the latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPart {
    pub before: Option<u64>,
    pub most: usize,
}

impl HistoryPart {
    pub const LATEST: Self = Self { before: None, most: ENTRIES_OF_A_PAGE };

    /// Reads the query of a page's address: what is no place is the latest part.
    pub fn of_page(before: &str) -> Self {
        Self { before: question::page(before).ok(), ..Self::LATEST }
    }

    /// How many entries are skipped, and where the part ends, in a history of so many.
    pub fn range(self, total: usize) -> Range<usize> {
        let before = self.before.and_then(|place| usize::try_from(place).ok());
        let end = before.map_or(total, |place| place.saturating_sub(1).min(total));
        end.saturating_sub(self.most)..end
    }
}

/// The `before` of the page after this part; nothing for the latest.
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

impl Question for HistoryQuery {
    fn read(&mut self, parameter: Parameter, typed: &str) -> Result<(), Reason> {
        match parameter {
            Parameter::Ticket => self.ticket = Some(TicketId(question::id(typed)?)),
            Parameter::Before => self.before = Some(question::page(typed)?),
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_history_is_shown_whole() {
        for total in [0, 1, ENTRIES_OF_A_PAGE] {
            assert_eq!(HistoryPart::LATEST.range(total), 0..total);
        }
    }

    #[test]
    fn walking_back_and_forth_shows_every_entry_once() {
        let total = 3 * ENTRIES_OF_A_PAGE + 7;
        let mut part = HistoryPart::LATEST;
        let mut ranges = Vec::new();
        loop {
            let range = part.range(total);
            ranges.push(range.clone());
            if range.start == 0 {
                break;
            }
            part = HistoryPart::of_page(&(range.start + 1).to_string());
        }

        assert_eq!(ranges, [107..157, 57..107, 7..57, 0..7]);
        assert_eq!(before_of_next(7, total), Some(58));
        assert_eq!(HistoryPart::of_page("58").range(total), 7..57);
        assert_eq!(before_of_next(107, total), None);
        assert_eq!(before_of_next(total, total), None);
    }

    #[test]
    fn what_is_no_place_of_a_history_shows_its_nearest_part() {
        for typed in ["", "0", "x", "-1", "99999999999999999999"] {
            assert_eq!(HistoryPart::of_page(typed), HistoryPart::LATEST, "{typed}");
        }
        assert_eq!(HistoryPart::of_page("9007199254740991").range(5), 0..5);
        assert_eq!(HistoryPart::of_page("1").range(5), 0..0);
    }
}
