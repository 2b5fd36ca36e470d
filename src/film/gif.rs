//! GIF: one palette for the whole film, so that nothing flickers, and of each picture only what changed.
//!
//! The palette is the 255 colours that a neural network (`NeuQuant`, Dekker 1994) finds in some pictures of the film; the
//! last index is transparent and says "as before". No dithering: its grain would change from picture to picture.

use super::{Encoder, FilmError, Spec, changed, part};
use crate::render::Image;
use color_quant::NeuQuant;
use std::borrow::Cow;
use std::io::Write;

/// Colours, without the transparent one.
const N_COLORS: usize = 255;
/// The index that leaves a pixel as it was.
const AS_BEFORE: u8 = 255;
/// The quantiser looks at one pixel in so many, 1 to 30: at 10 it finds colours as good as at 1, ten times faster.
const SAMPLING: i32 = 10;
/// Delays are in hundredths of a second.
const TICKS: u32 = 100;

/// The colours of a film.
pub struct Palette {
    quantizer: NeuQuant,
}

impl Palette {
    /// The best colours for these pictures.
    #[must_use]
    pub fn new(samples: &[Image]) -> Self {
        let pixels: Vec<u8> = samples.iter().flat_map(|image| image.rgba.iter().copied()).collect();
        Self { quantizer: NeuQuant::new(SAMPLING, N_COLORS, &pixels) }
    }

    /// `[256 x 3]`.
    fn rgb(&self) -> Vec<u8> {
        let mut rgb = self.quantizer.color_map_rgb();
        rgb.resize(3 * (N_COLORS + 1), 0);
        rgb
    }
}

/// Writes a GIF.
pub struct Gif<'w> {
    encoder: gif::Encoder<&'w mut (dyn Write + Send)>,
    palette: Palette,
    /// Of each colour the nearest one in the palette, [`AS_BEFORE`] where nobody has asked for it yet.
    nearest: Vec<u8>,
    spec: Spec,
    n_added: u32,
    shown: Vec<u8>,
}

impl<'w> Gif<'w> {
    /// Begins a film in the palette's colours.
    ///
    /// # Errors
    /// [`FilmError::Io`], [`FilmError::Encode`].
    pub fn new(out: &'w mut (dyn Write + Send), spec: Spec, palette: Palette) -> Result<Self, FilmError> {
        let [width, height] = spec.size_px.map(|side| side as u16);
        let mut encoder = gif::Encoder::new(out, width, height, &palette.rgb()).map_err(wrong)?;
        if spec.repeats {
            encoder.set_repeat(gif::Repeat::Infinite).map_err(wrong)?;
        }
        Ok(Self { encoder, palette, nearest: vec![AS_BEFORE; 1 << 24], spec, n_added: 0, shown: Vec::new() })
    }

    fn index(&mut self, rgba: &[u8]) -> u8 {
        let [r, g, b] = [rgba[0], rgba[1], rgba[2]].map(usize::from);
        let known = &mut self.nearest[r << 16 | g << 8 | b];
        if *known == AS_BEFORE {
            *known = self.palette.quantizer.index_of(rgba) as u8;
        }
        *known
    }

    /// In hundredths of a second; a frame rate that does not divide them alternates.
    fn delay(&self) -> u16 {
        let at = |n: u32| (n * TICKS + self.spec.fps / 2) / self.spec.fps;
        (at(self.n_added + 1) - at(self.n_added)) as u16
    }
}

impl Encoder for Gif<'_> {
    fn add(&mut self, image: &Image) -> Result<(), FilmError> {
        let width = image.size_px[0] as usize;
        let indices: Vec<u8> = image.rgba.chunks_exact(4).map(|pixel| self.index(pixel)).collect();
        let is_first = self.shown.is_empty();
        let area = if is_first { [0, 0, width, image.size_px[1] as usize] } else { changed::<1>(&self.shown, &indices, width) };
        let now = part::<1>(&indices, width, area).flatten().copied();
        let buffer: Vec<u8> = if is_first {
            now.collect()
        } else {
            let before = part::<1>(&self.shown, width, area).flatten();
            now.zip(before).map(|(now, &before)| if now == before { AS_BEFORE } else { now }).collect()
        };
        let [left, top, width, height] = area.map(|side| side as u16);
        let frame = gif::Frame {
            delay: self.delay(),
            dispose: gif::DisposalMethod::Keep,
            transparent: Some(AS_BEFORE),
            top,
            left,
            width,
            height,
            buffer: Cow::Owned(buffer),
            ..gif::Frame::default()
        };
        self.encoder.write_frame(&frame).map_err(wrong)?;
        self.n_added += 1;
        self.shown = indices;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), FilmError> {
        // the trailer is written when the encoder is taken apart
        self.encoder.into_inner().map_err(wrong)?.flush()?;
        Ok(())
    }
}

fn wrong(error: gif::EncodingError) -> FilmError {
    match error {
        gif::EncodingError::Io(error) => error.into(),
        error => FilmError::encode("GIF", error),
    }
}
