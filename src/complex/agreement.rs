//! Whether a network is one affine function on both sides of an edge: the difference of the two maps, decided exactly.
//!
//! In: two regions that share an edge, by their computed maps and their patterns. Out: whether the maps of all outputs are
//! equal in exact arithmetic on the stored weights. A network is continuous, so maps that meet along an edge are equal if
//! their gradients are. Three steps, each for what the one before leaves open:
//!
//! 1. The computed gradients differ by more than both can be off: the maps differ ([`Agreement::certainly_differ`]).
//! 2. If one unit flips across the edge, the difference is `(1 - slope) z_u` times the influence of `u`'s activation on the
//!    outputs, so that is what must be 0; in f64 with a running bound. If several flip and none has any influence, the
//!    maps are equal as well.
//! 3. The same influence in exact arithmetic; if several units flip, both gradients.

use super::AffineForm;
use super::exact::Dyadic;
use super::system::ROUNDING;
use crate::network::{Affine, Network};

/// Compares the maps of neighbouring regions of one network.
pub struct Agreement<'n> {
    network: &'n Network,
    /// The number of the first unit of each hidden layer.
    first_unit: Vec<usize>,
    /// How far the computed `g_x` and `g_y` of each output may be off.
    off: Vec<[f64; 2]>,
}

/// What f64 says of the influence of some units on the outputs.
#[derive(PartialEq)]
enum Influence {
    Zero,
    NotZero,
    Unknown,
}

impl<'n> Agreement<'n> {
    pub fn new(network: &'n Network) -> Self {
        let first_unit = network.layers().iter().scan(0, |next, a| Some(std::mem::replace(next, *next + a.n_out))).collect();
        Self { network, first_unit, off: map_error(network).into_iter().map(|[gx, gy, _]| [gx, gy]).collect() }
    }

    /// Whether rounding alone cannot explain the difference of two regions' computed maps.
    pub fn certainly_differ(&self, a: &[AffineForm], b: &[AffineForm]) -> bool {
        let apart = |a: f64, b: f64, off: f64| (a - b).abs() > 2.0 * off * (1.0 + 8.0 * ROUNDING);
        a.iter().zip(b).zip(&self.off).any(|((a, b), off)| apart(a.gx, b.gx, off[0]) || apart(a.gy, b.gy, off[1]))
    }

    /// Whether the maps of two neighbouring regions with these patterns are equal.
    pub fn equal(&self, a: &[bool], b: &[bool]) -> bool {
        // a unit of slope 1 does the same on both sides of its line
        let bends = |u: usize| self.network.slope_of(self.layer_of(u)) != 1.0;
        let flipped: Vec<usize> = (0..a.len()).filter(|&u| a[u] != b[u] && bends(u)).collect();
        let Some(&first) = flipped.first() else { return true };
        match (self.influence(&flipped, a), &flipped[..]) {
            (Influence::Zero, _) => true,
            (Influence::NotZero, [_]) => false,
            (_, [_]) => self.exact_influence(first, a).iter().all(Dyadic::is_zero),
            _ => (0..2).all(|axis| {
                let both = self.gradient(a, axis).into_iter().zip(self.gradient(b, axis));
                both.into_iter().all(|(a, b)| a.sub(&b).is_zero())
            }),
        }
    }

    fn layer_of(&self, unit: usize) -> usize {
        self.first_unit.partition_point(|&first| first <= unit) - 1
    }

    /// The slopes of a hidden layer's units.
    fn slopes<'a>(&'a self, layer: usize, on: &'a [bool]) -> impl Iterator<Item = f64> + 'a {
        on[self.first_unit[layer]..].iter().map(move |&on| if on { 1.0 } else { self.network.slope_of(layer) })
    }

    /// The influence of the activations of `flipped` (in layer order) on the outputs, along a pattern.
    ///
    /// Each entry is a value and a `size`, the sum of the absolute products. A value is off by at most `n u size`, with `n`
    /// roundings on any way to an output; the smallest normal number in each product covers its underflow.
    fn influence(&self, flipped: &[usize], on: &[bool]) -> Influence {
        let (layers, from) = (self.network.layers(), self.layer_of(flipped[0]));
        let flips = |l: usize, j: usize| flipped.binary_search(&(self.first_unit[l] + j)).is_ok();
        let mut at: Vec<[f64; 2]> = (0..layers[from].n_out).map(|j| if flips(from, j) { [1.0; 2] } else { [0.0; 2] }).collect();
        let mut roundings = 0;
        for (l, layer) in layers.iter().enumerate().skip(from + 1) {
            let mut next: Vec<[f64; 2]> = layer.weights.chunks_exact(layer.n_in).map(|w| weighted(w, &at)).collect();
            if l < self.network.n_hidden() {
                for (j, ([value, size], slope)) in next.iter_mut().zip(self.slopes(l, on)).enumerate() {
                    *value *= slope;
                    *size = if slope == 0.0 || *size == 0.0 { 0.0 } else { *size * slope + f64::MIN_POSITIVE };
                    if flips(l, j) {
                        [*value, *size] = [1.0, *size + 1.0];
                    }
                }
            }
            at = next;
            roundings += 2 * layer.n_in + 4;
        }
        let off = 2.0 * roundings as f64 * ROUNDING;
        if at.iter().all(|[_, size]| *size == 0.0) {
            Influence::Zero
        } else if at.iter().any(|[value, size]| value.abs() > off * size) {
            Influence::NotZero
        } else {
            Influence::Unknown
        }
    }

