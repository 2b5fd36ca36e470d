//! The picture without a window, by the same drawing code.
//!
//! In: a [`Picture`], a style, a view or a camera, a size. Out: an [`Image`], or a PNG written while it is drawn. Refuses sizes
//! beyond [`MAX_PIXELS`] and [`MAX_SIDE`] before memory is taken for them; larger than a texture they are drawn by tiles.

use crate::mesh::Mesh;
use crate::picture::Picture;
use crate::render::camera::{Camera, MAX_VIEW_HEIGHT, MIN_VIEW_HEIGHT, Preset};
use crate::render::sheet::Sheet;
use crate::render::{AdapterChoice, Frame, Gpu, Image, MAX_SIDE, RenderError, Renderer, Style, framed, still_scale, stream_png};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use thiserror::Error;

/// The largest picture in pixels: 16384 x 16384, half a metre in print.
pub const MAX_PIXELS: u64 = 1 << 28;
/// Every pixel is the mean of this many squared.
const SUPERSAMPLE: u32 = 2;

/// From where a still is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum View {
    /// Exactly this.
    Camera(Camera),
    /// The whole surface from a named direction or, where given, from other angles in degrees; then magnified.
    Framed { preset: Preset, azimuth_deg: Option<f32>, elevation_deg: Option<f32>, zoom: f32 },
}

impl Default for View {
    fn default() -> Self {
        Self::Framed { preset: Preset::Default, azimuth_deg: None, elevation_deg: None, zoom: 1.0 }
    }
}

/// Why there is no still.
#[derive(Debug, Error)]
pub enum StillError {
    /// More than [`MAX_PIXELS`], or than [`MAX_SIDE`] in a direction.
    #[error("a picture of {0} x {1} pixels is larger than the limit of {MAX_PIXELS} pixels and {MAX_SIDE} a side; choose a smaller size")]
    TooLarge(u32, u32),
    /// Somebody stopped it.
    #[error("interrupted")]
    Cancelled,
    /// The file or pipe does not take it.
    #[error("the picture cannot be written")]
    Write(#[from] std::io::Error),
    /// The renderer's.
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// Checks a picture's size.
///
/// # Errors
/// [`StillError::TooLarge`].
pub fn check_size([width, height]: [u32; 2]) -> Result<(), StillError> {
    let fits = u64::from(width) * u64::from(height) <= MAX_PIXELS && width.max(height) <= MAX_SIDE;
    if fits { Ok(()) } else { Err(StillError::TooLarge(width, height)) }
}

/// Draws a picture.
///
/// # Errors
/// See [`StillError`].
pub fn still(picture: &Picture, style: &Style, view: &View, size_px: [u32; 2], adapter: &AdapterChoice) -> Result<Image, StillError> {
    check_size(size_px)?;
    let camera = camera(&picture.mesh, style, view, size_px);
    let mut studio = Studio::new(adapter)?;
    studio.show(&picture.mesh)?;
    studio.shoot(&Frame::still(&camera, style, &picture.captions, size_px))
}

/// Draws a picture into a PNG file, some rows at a time; looks at `cancel` between them.
///
/// # Errors
/// See [`StillError`].
pub fn write_png(
    picture: &Picture,
    style: &Style,
    view: &View,
    size_px: [u32; 2],
    adapter: &AdapterChoice,
    cancel: &AtomicBool,
    out: impl Write,
) -> Result<(), StillError> {
    check_size(size_px)?;
    let camera = camera(&picture.mesh, style, view, size_px);
    let mut studio = Studio::new(adapter)?;
    studio.show(&picture.mesh)?;
    let frame = Frame::still(&camera, style, &picture.captions, size_px);
    stream_png(out, size_px, |png| {
        studio.renderer.still_rows(&frame, SUPERSAMPLE, |rows| {
            if cancel.load(Ordering::Relaxed) { Err(StillError::Cancelled) } else { Ok(png.write_all(rows)?) }
        })
    })
}

/// A GPU without a window that draws one picture after the other.
pub struct Studio {
    renderer: Renderer,
}

impl Studio {
    /// Finds an adapter.
    ///
    /// # Errors
    /// [`StillError::Render`].
    pub fn new(adapter: &AdapterChoice) -> Result<Self, StillError> {
        let gpu = Gpu::headless(adapter)?;
        log::info!("drawing on {}", gpu.describe());
        Ok(Self { renderer: Renderer::new(&gpu)? })
    }

    /// The surface of the pictures from now on.
    ///
    /// # Errors
    /// [`StillError::Render`].
    pub fn show(&mut self, mesh: &Mesh) -> Result<(), StillError> {
        Ok(self.renderer.set_mesh(mesh)?)
    }

    /// The graphs and words of the pictures from now on, instead of a surface.
    ///
    /// # Errors
    /// [`StillError::Render`].
    pub fn show_sheet(&mut self, sheet: &Sheet) -> Result<(), StillError> {
        Ok(self.renderer.set_sheet(sheet)?)
    }

    /// Draws a picture of the surface.
    ///
    /// # Errors
    /// See [`StillError`].
    pub fn shoot(&mut self, frame: &Frame) -> Result<Image, StillError> {
        check_size(frame.size_px)?;
        Ok(self.renderer.still(frame, SUPERSAMPLE)?)
    }
}

/// The camera of a view of a surface; of the mesh it needs the points, the window's size and the height.
#[must_use]
pub fn camera(mesh: &Mesh, style: &Style, view: &View, size_px: [u32; 2]) -> Camera {
    let (preset, azimuth_deg, elevation_deg, zoom) = match *view {
        View::Camera(camera) => return camera,
        View::Framed { preset, azimuth_deg, elevation_deg, zoom } => (preset, azimuth_deg, elevation_deg, zoom),
    };
    let [azimuth, elevation, fov] = preset.angles_deg();
    let angles = [azimuth_deg.unwrap_or(azimuth), elevation_deg.unwrap_or(elevation), fov];
    let mut camera = framed(mesh, style, angles, size_px, still_scale(size_px));
    // the middle of the framed surface stays where it is
    let nearest = (MIN_VIEW_HEIGHT / camera.view_height()).max(1.0 / zoom);
    camera.distance *= nearest.min(MAX_VIEW_HEIGHT / camera.view_height());
    camera
}
