//! The way from what is shown to a model that takes its place, so that nothing jumps.
//!
//! In: a network, a model of the same architecture, the time. Out: the networks in between, each to be shown with its own exact
//! complex, and the model itself at the end.

use crate::model::Model;
use crate::network::Network;
use crate::timeline::{Easing, Keyframe, Timeline};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the way takes.
const TIME: Duration = Duration::from_millis(500);

/// A surface on its way to another one.
#[derive(Debug)]
pub struct Glide {
    way: Timeline,
    start: Instant,
    pub target: Arc<Model>,
    /// The target itself was handed out.
    pub is_over: bool,
}

impl Glide {
    /// From a network to a model, from now on. `None` where their architectures differ.
    #[must_use]
    pub fn new(from: &Network, target: Arc<Model>, now: Instant) -> Option<Self> {
        let frames = [from, &target.network].map(|network| Keyframe::new(&target.name, network.clone()));
        let way = Timeline::morph(frames.to_vec(), Easing::Smooth).ok()?;
        Some(Self { way, start: now, target, is_over: false })
    }

    /// What is to be shown at `now`, the target last and once.
    pub fn next(&mut self, now: Instant) -> Option<Arc<Model>> {
        if self.is_over {
            return None;
        }
        let share = now.saturating_duration_since(self.start).as_secs_f64() / TIME.as_secs_f64();
        let between = if share < 1.0 { self.way.network(share).ok() } else { None };
        self.is_over = between.is_none();
        Some(between.map_or_else(|| Arc::clone(&self.target), |network| Arc::new(Model { network, ..self.target.without_history() })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn it_goes_from_one_to_the_other_and_ends_with_the_model_itself() {
        let (target, now) = (Arc::new(model::builtin()), Instant::now());
        let from = target.network.clone().with_slopes(vec![1.0; 4]).expect("four hidden layers");
        let mut glide = Glide::new(&from, Arc::clone(&target), now).expect("one architecture");
        let slope = |model: Option<Arc<Model>>| model.expect("it is under way").network.slope();
        assert_eq!(slope(glide.next(now)), 1.0);
        assert!((0.4..0.6).contains(&slope(glide.next(now + TIME / 2))));
        assert!(glide.next(now + TIME).is_some_and(|last| Arc::ptr_eq(&last, &target)));
        assert!(glide.next(now + 2 * TIME).is_none());
        assert!(Glide::new(&from.up_to_layer(2, 0).expect("it has the layer"), target, now).is_none());
    }
}
