//! The finished complex: one half-edge mesh of the window. Topology and plain arrays.
//!
//! In: the arrays that `assemble` makes. Out: [`Complex`]. Half-edge `h` has twin `h ^ 1` and belongs to edge `h >> 1`;
//! faces run counter-clockwise; the outside of the window is no face.

use super::pattern::Patterns;
use super::stitch::root;
use super::{AffineForm, BORDER_LABEL, EdgeKind, NONE, Window};
use crate::network::Unit;

/// A half-edge: the vertex where it starts, the half-edge after it, the face to its left (`NONE` outside of the window).
#[derive(Debug, Clone, Copy)]
pub(super) struct HalfEdge {
    pub origin: u32,
    pub next: u32,
    pub face: u32,
}

/// The polyhedral complex of a network on a window.
#[derive(Debug, Clone)]
pub struct Complex {
    pub(super) window: Window,
    pub(super) vertices: Vec<[f64; 2]>,
    pub(super) half_edges: Vec<HalfEdge>,
    pub(super) label: Vec<u32>,
    pub(super) face_start: Vec<u32>,
    pub(super) maps: Vec<AffineForm>,
    pub(super) mask: Vec<u64>,
    pub(super) patterns: Patterns,
    pub(super) hidden_widths: Vec<u32>,
    pub(super) n_outputs: usize,
    pub(super) exact_decisions: u64,
}

impl Complex {
    /// The window.
    #[must_use]
    pub fn window(&self) -> Window {
        self.window
    }

    /// Number of activation regions; regions are counted from 0.
    #[must_use]
    pub fn n_regions(&self) -> usize {
        self.face_start.len()
    }

    /// Number of edges, those on the window's sides included.
    #[must_use]
    pub fn n_edges(&self) -> usize {
        self.label.len()
    }

    /// Number of vertices, the window's corners included.
    #[must_use]
    pub fn n_vertices(&self) -> usize {
        self.vertices.len()
    }

    /// Number of outputs of the network.
    #[must_use]
    pub fn n_outputs(&self) -> usize {
        self.n_outputs
    }

    /// Number of hidden layers of the network.
    #[must_use]
    pub fn n_layers(&self) -> usize {
        self.hidden_widths.len()
    }

    /// Units of each hidden layer.
    #[must_use]
    pub fn hidden_widths(&self) -> &[u32] {
        &self.hidden_widths
    }

    /// Number of hidden units of the network.
    #[must_use]
    pub fn n_units(&self) -> usize {
        self.hidden_widths.iter().sum::<u32>() as usize
    }

    /// Position of a vertex, in input units.
    #[must_use]
    pub fn vertex(&self, v: u32) -> [f64; 2] {
        self.vertices[v as usize]
    }

    /// The vertex where a half-edge starts.
    #[must_use]
    pub fn origin(&self, h: u32) -> u32 {
        self.half_edges[h as usize].origin
    }

    /// The half-edge after this one round its face (or round the window, clockwise).
    #[must_use]
    pub fn next(&self, h: u32) -> u32 {
        self.half_edges[h as usize].next
    }

    /// The region to the left of a half-edge; `None` outside of the window.
    #[must_use]
    pub fn face(&self, h: u32) -> Option<u32> {
        Some(self.half_edges[h as usize].face).filter(|&f| f != NONE)
    }

    /// What edge `e` lies on.
    #[must_use]
    pub fn edge_kind(&self, e: u32) -> EdgeKind {
        let label = self.label[e as usize];
        if label >= BORDER_LABEL {
            return EdgeKind::Border((label - BORDER_LABEL) as u8);
        }
        let mut index = label;
        for (layer, &width) in self.hidden_widths.iter().enumerate() {
            if index < width {
                return EdgeKind::Bent(Unit { layer: layer as u32, index });
            }
            index -= width;
        }
        unreachable!("labels number the hidden units")
    }

    /// The half-edges round a region, counter-clockwise.
    pub fn face_half_edges(&self, f: u32) -> impl Iterator<Item = u32> + '_ {
        let start = self.face_start[f as usize];
        std::iter::successors(Some(start), move |&h| Some(self.next(h)).filter(|&h| h != start))
    }

    /// The vertices of a region, counter-clockwise.
    pub fn face_vertices(&self, f: u32) -> impl Iterator<Item = u32> + '_ {
        self.face_half_edges(f).map(|h| self.origin(h))
    }

    /// The affine maps of all outputs on a region, `[n_outputs]`.
    #[must_use]
    pub fn maps(&self, f: u32) -> &[AffineForm] {
        &self.maps[f as usize * self.n_outputs..][..self.n_outputs]
    }

    /// For every hidden unit in layer order, whether it is on in a region.
    #[must_use]
    pub fn pattern(&self, f: u32) -> Vec<bool> {
        let mut on = vec![false; self.n_units()];
        self.patterns.read(f, self.mask[f as usize], &mut on);
        on
    }

    /// Shows the patterns of `regions`, one after the other: what regions that follow one another have in common is read once.
    pub fn visit_patterns(&self, regions: std::ops::Range<u32>, mut visit: impl FnMut(&[bool])) {
        let (mut on, mut last) = (vec![false; self.n_units()], None);
        for f in regions {
            let cell = self.patterns.cell_of(f);
            if last.replace(cell) != Some(cell) {
                self.patterns.read_cell(cell, &mut on);
            }
            self.patterns.read_bits(cell, self.mask[f as usize], &mut on);
            visit(&on);
        }
    }

    /// For each region its class after hidden layer `k` (counted from 1; 0: the window), and the number of classes:
    /// regions joined across the edges of later layers are one region of the first `k`.
    #[must_use]
    pub fn ancestors(&self, k: usize) -> (Vec<u32>, usize) {
        let later = |e: &u32| matches!(self.edge_kind(*e), EdgeKind::Bent(unit) if unit.layer as usize >= k);
        self.classes((0..self.n_edges() as u32).filter(later))
    }

    /// For each region its class when the regions on both sides of each of `edges` are joined, and the number of classes,
    /// which count in the order of their first region.
    pub(crate) fn classes(&self, edges: impl Iterator<Item = u32>) -> (Vec<u32>, usize) {
        let mut parent: Vec<u32> = (0..self.n_regions() as u32).collect();
        for e in edges {
            if let (Some(a), Some(b)) = (self.face(2 * e), self.face(2 * e + 1)) {
                let (a, b) = (root(&mut parent, a), root(&mut parent, b));
                parent[a.max(b) as usize] = a.min(b);
            }
        }
        let mut class = vec![NONE; parent.len()];
        let mut n = 0;
        for f in 0..parent.len() as u32 {
            let r = root(&mut parent, f);
            if r == f {
                class[f as usize] = n;
                n += 1;
            } else {
                class[f as usize] = class[r as usize];
            }
        }
        (class, n as usize)
    }
}
