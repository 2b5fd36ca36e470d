//! What the sentences of the tour claim, counted in the complex.
//!
//! In: a [`Complex`] and its network. Out: counts, and where they were found. Whether a line bends is decided without a
//! tolerance: a unit's sum is computed in the same way for both sides, so that it is the same number wherever the same
//! units before it are on.

use crate::complex::{AffineForm, Complex, EdgeKind, polygon_area};
use crate::network::{Network, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// The bent lines of one layer's units in the window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BentLines {
    /// Units that have a line there.
    pub lines: usize,
    /// Vertices where a line bends, each once for every line.
    pub bends: Vec<u32>,
    /// How many of them do not lie on a line of an earlier layer.
    pub bends_elsewhere: usize,
    /// Ends of lines on the window's sides, and inside of it.
    pub ends_on_sides: usize,
    pub ends_inside: usize,
}

impl BentLines {
    /// Those of hidden layer `layer`, counted from 0.
    #[must_use]
    pub fn of(complex: &Complex, network: &Network, layer: u32) -> Self {
        let mut pieces: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
        let (mut on_side, mut on_earlier) = (BTreeSet::new(), BTreeSet::new());
        for e in 0..complex.n_edges() as u32 {
            let ends = [2 * e, 2 * e + 1].map(|h| complex.origin(h));
            match complex.edge_kind(e) {
                EdgeKind::Bent(unit) if unit.layer == layer => {
                    for v in ends {
                        pieces.entry((unit.index, v)).or_default().push(e);
                    }
                }
                EdgeKind::Bent(unit) if unit.layer < layer => on_earlier.extend(ends),
                EdgeKind::Bent(_) => {}
                EdgeKind::Border(_) => on_side.extend(ends),
            }
        }
        let mut found = Self { lines: pieces.keys().map(|(index, _)| index).collect::<BTreeSet<_>>().len(), ..Self::default() };
        for (&(index, v), edges) in &pieces {
            let sums = edges.iter().filter_map(|&e| complex.face(2 * e).or(complex.face(2 * e + 1)));
            let mut sums = sums.map(|f| AffineForm::of_unit(network, Unit { layer, index }, &complex.pattern(f)));
            match (edges.len(), on_side.contains(&v)) {
                (1, true) => found.ends_on_sides += 1,
                (1, false) => found.ends_inside += 1,
                _ => {
                    let first = sums.next();
                    if sums.any(|other| Some(other) != first) {
                        found.bends.push(v);
                        found.bends_elsewhere += usize::from(!on_earlier.contains(&v));
                    }
                }
            }
        }
        found
    }
}

/// The share of the window's area, 0 to 1, where output 0 is above `level`.
#[must_use]
pub fn share_above(complex: &Complex, level: f64) -> f64 {
    let above = |f: u32| {
        let height = |p: [f64; 2]| complex.maps(f)[0].at(p) - level;
        let corners: Vec<([f64; 2], f64)> = complex.face_vertices(f).map(|v| complex.vertex(v)).map(|p| (p, height(p))).collect();
        let mut kept = Vec::new();
        for (i, &(p, a)) in corners.iter().enumerate() {
            let (q, b) = corners[(i + 1) % corners.len()];
            if a > 0.0 {
                kept.push(p);
            }
            if (a > 0.0) != (b > 0.0) {
                kept.push([0, 1].map(|k| p[k] + (q[k] - p[k]) * a / (a - b)));
            }
        }
        polygon_area(&kept)
    };
    let [width, height] = complex.window().size();
    (0..complex.n_regions() as u32).map(above).sum::<f64>() / (width * height)
}

/// The graph over the first input of a network that ignores the second: the corners of a polyline from side to side.
#[must_use]
pub fn profile(complex: &Complex) -> Vec<[f64; 2]> {
    let mut corners: Vec<[f64; 2]> = Vec::new();
    for f in 0..complex.n_regions() as u32 {
        let map = complex.maps(f)[0];
        corners.extend(complex.face_vertices(f).map(|v| complex.vertex(v)).map(|p| [p[0], map.at(p)]));
    }
    corners.sort_by(|a, b| a[0].total_cmp(&b[0]));
    // both ends of a fold, seen from both sides
    corners.dedup_by_key(|p| p[0]);
    corners
}
