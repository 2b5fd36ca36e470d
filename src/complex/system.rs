//! The undecided units of a cell as a triangular system, reduced while the plane is cut.
//!
//! In: the layers of a network and, cell by cell, which units are decided. Out: [`System`]. Row `k` says
//! `z_k = g_x x + g_y y + c + sum over undecided j of earlier layers T[k][j] act(z_j)`.
//! Rows exist for the undecided units of the *open* layers. The layer after them (the output layer at the end) is an
//! *accumulator*: bias plus what the decided units give; what the undecided units of the last open layer will give is
//! still missing from it and stands in the weights. A decided unit is substituted everywhere: Gaussian elimination.
//!
//! The bound. Of every row is kept `error`: how far `z_k` may be off anywhere in the cell when the right side is taken at
//! the true `act(z_j)`; and `size`, which is at least `|g_x| X + |g_y| Y + |c| + sum |T[k][j]| B_j` now and at every step so
//! far (`X`, `Y` the largest |x|, |y| of the window, `B_j` the largest `|act(z_j)|` in the cell where the column was made).
//! In the whole plane `X = Y = 1` and `B_j` is row `j`'s own `size`: all bounds then hold for `|x|, |y| <= 1`, and at other points
//! times the larger coordinate, which every term grows with at most.
//! Substituting rows `a` with factors `t_a` adds `sum |t_a| error_a`; every product is rounded twice and every sum once, by
//! at most [`ROUNDING`] of what `size` bounds: `sum 8 u |t_a| size_a + (n + 2) u size` is ample for `n` of them. The bounds
//! are sums of `n` positive terms themselves: the factor `1 + 4 (n + 4) u` covers their rounding.

use super::predicate::Corner;
use super::{AffineForm, ComplexError, Window};
use crate::network::{Affine, Network};
use pulp::{Arch, NullaryFnOnce};

/// Half an ulp of 1: the relative error of one rounding.
pub const ROUNDING: f64 = f64::EPSILON / 2.0;
/// A layer is opened where at most one in so many units of the layer before it is undecided.
const OPEN_SHARE: usize = 4;

/// The columns before those of `T`.
const GX: usize = 0;
const GY: usize = 1;
const C: usize = 2;
const ERROR: usize = 3;
const SIZE: usize = 4;
const HEAD: usize = 5;

/// Column-major, so that inner loops run over rows.
#[derive(Debug, Clone, Default)]
struct Matrix {
    n_rows: usize,
    data: Vec<f64>,
}

/// What the systems of one enumeration share: the weights by columns, and where units and layers begin.
pub struct Operator<'n> {
    pub network: &'n Network,
    /// The instructions that inner loops are run by. No path fuses or reorders operations: all give the same, bit for bit.
    pub arch: Arch,
    /// Of each layer `[n_in x n_out]`: the weights that leave one unit stand together.
    by_input: Vec<Vec<f64>>,
    /// The number of the first unit of each layer, the outputs last.
    pub first_unit: Vec<u32>,
    /// There is no window: cells may be unbounded.
    pub plane: bool,
    reach: [f64; 2],
}

/// One row's form with its bounds, see the text of this module.
#[derive(Debug, Clone, Copy)]
pub struct BoundedForm {
    pub form: AffineForm,
    pub error: f64,
    pub size: f64,
}

/// The undecided units of one cell.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// Undecided units of the open layers in order, numbered through all layers.
    pub units: Vec<u32>,
    /// The first row of each open layer, and the number of rows.
    starts: Vec<usize>,
    /// The largest |act(z)| of each row in the cell.
    magnitude: Vec<f64>,
    /// `[units x (HEAD + units of all open layers but the last)]`.
    rows: Matrix,
    /// `[width of the layer after the open ones x the same columns]`.
    accumulator: Matrix,
}

/// Bounds of the rows over a cell.
#[derive(Debug, Default)]
pub struct Bounds {
    /// The least and greatest value of the affine part at the corners.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    /// How far the affine part may be off.
    pub margin: Vec<f64>,
    middle: Vec<f64>,
    radius: Vec<f64>,
}

/// Which rows are decided (with the unit's slope there) and which are kept, and room for the elimination.
#[derive(Debug, Default)]
pub struct Decisions {
    pub decided: Vec<(usize, f64)>,
    pub kept: Vec<usize>,
    /// Of each kept row, the largest |act(z)|.
    pub magnitude: Vec<f64>,
    active: Vec<usize>,
    reduced: Vec<f64>,
    factors: Vec<f64>,
}

