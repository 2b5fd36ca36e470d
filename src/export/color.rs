//! The ramps of the picture and their arithmetic: stops in sRGB, interpolated in OKLab, shaded in linear light.
//!
//! OKLab is Björn Ottosson's (2020).

/// A linear-light colour, red, green, blue from 0 to 1.
pub(super) type Linear = [f64; 3];

/// Colours that belong together.
pub(super) struct Palette {
    pub faces: &'static [u32],
    pub lines: &'static [u32],
    /// Faces under lines that are coloured by layer.
    pub neutral: &'static [u32],
    /// Lines by layer, from 1; repeated after the last.
    pub layers: [u32; 8],
    pub layer_border: u32,
    pub border: u32,
    pub border_alpha: f64,
    pub background: u32,
    pub text: u32,
    pub dim: u32,
    /// Bounds of the shade.
    pub shade: [f64; 2],
    /// What full shadow multiplies a face with.
    pub shadow_tint: Linear,
    pub neutral_tint: Linear,
}

pub(super) const DARK: Palette = Palette {
    faces: &[0x12_15_2e, 0x2b_25_60, 0x6d_30_80, 0xb9_46_70, 0xe8_72_4e, 0xf7_b0_4f],
    lines: &[0x7a_84_d6, 0x9d_8c_e4, 0xd5_95_d6, 0xff_b3_b0, 0xff_d9_ae, 0xff_f6_df],
    neutral: &[0x1a_1d_28, 0x2a_2f_41, 0x3f_46_5d, 0x59_60_79, 0x7a_82_9e],
    layers: [0xff_f1_d6, 0xff_c2_4d, 0xff_8a_5c, 0xf0_62_9a, 0xb6_7b_f0, 0x6f_97_ff, 0x35_c3_e6, 0x52_db_a4],
    layer_border: 0x8a_90_a8,
    border: 0x8f_98_e6,
    border_alpha: 0.9,
    background: 0x10_12_1b,
    text: 0xec_eb_f5,
    dim: 0x9a_9b_b5,
    shade: [0.45, 1.28],
    shadow_tint: [1.12, 0.72, 1.10],
    neutral_tint: [0.97, 0.97, 1.05],
};

pub(super) const LIGHT: Palette = Palette {
    faces: &[0x82_94_bb, 0xa9_b9_cf, 0xd6_d2_c9, 0xf4_de_b0, 0xff_f6_e0],
    lines: &[0x1a_23_47, 0x22_33_4f, 0x43_42_3c, 0x5c_44_20, 0x6b_4a_1e],
    neutral: &[0xcf_d5_e1, 0xdb_e0_e9, 0xe7_ea_f0, 0xf3_f5_f8, 0xff_ff_ff],
    layers: [0x14_17_2b, 0xb2_3a_14, 0x17_68_b3, 0x8a_2f_a8, 0x0c_7f_5f, 0xc0_18_62, 0x9a_6a_00, 0x4a_55_68],
    layer_border: 0x5a_64_88,
    border: 0x1a_23_47,
    border_alpha: 1.0,
    background: 0xff_ff_ff,
    text: 0x1a_23_47,
    dim: 0x5a_64_88,
    shade: [0.62, 1.10],
    shadow_tint: [0.98, 0.90, 1.16],
    neutral_tint: [0.97, 0.97, 1.05],
};

/// The ramp at `t` from 0 to 1.
pub(super) fn ramp(stops: &[u32], t: f64) -> Linear {
    let at = t.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
    let i = (at as usize).min(stops.len() - 2);
    let (a, b, f) = (oklab(linear(stops[i])), oklab(linear(stops[i + 1])), at - i as f64);
    from_oklab(std::array::from_fn(|c| a[c] + f * (b[c] - a[c])))
}

/// A face's colour under the shade `s`; shadows take the tint, or dark amber would turn olive.
pub(super) fn shaded(color: Linear, s: f64, tint: Linear) -> Linear {
    /// The shade at which the tint counts in full is 1 less this.
    const FULL_SHADOW: f64 = 0.5;
    let f = ((1.0 - s) / FULL_SHADOW).clamp(0.0, 1.0);
    std::array::from_fn(|c| (color[c] * s * (1.0 + f * (tint[c] - 1.0))).clamp(0.0, 1.0))
}

/// `#rrggbb`.
pub(super) fn hex(color: Linear) -> String {
    let [r, g, b] = color.map(|c| (encode(c.clamp(0.0, 1.0)) * 255.0).round() as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// sRGB bytes to linear light.
pub(super) fn linear(srgb: u32) -> Linear {
    [16, 8, 0].map(|shift| {
        let c = f64::from((srgb >> shift) & 0xff) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

/// The sRGB transfer function.
fn encode(c: f64) -> f64 {
    if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 }
}

fn oklab([r, g, b]: Linear) -> [f64; 3] {
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

fn from_oklab([l, a, b]: [f64; 3]) -> Linear {
    let x = (l + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let y = (l - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let z = (l - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * x - 3.307_711_591_3 * y + 0.230_969_929_2 * z,
        -1.268_438_004_6 * x + 2.609_757_401_1 * y - 0.341_319_396_5 * z,
        -0.004_196_086_3 * x - 0.703_418_614_7 * y + 1.707_614_701_0 * z,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_passes_through_its_stops() {
        for stops in [DARK.faces, DARK.lines, DARK.neutral, LIGHT.faces, LIGHT.lines, LIGHT.neutral] {
            for (i, &stop) in stops.iter().enumerate() {
                assert_eq!(hex(ramp(stops, i as f64 / (stops.len() - 1) as f64)), format!("#{stop:06x}"));
            }
        }
    }
}
