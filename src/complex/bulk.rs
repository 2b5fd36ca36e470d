//! The end of the recursion: all undecided units of a small cell at once, on one mesh with shared edges.
//!
//! In: a cell and its system, all layers open, at most [`MAX_ROWS`] rows. Out: the cell's regions in a [`Part`], and for each
//! side of the cell its chain of half-edges. One row after the other: its form in every face along the face's pattern, its
//! sign at every vertex, a new vertex on each edge that changes sign, a chord in each face that has both signs.
//!
//! The bound. In a face the form of row `k` is `aff_k + sum t_i s_i form_i` over the rows `i` before, with slopes `s_i` of at
//! most 1. With `error` and `size` as in [`System`], `E_k = error_k + sum |t_i| E_i` bounds how far it may be off, and
//! `S_k = size_k + sum |t_i| S_i` what its terms add up to; every term is rounded three times and summed once, which
//! `(n + 6) u S_k` is ample for.

use super::cell::Cell;
use super::crossing::meeting;
use super::predicate::{Corner, Predicate, Threshold};
use super::stitch::{Chain, Part};
use super::system::{BoundedForm, Operator, ROUNDING, System, slack};
use super::{AffineForm, ComplexError, NONE};
use pulp::NullaryFnOnce;
use std::cmp::Ordering;

/// Patterns of finished cells are kept as 32 bits a region.
pub const MAX_ROWS: usize = 32;
/// In [`Bulk::line`]: a side of the cell, not a row.
const SIDE: u32 = 1 << 31;

/// `[g_x, g_y, c, 0]`: four lanes.
type Lanes = [f64; 4];

/// The mesh of one cell: what is not kept in [`Part`]. Vertices, edges and faces count from the cell's first ones.
#[derive(Default)]
pub struct Bulk {
    corners: Vec<Corner>,
    /// A face that each vertex belongs to.
    face_of: Vec<u32>,
    /// The sign of the row at hand at each vertex.
    signs: Vec<i8>,
    /// The half-edge before each one.
    before: Vec<u32>,
    /// The row each edge lies on, or the cell's side.
    line: Vec<u32>,
    /// `[faces x rows]`: slope times form.
    forms: Vec<Lanes>,
    /// The form of the row at hand in each face.
    form: Vec<Lanes>,
    /// The half-edges of each face that start where the row at hand is 0; `NONE`: not found yet.
    ends: Vec<[u32; 2]>,
    /// Edges that change sign, and faces that do.
    crossed: Vec<u32>,
    touched: Vec<u32>,
    /// Factors of the rows before in the row at hand.
    factors: Vec<f64>,
    error: Vec<f64>,
    size: Vec<f64>,
    first_vertex: usize,
    first_edge: usize,
    first_face: usize,
    n_rows: usize,
    plane: bool,
}

/// The row at hand.
#[derive(Clone, Copy)]
struct Row {
    index: usize,
    layer: usize,
    unit: u32,
    error: f64,
    size: f64,
}

impl Row {
    fn bounded(&self, [gx, gy, c, _]: Lanes) -> BoundedForm {
        BoundedForm { form: AffineForm { gx, gy, c }, error: self.error, size: self.size }
    }
}

impl Bulk {
    /// Adds the regions of `cell` to `part` and pushes the chains of its sides. Returns the number of regions.
    pub fn subdivide(
        &mut self,
        cell: &Cell,
        system: &System,
        predicate: &mut Predicate,
        part: &mut Part,
        chains: &mut Vec<Chain>,
    ) -> Result<usize, ComplexError> {
        self.plane = predicate.operator().plane;
        predicate.operator().arch.dispatch(Subdivision { bulk: self, cell, system, predicate, part })?;
        part.extend_copies();
        let n_sides = cell.sides.len();
        chains.extend((0..n_sides).map(|i| part.chain_from(2 * (self.first_edge + i) as u32)));
        Ok(part.mask.len() - self.first_face)
    }

