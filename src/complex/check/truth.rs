//! The network in exact arithmetic: at a rational point, and as affine forms along a pattern.
//!
//! In: points, or lines that meet in one. Out: the sign of every unit there. A point is homogeneous, `(x : y : w)` with `w > 0`:
//! everything that a network computes is scaled by `w`, biases included, and nothing is divided.

use crate::complex::Window;
use crate::complex::exact::{Dyadic, ExactForm};
use crate::network::{Affine, Network};
use std::cmp::Ordering;

/// The point `(x / w, y / w)`.
#[derive(Debug, Clone)]
pub(super) struct Point([Dyadic; 3]);

impl Point {
    /// A point of f64 coordinates, which is a rational one.
    pub(super) fn at([x, y]: [f64; 2]) -> Self {
        Self([x, y, 1.0].map(Dyadic::from_f64))
    }

    /// Where two lines meet; `None` for parallel ones.
    pub(super) fn meeting(a: &ExactForm, b: &ExactForm) -> Option<Self> {
        let point = [minor(a, b, 1, 2), minor(a, b, 2, 0), minor(a, b, 0, 1)];
        match point[2].sign() {
            Ordering::Greater => Some(Self(point)),
            Ordering::Less => Some(Self(point.map(|v| Dyadic::zero().sub(&v)))),
            Ordering::Equal => None,
        }
    }

    /// The mean of three points.
    pub(super) fn mean(a: &Self, b: &Self, c: &Self) -> Self {
        let (ab, bc, ca) = (a.0[2].mul(&b.0[2]), b.0[2].mul(&c.0[2]), c.0[2].mul(&a.0[2]));
        let sum = |k: usize| a.0[k].mul(&bc).add(&b.0[k].mul(&ca)).add(&c.0[k].mul(&ab));
        Self([sum(0), sum(1), Dyadic::from_f64(3.0).mul(&ab.mul(&c.0[2]))])
    }

    /// The signs of all hidden units, then of the distances to the window's sides, positive inside.
    pub(super) fn signs(&self, network: &Network, window: &Window) -> Vec<Ordering> {
        let [x, y, w] = &self.0;
        let mut inputs = vec![x.clone(), y.clone()];
        let mut signs = Vec::with_capacity(network.n_units() + 4);
        for (l, layer) in network.hidden().iter().enumerate() {
            let row = |(weights, &b): (&[f64], &f64)| weighted(Dyadic::from_f64(b).mul(w), weights, inputs.iter());
            let z: Vec<Dyadic> = layer.weights.chunks_exact(layer.n_in).zip(&layer.bias).map(row).collect();
            signs.extend(z.iter().map(Dyadic::sign));
            inputs = z.into_iter().map(|z| if z.sign() == Ordering::Less { scaled(&z, network.slope_of(l)) } else { z }).collect();
        }
        signs.extend((0..4).map(|side| border(window, side)).map(|f| f[0].mul(x).add(&f[1].mul(y)).add(&f[2].mul(w)).sign()));
        signs
    }
}

/// The turn from the gradient of one form to that of another.
pub(super) fn turn(a: &ExactForm, b: &ExactForm) -> Ordering {
    minor(a, b, 0, 1).sign()
}

fn minor(a: &ExactForm, b: &ExactForm, i: usize, j: usize) -> Dyadic {
    a[i].mul(&b[j]).sub(&a[j].mul(&b[i]))
}

/// A side of the window, positive inside.
pub(super) fn border(window: &Window, side: usize) -> ExactForm {
    let ([x0, y0], [x1, y1]) = (window.min, window.max);
    [[0.0, 1.0, -y0], [-1.0, 0.0, x1], [0.0, -1.0, y1], [1.0, 0.0, -x0]][side].map(Dyadic::from_f64)
}

/// The form of a hidden unit along a pattern; `first_unit` numbers the layers' units.
pub(super) fn form(network: &Network, on: &[bool], first_unit: &[usize], unit: usize) -> ExactForm {
    let one = |k: usize| [0, 1, 2].map(|i| Dyadic::from_f64(if i == k { 1.0 } else { 0.0 }));
    let last = first_unit.partition_point(|&first| first <= unit) - 1;
    let mut inputs = vec![one(0), one(1)];
    for (l, layer) in network.hidden()[..last].iter().enumerate() {
        let act = |(z, &on): (ExactForm, &bool)| if on { z } else { z.map(|c| scaled(&c, network.slope_of(l))) };
        inputs = (0..layer.n_out).map(|j| row(layer, j, &inputs)).zip(&on[first_unit[l]..]).map(act).collect();
    }
    row(&network.layers()[last], unit - first_unit[last], &inputs)
}

fn row(layer: &Affine, j: usize, inputs: &[ExactForm]) -> ExactForm {
    let weights = &layer.weights[j * layer.n_in..][..layer.n_in];
    let start = |k: usize| if k == 2 { Dyadic::from_f64(layer.bias[j]) } else { Dyadic::zero() };
    [0, 1, 2].map(|k| weighted(start(k), weights, inputs.iter().map(|form| &form[k])))
}

/// `start + sum w_i v_i`.
fn weighted<'v>(start: Dyadic, weights: &[f64], values: impl Iterator<Item = &'v Dyadic>) -> Dyadic {
    let terms = weights.iter().zip(values).filter(|(w, v)| **w != 0.0 && !v.is_zero());
    terms.fold(start, |sum, (&w, v)| sum.add(&Dyadic::from_f64(w).mul(v)))
}

fn scaled(v: &Dyadic, slope: f64) -> Dyadic {
    if slope == 0.0 { Dyadic::zero() } else { Dyadic::from_f64(slope).mul(v) }
}
