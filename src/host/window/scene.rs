//! The surface's picture inside the window: drawn when something about it changed, and put under the panels.
//!
//! In: the program's state, where the picture belongs. Out: draws into the window's pass. Knows nothing of egui.

use super::blit::Blit;
use super::pace::{Pace, Sharpness};
use crate::app::AppState;
use crate::render::camera::Camera;
use crate::render::{Captions, Frame, Gpu, Image, RenderError, Renderer, Style};
use std::time::{Duration, Instant};

/// What the picture depends on.
#[derive(PartialEq, Clone)]
struct Key {
    generation: u64,
    camera: Camera,
    style: Style,
    size_px: [u32; 2],
    scale: f32,
}

/// The renderer and the way of its picture into the window.
pub(super) struct Scene {
    renderer: Renderer,
    blit: Blit,
    /// The surface that the renderer has.
    generation: u64,
    drawn: Option<(Key, Sharpness)>,
    pace: Pace,
}

impl Scene {
    /// For a window of this format.
    ///
    /// # Errors
    /// [`RenderError::Encode`] if a bundled font is damaged.
    pub(super) fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Result<Self, RenderError> {
        let renderer = Renderer::new(gpu)?;
        Ok(Self { renderer, blit: Blit::new(&gpu.device, format), generation: 0, drawn: None, pace: Pace::new() })
    }

    /// Draws the picture if it changed, coarsely where it moves and drawing is slow. `scale`: device pixels for one of the
    /// look's. Whether it was drawn.
    ///
    /// # Errors
    /// The renderer's.
    pub(super) fn update(&mut self, gpu: &Gpu, state: &AppState, scale: f32, now: Instant) -> Result<bool, RenderError> {
        let key = Key { generation: state.generation, camera: state.camera, style: state.style.clone(), size_px: state.size_px, scale };
        let sharpness = match &self.drawn {
            Some((drawn, Sharpness::Full)) if *drawn == key => return Ok(false),
            Some((drawn, Sharpness::Half)) if *drawn == key => {
                if !self.pace.until_rest(now).is_zero() {
                    return Ok(false);
                }
                Sharpness::Full
            }
            _ => self.pace.changed(now),
        };
        let Some(picture) = &state.picture else { return Ok(false) };
        if self.generation != state.generation {
            match &picture.sheet {
                Some(sheet) => self.renderer.set_sheet(sheet)?,
                None => self.renderer.set_mesh(&picture.mesh)?,
            }
            self.generation = state.generation;
        }
        // what fails once is not tried again before something changes
        self.drawn = Some((key.clone(), sharpness));
        let drawn = self.draw(&key, &picture.captions, sharpness)?;
        self.blit.set_picture(&gpu.device, &gpu.queue, &drawn);
        Ok(true)
    }

    fn draw(&mut self, key: &Key, captions: &Captions, sharpness: Sharpness) -> Result<wgpu::Texture, RenderError> {
        let (size_px, pixel_scale) = match sharpness {
            Sharpness::Full => (key.size_px, key.scale),
            Sharpness::Half => (key.size_px.map(|side| side.div_ceil(2)), key.scale / 2.0),
        };
        let frame = Frame { camera: &key.camera, style: &key.style, captions, size_px, pixel_scale };
        Ok(self.renderer.draw(&frame)?.texture().clone())
    }

    /// How long the frame took in which the picture was drawn.
    pub(super) fn took(&mut self, time: Duration) {
        if let Some((_, sharpness)) = self.drawn {
            self.pace.took(sharpness, time);
        }
    }

    fn is_coarse(&self) -> bool {
        matches!(self.drawn, Some((_, Sharpness::Half)))
    }

    /// How long until the picture is to be drawn again, sharp; the longest time is never.
    pub(super) fn until_sharp(&self, now: Instant) -> Duration {
        if self.is_coarse() { self.pace.until_rest(now) } else { Duration::MAX }
    }

    /// Where the picture's upper left corner will be in the window, in pixels.
    pub(super) fn place(&self, gpu: &Gpu, corner: [u32; 2]) {
        self.blit.place(&gpu.queue, corner, if self.is_coarse() { 0.5 } else { 1.0 });
    }

    /// Draws the picture into the window's pass: x, y, width, height in pixels.
    pub(super) fn show(&self, pass: &mut wgpu::RenderPass<'_>, rect: [u32; 4]) {
        self.blit.draw(pass, rect);
    }

    /// A still of what is shown; `transparent`: without background, axes, grid and legend.
    pub(super) fn still(&mut self, state: &AppState, scale: f32, transparent: bool) -> Option<Result<Image, RenderError>> {
        let picture = state.picture.as_ref()?;
        let mut style = state.style.clone();
        if transparent {
            style = Style { transparent_background: true, axes: false, grid: false, legend: false, ..style };
        }
        let key = Key { generation: state.generation, camera: state.camera, style, size_px: state.size_px, scale };
        // the renderer's texture then holds the still
        self.drawn = None;
        Some(self.draw(&key, &picture.captions, Sharpness::Full).and_then(|_| self.renderer.read_back()))
    }
}
