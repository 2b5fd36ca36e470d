//! A progress bar on standard error, on a terminal only, and only for work that takes longer than 0.3 s.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(300);
const STEPS: u64 = 1000;

/// A bar for a share of work from 0 to 1; it disappears when dropped.
pub(super) struct Progress {
    started: Instant,
    bar: ProgressBar,
}

impl Progress {
    pub(super) fn new(what: &str) -> Self {
        Self::with_template(what, "{msg} {wide_bar} {percent} %  {elapsed}")
    }

    /// A bar that says how long it will still take.
    pub(super) fn with_time_left(what: &str) -> Self {
        Self::with_template(what, "{msg} {wide_bar} {percent} %  {elapsed}, {eta} left")
    }

    fn with_template(what: &str, template: &str) -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(STEPS) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self { started: Instant::now(), bar }
    }

    /// Says something else before the bar.
    pub(super) fn say(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    /// Whether anybody sees the bar.
    pub(super) fn is_seen(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Sets the share that is done.
    pub(super) fn set(&self, share: f64) {
        if self.started.elapsed() > PATIENCE {
            self.bar.set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
