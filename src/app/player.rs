//! A timeline that is played: where it is at every time.
//!
//! In: a [`Timeline`], what the person does with it ([`Play`]), the time. Out: the phase to be shown. The bar of the timeline is
//! its time: the player goes along it evenly, and the easing says which phase of the timeline is shown there. Computes no
//! surface and reads no clock.

use crate::model::Model;
use crate::picture::stage::{Range, Stage};
use crate::timeline::{Easing, FoldOrder, Playback, Repeat, Timeline, TimelineError};
use std::sync::Arc;
use std::time::Instant;

/// Least and greatest factor on the speed.
pub const SPEED: [f64; 2] = [0.1, 10.0];
/// Steps of the arrow keys from one end to the other, where the key frames are not closer.
const STEPS: usize = 100;
/// Seconds from end to end at speed 1: for each way between two models, for a recorded training, for a fold, for a scene of the tour.
const WAY_SECONDS: f64 = 4.0;
const TRAINING_SECONDS: f64 = 12.0;
const FOLD_SECONDS: f64 = 5.0;
const JOURNEY_SECONDS: f64 = 10.0;
/// Turns of a playback whose one turn is the whole bar.
const TURN: f64 = 1.0;

/// What a person does with a timeline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Play {
    /// Plays or stands; what has come to its end begins anew.
    Toggle,
    /// Stands so many steps further on (or back).
    Step(i32),
    /// Goes to a place of the bar, 0 to 1, and goes on from there if it was playing.
    Seek(f64),
    Repeat(Repeat),
    Speed(f64),
    Easing(Easing),
}

/// A timeline with its place and pace.
#[derive(Debug, Clone)]
pub struct Player {
    pub timeline: Arc<Timeline>,
    /// What its networks have in common: activation, window, metadata.
    pub base: Arc<Model>,
    /// How the surfaces are scaled.
    pub range: Range,
    /// How it is folded or revealed, if it is.
    pub fold: Option<FoldOrder>,
    pub repeat: Repeat,
    pub easing: Easing,
    pub speed: f64,
    /// Seconds from end to end at speed 1.
    seconds: f64,
    /// Turns played: up to `since`, or up to now while it stands.
    turns: f64,
    /// When it began to run.
    since: Option<Instant>,
    /// What all its surfaces have in common, once it was looked at.
    pub stage: Option<Arc<Stage>>,
    /// The phase that was asked for last.
    pub shown: Option<f64>,
}

impl Player {
    /// The way between several models; stands at the beginning.
    #[must_use]
    pub fn morph(timeline: Arc<Timeline>, base: &Model) -> Self {
        let n_ways = timeline.keys().len().saturating_sub(1).max(1);
        let repeat = if timeline.is_closed() { Repeat::Loop } else { Repeat::PingPong };
        let player = Self::new(timeline, base, Range::Common, (WAY_SECONDS * n_ways as f64, repeat, Easing::Smooth));
        Self { shown: Some(0.0), ..player }
    }

    /// A recorded training; stands at its end, the trained network. `None` where the model holds none.
    #[must_use]
    pub fn training(model: &Model) -> Option<Self> {
        let timeline = Arc::new(Timeline::training(model).ok()?);
        let player = Self::new(timeline, model, Range::Common, (TRAINING_SECONDS, Repeat::Once, Easing::Linear));
        Some(Self { turns: TURN, shown: Some(1.0), ..player })
    }

    /// A network being folded or revealed; runs from its end, the whole network, back and forth.
    ///
    /// # Errors
    /// [`TimelineError::NoHidden`].
    pub fn fold(model: &Model, order: FoldOrder, now: Instant) -> Result<Self, TimelineError> {
        let timeline = Arc::new(Timeline::fold(&model.name, model.network.clone(), order)?);
        let player = Self::new(timeline, model, Range::Own, (FOLD_SECONDS, Repeat::PingPong, Easing::Smooth));
        Ok(Self { fold: Some(order), turns: TURN, since: Some(now), ..player })
    }

    /// A way that is shown once, from `phase` on; stands there.
    #[must_use]
    pub fn journey(timeline: Arc<Timeline>, base: &Model, range: Range, phase: f64) -> Self {
        let player = Self::new(timeline, base, range, (JOURNEY_SECONDS, Repeat::Once, Easing::Smooth));
        Self { turns: player.timeline.unpaced(phase, player.easing), shown: Some(phase), ..player }
    }

    fn new(timeline: Arc<Timeline>, model: &Model, range: Range, (seconds, repeat, easing): (f64, Repeat, Easing)) -> Self {
        let base = Arc::new(model.without_history());
        let (turns, speed) = (0.0, 1.0);
        Self { timeline, base, range, fold: None, repeat, easing, speed, seconds, turns, since: None, stage: None, shown: None }
    }

