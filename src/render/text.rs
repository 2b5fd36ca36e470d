//! Text for the overlay: layout of a line and an atlas of glyphs rasterised on demand.
//!
//! In: a string, a typeface and a size in pixels per em. Out: glyph positions with kerning, and coverage in a one-channel image.
//! Knows nothing of the GPU. Glyphs are rasterised at quarter-pixel phases in both directions, so moving text does not jump;
//! beyond [`RASTER_MAX_PX`] one raster is stretched.

use std::collections::HashMap;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

/// Side of the atlas in texels.
pub const ATLAS_SIDE: u32 = 2048;
/// Largest size, in pixels per em, that gets rasters of its own.
pub const RASTER_MAX_PX: f32 = 128.0;
/// Phases per pixel at which a glyph is rasterised.
const PHASES: f32 = 4.0;
/// Sizes are told apart to this fraction of a pixel.
const SIZE_STEPS: f32 = 8.0;
/// Smallest size in pixels per em.
const MIN_PX: f32 = 1.0;
/// Free texels between glyphs.
const GAP: u32 = 1;
/// Height of capitals and figures over the em, to centre a line vertically.
pub const CAP_HEIGHT: f32 = 0.66;

/// The embedded fonts' files; panels use them too.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/FoldscapeSans-Regular.ttf");
pub const SEMI_BOLD: &[u8] = include_bytes!("../../assets/fonts/FoldscapeSans-SemiBold.ttf");
const ITALIC: &[u8] = include_bytes!("../../assets/fonts/FoldscapeSans-Italic.ttf");

/// The typefaces that are embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Typeface {
    Regular,
    SemiBold,
    Italic,
}

/// Which point of a line its position means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Left,
    Centre,
    Right,
}

impl Anchor {
    /// Part of the width that lies left of the anchor.
    #[must_use]
    pub fn share(self) -> f32 {
        match self {
            Self::Left => 0.0,
            Self::Centre => 0.5,
            Self::Right => 1.0,
        }
    }
}

/// A line laid out: glyphs with their x from the line's start, and its width, in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub glyphs: Vec<(GlyphId, f32)>,
    pub width: f32,
}

/// The embedded fonts, parsed.
pub struct Fonts {
    regular: FontRef<'static>,
    semi_bold: FontRef<'static>,
    italic: FontRef<'static>,
}

impl Default for Fonts {
    fn default() -> Self {
        Self::new()
    }
}

impl Fonts {
    #[must_use]
    pub fn new() -> Self {
        Self { regular: embedded(REGULAR), semi_bold: embedded(SEMI_BOLD), italic: embedded(ITALIC) }
    }

    fn get(&self, face: Typeface) -> &FontRef<'static> {
        match face {
            Typeface::Regular => &self.regular,
            Typeface::SemiBold => &self.semi_bold,
            Typeface::Italic => &self.italic,
        }
    }

    /// Lays out one line at `px` pixels per em.
    #[must_use]
    pub fn layout(&self, face: Typeface, px: f32, text: &str) -> Line {
        let font = self.get(face);
        let scaled = font.as_scaled(font_scale(font, px));
        let mut glyphs = Vec::with_capacity(text.len());
        let mut pen = 0.0;
        let mut last = None;
        for c in text.chars() {
            let id = font.glyph_id(c);
            pen += last.map_or(0.0, |l| scaled.kern(l, id));
            glyphs.push((id, pen));
            pen += scaled.h_advance(id);
            last = Some(id);
        }
        Line { glyphs, width: pen }
    }

    /// The text in lines of `width` pixels at most, broken at blanks; a longer word has a line of its own.
    #[must_use]
    pub fn wrap(&self, face: Typeface, px: f32, text: &str, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}")).filter(|line| self.width(face, px, line) <= width);
            match (longer, lines.last_mut()) {
                (Some(longer), Some(line)) => *line = longer,
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    /// Width of a line in pixels.
    #[must_use]
    pub fn width(&self, face: Typeface, px: f32, text: &str) -> f32 {
        self.layout(face, px, text).width
    }
}

fn embedded(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("an embedded font parses")
}

