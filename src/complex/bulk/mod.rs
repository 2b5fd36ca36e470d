//! The end of the recursion: all undecided units of a small cell at once, on one mesh with shared edges.
//!
//! In: a cell and its system, all layers open, at most [`MAX_ROWS`] rows. Out: the cell's regions in a [`Part`], and for each
//! side of the cell its chain of half-edges. Layer by layer, all rows at once: their signs at every vertex; a new vertex on an
//! edge for each row that changes sign along it; then face by face, the lowest row first that has both signs there, a chord.
//!
//! `mesh` holds the faces, `forms` what the rows are in them.

mod forms;
mod mesh;

use super::cell::{Cell, Side};
use super::crossing::meeting;
use super::predicate::{MAX_ROWS, Predicate};
use super::stitch::{Chain, Part};
use super::system::{Operator, System};
use super::{AffineForm, ComplexError, NONE};
use forms::Forms;
use mesh::Mesh;
use pulp::{Simd, WithSimd};
use std::cmp::Ordering;
use std::ops::Range;

/// The rows that are negative at a vertex, and those that are positive.
type Signs = [u64; 2];
/// Few rows of many layers may make any number of regions: a cell is given up, to be cut instead, where there are more than this.
const MOST_FACES: usize = 1 << 12;
/// Not found yet: no row is both.
const UNKNOWN: Signs = [u64::MAX; 2];

/// Room for one cell after the other.
#[derive(Default)]
pub struct Bulk {
    mesh: Mesh,
    forms: Forms,
    /// Of the rows of the layer at hand, at each vertex.
    signs: Vec<Signs>,
    /// The rows of the layer that cut each face of when it began.
    cutting: Vec<u64>,
    /// Faces that are still cut, and by which rows.
    rest: Vec<(u32, u64)>,
}

/// [`Bulk::subdivide`] up to the outputs, compiled for each set of instructions.
struct Subdivision<'b, 'n> {
    bulk: &'b mut Bulk,
    cell: &'b Cell,
    system: &'b System,
    predicate: &'b mut Predicate<'n>,
    maps: &'b mut Vec<AffineForm>,
}

/// The layer at hand.
struct Layer<'l, 'n> {
    system: &'l System,
    predicate: &'l mut Predicate<'n>,
    index: usize,
    rows: Range<usize>,
}

/// Whose edges are divided: those of the faces when the layer began, or those of a new chord in a part of one of them.
#[derive(Clone, Copy)]
enum Within {
    Faces,
    /// The face, and the rows that may cross the chord.
    Face(u32, u64),
}

impl Layer<'_, '_> {
    /// All its rows.
    fn all(&self) -> u64 {
        let up_to = |k: usize| if k == MAX_ROWS { u64::MAX } else { (1 << k) - 1 };
        up_to(self.rows.end) & !up_to(self.rows.start)
    }

    fn operator(&self) -> &Operator<'_> {
        self.predicate.operator()
    }
}

impl Bulk {
    /// Adds the regions of `cell` to `part` and pushes the chains of its sides. Returns the number of regions; `None` if they are
    /// too many for one cell, which leaves `part` as it was.
    pub fn subdivide(
        &mut self,
        cell: &Cell,
        system: &System,
        predicate: &mut Predicate,
        part: &mut Part,
        chains: &mut Vec<Chain>,
    ) -> Result<Option<usize>, ComplexError> {
        if !predicate.operator().arch.dispatch(Subdivision { bulk: self, cell, system, predicate, maps: &mut part.maps })? {
            return Ok(None);
        }
        let first = part.half_edges.len() as u32;
        self.mesh.hand_over(part);
        chains.extend((0..cell.sides.len() as u32).map(|i| part.chain_from(first + 2 * i)));
        Ok(Some(self.mesh.faces.len()))
    }

