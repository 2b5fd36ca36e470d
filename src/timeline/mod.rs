//! A network over time: phases from 0 to 1 in, a [`Network`] out.
//!
//! In: key frames of one architecture (several models, or a recorded training), or one network to be folded or revealed
//! layer by layer. Out: the exact network of any phase, which has a complex of its own; nothing is blended in its place.
//! Refuses networks whose architectures differ, and says how. `playback` turns a time into a phase, `regions` counts the
//! regions along the way, `align` permutes hidden units so that two networks have a better way between them. Knows nothing
//! of clocks, files, threads and the GPU.
//!
//! ```
//! use foldscape::model;
//! use foldscape::timeline::{FoldOrder, Timeline};
//!
//! let rings = model::builtin();
//! let fold = Timeline::fold(&rings.name, rings.network.clone(), FoldOrder::LayerByLayer)?;
//! assert_eq!(fold.network(0.0)?.slopes(), [1.0; 4]); // a plane
//! assert_eq!(fold.network(1.0)?, rings.network);
//! # Ok::<(), foldscape::timeline::TimelineError>(())
//! ```

mod align;
mod fold;
mod morph;
mod playback;
mod regions;

pub use align::{Alignment, align};
pub use fold::FoldOrder;
pub use morph::{Keyframe, common_window};
pub use playback::{Easing, Playback, Repeat};
pub use regions::region_counts;

use crate::complex::ComplexError;
use crate::model::Model;
use crate::network::{Network, NetworkError};
use std::sync::Arc;
use thiserror::Error;

/// Why there is no timeline. Layers count from 1, the output layer last.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TimelineError {
    /// Fewer than two key frames.
    #[error("a way needs at least two networks; name another model, or one with a recorded training (`foldscape train --history`)")]
    TooFew,
    /// The model has no recorded training.
    #[error("{0} holds no recorded training; `foldscape train --history N` records one")]
    NoHistory(String),
    /// A key frame does not last a time greater than 0 and finite.
    #[error("{name} lasts {lasts}; it must last a time greater than 0")]
    Lasts { name: String, lasts: f64 },
    /// Two networks have different numbers of hidden layers, in words.
    #[error("{0}")]
    Depth(String),
    /// Two networks differ in the width of some part, in words.
    #[error("{0}")]
    Width(String),
    /// Models are for different windows, in words.
    #[error("{0}; choose one with --window")]
    Windows(String),
    /// Nothing can be folded or revealed without a hidden layer.
    #[error("{0} has no hidden layer, so there is nothing to fold")]
    NoHidden(String),
    /// Layers multiplied out overflow.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// Regions along the way could not be counted, or it was cancelled.
    #[error(transparent)]
    Complex(#[from] ComplexError),
}

/// A network for every phase from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    course: Course,
    /// Phases of the key frames: ascending, the first 0, the last 1 where there are several.
    keys: Vec<f64>,
    /// What each key frame is called.
    labels: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum Course {
    /// One network for each key frame, and how the way from each to the next is paced.
    Morph { networks: Vec<Network>, easing: Easing },
    /// Slopes from 1 to the network's own; where it goes layer by layer, in the first `layers` hidden ones.
    Fold { network: Network, order: FoldOrder, layers: usize },
}

impl Timeline {
    /// The way through key frames of one architecture: weights, biases and slopes are interpolated linearly, each step
    /// paced by `easing`. A key frame itself is shown bit for bit.
    ///
    /// # Errors
    /// [`TimelineError::TooFew`], [`TimelineError::Lasts`], [`TimelineError::Depth`], [`TimelineError::Width`].
    pub fn morph(frames: Vec<Keyframe>, easing: Easing) -> Result<Self, TimelineError> {
        morph::check(&frames)?;
        let keys = morph::phases(&frames);
        let (labels, networks) = frames.into_iter().map(|frame| (frame.label, frame.network)).unzip();
        Ok(Self { course: Course::Morph { networks, easing }, keys, labels })
    }

