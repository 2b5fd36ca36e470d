//! The last step: the parts that were enumerated by themselves become one [`Complex`].
//!
//! In: a [`Tree`] of parts. Out: arrays without copies: the parts are sewn along the cuts between them, vertices and edges get
//! their final numbers, in the order of their first copies, so that the result does not depend on how many parts there were.

use super::cell::NO_PARENT;
use super::pattern::Patterns;
use super::stitch::{Chain, Part, root};
use super::{Complex, ComplexError, NONE, Window};
use crate::network::Network;
use std::cmp::Ordering;
use std::collections::HashMap;

/// The first cuts of the window, down to the parts.
pub enum Tree {
    /// A part and the chains of its cell's sides.
    Part(Box<Part>, Vec<Chain>),
    Cut(Box<Seam>),
}

/// A cut and its two sides, + and -.
pub struct Seam {
    /// The cutting unit's at the cell's corners.
    pub signs: Vec<Ordering>,
    /// Of each of the two cells: which side of the whole each of its sides is part of, and the side along the cut.
    pub sides: [(Vec<usize>, usize); 2],
    pub children: [Tree; 2],
}

/// The parts in order, and the numbers of their first half-edges, vertices and faces among all.
#[derive(Default)]
struct Parts {
    all: Vec<Part>,
    half_edge: Vec<u32>,
    vertex: Vec<u32>,
    face: Vec<u32>,
    /// Half-edges of two parts that meet: the later one becomes the twin of the earlier.
    seams: Vec<[u32; 2]>,
}

/// Half-edges along each side of a cell, numbered through all parts.
type Sides = Vec<Vec<u32>>;

impl Parts {
    /// Takes the tree apart; returns the sides of its cell.
    fn collect(&mut self, tree: Tree) -> Result<Sides, ComplexError> {
        match tree {
            Tree::Part(part, chains) => {
                let end = |starts: &[u32], n: usize| starts.last().copied().unwrap_or(0) + n as u32;
                let last = self.all.last();
                let [h, v, f] = last.map_or([0; 3], |p| {
                    [end(&self.half_edge, p.origin.len()), end(&self.vertex, p.position.len()), end(&self.face, p.mask.len())]
                });
                self.half_edge.push(h);
                self.vertex.push(v);
                self.face.push(f);
                let sides = chains.iter().map(|c| part.links(c.head()).map(|link| link + h).collect()).collect();
                self.all.push(*part);
                Ok(sides)
            }
            Tree::Cut(seam) => {
                let Seam { signs, sides: parts, children } = *seam;
                let [above, below] = children;
                let children = [self.collect(above)?, self.collect(below)?];
                let cut = [0, 1].map(|k| &children[k][parts[k].1]);
                if cut[0].len() != cut[1].len() {
                    return Err(ComplexError::Inconsistent);
                }
                self.seams.extend(cut[0].iter().zip(cut[1].iter().rev()).map(|(&a, &b)| [a, b]));
                let mut whole = vec![Vec::new(); signs.len()];
                for (k, keep) in [(0, Ordering::Greater), (1, Ordering::Less)] {
                    for (side, &parent) in children[k].iter().zip(&parts[k].0).filter(|(_, p)| **p != NO_PARENT) {
                        // the part that holds a side's first corner comes first along it
                        let at = if signs[parent] == keep { 0 } else { whole[parent].len() };
                        whole[parent].splice(at..at, side.iter().copied());
                    }
                }
                Ok(whole)
            }
        }
    }

    /// The part of half-edge `h`, and its number there.
    fn place(&self, h: u32) -> (usize, usize) {
        let k = self.half_edge.partition_point(|&first| first <= h) - 1;
        (k, (h - self.half_edge[k]) as usize)
    }

    fn origin(&self, h: u32) -> u32 {
        let (k, h) = self.place(h);
        self.all[k].origin[h] + self.vertex[k]
    }

    /// Where a half-edge that has a face ends.
    fn end(&self, h: u32) -> u32 {
        let (k, local) = self.place(h);
        self.origin(self.all[k].next[local] + self.half_edge[k])
    }

