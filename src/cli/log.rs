//! The server's log. Lines that cannot be written are lost and counted; no caller waits for them or
//! fails with them.

use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use tracing_subscriber::EnvFilter;

/// Lines that may wait for a slow device; more are lost.
const WAITING_LINES: usize = 4096;
/// Wait before a device that takes nothing is tried again.
const RETRY: Duration = Duration::from_millis(20);
/// Time to write waiting lines when the program ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// Queue of the writing thread.
#[derive(Clone)]
pub struct Log {
    queue: SyncSender<Piece>,
    lost: Arc<AtomicU64>,
}

enum Piece {
    Line(Vec<u8>),
    /// Answered once all lines before it are written or lost.
    Flush(SyncSender<()>),
}

/// Starts to log to standard error: for people on a terminal, else for machines. Panics are logged too.
pub fn start() -> Log {
    let (queue, pieces) = sync_channel(WAITING_LINES);
    let log = Log { queue, lost: Arc::default() };
    let lost = Arc::clone(&log.lost);
    thread::spawn(move || {
        write_out(&pieces, &mut io::stderr(), &lost, |lost| {
            tracing::warn!(lost, "lines of the log could not be written since the start");
        })
    });

    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = log.clone();
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || lines.clone());
    if io::stderr().is_terminal() {
        subscriber.compact().with_target(false).init();
    } else {
        subscriber.json().init();
    }
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or_default();
        tracing::error!(message, at, "a panic");
    }));
    log
}

impl Log {
    /// Waits briefly for the lines that are still queued.
    pub fn flush(&self) {
        let (done, written) = sync_channel(1);
        if self.queue.try_send(Piece::Flush(done)).is_ok() {
            let _ = written.recv_timeout(FAREWELL);
        }
    }
}

/// Queues a whole line; never fails and never waits.
impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.queue.try_send(Piece::Line(line.to_vec())).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes queued lines for as long as there are loggers. `tell` gets the number of lost lines once
/// writing works again.
fn write_out(pieces: &Receiver<Piece>, out: &mut impl Write, lost: &AtomicU64, tell: impl Fn(u64)) {
    let mut told = 0;
    let mut is_half = false;
    for piece in pieces {
        let mut line = match piece {
            Piece::Flush(done) => {
                let _ = done.send(());
                continue;
            }
            Piece::Line(line) => line,
        };
        if is_half {
            line.insert(0, b'\n');
        }
        let written = write_all(out, &line);
        if written < line.len() {
            is_half |= written > 0;
            lost.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        is_half = false;
        let now = lost.load(Ordering::Relaxed);
        if now > told {
            told = now;
            tell(now);
        }
    }
}

/// Writes as much as possible; returns the number of bytes. Waits for a device that takes nothing just now.
fn write_all(out: &mut impl Write, bytes: &[u8]) -> usize {
    let mut written = 0;
    while written < bytes.len() {
        match out.write(&bytes[written..]) {
            Ok(0) => break,
            Ok(more) => written += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(RETRY),
            Err(_) => break,
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A device with room for so many bytes, which is emptied after some refusals.
    struct Device {
        room: usize,
        refusals: usize,
        written: Vec<u8>,
    }

    impl Write for Device {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.room == 0 && self.refusals > 0 {
                self.refusals -= 1;
                return Err(ErrorKind::StorageFull.into());
            }
            let taken = if self.refusals > 0 { bytes.len().min(self.room) } else { bytes.len() };
            self.room -= taken.min(self.room);
            self.written.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_cannot_be_written_are_lost_counted_and_told_once() {
        let (queue, pieces) = sync_channel(WAITING_LINES);
        let mut log = Log { queue, lost: Arc::default() };
        for line in ["first\n", "second\n", "third\n", "fourth\n", "fifth\n"] {
            log.write_all(line.as_bytes()).expect("never fails");
        }
        let lost = Arc::clone(&log.lost);
        drop(log);
        let mut device = Device { room: 9, refusals: 2, written: Vec::new() };
        let told = std::cell::RefCell::new(Vec::new());

        write_out(&pieces, &mut device, &lost, |lost| told.borrow_mut().push(lost));

        assert_eq!(String::from_utf8_lossy(&device.written), "first\nsec\nfourth\nfifth\n");
        assert_eq!(*told.borrow(), [2]);
    }

    #[test]
    fn whoever_logs_never_waits() {
        let (queue, pieces) = sync_channel(1);
        let mut log = Log { queue, lost: Arc::default() };

        for _ in 0..10 {
            log.write_all(b"a line\n").expect("never fails");
        }

        assert_eq!(log.lost.load(Ordering::Relaxed), 9);
        drop(pieces);
        log.flush();
        log.write_all(b"a line\n").expect("nor without a writer");
    }
}
