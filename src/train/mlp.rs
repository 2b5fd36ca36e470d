//! The multilayer perceptron as matrices: forward, loss and backward over one chunk of samples.
//!
//! Samples are columns: activations are `[width x n]`, so that a layer is one matrix product and a bias's gradient one sum
//! along a row. Generic over f32 (training) and f64 (the tests' finite differences). The products are ndarray's.

use super::Loss;
use super::samples::Chunk;
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, Axis, NdFloat, Zip};

/// Weights `[out x in]` and biases `[out]` of one layer, or their gradients.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layer<F> {
    pub weights: Array2<F>,
    pub bias: Array1<F>,
}

impl<F: NdFloat> Layer<F> {
    pub(super) fn zeros(n_out: usize, n_in: usize) -> Self {
        Self { weights: Array2::zeros((n_out, n_in)), bias: Array1::zeros(n_out) }
    }

    pub(super) fn zeros_like(&self) -> Self {
        Self::zeros(self.weights.nrows(), self.weights.ncols())
    }

    /// `z = W x + b`.
    pub(super) fn apply(&self, x: &Array2<F>, z: &mut Array2<F>) {
        for (mut row, &b) in z.rows_mut().into_iter().zip(&self.bias) {
            row.fill(b);
        }
        general_mat_mul(F::one(), &self.weights, x, F::one(), z);
    }
}

/// LeakyReLU in place.
pub(super) fn activate<F: NdFloat>(slope: F, z: &mut Array2<F>) {
    z.map_inplace(|z| *z = if *z > F::zero() { *z } else { slope * *z });
}

/// What a pass over `n` samples needs besides the layers; reused from chunk to chunk.
pub(super) struct Scratch<F> {
    /// Activations of every layer, the outputs last.
    activations: Vec<Array2<F>>,
    /// Derivatives of the loss by the pre-activations of every layer.
    deltas: Vec<Array2<F>>,
}

impl<F: NdFloat> Scratch<F> {
    pub(super) fn new(layers: &[Layer<F>], n: usize) -> Self {
        let arrays = || layers.iter().map(|layer| Array2::zeros((layer.bias.len(), n))).collect();
        Self { activations: arrays(), deltas: arrays() }
    }

    fn n(&self) -> usize {
        self.activations.first().map_or(0, Array2::ncols)
    }

    /// Makes room for `n` samples.
    pub(super) fn fit(&mut self, layers: &[Layer<F>], n: usize) {
        if self.n() != n {
            *self = Self::new(layers, n);
        }
    }

    /// Computes all activations; returns the outputs.
    pub(super) fn forward(&mut self, layers: &[Layer<F>], slope: F, points: &Array2<F>) -> &Array2<F> {
        for (i, layer) in layers.iter().enumerate() {
            let (done, rest) = self.activations.split_at_mut(i);
            layer.apply(done.last().unwrap_or(points), &mut rest[0]);
            if i + 1 < layers.len() {
                activate(slope, &mut rest[0]);
            }
        }
        &self.activations[layers.len() - 1]
    }

    /// Adds the gradient of `share` times the chunk's summed loss to `gradient`; returns the summed loss.
    pub(super) fn backward(
        &mut self,
        layers: &[Layer<F>],
        slope: F,
        chunk: &Chunk<F>,
        (loss, share): (Loss, F),
        gradient: &mut [Layer<F>],
    ) -> F {
        self.forward(layers, slope, &chunk.points);
        let last = layers.len() - 1;
        let sum = differentiate(loss, share, &self.activations[last], &chunk.values, &mut self.deltas[last]);
        for i in (0..layers.len()).rev() {
            let input = if i == 0 { &chunk.points } else { &self.activations[i - 1] };
            let (before, delta) = self.deltas.split_at_mut(i);
            let delta = &delta[0];
            general_mat_mul(F::one(), delta, &input.t(), F::one(), &mut gradient[i].weights);
            gradient[i].bias += &delta.sum_axis(Axis(1));
            if let Some(before) = before.last_mut() {
                general_mat_mul(F::one(), &layers[i].weights.t(), delta, F::zero(), before);
                // an activation has its pre-activation's sign, or is 0 where ReLU is off
                Zip::from(before).and(input).for_each(|d, &a| *d *= if a > F::zero() { F::one() } else { slope });
            }
        }
        sum
    }
}

