//! A camera's way from one pose to another.
//!
//! In: both poses and the time. Out: the pose in between, smooth at both ends.

use crate::render::camera::Camera;
use std::time::{Duration, Instant};

/// How long a camera takes from pose to pose.
pub const EASING: Duration = Duration::from_millis(400);

/// A camera under way.
#[derive(Debug, Clone)]
pub struct Motion {
    from: Camera,
    to: Camera,
    start: Instant,
}

impl Motion {
    #[must_use]
    pub fn new(from: Camera, to: Camera, start: Instant) -> Self {
        Self { from, to, start }
    }

    /// The pose at `now`, and whether the way goes on.
    #[must_use]
    pub fn at(&self, now: Instant) -> (Camera, bool) {
        let share = now.saturating_duration_since(self.start).as_secs_f32() / EASING.as_secs_f32();
        if share >= 1.0 { (self.to, false) } else { (Camera::lerp(&self.from, &self.to, smooth(share)), true) }
    }

    /// Where it ends.
    #[must_use]
    pub fn target(&self) -> &Camera {
        &self.to
    }
}

/// Rises from 0 to 1 without a jump in speed.
fn smooth(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_motion_starts_and_ends_at_its_poses_and_rises_between() {
        let start = Instant::now();
        let from = Camera::default();
        let to = Camera { elevation_deg: 80.0, ..from };
        let motion = Motion::new(from, to, start);
        assert_eq!(motion.at(start), (from, true));
        assert_eq!(motion.at(start + EASING), (to, false));
        let elevations: Vec<_> = (0..=8).map(|i| motion.at(start + EASING * i / 8).0.elevation_deg).collect();
        assert!(elevations.is_sorted(), "{elevations:?}");
        let steps: Vec<_> = elevations.windows(2).map(|e| e[1] - e[0]).collect();
        assert!(steps[0] < steps[3] && steps[7] < steps[4], "slow at both ends: {steps:?}");
    }
}
