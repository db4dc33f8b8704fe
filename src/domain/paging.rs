//! Pages of a list, counted from 1.

use serde::{Deserialize, Serialize};

pub const DEFAULT_LIMIT: u64 = 10;
pub const MAX_LIMIT: u64 = 100;
/// The page sizes people are offered.
pub const PAGE_SIZES: [u64; 4] = [10, 20, 50, 100];

/// One page of a list, and the number of rows of the whole list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub number: u64,
    pub limit: u64,
    pub total: u64,
}

impl<T> Page<T> {
    /// The number of the last page; an empty list still has a first page.
    pub const fn last(&self) -> u64 {
        let pages = self.total.div_ceil(self.limit);
        if pages == 0 { 1 } else { pages }
    }

    /// The ordinals of the first and the last row shown, `None` when there is none.
    pub fn range(&self) -> Option<(u64, u64)> {
        let before = (self.number - 1) * self.limit;
        let shown = self.items.len() as u64;
        (shown > 0).then_some((before + 1, before + shown))
    }

    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(convert).collect(),
            number: self.number,
            limit: self.limit,
            total: self.total,
        }
    }
}

/// Number of rows that match. Counting ends where it would cost too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Total {
    Exactly(u64),
    MoreThan(u64),
}

impl Total {
    pub const fn known(self) -> Option<u64> {
        match self {
            Self::Exactly(total) => Some(total),
            Self::MoreThan(_) => None,
        }
    }

    pub const fn at_least(self) -> u64 {
        match self {
            Self::Exactly(total) | Self::MoreThan(total) => total,
        }
    }
}

/// A page that may begin anywhere in its list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window<T> {
    pub items: Vec<T>,
    /// Number of rows before the page; `None` where that is more than is counted.
    pub before: Option<u64>,
    pub limit: u64,
    pub total: Total,
}

impl<T> Window<T> {
    /// The number of the page that holds the first row, or would.
    pub fn number(&self) -> Option<u64> {
        self.before.map(|before| before / self.limit + 1)
    }

    /// The number of the last page; an empty list still has a first page.
    pub fn last(&self) -> Option<u64> {
        self.total.known().map(|total| total.div_ceil(self.limit).max(1))
    }

    pub fn has_next(&self) -> bool {
        let shown = self.items.len() as u64;
        match self.before.zip(self.total.known()) {
            Some((before, total)) => before + shown < total,
            None => shown == self.limit,
        }
    }

    /// The ordinals of the first and the last row shown, if they are known.
    pub fn range(&self) -> Option<(u64, u64)> {
        let shown = self.items.len() as u64;
        let before = self.before.filter(|_| shown > 0)?;
        Some((before + 1, before + shown))
    }

    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Window<U> {
        let Self { items, before, limit, total } = self;
        Window { items: items.into_iter().map(convert).collect(), before, limit, total }
    }
}

/// Page numbers to offer: the ends, the neighbours, `None` for a gap.
pub fn page_links(current: u64, last: u64) -> Vec<Option<u64>> {
    let near = |page: u64| page.abs_diff(current) <= 1;
    let mut links = Vec::new();
    let mut previous = 0;
    let candidates = [1, current.saturating_sub(1), current, current + 1, last];
    let mut wanted: Vec<u64> = candidates
        .into_iter()
        .filter(|page| (1..=last).contains(page) && (*page == 1 || *page == last || near(*page)))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();

    for page in wanted {
        match page - previous {
            1 => {}
            // A gap of one page is shorter written out.
            2 => links.push(Some(page - 1)),
            _ => links.push(None),
        }
        links.push(Some(page));
        previous = page;
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(number: u64, shown: usize, total: u64) -> Page<()> {
        Page { items: vec![(); shown], number, limit: 10, total }
    }

    #[test]
    fn the_last_page_holds_the_remainder() {
        assert_eq!(page(1, 0, 0).last(), 1);
        assert_eq!(page(1, 10, 10).last(), 1);
        assert_eq!(page(1, 10, 11).last(), 2);
    }

    #[test]
    fn the_range_counts_rows_from_one() {
        assert_eq!(page(1, 10, 37).range(), Some((1, 10)));
        assert_eq!(page(4, 7, 37).range(), Some((31, 37)));
        assert_eq!(page(9, 0, 37).range(), None);
    }

    #[test]
    fn gaps_stand_for_at_least_two_pages() {
        assert_eq!(page_links(1, 1), [Some(1)]);
        assert_eq!(page_links(1, 13), [Some(1), Some(2), None, Some(13)]);
        assert_eq!(page_links(3, 5), [1, 2, 3, 4, 5].map(Some));
        assert_eq!(page_links(7, 13), [Some(1), None, Some(6), Some(7), Some(8), None, Some(13)]);
    }

    proptest! {
        #[test]
        fn links_are_rising_and_within_the_list(current in 1u64..2_000, last in 1u64..1_000) {
            let links: Vec<u64> = page_links(current, last).into_iter().flatten().collect();
            prop_assert!(links.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(links.first(), Some(&1));
            prop_assert_eq!(links.last(), Some(&last));
        }
    }
}