impl Matrix {
    fn col(&self, q: usize) -> &[f64] {
        &self.data[q * self.n_rows..][..self.n_rows]
    }

    fn at(&self, row: usize, q: usize) -> f64 {
        self.data[q * self.n_rows + row]
    }

    fn start(&mut self, n_rows: usize) {
        self.n_rows = n_rows;
        self.data.clear();
    }
}

impl<'n> Operator<'n> {
    pub fn new(network: &'n Network, window: Option<&Window>, arch: Arch) -> Self {
        let by_input = |a: &Affine| (0..a.n_in).flat_map(|i| (0..a.n_out).map(move |j| a.weights[j * a.n_in + i])).collect();
        let first = |next: &mut u32, a: &Affine| Some(std::mem::replace(next, *next + a.n_out as u32));
        let first_unit = network.layers().iter().scan(0, first).collect();
        Self {
            network,
            arch,
            by_input: network.layers().iter().map(by_input).collect(),
            first_unit,
            plane: window.is_none(),
            reach: window.map_or([1.0; 2], Window::reach),
        }
    }

    /// Where numbers grew too large: at unit `unit` (numbered through all layers) of hidden layer `layer`.
    pub fn overflow(&self, layer: usize, unit: u32) -> ComplexError {
        ComplexError::Overflow { layer: layer + 1, unit: (unit - self.first_unit[layer]) as usize }
    }

    /// The weights that leave unit `unit` (numbered through all layers) of hidden layer `layer`.
    fn leaving(&self, layer: usize, unit: u32) -> &[f64] {
        let n_out = self.network.layers()[layer + 1].n_out;
        &self.by_input[layer + 1][(unit - self.first_unit[layer]) as usize * n_out..][..n_out]
    }
}

impl System {
    /// No layer is open: the accumulator is the first layer.
    pub fn root(operator: &Operator) -> Self {
        let layer = &operator.network.layers()[0];
        let weights = &operator.by_input[0];
        let ([x, y], n) = (operator.reach, layer.n_out);
        let zeros = std::iter::repeat_n(0.0, n);
        let size = (0..n).map(|j| (weights[j].abs() * x + weights[n + j].abs() * y + layer.bias[j].abs()) * (1.0 + 8.0 * ROUNDING));
        let data = weights.iter().chain(&layer.bias).copied().chain(zeros).chain(size).collect();
        Self { starts: vec![0], accumulator: Matrix { n_rows: n, data }, ..Self::default() }
    }

    /// Layers that are open.
    pub fn n_open(&self) -> usize {
        self.starts.len() - 1
    }

    /// The first open layer with undecided units, and its rows: they are affine on the cell.
    pub fn ready(&self) -> (usize, std::ops::Range<usize>) {
        let layer = self.starts.windows(2).position(|s| s[0] < s[1]);
        layer.map_or((self.n_open(), 0..0), |l| (l, self.starts[l]..self.starts[l + 1]))
    }

