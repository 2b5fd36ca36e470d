//! Builds the mesh: triangles of the regions, segments of the edges.
//!
//! In: a [`Complex`] and the coefficients that make one scalar of its outputs. Out: [`Mesh`]. Refuses nothing; every complex
//! has a mesh. Linear in the complex times its layers.

use super::crowding::{Areas, crowding};
use super::pattern::colours;
use super::scale::{Plane, Scale, Sheet, sheets};
use super::{FaceVertex, Mesh, Segment};
use crate::complex::{Complex, EdgeKind};
use rayon::prelude::*;
use std::ops::Range;

impl Mesh {
    /// The mesh of `complex`, lifted by the sum of its outputs times the coefficients `lift` (`[n_outputs]`; missing ones
    /// are 0). Heights, `lo`, `hi` and `height` are those of this complex alone.
    #[must_use]
    pub fn build(complex: &Complex, lift: &[f64]) -> Self {
        let sheets = sheets(complex, lift);
        let scale = Scale::new(complex, &sheets);
        Builder::new(complex, sheets, scale).mesh()
    }

    /// [`Mesh::build`] with heights, `lo`, `hi` and `height` of a given scale: one for a whole film.
    #[must_use]
    pub fn build_at(complex: &Complex, lift: &[f64], scale: Scale) -> Self {
        Builder::new(complex, sheets(complex, lift), scale).mesh()
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
struct Builder<'a> {
    complex: &'a Complex,
    plane: Plane,
    sheets: Vec<Sheet>,
    scale: Scale,
    points: Vec<[f32; 3]>,
    on_border: Vec<bool>,
}

impl<'a> Builder<'a> {
    fn new(complex: &'a Complex, sheets: Vec<Sheet>, scale: Scale) -> Self {
        let plane = Plane::new(complex);
        let mut builder = Self { complex, plane, sheets, scale, points: Vec::new(), on_border: vec![false; complex.n_vertices()] };
        builder.points = builder.points();
        for h in (0..2 * complex.n_edges() as u32).filter(|&h| complex.face(h).is_none()) {
            builder.on_border[complex.origin(h) as usize] = true;
        }
        builder
    }

    fn mesh(self) -> Mesh {
        let faces = (0..self.complex.n_regions() as u32).into_par_iter().flat_map_iter(|f| self.triangles(f)).collect();
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
            n_regions: self.complex.n_regions(),
            points: self.points,
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

    /// The region's fan from its first vertex: regions are convex.
    fn triangles(&self, f: u32) -> Vec<FaceVertex> {
        let slope = self.scale.slope(&self.sheets[f as usize].map, &self.plane).map(|s| s as f32);
        let n_first = self.complex.hidden_widths().first().map_or(0, |&w| w as usize);
        let [pattern_dark, pattern_light] = colours(&self.complex.pattern(f), n_first);
        let corner = |v| {
            let [x, y, t] = self.point(v, f);
            FaceVertex { xy: [x, y], t, slope, face: f, pattern_dark, pattern_light }
        };
        let corners: Vec<FaceVertex> = self.complex.face_vertices(f).map(corner).collect();
        let rest = corners.get(1..).unwrap_or_default();
        rest.windows(2).flat_map(|w| [corners[0], w[0], w[1]]).collect()
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
        let (class, n) = self.complex.ancestors(k);
        let crowd = crowding(self.complex, &class, n, areas);
        (n, edges.iter().map(|&(e, unit)| self.segment(e, k as u32 - 1, unit, &crowd)).collect())
    }

    /// Edges and their units for each hidden layer.
    fn edges_by_layer(&self) -> Vec<Vec<(u32, u32)>> {
        let mut edges = vec![Vec::new(); self.complex.n_layers()];
        for e in 0..self.complex.n_edges() as u32 {
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
        Segment { a: self.points[a], b: self.points[b], crowd_a: crowd[a], crowd_b: crowd[b], layer, unit, flags }
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
