//! The forms of a cell's rows and outputs in every face of its subdivision, layer by layer.
//!
//! In: a system, and which rows are on in which faces. Out: forms, signs that are certain, maps of the outputs. While
//! the rows of one layer are put in, their forms are those of the face that is there when the layer begins (*now*); what its
//! units give to the rows of later layers and to the outputs is added up in the faces that it is cut into (*later*): as if all
//! that are not decided yet were off, and what is missing where they turn out to be on.
//!
//! The bound. In a face the form of row `k` is `aff_k + sum t_i s_i form_i` over the rows `i` before, with slopes `s_i` of at
//! most 1, which may come as `s_i` and `1 - s_i`. With `error` and `size` as in [`System`], `E_k = error_k + sum |t_i| E_i` bounds
//! how far it may be off, and `S_k = size_k + sum |t_i| S_i` what its terms add up to; every term is rounded at most four times and
//! they are summed one by one, in any order: `2 (n + 4) u S_k` is ample.

use super::super::AffineForm;
use super::super::predicate::{Corner, certain_signs, threshold};
use super::super::system::{BoundedForm, Forms4, LANES, Operator, ROUNDING, System, slack, vectors, vectors_mut};
use super::rows_in;
use pulp::Simd;
use std::ops::Range;

#[derive(Default)]
pub struct Forms {
    n_rows: usize,
    /// Groups of [`LANES`] rows and outputs.
    n_groups: usize,
    /// `[rows x groups]`: what each row gives to all rows and outputs; 0 to those of its layer and before.
    factors: Vec<[f64; LANES]>,
    /// Of each row.
    error: Vec<f64>,
    size: Vec<f64>,
    /// `[groups]`: what a value must exceed, see [`threshold`].
    thresholds: Vec<[f64; LANES]>,
    /// The rows of the layer at hand.
    rows: Range<usize>,
    slope: f64,
    /// What rows that are on (by bits) or off have for slopes.
    slopes: [[f64; LANES]; 1 << LANES],
    now: Stage,
    later: Stage,
    /// Slope times form of the layer's rows in the face at hand.
    activations: Vec<Forms4>,
    /// Rows whose activation is not 0 all over: where their factors begin, and their first number in `activations`.
    active: Vec<[usize; 2]>,
}

/// `[faces x groups]`: the forms of rows and outputs from a group on.
#[derive(Default)]
struct Stage {
    first: usize,
    n_groups: usize,
    forms: Vec<Forms4>,
}

impl Stage {
    /// Without faces, for rows and outputs from `row` on (and those before in its group).
    fn start(&mut self, row: usize, n_groups: usize) {
        self.first = row / LANES;
        self.n_groups = n_groups - self.first;
        self.forms.clear();
    }

    fn range(&self, f: usize) -> Range<usize> {
        self.n_groups * f..self.n_groups * (f + 1)
    }

    #[inline(always)]
    fn form(&self, f: usize, row: usize) -> [f64; 3] {
        let [gx, gy, c] = &self.forms[self.n_groups * f + row / LANES - self.first];
        let lane = row % LANES;
        [gx[lane], gy[lane], c[lane]]
    }
}

impl Forms {
    /// One face: the cell.
    #[inline(always)]
    pub fn start<S: Simd>(&mut self, simd: S, system: &System, operator: &Operator) {
        let (n, n_outputs) = (system.units.len(), operator.network.n_outputs());
        (self.n_rows, self.n_groups) = (n, (n + n_outputs).div_ceil(LANES));
        self.later.start(0, self.n_groups);
        let rows = system.affine_lanes();
        let value = |q: usize, k: usize| match k.checked_sub(n) {
            None => rows[q][k],
            Some(o) if o < n_outputs => system.output(o)[q],
            Some(_) => 0.0,
        };
        let group = |g: usize| [0, 1, 2].map(|q| std::array::from_fn(|l| value(q, LANES * g + l)));
        self.later.forms.extend((0..self.n_groups).map(group));
        self.factors.clear();
        self.factors.resize(n * self.n_groups, [0.0; LANES]);
        for (j, row) in self.factors.as_flattened_mut().chunks_exact_mut(LANES * self.n_groups).enumerate() {
            if let Some(factors) = system.factor_lanes(j) {
                row[..n].copy_from_slice(&factors[..n]);
            }
            row[n..n + n_outputs].iter_mut().enumerate().for_each(|(o, t)| *t = system.output_factor(operator, o, j));
        }
        self.bound(simd, system);
    }

