//! The range of each output on the window, and where it is reached. In: [`Complex`]. Out: [`OutputRange`]s.
//!
//! An affine function on a polygon takes its extremes at corners, so the range of the whole is that of the vertices: no
//! sampling is involved. Values are those of the regions' maps at the vertices, both rounded to f64.

use super::Complex;

/// The least and the greatest value of an output. Of several vertices with the same value the first is named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutputRange {
    pub min: f64,
    /// Where `min` is reached, in input units.
    pub min_at: [f64; 2],
    pub max: f64,
    /// Where `max` is reached, in input units.
    pub max_at: [f64; 2],
}

impl Complex {
    /// The range of every output, `[n_outputs]`.
    #[must_use]
    pub fn output_ranges(&self) -> Vec<OutputRange> {
        let nowhere = OutputRange { min: f64::INFINITY, min_at: [0.0; 2], max: f64::NEG_INFINITY, max_at: [0.0; 2] };
        let mut ranges = vec![nowhere; self.n_outputs()];
        for f in 0..self.n_regions() as u32 {
            for p in self.face_vertices(f).map(|v| self.vertex(v)) {
                for (range, map) in ranges.iter_mut().zip(self.maps(f)) {
                    let value = map.at(p);
                    if value < range.min {
                        (range.min, range.min_at) = (value, p);
                    }
                    if value > range.max {
                        (range.max, range.max_at) = (value, p);
                    }
                }
            }
        }
        ranges
    }
}