    /// One face: the cell.
    #[inline(always)]
    fn start(&mut self, cell: &Cell, system: &System, part: &mut Part) {
        let n = cell.corners.len();
        (self.first_vertex, self.first_edge, self.first_face) = (part.position.len(), part.label.len(), part.mask.len());
        self.n_rows = system.units.len();
        self.corners.clone_from(&cell.corners);
        self.face_of.clear();
        self.face_of.resize(n, 0);
        self.signs.clear();
        self.before.clear();
        self.line.clear();
        let (v, h) = (self.first_vertex as u32, 2 * self.first_edge as u32);
        part.position.extend(cell.corners.iter().map(|c| c.position));
        part.label.extend(cell.sides.iter().map(|s| s.label));
        for i in 0..n as u32 {
            let (before, after) = (if i == 0 { n as u32 - 1 } else { i - 1 }, if i + 1 == n as u32 { 0 } else { i + 1 });
            part.origin.extend([v + i, v + after]);
            part.next.extend([h + 2 * after, NONE]);
            part.face.extend([self.first_face as u32, NONE]);
            self.before.extend([h + 2 * before, NONE]);
            self.line.push(SIDE + i);
        }
        part.face_start.push(h);
        part.mask.push(0);
        self.forms.clear();
        self.forms.resize(self.n_rows, [0.0; 4]);
        self.form.clear();
        self.form.push([0.0; 4]);
        self.ends.clear();
        self.ends.push([NONE; 2]);
        self.error.clear();
        self.size.clear();
    }

    /// Reads a row and bounds its error; `n_before` rows are of earlier layers.
    #[inline(always)]
    fn row(&mut self, system: &System, index: usize, layer: usize, n_before: usize) -> Row {
        let BoundedForm { mut error, mut size, form } = system.form(index);
        self.factors.clear();
        for i in 0..n_before {
            let t = system.factor(index, i);
            error += t.abs() * self.error[i];
            size += t.abs() * self.size[i];
            self.factors.push(t);
        }
        let n = n_before as f64;
        size *= slack(n);
        error = (error + (n + 6.0) * ROUNDING * size) * slack(n) + f64::MIN_POSITIVE;
        self.error.push(error);
        self.size.push(size);
        let own = [form.gx, form.gy, form.c, 0.0];
        combine(&self.factors, own, &self.forms, self.n_rows, &mut self.form);
        Row { index, layer, unit: system.units[index], error, size }
    }

    /// Cuts all faces by the row's zero line and gives every face the row's slope.
    #[inline(always)]
    fn put_row(&mut self, row: Row, cell: &Cell, system: &System, predicate: &mut Predicate, part: &mut Part) -> Result<(), ComplexError> {
        let [below, zero, above] = self.signs(row, system, predicate, part);
        if below && above {
            let before = self.corners.len();
            self.cross_edges(row, cell, part);
            if self.corners[before..].iter().any(|c| !c.is_finite()) {
                return Err(predicate.operator().overflow(row.layer, row.unit));
            }
            if zero {
                self.find_all_ends(part);
            }
            self.cut_faces(row, zero, part)?;
        }
        self.settle(row, predicate.operator().network.slope_of(row.layer), part);
        Ok(())
    }

    /// The row's sign at every vertex, and whether there are negative, zero and positive ones.
    #[inline(always)]
    fn signs(&mut self, row: Row, system: &System, predicate: &mut Predicate, part: &Part) -> [bool; 3] {
        let threshold = Threshold::new(row.error, row.size);
        self.signs.resize(self.corners.len(), 0);
        let forms = &self.form[..];
        let [mut below, mut zero, mut above] = [false; 3];
        for ((corner, &f), sign) in self.corners.iter().zip(&self.face_of).zip(&mut self.signs) {
            let [gx, gy, c, _] = forms[f as usize];
            *sign = threshold.certain_sign(AffineForm { gx, gy, c }, corner);
            below |= *sign < 0;
            zero |= *sign == 0;
            above |= *sign > 0;
        }
        let mut found = [below, zero, above];
        if found[1] || predicate.all_exact {
            self.exact_signs(row, system, predicate, part, &mut found);
        }
        found
    }

