//! Finished pictures and their way into PNG files, at once or row by row.
//!
//! In: sRGB bytes with straight alpha, rows from the top. Out: [`Image`], PNG files. Refuses bytes that do not fit the size.

use super::{RenderError, color};
use std::io::{self, Write};

/// An 8-bit sRGB picture, straight alpha, rows from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub size_px: [u32; 2],
    pub rgba: Vec<u8>,
}

impl Image {
    /// The colour at a pixel. Black and transparent outside.
    #[must_use]
    pub fn at(&self, x: u32, y: u32) -> [u8; 4] {
        let i = 4 * (y as usize * self.size_px[0] as usize + x as usize);
        self.rgba.get(i..i + 4).filter(|_| x < self.size_px[0]).map_or([0; 4], |p| [p[0], p[1], p[2], p[3]])
    }

    /// Lays another picture over this one, in linear light, with its upper left corner at a pixel; what would reach over the
    /// edges is left out.
    pub fn lay_over(&mut self, top: &Self, [left, upper]: [u32; 2]) {
        let [width, height] = [0, 1].map(|k| top.size_px[k].min(self.size_px[k].saturating_sub([left, upper][k])));
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            let i = 4 * ((upper + y) as usize * self.size_px[0] as usize + (left + x) as usize);
            let over = top.at(x, y);
            match (over[3], self.rgba.get_mut(i..i + 4)) {
                (0, _) | (_, None) => {}
                (255, Some(under)) => under.copy_from_slice(&over),
                (_, Some(under)) => color::blend(under, over),
            }
        }
    }

    /// As a PNG file.
    ///
    /// # Errors
    /// [`RenderError::Encode`] if the bytes do not fit the size.
    pub fn to_png(&self) -> Result<Vec<u8>, RenderError> {
        let mut out = Vec::new();
        let written: io::Result<()> = stream_png(&mut out, self.size_px, |rows| rows.write_all(&self.rgba));
        written.map_err(|e| RenderError::Encode(format!("PNG: {e}")))?;
        Ok(out)
    }
}

/// Writes a PNG file whose picture comes while it is written: `draw` is handed where its rows go, as RGBA with straight alpha.
///
/// # Errors
/// Those of `draw` and of `out`, and where the rows are not as many as the size says.
pub fn stream_png<E: From<io::Error>>(
    out: impl Write,
    [width, height]: [u32; 2],
    draw: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let mut encoder = png::Encoder::new(out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    let mut file = encoder.write_header().map_err(io::Error::from)?;
    let mut rows = file.stream_writer().map_err(io::Error::from)?;
    draw(&mut rows)?;
    rows.finish().map_err(io::Error::from)?;
    Ok(file.finish().map_err(io::Error::from)?)
}
