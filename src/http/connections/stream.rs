//! The bytes of a connection, and the activity they show.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use super::table::Activity;

/// Longest wait for a client that still sends unwanted data to read its answer.
const FAREWELL: Duration = Duration::from_secs(30);
/// A client that sends nothing for so long has read its answer, or never will.
const SILENCE: Duration = Duration::from_secs(1);

pub struct Stream {
    stream: TcpStream,
    activity: Arc<Activity>,
    /// Set once nothing more is written.
    farewell: Option<Farewell>,
}

struct Farewell {
    latest_end: Instant,
    end: Pin<Box<Sleep>>,
}

impl Stream {
    pub const fn new(stream: TcpStream, activity: Arc<Activity>) -> Self {
        Self { stream, activity, farewell: None }
    }

    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Pending => self.activity.note_blocked(),
            Poll::Ready(Ok(bytes)) => self.activity.note_written(*bytes),
            Poll::Ready(Err(_)) => {}
        }
        written
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, buffer));
        if buffer.filled().len() > before {
            self.activity.note_read();
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if flushed.is_ready() {
            self.activity.note_flushed();
        }
        flushed
    }

    /// Ends the writing side, then reads and discards what the client still sends. Closed at once,
    /// a client that is still sending would see a reset in place of the answer that says why.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let farewell = match &mut this.farewell {
            Some(farewell) => farewell,
            farewell => {
                ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
                let latest_end = Instant::now() + FAREWELL;
                farewell.insert(Farewell { latest_end, end: Box::pin(sleep(SILENCE)) })
            }
        };
        let mut bytes = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut this.stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    let end = farewell.latest_end.min(Instant::now() + SILENCE);
                    farewell.end.as_mut().reset(end);
                }
                // The client has closed it, too, or is gone.
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => return farewell.end.as_mut().poll(cx).map(Ok),
            }
            if farewell.end.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
