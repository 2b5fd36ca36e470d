//! The only place where a float becomes a sign: which side of a unit's line a corner is on.
//!
//! In: a unit's form and a corner (a position with a bound on its error, and the two lines that meet there). Out: the
//! sign that exact arithmetic on the stored weights gives. First in f64: the sign is certain where the value exceeds the
//! form's error, plus gradient times the corner's error, plus the rounding of the evaluation. Otherwise exactly, along the
//! pattern of the layers before: it is the same for all lines of a cell, since whatever is decided on a cell stays so.

use super::exact::{Dyadic, ExactForm, sign_at_crossing};
use super::system::{BoundedForm, Forms4, LANES, Operator, ROUNDING, vectors};
use super::{AffineForm, BORDER_LABEL, Options, Window};
use pulp::{Simd, bytemuck};
use std::cmp::Ordering;

/// Sets of rows are 64 bits.
pub const MAX_ROWS: usize = 64;

/// A corner of a cell: its position, how far each coordinate may be off, and the two lines that meet there
/// (the number of a unit, or [`BORDER_LABEL`] plus the window's side).
///
/// In the whole plane a corner may be at infinity: the point `R * position` for an `R` larger than any number, with weight 0.
/// There the bounds of forms are those for coordinates of at most 1; elsewhere they grow with the coordinates by `scale`.
#[derive(Debug, Clone, Copy)]
pub struct Corner {
    pub position: [f64; 2],
    pub radius: f64,
    /// 1; at infinity 0.
    pub weight: f64,
    /// On a window 1, whose reach the forms' bounds hold for.
    pub scale: f64,
    pub lines: [u32; 2],
}

impl Corner {
    pub fn is_finite(&self) -> bool {
        self.position.iter().all(|x| x.is_finite())
    }

    /// A form here; at infinity what decides its sign.
    fn evaluate(&self, form: &AffineForm) -> f64 {
        form.gx * self.position[0] + form.gy * self.position[1] + form.c * self.weight
    }
}

/// A value in f64 and how far it may be off.
#[derive(Debug, Clone, Copy)]
pub struct Value {
    pub value: f64,
    pub error: f64,
}

impl Value {
    /// The sign if it is certain. NaN never is.
    pub fn certain_sign(self) -> Option<Ordering> {
        if self.value > self.error {
            Some(Ordering::Greater)
        } else if self.value < -self.error {
            Some(Ordering::Less)
        } else {
            None
        }
    }
}

/// What the value of a form must exceed where the corner is exactly known, if the form is off by at most `error` and its terms
/// add up to at most `size`, see [`BoundedForm`].
pub fn threshold(error: f64, size: f64) -> f64 {
    (error + 8.0 * ROUNDING * size) * (1.0 + 8.0 * ROUNDING) + f64::MIN_POSITIVE
}

/// The set that holds row `k` alone, by groups.
const ROWS: [[u64; LANES]; MAX_ROWS / LANES] = {
    let mut rows = [[0; LANES]; MAX_ROWS / LANES];
    let mut k = 0;
    while k < MAX_ROWS {
        rows[k / LANES][k % LANES] = 1 << k;
        k += 1;
    }
    rows
};

