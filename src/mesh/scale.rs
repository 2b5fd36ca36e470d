//! Input units to world units, and the range and height of the output.
//!
//! In: a [`Complex`] and the coefficients of its outputs. Out: [`Plane`], [`Sheet`] for every region and [`Scale`]. Refuses
//! nothing: outputs without a coefficient count nothing, and a surface of one value gets height 0.

use crate::complex::{AffineForm, Complex};
use rayon::prelude::*;

/// Shares of the window's area with mean outputs below `lo` and below `hi`: one spike must not squash everything else.
const QUANTILES: [f64; 2] = [0.01, 0.99];
/// A range smaller than this share of the outputs' size is one value: the maps of the regions carry rounding errors of
/// some 2^-50 of their size.
const ONE_VALUE: f64 = 1.0 / (1u64 << 40) as f64;
/// Greatest and least height `h`, and the height where the mean slope is one range per window.
const HEIGHT_MAX: f64 = 0.36;
const HEIGHT_MIN: f64 = 0.10;

/// The window's place in the world: its longer side is 2, its centre the origin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    centre: [f64; 2],
    /// World units per input unit.
    pub scale: f64,
    /// Half width and half height in world units.
    pub half_size: [f64; 2],
}

impl Plane {
    pub fn new(complex: &Complex) -> Self {
        let window = complex.window();
        let size = window.size();
        let scale = 2.0 / size[0].max(size[1]);
        Self { centre: [0, 1].map(|k| window.min[k] + size[k] / 2.0), scale, half_size: size.map(|s| s * scale / 2.0) }
    }

    /// A point of the input plane in world units.
    pub fn world(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [(x - self.centre[0]) * self.scale, (y - self.centre[1]) * self.scale]
    }
}

/// What one region shows: its map, its area in square input units, and its mean output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet {
    pub map: AffineForm,
    pub area: f64,
    pub mean: f64,
}

/// All regions' sheets, `[n_regions]`.
pub(crate) fn sheets(complex: &Complex, lift: &[f64]) -> Vec<Sheet> {
    (0..complex.n_regions() as u32).into_par_iter().map(|f| sheet(complex, f, lift)).collect()
}

fn sheet(complex: &Complex, f: u32, lift: &[f64]) -> Sheet {
    let map = lifted(complex.maps(f), lift);
    let (area, centroid) = area_and_centroid(complex.face_vertices(f).map(|v| complex.vertex(v)));
    Sheet { map, area, mean: map.at(centroid) }
}

/// The sum of the outputs' maps times their coefficients.
fn lifted(maps: &[AffineForm], lift: &[f64]) -> AffineForm {
    maps.iter().zip(lift).fold(AffineForm::default(), |sum, (m, k)| AffineForm {
        gx: sum.gx + k * m.gx,
        gy: sum.gy + k * m.gy,
        c: sum.c + k * m.c,
    })
}

/// Of a convex polygon, by its fan from the first vertex.
fn area_and_centroid(mut points: impl Iterator<Item = [f64; 2]>) -> (f64, [f64; 2]) {
    let (Some([x0, y0]), Some([x1, y1])) = (points.next(), points.next()) else { return (0.0, [0.0, 0.0]) };
    let (mut twice, mut moment, mut b) = (0.0, [0.0, 0.0], [x1 - x0, y1 - y0]);
    for [x, y] in points {
        let c = [x - x0, y - y0];
        let cross = b[0] * c[1] - b[1] * c[0];
        twice += cross;
        moment = [moment[0] + cross * (b[0] + c[0]), moment[1] + cross * (b[1] + c[1])];
        b = c;
    }
    if twice > 0.0 { (twice / 2.0, [x0 + moment[0] / (3.0 * twice), y0 + moment[1] / (3.0 * twice)]) } else { (0.0, [x0, y0]) }
}

