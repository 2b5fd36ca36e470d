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
//! Substituting `n` rows `a` with factors `t_a` adds `sum |t_a| error_a`; every product is rounded twice and every sum once, by
//! at most [`ROUNDING`] of what the new `size` bounds: `(n + 10) u size` is ample. The bounds
//! are sums of `n` positive terms themselves: the factor `1 + 4 (n + 4) u` covers their rounding.

use super::{AffineForm, ComplexError, Window};
use crate::network::{Affine, Network};
use pulp::{Arch, Simd, WithSimd};

/// Half an ulp of 1: the relative error of one rounding.
pub const ROUNDING: f64 = f64::EPSILON / 2.0;
/// Rows that inner loops do at once.
pub const LANES: usize = 4;

/// The `g_x`, `g_y`, `c` of so many forms.
pub type Forms4 = [[f64; LANES]; 3];
/// A layer is opened where at most one in so many units of the layer before it is undecided, or
const OPEN_SHARE: usize = 6;
/// at most so many units: more would cost little less.
const OPEN_UNITS: usize = 16;

/// The columns before those of `T`.
const GX: usize = 0;
const GY: usize = 1;
const C: usize = 2;
const ERROR: usize = 3;
const SIZE: usize = 4;
const HEAD: usize = 5;

/// Column-major, so that inner loops run over rows; every column is filled up with anything finite to whole [`LANES`].
#[derive(Debug, Clone, Default)]
struct Matrix {
    n_rows: usize,
    stride: usize,
    data: Vec<f64>,
}

/// What the systems of one enumeration share: the weights by columns, and where units and layers begin.
pub struct Operator<'n> {
    pub network: &'n Network,
    /// The instructions that inner loops are run by. No path fuses or reorders operations: all give the same, bit for bit.
    pub arch: Arch,
    /// Of each layer `[n_out x n_in]`: the weights that leave one unit stand together.
    by_input: Vec<Matrix>,
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

/// Which rows are decided (with the unit's slope there) and which are kept, and room for the elimination.
#[derive(Debug, Default)]
pub struct Decisions {
    pub decided: Vec<(usize, f64)>,
    pub kept: Vec<usize>,
    /// The kept rows, the last one repeated up to whole lanes.
    filled: Vec<usize>,
    /// Of each kept row, the largest |act(z)|.
    pub magnitude: Vec<f64>,
    /// The decided rows whose activation is not 0 all over, with their slopes.
    active: Vec<(usize, f64)>,
    work: Matrix,
}

impl Matrix {
    /// A column with what fills it up.
    fn col(&self, q: usize) -> &[f64] {
        &self.data[q * self.stride..][..self.stride]
    }

    /// As [`Self::col`]; there may be no rows at all.
    fn lanes(&self, q: usize) -> &[f64] {
        if self.n_rows == 0 { &[] } else { self.col(q) }
    }

    fn at(&self, row: usize, q: usize) -> f64 {
        self.data[q * self.stride + row]
    }

    /// Makes room for columns that will be written all over.
    fn resize(&mut self, n_rows: usize, n_columns: usize) {
        self.n_rows = n_rows;
        self.stride = n_rows.next_multiple_of(LANES);
        self.data.resize(self.stride * n_columns, 0.0);
    }

    /// Begins without columns.
    fn start(&mut self, n_rows: usize) {
        self.resize(n_rows, 0);
    }

    /// Becomes these columns of another one.
    #[inline(always)]
    fn copy_columns(&mut self, from: &Self, columns: impl Iterator<Item = usize>) {
        self.start(from.n_rows);
        for q in columns {
            self.data.extend_from_slice(from.col(q));
        }
    }

    /// Takes these rows of another one, whose columns are those of this one, in whole lanes. Column `HEAD + j` is 0 in the rows of
    /// row `j`'s layer and in those before; layer `l`'s rows here begin at `starts[l]`.
    #[inline(always)]
    fn gather(&mut self, from: &Self, rows: &[usize], starts: &[usize]) {
        let mut columns = self.data.chunks_exact_mut(self.stride.max(1)).zip(from.data.chunks_exact(from.stride.max(1)));
        let mut take = |n_columns: usize, first: usize| {
            for (to, from) in columns.by_ref().take(n_columns) {
                let (zeros, to) = to.split_at_mut(first);
                zeros.fill(0.0);
                to.iter_mut().zip(&rows[first..]).for_each(|(to, &k)| *to = from[k]);
            }
        };
        take(HEAD, 0);
        starts.windows(2).for_each(|layer| take(layer[1] - layer[0], layer[1]));
    }

