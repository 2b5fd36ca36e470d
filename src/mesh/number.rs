//! Numbers as people read them: round ticks, commas between thousands, a true minus, as many digits as the range needs.

/// `1257` as `1,257`.
#[must_use]
pub fn with_commas(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// About four steps of 1, 2, 2.5 or 5 times a power of ten from `min` to `max`: the round numbers inside, with their labels.
/// Empty if the range is.
#[must_use]
pub fn ticks(min: f64, max: f64) -> Vec<(f64, String)> {
    let range = max - min;
    if !(range.is_finite() && range > 0.0) {
        return Vec::new();
    }
    let raw = range / 4.0;
    let power = 10_f64.powf(raw.log10().floor());
    // The largest round step that is not above a quarter of the range.
    let step = [5.0, 2.5, 2.0, 1.0].into_iter().find(|m| m * power <= raw * (1.0 + ROUNDING)).unwrap_or(1.0) * power;
    let decimals = (0..=MAX_DECIMALS).find(|&d| is_whole(step * 10_f64.powi(d))).unwrap_or(MAX_DECIMALS);
    let (first, last) = ((min / step - ROUNDING).ceil(), (max / step + ROUNDING).floor());
    // A window far from the origin and tiny: the numbers could not be told apart.
    if !(first.abs() < 1e9 && last.abs() < 1e9) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut k = first;
    while k <= last {
        out.push((k * step, fixed(k * step, usize::try_from(decimals).unwrap_or(0), true)));
        k += 1.0;
    }
    out
}

/// A number with as many decimals as a range of width `range` needs: three significant digits of the range.
#[must_use]
pub fn in_range(value: f64, range: f64) -> String {
    let scale = if range > 0.0 { range } else { value.abs() };
    if !(scale > 0.0 && scale.is_finite()) {
        return fixed(value, 2, false);
    }
    let order = scale.log10().floor();
    if !(-4.0..6.0).contains(&order) {
        return minus(&format!("{value:.2e}"));
    }
    let decimals = (2.0 - order).clamp(0.0, 7.0);
    fixed(value, decimals as usize, false)
}

/// Relative slack when a tick is compared with the window's side: a tick on the side must not be lost to rounding.
const ROUNDING: f64 = 1e-9;
/// Ticks closer than 1e-9 cannot be written.
const MAX_DECIMALS: i32 = 9;

fn is_whole(x: f64) -> bool {
    (x - x.round()).abs() <= x.abs() * ROUNDING
}

/// Fixed decimals, without the trailing zeros if `trimmed`, never "-0".
fn fixed(value: f64, decimals: usize, trimmed: bool) -> String {
    let mut text = format!("{value:.decimals$}");
    if trimmed && text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text.chars().all(|c| "-0.".contains(c)) {
        text = text.replace('-', "");
    }
    minus(&text)
}

fn minus(text: &str) -> String {
    text.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(min: f64, max: f64) -> Vec<String> {
        ticks(min, max).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn thousands() {
        assert_eq!([with_commas(7), with_commas(999), with_commas(1257), with_commas(1_234_567)], ["7", "999", "1,257", "1,234,567"]);
    }

    #[test]
    fn ticks_are_round_and_reach_the_sides() {
        assert_eq!(labels(-1.0, 1.0), ["\u{2212}1", "\u{2212}0.5", "0", "0.5", "1"]);
        assert_eq!(labels(0.0, 10.0), ["0", "2.5", "5", "7.5", "10"]);
        assert_eq!(labels(-0.3, 0.3), ["\u{2212}0.3", "\u{2212}0.2", "\u{2212}0.1", "0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels(100.0, 500.0), ["100", "200", "300", "400", "500"]);
        assert!(labels(1.0, 1.0).is_empty() && labels(2.0, 1.0).is_empty() && labels(0.0, f64::INFINITY).is_empty());
    }

    #[test]
    fn digits_follow_the_range() {
        assert_eq!(in_range(-0.1, 1.19), "\u{2212}0.10");
        assert_eq!(in_range(1.0912, 1.19), "1.09");
        assert_eq!(in_range(-0.0001, 1.19), "0.00");
        assert_eq!(in_range(12345.6, 20000.0), "12346");
        assert_eq!(in_range(0.0, 0.0), "0.00");
    }
}
