//! From time to phase: easing, going round, there and back.

/// How a way is paced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Easing {
    /// Evenly.
    Linear,
    /// Slow at both ends: `s^2 (3 - 2 s)`.
    #[default]
    Smooth,
}

impl Easing {
    /// The paced share of a share `s` in `[0, 1]`; 0 at 0 and 1 at 1.
    #[must_use]
    pub fn at(self, s: f64) -> f64 {
        match self {
            Self::Linear => s,
            Self::Smooth => s * s * (3.0 - 2.0 * s),
        }
    }

    /// The share whose paced share is `y` in `[0, 1]`.
    #[must_use]
    pub fn inverse(self, y: f64) -> f64 {
        match self {
            Self::Linear => y,
            // at the ends the sine's rounding differs from machine to machine
            Self::Smooth if y <= 0.0 || y >= 1.0 => y.clamp(0.0, 1.0),
            // the cubic's middle root
            Self::Smooth => 0.5 - ((1.0 - 2.0 * y).clamp(-1.0, 1.0).asin() / 3.0).sin(),
        }
    }
}

/// What comes after the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeat {
    /// Nothing: it stays there.
    Once,
    /// The beginning.
    #[default]
    Loop,
    /// The way back.
    PingPong,
}

/// A timeline that is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playback {
    /// Seconds from phase 0 to phase 1, greater than 0.
    pub seconds: f64,
    pub repeat: Repeat,
}

impl Playback {
    /// The phase after `time` seconds of playing from phase 0. Times before 0 are before the beginning: there it stays, or
    /// it came round or back from the end.
    #[must_use]
    pub fn phase(&self, time: f64) -> f64 {
        let turns = time / self.seconds;
        match self.repeat {
            _ if !turns.is_finite() => 0.0,
            Repeat::Once => turns.clamp(0.0, 1.0),
            Repeat::Loop if turns == 1.0 => 1.0,
            Repeat::Loop => turns.rem_euclid(1.0),
            Repeat::PingPong => 1.0 - (turns.rem_euclid(2.0) - 1.0).abs(),
        }
    }

    /// Whether it stays where it is from `time` on.
    #[must_use]
    pub fn is_over(&self, time: f64) -> bool {
        self.repeat == Repeat::Once && time >= self.seconds
    }

    /// The phase at a share `time` (0 to 1) of a way that rests at the phases `rests` (ascending), at each for the share
    /// `pause` of the whole time; in between it goes evenly. `pause * rests.len()` is below 1.
    #[must_use]
    pub fn resting(time: f64, rests: &[f64], pause: f64) -> f64 {
        let moving = 1.0 - pause * rests.len() as f64;
        for (k, &rest) in rests.iter().enumerate() {
            let before = pause * k as f64;
            let arrival = rest * moving + before;
            if time < arrival {
                return (time - before) / moving;
            }
            if time <= arrival + pause {
                return rest;
            }
        }
        ((time - 1.0) / moving + 1.0).clamp(0.0, 1.0)
    }

    /// The phases of `n` frames of a film that is shown at an even rate. A loop or a way there and back does not show its
    /// joint twice, so that its end goes over into its beginning; `is_closed` says that phases 0 and 1 look alike.
    #[must_use]
    pub fn phases(n: usize, repeat: Repeat, is_closed: bool) -> Vec<f64> {
        let inclusive = n.saturating_sub(1).max(1) as f64;
        let at = |i: usize| match repeat {
            Repeat::PingPong => Self { seconds: n as f64 / 2.0, repeat }.phase(i as f64),
            Repeat::Loop if is_closed => i as f64 / n as f64,
            Repeat::Loop | Repeat::Once => i as f64 / inclusive,
        };
        (0..n).map(at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_round_there_and_back_or_stops() {
        let at = |repeat, times: &[f64]| times.iter().map(|&t| Playback { seconds: 4.0, repeat }.phase(t)).collect::<Vec<_>>();
        let times = [-1.0, 0.0, 1.0, 4.0, 5.0, 8.0, 9.0];
        assert_eq!(at(Repeat::Once, &times), [0.0, 0.0, 0.25, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(at(Repeat::Loop, &times), [0.75, 0.0, 0.25, 1.0, 0.25, 0.0, 0.25]);
        assert_eq!(at(Repeat::PingPong, &times), [0.25, 0.0, 0.25, 1.0, 0.75, 0.0, 0.25]);
    }

    #[test]
    fn an_easing_can_be_undone() {
        for easing in [Easing::Linear, Easing::Smooth] {
            assert_eq!((easing.inverse(0.0), easing.inverse(1.0)), (0.0, 1.0));
            // some roundings of numbers up to 1
            assert!((0..=20).map(|i| f64::from(i) / 20.0).all(|s| (easing.inverse(easing.at(s)) - s).abs() < 1e-12));
        }
    }

    #[test]
    fn a_way_rests_where_it_should_and_goes_evenly_between() {
        let at = |time| Playback::resting(time, &[0.0, 0.5, 1.0], 0.2);
        assert_eq!([0.0, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0].map(at), [0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 1.0, 1.0]);
        assert!((at(0.3) - 0.25).abs() < 1e-12 && (at(0.7) - 0.75).abs() < 1e-12);
        assert_eq!([0.0, 0.25, 1.0].map(|time| Playback::resting(time, &[], 0.25)), [0.0, 0.25, 1.0]);
    }

    #[test]
    fn films_show_their_joint_once() {
        assert_eq!(Playback::phases(5, Repeat::Once, false), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(Playback::phases(4, Repeat::Loop, true), [0.0, 0.25, 0.5, 0.75]);
        assert_eq!(Playback::phases(4, Repeat::PingPong, false), [0.0, 0.5, 1.0, 0.5]);
        assert_eq!(Playback::phases(1, Repeat::Once, false), [0.0]);
    }
}
