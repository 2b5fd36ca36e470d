//! The end of the recursion: all undecided units of a small cell at once, on one mesh with shared edges.
//!
//! In: a cell and its system, all layers open, at most [`MAX_ROWS`] rows. Out: the cell's regions in a [`Part`], and for each
//! side of the cell its chain of half-edges. Layer by layer: the forms of its rows in every face along the face's pattern; then
//! one row after the other: its sign at every vertex, a new vertex on each edge that changes sign, a chord in each face that has
//! both signs.
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
use std::ops::Range;

/// Patterns of finished cells are kept as 32 bits a region.
pub const MAX_ROWS: usize = 32;
/// In [`Bulk::line`]: a side of the cell, not a row.
const SIDE: u32 = 1 << 31;

/// `[g_x, g_y, c, |g_x| + |g_y|]`: four lanes.
type Lanes = [f64; 4];

/// The mesh of one cell, which counts vertices, edges and faces from 0 and goes to the [`Part`] when it is done.
#[derive(Default)]
pub struct Bulk {
    corners: Vec<Corner>,
    /// A face that each vertex belongs to.
    face_of: Vec<u32>,
    /// The sign of the row at hand at each vertex.
    signs: Vec<i8>,
    half_edges: Vec<HalfEdge>,
    /// Of each edge.
    label: Vec<u32>,
    /// The row each edge lies on, or the cell's side.
    line: Vec<u32>,
    faces: Vec<Face>,
    /// `[faces x rows]`: of rows that are done slope times form, of the others of their layer the form.
    forms: Vec<Lanes>,
    /// Edges that change sign, and faces that do.
    crossed: Vec<u32>,
    touched: Vec<u32>,
    /// Factors of the rows before in some rows of a layer.
    factors: Vec<f64>,
    error: Vec<f64>,
    size: Vec<f64>,
    n_rows: usize,
    plane: bool,
}

/// A half-edge of a cell's mesh; its twin is at `^ 1`. Without a face, `next` is the half-edge after its twin along the side.
#[derive(Clone, Copy)]
struct HalfEdge {
    origin: u32,
    next: u32,
    /// The half-edge before; `NONE` without a face.
    before: u32,
    face: u32,
}

#[derive(Clone, Copy)]
struct Face {
    /// One of its half-edges.
    start: u32,
    /// Which rows are on.
    mask: u32,
    /// Its half-edges that start where the row at hand is 0; `NONE`: not found yet.
    ends: [u32; 2],
}

