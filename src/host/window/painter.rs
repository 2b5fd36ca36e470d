//! The window's surface on the GPU and egui's painter for it.
//!
//! In: a window, egui's shapes. Out: frames on the screen. What is lost is said, and the caller makes it anew.

use super::HostError;
use crate::render::{AdapterChoice, Gpu, RenderError};
use std::sync::Arc;
use winit::window::Window;

/// A surface with the device that draws on it.
pub(super) struct Painter {
    pub gpu: Gpu,
    pub egui: egui_wgpu::Renderer,
    surface: wgpu::Surface<'static>,
    config: wgpu::SurfaceConfiguration,
}

/// What became of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Yes,
    /// The surface was configured anew: paint again.
    Again,
    /// The window cannot be seen now.
    Hidden,
    /// The surface is gone.
    Lost,
}

impl Painter {
    /// Finds an adapter for the window. `lost` is called when its device is gone.
    pub(super) fn new(
        window: &Arc<Window>,
        display: winit::event_loop::OwnedDisplayHandle,
        choice: &AdapterChoice,
        lost: impl Fn(String) + Send + 'static,
    ) -> Result<Self, HostError> {
        let descriptor = wgpu::InstanceDescriptor::new_with_display_handle_from_env(Box::new(display));
        let instance = wgpu::Instance::new(descriptor);
        let surface = instance.create_surface(Arc::clone(window)).map_err(|e| HostError::Surface(e.to_string()))?;
        let gpu = Gpu::for_surface(instance, choice, &surface).map_err(HostError::NoAdapter)?;
        gpu.on_lost(lost);
        let config = configuration(&gpu, &surface, window)?;
        surface.configure(&gpu.device, &config);
        // colours of panels are whole bytes: there is nothing to dither
        let options = egui_wgpu::RendererOptions { dithering: false, ..Default::default() };
        let egui = egui_wgpu::Renderer::new(&gpu.device, config.format, options);
        Ok(Self { gpu, egui, surface, config })
    }

    /// The longest side of a texture.
    pub(super) fn max_side(&self) -> u32 {
        self.gpu.device.limits().max_texture_dimension_2d
    }

    /// Width and height of the window in pixels.
    pub(super) fn size(&self) -> [u32; 2] {
        [self.config.width, self.config.height]
    }

    /// The format of the window's pixels.
    pub(super) fn format(&self) -> wgpu::TextureFormat {
        self.config.format
    }

    /// Follows the window's size.
    pub(super) fn resize(&mut self, width: u32, height: u32) {
        let max = self.max_side();
        let size = [width.clamp(1, max), height.clamp(1, max)];
        if size != self.size() {
            [self.config.width, self.config.height] = size;
            self.surface.configure(&self.gpu.device, &self.config);
        }
    }

    /// Paints egui's shapes over what `under` draws on the ground, and shows the frame.
    pub(super) fn paint(
        &mut self,
        jobs: &[egui::ClippedPrimitive],
        pixels_per_point: f32,
        ground: wgpu::Color,
        under: impl FnOnce(&mut wgpu::RenderPass<'_>),
    ) -> Shown {
        use wgpu::CurrentSurfaceTexture as Current;
        let (frame, again) = match self.surface.get_current_texture() {
            Current::Success(frame) => (frame, false),
            Current::Suboptimal(frame) => (frame, true),
            Current::Timeout | Current::Outdated => {
                self.surface.configure(&self.gpu.device, &self.config);
                return Shown::Again;
            }
            Current::Occluded => return Shown::Hidden,
            Current::Lost | Current::Validation => return Shown::Lost,
        };
        let screen = egui_wgpu::ScreenDescriptor { size_in_pixels: self.size(), pixels_per_point };
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("window") });
        let mut commands = self.egui.update_buffers(&self.gpu.device, &self.gpu.queue, &mut encoder, jobs, &screen);
        let mut pass = begin(&mut encoder, &frame.texture, ground).forget_lifetime();
        under(&mut pass);
        self.egui.render(&mut pass, jobs, &screen);
        drop(pass);
        commands.push(encoder.finish());
        self.gpu.queue.submit(commands);
        self.gpu.queue.present(frame);
        if again {
            self.surface.configure(&self.gpu.device, &self.config);
        }
        Shown::Yes
    }
}

fn begin<'a>(encoder: &'a mut wgpu::CommandEncoder, target: &wgpu::Texture, ground: wgpu::Color) -> wgpu::RenderPass<'a> {
    let view = target.create_view(&wgpu::TextureViewDescriptor::default());
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("window"),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: &view,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations { load: wgpu::LoadOp::Clear(ground), store: wgpu::StoreOp::Store },
        })],
        ..Default::default()
    })
}

/// egui wants bytes that are not converted, and the steady pace of the screen.
fn configuration(gpu: &Gpu, surface: &wgpu::Surface<'_>, window: &Window) -> Result<wgpu::SurfaceConfiguration, HostError> {
    let (size, max) = (window.inner_size(), gpu.device.limits().max_texture_dimension_2d);
    let unfit = || HostError::NoAdapter(RenderError::NoAdapter("the adapter cannot draw on this window".to_owned()));
    let (width, height) = (size.width.clamp(1, max), size.height.clamp(1, max));
    let mut config = surface.get_default_config(&gpu.adapter, width, height).ok_or_else(unfit)?;
    let formats = surface.get_capabilities(&gpu.adapter).formats;
    config.format = egui_wgpu::preferred_framebuffer_format(&formats).map_err(|_| unfit())?;
    config.present_mode = wgpu::PresentMode::AutoVsync;
    Ok(config)
}
