//! Questions that overtake each other.
//!
//! A resource asks one question after the other: the second waits for the
//! answer to the first. Here the first is given up as soon as it is
//! superseded, and until the second is answered the last answer stands.

use futures::channel::oneshot;
use futures::future::{Either, pending, select};
use leptos::prelude::*;

pub struct Latest<T: 'static> {
    last: StoredValue<Option<T>>,
    give_up: StoredValue<Option<oneshot::Sender<()>>>,
}

impl<T> Clone for Latest<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Latest<T> {}

impl<T: Clone + Send + Sync> Latest<T> {
    pub fn new() -> Self {
        Self { last: StoredValue::new(None), give_up: StoredValue::new(None) }
    }

    /// Remembers what is shown.
    pub fn keep(self, answer: T) -> T {
        self.last.try_set_value(Some(answer.clone()));
        answer
    }

    /// Gives up the question under way, if there is one.
    pub fn supersede(self) {
        let sender = self.give_up.try_update_value(Option::take).flatten();
        if let Some(sender) = sender {
            // Nobody listens any more: it was answered in the meantime.
            let _ = sender.send(());
        }
    }

    /// The answer, or, if it is superseded before, what is shown already.
    pub async fn unless_superseded(self, question: impl Future<Output = T>) -> T {
        let Some(shown) = self.last.try_get_value().flatten() else { return question.await };
        let (sender, superseded) = oneshot::channel();
        self.give_up.try_set_value(Some(sender));
        let superseded = async {
            if superseded.await.is_err() {
                // Nobody will ever supersede it.
                pending::<()>().await;
            }
        };
        match select(Box::pin(question), Box::pin(superseded)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(((), _)) => shown,
        }
    }
}
