//! What a map says about a lifted complex besides its lines: the affine height of each face, its range, area and shade,
//! and how crowded the lines of each layer are at each vertex.

use crate::complex::{AffineForm, Complex};

/// The shares of the area below the lowest and above the highest colour: one spike would squash all others.
const TAIL: f64 = 0.01;
/// The height of the lifted surface for a mean slope of 1 (in window sides over range), and its bounds.
const HEIGHT: f64 = 0.36;
const HEIGHT_BOUNDS: [f64; 2] = [0.10, 0.36];

/// The faces of a lifted complex.
pub(super) struct Relief {
    /// Height of each face over the plane, in output units.
    pub forms: Vec<AffineForm>,
    /// Area of each face, in square input units.
    pub areas: Vec<f64>,
    /// The height where the colours begin, and where they end.
    pub lo: f64,
    pub hi: f64,
    /// World units of height for an output unit, times input units for a world unit: scales slopes for the light.
    pub slope_scale: f64,
}

impl Relief {
    pub(super) fn new(complex: &Complex, lift: &[f64]) -> Self {
        let n = complex.n_regions() as u32;
        let forms: Vec<AffineForm> = (0..n).map(|f| combine(complex.maps(f), lift)).collect();
        let areas: Vec<f64> = (0..n).map(|f| complex.area(f)).collect();
        let means: Vec<f64> = (0..n).map(|f| forms[f as usize].at(centroid(complex, f))).collect();
        let [lo, hi] = quantiles(&areas, &means);
        let [width, height] = complex.window().size();
        let side = width.max(height);
        let total: f64 = areas.iter().sum();
        let slope = forms.iter().zip(&areas).map(|(f, a)| f.gx.hypot(f.gy) * a).sum::<f64>() / total;
        let range = hi - lo;
        let slope_scale = if range > 0.0 {
            let height = (HEIGHT / (slope * side / range).sqrt()).clamp(HEIGHT_BOUNDS[0], HEIGHT_BOUNDS[1]);
            height * side / range
        } else {
            0.0
        };
        Self { forms, areas, lo, hi, slope_scale }
    }

    /// The colour value of a height, from 0 to 1; the middle where all heights are one.
    pub(super) fn t(&self, z: f64) -> f64 {
        if self.hi > self.lo { ((z - self.lo) / (self.hi - self.lo)).clamp(0.0, 1.0) } else { 0.5 }
    }

    /// The light on a face seen from above, 1 on a level face, within `bounds` before the map's softening.
    pub(super) fn shade(&self, face: usize, bounds: [f64; 2], height_factor: f64) -> f64 {
        /// A map shows its relief softer than a picture from the side.
        const SOFTEN: f64 = 0.6;
        let scale = self.slope_scale * height_factor;
        let n = [-self.forms[face].gx * scale, -self.forms[face].gy * scale, 1.0];
        let length = (n[0] * n[0] + n[1] * n[1] + 1.0).sqrt();
        let s = light(n.map(|c| c / length)) / light([0.0, 0.0, 1.0]);
        1.0 + SOFTEN * (s.clamp(bounds[0], bounds[1]) - 1.0)
    }
}

/// The light of the scene on a unit normal: a key from the upper left of the page, a fill from the right, the sky and the ground.
fn light(n: [f64; 3]) -> f64 {
    let from = |azimuth: f64, elevation: f64| {
        let (sin_a, cos_a) = azimuth.to_radians().sin_cos();
        let (sin_e, cos_e) = elevation.to_radians().sin_cos();
        (n[0] * cos_a * cos_e + n[1] * sin_a * cos_e + n[2] * sin_e).max(0.0)
    };
    from(135.0, 30.0) + 0.15 * from(-30.0, 20.0) + 0.42 * (0.5 + 0.5 * n[2]) + 0.12 * (0.5 - 0.5 * n[2])
}

/// `sum of lift_j * maps_j`.
fn combine(maps: &[AffineForm], lift: &[f64]) -> AffineForm {
    maps.iter().zip(lift).fold(AffineForm::default(), |sum, (map, &k)| AffineForm {
        gx: sum.gx + k * map.gx,
        gy: sum.gy + k * map.gy,
        c: sum.c + k * map.c,
    })
}

/// A face's centroid, where an affine form has its mean over the face.
fn centroid(complex: &Complex, face: u32) -> [f64; 2] {
    let mut corners = complex.face_vertices(face).map(|v| complex.vertex(v));
    let Some(o) = corners.next() else { return [0.0; 2] };
    let relative: Vec<[f64; 2]> = corners.map(|p| [p[0] - o[0], p[1] - o[1]]).collect();
    let (mut twice, mut moment) = (0.0, [0.0; 2]);
    for pair in relative.windows(2) {
        let [q, p] = [pair[0], pair[1]];
        let cross = q[0] * p[1] - q[1] * p[0];
        twice += cross;
        moment = [moment[0] + cross * (q[0] + p[0]) / 3.0, moment[1] + cross * (q[1] + p[1]) / 3.0];
    }
    if twice > 0.0 { [o[0] + moment[0] / twice, o[1] + moment[1] / twice] } else { o }
}

/// The area-weighted quantiles of the faces' means at [`TAIL`] and 1 - [`TAIL`].
fn quantiles(areas: &[f64], means: &[f64]) -> [f64; 2] {
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|&a, &b| means[a].total_cmp(&means[b]));
    let total: f64 = areas.iter().sum();
    [TAIL, 1.0 - TAIL].map(|share| {
        let mut below = 0.0;
        let at = order.iter().find(|&&f| {
            below += areas[f];
            below >= share * total
        });
        at.or(order.last()).map_or(0.0, |&f| means[f])
    })
}

/// Which cells of one layer are how large: their number, and for each vertex the root of the mean area of the cells round it.
pub(super) struct Cells {
    pub count: usize,
    /// In input units, `[n_vertices]`.
    pub size: Vec<f64>,
}

impl Cells {
    /// The cells after hidden layer `layer`, counted from 1.
    pub(super) fn new(complex: &Complex, areas: &[f64], layer: usize) -> Self {
        let (class, count) = complex.ancestors(layer);
        let mut cell_areas = vec![0.0; count];
        for (face, &class) in class.iter().enumerate() {
            cell_areas[class as usize] += areas[face];
        }
        let mut round = vec![(0.0, 0_u32); complex.n_vertices()];
        for face in 0..complex.n_regions() as u32 {
            for h in complex.face_half_edges(face) {
                let (sum, n) = &mut round[complex.origin(h) as usize];
                *sum += cell_areas[class[face as usize] as usize];
                *n += 1;
            }
        }
        Self { count, size: round.into_iter().map(|(sum, n)| (sum / f64::from(n.max(1))).sqrt()).collect() }
    }
}
