//! The surface's picture inside the window: drawn when something about it changed, kept as a texture that egui shows.
//!
//! In: the program's state. Out: an egui texture. Knows nothing of the window.

use crate::app::AppState;
use crate::render::camera::Camera;
use crate::render::{Captions, Frame, Gpu, Image, RenderError, Renderer, Style};

/// What the picture depends on.
#[derive(PartialEq, Clone)]
struct Key {
    generation: u64,
    camera: Camera,
    style: Style,
    size_px: [u32; 2],
    scale: f32,
}

/// The renderer and the texture that egui shows.
pub(super) struct Scene {
    renderer: Renderer,
    /// The surface that the renderer has.
    generation: u64,
    drawn: Option<Key>,
    shown: Option<(wgpu::Texture, egui::TextureId)>,
}

impl Scene {
    pub(super) fn new(gpu: &Gpu) -> Result<Self, RenderError> {
        Ok(Self { renderer: Renderer::new(gpu)?, generation: 0, drawn: None, shown: None })
    }

    /// Draws the picture if it changed. `scale`: device pixels for one of the look's.
    pub(super) fn update(&mut self, gpu: &Gpu, egui: &mut egui_wgpu::Renderer, state: &AppState, scale: f32) -> Result<(), RenderError> {
        let key = Key { generation: state.generation, camera: state.camera, style: state.style.clone(), size_px: state.size_px, scale };
        if self.drawn.as_ref() == Some(&key) {
            return Ok(());
        }
        let Some(picture) = &state.picture else { return Ok(()) };
        if self.generation != state.generation {
            self.renderer.set_mesh(&picture.mesh)?;
            self.generation = state.generation;
        }
        // what fails once is not tried again before something changes
        self.drawn = Some(key.clone());
        let drawn = self.draw(&key, &picture.captions)?;
        self.show(gpu, egui, &drawn);
        Ok(())
    }

    fn draw(&mut self, key: &Key, captions: &Captions) -> Result<wgpu::Texture, RenderError> {
        let frame = Frame { camera: &key.camera, style: &key.style, captions, size_px: key.size_px, pixel_scale: key.scale };
        Ok(self.renderer.draw(&frame)?.texture().clone())
    }

    /// Copies the picture to a texture whose bytes egui takes as they are: it mixes colours in sRGB.
    fn show(&mut self, gpu: &Gpu, egui: &mut egui_wgpu::Renderer, drawn: &wgpu::Texture) {
        if self.shown.as_ref().is_none_or(|(texture, _)| texture.size() != drawn.size()) {
            self.replace_shown(gpu, egui, drawn.size());
        }
        let Some((shown, _)) = &self.shown else { return };
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("scene to window") });
        encoder.copy_texture_to_texture(drawn.as_image_copy(), shown.as_image_copy(), drawn.size());
        gpu.queue.submit([encoder.finish()]);
    }

    fn replace_shown(&mut self, gpu: &Gpu, egui: &mut egui_wgpu::Renderer, size: wgpu::Extent3d) {
        let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("scene in the window"),
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let id = match self.shown {
            Some((_, id)) => {
                egui.update_egui_texture_from_wgpu_texture(&gpu.device, &view, wgpu::FilterMode::Nearest, id);
                id
            }
            None => egui.register_native_texture(&gpu.device, &view, wgpu::FilterMode::Nearest),
        };
        self.shown = Some((texture, id));
    }

    /// What egui shows, once there is something.
    pub(super) fn texture(&self) -> Option<egui::TextureId> {
        self.shown.as_ref().map(|(_, id)| *id)
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
        Some(self.draw(&key, &picture.captions).and_then(|_| self.renderer.read_back()))
    }
}
