//! Exact arithmetic on dyadic rationals: every f64 is an integer times a power of two, and so is every form of a network.
//!
//! In: f64 numbers. Out: sums, products and signs, exact at any size. Nothing is divided.

use dashu_int::IBig;
use std::cmp::Ordering;

/// `mantissa * 2^exponent`.
#[derive(Debug, Clone)]
pub struct Dyadic {
    mantissa: IBig,
    exponent: i64,
}

/// The form `[g_x, g_y, c]`, exact.
pub type ExactForm = [Dyadic; 3];

impl Dyadic {
    pub fn zero() -> Self {
        Self { mantissa: IBig::ZERO, exponent: 0 }
    }

    /// The value of a finite f64.
    pub fn from_f64(v: f64) -> Self {
        let bits = v.to_bits();
        let raw = ((bits >> 52) & 0x7ff) as i64;
        let fraction = (bits & ((1 << 52) - 1)) as i64;
        let (magnitude, exponent) = if raw == 0 { (fraction, -1074) } else { (fraction | (1 << 52), raw - 1075) };
        let trailing = if magnitude == 0 { 0 } else { magnitude.trailing_zeros() };
        let odd = IBig::from(magnitude >> trailing);
        Self { mantissa: if v < 0.0 { -odd } else { odd }, exponent: exponent + i64::from(trailing) }
    }

    pub fn is_zero(&self) -> bool {
        self.mantissa == IBig::ZERO
    }

    /// -1, 0 or 1 as an ordering against zero.
    pub fn sign(&self) -> Ordering {
        self.mantissa.cmp(&IBig::ZERO)
    }

    pub fn mul(&self, other: &Self) -> Self {
        Self { mantissa: &self.mantissa * &other.mantissa, exponent: self.exponent + other.exponent }
    }

    pub fn add(&self, other: &Self) -> Self {
        if self.is_zero() {
            return other.clone();
        }
        if other.is_zero() {
            return self.clone();
        }
        let exponent = self.exponent.min(other.exponent);
        Self { mantissa: self.shifted(exponent) + other.shifted(exponent), exponent }
    }

    pub fn sub(&self, other: &Self) -> Self {
        self.add(&Self { mantissa: -&other.mantissa, exponent: other.exponent })
    }

    /// The mantissa that goes with `exponent`, which is at most this number's own.
    fn shifted(&self, exponent: i64) -> IBig {
        // exponents of f64 products along a network differ by a few thousand per layer at most
        let by = usize::try_from(self.exponent - exponent).unwrap_or(0);
        &self.mantissa << by
    }
}

/// The sign of `form` where the lines `a = 0` and `b = 0` meet: a 3x3 determinant's sign over a 2x2 one's.
/// 0 as well if the lines are parallel, which no corner's are.
pub fn sign_at_crossing(form: &ExactForm, a: &ExactForm, b: &ExactForm) -> Ordering {
    let minor = |i: usize, j: usize| a[i].mul(&b[j]).sub(&a[j].mul(&b[i]));
    let w = minor(0, 1);
    let value = form[0].mul(&minor(1, 2)).add(&form[1].mul(&minor(2, 0))).add(&form[2].mul(&w));
    match w.sign() {
        Ordering::Greater => value.sign(),
        Ordering::Less => value.sign().reverse(),
        Ordering::Equal => Ordering::Equal,
    }
}
