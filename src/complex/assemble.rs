//! The last step: the parts that were enumerated by themselves become one [`Complex`].
//!
//! In: a [`Tree`] of parts. Out: arrays without copies: the parts are sewn along the cuts between them, vertices and edges get
//! their final numbers, in the order of their first copies, so that the result does not depend on how many parts there were.
//! Each part is renumbered in its own place and by its own thread; a part that is alone is not even copied.

use super::cell::NO_PARENT;
use super::halfedge::HalfEdge;
use super::stitch::{Chain, Part};
use super::{Complex, ComplexError, NONE, Window};
use crate::network::Network;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::HashMap;

/// Marks a number that is an index into a piece's list of what belongs to earlier pieces. Numbers are smaller, see
/// [`MOST_REGIONS`](super::MOST_REGIONS).
const FOREIGN: u32 = 1 << 31;

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

/// A part on its way into the whole. Before it is renumbered, *old* numbers count through all parts in order.
#[derive(Default)]
struct Piece {
    part: Part,
    /// The old numbers of its first half-edge and vertex, and its first face.
    half_edge: u32,
    vertex: u32,
    face: u32,
    /// Vertices that are copies of ones in earlier pieces, by their numbers here: the old number of the first copy, later its
    /// final one.
    foreign_vertices: Vec<(u32, u32)>,
    /// Edges that are there in an earlier piece already: what the first half-edge becomes, in old and later in final numbers.
    foreign_edges: Vec<(u32, u32)>,
    /// For each edge what the number of its first half-edge becomes; the other's is that `^ 1`.
    edge: Vec<u32>,
    n_vertices: u32,
    n_edges: u32,
    /// How many vertices and edges the pieces before have.
    vertices_before: u32,
    edges_before: u32,
    /// Half-edges of foreign edges and their numbers, all final.
    strays: Vec<(u32, HalfEdge)>,
}

/// The pieces in order.
#[derive(Default)]
struct Pieces {
    all: Vec<Piece>,
    /// Half-edges of two parts that meet: the later one becomes the twin of the earlier.
    seams: Vec<[u32; 2]>,
}

/// Half-edges along each side of a cell, in old numbers.
type Sides = Vec<Vec<u32>>;

impl Piece {
    /// The old numbers after its last.
    fn end(&self) -> [u32; 3] {
        let Part { half_edges, position, mask, .. } = &self.part;
        [self.half_edge + half_edges.len() as u32, self.vertex + position.len() as u32, self.face + mask.len() as u32]
    }

    /// Every copy of a vertex names the first one.
    fn find_roots(&mut self) {
        let copy_of = &mut self.part.copy_of;
        for v in 0..copy_of.len() {
            copy_of[v] = copy_of[copy_of[v] as usize];
        }
    }

    /// Numbers its own vertices and edges from 0, in place of the copies' names and in `edge`.
    fn number(&mut self) {
        let Self { part, foreign_vertices, foreign_edges, edge, n_vertices, n_edges, .. } = self;
        let mut foreign = foreign_vertices.iter().map(|&(v, _)| v as usize).enumerate().peekable();
        for v in 0..part.copy_of.len() {
            part.copy_of[v] = if part.copy_of[v] as usize != v {
                part.copy_of[part.copy_of[v] as usize]
            } else if let Some((i, _)) = foreign.next_if(|&(_, f)| f == v) {
                FOREIGN | i as u32
            } else {
                *n_vertices += 1;
                *n_vertices - 1
            };
        }
        let mut foreign = foreign_edges.iter().map(|&(e, _)| e as usize).enumerate().peekable();
        edge.reserve_exact(part.label.len());
        for (e, &label) in part.label.iter().enumerate() {
            edge.push(if label == NONE {
                let earlier = part.half_edges[2 * e + 1].origin;
                edge[earlier as usize / 2] ^ (earlier & 1)
            } else if let Some((i, _)) = foreign.next_if(|&(_, f)| f == e) {
                FOREIGN | (2 * i as u32)
            } else {
                *n_edges += 1;
                2 * (*n_edges - 1)
            });
        }
    }

    /// The final number of a vertex.
    fn vertex(&self, v: u32) -> u32 {
        match self.part.copy_of[v as usize] {
            n if n & FOREIGN == 0 => n + self.vertices_before,
            n => self.foreign_vertices[(n ^ FOREIGN) as usize].1,
        }
    }

