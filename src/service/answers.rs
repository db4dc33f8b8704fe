//! Answers that are given again, to whoever asks the same, as long as nothing was
//! written.
//!
//! An answer is kept together with the state of the database in which it was
//! read, and counts for nothing once that is another: whoever was told that
//! something is written does not see it as it was before. What other processes
//! write is noticed within a second (`store/changes.rs`).

use std::sync::Arc;

use bytes::Bytes;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Equivalent, OptionsBuilder, Weighter};

use super::App;
use super::sign_in::sessions::Session;
use crate::domain::time::Instant;
use crate::store::changes::Generation;

/// Bytes of what is kept of one kind, and of the questions it belongs to.
const CAPACITY: u64 = 4 * 1024 * 1024;
const EXPECTED_ANSWERS: usize = 1024;

/// What verbs keep.
#[derive(Clone, Default)]
pub struct Answers {
    /// Of `getTicket`, by token.
    pub lookups: Kept<Bytes>,
    /// Who is at a browser, by the secret of the session.
    pub visits: Kept<Session>,
}

/// Answers of one kind.
#[derive(Clone)]
pub struct Kept<A>(Arc<Cache<AnswerKey, Answer<A>, Bulk>>);

/// Who asks, such as a token: what they may see was judged for the answer.
#[derive(Clone, PartialEq, Eq, Hash)]
struct AnswerKey(Box<str>, Box<str>);

#[derive(Hash)]
struct Asked<'a>(&'a str, &'a str);

impl Equivalent<AnswerKey> for Asked<'_> {
    fn equivalent(&self, AnswerKey(who, what): &AnswerKey) -> bool {
        *self.0 == **who && *self.1 == **what
    }
}

#[derive(Clone)]
struct Answer<A> {
    generation: Generation,
    /// From when on it would be another although nothing is written, as when a
    /// token has ended.
    until: Instant,
    answer: A,
}

#[derive(Clone)]
struct Bulk;

impl<A: Bulky> Weighter<AnswerKey, Answer<A>> for Bulk {
    fn weight(&self, AnswerKey(who, what): &AnswerKey, Answer { answer, .. }: &Answer<A>) -> u64 {
        (who.len() + what.len() + answer.bytes()) as u64
    }
}

/// How much memory it takes.
pub trait Bulky: Clone {
    fn bytes(&self) -> usize;
}

impl Bulky for Bytes {
    fn bytes(&self) -> usize {
        self.len()
    }
}

/// What there is when somebody asks.
pub enum Found<A> {
    Answer(A),
    /// Nothing. What is read now may be kept as of this state, if that is known.
    Nothing(Option<Generation>),
}

impl<A: Bulky> Default for Kept<A> {
    fn default() -> Self {
        let mut options = OptionsBuilder::new();
        // Few parts, or a long page is too large for one.
        options.estimated_items_capacity(EXPECTED_ANSWERS).weight_capacity(CAPACITY).shards(4);
        let options = options.build().expect("all that it needs is set");
        Self(Arc::new(Cache::with_options(
            options,
            Bulk,
            DefaultHashBuilder::default(),
            DefaultLifecycle::default(),
        )))
    }
}

impl<A: Bulky> Kept<A> {
    pub fn find(&self, app: &App, who: &str, what: &str) -> Found<A> {
        let Some(now) = app.db.changes().current() else { return Found::Nothing(None) };
        match self.0.get(&Asked(who, what)) {
            Some(Answer { generation, until, answer }) if generation == now && app.clock.now() < until => {
                Found::Answer(answer)
            }
            _ => Found::Nothing(Some(now)),
        }
    }

    /// `generation` is what was told before anything was read for the answer.
    pub fn keep(&self, generation: Generation, who: &str, what: &str, until: Instant, answer: A) {
        self.0.insert(AnswerKey(who.into(), what.into()), Answer { generation, until, answer });
    }
}
