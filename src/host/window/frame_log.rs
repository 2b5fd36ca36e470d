//! Times of frames, for whoever asks with `RUST_LOG=foldscape=debug`.
//!
//! In: when each frame began. Out: a line of the log for each frame on the screen, one for the first with a surface, and one
//! whenever nothing more is due: from then on the window uses no processor time. Tests wait for these lines.

use std::time::{Duration, Instant};

pub(super) struct FrameLog {
    opened: Instant,
    last: Instant,
    n_frames: u64,
    has_surface: bool,
}

impl FrameLog {
    /// `opened`: when the window was asked for.
    pub(super) fn new(opened: Instant) -> Self {
        Self { opened, last: opened, n_frames: 0, has_surface: false }
    }

    /// A frame is on the screen that began then.
    pub(super) fn shown(&mut self, began: Instant, has_surface: bool) {
        self.n_frames += 1;
        let since = began - std::mem::replace(&mut self.last, began);
        log::debug!("frame {} took {:.1} ms, {:.1} ms after the one before", self.n_frames, ms(began.elapsed()), ms(since));
        if has_surface && !std::mem::replace(&mut self.has_surface, true) {
            log::debug!("the first surface is there {:.0} ms after the window was asked for", ms(self.opened.elapsed()));
        }
    }

    /// No further frame is due.
    pub(super) fn at_rest(&self) {
        log::debug!("at rest after frame {}", self.n_frames);
    }
}

fn ms(time: Duration) -> f64 {
    1000.0 * time.as_secs_f64()
}
