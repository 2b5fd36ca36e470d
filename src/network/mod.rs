//! The function itself: affine layers with a piecewise-linear activation between them.
//!
//! In: matrices of f64 (every f32, f16 and bf16 weight is one, exactly). Out: [`Network`], its forward evaluation
//! (the oracle of every test) and its variants (shown up to a layer). Refuses layers whose shapes do not chain
//! and numbers that are not finite. Knows nothing of files, complexes or the GPU.

mod forward;
mod variant;

use thiserror::Error;

/// What is wrong with a network's parts. Layers are counted from 1, the output layer last.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum NetworkError {
    /// There is no layer at all.
    #[error("a network needs at least one layer")]
    NoLayers,
    /// `weights.len() != n_out * n_in`, `bias.len() != n_out`, or one of the two is zero.
    #[error("layer {layer}: {n_out} outputs and {n_in} inputs do not fit {n_weights} weights and {n_biases} biases")]
    Shape { layer: usize, n_out: usize, n_in: usize, n_weights: usize, n_biases: usize },
    /// Layer `layer` reads another number of inputs than the layer before it writes.
    #[error("layer {layer} reads {n_in} inputs, but the layer before it has {n_before} outputs")]
    Chain { layer: usize, n_in: usize, n_before: usize },
    /// A weight or a bias is NaN or infinite.
    #[error("layer {layer}: {what} is {value}; all numbers must be finite")]
    NotFinite { layer: usize, what: String, value: f64 },
    /// A slope lies outside `[0, 1]`.
    #[error("the slope is {0}; it must lie between 0 (ReLU) and 1 (a plane)")]
    Slope(f64),
    /// `with_slopes` got another number of slopes than there are hidden layers.
    #[error("{asked} slopes do not fit a network with {n_hidden} hidden layers; one is needed for each")]
    Slopes { asked: usize, n_hidden: usize },
    /// `up_to_layer(k)` with `k` not in `1..=n_hidden`.
    #[error("layer {asked} does not exist; the network has {}, counted from 1", counted(*n_hidden, "hidden layer"))]
    NoSuchLayer { asked: usize, n_hidden: usize },
    /// `Lift::Output(j)` with `j >= n_outputs`.
    #[error("output {asked} does not exist; the network has {}, counted from 0", counted(*n_outputs, "output"))]
    NoSuchOutput { asked: usize, n_outputs: usize },
}

/// `1 output`, `2 outputs`.
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// An affine map `x -> W x + b`.
#[derive(Debug, Clone, PartialEq)]
pub struct Affine {
    /// Number of rows of `W`.
    pub n_out: usize,
    /// Number of columns of `W`.
    pub n_in: usize,
    /// `W`, `[n_out x n_in]`, row-major: row = output unit.
    pub weights: Vec<f64>,
    /// `b`, `[n_out]`.
    pub bias: Vec<f64>,
}

/// A unit of a hidden layer. Displays as `(l, j)` with the layer counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// Hidden layer, counted from 0 (people read it from 1).
    pub layer: u32,
    /// Unit in that layer, counted from 0.
    pub index: u32,
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({}, {})", self.layer + 1, self.index)
    }
}

/// Which scalar lifts the surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lift {
    /// Output `j`, counted from 0.
    Output(usize),
    /// A random linear projection of all outputs, drawn from this seed.
    Projection(u64),
}

/// A feed-forward network: affine layers with LeakyReLU(slope) after each but the last. ReLU is slope 0.
/// Each hidden layer has a slope of its own, so that a surface can be folded layer by layer; in a model file all are one.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    layers: Vec<Affine>,
    /// `[n_hidden]`.
    slopes: Vec<f64>,
}

impl Network {
    /// Checks and joins `layers` (the hidden ones in order, the output layer last). `slope` is the factor of
    /// negative pre-activations in every hidden layer, in `[0, 1]`.
    ///
    /// # Errors
    /// See [`NetworkError`]: no layer, shapes that do not fit or chain, numbers that are not finite, a slope out of range.
    pub fn new(layers: Vec<Affine>, slope: f64) -> Result<Self, NetworkError> {
        if layers.is_empty() {
            return Err(NetworkError::NoLayers);
        }
        check_slope(slope)?;
        for (i, a) in layers.iter().enumerate() {
            check_layer(i + 1, a, i.checked_sub(1).map(|p| layers[p].n_out))?;
        }
        let slopes = vec![slope; layers.len() - 1];
        Ok(Self { layers, slopes })
    }

