//! Answers that are given again, to whoever asks the same with the same token,
//! as long as nothing was written.
//!
//! An answer is kept together with the state of the database in which it was
//! read, and counts for nothing once that is another: whoever was told that
//! something is written does not see it as it was before. What other processes
//! write is noticed within a second (`store/changes.rs`).

use std::sync::Arc;

use bytes::Bytes;
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};

use super::App;
use crate::domain::time::Instant;
use crate::store::changes::Generation;

/// Bytes of answers and of the questions they belong to.
const CAPACITY: u64 = 6 * 1024 * 1024;
const EXPECTED_ANSWERS: usize = 1024;

#[derive(Clone)]
pub struct Answers(Arc<Cache<Question, Answer, Bulk>>);

/// A token is part of the question: what it says was judged for the answer.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Question(Box<str>, Box<str>);

#[derive(Hash)]
struct Asked<'a>(&'a str, &'a str);

impl Equivalent<Question> for Asked<'_> {
    fn equivalent(&self, Question(token, search): &Question) -> bool {
        *self.0 == **token && *self.1 == **search
    }
}

#[derive(Clone)]
struct Answer {
    generation: Generation,
    /// When the token ends.
    expires_at: Instant,
    body: Bytes,
}

#[derive(Clone)]
struct Bulk;

impl Weighter<Question, Answer> for Bulk {
    fn weight(&self, Question(token, search): &Question, answer: &Answer) -> u64 {
        (token.len() + search.len() + answer.body.len()) as u64
    }
}

/// What there is when somebody asks.
pub enum Found {
    Answer(Bytes),
    /// Nothing. What is read now may be kept as of this state, if that is known.
    Nothing(Option<Generation>),
}

impl Default for Answers {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(EXPECTED_ANSWERS, CAPACITY, Bulk)))
    }
}

impl Answers {
    pub fn find(&self, app: &App, token: &str, search: &str) -> Found {
        let Some(now) = app.db.changes().current() else { return Found::Nothing(None) };
        match self.0.get(&Asked(token, search)) {
            Some(Answer { generation, expires_at, body })
                if generation == now && app.clock.now() < expires_at =>
            {
                Found::Answer(body)
            }
            _ => Found::Nothing(Some(now)),
        }
    }

    /// `generation` is what [`Self::find`] told before the answer was read.
    pub fn keep(&self, generation: Generation, token: &str, search: &str, expires_at: Instant, body: Bytes) {
        let answer = Answer { generation, expires_at, body };
        self.0.insert(Question(token.into(), search.into()), answer);
    }
}