    /// How long it takes from its beginning until it begins again, or stands.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        let ways = if self.repeat == Repeat::PingPong { 2.0 } else { 1.0 };
        ways * self.seconds / self.speed
    }

    /// Whether it is running.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.since.is_some()
    }

    fn turns(&self, now: Instant) -> f64 {
        let running = self.since.map_or(0.0, |since| now.saturating_duration_since(since).as_secs_f64());
        self.turns + running * self.speed / self.seconds
    }

    fn playback(&self) -> Playback {
        Playback { seconds: TURN, repeat: self.repeat }
    }

    /// Where it is on the bar, 0 to 1.
    #[must_use]
    pub fn place(&self, now: Instant) -> f64 {
        self.playback().phase(self.turns(now))
    }

    /// The phase of the timeline there.
    #[must_use]
    pub fn phase(&self, now: Instant) -> f64 {
        self.timeline.paced(self.place(now), self.easing)
    }

    /// Does it.
    pub fn play(&mut self, what: Play, now: Instant) {
        match what {
            Play::Toggle => self.toggle(now),
            Play::Step(steps) => self.step(steps, now),
            Play::Seek(place) => self.seek(place, now),
            Play::Repeat(repeat) => {
                let place = self.place(now);
                self.repeat = repeat;
                self.seek(place, now);
            }
            Play::Speed(speed) => {
                self.turns = self.turns(now);
                self.since = self.since.map(|_| now);
                self.speed = speed.clamp(SPEED[0], SPEED[1]);
            }
            Play::Easing(easing) => {
                // what is shown stays
                let phase = self.phase(now);
                self.easing = easing;
                self.seek(self.timeline.unpaced(phase, easing), now);
            }
        }
    }

    fn toggle(&mut self, now: Instant) {
        if self.is_playing() {
            self.pause(now);
        } else {
            if self.playback().is_over(self.turns) {
                self.turns = 0.0;
            }
            self.since = Some(now);
        }
    }

    /// Stands where it is.
    pub fn pause(&mut self, now: Instant) {
        self.turns = self.turns(now);
        self.since = None;
    }

    /// Stands where it came to its end.
    pub fn rest_at_end(&mut self, now: Instant) {
        if self.playback().is_over(self.turns(now)) {
            (self.turns, self.since) = (TURN, None);
        }
    }

    fn seek(&mut self, place: f64, now: Instant) {
        self.turns = place.clamp(0.0, 1.0);
        self.since = self.since.map(|_| now);
    }

    fn step(&mut self, steps: i32, now: Instant) {
        let mut place = self.place(now);
        let stops = self.stops();
        for _ in 0..steps.abs() {
            let next = if steps > 0 { stops.iter().find(|&&stop| stop > place) } else { stops.iter().rev().find(|&&stop| stop < place) };
            place = next.copied().unwrap_or(place);
        }
        (self.turns, self.since) = (place, None);
    }

    /// Where a step can end: at every key frame, and in between where they are far apart. Ascending.
    fn stops(&self) -> Vec<f64> {
        let keys = self.timeline.keys();
        let between = (0..=STEPS).map(|i| i as f64 / STEPS as f64).filter(|_| keys.len() <= STEPS);
        let mut stops: Vec<f64> = keys.iter().copied().chain(between).collect();
        stops.sort_by(f64::total_cmp);
        stops.dedup();
        stops
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use std::time::Duration;

    /// A fold of 5 seconds, evenly paced, that stands at its beginning.
    fn player(repeat: Repeat) -> (Player, Instant) {
        let start = Instant::now();
        let mut player = Player::fold(&model::builtin(), FoldOrder::Together, start).expect("it has hidden layers");
        player.pause(start);
        player.play(Play::Easing(Easing::Linear), start);
        player.play(Play::Repeat(repeat), start);
        player.play(Play::Seek(0.0), start);
        (player, start)
    }

    fn close(a: f64, b: f64) -> bool {
        // some roundings of numbers of order one
        (a - b).abs() < 1e-12
    }

    #[test]
    fn it_plays_stands_and_is_put_elsewhere() {
        let (mut player, start) = player(Repeat::Once);
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        assert_eq!((player.phase(at(9.0)), player.is_playing()), (0.0, false));
        player.play(Play::Toggle, start);
        assert!(close(player.phase(at(1.0)), 0.2));
        player.play(Play::Speed(0.5), at(1.0));
        assert!(close(player.phase(at(1.0)), 0.2) && close(player.phase(at(3.0)), 0.4));
        player.play(Play::Seek(0.75), at(3.0));
        assert!(close(player.phase(at(4.0)), 0.85), "it goes on from there");
        player.rest_at_end(at(5.4));
        assert!(player.is_playing());
        player.rest_at_end(at(6.0));
        assert_eq!((player.phase(at(99.0)), player.is_playing()), (1.0, false));
        player.play(Play::Toggle, at(99.0));
        assert_eq!(player.phase(at(99.0)), 0.0, "from the end it begins anew");
    }

    #[test]
    fn another_pace_keeps_what_is_shown() {
        let (mut player, start) = player(Repeat::PingPong);
        player.play(Play::Toggle, start);
        let on_the_way_back = start + Duration::from_secs(6);
        player.play(Play::Repeat(Repeat::Loop), on_the_way_back);
        assert!(close(player.phase(on_the_way_back), 0.8));
        player.play(Play::Easing(Easing::Smooth), on_the_way_back);
        assert!(close(player.phase(on_the_way_back), 0.8) && player.place(on_the_way_back) < 0.75);
    }

    #[test]
    fn steps_end_at_key_frames_and_stop_at_both_ends() {
        let (mut player, start) = player(Repeat::Loop);
        player.timeline = Arc::new(Timeline::fold("rings", player.base.network.clone(), FoldOrder::LayerByLayer).expect("it has layers"));
        player.play(Play::Toggle, start);
        player.play(Play::Seek(0.245), start);
        for (steps, place) in [(1, 0.25), (1, 0.26), (-2, 0.24), (200, 1.0), (1, 1.0), (-200, 0.0), (-1, 0.0)] {
            player.play(Play::Step(steps), start);
            assert_eq!((player.place(start), player.is_playing()), (place, false), "{steps}");
        }
    }
}