    /// Decides exactly what the filter has not.
    #[cold]
    fn exact_signs(&mut self, row: Row, system: &System, predicate: &mut Predicate, part: &Part, found: &mut [bool; 3]) {
        *found = [false; 3];
        for (v, corner) in self.corners.iter().enumerate() {
            if self.signs[v] == 0 || predicate.all_exact {
                let mask = part.mask[self.first_face + self.face_of[v] as usize];
                for (layer, rows) in system.layers().take(row.layer) {
                    rows.for_each(|i| predicate.note(layer, system.units[i], mask >> i & 1 == 1));
                }
                let form = row.bounded(self.form[self.face_of[v] as usize]);
                self.signs[v] = match predicate.sign(row.layer, row.unit, &form, corner) {
                    Ordering::Less => -1,
                    Ordering::Equal => 0,
                    Ordering::Greater => 1,
                };
            }
            found[(self.signs[v] + 1) as usize] = true;
        }
    }

    fn sign(&self, vertex: u32) -> i8 {
        self.signs[vertex as usize - self.first_vertex]
    }

    /// A vertex on every edge whose ends have opposite signs.
    #[inline(always)]
    fn cross_edges(&mut self, row: Row, cell: &Cell, part: &mut Part) {
        let mut crossed = std::mem::take(&mut self.crossed);
        crossed.clear();
        let (signs, first) = (&self.signs[..], self.first_vertex);
        let sign = |v: u32| signs[v as usize - first];
        for (e, ends) in (self.first_edge as u32..).zip(part.origin[2 * self.first_edge..].chunks_exact(2)) {
            if sign(ends[0]) * sign(ends[1]) < 0 {
                crossed.push(e);
            }
        }
        self.touched.clear();
        for &e in &crossed {
            self.split_edge(row, e, cell, part);
        }
        self.crossed = crossed;
    }

    /// Where row `row` meets edge `e`.
    #[inline(always)]
    fn crossing(&self, row: Row, e: u32, cell: &Cell, part: &Part) -> Corner {
        let h = 2 * e as usize;
        let f = part.face[h] as usize - self.first_face;
        let [p, q] = [h, h + 1].map(|h| &self.corners[part.origin[h] as usize - self.first_vertex]);
        let form = row.bounded(self.form[f]);
        let line = self.line[e as usize - self.first_edge];
        let lines = [part.label[e as usize], row.unit];
        if line >= SIDE {
            return meeting(&form, cell.sides[(line - SIDE) as usize].form.as_ref(), [p, q], lines, self.plane);
        }
        // the line's form stands where its unit is on, with slope 1
        let on = if part.mask[self.first_face + f] >> line & 1 == 1 { f } else { part.face[h + 1] as usize - self.first_face };
        let at = line as usize;
        let side = Row { error: self.error[at], size: self.size[at], ..row }.bounded(self.forms[on * self.n_rows + at]);
        meeting(&form, Some(&side), [p, q], lines, self.plane)
    }

