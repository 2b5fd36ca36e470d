//! Animated PNG: all colours, of each picture the rectangle that changed. Viewers that do not know it show the first picture.

use super::{Encoder, FilmError, Spec, changed, part};
use crate::render::Image;
use std::io::Write;

/// Writes an animated PNG.
pub struct Apng<'w> {
    writer: png::Writer<&'w mut (dyn Write + Send)>,
    /// Three bytes a pixel.
    shown: Vec<u8>,
}

impl<'w> Apng<'w> {
    /// Begins a film.
    ///
    /// # Errors
    /// [`FilmError::Io`], [`FilmError::Encode`].
    pub fn new(out: &'w mut (dyn Write + Send), spec: Spec) -> Result<Self, FilmError> {
        let [width, height] = spec.size_px;
        let mut encoder = png::Encoder::new(out, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        encoder.set_animated(spec.n_frames as u32, u32::from(!spec.repeats)).map_err(wrong)?;
        encoder.set_frame_delay(1, spec.fps as u16).map_err(wrong)?;
        Ok(Self { writer: encoder.write_header().map_err(wrong)?, shown: Vec::new() })
    }
}

impl Encoder for Apng<'_> {
    fn add(&mut self, image: &Image) -> Result<(), FilmError> {
        let width = image.size_px[0] as usize;
        let rgb: Vec<u8> = image.rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        if self.shown.is_empty() {
            self.writer.write_image_data(&rgb).map_err(wrong)?;
        } else {
            let area = changed::<3>(&self.shown, &rgb, width);
            let [x, y, w, h] = area.map(|side| side as u32);
            self.writer.reset_frame_position().map_err(wrong)?;
            self.writer.set_frame_dimension(w, h).map_err(wrong)?;
            self.writer.set_frame_position(x, y).map_err(wrong)?;
            let bytes: Vec<u8> = part::<3>(&rgb, width, area).flatten().copied().collect();
            self.writer.write_image_data(&bytes).map_err(wrong)?;
        }
        self.shown = rgb;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), FilmError> {
        self.writer.finish().map_err(wrong)
    }
}

fn wrong(error: png::EncodingError) -> FilmError {
    match error {
        png::EncodingError::IoError(error) => error.into(),
        error => FilmError::encode("animated PNG", error),
    }
}