    /// The bounds of all rows' errors.
    #[inline(always)]
    fn bound<S: Simd>(&mut self, simd: S, system: &System) {
        let Self { error, size, thresholds, factors, n_groups, .. } = self;
        for (v, column) in [&mut *error, &mut *size].into_iter().zip(system.error_lanes()) {
            v.clear();
            v.extend_from_slice(column);
            v.resize(LANES * *n_groups, 0.0);
        }
        for (_, rows) in system.layers() {
            let n = rows.start as f64;
            for (e, s) in error[rows.clone()].iter_mut().zip(&mut size[rows.clone()]) {
                *s *= slack(n);
                *e = (*e + 2.0 * (n + 4.0) * ROUNDING * *s) * slack(n) + f64::MIN_POSITIVE;
            }
            let first = rows.end / LANES;
            for i in rows {
                let [e, s] = [error[i], size[i]].map(|v| simd.splat_f64s(v));
                let factors = S::as_simd_f64s(factors[i * *n_groups..][first..*n_groups].as_flattened()).0;
                let [errors, sizes] = [&mut *error, &mut *size].map(|v| S::as_mut_simd_f64s(&mut v[LANES * first..]).0);
                for ((error, size), &t) in errors.iter_mut().zip(sizes).zip(factors) {
                    let t = simd.abs_f64s(t);
                    *error = simd.add_f64s(*error, simd.mul_f64s(t, e));
                    *size = simd.add_f64s(*size, simd.mul_f64s(t, s));
                }
            }
        }
        thresholds.clear();
        let (errors, sizes) = (error.as_chunks::<LANES>().0, size.as_chunks::<LANES>().0);
        thresholds.extend(errors.iter().zip(sizes).map(|(e, s)| std::array::from_fn(|l| threshold(e[l], s[l]))));
    }

    /// Begins a layer; its faces follow by [`Self::open_face`].
    pub fn open_layer(&mut self, rows: Range<usize>, slope: f64) {
        std::mem::swap(&mut self.now, &mut self.later);
        self.later.start(rows.end, self.n_groups);
        self.slope = slope;
        self.slopes = std::array::from_fn(|on| std::array::from_fn(|l| if on >> l & 1 == 1 { 1.0 } else { slope }));
        self.rows = rows;
        if slope != 0.0 {
            self.activate(self.rows.clone());
        }
    }

    /// Makes these rows the active ones.
    #[inline(always)]
    fn activate(&mut self, rows: impl Iterator<Item = usize>) {
        let (n_groups, first, start) = (self.n_groups, self.later.first, self.now.first);
        let places = |row: usize| [row * n_groups + first, 3 * LANES * (row / LANES - start) + row % LANES];
        self.active.clear();
        self.active.extend(rows.map(places));
    }