    /// Divides edge `e` at the row's zero: `p q` becomes `p w` (the old edge) and `w q`.
    #[inline(always)]
    fn split_edge(&mut self, row: Row, e: u32, cell: &Cell, part: &mut Part) {
        let corner = self.crossing(row, e, cell, part);
        let (h, twin, n) = (2 * e as usize, 2 * e as usize + 1, part.origin.len() as u32);
        let (w, q) = (part.position.len() as u32, part.origin[twin]);
        let (f, g) = (part.face[h], part.face[twin]);
        part.position.push(corner.position);
        self.corners.push(corner);
        self.signs.push(0);
        self.face_of.push(f - self.first_face as u32);
        part.label.push(part.label[e as usize]);
        self.line.push(self.line[e as usize - self.first_edge]);
        part.origin.extend([w, q]);
        part.face.extend([f, g]);
        part.origin[twin] = w;
        let after = part.next[h];
        part.next.extend([after, twin as u32]);
        part.next[h] = n;
        self.before.extend([h as u32, NONE]);
        self.set_before(after, n);
        self.found(f, n);
        if g == NONE {
            // outside of the cell, the links are those of the chain along its side
            part.next[n as usize + 1] = part.next[twin];
            part.next[twin] = n;
        } else {
            let before = self.before[twin - 2 * self.first_edge];
            part.next[before as usize] = n + 1;
            self.set_before(n + 1, before);
            self.set_before(twin as u32, n + 1);
            self.found(g, twin as u32);
        }
    }

    #[inline(always)]
    fn set_before(&mut self, h: u32, before: u32) {
        self.before[h as usize - 2 * self.first_edge] = before;
    }

    /// Notes that half-edge `h` of face `f` starts where the row is 0.
    #[inline(always)]
    fn found(&mut self, f: u32, h: u32) {
        let ends = &mut self.ends[f as usize - self.first_face];
        if ends[0] == NONE {
            ends[0] = h;
            self.touched.push(f);
        } else {
            ends[1] = h;
        }
    }

    /// As [`Self::found`] for all half-edges: where the row is 0 at old vertices.
    #[cold]
    fn find_all_ends(&mut self, part: &Part) {
        for &f in &self.touched {
            self.ends[f as usize - self.first_face] = [NONE; 2];
        }
        self.touched.clear();
        for h in 2 * self.first_edge..part.origin.len() {
            if part.face[h] != NONE && self.sign(part.origin[h]) == 0 {
                self.found(part.face[h], h as u32);
            }
        }
    }

    /// A chord through every face that has both signs. With zeros at old vertices, a face may also be touched in a corner, along a
    /// side or all over.
    #[inline(always)]
    fn cut_faces(&mut self, row: Row, zeros: bool, part: &mut Part) -> Result<(), ComplexError> {
        let touched = std::mem::take(&mut self.touched);
        for &f in &touched {
            let ends = std::mem::replace(&mut self.ends[f as usize - self.first_face], [NONE; 2]);
            let has = |sign: i8| part.loop_of(f).any(|h| self.sign(part.origin[h as usize]) == sign);
            if !zeros || (has(1) && has(-1)) {
                if ends[1] == NONE {
                    return Err(ComplexError::Inconsistent);
                }
                self.cut_face(row, f, ends, part);
            }
        }
        self.touched = touched;
        Ok(())
    }

    /// Divides face `f` by a chord between the origins of its half-edges `a` and `b`; the new face has `a`.
    #[inline(always)]
    fn cut_face(&mut self, row: Row, f: u32, [a, b]: [u32; 2], part: &mut Part) {
        let (c, g) = (part.origin.len() as u32, part.face_start.len() as u32);
        let (local_f, local_g) = (f as usize - self.first_face, g - self.first_face as u32);
        let [before_a, before_b] = [a, b].map(|h| self.before[h as usize - 2 * self.first_edge]);
        part.label.push(row.unit);
        self.line.push(row.index as u32);
        part.origin.extend([part.origin[a as usize], part.origin[b as usize]]);
        part.next.extend([b, a]);
        part.face.extend([f, g]);
        self.before.extend([before_a, before_b]);
        part.next[before_a as usize] = c;
        part.next[before_b as usize] = c + 1;
        self.set_before(b, c);
        self.set_before(a, c + 1);
        part.face_start[f as usize] = c;
        part.face_start.push(c + 1);
        part.mask.push(part.mask[f as usize]);
        let forms = local_f * self.n_rows;
        self.forms.extend_from_within(forms..forms + self.n_rows);
        self.form.push(self.form[local_f]);
        self.ends.push([NONE; 2]);
        let mut h = a;
        while h != c + 1 {
            part.face[h as usize] = g;
            self.face_of[part.origin[h as usize] as usize - self.first_vertex] = local_g;
            h = part.next[h as usize];
        }
        // the chord's far end
        self.face_of[part.origin[c as usize + 1] as usize - self.first_vertex] = local_g;
    }

