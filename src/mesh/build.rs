//! Builds the mesh: triangles of the regions, segments of the edges.
//!
//! In: a [`Complex`] and the coefficients that make one scalar of its outputs. Out: [`Mesh`]. Refuses nothing; every complex
//! has a mesh. Linear in the complex times its layers.

use super::crowding::{Areas, crowding};
use super::scale::{Plane, Scale, Sheet, sheets};
use super::{Mesh, Segment};
use crate::complex::{Complex, EdgeKind, LinearRegions};
use rayon::prelude::*;
use std::ops::Range;

impl Mesh {
    /// The mesh of `complex`, lifted by the sum of its outputs times the coefficients `lift` (`[n_outputs]`; missing ones
    /// are 0). Heights, `lo`, `hi` and `height` are those of this complex alone.
    #[must_use]
    pub fn build(complex: &Complex, lift: &[f64]) -> Self {
        Self::build_with(complex, None, lift, None)
    }

    /// [`Mesh::build`] with the linear regions of `complex` as faces; the edges inside of them are left out.
    #[must_use]
    pub fn build_linear(complex: &Complex, linear: &LinearRegions, lift: &[f64]) -> Self {
        Self::build_with(complex, Some(linear), lift, None)
    }

    /// [`Mesh::build`] with heights, `lo`, `hi` and `height` of a given scale: one for a whole film.
    #[must_use]
    pub fn build_at(complex: &Complex, lift: &[f64], scale: Scale) -> Self {
        Self::build_with(complex, None, lift, Some(scale))
    }

    /// All of these: `linear` makes linear regions the faces, `scale` fixes range and height.
    #[must_use]
    pub fn build_with(complex: &Complex, linear: Option<&LinearRegions>, lift: &[f64], scale: Option<Scale>) -> Self {
        let sheets = sheets(complex, lift);
        let scale = scale.unwrap_or_else(|| Scale::new(complex, &sheets));
        Builder::new(complex, linear, sheets, scale).mesh()
    }

    /// World z of height value `t` (0 at the output `lo`), with the user's `factor` on the default height.
    #[must_use]
    pub fn z_world(&self, t: f32, factor: f32) -> f32 {
        t * 2.0 * self.height * factor
    }

    /// Least and greatest `t` of all vertices; `[0, 0]` without any.
    #[must_use]
    pub fn bounds_t(&self) -> [f32; 2] {
        let all = self.points.iter().map(|p| p[2]);
        all.map(|t| [t, t]).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]).unwrap_or_default()
    }

    /// Least `t` of the window's border, at most 0: the axes stand there, where the surface does not cut them.
    #[must_use]
    pub fn floor_t(&self) -> f32 {
        let border = self.segments.get(self.border_segments.start as usize..self.border_segments.end as usize).unwrap_or_default();
        border.iter().map(|s| s.a[2].min(s.b[2])).fold(0.0, f32::min)
    }

    /// `t` of an output.
    #[must_use]
    pub fn t_of(&self, output: f64) -> f64 {
        let range = self.hi - self.lo;
        if range > 0.0 { (output - self.lo) / range } else { 0.0 }
    }

    /// World x, y of a point of the input plane.
    #[must_use]
    pub fn world_of(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let ([x0, y0, x1, y1], scale) = (self.window, self.world_per_input());
        [(x - x0 - (x1 - x0) / 2.0) * scale, (y - y0 - (y1 - y0) / 2.0) * scale]
    }

    /// The point of the input plane at world x, y.
    #[must_use]
    pub fn input_of(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let ([x0, y0, x1, y1], scale) = (self.window, self.world_per_input());
        [x / scale + (x0 + (x1 - x0) / 2.0), y / scale + (y0 + (y1 - y0) / 2.0)]
    }

    fn world_per_input(&self) -> f64 {
        let [x0, y0, x1, y1] = self.window;
        2.0 / (x1 - x0).max(y1 - y0)
    }
}

/// What all parts of the mesh are made from.
pub(super) struct Builder<'a> {
    pub complex: &'a Complex,
    /// What the faces are, if not the activation regions.
    pub linear: Option<&'a LinearRegions>,
    plane: Plane,
    sheets: Vec<Sheet>,
    scale: Scale,
    /// World x, y and `t` of every vertex: one for all faces round it, so that nothing gapes.
    pub points: Vec<[f32; 3]>,
    on_border: Vec<bool>,
}

impl<'a> Builder<'a> {
    fn new(complex: &'a Complex, linear: Option<&'a LinearRegions>, sheets: Vec<Sheet>, scale: Scale) -> Self {
        let (plane, on_border) = (Plane::new(complex), vec![false; complex.n_vertices()]);
        let mut builder = Self { complex, linear, plane, sheets, scale, points: Vec::new(), on_border };
        builder.points = builder.points();
        for h in (0..2 * complex.n_edges() as u32).filter(|&h| complex.face(h).is_none()) {
            builder.on_border[complex.origin(h) as usize] = true;
        }
        builder
    }

    fn mesh(self) -> Mesh {
        let faces = self.faces();
        let (regions_per_layer, mut parts) = self.layers();
        parts.push(self.border());
        let mut ranges = ranges(&parts);
        let border_segments = ranges.pop().unwrap_or_default();
        let (window, half_size) = (self.complex.window(), self.plane.half_size);
        Mesh {
            faces,
            segments: parts.concat(),
            layer_segments: ranges,
            border_segments,
            lo: self.scale.lo,
            hi: self.scale.hi,
            height: self.scale.height as f32,
            window: [window.min[0], window.min[1], window.max[0], window.max[1]],
            half_size: half_size.map(|s| s as f32),
            regions_per_layer,
            n_regions: self.linear.map_or(self.complex.n_regions(), LinearRegions::count),
            points: self.points,
            marks: Vec::new(),
        }
    }

