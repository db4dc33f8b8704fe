//! Progress bars of long work, drawn only on a terminal.

use std::fmt;
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Low: a redraw costs more than a row.
const DRAWS_PER_SECOND: u8 = 10;

/// Counts things of a known total.
pub fn of_count(total: u64, what: &'static str) -> ProgressBar {
    bar(Some(total), "{msg} [{bar:32}] {human_pos}/{human_len}  {rate}  {eta} left").with_message(what)
}

/// Counts things of an unknown total.
pub fn of_unknown(what: &'static str) -> ProgressBar {
    let bar = bar(None, "{msg} {spinner} {human_pos}  {rate}").with_message(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

pub fn of_bytes(total: u64, what: &'static str) -> ProgressBar {
    bar(Some(total), "{msg} [{bar:32}] {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left").with_message(what)
}

/// Shows a last step without measure.
pub fn finishing(bar: &ProgressBar, what: &'static str) {
    bar.set_style(style("{msg} {spinner} {elapsed}"));
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(200));
}

fn bar(total: Option<u64>, template: &str) -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(DRAWS_PER_SECOND);
    ProgressBar::with_draw_target(total, target).with_style(style(template))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the template is well formed")
        .with_key("rate", |state: &ProgressState, out: &mut dyn fmt::Write| {
            let _ = write!(out, "{}/s", HumanCount(state.per_sec() as u64));
        })
        .progress_chars("=> ")
}
