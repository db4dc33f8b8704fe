//! Request bodies that must arrive in time, and response bodies that keep connections busy.

use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::BoxError;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::table::{Activity, Busy};

/// The least bytes a second of a body, on average of each window.
const SLOWEST: u64 = 1024;
const RATED_AFTER: Duration = Duration::from_secs(30);

/// The body of a request. It fails where nothing comes for too long, or too little.
pub struct Arriving {
    body: Incoming,
    activity: Arc<Activity>,
    pace: Option<Pace>,
    is_over: bool,
    /// Timer of a pause.
    wait: Option<Pin<Box<Sleep>>>,
}

/// Bytes of a body within the present window. Bytes of earlier windows are no credit.
struct Pace {
    begun: Instant,
    bytes: u64,
}

impl Pace {
    /// Counts bytes; judges each window as it ends, and begins the next.
    fn is_too_slow(&mut self, bytes: u64, now: Instant) -> bool {
        self.bytes += bytes;
        let elapsed = now.saturating_duration_since(self.begun);
        if elapsed <= RATED_AFTER {
            return false;
        }
        let is_too_slow = self.bytes < elapsed.as_secs() * SLOWEST;
        *self = Self { begun: now, bytes: 0 };
        is_too_slow
    }
}

impl Arriving {
    pub const fn new(body: Incoming, activity: Arc<Activity>) -> Self {
        Self { body, activity, pace: None, is_over: false, wait: None }
    }

    fn late<T>(&self) -> Poll<Option<Result<T, BoxError>>> {
        self.activity.note_late_body();
        Poll::Ready(Some(Err(Error::from(ErrorKind::TimedOut).into())))
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let pace = this.pace.get_or_insert_with(|| Pace { begun: Instant::now(), bytes: 0 });
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                this.wait = None;
                this.is_over |= frame.is_none();
                let bytes = frame.as_ref().map_or(0, bytes_of);
                this.activity.note_moving_body(bytes);
                if this.is_over || this.body.is_end_stream() {
                    this.activity.note_body_over();
                } else if pace.is_too_slow(bytes, Instant::now()) {
                    return this.late();
                }
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                this.activity.note_stalled_body();
                let patience = this.activity.limits.patience.body;
                let wait = this.wait.get_or_insert_with(|| Box::pin(sleep(patience)));
                ready!(wait.as_mut().poll(cx));
                this.late()
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        self.activity.note_body_over();
        if !self.is_over && !self.body.is_end_stream() {
            self.activity.note_unread_body();
        }
    }
}

/// The length of what has come, if that is data.
fn bytes_of<E>(frame: &Result<Frame<Bytes>, E>) -> u64 {
    let data = frame.as_ref().ok().and_then(Frame::data_ref);
    data.map_or(0, |data| data.len() as u64)
}

/// The body of an answer. Its request is over when it is sent or given up.
pub struct Leaving {
    body: Body,
    _busy: Busy,
}

impl Leaving {
    pub const fn new(body: Body, busy: Busy) -> Self {
        Self { body, _busy: busy }
    }
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_start_is_no_credit_for_a_body_that_drips() {
        let begun = Instant::now();
        let mut pace = Pace { begun, bytes: 0 };
        let while_later = RATED_AFTER + Duration::from_secs(1);

        assert!(!pace.is_too_slow(100 << 20, begun));
        assert!(!pace.is_too_slow(1, begun + while_later));
        assert!(!pace.is_too_slow(1, begun + while_later + Duration::from_secs(1)), "a while has begun");
        assert!(pace.is_too_slow(1, begun + 2 * while_later));
    }
}