    /// Adds a column of as many values as there are rows.
    fn push(&mut self, values: impl IntoIterator<Item = f64>) {
        self.data.extend(values);
        self.fill_up();
    }

    /// Fills the last column up to whole lanes.
    fn fill_up(&mut self) {
        self.data.resize(self.data.len().next_multiple_of(LANES), 0.0);
    }

    /// Adds columns of zeros.
    fn push_zeros(&mut self, n_columns: usize) {
        self.data.resize(self.data.len() + n_columns * self.stride, 0.0);
    }
}

impl<'n> Operator<'n> {
    pub fn new(network: &'n Network, window: Option<&Window>, arch: Arch) -> Self {
        let by_input = |a: &Affine| {
            let mut columns = Matrix::default();
            columns.start(a.n_out);
            (0..a.n_in).for_each(|i| columns.push(a.weights.iter().skip(i).step_by(a.n_in).copied()));
            columns
        };
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

    /// The largest |x| and |y| that bounds are to hold for.
    pub fn reach(&self) -> [f64; 2] {
        self.reach
    }

    /// The weights that leave unit `unit` (numbered through all layers) of hidden layer `layer`.
    fn leaving(&self, layer: usize, unit: u32) -> &[f64] {
        self.by_input[layer + 1].col((unit - self.first_unit[layer]) as usize)
    }
}

impl System {
    /// No layer is open: the accumulator is the first layer.
    pub fn root(operator: &Operator) -> Self {
        let (layer, weights) = (&operator.network.layers()[0], &operator.by_input[0]);
        let ([x, y], n) = (operator.reach, layer.n_out);
        let size = |j: usize| (weights.at(j, 0).abs() * x + weights.at(j, 1).abs() * y + layer.bias[j].abs()) * (1.0 + 8.0 * ROUNDING);
        let mut accumulator = weights.clone();
        accumulator.push(layer.bias.iter().copied());
        accumulator.push(std::iter::repeat_n(0.0, n));
        accumulator.push((0..n).map(size));
        Self { starts: vec![0], accumulator, ..Self::default() }
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

    /// `g_x`, `g_y`, `c` of all rows, in whole [`LANES`].
    pub fn affine_lanes(&self) -> [&[f64]; 3] {
        [GX, GY, C].map(|q| self.rows.lanes(q))
    }

    /// `error` and `size` of all rows, in whole [`LANES`].
    pub fn error_lanes(&self) -> [&[f64]; 2] {
        [ERROR, SIZE].map(|q| self.rows.lanes(q))
    }

    /// `T[k][j]` of all rows `k`, in whole [`LANES`]; `None` for a row `j` that no other one refers to.
    pub fn factor_lanes(&self, j: usize) -> Option<&[f64]> {
        (j < self.n_columns()).then(|| self.rows.lanes(HEAD + j))
    }

    /// What rounds where a row is evaluated, as a share of its size.
    pub fn rounding(&self) -> f64 {
        (self.n_columns() as f64 + 8.0) * ROUNDING
    }

    /// What the decided units give to output `o`, as `[g_x, g_y, c]`; all layers are open.
    pub fn output(&self, o: usize) -> [f64; 3] {
        [GX, GY, C].map(|q| self.accumulator.at(o, q))
    }

    /// Whether all layers are open.
    pub fn is_complete(&self, operator: &Operator) -> bool {
        self.n_open() == operator.network.n_hidden()
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
        let undecided = self.starts[open] - self.starts[open.max(1) - 1];
        open == 0 || undecided <= OPEN_UNITS || OPEN_SHARE * undecided <= operator.network.layers()[open - 1].n_out
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
            let own = if n == 0 { &[] } else { &self.rows.col(q)[..n] };
            out.rows.data.extend_from_slice(own);
            out.rows.data.extend_from_slice(&self.accumulator.col(q)[..m]);
            out.rows.fill_up();
        }
        let mut size = out.rows.data[SIZE * out.rows.stride + n..][..m].to_vec();
        for j in before..n {
            let weights = &operator.leaving(open - 1, self.units[j])[..m];
            out.rows.data.resize(out.rows.data.len() + n, 0.0);
            out.rows.data.extend_from_slice(weights);
            out.rows.fill_up();
            for (s, w) in size.iter_mut().zip(weights) {
                *s = (*s + w.abs() * self.magnitude[j]) * (1.0 + 8.0 * ROUNDING);
            }
        }
        out.rows.data[SIZE * out.rows.stride + n..][..m].copy_from_slice(&size);
        let next = &operator.network.layers()[open + 1];
        out.accumulator.start(next.n_out);
        out.accumulator.push_zeros(C);
        out.accumulator.push(next.bias.iter().copied());
        out.accumulator.push_zeros(1);
        out.accumulator.push(next.bias.iter().map(|b| b.abs()));
        out.accumulator.push_zeros(n);
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
    fn substitute_into<S: Simd>(&self, simd: S, operator: &Operator, decisions: &mut Decisions, out: &mut Self) {
        let before = self.n_columns();
        let Decisions { decided, kept, filled, magnitude, active, work } = decisions;
        filled.clone_from(kept);
        filled.resize(kept.len().next_multiple_of(LANES), kept.last().copied().unwrap_or(0));
        let kept_columns = &kept[..kept.partition_point(|&k| k < before)];
        let columns = || (0..HEAD).chain(kept_columns.iter().map(|k| HEAD + k));
        active.clear();
        active.extend(decided.iter().filter(|(_, slope)| *slope != 0.0));
        out.units.clear();
        out.units.extend(kept.iter().map(|&k| self.units[k]));
        out.magnitude.clone_from(magnitude);
        out.starts.clear();
        out.starts.extend(self.starts.iter().map(|&s| kept.partition_point(|&k| k < s)));
        work.copy_columns(&self.rows, columns());
        out.accumulator.copy_columns(&self.accumulator, columns());
        self.eliminate(simd, operator, active, work, out);
        out.rows.resize(kept.len(), HEAD + kept_columns.len());
        out.rows.gather(work, filled, &out.starts);
    }

    /// Substitutes the active rows in all rows of later layers and in the accumulator of `out`, layer by layer; `work` holds
    /// `[rows x (HEAD + kept columns)]`.
    #[inline(always)]
    fn eliminate<S: Simd>(&self, simd: S, operator: &Operator, active: &[(usize, f64)], work: &mut Matrix, out: &mut Self) {
        let (before, last) = (self.n_columns(), self.n_open().saturating_sub(1));
        let leaving = |a: usize| if a < before { self.accumulator.col(HEAD + a) } else { operator.leaving(last, self.units[a]) };
        let mut rest = active;
        for (layer, rows) in self.layers() {
            let (block, later) = rest.split_at(rest.partition_point(|&(a, _)| a < rows.end));
            rest = later;
            // what rows of this layer refer to
            let n_columns = HEAD + out.starts[layer];
            if rows.end < work.n_rows {
                // the lanes of earlier rows hold zeros
                let first = rows.end / LANES * LANES;
                substitute(simd, work, first, n_columns, block, |a| &self.rows.col(HEAD + a)[first..], None);
            }
            substitute(simd, &mut out.accumulator, 0, n_columns, block, leaving, Some(work));
        }
    }

    /// Columns of `T`: the undecided units of all open layers but the last.
    fn n_columns(&self) -> usize {
        self.starts[self.n_open().saturating_sub(1)]
    }

    /// The largest |act(z)| of a row that the bounds are to hold for.
    pub fn magnitude(&self, operator: &Operator, row: usize, [low, high]: [f64; 2]) -> f64 {
        if operator.plane { self.rows.at(row, SIZE) } else { low.abs().max(high.abs()) * (1.0 + 8.0 * ROUNDING) }
    }
}

/// [`System::reduce_into`], compiled for each set of instructions.
struct Reduction<'s> {
    system: &'s System,
    operator: &'s Operator<'s>,
    decisions: &'s mut Decisions,
    out: &'s mut System,
}

impl WithSimd for Reduction<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.system.substitute_into(simd, self.operator, self.decisions, self.out);
    }
}