/// The summed loss of `outputs` against `values`, and `share` times its derivatives.
fn differentiate<F: NdFloat>(loss: Loss, share: F, outputs: &Array2<F>, values: &Array2<F>, delta: &mut Array2<F>) -> F {
    let mut sum = F::zero();
    Zip::from(delta).and(outputs).and(values).for_each(|d, &y, &t| {
        let (value, slope) = point_loss(loss, y, t);
        sum += value;
        *d = share * slope;
    });
    sum
}

/// The loss of one output `y` against `t`, and its derivative by `y`.
fn point_loss<F: NdFloat>(loss: Loss, y: F, t: F) -> (F, F) {
    match loss {
        Loss::Mse => {
            let e = y - t;
            (e * e, e + e)
        }
        Loss::Logistic => {
            // ln(1 + exp(y)) - t y, written so that exp cannot overflow
            let small = (-y.abs()).exp();
            let sigmoid = if y > F::zero() { F::one() } else { small } / (F::one() + small);
            (y.max(F::zero()) + small.ln_1p() - t * y, sigmoid - t)
        }
    }
}

/// The summed loss of `outputs` against `values`.
pub(super) fn summed_loss<F: NdFloat>(loss: Loss, outputs: &Array2<F>, values: &Array2<F>) -> F {
    outputs.iter().zip(values).fold(F::zero(), |sum, (&y, &t)| sum + point_loss(loss, y, t).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number in [-1, 1) that depends on `i` in no simple way.
    fn number(i: usize) -> f64 {
        (i as f64 * 12.9898).sin() * 43758.5453 % 1.0
    }

    fn network(widths: &[usize]) -> Vec<Layer<f64>> {
        let mut i = 0;
        let mut next = || {
            i += 1;
            number(i)
        };
        let layer = |w: &[usize]| {
            let weights = Array2::from_shape_simple_fn((w[1], w[0]), &mut next);
            Layer { weights, bias: Array1::from_shape_simple_fn(w[1], &mut next) }
        };
        widths.windows(2).map(layer).collect()
    }

    fn chunk(n_out: usize, n: usize) -> Chunk<f64> {
        let points = Array2::from_shape_fn((2, n), |(i, j)| number(1000 + 2 * j + i));
        Chunk { points, values: Array2::from_shape_fn((n_out, n), |(i, j)| f64::from(u8::from(number(5000 + 7 * j + i) > 0.0))) }
    }

    fn loss_of(layers: &[Layer<f64>], slope: f64, chunk: &Chunk<f64>, loss: Loss) -> f64 {
        let mut scratch = Scratch::new(layers, chunk.points.ncols());
        summed_loss(loss, scratch.forward(layers, slope, &chunk.points), &chunk.values)
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        const H: f64 = 1e-6;
        for (loss, slope) in [(Loss::Mse, 0.0), (Loss::Mse, 0.02), (Loss::Logistic, 0.1)] {
            let (mut layers, chunk) = (network(&[2, 5, 4, 3, 2]), chunk(2, 17));
            let mut gradient: Vec<_> = layers.iter().map(Layer::zeros_like).collect();
            let sum = Scratch::new(&layers, 17).backward(&layers, slope, &chunk, (loss, 1.0), &mut gradient);
            assert!((sum - loss_of(&layers, slope, &chunk, loss)).abs() < 1e-12 * sum);
            for l in 0..layers.len() {
                let wanted: Vec<f64> = gradient[l].weights.iter().chain(&gradient[l].bias).copied().collect();
                for (i, wanted) in wanted.into_iter().enumerate() {
                    let mut moved = |by: f64| {
                        let layer = &mut layers[l];
                        *layer.weights.iter_mut().chain(&mut layer.bias).nth(i).expect("a parameter") += by;
                        loss_of(&layers, slope, &chunk, loss)
                    };
                    let difference = (moved(H) - moved(-2.0 * H)) / (2.0 * H);
                    moved(H);
                    // second-order error of the difference, and rounding over H
                    assert!((difference - wanted).abs() < 1e-7 * (1.0 + wanted.abs()), "{loss} {l} {i}: {difference} {wanted}");
                }
            }
        }
    }

    #[test]
    fn the_logistic_loss_does_not_overflow() {
        for (y, t, value, slope) in [(1e6_f64, 0.0, 1e6, 1.0), (-1e6, 1.0, 1e6, -1.0), (1e6, 1.0, 0.0, 0.0), (0.0, 0.0, 2.0_f64.ln(), 0.5)]
        {
            assert_eq!(point_loss(Loss::Logistic, y, t), (value, slope));
        }
    }
}
