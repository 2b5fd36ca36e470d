//! Forward evaluation in f64: a point in, outputs or the activation pattern out.

use super::{Affine, Network};

impl Affine {
    /// `W x + b`; `x` is `[n_in]`, the result `[n_out]`.
    ///
    /// # Panics
    /// If `x.len() != n_in`.
    #[must_use]
    pub fn apply(&self, x: &[f64]) -> Vec<f64> {
        assert_eq!(x.len(), self.n_in, "the point has another number of coordinates than the map has inputs");
        self.weights
            .chunks_exact(self.n_in)
            .zip(&self.bias)
            .map(|(row, b)| row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b)
            .collect()
    }
}

impl Network {
    /// The pre-activations of every layer at `x`, the outputs last.
    #[must_use]
    pub fn pre_activations(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let mut all: Vec<Vec<f64>> = Vec::with_capacity(self.layers().len());
        for (l, layer) in self.layers().iter().enumerate() {
            let z = match all.last() {
                Some(z) => layer.apply(&z.iter().map(|&z| self.activate(l - 1, z)).collect::<Vec<_>>()),
                None => layer.apply(x),
            };
            all.push(z);
        }
        all
    }

    /// The outputs at `x`, `[n_outputs]`.
    #[must_use]
    pub fn forward(&self, x: &[f64]) -> Vec<f64> {
        self.pre_activations(x).pop().unwrap_or_default()
    }

    /// For every hidden unit in layer order, whether it is on (`z > 0`) at `x`.
    #[must_use]
    pub fn pattern(&self, x: &[f64]) -> Vec<bool> {
        let z = self.pre_activations(x);
        z[..self.n_hidden()].iter().flatten().map(|&z| z > 0.0).collect()
    }

    /// LeakyReLU with the slope of hidden layer `layer`, counted from 0.
    ///
    /// # Panics
    /// If `layer >= n_hidden`.
    #[must_use]
    pub fn activate(&self, layer: usize, z: f64) -> f64 {
        if z > 0.0 { z } else { self.slope_of(layer) * z }
    }
}
