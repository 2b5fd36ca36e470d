//! The built-in shapes: 1 inside, 0 outside, with an edge that is a straight ramp.
//!
//! Each shape is a signed distance (negative inside) over `[-1, 1]^2`. A network is continuous: a jump would leave it nothing
//! but spikes to learn, a ramp is what it can draw.

use super::Points;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// Width of the ramp from 0 to 1.
const EDGE: f64 = 0.06;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    Rings,
    Circles,
    Disc,
    Star,
    Checker,
    Spiral,
}

impl Shape {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "rings" => Some(Self::Rings),
            "circles" => Some(Self::Circles),
            "disc" => Some(Self::Disc),
            "star" => Some(Self::Star),
            "checker" => Some(Self::Checker),
            "spiral" => Some(Self::Spiral),
            _ => None,
        }
    }

    /// From 0 outside to 1 inside.
    pub(super) fn value(self, p: [f64; 2]) -> f32 {
        (0.5 - self.distance(p) / EDGE).clamp(0.0, 1.0) as f32
    }

    /// Signed distance to the edge, negative inside.
    fn distance(self, p: [f64; 2]) -> f64 {
        let radius = p[0].hypot(p[1]);
        match self {
            Self::Rings => (0..3).map(|i| ring(p, i)).fold(f64::INFINITY, f64::min),
            Self::Circles => [0.2, 0.5, 0.8].iter().map(|r| (radius - r).abs() - 0.075).fold(f64::INFINITY, f64::min),
            Self::Disc => radius - 0.6,
            Self::Star => star(p),
            Self::Checker => checker(p),
            Self::Spiral => spiral(p, radius),
        }
    }
}

/// Ring `i` of three, whose centres stand on a circle, the first one above.
fn ring(p: [f64; 2], i: u32) -> f64 {
    let angle = FRAC_PI_2 + TAU / 3.0 * f64::from(i);
    let centre = [0.32 * angle.cos(), 0.32 * angle.sin()];
    ((p[0] - centre[0]).hypot(p[1] - centre[1]) - 0.42).abs() - 0.08
}

/// A star of five points: all ten sides are copies of one.
fn star(p: [f64; 2]) -> f64 {
    let (outer, inner) = (0.9, 0.38);
    // the angle from the nearest point's axis
    let turn = TAU / 5.0;
    let from_top = p[1].atan2(p[0]) - FRAC_PI_2;
    let angle = (from_top - turn * (from_top / turn).round()).abs();
    let radius = p[0].hypot(p[1]);
    let q = [radius * angle.cos(), radius * angle.sin()];
    let (a, b) = ([outer, 0.0], [inner * (PI / 5.0).cos(), inner * (PI / 5.0).sin()]);
    let side = [b[0] - a[0], b[1] - a[1]];
    let from_a = [q[0] - a[0], q[1] - a[1]];
    let along = ((from_a[0] * side[0] + from_a[1] * side[1]) / (side[0].powi(2) + side[1].powi(2))).clamp(0.0, 1.0);
    let distance = (from_a[0] - along * side[0]).hypot(from_a[1] - along * side[1]);
    if side[0] * from_a[1] - side[1] * from_a[0] > 0.0 { -distance } else { distance }
}

/// Four by four squares.
fn checker(p: [f64; 2]) -> f64 {
    let cell = p.map(|v| 2.0 * v);
    let to_line = cell.map(|v| (v - v.round()).abs() / 2.0);
    let distance = to_line[0].min(to_line[1]);
    let is_inside = (cell[0].floor() + cell[1].floor()).rem_euclid(2.0) == 0.0;
    if is_inside { -distance } else { distance }
}

/// The band along an Archimedean spiral.
fn spiral(p: [f64; 2], radius: f64) -> f64 {
    let (pitch, half_width) = (0.36, 0.075);
    let turns = radius / pitch - p[1].atan2(p[0]) / TAU;
    let off_middle = (turns - turns.floor() - 0.5).abs() * pitch;
    (off_middle - half_width).max(radius - 0.9)
}

/// Points of each moon.
const N_MOON: usize = 500;
/// Standard deviation of the points from their moon, beside its radius 1.
const NOISE: f64 = 0.1;

/// Two interleaving half circles with noise, labelled 0 and 1, as scikit-learn's `make_moons` draws them, scaled into `[-1, 1]^2`.
/// The points are always the same.
pub(super) fn moons() -> Points {
    let random = &mut ChaCha8Rng::seed_from_u64(0);
    let mut noise = || NOISE * f64::from(crate::train::init::normal(random));
    let mut points = Vec::with_capacity(2 * N_MOON);
    let mut labels = Vec::with_capacity(2 * N_MOON);
    for i in 0..2 * N_MOON {
        let (label, t) = (i % 2, PI * (i / 2) as f64 / (N_MOON - 1) as f64);
        let [x, y] = if label == 0 { [t.cos(), t.sin()] } else { [1.0 - t.cos(), 0.5 - t.sin()] };
        points.push([(x + noise() - 0.5) / 1.8, (y + noise() - 0.25) / 1.8]);
        labels.push(label);
    }
    Points::labelled(points, labels, vec!["0".to_owned(), "1".to_owned()])
}
