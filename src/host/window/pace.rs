//! How sharp a moving picture is drawn, so that it keeps following the hand where drawing is slow.
//!
//! In: when the picture changes and how long frames take. Out: [`Sharpness`] of the next picture, and when a coarse one is to
//! be followed by a sharp one. What stands still is always sharp.

use std::time::{Duration, Instant};

/// A sharp frame that takes longer makes moving pictures coarse.
const SLOW: Duration = Duration::from_millis(50);
/// A coarse frame has a quarter of the pixels: if it is as fast as this, sharp ones are fast enough again.
const FAST: Duration = Duration::from_millis(10);
/// What has not changed for so long after it was drawn stands still.
const REST: Duration = Duration::from_millis(150);

/// How a picture is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sharpness {
    /// A pixel for every pixel of the window.
    Full,
    /// Half as many in both directions.
    Half,
}

pub(super) struct Pace {
    is_slow: bool,
    last_change: Option<Instant>,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { is_slow: false, last_change: None }
    }

    /// For a picture that differs from the last one.
    pub(super) fn changed(&mut self, now: Instant) -> Sharpness {
        let last = self.last_change.replace(now);
        let moves = last.is_some_and(|last| now.saturating_duration_since(last) < REST);
        if moves && self.is_slow { Sharpness::Half } else { Sharpness::Full }
    }

    /// How long a frame took in which a picture was drawn.
    pub(super) fn took(&mut self, sharpness: Sharpness, time: Duration) {
        // while it was drawn it could not change
        self.last_change = self.last_change.map(|last| last + time);
        self.is_slow = match sharpness {
            Sharpness::Full => time > SLOW,
            Sharpness::Half => time > FAST,
        };
    }

    /// How long to wait until a picture that stands still is drawn sharp; zero is now.
    pub(super) fn until_rest(&self, now: Instant) -> Duration {
        self.last_change.map_or(Duration::ZERO, |last| (last + REST).saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn only_what_moves_and_is_slow_is_coarse() {
        let (mut pace, start) = (Pace::new(), Instant::now());
        assert_eq!(pace.changed(start), Sharpness::Full, "the first picture");
        pace.took(Sharpness::Full, 400 * MS);
        assert_eq!(pace.changed(start + 400 * MS), Sharpness::Half, "however long it took to draw");
        pace.took(Sharpness::Half, 35 * MS);
        assert_eq!(pace.changed(start + 440 * MS), Sharpness::Half);
        pace.took(Sharpness::Half, 35 * MS);
        assert_eq!(pace.until_rest(start + 500 * MS), 125 * MS);
        assert_eq!(pace.until_rest(start + 700 * MS), Duration::ZERO);
        assert_eq!(pace.changed(start + 900 * MS), Sharpness::Full, "after a rest");
    }

    #[test]
    fn a_fast_machine_is_always_sharp_and_one_that_gets_fast_is_sharp_again() {
        let (mut pace, start) = (Pace::new(), Instant::now());
        for i in 0..10 {
            assert_eq!(pace.changed(start + i * 16 * MS), Sharpness::Full);
            pace.took(Sharpness::Full, 4 * MS);
        }
        pace.took(Sharpness::Full, 60 * MS);
        assert_eq!(pace.changed(start + 160 * MS), Sharpness::Half);
        pace.took(Sharpness::Half, 4 * MS);
        assert_eq!(pace.changed(start + 176 * MS), Sharpness::Full);
    }
}
