//! Capture of the server's log during a test.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{LazyLock, Mutex, Once};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::Id;
use tracing::{Event, Instrument as _, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

/// The fields of one line of the log; `message` is one of them.
pub type Line = BTreeMap<&'static str, String>;

static LINES: LazyLock<Mutex<Vec<(Id, Line)>>> = LazyLock::new(Mutex::default);

/// Does the work; returns with its result the lines it logged, and no others: tests run at the same time.
pub async fn during<T>(work: impl Future<Output = T>) -> (T, Vec<Line>) {
    start();
    let span = tracing::info_span!(target: "spectator", "looking on");
    let id = span.id().expect("the span is enabled");
    let done = work.instrument(span.clone()).await;
    // SQLite's thread writes the last line a moment after it has answered.
    tokio::time::sleep(Duration::from_millis(50)).await;

    let mut lines = LINES.lock().expect("no test has panicked here");
    let own = lines.extract_if(.., |(seen_by, _)| *seen_by == id).map(|(_, line)| line).collect();
    (done, own)
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
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(spectator) =
            context.event_scope(event).into_iter().flatten().find(|span| span.name() == "looking on")
        else {
            return;
        };
        let mut fields = Fields(Line::new());
        event.record(&mut fields);
        LINES.lock().expect("no test has panicked here").push((spectator.id(), fields.0));
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
