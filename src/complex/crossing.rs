//! Where two lines meet: the position of a new corner and a bound on its error.
//!
//! In: two forms with their error bounds, and the ends of a piece of the second one's line between which the first one
//! changes sign. Out: a [`Corner`]. Positions only: signs are the predicate's.

use super::predicate::{Corner, value};
use super::system::{BoundedForm, ROUNDING};

/// A bound so many roundings of the coordinates' size, 7e-12, is not worth a second opinion.
const GOOD: f64 = 65536.0 * ROUNDING;

/// Where the line of `form` crosses the piece from `p` to `q` of the line of `side`; the corner is named by `lines`. In the whole
/// `plane` an end may be at infinity; `side` is `None` where all of the piece is.
///
/// From an end, a Newton step: exact but for rounding, since forms are affine. The true point `P*` has `f*_1 = f*_2 = 0`, so that the
/// stored forms are at most `error_i` there. With the stored forms' values `r_i` at `P`, `g_i (P - P*)` is at most `|r_i| + error_i` (plus
/// rounding), and Cramer's rule bounds `P - P*`, however ill-conditioned the lines are. Where that is much, the point [`between`] the ends
/// may be better.
pub fn meeting(form: &BoundedForm, side: Option<&BoundedForm>, [p, q]: [&Corner; 2], lines: [u32; 2], plane: bool) -> Corner {
    let size = p.position.iter().chain(&q.position).fold(0.0_f64, |m, v| m.max(v.abs()));
    let Some(side) = side else {
        let (position, radius) = (between(form, p, q), error_between(form, p, q, size));
        return Corner { position, radius, weight: 0.0, scale: 1.0, lines };
    };
    let scale = |position: [f64; 2]| if plane { position[0].abs().max(position[1].abs()).max(1.0) } else { 1.0 };
    if p.weight * q.weight == 0.0 {
        // the step from the origin is Cramer's rule, the one after mends its rounding
        let (position, _) = newton_step(form, side, [0.0, 0.0], scale);
        let (position, radius) = newton_step(form, side, position, scale);
        let radius = if radius.is_nan() { f64::INFINITY } else { radius };
        return Corner { position, radius, weight: 1.0, scale: scale(position), lines };
    }
    let corner = |position, radius| Corner { position, radius, weight: 1.0, scale: scale(position), lines };
    let (moved, radius) = newton_step(form, side, p.position, scale);
    if radius <= GOOD * size {
        return corner(moved, radius);
    }
    let start = between(form, p, q);
    let (moved, radius) = newton_step(form, side, start, scale);
    let other = error_between(form, p, q, size);
    if radius < other { corner(moved, radius) } else { corner(start, other) }
}

/// One step from `position` towards the point where both forms are 0, and how far off each coordinate then may be: NaN
/// where the forms do not tell.
fn newton_step(form: &BoundedForm, side: &BoundedForm, position: [f64; 2], scale: impl Fn([f64; 2]) -> f64) -> ([f64; 2], f64) {
    let (f, g) = (&side.form, &form.form);
    let [a, b] = [f.gx * g.gy, f.gy * g.gx];
    let det = a - b;
    let [r, s] = [f.at(position), g.at(position)];
    let [x, y] = position;
    let inverse = 1.0 / det;
    let moved = [x - (r * g.gy - s * f.gy) * inverse, y - (s * f.gx - r * g.gx) * inverse];
    let certain = det.abs() - 4.0 * ROUNDING * (a.abs() + b.abs());
    let off = |form: &BoundedForm| form.form.at(moved).abs() + (form.error + 32.0 * ROUNDING * form.size) * scale(moved);
    let (r, s) = (off(side), off(form));
    let dx = r * g.gy.abs() + s * f.gy.abs();
    let dy = s * f.gx.abs() + r * g.gx.abs();
    let radius = if certain > 0.0 { dx.max(dy) / certain * (1.0 + 16.0 * ROUNDING) } else { f64::NAN };
    (moved, radius)
}

/// The share of the way from `p` to `q` at which the stored form is 0; any share where the values do not tell.
fn share(a: f64, b: f64) -> f64 {
    let t = (a / (a - b)).clamp(0.0, 1.0);
    if t.is_nan() { 0.5 } else { t }
}

/// The point between `p` and `q` where the stored form is 0.
fn between(form: &BoundedForm, p: &Corner, q: &Corner) -> [f64; 2] {
    let t = share(value(form, p).value, value(form, q).value);
    [0, 1].map(|k| p.position[k] + (q.position[k] - p.position[k]) * t)
}

/// How far [`between`] may be off in each coordinate.
///
/// With `a`, `b` the computed values at the ends, off by at most `e_a`, `e_b`, the share `t = a / (a - b)` is off by at most
/// `(e_a |b| + e_b |a|) / (|a - b| d)`, where `d = |a - b| - e_a - e_b` bounds the true difference from below; it is never off
/// by more than 1, since both shares lie in [0, 1]. The ends' own errors are interpolated.
fn error_between(form: &BoundedForm, p: &Corner, q: &Corner, size: f64) -> f64 {
    let (a, b) = (value(form, p), value(form, q));
    let difference = (a.value - b.value).abs();
    let certain = difference - a.error - b.error;
    let off = (a.error * b.value.abs() + b.error * a.value.abs()) / (difference * certain);
    let off = if certain > 0.0 && off < 1.0 { off + 4.0 * ROUNDING } else { 1.0 };
    let span = [0, 1].map(|k| (q.position[k] - p.position[k]).abs());
    let radius = p.radius.max(q.radius) + off * span[0].max(span[1]) + 4.0 * ROUNDING * size;
    radius * (1.0 + 8.0 * ROUNDING)
}