/// The row at hand.
#[derive(Clone, Copy)]
struct Row {
    index: usize,
    layer: usize,
    unit: u32,
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
        let operator = predicate.operator();
        self.plane = operator.plane;
        operator.arch.dispatch(Subdivision { bulk: self, cell, system, predicate, maps: &mut part.maps })?;
        let first = part.origin.len() as u32;
        self.hand_over(part);
        chains.extend((0..cell.sides.len() as u32).map(|i| part.chain_from(first + 2 * i)));
        Ok(self.faces.len())
    }

    /// One face: the cell.
    #[inline(always)]
    fn start(&mut self, cell: &Cell, system: &System) {
        let n = cell.corners.len() as u32;
        self.n_rows = system.units.len();
        self.corners.clone_from(&cell.corners);
        self.face_of.clear();
        self.face_of.resize(n as usize, 0);
        self.half_edges.clear();
        self.label.clear();
        self.line.clear();
        for (i, side) in (0..n).zip(&cell.sides) {
            let (before, after) = (if i == 0 { n - 1 } else { i - 1 }, if i + 1 == n { 0 } else { i + 1 });
            self.half_edges.extend([
                HalfEdge { origin: i, next: 2 * after, before: 2 * before, face: 0 },
                HalfEdge { origin: after, next: NONE, before: NONE, face: NONE },
            ]);
            self.label.push(side.label);
            self.line.push(SIDE + i);
        }
        self.faces.clear();
        self.faces.push(Face { start: 0, mask: 0, ends: [NONE; 2] });
        self.forms.clear();
        self.forms.resize(self.n_rows, [0.0; 4]);
        self.error.clear();
        self.size.clear();
    }

    /// The forms of a layer's rows in every face, and the bounds of their errors.
    #[inline(always)]
    fn open_layer(&mut self, system: &System, rows: Range<usize>) {
        let n_before = rows.start;
        let n = n_before as f64;
        for row in rows.clone() {
            let BoundedForm { mut error, mut size, .. } = system.form(row);
            for i in 0..n_before {
                let t = system.factor(row, i).abs();
                error += t * self.error[i];
                size += t * self.size[i];
            }
            size *= slack(n);
            self.error.push((error + (n + 6.0) * ROUNDING * size) * slack(n) + f64::MIN_POSITIVE);
            self.size.push(size);
        }
        let mut row = rows.start;
        while row + 4 <= rows.end {
            self.fill::<4>(system, row, n_before);
            row += 4;
        }
        while row + 2 <= rows.end {
            self.fill::<2>(system, row, n_before);
            row += 2;
        }
        if row < rows.end {
            self.fill::<1>(system, row, n_before);
        }
    }

    /// The forms of `K` rows from `first` on in every face.
    #[inline(always)]
    fn fill<const K: usize>(&mut self, system: &System, first: usize, n_before: usize) {
        let own = std::array::from_fn::<_, K, _>(|k| lanes(system.form(first + k).form));
        self.factors.clear();
        self.factors.extend((0..n_before).flat_map(|i| (0..K).map(move |k| system.factor(first + k, i))));
        let factors = self.factors.as_chunks::<K>().0;
        for forms in self.forms.chunks_exact_mut(self.n_rows) {
            let sums = combine(factors, own, forms);
            for (form, [gx, gy, c, _]) in forms[first..].iter_mut().zip(sums) {
                *form = [gx, gy, c, gx.abs() + gy.abs()];
            }
        }
    }

    /// Cuts all faces by the row's zero line and gives every face the row's slope.
    #[inline(always)]
    fn put_row(&mut self, row: Row, cell: &Cell, system: &System, predicate: &mut Predicate) -> Result<(), ComplexError> {
        let [below, zero, above] = self.signs(row, system, predicate);
        if below && above {
            let before = self.corners.len();
            self.cross_edges(row, cell);
            if self.corners[before..].iter().any(|c| !c.is_finite()) {
                return Err(predicate.operator().overflow(row.layer, row.unit));
            }
            if zero {
                self.find_all_ends();
            }
            self.cut_faces(row, zero)?;
        }
        self.settle(row, predicate.operator().network.slope_of(row.layer));
        Ok(())
    }

    /// The row's sign at every vertex, and whether there are negative, zero and positive ones.
    #[inline(always)]
    fn signs(&mut self, row: Row, system: &System, predicate: &mut Predicate) -> [bool; 3] {
        let threshold = Threshold::new(self.error[row.index], self.size[row.index]);
        self.signs.resize(self.corners.len(), 0);
        let (forms, n_rows) = (&self.forms[row.index..], self.n_rows);
        let ([mut below, mut above], mut n_certain) = ([false; 2], 0);
        for ((corner, &f), sign) in self.corners.iter().zip(&self.face_of).zip(&mut self.signs) {
            let [is_below, is_above] = threshold.certain_sign(forms[f as usize * n_rows], corner);
            *sign = i8::from(is_above) - i8::from(is_below);
            below |= is_below;
            above |= is_above;
            n_certain += usize::from(is_below | is_above);
        }
        let mut found = [below, n_certain < self.corners.len(), above];
        if found[1] || predicate.all_exact {
            self.exact_signs(row, system, predicate, &mut found);
        }
        found
    }

    /// Decides exactly what the filter has not.
    #[cold]
    fn exact_signs(&mut self, row: Row, system: &System, predicate: &mut Predicate, found: &mut [bool; 3]) {
        *found = [false; 3];
        for (v, corner) in self.corners.iter().enumerate() {
            if self.signs[v] == 0 || predicate.all_exact {
                let f = self.face_of[v] as usize;
                let mask = self.faces[f].mask;
                for (layer, rows) in system.layers().take(row.layer) {
                    rows.for_each(|i| predicate.note(layer, system.units[i], mask >> i & 1 == 1));
                }
                self.signs[v] = match predicate.sign(row.layer, row.unit, &self.bounded(row.index, f), corner) {
                    Ordering::Less => -1,
                    Ordering::Equal => 0,
                    Ordering::Greater => 1,
                };
            }
            found[(self.signs[v] + 1) as usize] = true;
        }
    }

    /// The form of a row in face `f`.
    fn bounded(&self, row: usize, f: usize) -> BoundedForm {
        let [gx, gy, c, _] = self.forms[f * self.n_rows + row];
        BoundedForm { form: AffineForm { gx, gy, c }, error: self.error[row], size: self.size[row] }
    }

    /// A vertex on every edge whose ends have opposite signs.
    #[inline(always)]
    fn cross_edges(&mut self, row: Row, cell: &Cell) {
        let mut crossed = std::mem::take(&mut self.crossed);
        let (signs, edges) = (&self.signs[..], self.half_edges.as_chunks::<2>().0);
        if crossed.len() < edges.len() {
            crossed.resize(edges.len(), 0);
        }
        let mut n = 0;
        for (e, [p, q]) in edges.iter().enumerate() {
            // all are noted, those that do not change sign are overwritten: which ones do cannot be predicted
            crossed[n] = e as u32;
            n += usize::from(signs[p.origin as usize] * signs[q.origin as usize] < 0);
        }
        self.touched.clear();
        for &e in &crossed[..n] {
            self.split_edge(row, e, cell);
        }
        self.crossed = crossed;
    }

    /// Where row `row` meets edge `e`.
    #[inline(always)]
    fn crossing(&self, row: Row, e: u32, cell: &Cell) -> Corner {
        let [h, twin] = [2 * e as usize, 2 * e as usize + 1].map(|h| &self.half_edges[h]);
        let [p, q] = [h, twin].map(|h| &self.corners[h.origin as usize]);
        let f = h.face as usize;
        let form = self.bounded(row.index, f);
        let line = self.line[e as usize];
        let lines = [self.label[e as usize], row.unit];
        if line >= SIDE {
            return meeting(&form, cell.sides[(line - SIDE) as usize].form.as_ref(), [p, q], lines, self.plane);
        }
        // the line's form stands where its unit is on, with slope 1
        let on = if self.faces[f].mask >> line & 1 == 1 { f } else { twin.face as usize };
        meeting(&form, Some(&self.bounded(line as usize, on)), [p, q], lines, self.plane)
    }

    /// Divides edge `e` at the row's zero: `p q` becomes `p w` (the old edge) and `w q`.
    #[inline(always)]
    fn split_edge(&mut self, row: Row, e: u32, cell: &Cell) {
        let corner = self.crossing(row, e, cell);
        let (h, twin, n) = (2 * e, 2 * e + 1, self.half_edges.len() as u32);
        let [ahead, back] = [h, twin].map(|h| self.half_edges[h as usize]);
        let w = self.corners.len() as u32;
        self.corners.push(corner);
        self.signs.push(0);
        self.face_of.push(ahead.face);
        self.label.push(self.label[e as usize]);
        self.line.push(self.line[e as usize]);
        // outside of the cell, the links are those of the chain along its side
        let outside = back.face == NONE;
        let after = if outside { back.next } else { twin };
        self.half_edges.extend([
            HalfEdge { origin: w, next: ahead.next, before: h, face: ahead.face },
            HalfEdge { origin: back.origin, next: after, before: back.before, face: back.face },
        ]);
        self.half_edges[h as usize].next = n;
        self.half_edges[ahead.next as usize].before = n;
        self.half_edges[twin as usize].origin = w;
        self.found(ahead.face, n);
        if outside {
            self.half_edges[twin as usize].next = n;
        } else {
            self.half_edges[back.before as usize].next = n + 1;
            self.half_edges[twin as usize].before = n + 1;
            self.found(back.face, twin);
        }
    }

    /// Notes that half-edge `h` of face `f` starts where the row is 0.
    #[inline(always)]
    fn found(&mut self, f: u32, h: u32) {
        let ends = &mut self.faces[f as usize].ends;
        if ends[0] == NONE {
            ends[0] = h;
            self.touched.push(f);
        } else {
            ends[1] = h;
        }
    }

    /// As [`Self::found`] for all half-edges: where the row is 0 at old vertices.
    #[cold]
    fn find_all_ends(&mut self) {
        for &f in &self.touched {
            self.faces[f as usize].ends = [NONE; 2];
        }
        self.touched.clear();
        for h in 0..self.half_edges.len() {
            let HalfEdge { face, origin, .. } = self.half_edges[h];
            if face != NONE && self.signs[origin as usize] == 0 {
                self.found(face, h as u32);
            }
        }
    }

    /// A chord through every face that has both signs. With zeros at old vertices, a face may also be touched in a corner, along a
    /// side or all over.
    #[inline(always)]
    fn cut_faces(&mut self, row: Row, zeros: bool) -> Result<(), ComplexError> {
        let touched = std::mem::take(&mut self.touched);
        for &f in &touched {
            let ends = std::mem::replace(&mut self.faces[f as usize].ends, [NONE; 2]);
            if !zeros || (self.has(f, 1) && self.has(f, -1)) {
                if ends[1] == NONE {
                    return Err(ComplexError::Inconsistent);
                }
                self.cut_face(row, f, ends);
            }
        }
        self.touched = touched;
        Ok(())
    }

    /// Whether the row has this sign at a vertex of face `f`.
    fn has(&self, f: u32, sign: i8) -> bool {
        let start = self.faces[f as usize].start;
        let next = |&h: &u32| Some(self.half_edges[h as usize].next).filter(|&h| h != start);
        std::iter::successors(Some(start), next).any(|h| self.signs[self.half_edges[h as usize].origin as usize] == sign)
    }

    /// Divides face `f` by a chord between the origins of its half-edges `a` and `b`; the new face has `a`.
    #[inline(always)]
    fn cut_face(&mut self, row: Row, f: u32, [a, b]: [u32; 2]) {
        let (c, g) = (self.half_edges.len() as u32, self.faces.len() as u32);
        let [at_a, at_b] = [a, b].map(|h| self.half_edges[h as usize]);
        self.label.push(row.unit);
        self.line.push(row.index as u32);
        self.half_edges.extend([
            HalfEdge { origin: at_a.origin, next: b, before: at_a.before, face: f },
            HalfEdge { origin: at_b.origin, next: a, before: at_b.before, face: g },
        ]);
        self.half_edges[at_a.before as usize].next = c;
        self.half_edges[at_b.before as usize].next = c + 1;
        self.half_edges[b as usize].before = c;
        self.half_edges[a as usize].before = c + 1;
        // the starts are behind the chord's ends: there the row is not 0
        let [start_f, start_g] = [b, a].map(|h| self.half_edges[h as usize].next);
        self.faces[f as usize].start = start_f;
        self.faces.push(Face { start: start_g, ..self.faces[f as usize] });
        let forms = f as usize * self.n_rows;
        self.forms.extend_from_within(forms..forms + self.n_rows);
        let mut h = a;
        while h != c + 1 {
            let half_edge = &mut self.half_edges[h as usize];
            half_edge.face = g;
            self.face_of[half_edge.origin as usize] = g;
            h = half_edge.next;
        }
        // the chord's far end
        self.face_of[at_b.origin as usize] = g;
    }

    /// Every face's bit and slope of the row; where the row is 0 all over it is off.
    #[inline(always)]
    fn settle(&mut self, row: Row, slope: f64) {
        let (half_edges, signs) = (&self.half_edges[..], &self.signs[..]);
        for (face, forms) in self.faces.iter_mut().zip(self.forms.chunks_exact_mut(self.n_rows)) {
            let mut at = &half_edges[face.start as usize];
            let mut sign = signs[at.origin as usize];
            while sign == 0 && at.next != face.start {
                at = &half_edges[at.next as usize];
                sign = signs[at.origin as usize];
            }
            let on = sign > 0;
            face.mask |= u32::from(on) << row.index;
            let factor = if on { 1.0 } else { slope };
            forms[row.index] = forms[row.index].map(|v| factor * v);
        }
    }

    /// The outputs' forms on every face.
    #[inline(always)]
    fn outputs(&mut self, system: &System, operator: &Operator, maps: &mut Vec<AffineForm>) {
        let n_outputs = operator.network.n_outputs();
        let first = maps.len();
        maps.resize(first + self.faces.len() * n_outputs, AffineForm::default());
        for o in 0..n_outputs {
            self.factors.clear();
            self.factors.extend((0..self.n_rows).map(|i| system.output_factor(operator, o, i)));
            let (factors, own) = (self.factors.as_chunks::<1>().0, [lanes(system.output(o))]);
            for (f, map) in maps[first + o..].iter_mut().step_by(n_outputs).enumerate() {
                let [[gx, gy, c, _]] = combine(factors, own, &self.forms[f * self.n_rows..]);
                *map = AffineForm { gx, gy, c };
            }
        }
    }

    /// Appends the mesh to `part`, but for the maps.
    fn hand_over(&self, part: &mut Part) {
        let [v0, h0, f0] = [part.position.len(), part.origin.len(), part.mask.len()].map(|n| n as u32);
        let moved = |number: u32, by: u32| if number == NONE { NONE } else { number + by };
        part.copy_of.extend(v0..v0 + self.corners.len() as u32);
        part.position.extend(self.corners.iter().map(|c| c.position));
        part.origin.extend(self.half_edges.iter().map(|h| h.origin + v0));
        part.next.extend(self.half_edges.iter().map(|h| moved(h.next, h0)));
        part.face.extend(self.half_edges.iter().map(|h| moved(h.face, f0)));
        part.label.extend_from_slice(&self.label);
        part.face_start.extend(self.faces.iter().map(|f| f.start + h0));
        part.mask.extend(self.faces.iter().map(|f| f.mask));
    }
}