    /// The layer of each open layer's rows.
    pub fn layers(&self) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> + '_ {
        self.starts.windows(2).map(|s| s[0]..s[1]).enumerate()
    }

    /// The form of a ready row.
    pub fn form(&self, row: usize) -> BoundedForm {
        bounded(&self.rows, row)
    }

    /// What the decided units give to output `o`; all layers are open.
    pub fn output(&self, o: usize) -> AffineForm {
        bounded(&self.accumulator, o).form
    }

    /// Whether all layers are open.
    pub fn is_complete(&self, operator: &Operator) -> bool {
        self.n_open() == operator.network.n_hidden()
    }

    /// `T[row][j]`, for a row `j` of an earlier layer.
    pub fn factor(&self, row: usize, j: usize) -> f64 {
        self.rows.at(row, HEAD + j)
    }

    /// What row `j` gives to output `o`; all layers are open.
    pub fn output_factor(&self, operator: &Operator, o: usize, j: usize) -> f64 {
        if j < self.n_columns() { self.accumulator.at(o, HEAD + j) } else { operator.leaving(self.n_open() - 1, self.units[j])[o] }
    }

    /// Whether the next layer should be opened on this cell.
    pub fn may_open(&self, operator: &Operator) -> bool {
        let open = self.n_open();
        if self.is_complete(operator) {
            return false;
        }
        open == 0 || OPEN_SHARE * (self.starts[open] - self.starts[open - 1]) <= operator.network.layers()[open - 1].n_out
    }

    /// This system with the accumulator's rows among the undecided ones, and an accumulator for the layer after.
    pub fn open_into(&self, operator: &Operator, out: &mut Self) {
        let (open, n, m) = (self.n_open(), self.units.len(), self.accumulator.n_rows);
        out.units.clone_from(&self.units);
        out.units.extend((0..m as u32).map(|j| operator.first_unit[open] + j));
        out.starts.clone_from(&self.starts);
        out.starts.push(n + m);
        out.rows.start(n + m);
        let before = self.n_columns();
        for q in 0..HEAD + before {
            out.rows.data.extend_from_slice(self.rows.data.get(q * n..(q + 1) * n).unwrap_or(&[]));
            out.rows.data.extend_from_slice(self.accumulator.col(q));
        }
        for j in before..n {
            let weights = operator.leaving(open - 1, self.units[j]);
            out.rows.data.extend(std::iter::repeat_n(0.0, n));
            out.rows.data.extend_from_slice(weights);
            let size = &mut out.rows.data[SIZE * (n + m) + n..][..m];
            for (s, w) in size.iter_mut().zip(weights) {
                *s = (*s + w.abs() * self.magnitude[j]) * (1.0 + 8.0 * ROUNDING);
            }
        }
        let next = &operator.network.layers()[open + 1];
        let zeros = |k: usize| std::iter::repeat_n(0.0, k * next.n_out);
        out.accumulator.start(next.n_out);
        out.accumulator.data.extend(zeros(2).chain(next.bias.iter().copied()).chain(zeros(1)));
        out.accumulator.data.extend(next.bias.iter().map(|b| b.abs()).chain(zeros(n)));
    }

    /// Notes what [`Decisions`] found out where nothing was decided.
    pub fn keep(&mut self, decisions: &Decisions) {
        self.magnitude.clone_from(&decisions.magnitude);
    }

    /// This system with the decided units substituted.
    pub fn reduce_into(&self, operator: &Operator, decisions: &mut Decisions, out: &mut Self) {
        operator.arch.dispatch(Reduction { system: self, operator, decisions, out });
    }

    #[inline(always)]
    fn substitute_into(&self, operator: &Operator, decisions: &mut Decisions, out: &mut Self) {
        let before = self.n_columns();
        let Decisions { decided, kept, magnitude, active, reduced, factors } = decisions;
        let kept_columns = &kept[..kept.partition_point(|&k| k < before)];
        self.eliminate(decided, kept_columns, active, reduced);
        out.units.clear();
        out.units.extend(kept.iter().map(|&k| self.units[k]));
        out.magnitude.clone_from(magnitude);
        out.starts.clear();
        out.starts.extend(self.starts.iter().map(|&s| kept.partition_point(|&k| k < s)));
        let columns = || (0..HEAD).chain(kept_columns.iter().map(|k| HEAD + k));
        out.rows.start(kept.len());
        for q in columns() {
            let col = self.rows.col(q);
            out.rows.data.extend(kept.iter().map(|&k| col[k]));
        }
        out.accumulator.start(self.accumulator.n_rows);
        for q in columns() {
            out.accumulator.data.extend_from_slice(self.accumulator.col(q));
        }
        let n_columns = HEAD + kept_columns.len();
        let with_column = active.partition_point(|&a| a < before);
        // rows of the first active unit's layer and before refer to none of the active units
        let first = active.first().map_or(kept.len(), |&a| {
            let end = self.starts.iter().find(|&&s| s > a);
            kept.partition_point(|k| end.is_some_and(|end| k < end))
        });
        let later = &kept[first..];
        factors.clear();
        for &a in &active[..with_column] {
            let col = self.rows.col(HEAD + a);
            factors.extend(later.iter().map(|&k| col[k]));
        }
        let factor = |a: usize| &factors[a * later.len()..][..later.len()];
        substitute(&mut out.rows, first, n_columns, with_column, factor, reduced);
        let last = self.n_open().saturating_sub(1);
        let factor = |a: usize| match active[a] {
            a if a < before => self.accumulator.col(HEAD + a),
            a => operator.leaving(last, self.units[a]),
        };
        substitute(&mut out.accumulator, 0, n_columns, active.len(), factor, reduced);
    }

    /// The decided rows whose activation is not 0 all over, `[active x (HEAD + kept columns)]`: free of each other's
    /// columns, times their slopes.
    #[inline(always)]
    fn eliminate(&self, decided: &[(usize, f64)], kept_columns: &[usize], active: &mut Vec<usize>, reduced: &mut Vec<f64>) {
        active.clear();
        reduced.clear();
        let (width, before) = (HEAD + kept_columns.len(), self.n_columns());
        for &(d, slope) in decided.iter().filter(|(_, slope)| *slope != 0.0) {
            let start = reduced.len();
            reduced.extend((0..HEAD).map(|q| self.rows.at(d, q)));
            reduced.extend(kept_columns.iter().map(|k| self.rows.at(d, HEAD + k)));
            let (done, row) = reduced.split_at_mut(start);
            for (&a, other) in active.iter().take_while(|&&a| a < before).zip(done.chunks_exact(width)) {
                let t = self.rows.at(d, HEAD + a);
                if t != 0.0 {
                    let [error, size] = [ERROR, SIZE].map(|q| row[q] + t.abs() * other[q]);
                    row.iter_mut().zip(other).for_each(|(r, o)| *r += t * o);
                    (row[ERROR], row[SIZE]) = (error, size);
                }
            }
            let n = active.len() as f64;
            let slack = slack(n);
            row[ERROR] = (row[ERROR] + (n + 10.0) * ROUNDING * row[SIZE]) * slack + f64::MIN_POSITIVE;
            row[SIZE] *= slack;
            for r in row.iter_mut() {
                *r *= slope;
            }
            active.push(d);
        }
    }

    /// Columns of `T`: the undecided units of all open layers but the last.
    fn n_columns(&self) -> usize {
        self.starts[self.n_open().saturating_sub(1)]
    }

    /// The least and greatest values of the affine parts over a cell.
    #[inline(always)]
    pub fn bound(&self, corners: &[Corner], bounds: &mut Bounds) {
        let n = self.units.len();
        let Bounds { low, high, margin, middle, radius: spread } = bounds;
        for v in [&mut *low, &mut *high, &mut *margin, &mut *middle, &mut *spread] {
            v.clear();
        }
        low.resize(n, f64::INFINITY);
        high.resize(n, f64::NEG_INFINITY);
        middle.resize(n, 0.0);
        spread.resize(n, 0.0);
        if n == 0 {
            return;
        }
        let [gx, gy, c, error, size] = [GX, GY, C, ERROR, SIZE].map(|q| &self.rows.col(q)[..n]);
        let (low, high) = (&mut low[..n], &mut high[..n]);
        for [x, y] in corners.iter().filter(|corner| corner.weight != 0.0).map(|corner| corner.position) {
            for i in 0..n {
                let v = gx[i] * x + gy[i] * y + c[i];
                low[i] = if v < low[i] { v } else { low[i] };
                high[i] = if v > high[i] { v } else { high[i] };
            }
        }
        let rounding = (self.n_columns() as f64 + 8.0) * ROUNDING;
        let [radius, scale] = corners.iter().fold([0.0, 1.0], |[r, s], corner| [corner.radius.max(r), corner.scale.max(s)]);
        let off = |i: usize| {
            let own = (error[i] + rounding * size[i]) * scale;
            (own + (gx[i].abs() + gy[i].abs()) * radius) * (1.0 + 8.0 * ROUNDING) + f64::MIN_POSITIVE
        };
        margin.extend((0..n).map(off));
        for [x, y] in corners.iter().filter(|corner| corner.weight == 0.0).map(|corner| corner.position) {
            for i in 0..n {
                let v = gx[i] * x + gy[i] * y;
                low[i] = if v > margin[i] { low[i] } else { f64::NEG_INFINITY };
                high[i] = if v < -margin[i] { high[i] } else { f64::INFINITY };
            }
        }
    }

    /// The largest |act(z)| of a row that the bounds are to hold for.
    pub fn magnitude(&self, operator: &Operator, row: usize, [low, high]: [f64; 2]) -> f64 {
        if operator.plane { self.rows.at(row, SIZE) } else { low.abs().max(high.abs()) * (1.0 + 8.0 * ROUNDING) }
    }

    /// The interval of row `row`'s pre-activation, once [`Self::spread`] told it of the rows before.
    #[inline(always)]
    pub fn interval(bounds: &Bounds, row: usize) -> [f64; 2] {
        let off = bounds.radius[row] * (1.0 + 8.0 * ROUNDING) + bounds.margin[row];
        [bounds.low[row] + bounds.middle[row] - off, bounds.high[row] + bounds.middle[row] + off]
    }

    /// Tells the rows of later layers that `act(z)` of row `row`, in a layer that ends before `end`, lies in an interval.
    #[inline(always)]
    pub fn spread(&self, bounds: &mut Bounds, row: usize, end: usize, [low, high]: [f64; 2]) {
        if row >= self.n_columns() {
            return;
        }
        let middle = f64::midpoint(low, high);
        let radius = (high - low) / 2.0 + 4.0 * ROUNDING * (low.abs() + high.abs());
        let col = &self.rows.col(HEAD + row)[end..];
        let (middles, radii) = (&mut bounds.middle[end..][..col.len()], &mut bounds.radius[end..][..col.len()]);
        for i in 0..col.len() {
            middles[i] += col[i] * middle;
            radii[i] += col[i].abs() * radius;
        }
    }
}

