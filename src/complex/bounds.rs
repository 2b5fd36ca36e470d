//! Bounds of the undecided units over a cell, by linear relaxation.
//!
//! In: a system and the corners of its cell, then for one row after the other what was decided of it. Out: for each row an
//! interval that its pre-activation stays in.
//!
//! Where `l <= z <= u`, a convex `act` lies in a strip, `lambda z <= act(z) <= lambda z + h`, with the chord's slope
//! `lambda = (u - alpha l) / (u - l)` and `h = -l u (1 - alpha) / (u - l)`. Put in the place of every `act(z_j)`, this makes of
//! row `k` an affine form that `z_k` stays near: `R_k = aff_k + sum T[k][j] (lambda_j R_j + h_j / 2)`, within
//! `rho_k = sum |T[k][j]| (lambda_j rho_j + h_j / 2)`. The form takes its extremes at the cell's corners. Unlike intervals
//! it keeps how the rows depend on the point together. (Zonotopes of this kind: Singh et al., *Fast and Effective
//! Robustness Certification*, 2018.)
//!
//! The rounding. `rho_j` begins with the row's own `error` and what rounds in its affine part, see [`System`]. Every term
//! `T[k][j] (lambda_j R_j + h_j / 2)` is rounded at most five times and summed once, and so are the sums, over at most `n`
//! rows: `2 (n + 16) u` times what its parts add up to, `rho_j` among them, is ample, and is added to what row `j` gives to `rho_k`.

use super::predicate::Corner;
use super::system::{LANES, Operator, ROUNDING, System};
use pulp::Simd;
use std::ops::Range;

/// One entry for each row, in whole lanes.
#[derive(Debug, Default)]
pub struct Bounds {
    /// The relaxed form.
    gx: Vec<f64>,
    gy: Vec<f64>,
    c: Vec<f64>,
    /// How far the pre-activation may be off it, but for the row's own rounding.
    rho: Vec<f64>,
    /// The least and greatest value of the form at the corners, and how far the pre-activation may be beyond.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    pub margin: Vec<f64>,
    /// The largest of the corners'.
    radius: f64,
    scale: f64,
}

impl Bounds {
    /// Begins with the affine parts of all rows, on a cell with these corners.
    pub fn start(&mut self, system: &System, corners: &[Corner]) {
        let Self { gx, gy, c, rho, low, high, margin, radius, scale } = self;
        [*radius, *scale] = corners.iter().fold([0.0, 1.0], |[r, s], corner| [corner.radius.max(r), corner.scale.max(s)]);
        for (v, column) in [gx, gy, c].into_iter().zip(system.affine_lanes()) {
            v.clear();
            v.extend_from_slice(column);
        }
        rho.clear();
        rho.resize(self.gx.len(), 0.0);
        for v in [low, high, margin] {
            v.resize(self.gx.len(), 0.0);
        }
    }

    /// Bounds the rows of a layer, once [`Self::spread`] told of all rows before.
    #[inline(always)]
    pub fn put_layer<S: Simd>(&mut self, simd: S, system: &System, rows: Range<usize>, corners: &[Corner]) {
        let lanes = rows.start / LANES * LANES..rows.end.next_multiple_of(LANES);
        let [gx, gy, c, rho] = [&self.gx, &self.gy, &self.c, &self.rho].map(|v| S::as_simd_f64s(&v[lanes.clone()]).0);
        let [error, size] = system.error_lanes().map(|v| S::as_simd_f64s(&v[lanes.clone()]).0);
        let [low, high, margin] = [&mut self.low, &mut self.high, &mut self.margin].map(|v| S::as_mut_simd_f64s(&mut v[lanes.clone()]).0);
        let [rounding, radius, scale, slack, least, below, above] =
            [system.rounding(), self.radius, self.scale, 1.0 + 16.0 * ROUNDING, f64::MIN_POSITIVE, f64::NEG_INFINITY, f64::INFINITY]
                .map(|v| simd.splat_f64s(v));
        let (add, mul, abs) = (|a, b| simd.add_f64s(a, b), |a, b| simd.mul_f64s(a, b), |a| simd.abs_f64s(a));
        for (((((m, &gx), &gy), &rho), &error), &size) in margin.iter_mut().zip(gx).zip(gy).zip(rho).zip(error).zip(size) {
            let own = mul(add(add(error, mul(rounding, size)), rho), scale);
            *m = add(mul(add(own, mul(add(abs(gx), abs(gy)), radius)), slack), least);
        }
        low.fill(above);
        high.fill(below);
        for corner in corners {
            let [x, y] = corner.position.map(|v| simd.splat_f64s(v));
            let rows = low.iter_mut().zip(&mut *high).zip(&*margin).zip(gx).zip(gy).zip(c);
            if corner.weight == 0.0 {
                for (((((low, high), &m), &gx), &gy), _) in rows {
                    let v = add(mul(gx, x), mul(gy, y));
                    *low = simd.select_f64s(simd.greater_than_f64s(v, m), *low, below);
                    *high = simd.select_f64s(simd.less_than_f64s(v, simd.neg_f64s(m)), *high, above);
                }
            } else {
                for (((((low, high), _), &gx), &gy), &c) in rows {
                    let v = add(add(mul(gx, x), mul(gy, y)), c);
                    *low = simd.select_f64s(simd.less_than_f64s(v, *low), v, *low);
                    *high = simd.select_f64s(simd.greater_than_f64s(v, *high), v, *high);
                }
            }
        }
    }

