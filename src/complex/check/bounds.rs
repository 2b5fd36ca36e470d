//! Affine forms in f64 with bounds of their errors, along a pattern, and signs at points that are known up to a radius.
//!
//! In: a network and a pattern. Out: [`Form`]s of all units and outputs. Each of the three coefficients of a form is a sum of
//! products of weights and slopes, computed layer by layer; with `n` roundings on the way from the input, it is off by at
//! most `2 n u` times its `size`, the sum of the absolute products, which holds the smallest normal number once per sum
//! for underflow.

use crate::complex::Window;
use crate::complex::system::ROUNDING;
use crate::network::{Network, Unit};

/// `g_x x + g_y y + c`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub coefficients: [f64; 3],
    size: [f64; 3],
    roundings: f64,
}

impl Form {
    /// A side of the window, positive inside.
    pub(super) fn border(window: &Window, side: usize) -> Self {
        let ([x0, y0], [x1, y1]) = (window.min, window.max);
        let coefficients = [[0.0, 1.0, -y0], [-1.0, 0.0, x1], [0.0, -1.0, y1], [1.0, 0.0, -x0]][side];
        Self { coefficients, size: coefficients.map(f64::abs), roundings: 0.0 }
    }

    /// The form or its negative.
    pub(super) fn times_sign(self, positive: bool) -> Self {
        if positive { self } else { Self { coefficients: self.coefficients.map(|c| -c), ..self } }
    }

    pub(super) fn value(&self, [x, y]: [f64; 2]) -> f64 {
        let [gx, gy, c] = self.coefficients;
        gx * x + gy * y + c
    }

    /// How far [`Self::value`] may be off at `p`, with `extra` more roundings than this form has.
    pub(super) fn value_off(&self, p: [f64; 2], extra: f64) -> f64 {
        let [sx, sy, sc] = self.size;
        (2.0 * (self.roundings + extra) + 8.0) * ROUNDING * (sx * p[0].abs() + sy * p[1].abs() + sc) + f64::MIN_POSITIVE
    }

    /// How far coefficient `k` may be off, with `extra` more roundings than this form has.
    pub(super) fn off(&self, k: usize, extra: f64) -> f64 {
        2.0 * (self.roundings + extra) * ROUNDING * self.size[k]
    }

    /// How far the value may be off at a point whose coordinates are within `radius` of `p`.
    pub(super) fn near_off(&self, p: [f64; 2], radius: f64) -> f64 {
        let reach = p.map(|v| v.abs() + radius);
        let moved = (self.size[0] + self.size[1]).min(self.coefficients[0].abs() + self.coefficients[1].abs()) * radius;
        (self.value_off(reach, 0.0) + moved + (self.off(0, 0.0) + self.off(1, 0.0)) * radius) * (1.0 + 8.0 * ROUNDING)
    }

    /// Length of the gradient.
    pub(super) fn steepness(&self) -> f64 {
        self.coefficients[0].hypot(self.coefficients[1])
    }

    /// The cross product of the gradients of two forms, and how far it may be off.
    pub(super) fn cross(&self, other: &Self) -> [f64; 2] {
        let ([ax, ay, _], [bx, by, _]) = (self.coefficients, other.coefficients);
        let product = |i: usize, j: usize| {
            let (a, b) = (self.coefficients[i].abs() + self.off(i, 0.0), other.coefficients[j].abs() + other.off(j, 0.0));
            self.off(i, 0.0) * b + a * other.off(j, 0.0) + 2.0 * ROUNDING * a * b
        };
        [ax * by - ay * bx, (product(0, 1) + product(1, 0)) * (1.0 + 8.0 * ROUNDING) + f64::MIN_POSITIVE]
    }

    /// How far from `p` the lines of two forms may meet, in each coordinate; infinite where they may be parallel.
    ///
    /// At the point the exact forms vanish, so at `p` they are what `p`'s offset makes of the exact gradients: Cramer's rule.
    pub(super) fn meeting_radius(&self, other: &Self, p: [f64; 2]) -> f64 {
        let at = |form: &Self| form.value(p).abs() + form.value_off(p, 0.0);
        let (a, b) = (at(self), at(other));
        let slope = |form: &Self, k: usize| form.coefficients[k].abs() + form.off(k, 0.0);
        let [cross, off] = self.cross(other);
        let certain = cross.abs() - off;
        let of_axis = |k: usize| (a * slope(other, k) + b * slope(self, k)) / certain * (1.0 + 16.0 * ROUNDING);
        if certain > 0.0 { of_axis(0).max(of_axis(1)) } else { f64::INFINITY }
    }
}

/// The forms of all units and outputs along one pattern.
pub(super) struct Forms<'n> {
    network: &'n Network,
    on: Vec<bool>,
    /// Of each layer, the output layer last, `[g_x, g_y, c]` and their sizes.
    layers: Vec<Vec<[f64; 6]>>,
    /// The roundings of each layer's forms.
    roundings: Vec<f64>,
    /// The number of the first unit of each layer.
    pub(super) first_unit: Vec<usize>,
}

