//! From a model to everything a picture is made of: which network is shown and lifted by what, its complex, mesh and words.
//!
//! In: a [`Model`] and what was [`Asked`]. Out: [`Picture`]. Refuses layers and outputs that the network does not have, and what
//! the complex refuses. `stage` does the same for what moves. Shared by the window and the headless host, so that both draw the same.

pub mod stage;

use crate::complex::{Complex, ComplexError, Limits, Options, Plane, Stats, Window};
use crate::mesh::{Mesh, Regions, Scale};
use crate::model::Model;
use crate::network::{Lift, Network, NetworkError};
use crate::render::Captions;
use crate::render::sheet::Sheet;
use crate::timeline::TimelineError;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use thiserror::Error;

/// Which surface of a model is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// Up to this hidden layer, counted from 1; `None` is the whole network.
    pub layers: Option<usize>,
    /// What lifts it; `None` is the output where there is one, otherwise a projection.
    pub lift: Option<Lift>,
    /// `None`: what the model recommends.
    pub window: Option<Window>,
    /// The whole plane: the window then is a frame round all vertices.
    pub plane: bool,
    /// What one face is.
    pub regions: Regions,
    /// 0: as many as the machine has.
    pub threads: usize,
    pub limits: Limits,
}

impl Default for Asked {
    fn default() -> Self {
        let regions = Regions::default();
        Self { layers: None, lift: None, window: None, plane: false, regions, threads: 0, limits: Limits::default() }
    }
}

