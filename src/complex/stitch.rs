//! From leaves to one half-edge mesh: chains of half-edges along the sides of cells, zipped where two cells meet.
//!
//! In: the leaves in the order of the recursion. Out: the arrays of [`Complex`](super::Complex). No floats are compared:
//! by continuity both chains along a cut have the same vertices in the same order, and where they do not a decision was
//! wrong, which is reported.

use super::cell::{Cell, NO_PARENT};
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
    /// Patterns as a tree: one node per cell, with what was decided there: twice the unit, plus 1 if it is on. Node 0 is the
    /// root (of a part that is enumerated by itself: the node it hangs from).
    pub node_parent: Vec<u32>,
    pub node_start: Vec<u32>,
    pub decided: Vec<u32>,
    reversed: Vec<u32>,
}

impl Leaves {
    /// Nothing yet, but the root of the patterns.
    pub fn new() -> Self {
        Self { node_parent: vec![NONE], node_start: vec![0], ..Self::default() }
    }

    /// Adds a cell inside of that of `parent`.
    pub fn push_node(&mut self, parent: u32) -> u32 {
        let node = self.node_parent.len() as u32;
        self.node_parent.push(parent);
        self.node_start.push(self.decided.len() as u32);
        node
    }

    /// Adds a decision to the last node.
    pub fn push_decision(&mut self, unit: u32, on: bool) {
        self.decided.push(2 * unit + u32::from(on));
    }

    /// Adds a face and the chain, one half-edge long, of each side.
    pub fn push_face(&mut self, cell: &Cell, node: u32, maps: impl Iterator<Item = AffineForm>, chains: &mut Vec<Chain>) {
        let start = self.position.len() as u32;
        self.face_start.push(start);
        self.face_node.push(node);
        self.maps.extend(maps);
        self.position.extend(cell.corners.iter().map(|c| c.position));
        self.label.extend(cell.sides.iter().map(|s| s.label));
        let n = cell.corners.len();
        self.twin.extend(std::iter::repeat_n(NONE, n));
        self.chain_next.extend(std::iter::repeat_n(NONE, n));
        chains.extend((start..start + n as u32).map(|h| Chain { head: h, tail: h }));
    }

    /// Appends what another thread made of a part that hangs from `node`; its chains are moved along.
    pub fn append(&mut self, part: Self, node: u32, chains: &mut [Chain]) {
        let edges = self.position.len() as u32;
        let nodes = self.node_parent.len() as u32 - 1;
        let decided = self.decided.len() as u32;
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
        self.node_start.extend(part.node_start.into_iter().skip(1).map(|d| d + decided));
        self.decided.extend(part.decided);
        for chain in chains {
            *chain = Chain { head: move_edge(chain.head), tail: move_edge(chain.tail) };
        }
    }

    /// Sews the two parts of a cut cell together along the cut. `signs` are the cutting unit's at the cell's corners; the parts
    /// come in the order +, -, and so do their chains from `base` on; the chains of the cell's own sides take their place.
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
        self.chain_next[first.tail as usize] = second.head;
        Chain { head: first.head, tail: second.tail }
    }

    /// Makes twins of two chains that run along one cut in opposite directions.
    fn zip(&mut self, a: Chain, b: Chain) -> Result<(), ComplexError> {
        let mut reversed = std::mem::take(&mut self.reversed);
        reversed.clear();
        let mut k = b.head;
        while k != b.tail {
            reversed.push(k);
            k = self.chain_next[k as usize];
        }
        let (mut h, mut k) = (a.head, b.tail);
        loop {
            self.twin[h as usize] = k;
            self.twin[k as usize] = h;
            match (h == a.tail, reversed.pop()) {
                (false, Some(before)) => (h, k) = (self.chain_next[h as usize], before),
                (true, None) => break,
                _ => return Err(ComplexError::Inconsistent),
            }
        }
        self.reversed = reversed;
        Ok(())
    }
}