    /// Every face's bit and slope of the row; where the row is 0 all over it is off.
    #[inline(always)]
    fn settle(&mut self, row: Row, slope: f64, part: &mut Part) {
        let (starts, masks) = (&part.face_start[self.first_face..], &mut part.mask[self.first_face..]);
        let (origin, next, signs, first) = (&part.origin[..], &part.next[..], &self.signs[..], self.first_vertex);
        let sign_at = |h: u32| signs[origin[h as usize] as usize - first];
        let forms = self.forms.chunks_exact_mut(self.n_rows);
        for (((&start, mask), form), forms) in starts.iter().zip(masks).zip(&self.form).zip(forms) {
            let (mut h, mut sign) = (start, sign_at(start));
            while sign == 0 {
                h = next[h as usize];
                if h == start {
                    break;
                }
                sign = sign_at(h);
            }
            let on = sign > 0;
            *mask |= u32::from(on) << row.index;
            let factor = if on { 1.0 } else { slope };
            forms[row.index] = form.map(|v| factor * v);
        }
    }

    /// The outputs' forms on every face.
    #[inline(always)]
    fn outputs(&mut self, system: &System, operator: &Operator, part: &mut Part) {
        let (n_outputs, n_faces) = (operator.network.n_outputs(), self.form.len());
        let first = part.maps.len();
        part.maps.resize(first + n_faces * n_outputs, AffineForm::default());
        for o in 0..n_outputs {
            self.factors.clear();
            self.factors.extend((0..self.n_rows).map(|i| system.output_factor(operator, o, i)));
            let own = system.output(o);
            let own = [own.gx, own.gy, own.c, 0.0];
            combine(&self.factors, own, &self.forms, self.n_rows, &mut self.form);
            for (map, &[gx, gy, c, _]) in part.maps[first + o..].iter_mut().step_by(n_outputs).zip(&self.form) {
                *map = AffineForm { gx, gy, c };
            }
        }
    }
}

/// [`Bulk::subdivide`] up to the outputs, compiled for each set of instructions.
struct Subdivision<'b, 'n> {
    bulk: &'b mut Bulk,
    cell: &'b Cell,
    system: &'b System,
    predicate: &'b mut Predicate<'n>,
    part: &'b mut Part,
}

impl NullaryFnOnce for Subdivision<'_, '_> {
    type Output = Result<(), ComplexError>;

    #[inline(always)]
    fn call(self) -> Self::Output {
        let Self { bulk, cell, system, predicate, part } = self;
        bulk.start(cell, system, part);
        for (layer, rows) in system.layers() {
            let n_before = rows.start;
            for index in rows {
                let row = bulk.row(system, index, layer, n_before);
                bulk.put_row(row, cell, system, predicate, part)?;
            }
        }
        bulk.outputs(system, predicate.operator(), part);
        Ok(())
    }
}

/// For every face `own + sum of factors times the face's forms`; `forms` are `[faces x stride]`.
#[inline(always)]
fn combine(factors: &[f64], own: Lanes, forms: &[Lanes], stride: usize, out: &mut [Lanes]) {
    if factors.is_empty() {
        out.fill(own);
        return;
    }
    for (out, forms) in out.iter_mut().zip(forms.chunks_exact(stride)) {
        let mut sum = own;
        for (t, form) in factors.iter().zip(forms) {
            for k in 0..4 {
                sum[k] += t * form[k];
            }
        }
        *out = sum;
    }
}