/// How outputs become `t` and heights: those of one complex, or of several that are shown one after the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Outputs at `t = 0` and `t = 1`.
    pub lo: f64,
    pub hi: f64,
    /// `h` of the default height.
    pub height: f64,
    /// 1 / (hi - lo); 0 where all outputs are one value.
    per_range: f64,
    /// Mean |grad z| times the window's longer side, in output units.
    climb: f64,
}

impl Scale {
    /// The scale of one complex, lifted by the sum of its outputs times the coefficients `lift`.
    #[must_use]
    pub fn of(complex: &Complex, lift: &[f64]) -> Self {
        Self::new(complex, &sheets(complex, lift))
    }

    /// One scale for several surfaces, so that nothing but the surface moves from one to the next: the union of their
    /// ranges, and the height of the steepest one. `None` without any.
    #[must_use]
    pub fn union(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().reduce(|a, b| Self::from_range(a.lo.min(b.lo), a.hi.max(b.hi), a.climb.max(b.climb)))
    }

    pub(crate) fn new(complex: &Complex, sheets: &[Sheet]) -> Self {
        let [mut lo, mut hi] = quantiles(sheets);
        if is_one_value(lo, hi) {
            // one region, or one that fills the window but for a hundredth: its own tilt is what is left to show
            [lo, hi] = full_range(complex, sheets);
        }
        let size = complex.window().size();
        Self::from_range(lo, hi, mean_slope(sheets) * size[0].max(size[1]))
    }

    fn from_range(lo: f64, hi: f64, climb: f64) -> Self {
        if is_one_value(lo, hi) {
            return Self { lo, hi: lo, height: HEIGHT_MAX, per_range: 0.0, climb };
        }
        let height = (HEIGHT_MAX / (climb / (hi - lo)).sqrt()).clamp(HEIGHT_MIN, HEIGHT_MAX);
        Self { lo, hi, height, per_range: 1.0 / (hi - lo), climb }
    }

    /// The height value in `other` of the output that has height value `t` here.
    #[must_use]
    pub fn carried(&self, t: f64, other: &Self) -> f64 {
        other.t(self.lo + t * (self.hi - self.lo))
    }

    /// The height value of an output.
    pub(crate) fn t(&self, z: f64) -> f64 {
        (z - self.lo) * self.per_range
    }

    /// `dt / dx_world`, `dt / dy_world`.
    pub(crate) fn slope(&self, map: &AffineForm, plane: &Plane) -> [f64; 2] {
        [map.gx, map.gy].map(|g| g * self.per_range / plane.scale)
    }
}

fn is_one_value(lo: f64, hi: f64) -> bool {
    let range = hi - lo;
    !range.is_finite() || range <= ONE_VALUE * lo.abs().max(hi.abs())
}

/// The area-weighted quantiles of the regions' mean outputs.
fn quantiles(sheets: &[Sheet]) -> [f64; 2] {
    let mut sorted: Vec<(f64, f64)> = sheets.iter().map(|s| (s.mean, s.area)).collect();
    sorted.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = sorted.iter().map(|s| s.1).sum();
    QUANTILES.map(|share| {
        let mut below = 0.0;
        let reached = sorted.iter().find(|s| {
            below += s.1;
            below >= share * total
        });
        reached.or(sorted.last()).map_or(0.0, |s| s.0)
    })
}

/// Least and greatest output on the window.
fn full_range(complex: &Complex, sheets: &[Sheet]) -> [f64; 2] {
    let corners = sheets.iter().enumerate().flat_map(|(f, s)| complex.face_vertices(f as u32).map(|v| s.map.at(complex.vertex(v))));
    corners.fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], z| [lo.min(z), hi.max(z)])
}

/// Area-weighted mean of |grad z|, per input unit.
fn mean_slope(sheets: &[Sheet]) -> f64 {
    let (sum, area) = sheets.iter().fold((0.0, 0.0), |(sum, area), s| (sum + s.area * s.map.gx.hypot(s.map.gy), area + s.area));
    sum / area
}
