//! Key frames: what they are, whether they fit together, and the network between two of them.

use super::TimelineError;
use crate::complex::Window;
use crate::model::Model;
use crate::network::{Affine, Network, NetworkError};

/// A network on the way, its name for people, and how long the way from it to the next one lasts (in any unit; the last
/// one's does not count).
#[derive(Debug, Clone, PartialEq)]
pub struct Keyframe {
    pub label: String,
    pub network: Network,
    pub lasts: f64,
}

impl Keyframe {
    /// A key frame that lasts one unit.
    #[must_use]
    pub fn new(label: impl Into<String>, network: Network) -> Self {
        Self { label: label.into(), network, lasts: 1.0 }
    }

    /// The recorded training of a model, with the finished network at the end, one unit in all.
    ///
    /// # Errors
    /// [`TimelineError::NoHistory`] if the file holds none.
    pub fn training(model: &Model) -> Result<Vec<Self>, TimelineError> {
        let name = &model.name;
        if model.history.is_empty() {
            return Err(TimelineError::NoHistory(name.clone()));
        }
        let recorded = model.history.iter().map(|s| (format!("{name}{STEP}{}", s.step), s.network.clone()));
        let mut frames: Vec<Self> = recorded.map(|(label, network)| Self::new(label, network)).collect();
        match frames.last_mut() {
            Some(last) if last.network == model.network => last.label.clone_from(name),
            _ => frames.push(Self::new(name, model.network.clone())),
        }
        let lasts = 1.0 / (frames.len() - 1).max(1) as f64;
        for frame in &mut frames {
            frame.lasts = lasts;
        }
        Ok(frames)
    }
}

/// The window that several models have in common, or the one that was named for all of them; the default one for none.
///
/// # Errors
/// [`TimelineError::Windows`].
pub fn common_window<'m>(models: impl IntoIterator<Item = &'m Model>, named: Option<Window>) -> Result<Window, TimelineError> {
    let mut models = models.into_iter().map(|model| (model, model.window_or(named)));
    let Some((first, window)) = models.next() else { return Ok(named.unwrap_or(Window::SQUARE)) };
    let Some((other, another)) = models.find(|(_, another)| *another != window) else { return Ok(window) };
    let text = |w: Window| format!("{},{},{},{}", w.min[0], w.min[1], w.max[0], w.max[1]);
    let [a, b] = [(first, window), (other, another)].map(|(model, w)| format!("{} is for the window {}", model.name, text(w)));
    Err(TimelineError::Windows(format!("{a}, {b}")))
}

/// What separates a model's name and its step in the label of a recorded network.
const STEP: &str = ", step ";

/// The model that a label names.
pub(super) fn model_of(label: &str) -> &str {
    label.rsplit_once(STEP).map_or(label, |(model, _)| model)
}

/// Checks that there are two at least, of one architecture.
pub(super) fn check(frames: &[Keyframe]) -> Result<(), TimelineError> {
    let [first, rest @ ..] = frames else { return Err(TimelineError::TooFew) };
    if rest.is_empty() {
        return Err(TimelineError::TooFew);
    }
    if let Some(bad) = frames.iter().find(|frame| !(frame.lasts > 0.0 && frame.lasts.is_finite())) {
        return Err(TimelineError::Lasts { name: bad.label.clone(), lasts: bad.lasts });
    }
    rest.iter().try_for_each(|frame| same_architecture([&first.label, &frame.label], [&first.network, &frame.network]))
}

/// An error that names the first difference.
pub(super) fn same_architecture([a, b]: [&str; 2], networks: [&Network; 2]) -> Result<(), TimelineError> {
    let [widths_a, widths_b] = networks.map(Network::widths);
    let [n_a, n_b] = networks.map(Network::n_hidden);
    let text = |widths: &[usize]| widths.iter().map(ToString::to_string).collect::<Vec<_>>().join("-");
    let (text_a, text_b) = (text(&widths_a), text(&widths_b));
    let both = format!("({a}: {text_a}; {b}: {text_b})");
    if n_a != n_b {
        let sentence = format!("{a} has {n_a} hidden layers and {b} has {n_b}: the way between two networks needs the same layers {both}");
        return Err(TimelineError::Depth(sentence));
    }
    let Some(i) = (0..widths_a.len()).find(|&i| widths_a[i] != widths_b[i]) else { return Ok(()) };
    let part = match i {
        0 => "the input".to_owned(),
        _ if i == widths_a.len() - 1 => "the output".to_owned(),
        _ => format!("hidden layer {i}"),
    };
    let (n_a, n_b) = (widths_a[i], widths_b[i]);
    let sentence = format!("{part} has {n_a} units in {a} and {n_b} in {b}: the way between two networks needs the same widths {both}");
    Err(TimelineError::Width(sentence))
}

/// The phases of the key frames.
pub(super) fn phases(frames: &[Keyframe]) -> Vec<f64> {
    let starts = frames.iter().scan(0.0, |time, frame| Some(std::mem::replace(time, *time + frame.lasts)));
    let starts: Vec<f64> = starts.collect();
    let total = starts.last().copied().unwrap_or(1.0);
    starts.iter().map(|start| start / total).collect()
}

/// The network a share `s` of the way from `a` to `b`, which have one architecture: `a + s (b - a)` in every number.
pub(super) fn between(a: &Network, b: &Network, s: f64) -> Result<Network, NetworkError> {
    // weighted, so that it cannot leave the range of the two, and is exact where they agree
    let mix = |a: &f64, b: &f64| if a == b { *a } else { (1.0 - s) * a + s * b };
    let all = |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| mix(a, b)).collect() };
    let layer = |(a, b): (&Affine, &Affine)| Affine { weights: all(&a.weights, &b.weights), bias: all(&a.bias, &b.bias), ..*a };
    let layers = a.layers().iter().zip(b.layers()).map(layer).collect();
    Network::new(layers, 0.0)?.with_slopes(all(a.slopes(), b.slopes()))
}
