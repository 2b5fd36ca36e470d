//! Round numbers along an axis.
//!
//! In: the ends of the axis and how many numbers are wanted. Out: numbers between the ends, one, two or five times a power of
//! ten apart. Refuses ends that are not finite or not in order: no numbers then.

/// About `wanted` round numbers in `[lo, hi]`, rising.
///
/// ```
/// assert_eq!(foldscape::mesh::ticks(-1.0, 1.0, 5), [-1.0, -0.5, 0.0, 0.5, 1.0]);
/// ```
#[must_use]
pub fn ticks(lo: f64, hi: f64, wanted: usize) -> Vec<f64> {
    let rough = (hi - lo) / wanted.saturating_sub(1).max(1) as f64;
    if !(rough > 0.0 && rough.is_finite()) {
        return Vec::new();
    }
    let (step, inverse) = round_step(rough);
    // whole multiples, so that 0.3 is 3 / 10 and not three times a rounded tenth; the ends give way by a rounding error
    let slack = 4.0 * f64::EPSILON * (lo.abs().max(hi.abs()) / step);
    let (first, last) = ((lo / step - slack).ceil(), (hi / step + slack).floor());
    let n = (last - first) as usize;
    (0..=n).map(|i| first + i as f64).map(|k| if inverse > 1.0 { k / inverse } else { k * step } + 0.0).collect()
}

/// The step nearest to `rough` by ratio among 1, 2, 5 times powers of ten, and its inverse.
fn round_step(rough: f64) -> (f64, f64) {
    let exponent = rough.log10().floor();
    let distance = |step: f64| (step / rough).ln().abs();
    let candidates = [1.0, 2.0, 5.0, 10.0].map(|m| (m, exponent));
    let best = candidates.into_iter().min_by(|a, b| distance(a.0 * 10f64.powf(a.1)).total_cmp(&distance(b.0 * 10f64.powf(b.1))));
    let (m, e) = best.unwrap_or((1.0, exponent));
    let inverse = 10f64.powi(-e as i32) / m;
    (m * 10f64.powi(e as i32), inverse)
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 1.0, 6), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(ticks(-3.0, 12.0, 5), [0.0, 5.0, 10.0]);
        assert_eq!(ticks(0.1, 0.3, 3), [0.1, 0.2, 0.3]);
        assert_eq!(ticks(1e6, 3e6, 5), [1e6, 1.5e6, 2e6, 2.5e6, 3e6]);
    }

    #[test]
    fn odd_ends_give_few_or_none() {
        assert!(ticks(1.0, 1.0, 5).is_empty());
        assert!(ticks(2.0, 1.0, 5).is_empty());
        assert!(ticks(f64::NAN, 1.0, 5).is_empty());
        assert!(ticks(0.0, f64::INFINITY, 5).is_empty());
        assert!(ticks(-1e-300, 1e-300, 5).iter().all(|x| x.abs() <= 1e-300));
        for (lo, hi) in [(-0.731, 0.219), (17.3, 17.9), (-1e9, 3.0)] {
            let t = ticks(lo, hi, 5);
            assert!((3..=8).contains(&t.len()), "{lo} to {hi}: {t:?}");
            assert!(t.is_sorted() && t.iter().all(|x| (lo..=hi).contains(x)), "{lo} to {hi}: {t:?}");
        }
    }
}
