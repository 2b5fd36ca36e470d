//! Counts and sums of a complex. In: [`Complex`]. Out: [`Stats`].

use super::{Complex, EdgeKind};

/// Counts of a complex; the identities between them stand in the tests.
#[derive(Debug, Clone, PartialEq)]
pub struct Stats {
    pub regions: usize,
    pub vertices: usize,
    pub edges: usize,
    /// Vertices inside the window.
    pub interior_vertices: usize,
    /// Vertices on the window's sides, its corners left out.
    pub border_vertices: usize,
    /// Edges that are not on the window's sides.
    pub interior_edges: usize,
    /// Sum of the regions' areas, in square input units.
    pub area: f64,
    /// V - E + F.
    pub euler: i64,
    /// Regions after each hidden layer.
    pub regions_per_layer: Vec<usize>,
    /// How many signs were decided in exact arithmetic.
    pub exact_decisions: u64,
}

impl Complex {
    /// Counts everything.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let border_edges = (0..self.n_edges() as u32).filter(|&e| matches!(self.edge_kind(e), EdgeKind::Border(_))).count();
        // the border is a cycle, with as many vertices as edges, four of them the window's corners
        let border_vertices = border_edges.saturating_sub(4);
        Stats {
            regions: self.n_regions(),
            vertices: self.n_vertices(),
            edges: self.n_edges(),
            interior_vertices: self.n_vertices() - border_edges,
            border_vertices,
            interior_edges: self.n_edges() - border_edges,
            area: (0..self.n_regions() as u32).map(|f| self.area(f)).sum(),
            euler: self.n_vertices() as i64 - self.n_edges() as i64 + self.n_regions() as i64,
            regions_per_layer: (1..=self.n_layers()).map(|k| self.ancestors(k).1).collect(),
            exact_decisions: self.exact_decisions,
        }
    }

    /// Area of a region, in square input units, by the shoelace formula from its first vertex.
    #[must_use]
    pub fn area(&self, f: u32) -> f64 {
        let points: Vec<[f64; 2]> = self.face_vertices(f).map(|v| self.vertex(v)).collect();
        polygon_area(&points)
    }

    /// The mean of a region's vertices: a point of its interior, up to rounding.
    #[must_use]
    pub fn interior_point(&self, f: u32) -> [f64; 2] {
        let (mut sum, mut n) = ([0.0, 0.0], 0.0);
        for [x, y] in self.face_vertices(f).map(|v| self.vertex(v)) {
            sum = [sum[0] + x, sum[1] + y];
            n += 1.0;
        }
        [sum[0] / n, sum[1] / n]
    }
}

/// The area of a counter-clockwise polygon by the shoelace formula from its first corner; 0 without corners.
pub(crate) fn polygon_area(polygon: &[[f64; 2]]) -> f64 {
    let Some(&[x0, y0]) = polygon.first() else { return 0.0 };
    let cross = |p: &[[f64; 2]]| (p[0][0] - x0) * (p[1][1] - y0) - (p[0][1] - y0) * (p[1][0] - x0);
    polygon.windows(2).map(cross).sum::<f64>() / 2.0
}
