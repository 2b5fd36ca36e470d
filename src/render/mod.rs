//! The picture on the GPU: a mesh, a camera and a style go in, pixels come out.
//!
//! In: [`Mesh`](crate::mesh::Mesh), [`Frame`]. Out: an `Rgba8UnormSrgb` texture of the renderer's own, to be shown or read back, and
//! the region under every pixel. All blending is done in linear light. Never sees a network, a complex or a window. Refuses what
//! no adapter of this machine can do, and says what would help.

mod background;
pub mod camera;
pub mod color;
mod composite;
mod face_id;
mod faces;
mod gpu;
mod lines;
pub mod overlay;
mod pick;
mod pipeline;
mod renderer;
pub mod shaders;
mod style;
mod targets;
pub mod text;
pub mod uniforms;

pub use camera::Camera;
pub use face_id::NO_FACE;
pub use gpu::{AdapterChoice, Gpu};
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
    /// Reading back failed, as after a lost device.
    #[error("the picture could not be read back: {0}")]
    ReadBack(String),
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
    /// Device pixels for one of the look's pixels: [`Frame::still`] takes height / 1000, a viewer the display's scale factor.
    pub pixel_scale: f32,
}

impl<'a> Frame<'a> {
    /// A still: sizes follow the picture's height.
    #[must_use]
    pub fn still(camera: &'a Camera, style: &'a Style, captions: &'a Captions, size_px: [u32; 2]) -> Self {
        Self { camera, style, captions, size_px, pixel_scale: size_px[1] as f32 / 1000.0 }
    }
}

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

    /// As a PNG file.
    ///
    /// # Errors
    /// [`RenderError::Encode`] if the bytes do not fit the size.
    pub fn to_png(&self) -> Result<Vec<u8>, RenderError> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, self.size_px[0], self.size_px[1]);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        let wrong = |e: png::EncodingError| RenderError::Encode(format!("PNG: {e}"));
        let mut writer = encoder.write_header().map_err(wrong)?;
        writer.write_image_data(&self.rgba).map_err(wrong)?;
        writer.finish().map_err(wrong)?;
        Ok(out)
    }
}
