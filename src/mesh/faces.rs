//! Triangles of the faces: fans of activation regions, which are convex, and ear clipping of linear regions, which need not be.
//!
//! In: a [`Builder`]. Out: corners, three a triangle, counter-clockwise. Every vertex of a face's outline is a corner of one of
//! its triangles, those in the middle of a straight side too, so that neighbours share whole sides and no crack opens.

use super::FaceVertex;
use super::build::Builder;
use super::pattern::colours;
use crate::complex::LinearRegions;
use rayon::prelude::*;

/// Sums of the areas of triangles and of the outline are the same but for rounding, some 2^-50 of their size for each corner; a
/// triangle too many or too few in a face that one can see is more.
const AREA_SLACK: f64 = 1.0 / (1u64 << 32) as f64;

/// Regions whose colours are found one after the other.
const CHUNK: u32 = 256;

impl Builder<'_> {
    pub(super) fn faces(&self) -> Vec<FaceVertex> {
        let (n, colours) = (self.complex.n_regions() as u32, self.colours());
        match self.linear {
            None => (0..n).into_par_iter().flat_map_iter(|f| self.corners(f, f, self.fan(f), &colours)).collect(),
            Some(linear) => self.linear_faces(linear, &colours),
        }
    }

    /// The colours of all regions' patterns, `[n_regions]`.
    fn colours(&self) -> Vec<[u32; 2]> {
        let n = self.complex.n_regions() as u32;
        let n_first = self.complex.hidden_widths().first().map_or(0, |&w| w as usize);
        let chunk = |k: u32| {
            let mut found = Vec::with_capacity(CHUNK as usize);
            self.complex.visit_patterns(k * CHUNK..n.min((k + 1) * CHUNK), |pattern| found.push(colours(pattern, n_first)));
            found
        };
        (0..n.div_ceil(CHUNK)).into_par_iter().flat_map_iter(chunk).collect()
    }

    /// Corners of face `id` with the plane and the colour of region `f`.
    fn corners(&self, id: u32, f: u32, vertices: Vec<u32>, colours: &[[u32; 2]]) -> impl Iterator<Item = FaceVertex> + '_ {
        let slope = self.slope(f);
        let [pattern_dark, pattern_light] = colours[f as usize];
        vertices.into_iter().map(move |v| {
            let [x, y, t] = self.points[v as usize];
            FaceVertex { xy: [x, y], t, slope, face: id, pattern_dark, pattern_light }
        })
    }

    /// The region's fan from its first vertex.
    fn fan(&self, f: u32) -> Vec<u32> {
        let vertices: Vec<u32> = self.complex.face_vertices(f).collect();
        let rest = vertices.get(1..).unwrap_or_default();
        rest.windows(2).flat_map(|w| [vertices[0], w[0], w[1]]).collect()
    }

    fn linear_faces(&self, linear: &LinearRegions, colours: &[[u32; 2]]) -> Vec<FaceVertex> {
        let mut members = vec![Vec::new(); linear.count()];
        for f in 0..self.complex.n_regions() as u32 {
            members[linear.class(f) as usize].push(f);
        }
        let outlines = linear.outlines(self.complex);
        let face = |(id, members): (usize, &Vec<u32>)| {
            let loops = outlines.loops(id as u32).map(|l| l.iter().map(|&h| self.complex.origin(h)).collect());
            let whole = if members.len() > 1 { self.clipped(&loops.collect::<Vec<_>>()) } else { None };
            // where ear clipping leaves out a corner, the activation regions' fans are the face
            let vertices = whole.unwrap_or_else(|| members.iter().flat_map(|&f| self.fan(f)).collect());
            members.first().map(|&f| self.corners(id as u32, f, vertices, colours)).into_iter().flatten()
        };
        members.par_iter().enumerate().flat_map_iter(face).collect()
    }

    /// Triangles inside of loops of vertices, the first one outside of the others; `None` if they are not exactly that.
    fn clipped(&self, loops: &[Vec<u32>]) -> Option<Vec<u32>> {
        let vertices = loops.concat();
        let [x0, y0] = self.complex.vertex(*vertices.first()?);
        let relative = |v: u32| {
            let [x, y] = self.complex.vertex(v);
            [x - x0, y - y0]
        };
        let starts: Vec<usize> = loops.iter().scan(0, |end, l| Some(std::mem::replace(end, *end + l.len()))).skip(1).collect();
        let flat: Vec<f64> = vertices.iter().flat_map(|&v| relative(v)).collect();
        let mut triangles: Vec<u32> = earcutr::earcut(&flat, &starts, 2).ok()?.into_iter().map(|i| vertices[i]).collect();
        let turn = |a: u32, b: u32, c: u32| {
            let [a, b, c] = [a, b, c].map(relative);
            (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        };
        let mut covered = 0.0;
        for t in triangles.chunks_exact_mut(3) {
            let area = turn(t[0], t[1], t[2]);
            covered += area.abs();
            if area < 0.0 {
                t.swap(1, 2);
            }
        }
        let outline: f64 = loops.iter().flat_map(|l| l.windows(2).map(|w| turn(l[0], w[0], w[1]))).sum();
        let complete = triangles.len() == 3 * (vertices.len() + 2 * starts.len() - 2);
        (complete && (covered - outline).abs() <= AREA_SLACK * outline).then_some(triangles)
    }
}