    /// The same weights with other slopes, `[n_hidden]`, each in `[0, 1]`.
    ///
    /// # Errors
    /// [`NetworkError::Slopes`], [`NetworkError::Slope`].
    pub fn with_slopes(self, slopes: Vec<f64>) -> Result<Self, NetworkError> {
        if slopes.len() != self.n_hidden() {
            return Err(NetworkError::Slopes { asked: slopes.len(), n_hidden: self.n_hidden() });
        }
        slopes.iter().try_for_each(|&slope| check_slope(slope))?;
        Ok(Self { slopes, ..self })
    }

    /// All layers, the hidden ones in order, the output layer last.
    #[must_use]
    pub fn layers(&self) -> &[Affine] {
        &self.layers
    }

    /// The hidden layers.
    #[must_use]
    pub fn hidden(&self) -> &[Affine] {
        &self.layers[..self.layers.len() - 1]
    }

    /// The output layer.
    #[must_use]
    pub fn output(&self) -> &Affine {
        &self.layers[self.layers.len() - 1]
    }

    /// The factor of negative pre-activations in the first hidden layer, which is that of all layers unless
    /// [`Self::with_slopes`] made them differ; 0 is ReLU. 0 without hidden layers.
    #[must_use]
    pub fn slope(&self) -> f64 {
        self.slopes.first().copied().unwrap_or(0.0)
    }

    /// The factor of negative pre-activations in hidden layer `layer`, counted from 0; 0 is ReLU.
    ///
    /// # Panics
    /// If `layer >= n_hidden`.
    #[must_use]
    pub fn slope_of(&self, layer: usize) -> f64 {
        self.slopes[layer]
    }

    /// The slopes of all hidden layers, `[n_hidden]`.
    #[must_use]
    pub fn slopes(&self) -> &[f64] {
        &self.slopes
    }

    /// Number of inputs.
    #[must_use]
    pub fn n_inputs(&self) -> usize {
        self.layers[0].n_in
    }

    /// Number of outputs.
    #[must_use]
    pub fn n_outputs(&self) -> usize {
        self.output().n_out
    }

    /// Number of hidden layers.
    #[must_use]
    pub fn n_hidden(&self) -> usize {
        self.layers.len() - 1
    }

    /// Number of hidden units.
    #[must_use]
    pub fn n_units(&self) -> usize {
        self.hidden().iter().map(|a| a.n_out).sum()
    }

    /// Number of weights and biases.
    #[must_use]
    pub fn n_parameters(&self) -> usize {
        self.layers.iter().map(|a| a.weights.len() + a.bias.len()).sum()
    }

    /// Inputs, hidden units of each layer, outputs.
    #[must_use]
    pub fn widths(&self) -> Vec<usize> {
        std::iter::once(self.n_inputs()).chain(self.layers.iter().map(|a| a.n_out)).collect()
    }
}

fn check_slope(slope: f64) -> Result<(), NetworkError> {
    if (0.0..=1.0).contains(&slope) { Ok(()) } else { Err(NetworkError::Slope(slope)) }
}

/// Checks one layer; `n_before` is the number of outputs of the layer before it.
fn check_layer(layer: usize, a: &Affine, n_before: Option<usize>) -> Result<(), NetworkError> {
    let fits = a.n_out > 0 && a.n_in > 0 && a.n_out.checked_mul(a.n_in) == Some(a.weights.len()) && a.bias.len() == a.n_out;
    if !fits {
        return Err(NetworkError::Shape { layer, n_out: a.n_out, n_in: a.n_in, n_weights: a.weights.len(), n_biases: a.bias.len() });
    }
    if let Some(n_before) = n_before.filter(|&n| n != a.n_in) {
        return Err(NetworkError::Chain { layer, n_in: a.n_in, n_before });
    }
    let bad = |what: &str, values: &[f64]| {
        values.iter().position(|v| !v.is_finite()).map(|i| NetworkError::NotFinite {
            layer,
            what: format!("{what} number {i}"),
            value: values[i],
        })
    };
    match bad("weight", &a.weights).or_else(|| bad("bias", &a.bias)) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}
