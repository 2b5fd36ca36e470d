//! A colour for every activation pattern.
//!
//! In: the units of a region that are on. Out: its colours on the dark and on the light theme, sRGB. Crossing a fold turns
//! one unit, so neighbours differ in base lightness (the parity of the number of units that are on); regions of one cell
//! of the first layer share a hue, so one sees the tree. Colours are OKLCH, clipped to sRGB.
//!
//! The hash is SplitMix64's finisher, chained over the pattern's bits in words of 64.

use std::f64::consts::TAU;

/// The increment of SplitMix64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
/// The whole pattern shifts the hue by up to this share of the hue range, and the lightness by up to this much.
const HUE_SHIFT: f64 = 0.08;
const LIGHTNESS_SHIFT: f64 = 0.025;

/// How one theme paints patterns: lightness for even and odd parity, chroma, hues in turns.
struct Palette {
    lightness: [f64; 2],
    chroma: f64,
    hue: [f64; 2],
    /// Whether a hue beyond the end comes in again at the other end; else it is reflected.
    wraps: bool,
}

/// Blue to red by way of violet: dark yellow is mud.
const DARK: Palette = Palette { lightness: [0.37, 0.46], chroma: 0.085, hue: [165.0 / 360.0, 1.0], wraps: false };
const LIGHT: Palette = Palette { lightness: [0.79, 0.87], chroma: 0.065, hue: [0.0, 1.0], wraps: true };

/// Colours of a pattern on the dark and on the light theme, `0xAABBGGRR`. `n_first` is the width of the first hidden layer.
pub(super) fn colours(pattern: &[bool], n_first: usize) -> [u32; 2] {
    let (on, whole) = (pattern.iter().filter(|&&b| b).count(), hash(pattern));
    let (family, shift) = (share(hash(&pattern[..n_first])), 2.0 * share(whole) - 1.0);
    let jitter = 2.0 * share(splitmix(whole)) - 1.0;
    [DARK, LIGHT].map(|p| {
        let lightness = p.lightness[on % 2] + LIGHTNESS_SHIFT * jitter;
        let hue = p.hue[0] + (p.hue[1] - p.hue[0]) * fold(family + HUE_SHIFT * shift, p.wraps);
        packed(oklch(lightness, p.chroma, hue))
    })
}

/// Back into 0 to 1.
fn fold(x: f64, wraps: bool) -> f64 {
    if wraps { x.rem_euclid(1.0) } else { 1.0 - (x.abs() - 1.0).abs() }
}

fn hash(bits: &[bool]) -> u64 {
    let word = |chunk: &[bool]| chunk.iter().rev().fold(0, |w, &b| w << 1 | u64::from(b));
    bits.chunks(64).map(word).fold(bits.len() as u64, |h, w| splitmix(h ^ w))
}

fn splitmix(x: u64) -> u64 {
    let x = x.wrapping_add(GOLDEN);
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

/// A hash as a number in 0 to 1.
fn share(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// Linear sRGB of an OKLCH colour, hue in turns (B. Ottosson, "A perceptual color space for image processing", 2020).
fn oklch(lightness: f64, chroma: f64, hue: f64) -> [f64; 3] {
    let (sin, cos) = (hue * TAU).sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
}

/// Linear sRGB, clipped, as `0xAABBGGRR`.
fn packed(linear: [f64; 3]) -> u32 {
    let encoded = linear.map(|v| {
        let v = v.clamp(0.0, 1.0);
        let e = if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        (e * 255.0).round() as u8
    });
    u32::from_le_bytes([encoded[0], encoded[1], encoded[2], 255])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_is_grey_and_white_is_white() {
        assert_eq!(packed(oklch(1.0, 0.0, 0.3)), 0xffff_ffff);
        assert_eq!(packed(oklch(0.0, 0.0, 0.3)), 0xff00_0000);
        let [r, g, b, _] = packed(oklch(0.5, 0.0, 0.7)).to_le_bytes();
        assert!(r == g && g == b, "{r} {g} {b}");
    }

    #[test]
    fn hues_stay_in_their_range() {
        assert_eq!([fold(-0.25, true), fold(1.25, true)], [0.75, 0.25]);
        assert_eq!([fold(-0.25, false), fold(1.25, false), fold(0.5, false)], [0.25, 0.75, 0.5]);
    }

    #[test]
    fn every_bit_counts() {
        let mut pattern = vec![false; 130];
        let before = hash(&pattern);
        for i in 0..pattern.len() {
            pattern[i] = true;
            assert_ne!(hash(&pattern), before, "bit {i}");
            pattern[i] = false;
        }
        assert_ne!(hash(&pattern[..129]), before);
    }
}