    /// The final number of a half-edge.
    fn renamed(&self, h: u32) -> u32 {
        match self.edge[h as usize / 2] {
            n if n & FOREIGN == 0 => (n ^ (h & 1)) + 2 * self.edges_before,
            n => self.foreign_edges[(n ^ FOREIGN) as usize / 2].1 ^ (h & 1),
        }
    }

    /// Renumbers everything in its place. What has an earlier copy has a smaller number, so that nothing is overwritten before it
    /// is read.
    fn renumber(&mut self) {
        for h in 0..self.part.half_edges.len() {
            let own = self.edge[h / 2] ^ (h as u32 & 1);
            let HalfEdge { origin, next, face } = self.part.half_edges[h];
            if face == NONE {
                if self.part.label[h / 2] != NONE && own & FOREIGN == 0 {
                    self.part.half_edges[own as usize] = HalfEdge { origin: NONE, next: NONE, face: NONE };
                }
                continue;
            }
            let renamed = HalfEdge { origin: self.vertex(origin), next: self.renamed(next), face: face + self.face };
            if own & FOREIGN == 0 {
                self.part.half_edges[own as usize] = renamed;
                if own as usize % 2 == h % 2 {
                    self.part.label[own as usize / 2] = self.part.label[h / 2];
                }
            } else {
                self.strays.push((self.renamed(h as u32), renamed));
            }
        }
        for f in 0..self.part.face_start.len() {
            self.part.face_start[f] = self.renamed(self.part.face_start[f]);
        }
        let Self { part, n_vertices, n_edges, .. } = self;
        let mut n = 0;
        for (v, &number) in part.copy_of.iter().enumerate() {
            if number as usize == n {
                part.position[n] = part.position[v];
                n += 1;
            }
        }
        part.position.truncate(*n_vertices as usize);
        part.label.truncate(*n_edges as usize);
        part.half_edges.truncate(2 * *n_edges as usize);
    }
}