    /// The next face of a layer that begins, where these rows are on and the others off or not decided yet.
    #[inline(always)]
    pub fn open_face<S: Simd>(&mut self, simd: S, f: usize, on: u64) {
        if self.slope == 0.0 {
            self.activate(rows_in(on));
        }
        let Self { factors, slope, slopes, now, later, activations, active, .. } = self;
        let forms = &now.forms[now.range(f)];
        let activations = if *slope == 0.0 {
            // the rows that are on, which are the active ones, give their forms
            forms
        } else {
            activations.clear();
            for (form, g) in forms.iter().zip(now.first..self.rows.end.div_ceil(LANES)) {
                let slopes = vectors::<S>(&slopes[(on >> (LANES * g)) as usize % (1 << LANES)]);
                let mut activation = *form;
                for values in &mut activation {
                    for (value, &slope) in vectors_mut::<S>(values).iter_mut().zip(slopes) {
                        *value = simd.mul_f64s(*value, slope);
                    }
                }
                activations.push(activation);
            }
            &activations[..]
        };
        let activations = activations.as_flattened().as_flattened();
        for (g, form) in forms[later.first - now.first..].iter().enumerate() {
            let mut sums = *form;
            let [xs, ys, cs] = sums.each_mut().map(vectors_mut::<S>);
            for (i, ((x, y), c)) in xs.iter_mut().zip(ys).zip(cs).enumerate() {
                let (mut sum_x, mut sum_y, mut sum_c) = (*x, *y, *c);
                for &[row, at] in &*active {
                    let t = vectors::<S>(&factors[row + g])[i];
                    let values = &activations[at..][..=2 * LANES];
                    sum_x = simd.add_f64s(sum_x, simd.mul_f64s(t, simd.splat_f64s(values[0])));
                    sum_y = simd.add_f64s(sum_y, simd.mul_f64s(t, simd.splat_f64s(values[LANES])));
                    sum_c = simd.add_f64s(sum_c, simd.mul_f64s(t, simd.splat_f64s(values[2 * LANES])));
                }
                (*x, *y, *c) = (sum_x, sum_y, sum_c);
            }
            later.forms.push(sums);
        }
    }

    /// Another face that begins as a copy of face `f`.
    #[inline(always)]
    pub fn copy_face(&mut self, f: usize) {
        self.later.forms.extend_from_within(self.later.range(f));
    }

    /// Tells the later rows in face `f`, part of face `whole` of when the layer began, of rows that were not decided there and are on.
    #[inline(always)]
    pub fn substitute<S: Simd>(&mut self, simd: S, [f, whole]: [usize; 2], on: u64) {
        let Self { factors, n_groups, slope, now, later, .. } = self;
        let range = later.range(f);
        let forms = &mut later.forms[range];
        for row in rows_in(on) {
            let form = now.form(whole, row).map(|v| simd.splat_f64s((1.0 - *slope) * v));
            for (sums, factors) in forms.iter_mut().zip(&factors[row * *n_groups..][later.first..]) {
                for (sums, value) in sums.iter_mut().zip(form) {
                    for (sum, &t) in vectors_mut::<S>(sums).iter_mut().zip(vectors::<S>(factors)) {
                        *sum = simd.add_f64s(*sum, simd.mul_f64s(t, value));
                    }
                }
            }
        }
    }

    /// The rows of the layer that are certainly negative at a corner of face `f`, and those that are certainly positive.
    #[inline(always)]
    pub fn signs<S: Simd>(&self, simd: S, f: usize, corner: &Corner) -> [u64; 2] {
        let Stage { first, n_groups, ref forms } = self.now;
        let end = self.rows.end.div_ceil(LANES);
        certain_signs(simd, &forms[n_groups * f..][..end - first], &self.thresholds[first..end], first, corner)
    }

    /// The form of a row of the layer in face `f`.
    #[inline(always)]
    pub fn form(&self, f: usize, row: usize) -> BoundedForm {
        let [gx, gy, c] = self.now.form(f, row);
        BoundedForm { form: AffineForm { gx, gy, c }, error: self.error[row], size: self.size[row] }
    }

    /// Output `o` on face `f`, when all layers are done.
    pub fn output(&self, f: usize, o: usize) -> AffineForm {
        let [gx, gy, c] = self.later.form(f, self.n_rows + o);
        AffineForm { gx, gy, c }
    }
}
