//! What a map shows of a lifted complex: the height of each face as a colour value, its light, and how crowded the lines of
//! each layer are at each vertex. All measures are the mesh's.

use crate::complex::Complex;
use crate::mesh::crowding::{Areas, crowding};
use crate::mesh::scale::{Plane, Scale, Sheet, sheets};

/// The faces of a lifted complex.
pub(super) struct Relief {
    pub plane: Plane,
    pub scale: Scale,
    /// `[n_regions]`.
    pub sheets: Vec<Sheet>,
}

impl Relief {
    pub(super) fn new(complex: &Complex, lift: &[f64]) -> Self {
        let sheets = sheets(complex, lift);
        Self { plane: Plane::new(complex), scale: Scale::new(complex, &sheets), sheets }
    }

    /// The colour value of a height, from 0 to 1.
    pub(super) fn t(&self, z: f64) -> f64 {
        self.scale.t(z).clamp(0.0, 1.0)
    }

    /// The light on a face seen from above: 1 on a level face, else within `bounds`, softened.
    pub(super) fn shade(&self, face: usize, bounds: [f64; 2], height_factor: f64) -> f64 {
        /// A map shows its relief softer than a picture from the side.
        const SOFTEN: f64 = 0.6;
        let height = 2.0 * self.scale.height * height_factor;
        let [x, y] = self.scale.slope(&self.sheets[face].map, &self.plane).map(|slope| -slope * height);
        let length = (x * x + y * y + 1.0).sqrt();
        let s = light([x / length, y / length, 1.0 / length]) / light([0.0, 0.0, 1.0]);
        1.0 + SOFTEN * (s.clamp(bounds[0], bounds[1]) - 1.0)
    }

    /// The cells after hidden layer `layer`, counted from 1: their number, and for each vertex the root of the mean area of
    /// those round it, in input units.
    pub(super) fn cells(&self, complex: &Complex, layer: usize) -> (usize, Vec<f32>) {
        let (class, count) = complex.ancestors(layer);
        let areas: Vec<Areas> = self.sheets.iter().map(|s| [s.area; 2]).collect();
        let size = crowding(complex, &class, count, &areas).into_iter().map(|[flat, _]| flat).collect();
        (count, size)
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