    /// World x, y and `t` of a vertex, seen from region `f`.
    fn point(&self, v: u32, f: u32) -> [f32; 3] {
        let p = self.complex.vertex(v);
        let [x, y] = self.plane.world(p);
        [x, y, self.scale.t(self.sheets[f as usize].map.at(p))].map(|c| c as f32)
    }

    /// All vertices, each seen from one of the regions round it.
    fn points(&self) -> Vec<[f32; 3]> {
        let mut points = vec![[0.0; 3]; self.complex.n_vertices()];
        for h in 0..2 * self.complex.n_edges() as u32 {
            if let Some(f) = self.complex.face(h) {
                let v = self.complex.origin(h);
                points[v as usize] = self.point(v, f);
            }
        }
        points
    }

    /// Flat and lifted area of every region, in square world units, at the default height.
    fn areas(&self) -> Vec<Areas> {
        let flat_unit = self.plane.scale * self.plane.scale;
        let rise = 2.0 * self.scale.height;
        let stretch = |s: &Sheet| self.scale.slope(&s.map, &self.plane).iter().fold(1.0, |sum, g| sum + (g * rise).powi(2)).sqrt();
        self.sheets.iter().map(|s| [s.area * flat_unit, s.area * flat_unit * stretch(s)]).collect()
    }

    /// For each hidden layer the regions after it and its segments.
    fn layers(&self) -> (Vec<usize>, Vec<Vec<Segment>>) {
        let (edges, areas) = (self.edges_by_layer(), self.areas());
        edges.par_iter().enumerate().map(|(l, edges)| self.layer(l + 1, edges, &areas)).unzip()
    }

    /// Hidden layer `k`, counted from 1.
    fn layer(&self, k: usize, edges: &[(u32, u32)], areas: &[Areas]) -> (usize, Vec<Segment>) {
        let (class, n) = self.cells(k);
        let crowd = crowding(self.complex, &class, n, areas);
        (n, edges.iter().map(|&(e, unit)| self.segment(e, k as u32 - 1, unit, &crowd)).collect())
    }

    /// The cell of every region after hidden layer `k`, and their number.
    fn cells(&self, k: usize) -> (Vec<u32>, usize) {
        let Some(linear) = self.linear else { return self.complex.ancestors(k) };
        let is_later = |e: u32| matches!(self.complex.edge_kind(e), EdgeKind::Bent(unit) if unit.layer as usize >= k);
        let inside = (0..self.complex.n_edges() as u32).filter(|&e| is_later(e) || !linear.is_outline(self.complex, e));
        self.complex.classes(inside)
    }

    /// Edges that are drawn and their units for each hidden layer.
    fn edges_by_layer(&self) -> Vec<Vec<(u32, u32)>> {
        let mut edges = vec![Vec::new(); self.complex.n_layers()];
        let is_drawn = |&e: &u32| self.linear.is_none_or(|linear| linear.is_outline(self.complex, e));
        for e in (0..self.complex.n_edges() as u32).filter(is_drawn) {
            if let EdgeKind::Bent(unit) = self.complex.edge_kind(e) {
                edges[unit.layer as usize].push((e, unit.index));
            }
        }
        edges
    }

    /// The window's sides: nothing crowds them, and their own ends join round.
    fn border(&self) -> Vec<Segment> {
        let root: [f64; 2] = self.areas().iter().fold([0.0, 0.0], |s, a| [s[0] + a[0], s[1] + a[1]]);
        let crowd = vec![root.map(|a| a.sqrt() as f32); self.complex.n_vertices()];
        let layer = self.complex.n_layers() as u32;
        let side = |e| match self.complex.edge_kind(e) {
            EdgeKind::Border(side) => Some(Segment { flags: 0, ..self.segment(e, layer, u32::from(side), &crowd) }),
            EdgeKind::Bent(_) => None,
        };
        (0..self.complex.n_edges() as u32).filter_map(side).collect()
    }

    fn segment(&self, e: u32, layer: u32, unit: u32, crowd: &[[f32; 2]]) -> Segment {
        let [a, b] = [2 * e, 2 * e + 1].map(|h| self.complex.origin(h) as usize);
        let flags = u32::from(self.on_border[a]) | u32::from(self.on_border[b]) << 1;
        let [left, right] = [self.complex.face(2 * e), self.complex.face(2 * e + 1)];
        let [slope_left, slope_right] = [left.or(right), right.or(left)].map(|f| f.map_or([0.0; 2], |f| self.slope(f)));
        Segment { a: self.points[a], b: self.points[b], crowd_a: crowd[a], crowd_b: crowd[b], slope_left, slope_right, layer, unit, flags }
    }

    /// `dt / dx_world`, `dt / dy_world` of region `f`.
    pub(super) fn slope(&self, f: u32) -> [f32; 2] {
        self.scale.slope(&self.sheets[f as usize].map, &self.plane).map(|s| s as f32)
    }
}

/// Where each part stands once they are joined.
fn ranges(parts: &[Vec<Segment>]) -> Vec<Range<u32>> {
    let mut end = 0;
    let mut range = |p: &Vec<Segment>| {
        let start = end;
        end += p.len() as u32;
        start..end
    };
    parts.iter().map(&mut range).collect()
}