/// A computed surface with its words and numbers.
#[derive(Debug, Clone)]
pub struct Picture {
    pub mesh: Mesh,
    pub captions: Captions,
    pub stats: Stats,
    /// What the complex took.
    pub time: Duration,
    /// What it shows.
    pub asked: Asked,
    /// Graphs that are shown instead of the surface.
    pub sheet: Option<Arc<Sheet>>,
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PictureError {
    /// A layer or an output that the network does not have.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The complex was refused or cancelled.
    #[error(transparent)]
    Complex(#[from] ComplexError),
    /// There is no network at some time.
    #[error(transparent)]
    Timeline(#[from] TimelineError),
}

impl PictureError {
    /// Whether somebody stopped it on purpose.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Complex(ComplexError::Cancelled))
    }
}

/// The network that is shown and what lifts it.
#[derive(Debug, Clone)]
pub struct Subject {
    pub network: Network,
    /// Coefficients of its outputs in the height, `[n_outputs]`.
    pub lift: Vec<f64>,
    /// What the height is, for the legend.
    pub lift_name: String,
}

/// What lifts a network of `n_outputs` outputs where nobody asked.
#[must_use]
pub fn default_lift(n_outputs: usize) -> Lift {
    if n_outputs == 1 { Lift::Output(0) } else { Lift::Projection(0) }
}

/// Applies what was asked to a network. A network cut at a layer is lifted by a projection of that layer's activations.
///
/// # Errors
/// [`NetworkError::NoSuchLayer`], [`NetworkError::NoSuchOutput`].
pub fn subject(network: &Network, asked: &Asked) -> Result<Subject, NetworkError> {
    if let Some(k) = asked.layers {
        let seed = if let Some(Lift::Projection(seed)) = asked.lift { seed } else { 0 };
        let lift_name = format!("projection {seed} of layer {k}");
        return Ok(Subject { network: network.up_to_layer(k, seed)?, lift: vec![1.0], lift_name });
    }
    let n = network.n_outputs();
    let lift = asked.lift.unwrap_or_else(|| default_lift(n));
    Ok(Subject { network: network.clone(), lift: lift.coefficients(n)?, lift_name: lift_name(lift, n) })
}

/// The legend's word for the height.
fn lift_name(lift: Lift, n_outputs: usize) -> String {
    match lift {
        Lift::Output(_) if n_outputs == 1 => "output".to_owned(),
        Lift::Output(j) => format!("output {j}"),
        Lift::Projection(seed) => format!("projection {seed}"),
    }
}

/// Computes a picture. `progress` hears the share of the window that is done, 0 to 1; `cancel` stops it.
///
/// # Errors
/// See [`PictureError`].
pub fn compute(model: &Model, asked: &Asked, cancel: &AtomicBool, progress: &(dyn Fn(f64) + Sync)) -> Result<Picture, PictureError> {
    let subject = subject(&model.network, asked)?;
    let options = options(asked, cancel, progress);
    let start = Instant::now();
    let window = if asked.plane { frame(&subject.network, &options)? } else { model.window_or(asked.window) };
    let framed = start.elapsed();
    let picture = surface(&subject, &model.name, &window, asked, None, &options)?;
    Ok(Picture { time: framed + picture.time, ..picture })
}

/// How the complexes of a picture are computed.
#[must_use]
pub fn options<'a>(asked: &Asked, cancel: &'a AtomicBool, progress: &'a (dyn Fn(f64) + Sync)) -> Options<'a> {
    Options { limits: asked.limits, threads: asked.threads, cancel: Some(cancel), progress: Some(progress), ..Options::default() }
}

/// Computes the picture of a subject on a window. A `scale` fixes range and height, so that several surfaces can be compared.
///
/// # Errors
/// See [`ComplexError`].
pub fn surface(
    subject: &Subject,
    name: &str,
    window: &Window,
    asked: &Asked,
    scale: Option<Scale>,
    options: &Options,
) -> Result<Picture, ComplexError> {
    let start = Instant::now();
    let complex = Complex::enumerate(&subject.network, window, options)?;
    Ok(of(&complex, subject, name, asked, scale, start.elapsed()))
}

/// The picture of a complex that took `time`, otherwise as [`surface`].
#[must_use]
pub fn of(complex: &Complex, subject: &Subject, name: &str, asked: &Asked, scale: Option<Scale>, time: Duration) -> Picture {
    let linear = (asked.regions == Regions::Linear).then(|| complex.linear_regions(&subject.network));
    let mesh = Mesh::build_with(complex, linear.as_ref(), &subject.lift, scale);
    let captions = captions(name, subject, mesh.n_regions, asked.regions);
    Picture { mesh, captions, stats: complex.stats(), time, asked: *asked, sheet: None }
}

/// A window in which all regions of the plane are to be seen, cut at it.
///
/// # Errors
/// See [`ComplexError`].
pub fn frame(network: &Network, options: &Options) -> Result<Window, ComplexError> {
    Ok(Plane::enumerate(network, options)?.frame(network))
}

/// The words in the picture: the model's name, its widths and regions, and what lifts it.
#[must_use]
pub fn captions(name: &str, subject: &Subject, n_regions: usize, regions: Regions) -> Captions {
    Captions::new(name, &subject.network.widths(), n_regions, regions, &subject.lift_name)
}

/// `2 → 16 → 1`.
#[must_use]
pub fn widths_text(widths: &[usize]) -> String {
    widths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" \u{2192} ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn captions_say_widths_and_regions() {
        let subject = subject(&model::builtin().network, &Asked::default()).expect("nothing special was asked");
        let captions = captions("rings", &subject, 1257, Regions::Activation);
        assert_eq!(captions.subtitle, "2 \u{2192} 16 \u{2192} 16 \u{2192} 16 \u{2192} 16 \u{2192} 1  \u{b7}  1,257 regions");
        assert_eq!((captions.name.as_str(), captions.lift.as_str()), ("rings", "output"));
    }

    #[test]
    fn a_layer_that_is_not_there_is_an_error() {
        let asked = Asked { layers: Some(5), ..Asked::default() };
        let found = subject(&model::builtin().network, &asked);
        assert!(matches!(found, Err(NetworkError::NoSuchLayer { asked: 5, n_hidden: 4 })));
    }
}