    /// Cuts all faces by the zero lines of a layer's rows. Returns whether there are at most [`MOST_FACES`] then.
    #[inline(always)]
    fn put_layer<S: Simd>(&mut self, simd: S, layer: &mut Layer) -> Result<bool, ComplexError> {
        self.forms.open_layer(layer.rows.clone(), layer.operator().network.slope_of(layer.index));
        self.signs.clear();
        self.signs.resize(self.mesh.corners.len(), UNKNOWN);
        self.cutting.clear();
        for f in 0..self.mesh.faces.len() as u32 {
            self.open_face(simd, layer, f);
        }
        self.split_edges(simd, layer, 0, Within::Faces)?;
        for f in 0..self.cutting.len() as u32 {
            if self.cutting[f as usize] != 0 {
                self.cut_face(simd, layer, f)?;
                if self.mesh.faces.len() > MOST_FACES {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Finds the layer's signs at the corners of face `f`, decides the rows that have one sign, and notes which have both.
    #[inline(always)]
    fn open_face<S: Simd>(&mut self, simd: S, layer: &mut Layer, f: u32) {
        let all = layer.all();
        let start = self.mesh.faces[f as usize].start;
        let ([mut below, mut above], mut h) = ([0; 2], start);
        loop {
            let half_edge = self.mesh.half_edges[h as usize];
            let v = half_edge.origin as usize;
            if self.signs[v] == UNKNOWN {
                self.signs[v] = self.signs_at(simd, layer, f, v, all);
            }
            below |= self.signs[v][0];
            above |= self.signs[v][1];
            h = half_edge.next;
            if h == start {
                break;
            }
        }
        let cutting = below & above;
        self.cutting.push(cutting);
        let on = above & !cutting;
        self.mesh.faces[f as usize].mask |= on;
        self.forms.open_face(simd, f as usize, on);
    }

    /// The signs of the `wanted` rows at vertex `v` of face `f` of when the layer began.
    #[inline(always)]
    fn signs_at<S: Simd>(&self, simd: S, layer: &mut Layer, f: u32, v: usize, wanted: u64) -> Signs {
        let certain = self.forms.signs(simd, f as usize, &self.mesh.corners[v]).map(|rows| rows & wanted);
        if certain[0] | certain[1] == wanted && !layer.predicate.all_exact {
            certain
        } else {
            self.exact_signs(layer, f, v, wanted, certain)
        }
    }

    /// Decides exactly what the filter has not.
    #[cold]
    #[inline(never)]
    fn exact_signs(&self, layer: &mut Layer, f: u32, v: usize, wanted: u64, certain: Signs) -> Signs {
        let Layer { system, predicate, index, .. } = layer;
        let mask = self.mesh.faces[f as usize].mask;
        for (earlier, rows) in system.layers().take(*index) {
            rows.for_each(|i| predicate.note(earlier, system.units[i], mask >> i & 1 == 1));
        }
        let mut signs = if predicate.all_exact { [0; 2] } else { certain };
        let unsure = wanted & !(signs[0] | signs[1]);
        for row in rows_in(unsure) {
            match predicate.sign(*index, system.units[row], &self.forms.form(f as usize, row), &self.mesh.corners[v]) {
                Ordering::Less => signs[0] |= 1 << row,
                Ordering::Equal => {}
                Ordering::Greater => signs[1] |= 1 << row,
            }
        }
        signs
    }

    /// A vertex on every edge from `first` on, for each row that changes sign along it.
    #[inline(always)]
    fn split_edges<S: Simd>(&mut self, simd: S, layer: &mut Layer, first: usize, within: Within) -> Result<(), ComplexError> {
        let mut e = first;
        let n_edges = self.mesh.n_edges();
        let most = n_edges + (n_edges - first) * layer.rows.len();
        // the far half of a divided edge comes last
        while e < self.mesh.n_edges() {
            let [p, q] = self.mesh.ends(e);
            let ([below_p, above_p], [below_q, above_q]) = (self.signs[p], self.signs[q]);
            let crossing = (below_p & above_q) | (above_p & below_q);
            if crossing == 0 {
                e += 1;
            } else if self.mesh.n_edges() < most {
                self.split_edge(simd, layer, e, crossing.trailing_zeros() as usize, within)?;
            } else {
                // a line has crossed an edge twice
                return Err(ComplexError::Inconsistent);
            }
        }
        Ok(())
    }

    /// Divides edge `e` where `row` is 0.
    #[inline(always)]
    fn split_edge<S: Simd>(&mut self, simd: S, layer: &mut Layer, e: usize, row: usize, within: Within) -> Result<(), ComplexError> {
        let (f, cutting) = match within {
            Within::Face(f, cutting) => (f, cutting),
            Within::Faces => {
                let [f, g] = self.mesh.sides(e);
                (f, self.cutting[f as usize] | if g == NONE { 0 } else { self.cutting[g as usize] })
            }
        };
        let (form, unit) = (self.forms.form(f as usize, row), layer.system.units[row]);
        let ends = self.mesh.ends(e).map(|v| &self.mesh.corners[v]);
        let Side { label, form: line } = self.mesh.line(e);
        let corner = meeting(&form, line.as_ref(), ends, [*label, unit], layer.operator().plane);
        if !corner.is_finite() {
            return Err(layer.operator().overflow(layer.index, unit));
        }
        let (w, wanted) = (self.mesh.corners.len(), cutting & !(1 << row));
        self.mesh.split_edge(e, corner);
        let signs = if wanted == 0 { [0; 2] } else { self.signs_at(simd, layer, f, w, wanted) };
        self.signs.push(signs);
        Ok(())
    }

    /// Cuts face `whole`, until no row has both signs on any part.
    #[inline(always)]
    fn cut_face<S: Simd>(&mut self, simd: S, layer: &mut Layer, whole: u32) -> Result<(), ComplexError> {
        self.rest.push((whole, self.cutting[whole as usize]));
        while let Some((f, cutting)) = self.rest.pop() {
            let row = cutting.trailing_zeros() as usize;
            let (g, chord) = (self.mesh.faces.len() as u32, self.mesh.n_edges());
            let line = Side { label: layer.system.units[row], form: Some(self.forms.form(whole as usize, row)) };
            let parts = self.mesh.cut_face(f, row, &self.signs, line)?;
            self.forms.copy_face(f as usize);
            self.split_edges(simd, layer, chord, Within::Face(whole, cutting & !(1 << row)))?;
            for (part, [below, above]) in [f, g].into_iter().zip(parts) {
                let (still, on) = (cutting & below & above, cutting & above & !below);
                if still >> row & 1 == 1 {
                    return Err(ComplexError::Inconsistent);
                }
                self.mesh.faces[part as usize].mask |= on;
                self.forms.substitute(simd, [part as usize, whole as usize], on);
                if still != 0 {
                    self.rest.push((part, still));
                }
            }
        }
        Ok(())
    }
}

/// The rows of a set.
fn rows_in(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let row = (set != 0).then(|| set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        row
    })
}

impl WithSimd for Subdivision<'_, '_> {
    type Output = Result<bool, ComplexError>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Self { bulk, cell, system, predicate, maps } = self;
        let network = predicate.operator().network;
        bulk.mesh.start(cell);
        bulk.forms.start(simd, system, predicate.operator());
        for (index, rows) in system.layers().filter(|(_, rows)| !rows.is_empty()) {
            if !bulk.put_layer(simd, &mut Layer { system, predicate, index, rows })? {
                return Ok(false);
            }
        }
        let outputs = |f: usize| (0..network.n_outputs()).map(move |o| (f, o));
        maps.extend((0..bulk.mesh.faces.len()).flat_map(outputs).map(|(f, o)| bulk.forms.output(f, o)));
        Ok(true)
    }
}