    /// What the pre-activation of a row of the layer that was put last stays in.
    #[inline(always)]
    pub fn interval(&self, row: usize) -> [f64; 2] {
        [self.low[row] - self.margin[row], self.high[row] + self.margin[row]]
    }

    /// Tells the rows of later layers of row `row`, in a layer that ends before `end`, whose `act(z)` lies in a strip.
    #[inline(always)]
    pub fn spread<S: Simd>(&mut self, simd: S, system: &System, operator: &Operator, row: usize, end: usize, strip: Strip) {
        let Some(factors) = system.factor_lanes(row) else { return };
        let Strip { lambda, h, reach } = strip;
        let ([x, y], [gx, gy, c]) = (operator.reach(), [self.gx[row], self.gy[row], self.c[row]]);
        let [error, size] = system.error_lanes().map(|v| v[row]);
        let rounding = system.rounding();
        let rho = self.rho[row] + error + rounding * size;
        let parts = lambda * (gx.abs() * x + gy.abs() * y + c.abs() + reach + rho) + h;
        let off = lambda * rho + h / 2.0 + 2.0 * (rounding + 16.0 * ROUNDING) * parts;
        // the lanes of earlier rows hold zeros
        let first = end / LANES * LANES;
        let factors = S::as_simd_f64s(&factors[first..]).0;
        let [to_gx, to_gy, to_c, to_rho] =
            [&mut self.gx, &mut self.gy, &mut self.c, &mut self.rho].map(|v| S::as_mut_simd_f64s(&mut v[first..]).0);
        let [gx, gy, c, off] = [lambda * gx, lambda * gy, lambda * c + h / 2.0, off].map(|v| simd.splat_f64s(v));
        let (add, mul, abs) = (|a, b| simd.add_f64s(a, b), |a, b| simd.mul_f64s(a, b), |a| simd.abs_f64s(a));
        for ((((to_gx, to_gy), to_c), to_rho), &t) in to_gx.iter_mut().zip(to_gy).zip(to_c).zip(to_rho).zip(factors) {
            *to_gx = add(*to_gx, mul(t, gx));
            *to_gy = add(*to_gy, mul(t, gy));
            *to_c = add(*to_c, mul(t, c));
            *to_rho = add(*to_rho, mul(abs(t), off));
        }
    }
}

/// `act(z)` is at least `lambda z` and at most `lambda z + h`, up to rounding; `|z|` is at most `reach` where `lambda` is rounded.
#[derive(Debug, Clone, Copy)]
pub struct Strip {
    lambda: f64,
    h: f64,
    reach: f64,
}

impl Strip {
    /// For a unit of this slope that is on or off all over, or whose pre-activation lies in an interval.
    pub fn new(slope: f64, on: Option<bool>, [low, high]: [f64; 2]) -> Self {
        let exact = |lambda, h| Self { lambda, h, reach: 0.0 };
        match on {
            Some(true) => exact(1.0, 0.0),
            Some(false) => exact(slope, 0.0),
            None if low >= 0.0 => exact(1.0, 0.0),
            None if high <= 0.0 => exact(slope, 0.0),
            None if high - low < f64::INFINITY => {
                let lambda = (high - slope * low) / (high - low);
                Self { lambda, h: (1.0 - slope) * -low * high / (high - low), reach: high.max(-low) }
            }
            None if low.is_finite() && high == f64::INFINITY => exact(1.0, (1.0 - slope) * -low),
            None if low == f64::NEG_INFINITY && high.is_finite() => exact(slope, (1.0 - slope) * high),
            None => exact(1.0, f64::INFINITY),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_holds_the_activation_and_touches_it() {
        for slope in [0.0, 0.02, 0.5, 1.0] {
            for [low, high] in [[-3.0, 1.0], [-0.1, 7.0], [-1.0, f64::INFINITY], [f64::NEG_INFINITY, 1.0], [0.0, 2.0], [-2.0, 0.0]] {
                let Strip { lambda, h, .. } = Strip::new(slope, None, [low, high]);
                let above = |z: f64| if z > 0.0 { z - lambda * z } else { slope * z - lambda * z };
                let (from, to) = (low.max(-100.0), high.min(100.0));
                for i in 0..=100 {
                    let z = from + (to - from) * f64::from(i) / 100.0;
                    assert!((-1e-12..=h + 1e-12).contains(&above(z)), "slope {slope}, {z} in [{low}, {high}]: {} of {h}", above(z));
                }
                let touches = above(from).max(above(to));
                assert!((touches - h).abs() < 1e-12, "slope {slope}, [{low}, {high}]: {h}, but at most {touches}");
            }
        }
    }

    #[test]
    fn what_is_not_known_is_not_bounded() {
        for interval in [[f64::NAN, 1.0], [-1.0, f64::NAN], [f64::NAN; 2], [f64::NEG_INFINITY, f64::INFINITY]] {
            assert_eq!(Strip::new(0.02, None, interval).h, f64::INFINITY, "{interval:?}");
        }
    }
}
