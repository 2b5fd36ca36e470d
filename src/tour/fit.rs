//! The best fit with one kink to two straight pieces that need not meet: least squares, by exact integrals.
//!
//! In: [`Pieces`]. Out: [`Kinked`], the continuous function of two straight pieces with the least mean square of the
//! difference. The heights follow from the place of the kink by linear equations; that place is searched.

/// A straight line `c + g x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub c: f64,
    pub g: f64,
}

impl Line {
    pub fn at(self, x: f64) -> f64 {
        self.c + self.g * x
    }
}

/// A function that is one line left of `jump`, another right of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pieces {
    pub left: Line,
    pub right: Line,
    pub jump: f64,
}

/// `c + left max(kink - x, 0) + right max(x - kink, 0)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kinked {
    pub kink: f64,
    pub c: f64,
    pub left: f64,
    pub right: f64,
}

/// Places of the kink that are tried first, and how often the best one's neighbourhood is then cut to a third: to 3^-30 of a place.
const N_TRIED: usize = 400;
const N_CUTS: usize = 30;

impl Kinked {
    pub fn at(&self, x: f64) -> f64 {
        self.c + self.left * (self.kink - x).max(0.0) + self.right * (x - self.kink).max(0.0)
    }

    /// The best fit to `target` on the interval `[lo, hi]`, and the integral of the squared difference.
    pub fn best(target: &Pieces, [lo, hi]: [f64; 2]) -> (Self, f64) {
        let place = |i: usize| lo + (hi - lo) * i as f64 / N_TRIED as f64;
        let cost = |kink: f64| Self::with_kink(target, [lo, hi], kink).1;
        let tried = (1..N_TRIED).min_by(|&i, &j| cost(place(i)).total_cmp(&cost(place(j)))).unwrap_or(1);
        let (mut a, mut b) = (place(tried - 1), place(tried + 1));
        for _ in 0..N_CUTS {
            let [p, q] = [a + (b - a) / 3.0, b - (b - a) / 3.0];
            if cost(p) < cost(q) { b = q } else { a = p }
        }
        Self::with_kink(target, [lo, hi], f64::midpoint(a, b))
    }

    /// The best fit that bends at `kink`.
    pub fn with_kink(target: &Pieces, [lo, hi]: [f64; 2], kink: f64) -> (Self, f64) {
        let basis = move |i: usize, x: f64| [1.0, (kink - x).max(0.0), (x - kink).max(0.0)][i];
        let parts = [lo, kink.min(target.jump), kink.max(target.jump), hi];
        let integral = |f: &dyn Fn(f64, Line) -> f64| -> f64 {
            let part = |ends: &[f64]| {
                let line = if ends[1] <= target.jump { target.left } else { target.right };
                // Simpson's rule: exact for products of two lines
                let [a, b] = [ends[0], ends[1]];
                (b - a) / 6.0 * (f(a, line) + 4.0 * f(f64::midpoint(a, b), line) + f(b, line))
            };
            parts.windows(2).map(part).sum()
        };
        let gram = [0, 1, 2].map(|i| [0, 1, 2].map(|j| integral(&|x, _| basis(i, x) * basis(j, x))));
        let wanted = [0, 1, 2].map(|i| integral(&|x, line| basis(i, x) * line.at(x)));
        let [c, left, right] = solved(gram, wanted);
        let fit = Self { kink, c, left, right };
        (fit, integral(&|x, line| (fit.at(x) - line.at(x)).powi(2)))
    }
}

/// Cramer's rule.
fn solved(m: [[f64; 3]; 3], b: [f64; 3]) -> [f64; 3] {
    let det = |m: [[f64; 3]; 3]| {
        let minor = |i: usize, j: usize| m[1][i] * m[2][j] - m[1][j] * m[2][i];
        m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1)
    };
    [0, 1, 2].map(|k| {
        let mut replaced = m;
        (0..3).for_each(|row| replaced[row][k] = b[row]);
        det(replaced) / det(m)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_meet_are_fitted_exactly() {
        let target = Pieces { left: Line { c: 0.5, g: 1.0 }, right: Line { c: 0.2, g: -0.5 }, jump: -0.2 };
        let (fit, cost) = Kinked::best(&target, [-1.0, 1.0]);
        assert!(cost.abs() < 1e-15 && (fit.kink + 0.2).abs() < 1e-6, "{fit:?} {cost}");
        assert!((fit.at(-0.2) - 0.3).abs() < 1e-6 && (fit.right + 0.5).abs() < 1e-6 && (fit.left + 1.0).abs() < 1e-6);
    }

    #[test]
    fn no_neighbour_is_better() {
        let target = Pieces { left: Line { c: -0.5, g: 0.0 }, right: Line { c: 0.7, g: -0.5 }, jump: 0.0 };
        let (best, least) = Kinked::best(&target, [-1.0, 1.0]);
        let cost = |f: &Kinked| {
            // the midpoint rule, which knows nothing of the exact integrals
            let n = 20_000;
            let x = |i: usize| (2 * i + 1) as f64 / f64::from(n) - 1.0;
            let line = |x: f64| if x < target.jump { target.left } else { target.right };
            (0..n as usize).map(|i| (f.at(x(i)) - line(x(i)).at(x(i))).powi(2) * 2.0 / f64::from(n)).sum::<f64>()
        };
        assert!((cost(&best) - least).abs() < 1e-6, "{} {least}", cost(&best));
        for step in [0.03, -0.03] {
            let others = [
                Kinked { kink: best.kink + step, ..best },
                Kinked { c: best.c + step, ..best },
                Kinked { left: best.left + step, ..best },
                Kinked { right: best.right + step, ..best },
                Kinked::with_kink(&target, [-1.0, 1.0], best.kink + step).0,
                Kinked::with_kink(&target, [-1.0, 1.0], best.kink + 10.0 * step).0,
            ];
            assert!(others.iter().all(|other| cost(other) > least), "{best:?}");
        }
    }
}