/// Which rows are certainly negative at a corner, and which are certainly positive; see [`value`]. Sets of rows are 64 bits. The
/// forms and their [`threshold`]s are those of the rows from group `first` on.
#[inline(always)]
pub fn certain_signs<S: Simd>(simd: S, forms: &[Forms4], thresholds: &[[f64; LANES]], first: usize, corner: &Corner) -> [u64; 2] {
    let ample = 1.0 + 32.0 * ROUNDING;
    let [x, y] = corner.position.map(|v| simd.splat_f64s(v));
    let [weight, scale, radius] = [corner.weight, corner.scale * ample, corner.radius * ample].map(|v| simd.splat_f64s(v));
    let (add, mul, abs) = (|a, b| simd.add_f64s(a, b), |a, b| simd.mul_f64s(a, b), |a| simd.abs_f64s(a));
    let none = simd.splat_u64s(0);
    let (mut below, mut above) = (none, none);
    for ((form, threshold), rows) in forms.iter().zip(thresholds).zip(&ROWS[first..]) {
        let ([gx, gy, c], threshold, rows) = (form.each_ref().map(vectors::<S>), vectors::<S>(threshold), S::as_simd_u64s(rows).0);
        for ((((&gx, &gy), &c), &threshold), &row) in gx.iter().zip(gy).zip(c).zip(threshold).zip(rows) {
            let value = add(add(mul(gx, x), mul(gy, y)), mul(c, weight));
            let error = add(mul(threshold, scale), mul(add(abs(gx), abs(gy)), radius));
            let [is_below, is_above] = [simd.less_than_f64s(value, simd.neg_f64s(error)), simd.less_than_f64s(error, value)];
            below = simd.or_u64s(below, simd.select_u64s(is_below, row, none));
            above = simd.or_u64s(above, simd.select_u64s(is_above, row, none));
        }
    }
    [below, above].map(|lanes| bytemuck::cast_slice(&[lanes]).iter().fold(0, |set, lane: &u64| set | lane))
}

/// A form at a corner, in f64.
pub fn value(f: &BoundedForm, corner: &Corner) -> Value {
    let value = corner.evaluate(&f.form);
    let moved = (f.form.gx.abs() + f.form.gy.abs()) * corner.radius;
    // three roundings of terms within `size`, each at most ROUNDING of it, twice over for the sums of this line itself
    Value { value, error: ((f.error + 8.0 * ROUNDING * f.size) * corner.scale + moved) * (1.0 + 8.0 * ROUNDING) + f64::MIN_POSITIVE }
}

/// The pattern along the recursion, and the exact forms that were asked for, as long as they hold.
#[derive(Clone)]
pub struct Predicate<'n> {
    operator: &'n Operator<'n>,
    /// `None`: the whole plane.
    window: Option<Window>,
    /// Decide everything exactly, to test the filter against.
    pub all_exact: bool,
    /// Believe every sign of f64, to test that this is found out.
    trust_rounding: bool,
    pub exact_decisions: u64,
    /// Whether each unit is on; what is not decided on the present cell does not count.
    on: Vec<bool>,
    /// When the pattern of each layer changed last, in changes.
    changed: Vec<u64>,
    clock: u64,
    /// Of each unit the exact form and when it was made; empty until the first question.
    forms: Vec<Option<(u64, ExactForm)>>,
}

impl<'n> Predicate<'n> {
    pub fn new(operator: &'n Operator<'n>, window: Option<Window>, options: &Options) -> Self {
        let network = operator.network;
        let Options { all_exact, trust_rounding, .. } = *options;
        let (on, changed) = (vec![false; network.n_units()], vec![0; network.n_hidden()]);
        Self { operator, window, all_exact, trust_rounding, exact_decisions: 0, on, changed, clock: 0, forms: Vec::new() }
    }

    pub fn operator(&self) -> &'n Operator<'n> {
        self.operator
    }

    /// The same pattern for another thread, which counts for itself.
    pub fn fork(&self) -> Self {
        Self { exact_decisions: 0, forms: Vec::new(), on: self.on.clone(), changed: self.changed.clone(), ..*self }
    }

    /// Notes that a unit of hidden layer `layer` is on or off on the present cell.
    pub fn note(&mut self, layer: usize, unit: u32, on: bool) {
        if std::mem::replace(&mut self.on[unit as usize], on) != on {
            self.clock += 1;
            self.changed[layer] = self.clock;
        }
    }

    /// The sign at a corner of a unit of hidden layer `layer`; all layers before are decided.
    pub fn sign(&mut self, layer: usize, unit: u32, form: &BoundedForm, corner: &Corner) -> Ordering {
        let value = value(form, corner);
        match value.certain_sign() {
            Some(sign) if !self.all_exact => sign,
            None if self.trust_rounding => value.value.total_cmp(&0.0),
            _ => self.exact_sign(layer, unit, corner),
        }
    }

