//! The half-edge mesh of one cell while it is subdivided. Topology and corners; signs come in.
//!
//! In: a cell, then edges to divide and faces to cut. Out: the arrays of a [`Part`]. Vertices, edges and faces count from 0;
//! half-edge `h` has its twin at `h ^ 1` and its edge at `h >> 1`. The first half-edge of every edge has a face.

use super::super::cell::{Cell, Side};
use super::super::halfedge::HalfEdge;
use super::super::predicate::Corner;
use super::super::stitch::Part;
use super::super::{ComplexError, NONE};
use super::Signs;

/// A half-edge, linked both ways. Without a face, `next` is the half-edge after its twin along the side of the cell.
#[derive(Clone, Copy)]
pub struct Linked {
    pub origin: u32,
    pub next: u32,
    /// The half-edge before; `NONE` without a face.
    before: u32,
    pub face: u32,
}

#[derive(Clone, Copy)]
pub struct Face {
    /// One of its half-edges.
    pub start: u32,
    /// Which rows are on.
    pub mask: u64,
}

#[derive(Default)]
pub struct Mesh {
    pub corners: Vec<Corner>,
    pub half_edges: Vec<Linked>,
    /// Of each edge, its line in `lines`.
    line: Vec<u32>,
    /// The cell's sides, then the chords.
    lines: Vec<Side>,
    pub faces: Vec<Face>,
}

impl Mesh {
    /// One face: the cell.
    pub fn start(&mut self, cell: &Cell) {
        let n = cell.corners.len() as u32;
        self.corners.clone_from(&cell.corners);
        self.half_edges.clear();
        for i in 0..n {
            let (before, after) = (if i == 0 { n - 1 } else { i - 1 }, if i + 1 == n { 0 } else { i + 1 });
            self.half_edges.extend([
                Linked { origin: i, next: 2 * after, before: 2 * before, face: 0 },
                Linked { origin: after, next: NONE, before: NONE, face: NONE },
            ]);
        }
        self.line.clear();
        self.line.extend(0..n);
        self.lines.clone_from(&cell.sides);
        self.faces.clear();
        self.faces.push(Face { start: 0, mask: 0 });
    }

    /// The vertices that an edge joins.
    #[inline(always)]
    pub fn ends(&self, e: usize) -> [usize; 2] {
        [2 * e, 2 * e + 1].map(|h| self.half_edges[h].origin as usize)
    }

    /// The faces on both sides of an edge; the second one may be `NONE`.
    #[inline(always)]
    pub fn sides(&self, e: usize) -> [u32; 2] {
        [2 * e, 2 * e + 1].map(|h| self.half_edges[h].face)
    }

    /// The line of an edge.
    #[inline(always)]
    pub fn line(&self, e: usize) -> &Side {
        &self.lines[self.line[e] as usize]
    }

    pub fn n_edges(&self) -> usize {
        self.line.len()
    }

    /// Divides edge `e` at a new vertex: `p q` becomes `p w` (the old edge) and `w q`.
    #[inline(always)]
    pub fn split_edge(&mut self, e: usize, corner: Corner) {
        let (h, twin, n) = (2 * e as u32, 2 * e as u32 + 1, self.half_edges.len() as u32);
        let [ahead, back] = [h, twin].map(|h| self.half_edges[h as usize]);
        let w = self.corners.len() as u32;
        self.corners.push(corner);
        self.line.push(self.line[e]);
        // outside of the cell, the links are those of the chain along its side
        let outside = back.face == NONE;
        let after = if outside { back.next } else { twin };
        self.half_edges.extend([
            Linked { origin: w, next: ahead.next, before: h, face: ahead.face },
            Linked { origin: back.origin, next: after, before: back.before, face: back.face },
        ]);
        self.half_edges[h as usize].next = n;
        self.half_edges[ahead.next as usize].before = n;
        self.half_edges[twin as usize].origin = w;
        if outside {
            self.half_edges[twin as usize].next = n;
        } else {
            self.half_edges[back.before as usize].next = n + 1;
            self.half_edges[twin as usize].before = n + 1;
        }
    }

    /// Cuts face `f` by a chord between its two vertices where `row` is 0; `f` keeps one part, the new face is the other.
    /// Returns of each which rows are negative at some of its vertices, and which are positive.
    #[inline(always)]
    pub fn cut_face(&mut self, f: u32, row: usize, signs: &[Signs], line: Side) -> Result<[Signs; 2], ComplexError> {
        let start = self.faces[f as usize].start;
        let (mut ends, mut n_ends, mut h) = ([NONE; 2], 0, start);
        // the side that is walked along, and the other one
        let ([mut here, mut there], [mut n_here, mut n_there]) = ([[0; 2]; 2], [0; 2]);
        loop {
            let Linked { origin, next, .. } = self.half_edges[h as usize];
            let [below, above] = signs[origin as usize];
            here = [here[0] | below, here[1] | above];
            if (below | above) >> row & 1 == 0 {
                *ends.get_mut(n_ends).ok_or(ComplexError::Inconsistent)? = h;
                n_ends += 1;
                (here, there) = ([there[0] | below, there[1] | above], here);
                (n_here, n_there) = (n_there, n_here);
            }
            n_here += 1;
            h = next;
            if h == start {
                break;
            }
        }
        if n_ends != 2 {
            return Err(ComplexError::Inconsistent);
        }
        // the side from the first to the second end is the other one now; the shorter side gets the new number
        let ([a, b], parts) = if n_there <= n_here { (ends, [here, there]) } else { ([ends[1], ends[0]], [there, here]) };
        let (c, g) = (self.half_edges.len() as u32, self.faces.len() as u32);
        let [at_a, at_b] = [a, b].map(|h| self.half_edges[h as usize]);
        self.line.push(self.lines.len() as u32);
        self.lines.push(line);
        self.half_edges.extend([
            Linked { origin: at_a.origin, next: b, before: at_a.before, face: f },
            Linked { origin: at_b.origin, next: a, before: at_b.before, face: g },
        ]);
        self.half_edges[at_a.before as usize].next = c;
        self.half_edges[at_b.before as usize].next = c + 1;
        self.half_edges[b as usize].before = c;
        self.half_edges[a as usize].before = c + 1;
        self.faces[f as usize].start = c;
        self.faces.push(Face { start: c + 1, ..self.faces[f as usize] });
        let mut h = a;
        while h != c + 1 {
            let half_edge = &mut self.half_edges[h as usize];
            half_edge.face = g;
            h = half_edge.next;
        }
        Ok(parts)
    }

    /// Appends the mesh to `part`, but for the maps.
    pub fn hand_over(&self, part: &mut Part) {
        let [v0, h0, f0] = [part.position.len(), part.half_edges.len(), part.mask.len()].map(|n| n as u32);
        let moved = |number: u32, by: u32| if number == NONE { NONE } else { number + by };
        part.copy_of.extend(v0..v0 + self.corners.len() as u32);
        part.position.extend(self.corners.iter().map(|c| c.position));
        let half_edge = |h: &Linked| HalfEdge { origin: h.origin + v0, next: moved(h.next, h0), face: moved(h.face, f0) };
        part.half_edges.extend(self.half_edges.iter().map(half_edge));
        part.label.extend(self.line.iter().map(|&line| self.lines[line as usize].label));
        part.face_start.extend(self.faces.iter().map(|f| f.start + h0));
        part.mask.extend(self.faces.iter().map(|f| f.mask));
    }
}
