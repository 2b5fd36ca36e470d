//! Numbers as pictures and people write them: round tick values, a true minus, thousands with commas.
//!
//! In: numbers, bounds. Out: values and their text. Knows nothing of drawing.

/// Digits kept after the leading one of the range, for the ends of a ramp.
const RAMP_DIGITS: i32 = 2;
/// Most decimals written.
const MAX_DECIMALS: i32 = 12;
/// From here on a number is written with an exponent.
const EXPONENT_FROM: f64 = 1e7;
/// Smaller steps too.
const EXPONENT_BELOW: f64 = 1e-6;
/// Rounding error of a logarithm that is forgiven.
const SLACK: f64 = 1e-9;
/// The minus sign, U+2212.
const MINUS: char = '\u{2212}';

/// `1257` as `1,257`.
#[must_use]
pub fn with_commas(n: usize) -> String {
    commas(&n.to_string())
}

/// Round values in `[lo, hi]`, about `wanted`, each with its text. Empty if the interval is.
#[must_use]
pub fn ticks(lo: f64, hi: f64, wanted: usize) -> Vec<(f64, String)> {
    let values = super::ticks(lo, hi, wanted);
    let step = if let [a, b, ..] = values[..] { b - a } else { hi - lo };
    values.into_iter().map(|v| (v, trimmed(written(v, step, 0)))).collect()
}

/// A number with as many decimals as a range of width `range` needs.
#[must_use]
pub fn in_range(value: f64, range: f64) -> String {
    written(value, range, RAMP_DIGITS)
}

/// The ends of a ramp, to the same number of decimals; a ramp of one value has only its lower end.
#[must_use]
pub fn ramp_ends(lo: f64, hi: f64) -> [String; 2] {
    if lo == hi {
        return [trimmed(written(lo, lo.abs().clamp(EXPONENT_BELOW, 1.0), RAMP_DIGITS)), String::new()];
    }
    [lo, hi].map(|v| written(v, (hi - lo).abs(), RAMP_DIGITS))
}

/// `value`, with as many decimals as `unit` needs and `digits` more.
fn written(value: f64, unit: f64, digits: i32) -> String {
    let text = if value.abs() >= EXPONENT_FROM || unit < EXPONENT_BELOW {
        let order = |v: f64| (v.abs().max(f64::MIN_POSITIVE).log10() + SLACK).floor() as i32;
        format!("{value:.*e}", (order(value) - order(unit)).clamp(RAMP_DIGITS, MAX_DECIMALS) as usize)
    } else {
        let decimals = (digits - (unit.log10() + SLACK).floor() as i32).clamp(0, MAX_DECIMALS);
        grouped(&format!("{value:.*}", decimals as usize))
    };
    let zero = !text.chars().any(|c| ('1'..='9').contains(&c));
    if zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', &MINUS.to_string()) }
}

/// Without decimals that are all zero.
fn trimmed(text: String) -> String {
    match text.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|b| b == b'0') => whole.to_owned(),
        _ => text,
    }
}

/// Commas between thousands from five figures on.
fn grouped(text: &str) -> String {
    let (sign, rest) = if let Some(rest) = text.strip_prefix('-') { ("-", rest) } else { ("", text) };
    let (whole, decimals) = rest.find('.').map_or((rest, ""), |at| rest.split_at(at));
    if whole.len() < 5 { text.to_owned() } else { format!("{sign}{}{decimals}", commas(whole)) }
}

/// Digits with a comma between thousands.
fn commas(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lo: f64, hi: f64) -> Vec<String> {
        ticks(lo, hi, 5).into_iter().map(|t| t.1).collect()
    }

    #[test]
    fn thousands() {
        assert_eq!([7, 999, 1257, 1_234_567].map(with_commas), ["7", "999", "1,257", "1,234,567"]);
    }

    #[test]
    fn ticks_far_from_zero_are_told_apart() {
        let far = texts(1e8, 1e8 + 4.0);
        assert_eq!(far[..2], ["1.00000000e8", "1.00000001e8"]);
    }

    #[test]
    fn ticks_are_round_and_about_five() {
        assert_eq!(texts(-1.0, 1.0), ["−1", "−0.5", "0", "0.5", "1"]);
        assert_eq!(texts(0.0, 10.0), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(texts(0.0, 50_000.0), ["0", "10,000", "20,000", "30,000", "40,000", "50,000"]);
        for exponent in -9..9 {
            let range = 10f64.powi(exponent);
            for i in 1..40 {
                let n = ticks(-0.3 * range, range * f64::from(i) / 7.0, 5).len();
                assert!((2..=8).contains(&n), "{n} ticks");
            }
        }
    }

    #[test]
    fn empty_and_broken_intervals_have_no_ticks() {
        assert!(ticks(1.0, 1.0, 5).is_empty());
        assert!(ticks(2.0, 1.0, 5).is_empty());
        assert!(ticks(f64::NAN, 1.0, 5).is_empty());
        assert!(ticks(0.0, f64::INFINITY, 5).is_empty());
    }

    #[test]
    fn ramp_ends_share_their_decimals() {
        assert_eq!(ramp_ends(-0.1, 1.09), ["−0.10", "1.09"]);
        assert_eq!(ramp_ends(-0.0001, 1.0), ["0.00", "1.00"]);
        assert_eq!(ramp_ends(0.0, 12_345.0), ["0", "12,345"]);
        assert_eq!([ramp_ends(0.0, 0.0), ramp_ends(-7.5, -7.5)], [["0", ""], ["−7.50", ""]]);
    }
}
