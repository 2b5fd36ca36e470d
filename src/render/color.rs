//! Colours: sRGB, linear light and OKLab, the ramps and every fixed colour of both themes.
//!
//! Tables are sRGB hex numbers `0xRRGGBB`; everything handed to the GPU is linear.

use super::style::{Coloring, Theme};

/// Texels of a baked ramp; the first and the last hold the outermost stops.
pub const RAMP_TEXELS: usize = 256;

const EMBER: [u32; 6] = [0x12152e, 0x2b2560, 0x6d3080, 0xb94670, 0xe8724e, 0xf7b04f];
const EMBER_LINES: [u32; 6] = [0x7a84d6, 0x9d8ce4, 0xd595d6, 0xffb3b0, 0xffd9ae, 0xfff6df];
const PORCELAIN: [u32; 5] = [0x8294bb, 0xa9b9cf, 0xd6d2c9, 0xf4deb0, 0xfff6e0];
const PORCELAIN_LINES: [u32; 5] = [0x1a2347, 0x22334f, 0x43423c, 0x5c4420, 0x6b4a1e];
const DARK_NEUTRAL: [u32; 5] = [0x1a1d28, 0x2a2f41, 0x3f465d, 0x596079, 0x7a829e];
const LIGHT_NEUTRAL: [u32; 5] = [0xcfd5e1, 0xdbe0e9, 0xe7eaf0, 0xf3f5f8, 0xffffff];
const DARK_LAYERS: [u32; 8] = [0xfff1d6, 0xffc24d, 0xff8a5c, 0xf0629a, 0xb67bf0, 0x6f97ff, 0x35c3e6, 0x52dba4];
const LIGHT_LAYERS: [u32; 8] = [0x14172b, 0xb23a14, 0x1768b3, 0x8a2fa8, 0x0c7f5f, 0xc01862, 0x9a6a00, 0x4a5568];

/// The fixed colours of a theme, sRGB `0xRRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Background in the middle and at the rim.
    pub background: [u32; 2],
    pub text: u32,
    pub dim: u32,
    /// Window's border, on output or pattern colours and on layer colours.
    pub border: u32,
    pub layers_border: u32,
    /// Lines on pattern colours.
    pub pattern_line: u32,
    pub hover: u32,
    pub hover_outline: u32,
    pub pinned: u32,
    pub casing: u32,
    pub level: u32,
    pub level_casing: u32,
    pub card: u32,
    pub card_edge: u32,
}

const DARK: Palette = Palette {
    background: [0x171926, 0x0a0b11],
    text: 0xecebf5,
    dim: 0x9a9bb5,
    border: 0x8f98e6,
    layers_border: 0x8a90a8,
    pattern_line: 0xe4e7ff,
    hover: 0xffffff,
    hover_outline: 0xffffff,
    pinned: 0x2de2c5,
    casing: 0x070810,
    level: 0xffffff,
    level_casing: 0x070810,
    card: 0x11131d,
    card_edge: 0x3b4060,
};

const LIGHT: Palette = Palette {
    background: [0xffffff, 0xffffff],
    text: 0x1a2347,
    dim: 0x5a6488,
    border: 0x1a2347,
    layers_border: 0x5a6488,
    pattern_line: 0x1a2347,
    hover: 0xffffff,
    hover_outline: 0x101735,
    pinned: 0xd3145a,
    casing: 0xffffff,
    level: 0x0b1020,
    level_casing: 0xffffff,
    card: 0xffffff,
    card_edge: 0xaab3cc,
};

/// The theme's fixed colours.
#[must_use]
pub fn palette(theme: Theme) -> &'static Palette {
    match theme {
        Theme::Dark => &DARK,
        Theme::Light => &LIGHT,
    }
}

/// Colour of a hidden layer's lines, counted from 0, linear; they repeat after eight.
#[must_use]
pub fn layer(theme: Theme, layer: usize) -> [f32; 3] {
    let table = match theme {
        Theme::Dark => &DARK_LAYERS,
        Theme::Light => &LIGHT_LAYERS,
    };
    linear(table[layer % table.len()])
}

/// The ramp of the faces, linear, low to high output.
#[must_use]
pub fn face_ramp(theme: Theme, coloring: Coloring) -> Vec<[f32; 3]> {
    match (theme, coloring) {
        (Theme::Dark, Coloring::Layers) => bake(&DARK_NEUTRAL),
        (Theme::Light, Coloring::Layers) => bake(&LIGHT_NEUTRAL),
        (Theme::Dark, _) => bake(&EMBER),
        (Theme::Light, _) => bake(&PORCELAIN),
    }
}

/// The ramp of the lines, linear, low to high output.
#[must_use]
pub fn line_ramp(theme: Theme) -> Vec<[f32; 3]> {
    match theme {
        Theme::Dark => bake(&EMBER_LINES),
        Theme::Light => bake(&PORCELAIN_LINES),
    }
}

