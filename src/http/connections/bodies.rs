//! Bodies of requests that must arrive in time, and of answers that keep their
//! connection busy.

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

/// The least bytes a second of a body, on average once it has been coming for a while.
const SLOWEST: u64 = 1024;
const RATED_AFTER: Duration = Duration::from_secs(30);

/// The body of a request. It fails where nothing comes for too long, or too little.
pub struct Arriving {
    body: Incoming,
    activity: Arc<Activity>,
    /// Since somebody wants it.
    begun: Option<Instant>,
    bytes: u64,
    is_over: bool,
    /// Runs while nothing comes.
    wait: Option<Pin<Box<Sleep>>>,
}

impl Arriving {
    pub const fn new(body: Incoming, activity: Arc<Activity>) -> Self {
        Self { body, activity, begun: None, bytes: 0, is_over: false, wait: None }
    }

    fn is_too_slow(&self) -> bool {
        let elapsed = self.begun.map(|begun| begun.elapsed()).unwrap_or_default();
        elapsed > RATED_AFTER && self.bytes < elapsed.as_secs() * SLOWEST
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
        this.begun.get_or_insert_with(Instant::now);
        match Pin::new(&mut this.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                this.wait = None;
                this.is_over |= frame.is_none();
                let bytes = frame.as_ref().map_or(0, bytes_of);
                this.activity.note_moving_body(bytes);
                if this.is_over || this.body.is_end_stream() {
                    this.activity.note_body_over();
                } else if bytes > 0 {
                    this.bytes += bytes;
                    if this.is_too_slow() {
                        return this.late();
                    }
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