impl Pieces {
    /// Takes the tree apart; returns the sides of its cell.
    fn collect(&mut self, tree: Tree) -> Result<Sides, ComplexError> {
        match tree {
            Tree::Part(part, chains) => {
                let [half_edge, vertex, face] = self.all.last().map_or([0; 3], Piece::end);
                let sides = chains.iter().map(|c| part.links(c.head()).map(|link| link + half_edge).collect()).collect();
                self.all.push(Piece { part: *part, half_edge, vertex, face, ..Piece::default() });
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

    /// Does something to every piece, at once if there are several.
    fn each(&mut self, work: impl Fn(&mut Piece) + Send + Sync) {
        match &mut self.all[..] {
            [one] => work(one),
            all => all.par_iter_mut().for_each(work),
        }
    }

    /// The piece of an old half-edge.
    fn piece_of(&self, h: u32) -> usize {
        self.all.partition_point(|p| p.half_edge <= h) - 1
    }

    /// The origin of an old half-edge that has a face, as an old vertex, and that of the half-edge after it.
    fn ends(&self, h: u32) -> [u32; 2] {
        let Piece { part, half_edge, vertex, .. } = &self.all[self.piece_of(h)];
        let local = (h - half_edge) as usize;
        [part.half_edges[local].origin, part.half_edges[part.half_edges[local].next as usize].origin]
            .map(|v| part.copy_of[v as usize] + vertex)
    }

    /// Lists what the pieces have in common; copies name the first ones.
    fn find_foreign(&mut self) {
        let mut earlier: HashMap<u32, u32> = HashMap::new();
        let first = |earlier: &HashMap<u32, u32>, mut v: u32| {
            while let Some(&w) = earlier.get(&v) {
                v = w;
            }
            v
        };
        let pairs = |&[h, k]: &[u32; 2]| {
            let ([a, b], [c, d]) = (self.ends(h), self.ends(k));
            [[a, d], [b, c]]
        };
        let mut pairs: Vec<_> = self.seams.par_iter().flat_map_iter(pairs).collect();
        // edges that follow one another along a cut share a vertex
        pairs.dedup();
        for [v, w] in pairs {
            let (v, w) = (first(&earlier, v), first(&earlier, w));
            if v != w {
                earlier.insert(v.max(w), v.min(w));
            }
        }
        for &v in earlier.keys() {
            let piece = self.all.partition_point(|p| p.vertex <= v) - 1;
            let local = v - self.all[piece].vertex;
            self.all[piece].foreign_vertices.push((local, first(&earlier, v)));
        }
        for [h, k] in std::mem::take(&mut self.seams) {
            let piece = self.piece_of(k);
            let local = k - self.all[piece].half_edge;
            self.all[piece].foreign_edges.push((local / 2, h ^ 1 ^ (local & 1)));
        }
        for piece in &mut self.all {
            piece.foreign_vertices.sort_unstable();
            piece.foreign_edges.sort_unstable();
        }
    }

    /// Puts final numbers in the place of old ones in the lists of what is foreign. Returns how many vertices and edges there are.
    fn resolve(&mut self) -> [usize; 2] {
        let [mut n_vertices, mut n_edges] = [0; 2];
        for k in 0..self.all.len() {
            let (before, rest) = self.all.split_at_mut(k);
            let piece = &mut rest[0];
            (piece.vertices_before, piece.edges_before) = (n_vertices, n_edges);
            (n_vertices, n_edges) = (n_vertices + piece.n_vertices, n_edges + piece.n_edges);
            for (_, v) in &mut piece.foreign_vertices {
                let owner = &before[before.partition_point(|p| p.vertex <= *v) - 1];
                *v = owner.vertex(*v - owner.vertex);
            }
            for (_, h) in &mut piece.foreign_edges {
                let owner = &before[before.partition_point(|p| p.half_edge <= *h) - 1];
                *h = owner.renamed(*h - owner.half_edge);
            }
        }
        [n_vertices as usize, n_edges as usize]
    }
}

impl Complex {
    /// Joins the parts. `exact_decisions` is kept as a statistic.
    pub(super) fn assemble(tree: Tree, network: &Network, window: &Window, exact_decisions: u64) -> Result<Self, ComplexError> {
        let mut pieces = Pieces::default();
        let border = pieces.collect(tree)?.concat();
        pieces.each(Piece::find_roots);
        // one thread alone has one piece, and no others are started for it
        if pieces.all.len() > 1 {
            pieces.find_foreign();
        }
        pieces.each(Piece::number);
        let [n_vertices, n_edges] = pieces.resolve();
        pieces.each(Piece::renumber);
        let renamed = |h: u32| {
            let piece = &pieces.all[pieces.piece_of(h)];
            piece.renamed(h - piece.half_edge)
        };
        let border: Vec<u32> = border.into_iter().map(renamed).collect();
        let mut all = pieces.all.into_iter();
        let Some(Piece { part: mut whole, .. }) = all.next() else { return Err(ComplexError::Inconsistent) };
        whole.copy_of = Vec::new();
        whole.position.reserve_exact(n_vertices - whole.position.len());
        whole.label.reserve_exact(n_edges - whole.label.len());
        whole.half_edges.reserve_exact(2 * n_edges - whole.half_edges.len());
        let (parts, strays): (Vec<_>, Vec<_>) = all.map(|piece| (piece.part, piece.strays)).unzip();
        if !parts.is_empty() {
            whole.append(parts);
        }
        for (h, half_edge) in strays.into_iter().flatten() {
            whole.half_edges[h as usize] = half_edge;
        }
        for (i, &h) in border.iter().enumerate() {
            let [before, after] = [border[if i == 0 { border.len() - 1 } else { i - 1 }], border[(i + 1) % border.len()]];
            let outer = h as usize ^ 1;
            whole.half_edges[outer].origin = whole.half_edges[after as usize].origin;
            whole.half_edges[outer].next = before ^ 1;
        }
        whole.shrink();
        let Part { position, half_edges, label, face_start, maps, mask, patterns, .. } = whole;
        let hidden_widths = network.hidden().iter().map(|a| a.n_out as u32).collect();
        Ok(Self {
            window: *window,
            vertices: position,
            half_edges,
            label,
            face_start,
            maps,
            mask,
            patterns,
            hidden_widths,
            n_outputs: network.n_outputs(),
            exact_decisions,
        })
    }
}