/// [`System::reduce_into`], compiled for each set of instructions.
struct Reduction<'s> {
    system: &'s System,
    operator: &'s Operator<'s>,
    decisions: &'s mut Decisions,
    out: &'s mut System,
}

impl NullaryFnOnce for Reduction<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.system.substitute_into(self.operator, self.decisions, self.out);
    }
}

fn bounded(m: &Matrix, row: usize) -> BoundedForm {
    let form = AffineForm { gx: m.at(row, GX), gy: m.at(row, GY), c: m.at(row, C) };
    BoundedForm { form, error: m.at(row, ERROR), size: m.at(row, SIZE) }
}

/// Covers the rounding of a sum of `n` positive terms.
pub fn slack(n: f64) -> f64 {
    1.0 + 4.0 * (n + 4.0) * ROUNDING
}

/// Adds `factor(a) * reduced[a]` for all `a < n_active` to the rows from `first` on; `factor(a)[0]` belongs to row `first`.
#[inline(always)]
fn substitute<'f>(out: &mut Matrix, first: usize, n_columns: usize, n_active: usize, factor: impl Fn(usize) -> &'f [f64], reduced: &[f64]) {
    let n_rows = out.n_rows;
    if n_active == 0 || first == n_rows {
        return;
    }
    if n_rows == 1 {
        substitute_one(&mut out.data, n_columns, n_active, factor, reduced);
    } else {
        let mut a = 0;
        while a + 4 <= n_active {
            add_products([0, 1, 2, 3].map(|k| (factor(a + k), &reduced[(a + k) * n_columns..])), out, first);
            a += 4;
        }
        if a + 2 <= n_active {
            add_products([0, 1].map(|k| (factor(a + k), &reduced[(a + k) * n_columns..])), out, first);
            a += 2;
        }
        if a < n_active {
            add_products([(factor(a), &reduced[a * n_columns..])], out, first);
        }
    }
    let slack = slack(n_active as f64);
    let (head, size) = out.data.split_at_mut(SIZE * n_rows);
    let error = &mut head[ERROR * n_rows + first..];
    for (e, s) in error.iter_mut().zip(&mut size[first..n_rows]) {
        *e = (*e + (n_active as f64 + 2.0) * ROUNDING * *s) * slack + f64::MIN_POSITIVE;
        *s *= slack;
    }
}