fn bounded(m: &Matrix, row: usize) -> BoundedForm {
    let form = AffineForm { gx: m.at(row, GX), gy: m.at(row, GY), c: m.at(row, C) };
    BoundedForm { form, error: m.at(row, ERROR), size: m.at(row, SIZE) }
}

/// Lanes as the instructions at hand take them.
#[inline(always)]
pub fn vectors<S: Simd>(lanes: &[f64; LANES]) -> &[S::f64s] {
    S::as_simd_f64s(lanes).0
}

/// As [`vectors`].
#[inline(always)]
pub fn vectors_mut<S: Simd>(lanes: &mut [f64; LANES]) -> &mut [S::f64s] {
    S::as_mut_simd_f64s(lanes).0
}

/// Covers the rounding of a sum of `n` positive terms.
pub fn slack(n: f64) -> f64 {
    1.0 + 4.0 * (n + 4.0) * ROUNDING
}

/// Adds to the rows from `first` on `factor(a)` times the slope of `a` times row `a`, for all `active` rows, and bounds the
/// rounding. `factor(a)[0]` belongs to row `first`, where lanes begin; the active rows are those of `values`, or of `out` itself, and
/// their columns from `n_columns` on are 0.
#[inline(always)]
fn substitute<'f, S: Simd>(
    simd: S,
    out: &mut Matrix,
    first: usize,
    n_columns: usize,
    active: &[(usize, f64)],
    factor: impl Fn(usize) -> &'f [f64],
    values: Option<&Matrix>,
) {
    if active.is_empty() {
        return;
    }
    let (add, mul, abs) = (|a, b| simd.add_f64s(a, b), |a, b| simd.mul_f64s(a, b), |a| simd.abs_f64s(a));
    let (fours, rest) = active.as_chunks::<4>();
    for rows in fours {
        let [f0, f1, f2, f3] = rows.map(|(a, _)| S::as_simd_f64s(factor(a)).0);
        for (q, col) in out.data.chunks_exact_mut(out.stride).take(n_columns).enumerate() {
            let of = values.map_or(&*col, |m| m.col(q));
            let [r0, r1, r2, r3] = rows.map(|(a, slope)| simd.splat_f64s(of[a] * slope));
            let terms = S::as_mut_simd_f64s(&mut col[first..]).0.iter_mut().zip(f0).zip(f1).zip(f2).zip(f3);
            if q == ERROR || q == SIZE {
                for ((((sum, &t0), &t1), &t2), &t3) in terms {
                    *sum = add(add(add(add(*sum, mul(abs(t0), r0)), mul(abs(t1), r1)), mul(abs(t2), r2)), mul(abs(t3), r3));
                }
            } else {
                for ((((sum, &t0), &t1), &t2), &t3) in terms {
                    *sum = add(add(add(add(*sum, mul(t0, r0)), mul(t1, r1)), mul(t2, r2)), mul(t3, r3));
                }
            }
        }
    }
    for &(a, slope) in rest {
        let f = S::as_simd_f64s(factor(a)).0;
        for (q, col) in out.data.chunks_exact_mut(out.stride).take(n_columns).enumerate() {
            let r = simd.splat_f64s(values.map_or(&*col, |m| m.col(q))[a] * slope);
            let terms = S::as_mut_simd_f64s(&mut col[first..]).0.iter_mut().zip(f);
            if q == ERROR || q == SIZE {
                terms.for_each(|(sum, &t)| *sum = add(*sum, mul(abs(t), r)));
            } else {
                terms.for_each(|(sum, &t)| *sum = add(*sum, mul(t, r)));
            }
        }
    }
    let (n, stride) = (active.len() as f64, out.stride);
    let [slack, rounding, least] = [slack(n), (n + 10.0) * ROUNDING, f64::MIN_POSITIVE].map(|v| simd.splat_f64s(v));
    let (head, size) = out.data.split_at_mut(SIZE * stride);
    let error = S::as_mut_simd_f64s(&mut head[ERROR * stride + first..]).0;
    for (e, s) in error.iter_mut().zip(S::as_mut_simd_f64s(&mut size[first..stride]).0) {
        *e = add(mul(add(*e, mul(rounding, *s)), slack), least);
        *s = mul(*s, slack);
    }
}