    /// The influence of one unit's activation on every output, along a pattern.
    fn exact_influence(&self, unit: usize, on: &[bool]) -> Vec<Dyadic> {
        let layer = self.layer_of(unit);
        let one = |j: usize| Dyadic::from_f64(if self.first_unit[layer] + j == unit { 1.0 } else { 0.0 });
        self.propagate(layer, (0..self.network.layers()[layer].n_out).map(one).collect(), on)
    }

    /// The derivative of every output along an axis, along a pattern.
    fn gradient(&self, on: &[bool], axis: usize) -> Vec<Dyadic> {
        let first = &self.network.layers()[0];
        let column = first.weights.iter().skip(axis).step_by(2).map(|&w| Dyadic::from_f64(w)).collect();
        self.propagate(0, self.activations(0, column, on), on)
    }

    /// Changes of a hidden layer's activations, carried on to the outputs.
    fn propagate(&self, from: usize, activations: Vec<Dyadic>, on: &[bool]) -> Vec<Dyadic> {
        (from + 1..self.network.layers().len()).fold(activations, |inputs, l| {
            let z = exactly_weighted(&self.network.layers()[l], &inputs);
            if l < self.network.n_hidden() { self.activations(l, z, on) } else { z }
        })
    }

    fn activations(&self, layer: usize, z: Vec<Dyadic>, on: &[bool]) -> Vec<Dyadic> {
        let act = |(z, slope): (Dyadic, f64)| if slope == 1.0 || z.is_zero() { z } else { z.mul(&Dyadic::from_f64(slope)) };
        z.into_iter().zip(self.slopes(layer, on)).map(act).collect()
    }
}

/// How far the maps in a [`Complex`](super::Complex) may be off: of each output `g_x`, `g_y` and `c`.
///
/// A coefficient is a sum of products of weights and slopes, one product for each way from the input (or a bias) to the output.
/// The elimination orders these sums as it likes, but a number of a row is added to at most once for each of the `N`
/// units, and again when its row is eliminated. A product of `L + 1` weights is put together in `L` multiplications,
/// so it lives in at most `2 L + 1` numbers, each with `2 N` additions and two multiplications, every one rounded once:
/// `K = 4 (L + 1) (N + 1)` is ample, and the sum is off by at most `2 K u` times the sum of the absolute products.
/// Underflow adds at most the smallest normal number `N^2 K` times, scaled by what the layers before and after can make of it.
pub(super) fn map_error(network: &Network) -> Vec<[f64; 3]> {
    let n = network.n_units() as f64;
    let roundings = elimination_roundings(network);
    let row_sum = |w: &[f64]| w.iter().map(|w| w.abs()).sum::<f64>();
    let gain = |a: &Affine| a.weights.chunks_exact(a.n_in).map(row_sum).fold(1.0, f64::max);
    let gain: f64 = network.layers().iter().map(gain).product();
    let underflow = n * n * roundings * f64::MIN_POSITIVE * gain * gain;
    let inputs = vec![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    let outputs = network.layers().iter().fold(inputs, |inputs, a| {
        let sum = |(weights, bias): (&[f64], &f64)| {
            let add = |s: [f64; 3], (w, g): (&f64, &[f64; 3])| [0, 1, 2].map(|k| s[k] + w.abs() * g[k]);
            weights.iter().zip(&inputs).fold([0.0, 0.0, bias.abs()], add)
        };
        a.weights.chunks_exact(a.n_in).zip(&a.bias).map(sum).collect()
    });
    outputs.into_iter().map(|g| g.map(|g| 2.0 * roundings * ROUNDING * g + underflow)).collect()
}

/// `K` of [`map_error`].
pub(super) fn elimination_roundings(network: &Network) -> f64 {
    4.0 * network.layers().len() as f64 * (network.n_units() as f64 + 1.0)
}

/// `sum w_i value_i`, and the sum of the absolute products.
fn weighted(weights: &[f64], inputs: &[[f64; 2]]) -> [f64; 2] {
    weights.iter().zip(inputs).fold([0.0, 0.0], |[value, size], (&w, &[v, s])| {
        let product = if w == 0.0 || s == 0.0 { 0.0 } else { w.abs() * s + f64::MIN_POSITIVE };
        [value + w * v, size + product]
    })
}

/// `W x`.
fn exactly_weighted(layer: &Affine, inputs: &[Dyadic]) -> Vec<Dyadic> {
    let row = |weights: &[f64]| {
        let terms = weights.iter().zip(inputs).filter(|(w, x)| **w != 0.0 && !x.is_zero());
        terms.fold(Dyadic::zero(), |sum, (&w, x)| sum.add(&Dyadic::from_f64(w).mul(x)))
    };
    layer.weights.chunks_exact(layer.n_in).map(row).collect()
}