/// The font library counts ascent to descent where we count the em.
fn font_scale(font: &FontRef, px: f32) -> PxScale {
    let em = font.units_per_em().unwrap_or(1000.0);
    PxScale::from(px * font.height_unscaled() / em)
}

/// Where a glyph lies in the atlas and on the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Corners on the picture in pixels.
    pub min: [f32; 2],
    pub max: [f32; 2],
    /// Corners in the atlas in texels.
    pub uv_min: [f32; 2],
    pub uv_max: [f32; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    face: Typeface,
    glyph: GlyphId,
    size: u32,
    phase: [u8; 2],
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    at: [u32; 2],
    size: [u32; 2],
    /// From the pixel of the pen to the raster's corner.
    offset: [f32; 2],
}

/// Coverage of the glyphs seen so far, packed in shelves.
pub struct Atlas {
    pixels: Vec<u8>,
    slots: HashMap<Key, Option<Slot>>,
    pen: [u32; 2],
    shelf: u32,
    dirty: Option<[u32; 2]>,
    full: bool,
}

impl Default for Atlas {
    fn default() -> Self {
        Self::new()
    }
}

impl Atlas {
    #[must_use]
    pub fn new() -> Self {
        let pixels = vec![0; (ATLAS_SIDE * ATLAS_SIDE) as usize];
        Self { pixels, slots: HashMap::new(), pen: [GAP; 2], shelf: 0, dirty: Some([0, ATLAS_SIDE]), full: false }
    }

    /// True once a glyph found no place.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Rows changed since the last call, and their coverage.
    pub fn take_dirty(&mut self) -> Option<(u32, &[u8])> {
        let [from, to] = self.dirty.take()?;
        Some((from, &self.pixels[(from * ATLAS_SIDE) as usize..(to * ATLAS_SIDE) as usize]))
    }

    /// Places a glyph whose pen stands at `pen` on the picture. None for blanks, and when the atlas is full.
    pub fn place(&mut self, fonts: &Fonts, face: Typeface, px: f32, glyph: GlyphId, pen: [f32; 2]) -> Option<Placed> {
        let raster_px = quantised(px.min(RASTER_MAX_PX));
        let stretch = if px > RASTER_MAX_PX { px / raster_px } else { 1.0 };
        let (whole, phase) = if stretch > 1.0 { (pen, [0; 2]) } else { split(pen) };
        let key = Key { face, glyph, size: (raster_px * SIZE_STEPS) as u32, phase };
        let slot = self.slot(fonts, key, raster_px)?;
        let min = [0, 1].map(|i| whole[i] + slot.offset[i] * stretch);
        let uv_min = slot.at.map(|v| v as f32);
        let size = slot.size.map(|v| v as f32);
        let max = [0, 1].map(|i| min[i] + size[i] * stretch);
        Some(Placed { min, max, uv_min, uv_max: [uv_min[0] + size[0], uv_min[1] + size[1]] })
    }

    fn slot(&mut self, fonts: &Fonts, key: Key, px: f32) -> Option<Slot> {
        if let Some(known) = self.slots.get(&key) {
            return *known;
        }
        let slot = self.rasterise(fonts, key, px);
        if !self.full {
            self.slots.insert(key, slot);
        }
        slot
    }

    fn rasterise(&mut self, fonts: &Fonts, key: Key, px: f32) -> Option<Slot> {
        let font = fonts.get(key.face);
        let [x, y] = key.phase.map(|p| f32::from(p) / PHASES);
        let glyph = key.glyph.with_scale_and_position(font_scale(font, px), point(x, y));
        let outline = font.outline_glyph(glyph)?;
        let bounds = outline.px_bounds();
        let size = [bounds.width() as u32, bounds.height() as u32];
        let at = self.reserve(size)?;
        outline.draw(|dx, dy, cover| {
            if dx < size[0] && dy < size[1] {
                let i = (at[1] + dy) * ATLAS_SIDE + at[0] + dx;
                self.pixels[i as usize] = (cover.clamp(0.0, 1.0) * 255.0).round() as u8;
            }
        });
        Some(Slot { at, size, offset: [bounds.min.x, bounds.min.y] })
    }

