//! The picture on the GPU: a mesh, a camera and a style go in, pixels come out.
//!
//! In: [`Mesh`](crate::mesh::Mesh) or [`Sheet`](sheet::Sheet), [`Frame`]. Out: an `Rgba8UnormSrgb` texture of the renderer's own, to be shown or read back, and
//! the region under every pixel. All blending is done in linear light. Never sees a network, a complex or a window. Refuses what
//! no adapter of this machine can do, and says what would help.

mod background;
pub mod camera;
pub mod color;
mod composite;
mod face_id;
mod faces;
mod framing;
mod gpu;
mod image;
mod lines;
pub mod overlay;
mod pick;
mod pipeline;
mod renderer;
pub mod shaders;
pub mod sheet;
mod still;
mod style;
mod targets;
pub mod text;
mod tile;
pub mod uniforms;

pub use camera::Camera;
pub use face_id::NO_FACE;
pub use framing::framed;
pub use gpu::{AdapterChoice, Gpu};
pub use image::{Image, stream_png};
pub use pick::Pick;
pub use renderer::Renderer;
pub use style::{Captions, Coloring, Style, Theme};

use thiserror::Error;

/// What can go wrong between a mesh and its picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RenderError {
    /// wgpu found no adapter that fits.
    #[error(
        "no GPU driver was found ({0}); on Debian and Ubuntu `apt-get install mesa-vulkan-drivers libvulkan1` brings one that needs no GPU"
    )]
    NoAdapter(String),
    /// An adapter was asked for by a name that none has.
    #[error("no adapter is called {asked:?}; this machine has: {there_are}")]
    NoSuchAdapter { asked: String, there_are: String },
    /// The adapter gave no device.
    #[error("the adapter gave no device: {0}; another adapter may (see --adapter)")]
    Device(String),
    /// The mesh needs a larger buffer than the adapter has.
    #[error("the surface needs a buffer of {needed} bytes, but this adapter's limit is {limit}; a smaller window has fewer regions")]
    TooLarge { needed: u64, limit: u64 },
    /// A picture without pixels, or one whose bytes cannot be counted.
    #[error("a picture of {width} x {height} pixels cannot be drawn; both sides must lie between 1 and {max}")]
    Size { width: u32, height: u32, max: u32 },
    /// Reading back failed.
    #[error("the picture could not be read back: {0}")]
    ReadBack(String),
    /// The device is gone: its driver was restarted, its adapter unplugged, or it was destroyed. A new one may draw on.
    #[error("the graphics device was lost ({0}); a new start may find it again, and --adapter software needs none")]
    DeviceLost(String),
    /// The device refused what was asked of it, as where its memory is short.
    #[error("the graphics adapter refused: {0}; a smaller picture, or --adapter software, may do")]
    Refused(String),
    /// A bundled font or the PNG encoder failed.
    #[error("{0}")]
    Encode(String),
}

/// The longest side of a picture, in pixels: 65,535 squared are 17 GB of RGBA.
pub const MAX_SIDE: u32 = 65_535;

/// One picture to draw.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    pub camera: &'a Camera,
    pub style: &'a Style,
    pub captions: &'a Captions,
    /// Width and height in device pixels.
    pub size_px: [u32; 2],
    /// Device pixels for one of the look's pixels: [`still_scale`] in a still, the display's scale factor in a viewer.
    pub pixel_scale: f32,
}

impl<'a> Frame<'a> {
    /// A still: sizes follow the picture's shorter side.
    #[must_use]
    pub fn still(camera: &'a Camera, style: &'a Style, captions: &'a Captions, size_px: [u32; 2]) -> Self {
        Self { camera, style, captions, size_px, pixel_scale: still_scale(size_px) }
    }
}

/// Device pixels for one of the look's pixels in a still: the look is that of a picture whose shorter side is 1000.
#[must_use]
pub fn still_scale(size_px: [u32; 2]) -> f32 {
    size_px[0].min(size_px[1]) as f32 / 1000.0
}
