//! From finished cells to one half-edge mesh: chains of half-edges along the sides of cells, zipped where two cells meet.
//!
//! In: cells, subdivided, in the order of the recursion. Out: [`Part`], the arrays that
//! [`Complex`](super::Complex) is assembled from. No floats are compared: by continuity both chains along a cut have the same
//! vertices in the same order, and where they do not a decision was wrong, which is reported.
//!
//! Half-edge `h` has its twin at `h ^ 1` and its edge at `h >> 1`. Where two chains meet, each edge is there twice. The
//! earlier one stays. The later one is *dropped*: its label is `NONE`, and its half-edge without a face says in `origin`
//! which half-edge the other one becomes. While an edge has no second face, the half-edge there links the chain: its `next`
//! is the half-edge after its twin along the side.

use super::cell::{Cell, NO_PARENT};
use super::halfedge::HalfEdge;
use super::pattern::Patterns;
use super::{AffineForm, ComplexError, NONE};
use std::cmp::Ordering;

/// Half-edges along one side of a cell, in the direction of the side.
#[derive(Debug, Clone, Copy)]
pub struct Chain {
    head: u32,
    tail: u32,
}

impl Chain {
    /// Its first half-edge.
    pub fn head(self) -> u32 {
        self.head
    }
}

/// Some finished cells, sewn together.
#[derive(Debug, Default)]
pub struct Part {
    /// Of each vertex, in input units.
    pub position: Vec<[f64; 2]>,
    /// An earlier copy of each vertex, or itself.
    pub copy_of: Vec<u32>,
    pub half_edges: Vec<HalfEdge>,
    /// Of each edge.
    pub label: Vec<u32>,
    /// A half-edge of each face.
    pub face_start: Vec<u32>,
    /// `[n_faces x n_outputs]`.
    pub maps: Vec<AffineForm>,
    /// Of each face, which of its cell's rows are on.
    pub mask: Vec<u64>,
    pub patterns: Patterns,
    reversed: Vec<u32>,
}

impl Part {
    /// Nothing yet, on a cell where these decisions are taken.
    pub fn new(decided: Vec<u32>) -> Self {
        Self { patterns: Patterns::with_root(decided), ..Self::default() }
    }