/// Equidistant stops, mixed in OKLab.
fn bake(stops: &[u32]) -> Vec<[f32; 3]> {
    let labs: Vec<_> = stops.iter().map(|&hex| oklab_of_linear(linear(hex))).collect();
    let last = labs.len() - 1;
    let texel = |i: usize| {
        let x = i as f32 / (RAMP_TEXELS - 1) as f32 * last as f32;
        let k = (x as usize).min(last - 1);
        let lab = [0, 1, 2].map(|c| labs[k][c] + (labs[k + 1][c] - labs[k][c]) * (x - k as f32));
        linear_of_oklab(lab).map(|v| v.clamp(0.0, 1.0))
    };
    (0..RAMP_TEXELS).map(texel).collect()
}

/// `0xRRGGBB` in linear light.
#[must_use]
pub fn linear(hex: u32) -> [f32; 3] {
    [16, 8, 0].map(|shift| linear_of_srgb(((hex >> shift) & 0xff) as f32 / 255.0))
}

/// One channel, 0 to 1, from sRGB to linear light.
#[must_use]
pub fn linear_of_srgb(v: f32) -> f32 {
    if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

/// One channel, 0 to 1, from linear light to sRGB.
#[must_use]
pub fn srgb_of_linear(v: f32) -> f32 {
    if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 }
}

/// OKLab's lightness, a and b.
#[must_use]
pub fn oklab_of_linear([r, g, b]: [f32; 3]) -> [f32; 3] {
    let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

/// Linear light of OKLab's lightness, a and b; may lie outside 0 to 1.
#[must_use]
pub fn linear_of_oklab([l, a, b]: [f32; 3]) -> [f32; 3] {
    let x = (l + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let y = (l - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let z = (l - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    [
        4.076_741_7 * x - 3.307_711_6 * y + 0.230_969_94 * z,
        -1.268_438 * x + 2.609_757_4 * y - 0.341_319_38 * z,
        -0.004_196_086_3 * x - 0.703_418_6 * y + 1.707_614_7 * z,
    ]
}

/// Divides a pixel's colour by its alpha, in linear light.
pub(super) fn unmultiply(pixel: &mut [u8]) {
    let alpha = f32::from(pixel[3]) / 255.0;
    if alpha == 0.0 || alpha == 1.0 {
        return;
    }
    for channel in &mut pixel[..3] {
        *channel = byte_of_linear((linear_of_srgb(f32::from(*channel) / 255.0) / alpha).min(1.0));
    }
}

/// Lays a colour with straight alpha over a pixel that has one, too, in linear light.
pub(super) fn blend(under: &mut [u8], over: [u8; 4]) {
    let share = |alpha: u8| f32::from(alpha) / 255.0;
    let (top, below) = (share(over[3]), share(under[3]) * (1.0 - share(over[3])));
    let light = |channel: u8| linear_of_srgb(f32::from(channel) / 255.0);
    for (under, over) in under.iter_mut().zip(over).take(3) {
        *under = byte_of_linear((light(over) * top + light(*under) * below) / (top + below));
    }
    under[3] = ((top + below) * 255.0).round() as u8;
}

/// A picture `times` smaller, of this size: means of squares of pixels, in linear light.
pub(super) fn averaged(large: Vec<u8>, [width, height]: [u32; 2], times: u32) -> Vec<u8> {
    use rayon::prelude::*;
    if times == 1 {
        return large;
    }
    let linear: Vec<f32> = (0..=255_u8).map(|v| linear_of_srgb(f32::from(v) / 255.0)).collect();
    let (width, times) = (width as usize, times as usize);
    let mut small = vec![0; 4 * width * height as usize];
    small.par_chunks_exact_mut(4 * width).enumerate().for_each(|(y, row)| {
        for (x, pixel) in row.chunks_exact_mut(4).enumerate() {
            let mut sums = [0.0_f32; 4];
            for (dx, dy) in (0..times).flat_map(|dy| (0..times).map(move |dx| (dx, dy))) {
                let at = 4 * ((y * times + dy) * width * times + x * times + dx);
                (0..3).for_each(|c| sums[c] += linear[large[at + c] as usize]);
                sums[3] += f32::from(large[at + 3]);
            }
            let share = 1.0 / (times * times) as f32;
            (0..3).for_each(|c| pixel[c] = byte_of_linear(sums[c] * share));
            pixel[3] = (sums[3] * share).round() as u8;
        }
    });
    small
}

fn byte_of_linear(v: f32) -> u8 {
    (srgb_of_linear(v) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_begin_and_end_at_their_stops() {
        let ramp = face_ramp(Theme::Dark, Coloring::Output);
        let close = |a: [f32; 3], b: [f32; 3]| a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-4);
        assert!(close(ramp[0], linear(EMBER[0])));
        assert!(close(ramp[RAMP_TEXELS - 1], linear(EMBER[5])));
    }

    #[test]
    fn output_ramps_rise_in_lightness() {
        for theme in [Theme::Dark, Theme::Light] {
            for ramp in [face_ramp(theme, Coloring::Output), line_ramp(theme)] {
                let luminance = |c: &[f32; 3]| 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
                assert!(ramp.windows(2).all(|w| luminance(&w[0]) < luminance(&w[1])), "{theme:?}");
            }
        }
    }

    #[test]
    fn srgb_and_linear_are_inverse() {
        for i in 0..=255 {
            let v = i as f32 / 255.0;
            assert!((srgb_of_linear(linear_of_srgb(v)) - v).abs() < 1e-5);
        }
    }
}
