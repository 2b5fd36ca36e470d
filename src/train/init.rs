//! The network before the first step.
//!
//! Weights are normal with the variance that keeps the activations' (He et al., ICCV 2015). A bias is chosen so that its
//! unit's fold passes through a sample: no unit is dead, and the untrained surface is already folded where it is looked at.

use super::mlp::{Layer, activate};
use ndarray::Array2;
use rand::{Rng, RngExt};

/// Layers of these widths (inputs and outputs included) for `points`, `[2 x n]`.
pub(super) fn layers(widths: &[usize], slope: f32, points: &Array2<f32>, random: &mut impl Rng) -> Vec<Layer<f32>> {
    let mut layers = Vec::with_capacity(widths.len() - 1);
    let mut x = points.clone();
    for (i, w) in widths.windows(2).enumerate() {
        let is_output = i + 2 == widths.len();
        let gain = if is_output { 1.0 } else { 2.0 / (1.0 + slope * slope) };
        let deviation = (gain / w[0] as f32).sqrt();
        let mut layer = Layer::zeros(w[1], w[0]);
        layer.weights.map_inplace(|v| *v = deviation * normal(random));
        let mut z = Array2::zeros((w[1], x.ncols()));
        layer.apply(&x, &mut z);
        for (row, bias) in z.rows().into_iter().zip(&mut layer.bias) {
            *bias = if is_output { -row.mean().unwrap_or(0.0) } else { -row[random.random_range(0..row.len())] };
        }
        if !is_output {
            layer.apply(&x, &mut z);
            activate(slope, &mut z);
            x = z;
        }
        layers.push(layer);
    }
    layers
}

/// A standard normal number by the method of Box and Muller.
pub(super) fn normal(random: &mut impl Rng) -> f32 {
    let [u, v]: [f32; 2] = [random.random(), random.random()];
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f32::consts::TAU * v).cos()
}