    /// The half-edges round a face.
    pub fn loop_of(&self, f: u32) -> impl Iterator<Item = u32> + '_ {
        let start = self.face_start[f as usize];
        std::iter::successors(Some(start), move |&h| Some(self.half_edges[h as usize].next).filter(|&h| h != start))
    }

    /// The chain of a side that begins with half-edge `head`.
    pub fn chain_from(&self, head: u32) -> Chain {
        let tail = self.links(head).last().unwrap_or(head);
        Chain { head, tail }
    }

    /// The half-edges of a chain in order.
    pub fn links(&self, head: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(head), |&h| Some(self.link(h)).filter(|&h| h != NONE))
    }

    fn link(&self, h: u32) -> u32 {
        self.half_edges[h as usize ^ 1].next
    }

    /// Drops all finished cells, but not the decisions that led to them.
    pub fn forget_cells(&mut self) {
        self.position.clear();
        self.copy_of.clear();
        self.half_edges.clear();
        self.label.clear();
        self.face_start.clear();
        self.mask.clear();
        self.maps.clear();
        self.patterns.forget_cells();
    }

    /// Bytes that this takes with the numbers it gets in the end, but for the patterns' few.
    pub fn bytes(&self) -> usize {
        let [v, h, f] = [self.position.len(), self.half_edges.len(), self.mask.len()];
        v * 20 + h * 16 + f * 12 + self.maps.len() * size_of::<AffineForm>()
    }

    /// Faces that there is room for.
    pub fn room_for(&self) -> usize {
        self.mask.capacity() - self.mask.len()
    }

    /// Makes room for so many times what is there, if there is so much; arrays grow as they must in any case.
    pub fn reserve(&mut self, times: f64) {
        fn more<T>(array: &mut Vec<T>, times: f64) {
            let _ = array.try_reserve_exact((array.len() as f64 * times) as usize);
        }
        more(&mut self.position, times);
        more(&mut self.copy_of, times);
        more(&mut self.half_edges, times);
        more(&mut self.label, times);
        more(&mut self.face_start, times);
        more(&mut self.maps, times);
        more(&mut self.mask, times);
    }

    /// Appends other parts, all numbers of which are final; the half-edges, which are nearly half of it, on another thread.
    pub fn append(&mut self, mut others: Vec<Self>) {
        let Self { position, half_edges, label, face_start, maps, mask, patterns, .. } = self;
        let theirs: Vec<_> = others.iter_mut().map(|other| std::mem::take(&mut other.half_edges)).collect();
        let rest = || {
            for other in others {
                patterns.append(&other.patterns, mask.len() as u32);
                position.extend(other.position);
                label.extend(other.label);
                face_start.extend(other.face_start);
                maps.extend(other.maps);
                mask.extend(other.mask);
            }
        };
        rayon::join(|| theirs.into_iter().for_each(|other| half_edges.extend(other)), rest);
    }

    /// Gives back the room that nothing is in.
    pub fn shrink(&mut self) {
        self.position.shrink_to_fit();
        self.half_edges.shrink_to_fit();
        self.label.shrink_to_fit();
        self.face_start.shrink_to_fit();
        self.mask.shrink_to_fit();
        self.maps.shrink_to_fit();
    }

    /// Sews the two parts of a cut cell together along the cut. `signs` are the cutting unit's at the cell's corners; the
    /// parts come in the order +, -, and so do their chains from `base` on; the chains of the cell's own sides take their place.
    pub fn sew(&mut self, signs: &[Ordering], parts: [&Cell; 2], chains: &mut Vec<Chain>, base: usize) -> Result<(), ComplexError> {
        let second = base + parts[0].sides.len();
        self.zip(chains[base + parts[0].cut_side], chains[second + parts[1].cut_side])?;
        let whole = chains.len();
        chains.extend(std::iter::repeat_n(Chain { head: NONE, tail: NONE }, signs.len()));
        // the part that holds a side's first corner comes first along it
        for (part, first, keep) in [(parts[0], base, Ordering::Greater), (parts[1], second, Ordering::Less)] {
            for (i, &parent) in part.parent_side.iter().enumerate().filter(|(_, p)| **p != NO_PARENT) {
                let (chain, other) = (chains[first + i], chains[whole + parent]);
                chains[whole + parent] = match other.head {
                    NONE => chain,
                    _ if signs[parent] == keep => self.join(chain, other),
                    _ => self.join(other, chain),
                };
            }
        }
        chains.copy_within(whole.., base);
        chains.truncate(base + signs.len());
        if chains[base..].iter().any(|c| c.head == NONE) { Err(ComplexError::Inconsistent) } else { Ok(()) }
    }

    /// One chain after the other along one side.
    fn join(&mut self, first: Chain, second: Chain) -> Chain {
        self.half_edges[first.tail as usize ^ 1].next = second.head;
        Chain { head: first.head, tail: second.tail }
    }

    /// Makes one edge of each pair of two chains that run along one cut in opposite directions; those of `a` are earlier.
    fn zip(&mut self, a: Chain, b: Chain) -> Result<(), ComplexError> {
        let mut reversed = std::mem::take(&mut self.reversed);
        reversed.clear();
        let mut k = b.head;
        while k != b.tail {
            reversed.push(k);
            k = self.link(k);
        }
        self.merge(self.half_edges[a.head as usize].origin, self.end(b.tail));
        let (mut h, mut k) = (a.head, b.tail);
        loop {
            self.merge(self.end(h), self.half_edges[k as usize].origin);
            let after = self.link(h);
            self.label[k as usize / 2] = NONE;
            self.half_edges[k as usize ^ 1].origin = h ^ 1;
            match (h == a.tail, reversed.pop()) {
                (false, Some(before)) => (h, k) = (after, before),
                (true, None) => break,
                _ => return Err(ComplexError::Inconsistent),
            }
        }
        self.reversed = reversed;
        Ok(())
    }

    /// Where a half-edge that has a face ends.
    fn end(&self, h: u32) -> u32 {
        self.half_edges[self.half_edges[h as usize].next as usize].origin
    }

    /// Two vertices are one.
    fn merge(&mut self, v: u32, w: u32) {
        let (v, w) = (root(&mut self.copy_of, v), root(&mut self.copy_of, w));
        self.copy_of[v.max(w) as usize] = v.min(w);
    }
}

/// The representative of `f`'s class, with paths halved on the way.
pub fn root(parent: &mut [u32], mut f: u32) -> u32 {
    while parent[f as usize] != f {
        parent[f as usize] = parent[parent[f as usize] as usize];
        f = parent[f as usize];
    }
    f
}
