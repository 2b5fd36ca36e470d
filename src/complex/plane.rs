//! The complex of the whole plane: no window, unbounded regions included.
//!
//! In: a network. Out: [`Plane`], counts and a frame that shows everything. The recursion starts with a square whose corners
//! are at infinity: the border of its complex is no part of the network's and is not counted.

use super::{AffineForm, Complex, ComplexError, EdgeKind, Options, Stats, Window};
use crate::network::Network;

/// The frame's margin, as a share of what it must hold.
const MARGIN: f64 = 0.15;

/// All regions of a network in the plane.
#[derive(Debug, Clone)]
pub struct Plane {
    complex: Complex,
}

impl Plane {
    /// Computes the regions of `network` in the whole plane.
    ///
    /// # Errors
    /// See [`ComplexError`].
    pub fn enumerate(network: &Network, options: &Options) -> Result<Self, ComplexError> {
        Ok(Self { complex: Complex::enumerate_within(network, None, options)? })
    }

    /// Number of activation regions.
    #[must_use]
    pub fn n_regions(&self) -> usize {
        self.complex.n_regions()
    }

    /// Number of linear regions; `network` is the one this was made of.
    #[must_use]
    pub fn n_linear_regions(&self, network: &Network) -> usize {
        self.complex.linear_regions(network).count()
    }

    /// The pattern of a region, see [`Complex::pattern`].
    #[must_use]
    pub fn pattern(&self, f: u32) -> Vec<bool> {
        self.complex.pattern(f)
    }

    /// Counts of what is not at infinity: there is no border, and the area is infinite.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let all = self.complex.stats();
        let (vertices, edges) = (all.interior_vertices, all.interior_edges);
        let euler = vertices as i64 - edges as i64 + all.regions as i64;
        Stats { vertices, edges, border_vertices: 0, area: f64::INFINITY, euler, ..all }
    }

    /// A window that holds all vertices, so that cut at it every region is to be seen. Where there is no vertex, all lines are
    /// parallel and it holds the point of each that is nearest the origin.
    #[must_use]
    pub fn frame(&self, network: &Network) -> Window {
        let c = &self.complex;
        let mut finite = vec![true; c.n_vertices()];
        for h in (0..2 * c.n_edges() as u32).filter(|&h| c.face(h).is_none()) {
            finite[c.origin(h) as usize] = false;
        }
        let mut points: Vec<[f64; 2]> = (0..c.n_vertices() as u32).filter(|&v| finite[v as usize]).map(|v| c.vertex(v)).collect();
        if points.is_empty() {
            points.extend((0..c.n_edges() as u32).filter_map(|e| self.nearest_origin(e, network)));
        }
        points.retain(|p| p.iter().all(|x| x.is_finite()));
        let [low, high] = [f64::min, f64::max].map(|pick| [0, 1].map(|k| points.iter().map(|p| p[k]).reduce(pick).unwrap_or(0.0)));
        let side = [0, 1].map(|k| high[k] - low[k]).into_iter().fold(0.0, f64::max);
        let margin = if side > 0.0 { MARGIN * side } else { 1.0 };
        Window::new([low[0] - margin, low[1] - margin, high[0] + margin, high[1] + margin]).unwrap_or(Window::SQUARE)
    }

    /// The point of an edge's line that is nearest the origin; `None` at infinity.
    fn nearest_origin(&self, e: u32, network: &Network) -> Option<[f64; 2]> {
        let EdgeKind::Bent(unit) = self.complex.edge_kind(e) else { return None };
        let on = self.complex.pattern(self.complex.face(2 * e)?);
        let AffineForm { gx, gy, c } = AffineForm::of_unit(network, unit, &on);
        let t = -c / (gx * gx + gy * gy);
        Some([gx * t, gy * t])
    }
}