/// [`Bulk::subdivide`] up to the outputs, compiled for each set of instructions.
struct Subdivision<'b, 'n> {
    bulk: &'b mut Bulk,
    cell: &'b Cell,
    system: &'b System,
    predicate: &'b mut Predicate<'n>,
    maps: &'b mut Vec<AffineForm>,
}

impl NullaryFnOnce for Subdivision<'_, '_> {
    type Output = Result<(), ComplexError>;

    #[inline(always)]
    fn call(self) -> Self::Output {
        let Self { bulk, cell, system, predicate, maps } = self;
        bulk.start(cell, system);
        for (layer, rows) in system.layers() {
            bulk.open_layer(system, rows.clone());
            for index in rows {
                let row = Row { index, layer, unit: system.units[index] };
                bulk.put_row(row, cell, system, predicate)?;
            }
        }
        bulk.outputs(system, predicate.operator(), maps);
        Ok(())
    }
}

fn lanes(AffineForm { gx, gy, c }: AffineForm) -> Lanes {
    [gx, gy, c, 0.0]
}

/// For `K` rows `own` plus the sum of factors times a face's forms.
#[inline(always)]
fn combine<const K: usize>(factors: &[[f64; K]], own: [Lanes; K], forms: &[Lanes]) -> [Lanes; K] {
    let mut sums = own;
    for (t, form) in factors.iter().zip(forms) {
        for k in 0..K {
            for l in 0..4 {
                sums[k][l] += t[k] * form[l];
            }
        }
    }
    sums
}
