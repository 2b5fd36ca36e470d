//! The pre-activations of one layer on one cell, as affine forms with a bound on their error, and exactly on demand.
//!
//! In: the forms of the layer before on the same cell and its pattern there. Out: [`Context`]. On a region of the first
//! `l` layers every unit of layer `l + 1` is one affine form, so a context is made once per such region and shared by all
//! cells inside it.
//!
//! The bound. Let the stored form be `f` and the true one `f*`, and `X`, `Y` the largest |x|, |y| of the window. Kept is
//! `error >= |f_x - f*_x| X + |f_y - f*_y| Y + |f_c - f*_c|`, so that `|f(p) - f*(p)| <= error` everywhere in the window,
//! and `size >= |f_x| X + |f_y| Y + |f_c|`. A sum of `n` products `w_i s_i f_i`, each factor pair rounded, plus a bias is
//! off by at most `gamma_(n+3) * sum |w_i s_i| size_i` from rounding (Higham, Accuracy and Stability of Numerical
//! Algorithms, section 3.1) and by `sum |w_i s_i| error_i` from its arguments. Underflow adds at most 2^-1074 a product.

use super::exact::{Dyadic, ExactForm};
use super::{AffineForm, Window};
use crate::network::{Affine, Network};
use std::sync::OnceLock;

/// Half an ulp of 1: the relative error of one rounding.
pub const ROUNDING: f64 = f64::EPSILON / 2.0;
/// Absorbs the roundings of the bounds themselves: they are sums of at most a few thousand positive terms.
const SLACK: f64 = 1.0 + 1e-6;

/// One unit's pre-activation on a cell. `error` and `size` are explained in the module's text.
#[derive(Debug, Clone, Copy)]
pub struct BoundedForm {
    pub form: AffineForm,
    pub error: f64,
    pub size: f64,
}

/// The pre-activations of layer `layer` (0: the first) on a region of the layers before it.
pub struct Context<'a> {
    pub network: &'a Network,
    pub window: &'a Window,
    pub layer: usize,
    pub forms: Vec<BoundedForm>,
    /// The context of the layer before and, for each of its units, whether it is on here.
    parent: Option<(&'a Context<'a>, Vec<bool>)>,
    exact: Vec<OnceLock<ExactForm>>,
}

impl<'a> Context<'a> {
    /// The first layer: its forms are its weights.
    pub fn root(network: &'a Network, window: &'a Window) -> Self {
        let layer = &network.layers()[0];
        let forms = layer.weights.chunks_exact(2).zip(&layer.bias).map(|(w, &b)| {
            let form = AffineForm { gx: w[0], gy: w[1], c: b };
            BoundedForm { form, error: 0.0, size: size(&form, window) }
        });
        Self::with(network, window, 0, forms.collect(), None)
    }

    /// The layer after `parent`'s, where the units of `parent`'s are on as in `on`.
    pub fn next(parent: &'a Context<'a>, on: Vec<bool>) -> Self {
        let layer = &parent.network.layers()[parent.layer + 1];
        let forms = combine(layer, &activated(parent, &on));
        Self::with(parent.network, parent.window, parent.layer + 1, forms, Some((parent, on)))
    }

    fn with(
        network: &'a Network,
        window: &'a Window,
        layer: usize,
        forms: Vec<BoundedForm>,
        parent: Option<(&'a Context<'a>, Vec<bool>)>,
    ) -> Self {
        let exact = forms.iter().map(|_| OnceLock::new()).collect();
        Self { network, window, layer, forms, parent, exact }
    }

    /// The exact form of unit `j`, made at the first question.
    pub fn exact(&self, j: usize) -> &ExactForm {
        self.exact[j].get_or_init(|| self.compute_exact(j))
    }

    fn compute_exact(&self, j: usize) -> ExactForm {
        let layer = &self.network.layers()[self.layer];
        let weights = &layer.weights[j * layer.n_in..][..layer.n_in];
        let bias = Dyadic::from_f64(layer.bias[j]);
        let Some((parent, on)) = &self.parent else {
            return [Dyadic::from_f64(weights[0]), Dyadic::from_f64(weights[1]), bias];
        };
        let slope = Dyadic::from_f64(self.network.slope());
        let mut sum = [Dyadic::zero(), Dyadic::zero(), bias];
        for (i, (&w, &on)) in weights.iter().zip(on).enumerate() {
            if w == 0.0 || (!on && slope.is_zero()) {
                continue;
            }
            let w = Dyadic::from_f64(w);
            let factor = if on { w } else { w.mul(&slope) };
            for (s, f) in sum.iter_mut().zip(parent.exact(i)) {
                *s = s.add(&factor.mul(f));
            }
        }
        sum
    }
}

/// The activations of the parent's layer: `[g_x, g_y, c, error, size]` of every unit.
fn activated(parent: &Context, on: &[bool]) -> Vec<[f64; 5]> {
    let slope = parent.network.slope();
    let activate = |(f, &on): (&BoundedForm, &bool)| {
        let s = if on { 1.0 } else { slope };
        [f.form.gx * s, f.form.gy * s, f.form.c * s, f.error * s, f.size * s]
    };
    parent.forms.iter().zip(on).map(activate).collect()
}

/// `W a + b` on forms, with the bounds carried along.
fn combine(layer: &Affine, inputs: &[[f64; 5]]) -> Vec<BoundedForm> {
    let n = inputs.len() as f64;
    let gamma = (n + 4.0) * ROUNDING / (1.0 - (n + 4.0) * ROUNDING);
    let row = |(weights, &bias): (&[f64], &f64)| {
        let mut sum = [0.0, 0.0, bias];
        let (mut error, mut size) = (0.0, bias.abs());
        for (&w, f) in weights.iter().zip(inputs) {
            for k in 0..3 {
                sum[k] += w * f[k];
            }
            error += w.abs() * f[3];
            size += w.abs() * f[4];
        }
        let error = (error + gamma * size + n * f64::MIN_POSITIVE) * SLACK;
        BoundedForm { form: AffineForm { gx: sum[0], gy: sum[1], c: sum[2] }, error, size: size * SLACK }
    };
    layer.weights.chunks_exact(layer.n_in).zip(&layer.bias).map(row).collect()
}

fn size(f: &AffineForm, window: &Window) -> f64 {
    let [x, y] = window.reach();
    f.gx.abs() * x + f.gy.abs() * y + f.c.abs()
}
