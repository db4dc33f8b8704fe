//! Refusals of newcomers who find no place, sent before a request is read.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::table::Full;
use crate::domain::locale::Locale;
use crate::text;

/// Refusals at a time; any connection beyond is closed unanswered.
const AT_A_TIME: usize = 32;
const PATIENCE: Duration = Duration::from_secs(1);
const RETRY_AFTER_SECONDS: u64 = 5;

pub struct Refusals(Arc<Semaphore>);

impl Default for Refusals {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }
}

impl Refusals {
    pub fn refuse(&self, full: Full, stream: TcpStream) {
        let Ok(turn) = Arc::clone(&self.0).try_acquire_owned() else { return };
        tokio::spawn(async move {
            let _ = timeout(PATIENCE, send(full, stream)).await;
            drop(turn);
        });
    }
}

async fn send(full: Full, mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(answer(full).as_bytes()).await?;
    stream.shutdown().await?;
    // Closing with a request unread would discard the answer.
    let mut unread = [0; 1024];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

/// Bilingual response: no language is known yet.
fn answer(full: Full) -> String {
    let status = match full {
        Full::Server => "503 Service Unavailable",
        Full::Address => "429 Too Many Requests",
    };
    let sentences = [Locale::ZhCn, Locale::En].map(|locale| text::of(locale).problem().busy);
    let body = format!("{}\n", sentences.map(|say| say(RETRY_AFTER_SECONDS)).join("\n"));
    format!(
        "HTTP/1.1 {status}\r\nretry-after: {RETRY_AFTER_SECONDS}\r\nconnection: close\r\n\
         cache-control: no-store\r\ncontent-type: text/plain; charset=utf-8\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}
