//! A picture as a PNG of 256 colours at most: a third of the size, for pages of the web.
//!
//! In: an [`Image`]. Out: the file's bytes. The colours are those that a neural network (`NeuQuant`, Dekker 1994) finds in the
//! picture, alpha among their channels; nothing is dithered.

use crate::render::Image;
use color_quant::NeuQuant;
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter, SrgbRenderingIntent};
use std::collections::HashMap;

const N_COLORS: usize = 256;
/// The quantiser looks at one pixel in so many, 1 to 30: at every one.
const SAMPLING: i32 = 1;

/// The file.
///
/// # Errors
/// The encoder's.
pub(super) fn encode(image: &Image) -> Result<Vec<u8>, EncodingError> {
    let quantizer = NeuQuant::new(SAMPLING, N_COLORS, &image.rgba);
    let colors = quantizer.color_map_rgba();
    let mut nearest: HashMap<[u8; 4], u8> = HashMap::new();
    let pixels = image.rgba.as_chunks::<4>().0.iter();
    let indices: Vec<u8> = pixels.map(|pixel| *nearest.entry(*pixel).or_insert_with(|| quantizer.index_of(pixel) as u8)).collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, image.size_px[0], image.size_px[1]);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    // an index is no quantity: its neighbours foretell nothing
    encoder.set_filter(Filter::NoFilter);
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    encoder.set_palette(colors.chunks_exact(4).flat_map(|c| [c[0], c[1], c[2]]).collect::<Vec<u8>>());
    encoder.set_trns(colors.chunks_exact(4).map(|c| c[3]).collect::<Vec<u8>>());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    writer.finish()?;
    Ok(file)
}
