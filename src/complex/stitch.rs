//! From leaves to one half-edge mesh: chains of half-edges along the sides of cells, zipped where two cells meet.
//!
//! In: the leaves in the order of the recursion. Out: the arrays of [`Complex`](super::Complex). No floats are compared:
//! by continuity both chains along a cut have the same vertices in the same order, and where they do not a decision was
//! wrong, which is reported.

use super::cell::{Cell, NO_PARENT, Part};
use super::{AffineForm, ComplexError, NONE};
use std::cmp::Ordering;

/// Half-edges along one side of a cell, in the direction of the side, linked by [`Leaves::chain_next`].
#[derive(Debug, Clone, Copy)]
pub struct Chain {
    head: u32,
    tail: u32,
}

/// Finished regions. The half-edges of a face are consecutive; vertices are not yet shared.
#[derive(Debug, Default)]
pub struct Leaves {
    /// Where each half-edge starts.
    pub position: Vec<[f64; 2]>,
    pub label: Vec<u32>,
    pub twin: Vec<u32>,
    chain_next: Vec<u32>,
    /// First half-edge of each face.
    pub face_start: Vec<u32>,
    /// `[n_faces x n_outputs]`.
    pub maps: Vec<AffineForm>,
    /// The pattern node of each face.
    pub face_node: Vec<u32>,
    /// Patterns as a tree: one node per region of the first `l` layers, with the bits of layer `l`. Node 0 is the root
    /// (of a part that is enumerated by itself: the node it hangs from).
    pub node_parent: Vec<u32>,
    pub node_start: Vec<u32>,
    pub bits: Vec<u64>,
}

impl Leaves {
    /// Nothing yet, but the root of the patterns.
    pub fn new() -> Self {
        Self { node_parent: vec![NONE], node_start: vec![0], ..Self::default() }
    }

    /// Adds the region of `parent` whose next layer has this pattern.
    pub fn push_node(&mut self, parent: u32, on: &[bool]) -> u32 {
        let node = self.node_parent.len() as u32;
        self.node_parent.push(parent);
        self.node_start.push(self.bits.len() as u32);
        let word = |chunk: &[bool]| chunk.iter().enumerate().fold(0, |w, (i, &on)| w | u64::from(on) << i);
        self.bits.extend(on.chunks(64).map(word));
        node
    }

    /// Adds a face; returns the chain, one half-edge long, of each side.
    pub fn push_face(&mut self, cell: &Cell, node: u32, maps: impl Iterator<Item = AffineForm>) -> Vec<Chain> {
        let start = self.position.len() as u32;
        self.face_start.push(start);
        self.face_node.push(node);
        self.maps.extend(maps);
        self.position.extend(cell.corners.iter().map(|c| c.position));
        self.label.extend(cell.sides.iter().map(|s| s.label));
        let n = cell.corners.len();
        self.twin.extend(std::iter::repeat_n(NONE, n));
        self.chain_next.extend(std::iter::repeat_n(NONE, n));
        (start..start + n as u32).map(|h| Chain { head: h, tail: h }).collect()
    }

    /// Appends what another thread made of a part that hangs from `node`; its chains are moved along.
    pub fn append(&mut self, part: Self, node: u32, chains: &mut [Chain]) {
        let edges = self.position.len() as u32;
        let nodes = self.node_parent.len() as u32 - 1;
        let bits = self.bits.len() as u32;
        let move_edge = |h: u32| if h == NONE { NONE } else { h + edges };
        let move_node = |k: u32| if k == 0 { node } else { k + nodes };
        self.position.extend(part.position);
        self.label.extend(part.label);
        self.twin.extend(part.twin.into_iter().map(move_edge));
        self.chain_next.extend(part.chain_next.into_iter().map(move_edge));
        self.face_start.extend(part.face_start.into_iter().map(move_edge));
        self.maps.extend(part.maps);
        self.face_node.extend(part.face_node.into_iter().map(move_node));
        self.node_parent.extend(part.node_parent.into_iter().skip(1).map(move_node));
        self.node_start.extend(part.node_start.into_iter().skip(1).map(|b| b + bits));
        self.bits.extend(part.bits);
        for chain in chains {
            *chain = Chain { head: move_edge(chain.head), tail: move_edge(chain.tail) };
        }
    }

    /// Sews the two parts of a cut cell together along the cut and returns the chains of the cell's own sides.
    /// `signs` are the cut unit's at the cell's corners; `parts` and `chains` come in the order +, -.
    pub fn sew(&mut self, signs: &[Ordering], parts: [&Part; 2], chains: [&[Chain]; 2]) -> Result<Vec<Chain>, ComplexError> {
        self.zip(chains[0][parts[0].cut_side], chains[1][parts[1].cut_side])?;
        let mut sides: Vec<Option<Chain>> = vec![None; signs.len()];
        // the part that holds a side's first corner comes first along it
        for (part, chains, keep) in [(parts[0], chains[0], Ordering::Greater), (parts[1], chains[1], Ordering::Less)] {
            for (&parent, &chain) in part.parent_side.iter().zip(chains).filter(|(p, _)| **p != NO_PARENT) {
                sides[parent] = Some(match sides[parent] {
                    None => chain,
                    Some(other) if signs[parent] == keep => self.join(chain, other),
                    Some(other) => self.join(other, chain),
                });
            }
        }
        sides.into_iter().collect::<Option<_>>().ok_or(ComplexError::Inconsistent)
    }

    /// One chain after the other along one side.
    fn join(&mut self, first: Chain, second: Chain) -> Chain {
        self.chain_next[first.tail as usize] = second.head;
        Chain { head: first.head, tail: second.tail }
    }

    /// Makes twins of two chains that run along one cut in opposite directions.
    fn zip(&mut self, a: Chain, b: Chain) -> Result<(), ComplexError> {
        let (a, b) = (self.walk(a), self.walk(b));
        if a.len() != b.len() {
            return Err(ComplexError::Inconsistent);
        }
        for (&h, &k) in a.iter().zip(b.iter().rev()) {
            self.twin[h as usize] = k;
            self.twin[k as usize] = h;
        }
        Ok(())
    }

    fn walk(&self, chain: Chain) -> Vec<u32> {
        let next = |&h: &u32| (h != chain.tail).then(|| self.chain_next[h as usize]);
        std::iter::successors(Some(chain.head), next).collect()
    }
}
