//! What the surface follows: nothing, or something that gives it another network again and again.
//!
//! In: the time. Out: [`Order`]s. A source says what is newest; the state asks when the frame before is shown, so that frames
//! are never starved, however fast the source and however slow the surface.

use super::glide::Glide;
use super::player::Player;
use super::training::Training;
use super::work::{Moment, Order};
use crate::complex::Window;
use crate::model::Model;
use crate::picture::stage::Stage;
use crate::timeline::Timeline;
use std::sync::Arc;
use std::time::Instant;

/// What the surface follows.
pub enum Source {
    /// Nothing.
    Still,
    /// A timeline.
    Player(Box<Player>),
    /// A model that takes the place of another.
    Glide(Glide),
    /// A network that is being trained.
    Training(Box<Training>),
}

impl Source {
    /// The way between several models, or the recorded training of one.
    pub(super) fn of(model: &Model, timeline: Option<Timeline>) -> Self {
        let player = match timeline {
            Some(timeline) => Some(Player::morph(Arc::new(timeline), model)),
            None => Player::training(model),
        };
        player.map_or(Self::Still, |player| Self::Player(Box::new(player)))
    }

    /// What is to be shown next, if it is not shown. `frame` is the window that stands for the whole plane.
    pub(super) fn next(&mut self, now: Instant, frame: Option<Window>) -> Option<Order> {
        match self {
            Self::Still => None,
            Self::Player(player) => {
                player.rest_at_end(now);
                let phase = player.phase(now);
                (player.shown != Some(phase)).then(|| player.order(phase, frame))
            }
            Self::Glide(glide) => glide.next(now).map(Order::Model),
            Self::Training(training) => training.take_newest().map(Order::Model),
        }
    }

    /// Whether there is always something next, without anybody's waking.
    pub(super) fn is_moving(&self) -> bool {
        match self {
            Self::Still | Self::Training(_) => false,
            Self::Player(player) => player.is_playing(),
            Self::Glide(glide) => !glide.is_over,
        }
    }

    /// The model that has come to its place.
    pub(super) fn arrived(&self) -> Option<Arc<Model>> {
        if let Self::Glide(glide) = self { glide.is_over.then(|| Arc::clone(&glide.target)) } else { None }
    }

    /// The same again: `model` is what is shown.
    pub(super) fn now(&mut self, model: &Arc<Model>, frame: Option<Window>) -> Order {
        match self {
            Self::Still | Self::Training(_) => Order::Model(Arc::clone(model)),
            // what was never shown is a fold that begins with the whole network
            Self::Player(player) => player.order(player.shown.unwrap_or(1.0), frame),
            Self::Glide(glide) => {
                glide.is_over = true;
                Order::Model(Arc::clone(&glide.target))
            }
        }
    }

    /// Stands.
    pub(super) fn pause(&mut self, now: Instant) {
        match self {
            Self::Player(player) => player.pause(now),
            Self::Training(training) => training.run(false),
            Self::Still | Self::Glide(_) => {}
        }
    }

    /// Keeps what the surfaces have in common. Whether that is new.
    pub(super) fn set_stage(&mut self, stage: Option<Arc<Stage>>) -> bool {
        let (Self::Player(player), Some(stage)) = (self, stage) else { return false };
        let is_known = player.stage.as_ref().is_some_and(|known| Arc::ptr_eq(known, &stage));
        player.timeline = player.timeline.up_to_layer(stage.course.asked.layers);
        player.stage = Some(stage);
        !is_known
    }
}

impl Player {
    /// The surface at a phase.
    pub(super) fn order(&mut self, phase: f64, frame: Option<Window>) -> Order {
        self.shown = Some(phase);
        Order::Moment(self.at(phase, frame))
    }

    /// The surface at a phase of its own window.
    pub(super) fn moment(&mut self, phase: f64) -> Moment {
        self.shown = Some(phase);
        self.at(phase, None)
    }

    fn at(&self, phase: f64, frame: Option<Window>) -> Moment {
        let (timeline, base) = (Arc::clone(&self.timeline), Arc::clone(&self.base));
        Moment { timeline, base, range: self.range, phase, stage: self.stage.clone(), frame }
    }
}
