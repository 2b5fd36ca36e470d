//! Stills: every pixel the mean of several, and no limit on the size but the caller's, by tiles.
//!
//! In: a [`Frame`] of any size up to [`MAX_SIDE`]. Out: an [`Image`], or its rows as they are drawn. Takes the memory of one row
//! of tiles, and of one tile on the GPU.

use super::tile::Tile;
use super::{Frame, Image, MAX_SIDE, RenderError, Renderer, color};

/// Most pixels that are averaged, in one direction.
const MAX_SUPERSAMPLE: u32 = 4;
/// Largest tile that is drawn, in pixels before averaging: 40 bytes each on the GPU, 335 MB together. The usual still is one tile.
pub(super) const MAX_TILE: [u32; 2] = [4096, 2048];
const PIXEL_BYTES: usize = 4;

impl Renderer {
    /// The largest tile that stills are made of, in pixels before averaging: 4096 x 2048, or what is set here.
    pub fn set_max_tile(&mut self, size_px: [u32; 2]) {
        self.max_tile = size_px;
    }

    /// Draws at `supersample` (1 to 4) times the size, averages down in linear light and reads back.
    ///
    /// # Errors
    /// [`RenderError::Size`], [`RenderError::ReadBack`], [`RenderError::DeviceLost`], [`RenderError::Refused`].
    pub fn still(&mut self, frame: &Frame, supersample: u32) -> Result<Image, RenderError> {
        let mut rgba = Vec::new();
        self.still_rows(frame, supersample, |rows| {
            rgba.extend_from_slice(rows);
            Ok::<_, RenderError>(())
        })?;
        Ok(Image { size_px: frame.size_px, rgba })
    }

    /// Draws like [`Renderer::still`] and hands out the rows from the top, some at a time, as RGBA with straight alpha. What
    /// `rows` refuses ends the drawing.
    ///
    /// # Errors
    /// Those of [`Renderer::still`] and of `rows`.
    pub fn still_rows<E: From<RenderError>>(
        &mut self,
        frame: &Frame,
        supersample: u32,
        mut rows: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        check_size(frame.size_px)?;
        let times = supersample.clamp(1, MAX_SUPERSAMPLE);
        let tile_px = self.max_tile.map(|side| side.min(self.max_side()) / times);
        let large = Frame { size_px: frame.size_px.map(|side| side * times), pixel_scale: frame.pixel_scale * times as f32, ..*frame };
        self.prepare(&large);
        for line in Tile::grid(frame.size_px, tile_px) {
            let mut band = Band::new(frame.size_px, &line[0]);
            for tile in &line {
                let drawn = Tile { origin_px: tile.origin_px.map(|n| n * times), size_px: tile.size_px.map(|n| n * times) };
                self.draw_tile(&large, &drawn)?;
                band.take(tile, &color::averaged(self.read_tile()?, tile.size_px, times));
            }
            if frame.style.transparent_background {
                band.rgba.chunks_exact_mut(PIXEL_BYTES).for_each(color::unmultiply);
            }
            rows(&band.rgba)?;
        }
        Ok(())
    }
}

fn check_size([width, height]: [u32; 2]) -> Result<(), RenderError> {
    let fits = |side: u32| (1..=MAX_SIDE).contains(&side);
    if fits(width) && fits(height) { Ok(()) } else { Err(RenderError::Size { width, height, max: MAX_SIDE }) }
}

/// The rows of the picture that one line of tiles shows.
struct Band {
    row_bytes: usize,
    rgba: Vec<u8>,
}

impl Band {
    /// For a line of tiles that begins with this one.
    fn new([width, height]: [u32; 2], tile: &Tile) -> Self {
        let row_bytes = PIXEL_BYTES * width as usize;
        let n_rows = tile.size_px[1].min(height - tile.origin_px[1]);
        Self { row_bytes, rgba: vec![0; row_bytes * n_rows as usize] }
    }

    /// Copies what of the tile lies in the picture.
    fn take(&mut self, tile: &Tile, rgba: &[u8]) {
        let start = PIXEL_BYTES * tile.origin_px[0] as usize;
        let tile_row = PIXEL_BYTES * tile.size_px[0] as usize;
        for (to, from) in self.rgba.chunks_exact_mut(self.row_bytes).zip(rgba.chunks_exact(tile_row)) {
            let n = tile_row.min(self.row_bytes - start);
            to[start..start + n].copy_from_slice(&from[..n]);
        }
    }
}
