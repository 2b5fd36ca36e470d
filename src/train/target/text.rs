//! Letters as a picture, drawn in the bundled font. Refuses nothing to draw, too much, and letters that the font lacks.

use super::TrainError;
use super::picture::Picture;
use ab_glyph::{Font, FontRef, Glyph, GlyphId, OutlinedGlyph, ScaleFont};
use image::{ImageBuffer, Luma};

const FONT: &[u8] = include_bytes!("../../../assets/fonts/FoldscapeSans-SemiBold.ttf");
/// More letters than this cannot be told apart by a small network.
const MOST_LETTERS: usize = 16;
/// Height of the font in pixels. A pixel is as wide as the edge of the other shapes where one letter fills the window.
const HEIGHT_PX: f32 = 48.0;
/// The empty margin on each side, as a share of the longer side of the letters.
const MARGIN: f32 = 0.12;

/// Draws `letters` in one line.
pub(super) fn draw(letters: &str) -> Result<Picture, TrainError> {
    let n = letters.chars().count();
    if letters.trim().is_empty() || n > MOST_LETTERS {
        return Err(TrainError::Text(format!("{n} letters; write from 1 to {MOST_LETTERS}, such as text:AB")));
    }
    let font = FontRef::try_from_slice(FONT).map_err(|e| TrainError::Text(format!("the bundled font is broken: {e}")))?;
    if let Some(missing) = letters.chars().find(|&c| font.glyph_id(c) == GlyphId(0)) {
        return Err(TrainError::Text(format!("the bundled font has no `{missing}`; it has Latin letters, digits and signs")));
    }
    rasterise(&outlines(&font, letters))
}

/// The letters beside one another.
fn outlines(font: &FontRef, letters: &str) -> Vec<OutlinedGlyph> {
    let scaled = font.as_scaled(HEIGHT_PX);
    let (mut x, mut before, mut outlines) = (0.0, None, Vec::new());
    for id in letters.chars().map(|c| font.glyph_id(c)) {
        x += before.map_or(0.0, |before| scaled.kern(before, id));
        let glyph = Glyph { id, scale: HEIGHT_PX.into(), position: ab_glyph::point(x, 0.0) };
        outlines.extend(font.outline_glyph(glyph));
        x += scaled.h_advance(id);
        before = Some(id);
    }
    outlines
}

/// The share of each pixel that is inked.
fn rasterise(outlines: &[OutlinedGlyph]) -> Result<Picture, TrainError> {
    let bounds = outlines.iter().map(OutlinedGlyph::px_bounds).reduce(|mut all, one| {
        all.min = ab_glyph::point(all.min.x.min(one.min.x), all.min.y.min(one.min.y));
        all.max = ab_glyph::point(all.max.x.max(one.max.x), all.max.y.max(one.max.y));
        all
    });
    let bounds = bounds.ok_or_else(|| TrainError::Text("nothing but spaces".to_owned()))?;
    let margin = (MARGIN * bounds.width().max(bounds.height())).ceil();
    let size = [bounds.width(), bounds.height()].map(|side| (side + 2.0 * margin).ceil() as u32);
    let mut values = ImageBuffer::from_pixel(size[0], size[1], Luma([0.0_f32]));
    for outline in outlines {
        let corner = outline.px_bounds().min;
        let (left, top) = ((corner.x - bounds.min.x + margin) as u32, (corner.y - bounds.min.y + margin) as u32);
        outline.draw(|x, y, ink| {
            if let Some(pixel) = values.get_pixel_mut_checked(left + x, top + y) {
                pixel.0[0] = pixel.0[0].max(ink.clamp(0.0, 1.0));
            }
        });
    }
    Picture::new(values)
}