    /// The way from each model to the next, all of it even.
    ///
    /// # Errors
    /// As [`Self::morph`].
    pub fn between<'m>(models: impl IntoIterator<Item = &'m Model>) -> Result<Self, TimelineError> {
        Self::morph(models.into_iter().map(|m| Keyframe::new(&m.name, m.network.clone())).collect(), Easing::Linear)
    }

    /// One network that stays as it is: a single key frame at phase 0.
    #[must_use]
    pub fn still(label: String, network: Network) -> Self {
        Self { course: Course::Morph { networks: vec![network], easing: Easing::Linear }, keys: vec![0.0], labels: vec![label] }
    }

    /// The recorded training of a model, every snapshot as long as the others, and the finished network at the end.
    ///
    /// # Errors
    /// [`TimelineError::NoHistory`] if the file holds none.
    pub fn training(model: &Model) -> Result<Self, TimelineError> {
        Self::morph(Keyframe::training(model)?, Easing::Linear)
    }

    /// The sheet being folded: slopes go from 1, where the network is one affine map, to the network's own. All fold lines
    /// are there from the beginning, as on a crease pattern; by [`FoldOrder::Reveal`] a layer's come with it. The surface is
    /// continuous in time; at phase 1 it is the network's.
    ///
    /// # Errors
    /// [`TimelineError::NoHidden`].
    pub fn fold(label: &str, network: Network, order: FoldOrder) -> Result<Self, TimelineError> {
        match network.n_hidden() {
            0 => Err(TimelineError::NoHidden(label.to_owned())),
            layers => Ok(Self::folded(label, network, order, layers)),
        }
    }

    fn folded(label: &str, network: Network, order: FoldOrder, layers: usize) -> Self {
        let (keys, labels) = stages(label, if order == FoldOrder::Together { 1 } else { layers });
        Self { course: Course::Fold { network, order, layers }, keys, labels }
    }

    /// The same course for somebody who sees the network up to a hidden layer, counted from 1 (`None`: all of it): what goes
    /// layer by layer ends with that one, so that it has no time in which nothing is seen to move.
    #[must_use]
    pub fn up_to_layer(self: &Arc<Self>, layer: Option<usize>) -> Arc<Self> {
        let Course::Fold { network, order, layers } = &self.course else { return Arc::clone(self) };
        let wanted = layer.unwrap_or(usize::MAX).clamp(1, network.n_hidden());
        if wanted == *layers || *order == FoldOrder::Together {
            return Arc::clone(self);
        }
        Arc::new(Self::folded(self.name(), network.clone(), *order, wanted))
    }

    /// What the last key frame is called.
    fn name(&self) -> &str {
        self.labels.last().map_or("", String::as_str)
    }

    /// The network at `phase`, which is clamped to `[0, 1]`.
    ///
    /// # Errors
    /// [`TimelineError::Network`] where layers that have not come yet overflow when they are multiplied out.
    pub fn network(&self, phase: f64) -> Result<Network, TimelineError> {
        let (step, share) = self.place(phase);
        match &self.course {
            Course::Morph { networks, .. } if share == 0.0 => Ok(networks[step].clone()),
            Course::Morph { networks, easing } => Ok(morph::between(&networks[step], &networks[step + 1], easing.at(share))?),
            Course::Fold { network, order: FoldOrder::Together, .. } => Ok(fold::together(network, step as f64 + share)?),
            Course::Fold { network, order: FoldOrder::LayerByLayer, .. } => Ok(fold::layer_by_layer(network, step, share)?),
            Course::Fold { network, order: FoldOrder::Reveal, .. } => Ok(fold::reveal(network, step, share)?),
        }
    }

    /// The network at `phase` with all its layers, which computes the same function as [`network`](Self::network): layers that
    /// have not come yet are there, unfolded.
    ///
    /// # Errors
    /// As [`network`](Self::network).
    pub fn whole(&self, phase: f64) -> Result<Network, TimelineError> {
        match &self.course {
            Course::Fold { network, order: FoldOrder::Reveal, .. } => {
                let (step, share) = self.place(phase);
                Ok(fold::layer_by_layer(network, step, share)?)
            }
            _ => self.network(phase),
        }
    }

    /// The phase that is shown at the share `time` (0 to 1) of an even run, where the way from each key frame to the next is
    /// paced by `easing`.
    #[must_use]
    pub fn paced(&self, time: f64, easing: Easing) -> f64 {
        self.repaced(time, |share| easing.at(share))
    }

    /// The share of an even run at which [`paced`](Self::paced) shows `phase`.
    #[must_use]
    pub fn unpaced(&self, phase: f64, easing: Easing) -> f64 {
        self.repaced(phase, |share| easing.inverse(share))
    }

    fn repaced(&self, phase: f64, pace: impl Fn(f64) -> f64) -> f64 {
        let (step, share) = self.place(phase);
        let from = self.keys[step];
        self.keys.get(step + 1).filter(|_| share > 0.0).map_or(from, |to| from + pace(share) * (to - from))
    }

    /// The same course of other networks: `change` is applied to each.
    ///
    /// # Errors
    /// What `change` says.
    pub fn map<E>(&self, change: impl Fn(&Network) -> Result<Network, E>) -> Result<Self, E> {
        let course = match &self.course {
            Course::Morph { networks, easing } => {
                Course::Morph { networks: networks.iter().map(change).collect::<Result<_, _>>()?, easing: *easing }
            }
            Course::Fold { network, order, layers } => Course::Fold { network: change(network)?, order: *order, layers: *layers },
        };
        Ok(Self { course, keys: self.keys.clone(), labels: self.labels.clone() })
    }

    /// What is shown at `phase`: a key frame's name, or what happens on the way to the next.
    #[must_use]
    pub fn label(&self, phase: f64) -> String {
        let (step, share) = self.place(phase);
        let here = &self.labels[step];
        let Some(next) = self.labels.get(step + 1).filter(|_| share > 0.0) else { return here.clone() };
        match &self.course {
            Course::Morph { .. } if morph::model_of(next) == morph::model_of(here) => here.clone(),
            Course::Morph { .. } => format!("{here} \u{2192} {next}"),
            Course::Fold { order: FoldOrder::Together, .. } => format!("{}, folding", self.name()),
            Course::Fold { layers, .. } => format!("{}, layer {} of {layers}", self.name(), step + 1),
        }
    }

    /// Phases of the key frames: ascending, the first 0, the last 1 where there are several.
    #[must_use]
    pub fn keys(&self) -> &[f64] {
        &self.keys
    }

    /// What the key frames are called, `[keys]`.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether it ends with the network that it begins with, so that it can go round without a jump.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        match &self.course {
            Course::Morph { networks, .. } => networks.first() == networks.last(),
            Course::Fold { .. } => false,
        }
    }

    /// The key frame at or before `phase`, and the share of the way to the next; the share is 0 at the last.
    fn place(&self, phase: f64) -> (usize, f64) {
        let last = self.keys.len() - 1;
        let phase = if phase.is_nan() { 0.0 } else { phase.clamp(0.0, 1.0) };
        let step = self.keys.partition_point(|&key| key <= phase) - 1;
        if step == last {
            return (last, 0.0);
        }
        let [from, to] = [self.keys[step], self.keys[step + 1]];
        (step, (phase - from) / (to - from))
    }
}

/// Keys and labels of `steps` equal steps: from the plane to the network's last layer.
fn stages(label: &str, steps: usize) -> (Vec<f64>, Vec<String>) {
    let keys = (0..=steps).map(|i| i as f64 / steps as f64).collect();
    let name = |i: usize| match i {
        0 => format!("{label}, a plane"),
        _ if i == steps => label.to_owned(),
        _ => format!("{label}, layer {i} of {steps}"),
    };
    (keys, (0..=steps).map(name).collect())
}
