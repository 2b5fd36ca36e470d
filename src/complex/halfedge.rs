//! The finished complex: one half-edge mesh of the window. Topology and plain arrays.
//!
//! In: the sewn leaves of the recursion. Out: [`Complex`]. Half-edge `h` has twin `h ^ 1` and belongs to edge `h >> 1`;
//! faces run counter-clockwise; the outside of the window is no face.

use super::stitch::Leaves;
use super::{AffineForm, BORDER_LABEL, EdgeKind, NONE, Window};
use crate::network::{Network, Unit};

/// The polyhedral complex of a network on a window.
#[derive(Debug, Clone)]
pub struct Complex {
    pub(super) window: Window,
    pub(super) vertices: Vec<[f64; 2]>,
    pub(super) origin: Vec<u32>,
    pub(super) next: Vec<u32>,
    pub(super) face: Vec<u32>,
    pub(super) label: Vec<u32>,
    face_start: Vec<u32>,
    pub(super) maps: Vec<AffineForm>,
    pub(super) face_node: Vec<u32>,
    node_parent: Vec<u32>,
    node_start: Vec<u32>,
    pub(super) decided: Vec<u32>,
    hidden_widths: Vec<u32>,
    n_outputs: usize,
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
        self.origin[h as usize]
    }

    /// The half-edge after this one round its face (or round the window, clockwise).
    #[must_use]
    pub fn next(&self, h: u32) -> u32 {
        self.next[h as usize]
    }

    /// The region to the left of a half-edge; `None` outside of the window.
    #[must_use]
    pub fn face(&self, h: u32) -> Option<u32> {
        Some(self.face[h as usize]).filter(|&f| f != NONE)
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
        let mut node = self.face_node[f as usize] as usize;
        while node != 0 {
            let end = self.node_start.get(node + 1).map_or(self.decided.len(), |&end| end as usize);
            for &d in &self.decided[self.node_start[node] as usize..end] {
                on[d as usize / 2] = d % 2 == 1;
            }
            node = self.node_parent[node] as usize;
        }
        on
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
    pub(super) fn classes(&self, edges: impl Iterator<Item = u32>) -> (Vec<u32>, usize) {
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

    /// Gives every leaf's half-edges their final numbers, the outside its half-edges, and the copies of a vertex one number.
    pub(super) fn assemble(leaves: Leaves, network: &Network, window: &Window, exact_decisions: u64) -> Self {
        let fan = Fan::new(&leaves);
        let number = number_edges(&leaves.twin);
        let n = 2 * leaves.twin.len().max(1);
        let n_half_edges = number.iter().map(|h| (h | 1) as usize + 1).max().unwrap_or(0).min(n);
        let (mut origin, mut next, mut face) = (vec![NONE; n_half_edges], vec![NONE; n_half_edges], vec![NONE; n_half_edges]);
        let mut label = vec![NONE; n_half_edges / 2];
        let (vertex_of, vertices) = fan.vertices(&leaves);
        for old in 0..leaves.twin.len() as u32 {
            let h = number[old as usize] as usize;
            origin[h] = vertex_of[old as usize];
            next[h] = number[fan.next(old) as usize];
            face[h] = fan.face[old as usize];
            label[h / 2] = leaves.label[old as usize];
            if leaves.twin[old as usize] == NONE {
                origin[h ^ 1] = vertex_of[fan.next(old) as usize];
                next[h ^ 1] = number[fan.border_before(old) as usize] ^ 1;
            }
        }
        let face_start = leaves.face_start.iter().map(|&h| number[h as usize]).collect();
        let Leaves { maps, face_node, node_parent, node_start, decided, .. } = leaves;
        let hidden_widths = network.hidden().iter().map(|a| a.n_out as u32).collect();
        let n_outputs = network.n_outputs();
        let window = *window;
        Self {
            window,
            vertices,
            origin,
            next,
            face,
            label,
            face_start,
            maps,
            face_node,
            node_parent,
            node_start,
            decided,
            hidden_widths,
            n_outputs,
            exact_decisions,
        }
    }
}

/// The representative of `f`'s class, with paths halved on the way.
pub(super) fn root(parent: &mut [u32], mut f: u32) -> u32 {
    while parent[f as usize] != f {
        parent[f as usize] = parent[parent[f as usize] as usize];
        f = parent[f as usize];
    }
    f
}

/// New numbers of half-edges: twins get `2e` and `2e + 1` in the order of the first of them.
fn number_edges(twin: &[u32]) -> Vec<u32> {
    let mut number = vec![NONE; twin.len()];
    let mut n = 0;
    for h in 0..twin.len() {
        if number[h] == NONE {
            number[h] = n;
            if twin[h] != NONE {
                number[twin[h] as usize] = n + 1;
            }
            n += 2;
        }
    }
    number
}

/// Steps among the leaves' half-edges.
struct Fan<'a> {
    twin: &'a [u32],
    face_start: &'a [u32],
    face: Vec<u32>,
}

impl<'a> Fan<'a> {
    fn new(leaves: &'a Leaves) -> Self {
        let n = leaves.twin.len() as u32;
        let ends = leaves.face_start.iter().skip(1).copied().chain([n]);
        let sides = leaves.face_start.iter().zip(ends).map(|(&start, end)| (end - start) as usize);
        let face = sides.enumerate().flat_map(|(f, n)| std::iter::repeat_n(f as u32, n)).collect();
        Self { twin: &leaves.twin, face_start: &leaves.face_start, face }
    }

    fn range(&self, h: u32) -> (u32, u32) {
        let f = self.face[h as usize] as usize;
        (self.face_start[f], self.face_start.get(f + 1).copied().unwrap_or(self.twin.len() as u32))
    }

    fn next(&self, h: u32) -> u32 {
        let (start, end) = self.range(h);
        if h + 1 == end { start } else { h + 1 }
    }

    fn before(&self, h: u32) -> u32 {
        let (start, end) = self.range(h);
        if h == start { end - 1 } else { h - 1 }
    }

    /// The next half-edge out of the same vertex, counter-clockwise; `NONE` at the border.
    fn turn_left(&self, h: u32) -> u32 {
        self.twin[self.before(h) as usize]
    }

    /// The next half-edge out of the same vertex, clockwise; `NONE` at the border.
    fn turn_right(&self, h: u32) -> u32 {
        match self.twin[h as usize] {
            NONE => NONE,
            t => self.next(t),
        }
    }

    /// The half-edge on the border that ends where border half-edge `h` starts.
    fn border_before(&self, h: u32) -> u32 {
        let mut h = h;
        loop {
            match self.turn_left(h) {
                NONE => return self.before(h),
                left => h = left,
            }
        }
    }

    /// The vertex of every half-edge's origin, and the positions of the vertices.
    fn vertices(&self, leaves: &Leaves) -> (Vec<u32>, Vec<[f64; 2]>) {
        let mut vertex_of = vec![NONE; self.twin.len()];
        let mut positions: Vec<[f64; 2]> = Vec::new();
        for start in 0..self.twin.len() as u32 {
            if vertex_of[start as usize] != NONE {
                continue;
            }
            let v = positions.len() as u32;
            positions.push(leaves.position[start as usize]);
            for turn in [Self::turn_left, Self::turn_right] {
                let mut h = start;
                loop {
                    vertex_of[h as usize] = v;
                    h = turn(self, h);
                    if h == NONE || h == start {
                        break;
                    }
                }
                if h == start {
                    break;
                }
            }
        }
        (vertex_of, positions)
    }
}
