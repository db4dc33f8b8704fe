//! Questions that overtake each other.
//!
//! A resource asks one question after the other: the second waits for the
//! answer to the first. Here the first is given up as soon as it is
//! superseded, and until the second is answered the last answer stands.

use futures::channel::oneshot;
use futures::future::{Either, pending, select};
use leptos::prelude::*;

pub struct Latest<Q: 'static, T: 'static> {
    shown: StoredValue<Option<T>>,
    under_way: StoredValue<Option<(Q, oneshot::Sender<()>)>>,
}

impl<Q, T> Clone for Latest<Q, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, T> Copy for Latest<Q, T> {}

impl<Q: PartialEq + Send + Sync, T: Clone + Send + Sync> Latest<Q, T> {
    pub fn new() -> Self {
        Self { shown: StoredValue::new(None), under_way: StoredValue::new(None) }
    }

    /// Remembers what is shown.
    pub fn keep(self, answer: T) -> T {
        self.shown.try_set_value(Some(answer.clone()));
        answer
    }

    /// Gives up the question under way, unless it is the present one.
    pub fn supersede(self, present: &Q) {
        self.under_way.try_update_value(|under_way| {
            if let Some((_, give_up)) = under_way.take_if(|(question, _)| question != present) {
                // Nobody listens any more: it was answered in the meantime.
                let _ = give_up.send(());
            }
        });
    }

    /// The answer, or, if its question is superseded before, what is shown already.
    pub async fn ask(self, question: Q, answer: impl Future<Output = T>) -> T {
        let Some(shown) = self.shown.try_get_value().flatten() else { return answer.await };
        let (give_up, given_up) = oneshot::channel();
        self.under_way.try_set_value(Some((question, give_up)));
        let given_up = async {
            if given_up.await.is_err() {
                // Nobody will ever supersede it.
                pending::<()>().await;
            }
        };
        match select(Box::pin(answer), Box::pin(given_up)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(((), _)) => shown,
        }
    }
}