    fn exact_sign(&mut self, layer: usize, unit: u32, corner: &Corner) -> Ordering {
        self.exact_decisions += 1;
        if corner.lines.contains(&unit) {
            return Ordering::Equal;
        }
        let form = self.form(layer, unit).clone();
        let [a, b] = corner.lines.map(|line| self.line(line));
        if corner.weight == 0.0 {
            // the sides are x = R and the like: where they meet a line, the value is linear in R
            let through_origin = |[gx, gy, _]: &ExactForm| [gx.clone(), gy.clone(), Dyadic::zero()];
            let leading = |line: &ExactForm, label| if label < BORDER_LABEL { through_origin(line) } else { at_infinity(label) };
            let sign = sign_at_crossing(&through_origin(&form), &leading(&a, corner.lines[0]), &leading(&b, corner.lines[1]));
            if sign != Ordering::Equal {
                return sign;
            }
        }
        sign_at_crossing(&form, &a, &b)
    }

    /// A line as an exact form; the window's are `x - x0` and `y - y0`, at infinity (`x - R`) without `R`.
    fn line(&mut self, line: u32) -> ExactForm {
        if line < BORDER_LABEL {
            let layer = self.operator.first_unit.partition_point(|&first| first <= line) - 1;
            return self.form(layer, line).clone();
        }
        let side = (line - BORDER_LABEL) as usize;
        let at = self.window.map_or(0.0, |w| [w.min[1], w.max[0], w.max[1], w.min[0]][side]);
        let [gx, gy] = if side.is_multiple_of(2) { [0.0, 1.0] } else { [1.0, 0.0] };
        [gx, gy, -at].map(Dyadic::from_f64)
    }

    /// The exact form of a unit along the pattern of the layers before its own.
    fn form(&mut self, layer: usize, unit: u32) -> &ExactForm {
        self.ensure(layer, unit as usize);
        match &self.forms[unit as usize] {
            Some((_, form)) => form,
            None => unreachable!("it was just made"),
        }
    }

    fn ensure(&mut self, layer: usize, unit: usize) {
        if self.forms.is_empty() {
            self.forms = vec![None; self.on.len()];
        }
        let since = self.changed[..layer].iter().copied().max().unwrap_or(0);
        if self.forms[unit].as_ref().is_some_and(|(made, _)| *made >= since) {
            return;
        }
        self.forms[unit] = Some((self.clock, self.compute(layer, unit)));
    }

    fn compute(&mut self, layer: usize, unit: usize) -> ExactForm {
        let network = self.operator.network;
        let map = &network.layers()[layer];
        let row = unit - self.operator.first_unit[layer] as usize;
        let weights = &map.weights[row * map.n_in..][..map.n_in];
        let bias = Dyadic::from_f64(map.bias[row]);
        let Some(below) = layer.checked_sub(1) else {
            return [Dyadic::from_f64(weights[0]), Dyadic::from_f64(weights[1]), bias];
        };
        let first = self.operator.first_unit[below] as usize;
        let slope = Dyadic::from_f64(network.slope_of(below));
        let mut sum = [Dyadic::zero(), Dyadic::zero(), bias];
        for (i, &w) in weights.iter().enumerate() {
            let on = self.on[first + i];
            if w == 0.0 || (!on && slope.is_zero()) {
                continue;
            }
            self.ensure(below, first + i);
            let w = Dyadic::from_f64(w);
            let factor = if on { w } else { w.mul(&slope) };
            for (s, f) in sum.iter_mut().zip(self.forms[first + i].iter().flat_map(|(_, form)| form)) {
                *s = s.add(&factor.mul(f));
            }
        }
        sum
    }
}

/// The side `x = R` or the like with 1 in the place of `R`.
fn at_infinity(label: u32) -> ExactForm {
    let sides = [[0.0, 1.0, 1.0], [1.0, 0.0, -1.0], [0.0, 1.0, -1.0], [1.0, 0.0, 1.0]];
    sides[(label - BORDER_LABEL) as usize].map(Dyadic::from_f64)
}