    /// A free rectangle, next on the shelf or on a new one.
    fn reserve(&mut self, size: [u32; 2]) -> Option<[u32; 2]> {
        if self.pen[0] + size[0] + GAP > ATLAS_SIDE {
            self.pen = [GAP, self.pen[1] + self.shelf + GAP];
            self.shelf = 0;
        }
        if self.pen[0] + size[0] + GAP > ATLAS_SIDE || self.pen[1] + size[1] + GAP > ATLAS_SIDE {
            self.full = true;
            return None;
        }
        let at = self.pen;
        self.pen[0] += size[0] + GAP;
        self.shelf = self.shelf.max(size[1]);
        let [from, to] = self.dirty.unwrap_or([at[1], at[1]]);
        self.dirty = Some([from.min(at[1]), to.max(at[1] + size[1])]);
        Some(at)
    }
}

fn quantised(px: f32) -> f32 {
    (px.max(MIN_PX) * SIZE_STEPS).round() / SIZE_STEPS
}

/// Whole pixel and phase of a pen position.
fn split(pen: [f32; 2]) -> ([f32; 2], [u8; 2]) {
    let steps = pen.map(|v| (v * PHASES).round());
    let whole = steps.map(|s| (s / PHASES).floor());
    (whole, [0, 1].map(|i| (steps[i] - whole[i] * PHASES) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PX: f32 = 20.0;

    #[test]
    fn widths_add_up_and_scale() {
        let fonts = Fonts::new();
        let one = fonts.width(Typeface::Regular, PX, "1");
        assert!((fonts.width(Typeface::Regular, PX, "11") - 2.0 * one).abs() < 0.5);
        assert!((fonts.width(Typeface::Regular, 2.0 * PX, "1") - 2.0 * one).abs() < 1e-3);
        assert_eq!(fonts.width(Typeface::Regular, PX, ""), 0.0);
    }

    #[test]
    fn lines_break_at_blanks_and_lose_no_word() {
        let fonts = Fonts::new();
        let text = "A sheet that is folded along straight lines stays in one piece.";
        let lines = fonts.wrap(Typeface::Regular, PX, text, 200.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| fonts.width(Typeface::Regular, PX, line) <= 200.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(fonts.wrap(Typeface::Regular, PX, "long words", 1.0), ["long", "words"]);
        assert!(fonts.wrap(Typeface::Regular, PX, "", 1.0).is_empty());
    }

    #[test]
    fn pairs_are_kerned() {
        let fonts = Fonts::new();
        let w = |s| fonts.width(Typeface::Regular, PX, s);
        assert!(w("AV") < w("A") + w("V") - 0.1);
    }

    #[test]
    fn every_needed_glyph_is_there() {
        let fonts = Fonts::new();
        for face in [Typeface::Regular, Typeface::SemiBold, Typeface::Italic] {
            for c in "−→·₀₁₂₃₄₅₆₇₈₉×²,é~".chars() {
                assert_ne!(fonts.get(face).glyph_id(c).0, 0, "{c}");
            }
        }
    }

    #[test]
    fn a_glyph_lands_where_the_pen_is() {
        let fonts = Fonts::new();
        let mut atlas = Atlas::new();
        let id = fonts.layout(Typeface::Regular, PX, "H").glyphs[0].0;
        let placed = atlas.place(&fonts, Typeface::Regular, PX, id, [100.3, 50.0]).expect("a letter has ink");
        assert_eq!(placed.max[1], 50.0);
        assert!((placed.max[1] - placed.min[1] - PX * CAP_HEIGHT).abs() < 1.5);
        let (from, rows) = atlas.take_dirty().expect("the letter was drawn");
        assert_eq!(from, 0);
        assert!(rows.contains(&255));
        assert!(atlas.take_dirty().is_none());
    }

    #[test]
    fn a_full_atlas_says_so() {
        let mut atlas = Atlas::new();
        assert!(atlas.reserve([ATLAS_SIDE, 1]).is_none());
        assert!(atlas.is_full());
    }

    #[test]
    fn phases_wrap_to_the_next_pixel() {
        assert_eq!(split([3.99, -0.25]), ([4.0, -1.0], [0, 3]));
    }
}
