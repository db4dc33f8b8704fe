//! Capture of the server's log during a test.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, Once};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Instrument as _, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

/// The fields of one line of the log; `message` is one of them.
pub type Line = BTreeMap<&'static str, String>;

/// Number of a spectator. A span's id is no such number: the next span gets it again, and with it
/// lines that came late.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Spectator(u64);

static LINES: LazyLock<Mutex<Vec<(Spectator, Line)>>> = LazyLock::new(Mutex::default);

/// Time without another line after which no more are expected.
const QUIET: Duration = Duration::from_millis(60);

/// Does the work; returns with its result the lines it logged, and no others: tests run at the same time.
pub async fn during<T>(work: impl Future<Output = T>) -> (T, Vec<Line>) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    start();
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let span = tracing::info_span!(target: "spectator", "looking on", spectator = number);
    let done = work.instrument(span).await;
    let spectator = Spectator(number);
    until_quiet(spectator).await;

    let mut lines = LINES.lock().expect("no test has panicked here");
    let own = lines.extract_if(.., |(seen_by, _)| *seen_by == spectator).map(|(_, line)| line).collect();
    (done, own)
}

/// SQLite's thread writes the last lines a moment after it has answered.
async fn until_quiet(spectator: Spectator) {
    let count = || {
        let lines = LINES.lock().expect("no test has panicked here");
        lines.iter().filter(|(seen_by, _)| *seen_by == spectator).count()
    };
    let mut known = count();
    loop {
        tokio::time::sleep(QUIET).await;
        let now = count();
        if now == known {
            return;
        }
        known = now;
    }
}

fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let wanted = Targets::new()
            .with_target("fixdesk", Level::INFO)
            .with_target("security", Level::INFO)
            .with_target("spectator", Level::INFO)
            .with_target("sqlx::query", Level::DEBUG);
        let subscriber = Registry::default().with(Recorder.with_filter(wanted));
        tracing::subscriber::set_global_default(subscriber).expect("no other is set");
    });
}

struct Recorder;

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields(Line::new());
        attributes.record(&mut fields);
        let number = fields.0.get("spectator").and_then(|number| number.parse().ok());
        if let Some((span, number)) = context.span(id).zip(number) {
            span.extensions_mut().insert(Spectator(number));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut spans = context.event_scope(event).into_iter().flatten();
        let Some(spectator) = spans.find_map(|span| span.extensions().get::<Spectator>().copied()) else {
            return;
        };
        let mut fields = Fields(Line::new());
        event.record(&mut fields);
        LINES.lock().expect("no test has panicked here").push((spectator, fields.0));
    }
}

struct Fields(Line);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
