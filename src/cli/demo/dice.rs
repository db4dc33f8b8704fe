//! Random choices, the same every time.

/// Random choices from a seed. Whole numbers only, of fixed width, so that
/// every platform makes the same ones.
pub struct Dice(fastrand::Rng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Dice of one thing among many: facts about it do not depend on when they are asked, so
    /// nothing needs to be remembered.
    pub fn of(seed: u64, subject: Subject, index: u64) -> Self {
        Self::new(scatter(seed ^ scatter(index ^ scatter(subject as u64))))
    }

    /// A number from zero to one less than the bound; zero for no bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.u64(0..bound) }
    }

    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if low < high { self.0.i64(low..=high) } else { low }
    }

    pub fn bits(&mut self) -> u64 {
        self.0.u64(..)
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.index(choices.len())]
    }

    pub fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).expect("a length fits 64 bits");
        usize::try_from(self.below(length)).expect("below a length")
    }

    /// One of several, each as often as its weight says; equally often where
    /// all weights are zero.
    pub fn weighted<'a, T>(&mut self, choices: &'a [T], weight: impl Fn(&T) -> u64) -> &'a T {
        let mut left = self.below(choices.iter().map(&weight).sum());
        for choice in choices {
            let weight = weight(choice);
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        self.pick(choices)
    }
}

#[derive(Clone, Copy)]
pub enum Subject {
    Calendar = 1,
    Person,
    Diligence,
    Device,
    Tickets,
    History,
    Photos,
    Picture,
    Offers,
}

/// The finalizer of SplitMix64: neighbours land far apart.
const fn scatter(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