impl<'n> Forms<'n> {
    pub(super) fn new(network: &'n Network) -> Self {
        let add = |n: &mut usize, more: usize| Some(std::mem::replace(n, *n + more));
        let first_unit = network.layers().iter().scan(0, |n, a| add(n, a.n_out)).collect();
        let roundings = network.layers().iter().scan(0, |n, a| {
            *n += a.n_in + 4;
            Some(*n as f64)
        });
        Self { network, on: vec![], layers: vec![], roundings: roundings.collect(), first_unit }
    }

    /// Goes to another pattern; layers whose inputs stay the same are kept.
    pub(super) fn set(&mut self, on: &[bool]) {
        let changed = self.on.iter().zip(on).position(|(a, b)| a != b).or((self.on.len() != on.len()).then_some(0));
        self.on.clear();
        self.on.extend_from_slice(on);
        let valid = changed.map_or(self.layers.len(), |unit| self.first_unit.partition_point(|&first| first <= unit));
        self.layers.truncate(valid);
        for l in self.layers.len()..self.network.layers().len() {
            let inputs = self.activations(l);
            let layer = &self.network.layers()[l];
            let row = |(weights, &bias): (&[f64], &f64)| combine(weights, bias, &inputs);
            self.layers.push(layer.weights.chunks_exact(layer.n_in).zip(&layer.bias).map(row).collect());
        }
    }

    /// What layer `l` reads: the inputs that are not 0 all over.
    fn activations(&self, l: usize) -> Vec<(usize, [f64; 6])> {
        let Some(before) = l.checked_sub(1) else {
            return vec![(0, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]), (1, [0.0, 1.0, 0.0, 0.0, 1.0, 0.0])];
        };
        let slope = self.network.slope_of(before);
        let on = &self.on[self.first_unit[before]..];
        let act = |(i, (form, &on)): (usize, (&[f64; 6], &bool))| match on {
            true => Some((i, *form)),
            false if slope == 0.0 => None,
            false => Some((i, [0, 1, 2, 3, 4, 5].map(|k| form[k] * slope + if k < 3 { 0.0 } else { f64::MIN_POSITIVE }))),
        };
        self.layers[before].iter().zip(on).enumerate().filter_map(act).collect()
    }

    /// The form of a hidden unit.
    pub(super) fn unit(&self, unit: usize) -> Form {
        let layer = self.first_unit.partition_point(|&first| first <= unit) - 1;
        self.row(layer, unit - self.first_unit[layer])
    }

    /// The form of an output.
    pub(super) fn output(&self, j: usize) -> Form {
        self.row(self.network.n_hidden(), j)
    }

    /// The forms of all hidden units.
    pub(super) fn units(&self) -> impl Iterator<Item = Form> + '_ {
        (0..self.network.n_hidden()).flat_map(move |l| (0..self.layers[l].len()).map(move |j| self.row(l, j)))
    }

    /// What a person calls a unit or, numbered after all units, a side of the window.
    pub(super) fn name(&self, line: usize) -> String {
        if let Some(side) = line.checked_sub(self.network.n_units()) {
            return format!("side {side} of the window");
        }
        let layer = self.first_unit.partition_point(|&first| first <= line) - 1;
        format!("unit {}", Unit { layer: layer as u32, index: (line - self.first_unit[layer]) as u32 })
    }

    fn row(&self, layer: usize, j: usize) -> Form {
        let [gx, gy, c, sx, sy, sc] = self.layers[layer][j];
        Form { coefficients: [gx, gy, c], size: [sx, sy, sc], roundings: self.roundings[layer] }
    }
}

fn combine(weights: &[f64], bias: f64, inputs: &[(usize, [f64; 6])]) -> [f64; 6] {
    let mut sum = [0.0, 0.0, bias, f64::MIN_POSITIVE, f64::MIN_POSITIVE, bias.abs() + f64::MIN_POSITIVE];
    for (i, form) in inputs {
        let w = weights[*i];
        for k in 0..3 {
            sum[k] += w * form[k];
            sum[k + 3] += w.abs() * form[k + 3];
        }
    }
    sum
}

/// The sign of every hidden unit at a point, in f64 with a running bound; `None` where that does not tell.
pub(super) fn signs_at(network: &Network, p: [f64; 2]) -> Vec<Option<std::cmp::Ordering>> {
    use std::cmp::Ordering::{Greater, Less};
    let mut at = p.map(|v| [v, v.abs()]).to_vec();
    let mut signs = Vec::with_capacity(network.n_units());
    let mut roundings = 0.0;
    for (l, layer) in network.hidden().iter().enumerate() {
        roundings += layer.n_in as f64 + 4.0;
        let row = |(weights, &bias): (&[f64], &f64)| {
            let start = [bias, bias.abs() + f64::MIN_POSITIVE];
            let [z, size] = weights.iter().zip(&at).fold(start, |[z, size], (w, [v, s])| [z + w * v, size + w.abs() * s]);
            let off = 2.0 * roundings * ROUNDING * size;
            let sign = if z > off { Some(Greater) } else { (z < -off).then_some(Less) };
            // the activation is no steeper than 1: it is off by no more than its argument
            let certain = if sign == Some(Less) { network.slope_of(l) } else { 1.0 };
            (sign, [network.activate(l, z), size * certain + f64::MIN_POSITIVE])
        };
        let (found, next): (Vec<_>, Vec<_>) = layer.weights.chunks_exact(layer.n_in).zip(&layer.bias).map(row).unzip();
        signs.extend(found);
        at = next;
    }
    signs
}