/// [`substitute`] without its last step for a single row: its columns stand together.
#[inline(always)]
fn substitute_one<'f>(row: &mut [f64], n_columns: usize, n_active: usize, factor: impl Fn(usize) -> &'f [f64], reduced: &[f64]) {
    for (a, other) in reduced.chunks_exact(n_columns).take(n_active).enumerate() {
        let f = factor(a)[0];
        let [error, size] = [ERROR, SIZE].map(|q| row[q] + f.abs() * other[q]);
        row.iter_mut().zip(other).for_each(|(r, o)| *r += f * o);
        (row[ERROR], row[SIZE]) = (error, size);
    }
}

/// Adds `K` products of a factor for each row from `first` on and a coefficient for each column.
#[inline(always)]
fn add_products<const K: usize>(products: [(&[f64], &[f64]); K], out: &mut Matrix, first: usize) {
    let n = out.n_rows - first;
    let factors = products.map(|(f, _)| &f[..n]);
    for (q, col) in out.data.chunks_exact_mut(out.n_rows).enumerate() {
        let col = &mut col[first..][..n];
        let r = products.map(|(_, r)| r[q]);
        if q == ERROR || q == SIZE {
            for i in 0..n {
                let mut sum = col[i];
                for k in 0..K {
                    sum += factors[k][i].abs() * r[k];
                }
                col[i] = sum;
            }
        } else {
            for i in 0..n {
                let mut sum = col[i];
                for k in 0..K {
                    sum += factors[k][i] * r[k];
                }
                col[i] = sum;
            }
        }
    }
}