    /// The final number of every vertex: copies get that of the first one. Returns how many there are.
    fn number_vertices(&self) -> (Vec<u32>, usize) {
        let copies = self.all.iter().zip(&self.vertex).flat_map(|(p, &first)| p.copy_of.iter().map(move |&v| v + first));
        let mut number: Vec<u32> = copies.collect();
        for &[h, k] in &self.seams {
            for (v, w) in [(self.origin(h), self.end(k)), (self.end(h), self.origin(k))] {
                let (v, w) = (root(&mut number, v), root(&mut number, w));
                number[v.max(w) as usize] = v.min(w);
            }
        }
        let mut n = 0;
        for v in 0..number.len() {
            // an earlier copy has its final number already
            number[v] = if number[v] as usize == v { n } else { number[number[v] as usize] };
            n += u32::from(number[v] == n);
        }
        (number, n as usize)
    }

    /// For every edge what the number of its first half-edge becomes; the other's is that `^ 1`. Returns how many stay.
    fn number_edges(&self) -> (Vec<u32>, usize) {
        let later: HashMap<u32, u32> = self.seams.iter().map(|&[h, k]| (k, h)).collect();
        let mut number = Vec::with_capacity(self.all.iter().map(|p| p.label.len()).sum());
        let mut n = 0;
        for (part, &first) in self.all.iter().zip(&self.half_edge) {
            for (e, &label) in part.label.iter().enumerate() {
                let earlier = match later.get(&(first + 2 * e as u32)) {
                    Some(&h) if !later.is_empty() => h ^ 1,
                    _ if label == NONE => part.origin[2 * e + 1] + first,
                    _ => {
                        number.push(2 * n);
                        n += 1;
                        continue;
                    }
                };
                number.push(number[earlier as usize / 2] ^ (earlier & 1));
            }
        }
        (number, n as usize)
    }
}

impl Complex {
    /// Joins the parts. `exact_decisions` is kept as a statistic.
    pub(super) fn assemble(tree: Tree, network: &Network, window: &Window, exact_decisions: u64) -> Result<Self, ComplexError> {
        let mut parts = Parts::default();
        let border = parts.collect(tree)?.concat();
        let (vertex, n_vertices) = parts.number_vertices();
        let (edge, n_edges) = parts.number_edges();
        let rename = |h: u32| edge[h as usize / 2] ^ (h & 1);
        let (mut origin, mut next, mut face) = (vec![NONE; 2 * n_edges], vec![NONE; 2 * n_edges], vec![NONE; 2 * n_edges]);
        let mut label = vec![NONE; n_edges];
        let mut vertices = Vec::with_capacity(n_vertices);
        let (mut face_start, mut maps, mut mask, mut patterns) = (Vec::new(), Vec::new(), Vec::new(), Patterns::default());
        for (k, part) in parts.all.into_iter().enumerate() {
            let (h0, v0, f0) = (parts.half_edge[k], parts.vertex[k], parts.face[k]);
            for (h, &f) in part.face.iter().enumerate().filter(|(_, f)| **f != NONE) {
                let r = rename(h as u32 + h0) as usize;
                origin[r] = vertex[(part.origin[h] + v0) as usize];
                next[r] = rename(part.next[h] + h0);
                face[r] = f + f0;
                if r % 2 == h % 2 {
                    label[r / 2] = part.label[h / 2];
                }
            }
            for (v, p) in part.position.into_iter().enumerate() {
                if vertex[v + v0 as usize] as usize == vertices.len() {
                    vertices.push(p);
                }
            }
            face_start.extend(part.face_start.iter().map(|&h| rename(h + h0)));
            maps.extend(part.maps);
            mask.extend(part.mask);
            patterns.append(&part.patterns, f0);
        }
        for (i, &h) in border.iter().enumerate() {
            let [before, after] = [border[if i == 0 { border.len() - 1 } else { i - 1 }], border[(i + 1) % border.len()]];
            let outer = rename(h) as usize ^ 1;
            origin[outer] = origin[rename(after) as usize];
            next[outer] = rename(before) ^ 1;
        }
        let hidden_widths = network.hidden().iter().map(|a| a.n_out as u32).collect();
        let (window, n_outputs) = (*window, network.n_outputs());
        Ok(Self {
            window,
            vertices,
            origin,
            next,
            face,
            label,
            face_start,
            maps,
            mask,
            patterns,
            hidden_widths,
            n_outputs,
            exact_decisions,
        })
    }
}
